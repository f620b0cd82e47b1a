"""The gold set: a header line that records the day its answers suppose, then one case a line."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from trusted_cloud_chat.errors import UnusableError, UsageError
from trusted_cloud_chat.schema import Language, RefusalReason

Split = Literal["dev", "test"]
Kind = Literal[
    "fact", "yes_no", "definition", "why", "how", "date", "number", "who", "list", "comparison", "status_now",
    "how_changed", "follow_up", "false_premise", "not_in_corpus", "out_of_domain",
]  # fmt: skip
Model = TypeVar("Model", bound=BaseModel)


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Header(_Line):
    """First line of the file."""

    today: date
    version: Literal[1]


class PastTurn(_Line):
    question: str = Field(min_length=1)
    answer: str = ""


class GoldQuote(_Line):
    """A sentence that answers, word for word as it stands in the article."""

    article_id: str = Field(min_length=1)
    quote: str = Field(min_length=1)


class Case(_Line):
    """A question and what a right answer to it is."""

    id: str = Field(min_length=1)
    split: Split
    subject: str | tuple[str, ...]
    """The provider, law or programme it is about; several for a question that spans them."""
    question: str = Field(min_length=1)
    language: Language
    kind: Kind
    turns: tuple[PastTurn, ...] = ()
    as_of: date | None = None
    time: bool = False
    """Whether the answer depends on the day."""
    standalone: str | None = None
    """A follow-up in full: what its search is held against, and never part of the question."""
    translation: str | None = None
    """The question in the other language, French or English: both must find the same."""
    relevant: tuple[str, ...] = ()
    """Every article that answers."""
    quotes: tuple[GoldQuote, ...] = ()
    """Any of them is a right quote; for a false premise, the sentences that correct it."""
    answers: tuple[str, ...] = ()
    """Accepted strings, any of them."""
    stale: tuple[str, ...] = ()
    """States that were true once and must not be given as today's."""
    refusal: RefusalReason | None = None
    note: str | None = None

    @property
    def answerable(self) -> bool:
        return self.refusal is None

    @property
    def subjects(self) -> tuple[str, ...]:
        return (self.subject,) if isinstance(self.subject, str) else self.subject


class QuestionFile(_Line):
    header: Header
    cases: tuple[Case, ...]


def read_questions(file: Path) -> QuestionFile:
    """Raises UnusableError where there is no file, UsageError for a line that does not fit."""
    try:
        lines = file.read_text("utf-8").splitlines()
    except OSError as error:
        raise UnusableError(
            f"no questions at {file} ({error.strerror}): expected a JSON Lines file, name it with --questions"
        ) from None
    numbered = [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    if not numbered:
        raise UsageError(f"{file} is empty: its first line must be like " + '{"today": "2026-11-24", "version": 1}')
    header = _parse(Header, file, *numbered[0])
    return QuestionFile(header=header, cases=tuple(_parse(Case, file, *line) for line in numbered[1:]))


def _parse(model: type[Model], file: Path, number: int, line: str) -> Model:
    try:
        return model.model_validate_json(line)
    except ValidationError as error:
        detail = error.errors()[0]
        field = ".".join(str(part) for part in detail["loc"]) or "the line"
        raise UsageError(
            f"{file}, line {number}, {field}: {detail['msg']} (found {str(detail['input'])[:80]!r}). "
            "evaluation/README.md describes the format"
        ) from None
