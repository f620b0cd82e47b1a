"""`evaluate retrieval`: the product's search over a set in the BEIR layout."""

from __future__ import annotations

from trusted_cloud_chat.evaluation.aggregate import Measurement, Outcome, Tell, means, some, tracked
from trusted_cloud_chat.evaluation.beir import BeirSet
from trusted_cloud_chat.evaluation.metrics import distinct, ranking_scores, recall_curve
from trusted_cloud_chat.evaluation.workbench import make_article, set_bench
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.settings import Settings


def measure_retrieval(
    settings: Settings, embedder: Embedder, tell: Tell, beir: BeirSet, limit: int | None = None
) -> Measurement:
    """Documents rank by their best passage."""
    articles = [make_article(d.id, d.title, d.text) for d in beir.documents]
    asked = {name: beir.queries[name] for name in some(list(beir.queries), limit)}
    with set_bench(settings, embedder, articles, tell) as bench:
        rankings = {
            name: distinct(passage.article.article_id for passage in bench.search_deep(asked[name]))
            for name in tracked(list(asked), "search", tell)
        }
        latency = bench.query_latency(list(asked.values()))
    outcomes = [Outcome(name, means(ranking_scores(found, beir.gains[name]))) for name, found in rankings.items()]
    figures = {
        "set": beir.name,
        "recall_curve": recall_curve([(found, beir.gains[name]) for name, found in rankings.items()]),
        **bench.indexing,
        **latency,
    }
    return Measurement(outcomes, figures, "hit@1", asked)
