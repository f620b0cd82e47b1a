"""Rows for `evaluate refusal`: a question, the passages that are its whole corpus, whether they answer it."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from trusted_cloud_chat.evaluation.beir import read_lines
from trusted_cloud_chat.evaluation.matching import holds
from trusted_cloud_chat.evaluation.measurement import Tell, tracked
from trusted_cloud_chat.evaluation.ranking import distinct
from trusted_cloud_chat.evaluation.squad import Context, Question, SquadSet
from trusted_cloud_chat.evaluation.workbench import Workbench, make_article, set_bench
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.settings import Settings

SEED = 3
_DEPTH = 60
"""Passages searched for, among which those that may not stand in a row are dropped."""


class RowPassage(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    title: str = ""
    text: str = Field(min_length=1)

    @property
    def key(self) -> str:
        """Names the passage: the same text under the same title is one article."""
        return hashlib.sha256(f"{self.title}\0{self.text}".encode()).hexdigest()[:20]


class Row(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)

    id: str = ""
    question: str = Field(min_length=1)
    passages: list[RowPassage]
    answerable: bool


def read_rows(file: Path) -> list[Row]:
    """A row without an id is named by its place, `row1` first."""
    rows = read_lines(file, Row)
    return [row if row.id else row.model_copy(update={"id": f"row{n}"}) for n, row in enumerate(rows, start=1)]


def make_rows(
    settings: Settings, embedder: Embedder, squad: SquadSet, tell: Tell, *, passages: int, limit: int | None, seed: int
) -> list[dict[str, Any]]:
    """Half of the questions, drawn by `seed`, keep their passage; from the others it is taken away.

    The rest of a row is what the product finds nearest over the whole file, whichever article it is from, without
    passages where a gold answer stands word for word. A row lists its passages as they were ranked.
    """
    drawn = random.Random(seed)
    asked = list(squad.questions)
    drawn.shuffle(asked)
    asked = asked[:limit]
    articles = [make_article(c.id, c.title, c.text) for c in squad.contexts]
    contexts = {context.id: context for context in squad.contexts}
    with set_bench(settings, embedder, articles, tell) as bench:
        return [
            _row(bench, question, contexts, passages, answerable=number % 2 == 0)
            for number, question in enumerate(tracked(asked, "draw passages", tell))
        ]


def _row(
    bench: Workbench, question: Question, contexts: dict[str, Context], count: int, *, answerable: bool
) -> dict[str, Any]:
    found = bench.search(question.text, _DEPTH)
    ranked = distinct(p.article.article_id for p in found.passages) if found else []
    own = question.context.id
    others = [name for name in ranked if name != own and not _answers(contexts[name], question.answers)]
    chosen = set(others[: count - 1] if answerable else others[:count])
    if answerable:
        chosen.add(own)
        ranked = ranked if own in ranked else [*ranked, own]
    picked = [contexts[name] for name in ranked if name in chosen]
    return {
        "id": question.id,
        "question": question.text,
        "passages": [{"title": context.title, "text": context.text} for context in picked],
        "answerable": answerable,
    }


def _answers(context: Context, answers: Sequence[str]) -> bool:
    return any(holds(context.text, answer) for answer in answers)


def write_rows(rows: Iterable[dict[str, Any]], file: Path) -> None:
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
