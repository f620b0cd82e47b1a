"""Counts (for Prometheus), times, logs and traces the questions and searches of a server, and lets them finish when it stops.

No label of a metric ever contains a word of a question.
"""

import asyncio
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector, generate_latest

from trusted_cloud_chat import __version__
from trusted_cloud_chat.errors import StoppingError
from trusted_cloud_chat.operation.logs import note, say
from trusted_cloud_chat.retrieval import Retrieved
from trusted_cloud_chat.schema import Answer, Coverage

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer

What = Literal["question", "search"]
_LOOKS_EVERY_S = 0.05
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)


@dataclass
class _Asked:
    """A running request, without its words."""

    outcome: str = "left"
    """The default: the client left before the answer was complete."""
    reason: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    timings_ms: dict[str, float] = field(default_factory=dict)
    error: str = ""

    def saw(self, answer: Answer) -> None:
        if not answer.timings_ms:  # the answer is not complete
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

    def __init__(
        self, coverage: Callable[[], Coverage], *, tracer: "Tracer | None" = None, log_questions: bool = False
    ) -> None:
        """`coverage` is called for the metrics: if it raises, the index is not ready. `log_questions`: write their words into the log."""
        self.stopping = False
        self.running = 0
        """The number of running questions and searches."""
        self._coverage, self._tracer = coverage, tracer
        self._log_questions = log_questions
        self._lock = threading.Lock()
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        Info("tcc_build", "The running release.", registry=registry).info({"version": __version__})
        outcomes = (
            "Questions by outcome (answered, nearest, refused; failed; left by the client) and reason of a refusal."
        )
        self._questions = Counter("tcc_questions", outcomes, ("outcome", "reason"), registry=registry)
        self._searches = Counter("tcc_searches", "Searches by outcome.", ("outcome",), registry=registry)
        self._errors = Counter("tcc_errors", "Failures by kind of error.", ("kind",), registry=registry)
        running = Gauge("tcc_running", "Questions and searches in progress.", registry=registry)
        running.set_function(lambda: self.running)
        stages = "Seconds of each stage of a question; `total` is the whole."
        self._stages = Histogram("tcc_stage_seconds", stages, ("stage",), buckets=_SECONDS, registry=registry)

    def metrics(self) -> bytes:
        """All metrics in Prometheus' text format (version 0.0.4); of the index only if it opens."""
        index = CollectorRegistry()
        ready = Gauge("tcc_index_ready", "Whether the index opens.", registry=index)
        with suppress(Exception):  # /readyz and the log say why
            held = self._coverage()
            ready.set(1)
            Gauge("tcc_index_generation", "The current generation.", registry=index).set(held.generation)
            Gauge("tcc_index_articles", "Live articles.", registry=index).set(held.articles)
            Gauge("tcc_index_chunks", "Chunks of these articles.", registry=index).set(held.chunks)
        return generate_latest(self._registry) + generate_latest(index)

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
        """Counts, times, logs and traces the request inside. Raises StoppingError."""
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
            told: dict[str, Any] = {"outcome": asked.outcome, "reason": asked.reason, **asked.facts}
            more = {"error": asked.error} if asked.error else {}
            more |= {"question": question} if self._log_questions else {}
            self._measure(what, asked)
            note(what, **told, **more, timings_ms=asked.timings_ms)
            if span is not None:
                _end(span, told, asked)
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

    def _measure(self, what: What, asked: _Asked) -> None:
        if what == "search":
            self._searches.labels(asked.outcome).inc()
        else:
            self._questions.labels(asked.outcome, asked.reason).inc()
            for stage, took in asked.timings_ms.items():
                self._stages.labels(stage).observe(took / 1000)
        if asked.error:
            self._errors.labels(asked.error).inc()


def _end(span: "Span", told: dict[str, Any], asked: _Asked) -> None:
    """End the span, without an error's message: it may contain the question."""
    from opentelemetry.trace import StatusCode

    told = told | {f"{stage}_ms": took for stage, took in asked.timings_ms.items()}
    span.set_attributes({f"tcc.{name}": value for name, value in told.items() if value is not None})
    if asked.error:
        span.set_attribute("error.type", asked.error)
        span.set_status(StatusCode.ERROR)
    span.end()


async def let_finish(watch: Watch, within_s: float, hurried: Callable[[], bool] = lambda: False) -> None:
    """Refuse new requests and wait for running ones, at most `within_s` and only until `hurried`."""
    watch.stop()
    if watch.running and within_s:
        say(f"Stopping: {watch.running} running requests may finish within {within_s:g} seconds.")
    clock = asyncio.get_running_loop()
    until = clock.time() + within_s
    while watch.running and clock.time() < until and not hurried():
        await asyncio.sleep(_LOOKS_EVERY_S)
