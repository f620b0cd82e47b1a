"""Metrics of a ranking (distinct ids, best first), as defined by trec_eval and BEIR, and of a confidence score from 0 to 1."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = 10
Array = NDArray[np.float64]
CURVE_AT = (1, 2, 3, 5, 10, 20, 50, 100)


def share(part: int, whole: int, digits: int | None = None) -> float | None:
    """`part / whole`, rounded if `digits` are given; None if `whole` is 0."""
    if not whole:
        return None
    return part / whole if digits is None else round(part / whole, digits)


def hit(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    """1 if any of the first `k` ids is relevant, else 0."""
    return float(any(name in relevant for name in ranked[:k]))


def recall(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Share of the relevant ids among the first `k`. `relevant` is not empty."""
    return sum(name in relevant for name in ranked[:k]) / len(relevant)


def reciprocal_rank(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    """1 / rank of the first relevant id; 0 beyond rank `k`."""
    return next((1 / rank for rank, name in enumerate(ranked[:k], start=1) if name in relevant), 0.0)


def ndcg(ranked: Sequence[str], gains: Mapping[str, float], k: int) -> float:
    """Normalised discounted cumulative gain with linear gains (Järvelin & Kekäläinen 2002, trec_eval's form)."""
    reached = _discounted(gains.get(name, 0.0) for name in ranked[:k])
    best = _discounted(sorted(gains.values(), reverse=True)[:k])
    return reached / best if best else 0.0


def _discounted(gains: Iterable[float]) -> float:
    return math.fsum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def ranking_scores(ranked: Sequence[str], gains: Mapping[str, float], prefix: str = "") -> dict[str, float]:
    """`hit@1/3/5/10`, `mrr@10`, `ndcg@10` and `recall@100` of one question; `gains` are positive."""
    scores = {f"hit@{k}": hit(ranked, gains, k) for k in (1, 3, 5, 10)}
    scores |= {"mrr@10": reciprocal_rank(ranked, gains, 10), "ndcg@10": ndcg(ranked, gains, 10)}
    scores["recall@100"] = recall(ranked, gains, 100)
    return {prefix + name: score for name, score in scores.items()}


def recall_curve(rankings: Sequence[tuple[Sequence[str], Collection[str]]]) -> dict[str, float]:
    """Mean recall by depth, for each depth of `CURVE_AT`; empty without rankings."""
    depths = CURVE_AT if rankings else ()
    return {str(k): sum(recall(r, relevant, k) for r, relevant in rankings) / len(rankings) for k in depths}


def refusal_summary(scores: Sequence[float], answerable: Sequence[bool]) -> dict[str, Any]:
    """`auc`, `calibration_error`, `best_threshold`, `best_sum`, `curve`, `reliability` for one score (0 to 1) per question."""
    score, truth = np.asarray(scores, np.float64), np.asarray(answerable, bool)
    good, bad = score[truth], score[~truth]
    curve, bins = threshold_curve(good, bad), reliability(score, truth)
    best = min(curve, key=lambda point: point["sum"])
    # Expected calibration error (Naeini et al. 2015).
    off = sum(one["n"] * abs(one["mean_score"] - one["answerable"]) for one in bins)
    return {
        "auc": auc(good, bad),
        "calibration_error": off / len(score) if bins else None,
        "best_threshold": best["threshold"],
        "best_sum": best["sum"],
        "curve": curve,
        "reliability": bins,
    }


def auc(good: Array, bad: Array) -> float | None:
    """Probability that an answerable question scores higher than an unanswerable one (ties count half); None if either kind is missing."""
    if not good.size or not bad.size:
        return None
    ordered = np.sort(bad)
    below, up_to = np.searchsorted(ordered, good, "left"), np.searchsorted(ordered, good, "right")
    return float((below + up_to).sum() / (2 * good.size * bad.size))


def threshold_curve(good: Array, bad: Array) -> list[dict[str, float]]:
    """The rates if the product refused below each threshold 0, 0.01, … 1; a rate over no questions is 0."""
    thresholds = np.arange(101) / 100
    hallucination = (bad[:, None] >= thresholds).mean(axis=0) if bad.size else np.zeros(101)
    error = (good[:, None] < thresholds).mean(axis=0) if good.size else np.zeros(101)
    columns = {"threshold": thresholds, "hallucination": hallucination, "error": error, "sum": hallucination + error}
    return [dict(zip(columns, map(float, point), strict=True)) for point in zip(*columns.values(), strict=True)]


def reliability(score: Array, truth: NDArray[np.bool_]) -> list[dict[str, float]]:
    """Ten bins `[low, high)` of equal width (the last includes 1), without the empty bins."""
    places = np.minimum((score * BINS).astype(int), BINS - 1)
    bins = ((place, places == place) for place in np.unique(places).tolist())
    return [
        {
            "low": place / BINS,
            "high": (place + 1) / BINS,
            "n": int(inside.sum()),
            "mean_score": float(score[inside].mean()),
            "answerable": float(truth[inside].mean()),
        }
        for place, inside in bins
    ]
