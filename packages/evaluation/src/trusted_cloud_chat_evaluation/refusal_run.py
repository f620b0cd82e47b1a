"""`evaluate refusal` and `make-refusal`: a row has a question, its passages (the whole corpus for it), and whether they answer it."""

import hashlib
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.schema import Answer
from trusted_cloud_chat.settings import Settings
from trusted_cloud_chat_evaluation.aggregate import Measurement, Outcome, Share, Tell, means, some, spread, tracked
from trusted_cloud_chat_evaluation.cases import Document, SetQuestion, SquadSet, read_lines
from trusted_cloud_chat_evaluation.matching import holds
from trusted_cloud_chat_evaluation.metrics import refusal_summary
from trusted_cloud_chat_evaluation.workbench import Workbench, make_article, set_bench

_DEPTH = 60
"""Number of passages retrieved, from which those of a row are drawn."""


class RowPassage(BaseModel):
    title: str = ""
    text: str = Field(min_length=1)

    @property
    def key(self) -> str:
        """The article id: passages with equal title and text are one article."""
        return hashlib.sha256(f"{self.title}\0{self.text}".encode()).hexdigest()[:20]


class RefusalRow(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True)

    id: str = ""
    question: str = Field(min_length=1)
    passages: list[RowPassage]
    answerable: bool


def read_rows(file: Path) -> list[RefusalRow]:
    """Rows without an id are named by position, from `row1`."""
    rows = read_lines(file, RefusalRow)
    return [row if row.id else row.model_copy(update={"id": f"row{n}"}) for n, row in enumerate(rows, start=1)]


def make_rows(
    settings: Settings, embedder: Embedder, tell: Tell, squad: SquadSet, *, passages: int, limit: int | None, seed: int
) -> list[RefusalRow]:
    """Half of the questions, drawn with `seed`, keep their passage; the other passages of a row are the nearest without a gold answer."""
    asked = list(squad.questions)
    random.Random(seed).shuffle(asked)
    asked = asked[:limit]
    articles = [make_article(c.id, c.title, c.text) for c in squad.contexts]
    contexts = {context.id: context for context in squad.contexts}
    with set_bench(settings, embedder, articles, tell) as bench:
        return [
            _row(bench, question, contexts, passages, answerable=number % 2 == 0)
            for number, question in enumerate(tracked(asked, "draw passages", tell))
        ]


def _row(
    bench: Workbench, question: SetQuestion, contexts: dict[str, Document], count: int, *, answerable: bool
) -> RefusalRow:
    found = bench.search(question.text, _DEPTH)
    ranked = list(dict.fromkeys(p.article.article_id for p in found.passages)) if found else []
    own = question.context.id
    answering = {name for name in ranked for answer in question.answers if holds(contexts[name].text, answer)}
    others = [name for name in ranked if name not in {own, *answering}]
    chosen = set(others[: count - 1] if answerable else others[:count])
    if answerable:
        chosen.add(own)
        ranked = ranked if own in ranked else [*ranked, own]
    picked = [contexts[name] for name in ranked if name in chosen]
    passages = [RowPassage(title=context.title, text=context.text) for context in picked]
    return RefusalRow(id=question.id, question=question.text, passages=passages, answerable=answerable)


def measure_refusal(
    settings: Settings, embedder: Embedder, tell: Tell, rows: list[RefusalRow], name: str, limit: int | None = None
) -> Measurement:
    """Asks each question over the passages of its row only, in one index of all passages."""
    asked = some(rows, limit)
    passages = {passage.key: passage for row in asked for passage in row.passages}
    articles = [make_article(key, passage.title, passage.text) for key, passage in passages.items()]
    with set_bench(settings, embedder, articles, tell) as bench:
        outcomes = [_outcome(bench, row) for row in tracked(asked, "answer", tell)]
    latency = spread("query_ms", [outcome.detail["ms"] for outcome in outcomes])
    figures = {"set": name, **refusal_figures(outcomes, settings), **bench.indexing, **latency}
    return Measurement(outcomes, figures, "right", {row.id: row.question for row in asked})


def _outcome(bench: Workbench, row: RefusalRow) -> Outcome:
    with bench.index.limited_to([passage.key for passage in row.passages]):
        answer = bench.ask(row.question)
    detail = refusal_detail(row.answerable, answer)
    shares = refusal_shares(row.answerable, outcome=detail["outcome"], told=detail["outcome"] == "answered")
    return Outcome(row.id, shares, detail)


def refusal_detail(answerable: bool, answer: Answer | None) -> dict[str, Any]:
    """`score` is the confidence, which is compared with the threshold."""
    return {
        "answerable": answerable,
        "outcome": answer.outcome if answer else "refused",
        "refused": answer is None or answer.refused,
        "reason": answer.refusal_reason if answer else None,
        "score": round((answer.confidence if answer else None) or 0.0, 4),
        "ms": answer.timings_ms.get("total", 0.0) if answer else 0.0,
    }


def refusal_shares(answerable: bool, *, outcome: str, told: bool) -> dict[str, Share]:
    """`told`: whether an answerable question counts as answered."""
    hedged = float(outcome == "nearest")
    if answerable:
        return means({"right": float(told), "error": float(not told), "nearest_answerable": hedged})
    answered = float(outcome == "answered")
    return means({"right": 1 - answered, "hallucination": answered, "nearest_unanswerable": hedged})


def refusal_figures(outcomes: Sequence[Outcome], settings: Settings) -> dict[str, Any]:
    answerable = [outcome.detail["answerable"] for outcome in outcomes]
    return {
        "answerable": sum(answerable),
        "threshold": settings.refusal_threshold,
        "nearest_threshold": settings.nearest_threshold,
        **refusal_summary([outcome.detail["score"] for outcome in outcomes], answerable),
    }
