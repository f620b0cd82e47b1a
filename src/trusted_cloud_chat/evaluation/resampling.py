"""How far a figure could be chance: bootstrap intervals and paired tests. Seeded: the same run, the same interval."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

SEED = 20261124
RESAMPLES = 1000
_LEVEL = (2.5, 97.5)


def resample_counts(n: int, resamples: int = RESAMPLES) -> NDArray[np.float32]:
    """`(resamples, n)`: how often each of `n` cases is drawn, with replacement."""
    generator = np.random.default_rng(SEED)
    return generator.multinomial(n, np.full(n, 1 / n), size=resamples).astype(np.float32)


def percentile_interval(values: NDArray[np.float64]) -> list[float] | None:
    """The middle 95 % of the values that are numbers (Efron's percentile interval); None without any."""
    known = values[~np.isnan(values)]
    return [float(x) for x in np.percentile(known, _LEVEL)] if known.size else None


def mcnemar_exact(better: int, worse: int) -> float:
    """Two-sided exact p-value that as many questions got better as worse (binomial, McNemar 1947)."""
    n, fewer = better + worse, min(better, worse)
    tail = sum(math.comb(n, k) for k in range(fewer + 1))
    return min(1.0, float(2 * tail / 2**n))


def paired_bootstrap(before: Sequence[float], after: Sequence[float]) -> dict[str, float]:
    """Mean difference, its 95 % interval, and a two-sided p-value (share of resamples on zero's other side)."""
    differences = np.asarray(after, dtype=np.float64) - np.asarray(before, dtype=np.float64)
    means = resample_counts(len(differences)) @ differences / len(differences)
    low, high = np.percentile(means, _LEVEL)
    p = min(1.0, 2 * min(float((means <= 0).mean()), float((means >= 0).mean())))
    return {"difference": float(differences.mean()), "low": float(low), "high": float(high), "p": p}
