"""The page's behaviour without Gradio: each handler yields views to show."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.answering.wording import grouped
from trusted_cloud_chat.errors import (
    IndexBusyError,
    IndexEmptyError,
    IndexMismatchError,
    QuestionError,
    StoppingError,
    TrustedCloudChatError,
)
from trusted_cloud_chat.index.history import News
from trusted_cloud_chat.question.parse import MAX_QUESTION
from trusted_cloud_chat.schema import Coverage
from trusted_cloud_chat.web.conversation import Doing, Exchange, Problem, turns_of
from trusted_cloud_chat.web.filters import NO_FILTERS, Choices, Filters, read_day
from trusted_cloud_chat.web.strings import Strings
from trusted_cloud_chat.web.visits import MOST_NAMED
from trusted_cloud_chat.web.voices import Voices

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows after a step."""

    exchanges: tuple[Exchange, ...]
    draft: str | None = None
    """The new content of the question field; None: unchanged."""
    busy: bool = False
    hint: str = ""
    """A gentle message under the field."""


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
        asked_of = read_day(as_of, strings, self.clock())
        if not question.strip():
            yield View(before, "", hint=strings.empty_question)
            return
        if asked_of.wrong:
            yield View(before, question, hint=strings.fix_date)
            return
        if len(question.strip()) > MAX_QUESTION:
            yield View(before, hint=too_long(question.strip(), strings))
            return
        try:
            within = filters.scope()
        except ValueError:
            yield View(before, question, hint=strings.filter_wrong)
            return
        before = before[:-1] if replacing else before
        asked = replace(filters, as_of=as_of.strip())
        exchange = Exchange(len(before) + 1, question.strip(), "searching", asked=asked)
        voice = partial(self.voices.assistant, mode, model)
        spoken = {"today": self.clock(), "as_of": asked_of.day, "within": within, "left": left}
        yield from self._grown(before, exchange, voice, spoken, strings)

    def _grown(
        self,
        before: tuple[Exchange, ...],
        exchange: Exchange,
        voice: Callable[[], Assistant],
        asked: dict[str, Any],
        strings: Strings,
    ) -> Iterator[View]:
        """The exchange as its answer grows."""
        yield View((*before, exchange), "", busy=True)
        try:
            for answer in voice().stream(exchange.question, turns=turns_of(before), stages=True, **asked):
                # Before the first word, the current step is shown.
                grown = answer if answer.answer else None
                doing: Doing = "writing" if answer.chat_model is not None else exchange.doing if grown else "reading"
                exchange = replace(exchange, answer=grown, doing=doing)
                yield View((*before, exchange), busy=True)
        except TrustedCloudChatError as error:
            yield View((*before, _failed(exchange, problem_of(error, exchange.question, strings))))
        except Exception:
            _LOG.exception("a question failed")
            yield View((*before, _failed(exchange, Problem(strings.unexpected))))
        else:
            yield View((*before, replace(exchange, status="done")))

    def kept(self, exchange: Exchange) -> str:
        """The address of the stored answer; empty if it cannot be stored."""
        try:
            return self._keep(exchange)
        except TrustedCloudChatError:
            _LOG.exception("an answer could not be kept for its link")
            return ""

    def choices(self) -> Choices:
        """Kinds of source and names to choose from; none without an index."""
        try:
            return self.assistant.choices()
        except TrustedCloudChatError:
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
        """New articles after `since`; None without an index, which the page says already."""
        try:
            return self.assistant.news(since, MOST_NAMED)
        except TrustedCloudChatError:
            return None


def problem_of(error: TrustedCloudChatError, question: str, strings: Strings) -> Problem:
    """Our error in the reader's language, with the program's message as detail if it adds something."""
    if isinstance(error, QuestionError):
        if len(question) <= MAX_QUESTION:
            return Problem(strings.empty_question)
        return Problem(too_long(question, strings))
    if isinstance(error, IndexEmptyError):
        return Problem(strings.index_empty)
    if isinstance(error, IndexMismatchError):
        return Problem(strings.index_mismatch, str(error))
    if isinstance(error, IndexBusyError):
        return Problem(strings.index_busy)
    if isinstance(error, StoppingError):
        return Problem(strings.stopping)
    return Problem(strings.unusable, str(error))


def too_long(question: str, strings: Strings) -> str:
    sizes = {"length": grouped(len(question), strings.language), "most": grouped(MAX_QUESTION, strings.language)}
    return strings.long_question.format(**sizes)


def _failed(exchange: Exchange, problem: Problem) -> Exchange:
    return replace(exchange, status="failed", answer=None, problem=problem)
