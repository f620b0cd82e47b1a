"""The only place that decides whether to answer, to hedge or to refuse."""

from collections.abc import Sequence
from dataclasses import dataclass

from trusted_cloud_chat.answering.checks import CHECKS, DecisionCase
from trusted_cloud_chat.schema import Outcome, RefusalReason
from trusted_cloud_chat.trace import Trace

HEDGED = {"check.unsure", "check.row", "check.since", "check.period", "check.lacks", "check.absent"}
"""Checks whose objection still allows the nearest quotes, if the confidence is not too low."""
NOTES = {"check.period"}
"""Checks whose objection becomes a note above the answer, unless the leading quote has dated facts."""


@dataclass(frozen=True, slots=True)
class Decision:
    """`because`: the ids of the checks that objected, in order."""

    outcome: Outcome
    reason: RefusalReason | None = None
    because: tuple[str, ...] = ()


def decide(case: DecisionCase, trace: Trace) -> Decision:
    """Answers if no check but `NOTES` objects. Otherwise shows the nearest quotes if only `HEDGED` checks object and the confidence is not too
    low, or if there is a related fact; else refuses with the reason of the first objection.
    """
    objections = []
    for check in CHECKS:
        found = check.objects(case)
        if found is not None and trace.fires(check.id, found):
            objections.append(check)
    because = tuple(check.id for check in objections)
    if not case.form.quotes and case.form.table is None and not objections:
        return Decision("refused", "not_in_corpus")
    if NOTES.issuperset(because) and not (because and case.is_dated):
        return Decision("answered", None, because)
    if (near := _near(case, because, objections[0].reason)) and trace.fires("nearest", near):
        return Decision("nearest", "uncertain", because)
    return Decision("refused", objections[0].reason, because)


def _near(case: DecisionCase, because: Sequence[str], reason: RefusalReason) -> str | None:
    """Why the nearest quotes are worth showing: the confidence, the last objection or a related fact; None if they are not."""
    hedged = HEDGED.issuperset(because)
    if hedged and (near := case.near or (None if case.unsure else because[-1])):
        return near
    return case.related.about("fr") if reason == "not_in_corpus" and case.related else None
