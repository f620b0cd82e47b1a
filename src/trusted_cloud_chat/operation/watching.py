"""Counts, times, logs and traces the questions and searches of a server, and lets them finish when it stops."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from trusted_cloud_chat.errors import StoppingError
from trusted_cloud_chat.operation.logs import note, say
from trusted_cloud_chat.operation.metrics import Metrics
from trusted_cloud_chat.retrieval import Retrieved
from trusted_cloud_chat.schema import Answer

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer


What = Literal["question", "search"]


@dataclass
class _Asked:
    """A running request, without its words."""

    outcome: str = "left"
    """The default, if the client leaves."""
    reason: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    timings_ms: dict[str, float] = field(default_factory=dict)
    error: str = ""

    def saw(self, answer: Answer) -> None:
        if not answer.timings_ms:  # it still grows
            return
        self.outcome, self.reason, self.timings_ms = answer.outcome, answer.refusal_reason or "", answer.timings_ms
        self.facts = {
            "language": answer.language,
            "kind": answer.query.kind,
            "intent": answer.query.intent,
            "confidence": answer.confidence,
            "citations": len(answer.citations),
            "passages": len(answer.passages),
            "generation": answer.generation,
            "chat_model": answer.chat_model or "",
        }


class Watch:
    """Counts, times, logs and traces requests; once stopped it refuses new ones. Safe to use from several threads."""

    def __init__(self, metrics: Metrics, *, tracer: Tracer | None = None, log_questions: bool = False) -> None:
        """`log_questions`: write their words into the log."""
        self.metrics = metrics
        self.stopping = False
        self.running = 0
        """The number of running questions and searches."""
        self._tracer = tracer
        self._log_questions = log_questions
        self._lock = threading.Lock()

    def stop(self) -> None:
        """Refuse new requests; running ones continue."""
        with self._lock:
            self.stopping = True

    def answered(self, question: str, answers: Generator[Answer]) -> Iterator[Answer]:
        with self._under_way("question", question) as asked, closing(answers):
            for answer in answers:
                asked.saw(answer)
                yield answer

    def found(self, question: str, find: Callable[[], Retrieved]) -> Retrieved:
        with self._under_way("search", question) as asked:
            found = find()
            asked.outcome, asked.timings_ms = "done", found.timings_ms
            asked.facts = {"passages": len(found.passages), "generation": found.generation}
            return found

    @contextmanager
    def _under_way(self, what: What, question: str) -> Iterator[_Asked]:
        """Raises StoppingError."""
        self._count(1)
        asked, span = _Asked(), self._tracer.start_span(what) if self._tracer else None
        try:
            yield asked
        except GeneratorExit:
            raise
        except BaseException as error:
            asked.outcome, asked.error = "failed", type(error).__name__
            raise
        finally:
            self._measure(what, asked)
            self._log(what, question, asked)
            if span is not None:
                _end(span, asked)
            self._count(-1)

    def check(self) -> None:
        """Raise StoppingError if it is stopped."""
        if self.stopping:
            raise StoppingError("the server is stopping: ask again in a moment")

    def _count(self, more: int) -> None:
        with self._lock:
            if more > 0:
                self.check()
            self.running += more
        self.metrics.running.inc(more)

    def _measure(self, what: What, asked: _Asked) -> None:
        if what == "question":
            self.metrics.questions.labels(asked.outcome, asked.reason).inc()
            self.metrics.timed(asked.timings_ms)
        else:
            self.metrics.searches.labels(asked.outcome).inc()
        if asked.error:
            self.metrics.errors.labels(asked.error).inc()

    def _log(self, what: What, question: str, asked: _Asked) -> None:
        told: dict[str, Any] = {"outcome": asked.outcome, "reason": asked.reason, **asked.facts}
        told |= {"error": asked.error} if asked.error else {}
        told |= {"question": question} if self._log_questions else {}
        note(what, **told, timings_ms=asked.timings_ms)


def _end(span: Span, asked: _Asked) -> None:
    """End the span, without an error's message: it may contain the question."""
    from opentelemetry.trace import StatusCode

    told = {"outcome": asked.outcome, "reason": asked.reason, **asked.facts}
    told |= {f"{stage}_ms": took for stage, took in asked.timings_ms.items()}
    span.set_attributes({f"tcc.{name}": value for name, value in told.items() if value is not None})
    if asked.error:
        span.set_attribute("error.type", asked.error)
        span.set_status(StatusCode.ERROR)
    span.end()


_LOOKS_EVERY_S = 0.05


async def let_finish(watch: Watch, within_s: float, hurried: Callable[[], bool] = lambda: False) -> None:
    """Refuse new requests and wait for running ones, at most `within_s` and only until `hurried`."""
    watch.stop()
    if watch.running and within_s:
        say(f"Stopping: {watch.running} running requests may finish within {within_s:g} seconds.")
    clock = asyncio.get_running_loop()
    until = clock.time() + within_s
    while watch.running and clock.time() < until and not hurried():
        await asyncio.sleep(_LOOKS_EVERY_S)
