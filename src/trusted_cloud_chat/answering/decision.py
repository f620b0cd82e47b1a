"""The only place that answers, hedges or refuses."""

from __future__ import annotations

from dataclasses import dataclass

from trusted_cloud_chat.answering.checks import CHECKS, Case
from trusted_cloud_chat.schema import Outcome, RefusalReason
from trusted_cloud_chat.trace import Trace

HEDGED = {"check.unsure", "check.row"}
"""The objections that quotes may be shown under, where the confidence is not too low."""


@dataclass(frozen=True, slots=True)
class Decision:
    """`because`: the ids of the checks that object, in order."""

    outcome: Outcome
    reason: RefusalReason | None = None
    because: tuple[str, ...] = ()


def decide(case: Case, trace: Trace) -> Decision:
    """Answered where no check objects, else refused for the reason of the first that does. All are run, and traced.

    Where nothing but the confidence objects, and that is not below the lower threshold, the nearest is shown as such.
    """
    objections = []
    for check in CHECKS:
        found = check.objects(case)
        if found is not None and trace.fires(check.id, found):
            objections.append(check)
    because = tuple(check.id for check in objections)
    if not case.form.quotes and case.form.table is None and not objections:
        return Decision("refused", "not_in_corpus")
    if not objections:
        return Decision("answered")
    if (
        HEDGED.issuperset(because)
        and (near := case.near or ("row" if not case.unsure else None))
        and trace.fires("nearest", near)
    ):
        return Decision("nearest", "uncertain", because)
    return Decision("refused", objections[0].reason, because)
