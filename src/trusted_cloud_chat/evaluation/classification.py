"""How well a score from 0 to 1 tells what the corpus answers from what it does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

BINS = 10
STEPS = 100


@dataclass(frozen=True, slots=True)
class Scored:
    """A question with the score that its refusal comes from, and the truth."""

    score: float
    answerable: bool


def auc(scored: Sequence[Scored]) -> float | None:
    """Chance that an answerable question scores higher than another one, ties counting half.

    The Mann-Whitney form; None unless both sorts are there.
    """
    good = np.array([s.score for s in scored if s.answerable])
    bad = np.sort([s.score for s in scored if not s.answerable])
    if not good.size or not bad.size:
        return None
    below, up_to = np.searchsorted(bad, good, "left"), np.searchsorted(bad, good, "right")
    return float((below + up_to).sum() / (2 * good.size * bad.size))


def threshold_curve(scored: Sequence[Scored]) -> list[dict[str, float]]:
    """`threshold`, `hallucination`, `error`, `sum`, at 0, 0.01, … 1: what refusing below it would give.

    Hallucination is answered over unanswerable, error refused over answerable; a sort without questions counts 0.
    """
    good = np.array([s.score for s in scored if s.answerable])
    bad = np.array([s.score for s in scored if not s.answerable])
    curve = []
    for threshold in np.arange(STEPS + 1) / STEPS:
        hallucination = float((bad >= threshold).mean()) if bad.size else 0.0
        error = float((good < threshold).mean()) if good.size else 0.0
        curve.append(
            {"threshold": float(threshold), "hallucination": hallucination, "error": error,
             "sum": hallucination + error}
        )  # fmt: skip
    return curve


@dataclass(frozen=True, slots=True)
class Bin:
    """The questions whose score lies in `[low, high)` (the last bin holds 1 too)."""

    low: float
    high: float
    n: int
    mean_score: float
    answerable: float
    """Share of them that the corpus answers."""


def reliability(scored: Sequence[Scored]) -> list[Bin]:
    """Ten bins of equal width; empty ones are left out."""
    bins = []
    for index in range(BINS):
        inside = [s for s in scored if min(int(s.score * BINS), BINS - 1) == index]
        if inside:
            mean = sum(s.score for s in inside) / len(inside)
            share = sum(s.answerable for s in inside) / len(inside)
            bins.append(Bin(index / BINS, (index + 1) / BINS, len(inside), mean, share))
    return bins


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """Expected calibration error (Naeini et al. 2015): mean distance of score and share, weighted by bin size."""
    total = sum(b.n for b in bins)
    return sum(b.n * abs(b.mean_score - b.answerable) for b in bins) / total if total else None


def refusal_summary(scored: Sequence[Scored]) -> dict[str, Any]:
    """`auc`, `calibration_error`, `best_threshold`, `best_sum`, `curve`, `reliability`."""
    curve, bins = threshold_curve(scored), reliability(scored)
    best = min(curve, key=lambda point: point["sum"])
    return {
        "auc": auc(scored),
        "calibration_error": calibration_error(bins),
        "best_threshold": best["threshold"],
        "best_sum": best["sum"],
        "curve": curve,
        "reliability": [asdict(b) for b in bins],
    }
