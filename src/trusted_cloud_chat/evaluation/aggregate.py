"""From what each case gave to rates: of all, by group, with intervals.

A case gives each metric a `Share`: a numerator and a denominator. The rate of some cases is the sum of the first over
the sum of the second, which is a mean where every denominator is 1, and precision, recall and F1 where they are counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.evaluation.resampling import percentile_interval, resample_counts

Share = tuple[float, float]
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question as it went."""

    id: str
    shares: dict[str, Share]
    groups: dict[str, str] = field(default_factory=dict)
    """Such as `kind` → `date`."""
    detail: dict[str, Any] = field(default_factory=dict)
    """What a reader wants to see of it; goes to the JSON as it is."""

    def to_dict(self) -> dict[str, Any]:
        scores = {name: top / bottom for name, (top, bottom) in self.shares.items() if bottom}
        return {"id": self.id, **self.groups, **self.detail, "scores": rounded(scores)}


@dataclass(frozen=True, slots=True)
class Composite:
    """A metric made of others: their sum or their mean."""

    parts: tuple[str, ...]
    combine: Callable[[Sequence[Array]], Array]


def sum_of(*parts: str) -> Composite:
    return Composite(parts, lambda values: np.sum(values, axis=0))


def mean_of(*parts: str) -> Composite:
    return Composite(parts, lambda values: np.mean(values, axis=0))


Composites = Mapping[str, Composite]


def summarise(outcomes: Sequence[Outcome], composites: Composites | None = None) -> dict[str, Any]:
    """Each metric's rate (None where no case has it) and `intervals`: metric → [low, high], 95 %."""
    composites = composites or {}
    rates = _rates(outcomes, np.ones((1, len(outcomes)), dtype=np.float32), composites)
    resampled = _rates(outcomes, resample_counts(len(outcomes)), composites) if outcomes else {}
    intervals = {name: percentile_interval(values) for name, values in resampled.items()}
    known = {name: None if np.isnan(values[0]) else float(values[0]) for name, values in rates.items()}
    return {**rounded(known), "intervals": rounded({k: v for k, v in intervals.items() if v is not None})}


def by_group(outcomes: Sequence[Outcome], group: str, composites: Composites | None = None) -> dict[str, Any]:
    """Value of the group → `n` and its summary, metrics that no case of it has left out."""
    values = sorted({outcome.groups[group] for outcome in outcomes if group in outcome.groups})
    table = {}
    for value in values:
        inside = [outcome for outcome in outcomes if outcome.groups.get(group) == value]
        summary = summarise(inside, composites)
        table[value] = {"n": len(inside), **{name: x for name, x in summary.items() if x is not None}}
    return table


def _rates(outcomes: Sequence[Outcome], drawn: NDArray[np.float32], composites: Composites) -> dict[str, Array]:
    """Metric → one rate a row of `drawn`; not a number where nothing is counted."""
    names = list(dict.fromkeys(name for outcome in outcomes for name in outcome.shares))
    pairs = np.array([[outcome.shares.get(name, (0.0, 0.0)) for name in names] for outcome in outcomes])
    if not names:
        return {}
    tops, bottoms = drawn @ pairs[:, :, 0], drawn @ pairs[:, :, 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        rates = np.where(bottoms > 0, tops / bottoms, np.nan)
    found = {name: rates[:, i] for i, name in enumerate(names)}
    for name, composite in composites.items():
        if all(part in found for part in composite.parts):
            found[name] = composite.combine([found[part] for part in composite.parts])
    return found


def rounded(value: Any) -> Any:
    """The same JSON with six digits after the point, which no sample here is precise to."""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(item) for item in value]
    return value
