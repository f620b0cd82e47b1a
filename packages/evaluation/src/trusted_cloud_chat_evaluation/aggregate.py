"""Aggregates the outcomes of cases into rates with confidence intervals, overall and by group.

Each case contributes a `Share` to a metric: numerator and denominator. The rate is the sum of numerators over the sum of denominators.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")
Tell = Callable[[str, int, int], None]
"""Reports progress: (step, done, total)."""
Share = tuple[float, float]
Array = NDArray[np.float64]

SEED, RESAMPLES = 20261124, 1000
LEVEL = (2.5, 97.5)
COMPOSITES = {
    "sum": {"hallucination": 1.0, "error": 1.0},
    "refusal_f1_macro": {"refusal_f1": 0.5, "answered_f1": 0.5},
}
"""Metrics that are weighted sums of others."""
_NEEDS_BOTH = ("refusal_precision", "refusal_recall", "refusal_f1", "answered_f1")
"""Metrics that need both answerable and unanswerable cases."""


@dataclass(frozen=True, slots=True)
class Outcome:
    id: str
    shares: dict[str, Share]
    detail: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        scores = {name: top / bottom for name, (top, bottom) in self.shares.items() if bottom}
        return {"id": self.id, **self.detail, "scores": scores}


@dataclass(frozen=True, slots=True)
class Measurement:
    outcomes: list[Outcome]
    others: dict[str, Any]
    primary: str
    """The metric by which results are compared."""
    texts: dict[str, str]
    """Question id → question, for the report only."""

    @property
    def figures(self) -> dict[str, Any]:
        return {"questions": len(self.outcomes), **summarise(self.outcomes), **self.others}


def means(scores: Mapping[str, float]) -> dict[str, Share]:
    """Shares with denominator 1: their rate is the mean."""
    return {name: (score, 1.0) for name, score in scores.items()}


def summarise(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Each metric's rate (None if no case has it) and `intervals`: metric → [low, high], 95 %."""
    rates = _rates(outcomes, np.ones((1, len(outcomes)), dtype=np.float32))
    resampled = _rates(outcomes, resample_counts(len(outcomes))) if outcomes else {}
    intervals = {name: interval for name, values in resampled.items() if (interval := percentile_interval(values))}
    known = {name: None if np.isnan(values[0]) else float(values[0]) for name, values in rates.items()}
    return {**known, "intervals": intervals}


def by_group(outcomes: Sequence[Outcome], group: str) -> dict[str, Any]:
    """Value of `detail[group]` → `n` and the summary of its cases, without undefined rates."""
    table = {}
    for value in sorted({outcome.detail[group] for outcome in outcomes}):
        inside = [outcome for outcome in outcomes if outcome.detail[group] == value]
        table[value] = {"n": len(inside), **{name: x for name, x in summarise(inside).items() if x is not None}}
    return table


def resample_counts(n: int, resamples: int = RESAMPLES) -> NDArray[np.float32]:
    """`(resamples, n)`: how often each of `n` cases is drawn with replacement; seeded, so that intervals are reproducible."""
    return np.random.default_rng(SEED).multinomial(n, np.full(n, 1 / n), size=resamples).astype(np.float32)


def percentile_interval(values: Array) -> list[float] | None:
    """95 % percentile interval (Efron) of the values that are not NaN; None if all are."""
    known = values[~np.isnan(values)]
    return [float(x) for x in np.percentile(known, LEVEL)] if known.size else None


def _rates(outcomes: Sequence[Outcome], drawn: NDArray[np.float32]) -> dict[str, Array]:
    """Metric → one rate per row of `drawn`; NaN if the denominator is 0."""
    names = list(dict.fromkeys(name for outcome in outcomes for name in outcome.shares))
    if not names:
        return {}
    pairs = np.array([[outcome.shares.get(name, (0.0, 0.0)) for name in names] for outcome in outcomes])
    tops, bottoms = drawn @ pairs[:, :, 0], drawn @ pairs[:, :, 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        found = dict(zip(names, np.where(bottoms > 0, tops / bottoms, np.nan).T, strict=True))
    if not {"hallucination", "error"} <= found.keys():
        found = {name: values for name, values in found.items() if name not in _NEEDS_BOTH}
    for name, weights in COMPOSITES.items():
        if weights.keys() <= found.keys():
            found[name] = np.sum([weight * found[part] for part, weight in weights.items()], axis=0)
    return found


def rounded(value: Any) -> Any:
    """JSON data with floats rounded to six decimals."""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(item) for item in value]
    return value


def tracked(items: Sequence[T], step: str, tell: Tell) -> Iterable[T]:
    for done, item in enumerate(items, start=1):
        yield item
        tell(step, done, len(items))


def some(items: Sequence[T], limit: int | None) -> list[T]:
    """At most `limit` items, evenly spread; all without a limit."""
    kept = len(items) if limit is None else min(limit, len(items))
    return [items[i * len(items) // kept] for i in range(kept)]


def spread(name: str, values: Sequence[float], median: str = "p50") -> dict[str, float | None]:
    """`NAME_p50` (or `NAME_median`) and `NAME_p95`; None without values."""
    labels = {median: 50, "p95": 95}
    return {f"{name}_{label}": float(np.percentile(values, q)) if values else None for label, q in labels.items()}
