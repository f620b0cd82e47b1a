"""`evaluate refusal`: does the product refuse what a row's passages do not answer, and answer the rest?"""

from __future__ import annotations

from trusted_cloud_chat.evaluation.aggregate import Outcome, Share, rounded, sum_of, summarise
from trusted_cloud_chat.evaluation.classification import Scored, refusal_summary
from trusted_cloud_chat.evaluation.measurement import Measurement, Tell, indexing_figures, percentiles, some, tracked
from trusted_cloud_chat.evaluation.refusal_rows import Row
from trusted_cloud_chat.evaluation.workbench import Workbench, make_article, set_bench
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.schema import Answer
from trusted_cloud_chat.settings import Settings

COMPOSITES = {"sum": sum_of("hallucination", "error")}


def measure_refusal(
    settings: Settings, embedder: Embedder, rows: list[Row], tell: Tell, *, name: str, limit: int | None = None
) -> Measurement:
    """One index holds the passages of all rows; each question sees those of its own row only."""
    asked = some(rows, limit)
    passages = {passage.key: passage for row in asked for passage in row.passages}
    articles = [make_article(key, passage.title, passage.text) for key, passage in passages.items()]
    with set_bench(settings, embedder, articles, tell) as bench:
        outcomes = [_outcome(bench, row) for row in tracked(asked, "answer", tell)]
        indexing = indexing_figures(bench)
    scored = [Scored(o.detail["score"], o.detail["answerable"]) for o in outcomes]
    figures = {
        "set": name,
        "questions": len(outcomes),
        "answerable": sum(s.answerable for s in scored),
        "threshold": settings.refusal_threshold,
        **summarise(outcomes, COMPOSITES),
        **rounded(refusal_summary(scored)),
        **indexing,
        **percentiles([o.detail["ms"] for o in outcomes], "query_ms"),
    }
    return Measurement(figures, outcomes, "right", {row.id: row.question for row in asked})


def _outcome(bench: Workbench, row: Row) -> Outcome:
    with bench.index.limited_to([passage.key for passage in row.passages]):
        answer = bench.ask(row.question)
    refused = answer is None or answer.refused
    detail = {
        "answerable": row.answerable,
        "refused": refused,
        "reason": answer.refusal_reason if answer else None,
        "score": round(refusal_score(answer), 4) if answer else 0.0,
        "ms": answer.timings_ms.get("total", 0.0) if answer else 0.0,
    }
    return Outcome(row.id, refusal_shares(row.answerable, refused), detail=detail)


def refusal_score(answer: Answer) -> float:
    """What the refusal comes from, 0 to 1: refused below the threshold."""
    return answer.confidence or 0.0


def refusal_shares(answerable: bool, refused: bool) -> dict[str, Share]:
    """`hallucination`: answered over unanswerable. `error`: refused over answerable. `right`: neither."""
    shares: dict[str, Share] = {"right": (float(answerable != refused), 1.0)}
    if answerable:
        shares["error"] = (float(refused), 1.0)
    else:
        shares["hallucination"] = (float(not refused), 1.0)
    return shares
