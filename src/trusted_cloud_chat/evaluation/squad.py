"""SQuAD JSON: questions, their passage, and where in it the answer stands (Rajpurkar et al. 2016)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from trusted_cloud_chat.errors import UnusableError, UsageError
from trusted_cloud_chat.schema import Span


class _Answer(BaseModel):
    text: str
    answer_start: int


class _Question(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    id: str
    question: str
    answers: list[_Answer] = Field(default_factory=list)


class _Paragraph(BaseModel):
    context: str
    qas: list[_Question]


class _Entry(BaseModel):
    title: str = ""
    paragraphs: list[_Paragraph]


class _File(BaseModel):
    data: list[_Entry]


@dataclass(frozen=True, slots=True)
class Context:
    """A passage; the same text twice is one passage."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    id: str
    text: str
    context: Context
    answers: tuple[str, ...]
    spans: tuple[Span, ...]
    """Where each answer stands in the context."""


@dataclass(frozen=True, slots=True)
class SquadSet:
    name: str
    contexts: list[Context]
    questions: list[Question]
    """Those that have an answer."""
    misplaced: int
    """Answers left out because they do not stand where the file says."""


def read_squad(file: Path) -> SquadSet:
    """Raises UnusableError where there is no file, UsageError when it is no SQuAD JSON."""
    try:
        loaded = _File.model_validate_json(file.read_bytes())
    except OSError as error:
        raise UnusableError(f"{file} cannot be read ({error.strerror}): expected SQuAD JSON") from None
    except ValidationError as error:
        detail = error.errors()[0]
        raise UsageError(f"{file} is no SQuAD JSON: {'.'.join(map(str, detail['loc']))} {detail['msg']}") from None
    contexts: dict[str, Context] = {}
    questions: list[Question] = []
    misplaced = 0
    for entry in loaded.data:
        for paragraph in entry.paragraphs:
            context = contexts.setdefault(
                paragraph.context, Context(f"c{len(contexts)}", entry.title, paragraph.context)
            )
            for asked in paragraph.qas:
                placed = [a for a in asked.answers if _stands(a, context.text)]
                misplaced += len(asked.answers) - len(placed)
                if placed:
                    spans = tuple(Span(a.answer_start, a.answer_start + len(a.text)) for a in placed)
                    questions.append(Question(asked.id, asked.question, context, tuple(a.text for a in placed), spans))
    return SquadSet(
        file.resolve().parent.name if file.stem == "squad" else file.stem, list(contexts.values()), questions, misplaced
    )


def _stands(answer: _Answer, context: str) -> bool:
    end = answer.answer_start + len(answer.text)
    return bool(answer.text) and answer.answer_start >= 0 and context[answer.answer_start : end] == answer.text
