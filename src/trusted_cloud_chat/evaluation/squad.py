"""SQuAD JSON: questions, their passage, and where in it the answer stands (Rajpurkar et al. 2016)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from trusted_cloud_chat.evaluation.files import parse, read_text
from trusted_cloud_chat.schema import Span


class _Answer(BaseModel):
    text: str
    answer_start: int


class _Question(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True)

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
    spans: tuple[Span, ...]
    """Where each answer stands in the context."""

    @property
    def answers(self) -> tuple[str, ...]:
        return tuple(self.context.text[span.start : span.end] for span in self.spans)


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
    loaded = parse(_File, read_text(file, "SQuAD JSON"), str(file))
    contexts: dict[str, Context] = {}
    questions: list[Question] = []
    misplaced = 0
    for title, paragraph in ((entry.title, paragraph) for entry in loaded.data for paragraph in entry.paragraphs):
        context = contexts.setdefault(paragraph.context, Context(f"c{len(contexts)}", title, paragraph.context))
        for asked in paragraph.qas:
            placed = [
                (a.answer_start, a.answer_start + len(a.text), a.text) for a in asked.answers if a.answer_start >= 0
            ]
            spans = tuple(Span(start, end) for start, end, text in placed if text and context.text[start:end] == text)
            misplaced += len(asked.answers) - len(spans)
            if spans:
                questions.append(Question(asked.id, asked.question, context, spans))
    name = file.resolve().parent.name if file.stem == "squad" else file.stem
    return SquadSet(name, list(contexts.values()), questions, misplaced)
