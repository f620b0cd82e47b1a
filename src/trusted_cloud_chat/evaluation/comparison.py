"""Two results over the same questions: what got better, what got worse, and whether it could be chance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from trusted_cloud_chat.errors import UsageError
from trusted_cloud_chat.evaluation.aggregate import LEVEL, resample_counts

Scores = dict[str, dict[str, float]]


def compare(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Over the questions that both have.

    `better`, `worse`: ids whose primary metric rose or fell. `mcnemar_p`: exact, on those counts. `metrics`: mean
    difference, interval and p of a paired bootstrap. Raises UsageError when nothing can be compared.
    """
    if old["command"] != new["command"] or "cases" not in old:
        raise UsageError(
            f"a result of `evaluate {old['command']}` cannot be compared: expected one of `evaluate {new['command']}` "
            "with its cases (written without --no-cases)"
        )
    before: Scores = {case["id"]: case["scores"] for case in old["cases"]}
    after: Scores = {case["id"]: case["scores"] for case in new["cases"]}
    both = [case_id for case_id in after if case_id in before]
    if not both:
        raise UsageError("the two results have no question in common")
    primary, run = new["primary"], old.get("run", {})
    moved = {i: after[i].get(primary, 0.0) - before[i].get(primary, 0.0) for i in both}
    better = [i for i in both if moved[i] > 0]
    worse = [i for i in both if moved[i] < 0]
    return {
        "commit": run.get("commit"),
        "date": run.get("date"),
        "questions": len(both),
        "only_old": len(before) - len(both),
        "only_new": len(after) - len(both),
        "primary": primary,
        "better": better,
        "worse": worse,
        "mcnemar_p": mcnemar_exact(len(better), len(worse)),
        "metrics": _differences([(before[i], after[i]) for i in both]),
    }


def _differences(pairs: Sequence[tuple[dict[str, float], dict[str, float]]]) -> dict[str, Any]:
    """Metric → paired test over the questions that have it in both results."""
    table = {}
    for name in dict.fromkeys(name for _, after in pairs for name in after):
        shared = [(before[name], after[name]) for before, after in pairs if name in before and name in after]
        if shared:
            table[name] = {"n": len(shared), **paired_bootstrap(shared)}
    return table


def mcnemar_exact(better: int, worse: int) -> float:
    """Two-sided exact p-value that as many questions got better as worse (binomial, McNemar 1947)."""
    n, fewer = better + worse, min(better, worse)
    tail = sum(math.comb(n, k) for k in range(fewer + 1))
    return min(1.0, float(2 * tail / 2**n))


def paired_bootstrap(pairs: Sequence[tuple[float, float]]) -> dict[str, float]:
    """Mean difference, its 95 % interval, and a two-sided p-value (share of resamples on zero's other side)."""
    differences = np.diff(np.asarray(pairs, dtype=np.float64))[:, 0]
    means = resample_counts(len(differences)) @ differences / len(differences)
    low, high = np.percentile(means, LEVEL)
    p = min(1.0, 2 * min(float((means <= 0).mean()), float((means >= 0).mean())))
    return {"difference": float(differences.mean()), "low": float(low), "high": float(high), "p": p}
