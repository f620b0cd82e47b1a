"""Two results over the same questions: what got better, what got worse, and whether it could be chance."""

from __future__ import annotations

from typing import Any

from trusted_cloud_chat.errors import UsageError
from trusted_cloud_chat.evaluation.aggregate import rounded
from trusted_cloud_chat.evaluation.resampling import mcnemar_exact, paired_bootstrap


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
    before = {case["id"]: case["scores"] for case in old["cases"]}
    after = {case["id"]: case["scores"] for case in new["cases"]}
    both = [case_id for case_id in after if case_id in before]
    if not both:
        raise UsageError("the two results have no question in common")
    primary = new["primary"]
    moved = {i: after[i].get(primary, 0.0) - before[i].get(primary, 0.0) for i in both}
    better = [i for i in both if moved[i] > 0]
    worse = [i for i in both if moved[i] < 0]
    return {
        "commit": old.get("run", {}).get("commit"),
        "date": old.get("run", {}).get("date"),
        "questions": len(both),
        "only_old": len(before) - len(both),
        "only_new": len(after) - len(both),
        "primary": primary,
        "better": better,
        "worse": worse,
        "mcnemar_p": mcnemar_exact(len(better), len(worse)),
        "metrics": _differences(before, after, both),
    }


def _differences(
    before: dict[str, dict[str, float]], after: dict[str, dict[str, float]], both: list[str]
) -> dict[str, Any]:
    names = dict.fromkeys(name for case_id in both for name in after[case_id])
    table = {}
    for name in names:
        shared = [i for i in both if name in before[i] and name in after[i]]
        if shared:
            test = paired_bootstrap([before[i][name] for i in shared], [after[i][name] for i in shared])
            table[name] = {"n": len(shared), **rounded(test)}
    return table
