"""Metrics for Prometheus. No label ever contains a word of a question."""

from collections.abc import Callable, Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily

from trusted_cloud_chat import __version__
from trusted_cloud_chat.schema import Coverage

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)


class Metrics:
    """The metrics of one server, in a registry of their own."""

    def __init__(self, coverage: Callable[[], Coverage]) -> None:
        """`coverage` is called at each scrape: if it raises, the index is not ready."""
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._registry.register(_IndexState(coverage))
        Info("tcc_build", "The running release.", registry=self._registry).info({"version": __version__})
        self.questions = Counter(
            "tcc_questions",
            "Questions by outcome (answered, nearest, refused; failed; left by the client) and reason of a refusal.",
            ("outcome", "reason"),
            registry=self._registry,
        )
        self.searches = Counter("tcc_searches", "Searches by outcome.", ("outcome",), registry=self._registry)
        self.errors = Counter("tcc_errors", "Failures by kind of error.", ("kind",), registry=self._registry)
        self.running = Gauge("tcc_running", "Questions and searches in progress.", registry=self._registry)
        self._stages = Histogram(
            "tcc_stage_seconds",
            "Seconds of each stage of a question; `total` is the whole.",
            ("stage",),
            buckets=_SECONDS,
            registry=self._registry,
        )

    def timed(self, timings_ms: Mapping[str, float]) -> None:
        for stage, took in timings_ms.items():
            self._stages.labels(stage).observe(took / 1000)

    def text(self) -> bytes:
        """All metrics in Prometheus' text format (version 0.0.4)."""
        return generate_latest(self._registry)


class _IndexState:
    """Metrics of the index, read at each scrape."""

    def __init__(self, coverage: Callable[[], Coverage]) -> None:
        self._coverage = coverage

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Empty, so that registration does not open the index."""
        return ()

    def collect(self) -> Iterable[GaugeMetricFamily]:
        try:
            held = self._coverage()
        except Exception:  # /readyz and the log say why
            yield GaugeMetricFamily("tcc_index_ready", "Whether the index opens.", 0)
            return
        yield GaugeMetricFamily("tcc_index_ready", "Whether the index opens.", 1)
        yield GaugeMetricFamily("tcc_index_generation", "The current generation.", held.generation)
        yield GaugeMetricFamily("tcc_index_articles", "Live articles.", held.articles)
        yield GaugeMetricFamily("tcc_index_chunks", "Chunks of these articles.", held.chunks)
