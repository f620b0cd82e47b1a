"""The page's behaviour without Gradio: the modes of answers, a question's filters, a session's exchanges, and the views to show."""

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
from trusted_cloud_chat.dates import PartialDate, spoken_day
from trusted_cloud_chat.errors import ChatModelError, TrustedCloudChatError
from trusted_cloud_chat.index.history import News
from trusted_cloud_chat.models.nearby import Nearby
from trusted_cloud_chat.question.parse import MAX_QUESTION
from trusted_cloud_chat.schema import Answer, Coverage, Mode, Scope, Turn, scope_of
from trusted_cloud_chat.web.escaping import Strings, status_html
from trusted_cloud_chat.web.visits import MOST_NAMED

Doing = Literal["searching", "reading", "writing"]
Status = Literal["searching", "done", "stopped", "failed"]
_PROBLEMS = {
    errors.IndexEmptyError: "index_empty",
    errors.IndexMismatchError: "index_mismatch",
    errors.IndexBusyError: "index_busy",
    errors.StoppingError: "stopping",
}
_LOG = logging.getLogger(__name__)


class Voices:
    """The assistant in each answer mode, and with each model of this machine. Safe to use from several threads.

    A model is built when it is first chosen.
    """

    def __init__(
        self,
        assistant: Assistant,
        *,
        look: Callable[[], Sequence[Nearby]] = lambda: (),
        write: Callable[[Nearby], Assistant] | None = None,
    ) -> None:
        """`look` finds the models of this machine; `write` builds the assistant for a model."""
        self._assistant, self._look, self._write = assistant, look, write
        self._now: tuple[Nearby, ...] = ()
        self._ever: dict[str, Nearby] = {}
        self._built: dict[str, Assistant] = {}
        self._lock = threading.Lock()

    @property
    def configured(self) -> str | None:
        """The language model of the settings."""
        return self._assistant.chat_model

    @property
    def usual(self) -> Mode:
        """The default mode: written only if the settings name a model."""
        return "quotes" if self.configured is None else "written"

    @property
    def ready(self) -> tuple[Nearby, ...]:
        """The models that can be chosen."""
        return tuple(one for one in self._now if not one.missing)

    def look(self) -> None:
        self._now = tuple(self._look())
        self._ever.update((key_of(one), one) for one in self._now)

    def assistant(self, mode: Mode | None, key: str | None) -> Assistant:
        """The assistant for `mode` and the model with this `key`. Raises ChatModelError if the model is gone.

        Only models that the server has found can be named: a page cannot make the server connect to an address.
        """
        if mode is None or mode == self.usual:
            return self._assistant
        if mode == "quotes" or self.configured is not None:
            return self._assistant.in_mode(mode)
        found = self._ever.get(key) if key else next(iter(self.ready), None)
        if found is None or self._write is None:
            raise ChatModelError("the language model is no longer found on this machine: load the page again")
        with self._lock:
            named = key_of(found)
            self._built[named] = self._built.get(named) or self._write(found)
        return self._built[named].in_mode(mode)


def key_of(nearby: Nearby) -> str:
    return f"{nearby.spec} {nearby.url}"


@dataclass(frozen=True, slots=True)
class Filters:
    """Values as typed or chosen; empty if not set."""

    as_of: str = ""
    first: str = ""
    last: str = ""
    kind: str = ""
    about: str = ""

    @classmethod
    def of(cls, *values: str | None) -> "Filters":
        return cls(*(value.strip() if isinstance(value, str) else "" for value in values))

    def scope(self) -> Scope:
        """The scope without the day. Raises ValueError for an invalid period."""
        return scope_of(self.first, self.last, [self.kind] * bool(self.kind), [self.about] * bool(self.about))


NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Day:
    """A field for a day: its text, and the day or an error message."""

    typed: str = ""
    day: date | None = None
    wrong: str = ""


def read_day(typed: str, strings: Strings, today: date | None = None, *, last: bool = True) -> Day:
    """Parses a year, month or day: its last day if `last`, else its first. It may not begin after `today`."""
    value = typed.strip()
    if not value:
        return Day()
    try:
        parsed = PartialDate.parse(value)
    except ValueError:
        return Day(value, None, strings.as_of_invalid.format(value=value))
    if today and parsed.first_day > today:
        return Day(value, None, strings.as_of_future.format(value=value))
    return Day(value, parsed.last_day if last else parsed.first_day)


def said(scope: Scope, strings: Strings) -> list[str]:
    """The active filters in words."""
    days = ((strings.filter_first, scope.first), (strings.filter_last, scope.last))
    return [
        *(text.format(day=spoken_day(day, strings.language)) for text, day in days if day),
        *(strings.filter_kind.format(kind=strings.source_types.get(kind, kind)) for kind in scope.source_types),
        *(strings.filter_about.format(name=name) for name in scope.about),
    ]


def line_html(filters: Filters, strings: Strings) -> str:
    """The active filters, without the day, as a live region; empty if none is set."""
    try:
        told = said(filters.scope(), strings)
    except ValueError:
        return status_html(strings.filter_wrong, "warning", name="tcc-set-says")
    return status_html(f"{strings.filter_set} {' · '.join(told)}" if told else "", "active", name="tcc-set-says")


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
        mode: Mode | None = None,
        model: str | None = None,
        replacing: bool = False,
        filters: Filters = NO_FILTERS,
    ) -> Iterator[View]:
        """The conversation as the answer grows; the last view is not busy. `left` is set when the reader stops the answer.
        `replacing`: the question replaces the last one.

        Errors become messages, since Gradio would skip the steps after a question that raises; unexpected errors are also logged.
        """
        before = self.stop(exchanges).exchanges  # the previous question may still be stopping
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
