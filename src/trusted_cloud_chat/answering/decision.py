"""The only place that answers, hedges or refuses."""

from collections.abc import Sequence
from dataclasses import dataclass

from trusted_cloud_chat.answering.checks import CHECKS, DecisionCase
from trusted_cloud_chat.schema import Outcome, RefusalReason
from trusted_cloud_chat.trace import Trace

HEDGED = {"check.unsure", "check.row", "check.since", "check.period", "check.lacks", "check.absent"}
"""Objections under which quotes may still be shown, if the confidence is not too low."""
NOTES = {"check.period"}
"""Objections that become a note above the answer, unless facts date the answer otherwise."""


@dataclass(frozen=True, slots=True)
class Decision:
    """`because`: the ids of the checks that object, in order."""

    outcome: Outcome
    reason: RefusalReason | None = None
    because: tuple[str, ...] = ()


def decide(case: DecisionCase, trace: Trace) -> Decision:
    """Answered if no check objects, notes apart; else refused for the first objection, or the nearest quotes are shown if only the confidence
    objects and reaches the lower threshold, or if there are facts of the same subject and attribute.
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
    """What makes something worth showing that is no answer."""
    hedged = HEDGED.issuperset(because)
    if hedged and (near := case.near or (None if case.unsure else because[-1])):
        return near
    return case.related.about("fr") if reason == "not_in_corpus" and case.related else None
