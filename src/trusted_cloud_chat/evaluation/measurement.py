"""What a measuring command hands on: figures, one outcome a question, and what they were measured with."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np

from trusted_cloud_chat.evaluation.aggregate import Outcome
from trusted_cloud_chat.evaluation.workbench import Workbench

T = TypeVar("T")
Tell = Callable[[str, int, int], None]
"""Step, done, total."""
LATENCY_SAMPLE = 200


@dataclass(frozen=True, slots=True)
class Measurement:
    figures: dict[str, Any]
    """The keys of the JSON."""
    outcomes: list[Outcome]
    primary: str
    """The metric that says whether a question went right, for comparisons."""
    texts: dict[str, str] = field(default_factory=dict)
    """Question id → question: for the report; a set's own words stay out of its JSON."""


def tracked(items: Sequence[T], step: str, tell: Tell) -> Iterable[T]:
    """`items`, with the progress told after each."""
    for done, item in enumerate(items, start=1):
        yield item
        tell(step, done, len(items))


def some(items: Sequence[T], limit: int | None) -> list[T]:
    """At most `limit` of them, evenly spread; all without a limit."""
    if limit is None or len(items) <= limit:
        return list(items)
    return [items[i * len(items) // limit] for i in range(limit)]


def query_latency(bench: Workbench, questions: Sequence[str]) -> dict[str, float]:
    """`query_ms_p50`, `query_ms_p95`: a search as the product runs it, for up to 200 of the questions, warm."""
    sample = some(questions, LATENCY_SAMPLE)
    for question in sample[:3]:
        bench.search(question, bench.settings.passages)
    times = []
    for question in sample:
        started = time.perf_counter()
        bench.search(question, bench.settings.passages)
        times.append((time.perf_counter() - started) * 1000)
    return percentiles(times, "query_ms")


def percentiles(values: Sequence[float], name: str) -> dict[str, float]:
    """`NAME_p50` and `NAME_p95`; nothing without values."""
    if not values:
        return {}
    return {f"{name}_p{q}": float(np.percentile(values, q)) for q in (50, 95)}


def indexing_figures(bench: Workbench) -> dict[str, Any]:
    """`articles`, `passages`, `passages_per_second`, `cached_share`."""
    return {
        "articles": len(bench.report.added),
        "passages": bench.report.chunks,
        "passages_per_second": bench.passages_per_second,
        "cached_share": bench.cached_share,
    }
