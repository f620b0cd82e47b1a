"""A session's exchanges: each question with its answer or message."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from trusted_cloud_chat.schema import Answer, Turn
from trusted_cloud_chat.web.filters import NO_FILTERS, Filters

Doing = Literal["searching", "reading", "writing"]
Status = Literal["searching", "done", "stopped", "failed"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why there is no answer: for the reader, and the program's own message."""

    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question of the conversation; `number` counts from 1."""

    number: int
    question: str
    status: Status
    answer: Answer | None = None
    problem: Problem | None = None
    doing: Doing = "searching"
    """The step shown before the first word."""
    asked: Filters = NO_FILTERS
    """The filters of the question."""


def turns_of(exchanges: Sequence[Exchange]) -> list[Turn]:
    """The turns for a follow-up: answered or refused questions, oldest first."""
    return [Turn(e.question, e.answer.answer, e.answer) for e in exchanges if e.answer is not None]
