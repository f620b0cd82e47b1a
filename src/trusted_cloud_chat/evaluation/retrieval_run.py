"""`evaluate retrieval`: the product's search over a set in the BEIR layout."""

from __future__ import annotations

from trusted_cloud_chat.evaluation.aggregate import Outcome, summarise
from trusted_cloud_chat.evaluation.beir import BeirSet
from trusted_cloud_chat.evaluation.measurement import (
    Measurement,
    Tell,
    indexing_figures,
    query_latency,
    some,
    tracked,
)
from trusted_cloud_chat.evaluation.ranking import distinct, ranking_scores, recall_curve
from trusted_cloud_chat.evaluation.workbench import Workbench, make_article, set_bench
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.settings import Settings


def measure_retrieval(
    settings: Settings, embedder: Embedder, beir: BeirSet, tell: Tell, limit: int | None = None
) -> Measurement:
    """Documents rank by their best passage."""
    articles = [make_article(d.id, d.title, d.text) for d in beir.documents]
    names = some(list(beir.queries), limit)
    with set_bench(settings, embedder, articles, tell) as bench:
        rankings = {name: ranked_documents(bench, beir.queries[name]) for name in tracked(names, "search", tell)}
        latency = query_latency(bench, [beir.queries[name] for name in names])
        indexing = indexing_figures(bench)
    outcomes = [
        Outcome(name, {k: (v, 1.0) for k, v in ranking_scores(ranked, beir.gains[name]).items()})
        for name, ranked in rankings.items()
    ]
    figures = {
        "set": beir.name,
        "questions": len(outcomes),
        **summarise(outcomes),
        "recall_curve": recall_curve([(ranked, beir.gains[name]) for name, ranked in rankings.items()]),
        **indexing,
        **latency,
    }
    return Measurement(figures, outcomes, "hit@1", {name: beir.queries[name] for name in names})


def ranked_documents(bench: Workbench, question: str) -> list[str]:
    """Article ids, best first."""
    return distinct(passage.article.article_id for passage in bench.search_deep(question))
