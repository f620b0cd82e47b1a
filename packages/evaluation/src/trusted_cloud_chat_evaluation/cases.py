"""The gold set: a header line with the reference day, then one case per line."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from trusted_cloud_chat.errors import UnusableError, UsageError
from trusted_cloud_chat.schema import Language, RefusalReason

Model = TypeVar("Model", bound=BaseModel)


def read_text(file: Path, expected: str) -> str:
    """The text of `file`. Raises UnusableError, which names what was `expected`."""
    try:
        return file.read_text("utf-8")
    except OSError as error:
        raise UnusableError(f"{file} cannot be read ({error.strerror}): expected {expected}") from None


def parse(model: type[Model], text: str, where: str) -> Model:
    """Parses JSON as `model`. Raises UsageError, which names the field."""
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        detail = error.errors()[0]
        field = ".".join(map(str, detail["loc"])) or "the whole"
        raise UsageError(f"{where}, {field}: {detail['msg']} (found {str(detail['input'])[:80]!r})") from None


def numbered_lines(file: Path, expected: str) -> Iterator[tuple[str, str]]:
    """Location and text of each line; blank lines are skipped."""
    for number, line in enumerate(read_text(file, expected).split("\n"), start=1):
        if line.strip():
            yield f"{file}, line {number}", line


def read_lines(file: Path, model: type[Model]) -> list[Model]:
    return [parse(model, line, where) for where, line in numbered_lines(file, "a JSON Lines file")]


Split = Literal["dev", "test"]
Kind = Literal[
    "fact", "yes_no", "definition", "why", "how", "date", "number", "who", "list", "comparison", "status_now",
    "how_changed", "follow_up", "false_premise", "not_in_corpus", "out_of_domain",
]  # fmt: skip


class _CaseLine(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Header(_CaseLine):
    today: date
    version: Literal[1]


class PastTurn(_CaseLine):
    question: str = Field(min_length=1)
    answer: str = ""


class GoldQuote(_CaseLine):
    article_id: str = Field(min_length=1)
    quote: str = Field(min_length=1)


class Case(_CaseLine):
    """A question and its expected answer; evaluation/README.md explains the fields."""

    id: str = Field(min_length=1)
    split: Split
    subject: str | tuple[str, ...]
    question: str = Field(min_length=1)
    language: Language
    kind: Kind
    turns: tuple[PastTurn, ...] = ()
    as_of: date | None = None
    time: bool = False
    standalone: str | None = None
    translation: str | None = None
    relevant: tuple[str, ...] = ()
    quotes: tuple[GoldQuote, ...] = ()
    answers: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    refusal: RefusalReason | None = None
    note: str | None = None

    @property
    def answerable(self) -> bool:
        return self.refusal is None

    @property
    def subjects(self) -> tuple[str, ...]:
        return (self.subject,) if isinstance(self.subject, str) else self.subject


class QuestionFile(_CaseLine):
    header: Header
    cases: tuple[Case, ...]


def read_questions(file: Path) -> QuestionFile:
    """Raises UnusableError, UsageError."""
    lines = numbered_lines(file, "a JSON Lines file of questions, name it with --questions")
    if not (first := next(lines, None)):
        raise UsageError(f"{file} is empty: its first line must be like " + '{"today": "2026-11-24", "version": 1}')
    header = parse(Header, first[1], first[0])
    return QuestionFile(header=header, cases=tuple(parse(Case, line, where) for where, line in lines))
