"""A session's exchanges, and the page's behaviour without Gradio: each handler yields views to show."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from trusted_cloud_chat import errors
from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.answering.wording import grouped
from trusted_cloud_chat.errors import TrustedCloudChatError
from trusted_cloud_chat.index.history import News
from trusted_cloud_chat.question.parse import MAX_QUESTION
from trusted_cloud_chat.schema import Answer, Coverage, Turn
from trusted_cloud_chat.web.filters import NO_FILTERS, Filters, read_day
from trusted_cloud_chat.web.strings import Strings
from trusted_cloud_chat.web.visits import MOST_NAMED
from trusted_cloud_chat.web.voices import Voices

Doing = Literal["searching", "reading", "writing"]
Status = Literal["searching", "done", "stopped", "failed"]
_PROBLEMS = {
    errors.IndexEmptyError: "index_empty",
    errors.IndexMismatchError: "index_mismatch",
    errors.IndexBusyError: "index_busy",
    errors.StoppingError: "stopping",
}
_LOG = logging.getLogger(__name__)


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


def turns_of(exchanges: Sequence[Exchange]) -> list[Turn]:
    """The turns for a follow-up: answered or refused questions, oldest first."""
    return [Turn(e.question, e.answer.answer, e.answer) for e in exchanges if e.answer is not None]


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows after a step."""

    exchanges: tuple[Exchange, ...]
    draft: str | None = None
    """The new content of the question field; None: unchanged."""
    busy: bool = False
    hint: str = ""
    """A hint under the field."""


class Handlers:
    """The page's behaviour over one assistant. Safe to use from several threads: sessions keep their own exchanges."""

    def __init__(
        self,
        assistant: Assistant,
        *,
        voices: Voices | None = None,
        keep: Callable[[Exchange], str] = lambda _: "",
        clock: Callable[[], date] = date.today,
    ) -> None:
        """`voices`: the modes and models that can be chosen; default: those of `assistant`. `keep` stores an answer and
        returns its address.
        """
        self._keep = keep
        self.assistant = assistant
        self.voices = voices or Voices(assistant)
        self.clock = clock

    def ask(
        self,
        question: str,
        as_of: str,
        exchanges: Sequence[Exchange],
        strings: Strings,
        left: threading.Event | None = None,
        *,
        mode: str | None = None,
        model: str | None = None,
        replacing: bool = False,
        filters: Filters = NO_FILTERS,
    ) -> Iterator[View]:
        """The conversation as the answer grows; the last view is not busy. `left` is set when the reader stops the answer.
        `replacing`: the question replaces the last one.

        Errors become messages, since Gradio would skip the steps after a question that raises; unexpected errors are also logged.
        """
        before = self.stop(exchanges).exchanges  # asked while the last one was being stopped
        asked_of, text, wrong = read_day(as_of, strings, self.clock()), question.strip(), None
        if not text:
            wrong = View(before, "", hint=strings.empty_question)
        elif asked_of.wrong:
            wrong = View(before, question, hint=strings.fix_date)
        elif len(text) > MAX_QUESTION:
            wrong = View(before, hint=too_long(text, strings))
        try:
            within = filters.scope()
        except ValueError:
            wrong = wrong or View(before, question, hint=strings.filter_wrong)
        if wrong:
            yield wrong
            return
        before = before[:-1] if replacing else before
        exchange = Exchange(len(before) + 1, text, "searching", asked=replace(filters, as_of=as_of.strip()))
        asked: dict[str, Any] = {"today": self.clock(), "as_of": asked_of.day, "within": within, "left": left}
        yield View((*before, exchange), "", busy=True)
        problem = None
        try:
            voice = self.voices.assistant(mode, model)
            for answer in voice.stream(text, turns=turns_of(before), stages=True, **asked):
                # Before the first word, the current step is shown.
                grown = answer if answer.answer else None
                doing: Doing = "writing" if answer.chat_model is not None else exchange.doing if grown else "reading"
                exchange = replace(exchange, answer=grown, doing=doing)
                yield View((*before, exchange), busy=True)
        except TrustedCloudChatError as error:
            problem = problem_of(error, text, strings)
        except Exception:
            _LOG.exception("a question failed")
            problem = Problem(strings.unexpected)
        ended = {"status": "failed", "answer": None, "problem": problem} if problem else {"status": "done"}
        yield View((*before, replace(exchange, **ended)))

    def kept(self, exchange: Exchange) -> str:
        """The address of the stored answer; empty if it cannot be stored."""
        try:
            return self._keep(exchange)
        except TrustedCloudChatError:
            _LOG.exception("an answer could not be kept for its link")
            return ""

    def choices(self) -> tuple[Sequence[str], Sequence[str]]:
        """Kinds of source and names to choose from; none without an index."""
        with suppress(TrustedCloudChatError):
            return self.assistant.choices()
        return (), ()

    def stop(self, exchanges: Sequence[Exchange]) -> View:
        """The conversation with the growing answer marked as interrupted."""
        return View(tuple(replace(e, status="stopped") if e.status == "searching" else e for e in exchanges))

    def coverage(self, strings: Strings) -> Coverage | Problem:
        """What the corpus covers, or why no question can be asked."""
        try:
            return self.assistant.coverage()
        except TrustedCloudChatError as error:
            return problem_of(error, "", strings)

    def news(self, since: str | None) -> News | None:
        """New articles after `since`; None without an index, which the page already reports."""
        with suppress(TrustedCloudChatError):
            return self.assistant.news(since, MOST_NAMED)
        return None


def problem_of(error: TrustedCloudChatError, question: str, strings: Strings) -> Problem:
    """Our error in the reader's language, with the program's message as detail if it adds something."""
    if isinstance(error, errors.QuestionError):
        return Problem(too_long(question, strings) if len(question) > MAX_QUESTION else strings.empty_question)
    named = next((text for kind, text in _PROBLEMS.items() if isinstance(error, kind)), "unusable")
    return Problem(getattr(strings, named), str(error) if named in ("index_mismatch", "unusable") else "")


def too_long(question: str, strings: Strings) -> str:
    sizes = {"length": grouped(len(question), strings.language), "most": grouped(MAX_QUESTION, strings.language)}
    return strings.long_question.format(**sizes)
