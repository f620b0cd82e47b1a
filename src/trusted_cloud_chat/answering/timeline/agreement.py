"""Statements beside each other: which tell the same, which supersedes which, and which cannot both hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from trusted_cloud_chat.answering.publications import sources_of
from trusted_cloud_chat.answering.timeline.moments import apart
from trusted_cloud_chat.answering.timeline.statements import Key, Statement
from trusted_cloud_chat.schema import Language

_SAME_TIME_DAYS = 60
"""Sources that give another value within these days disagree; farther apart, the later one supersedes."""
_ROUNDING = 0.05
"""Figures that differ by this share of the greater one at most are one figure, rounded."""
_MOST_HISTORY = 4


def agree(first: Statement, second: Statement) -> bool:
    return first.key == second.key and first.service == second.service


def newest_of(statements: Sequence[Statement], language: Language) -> Statement | None:
    """Of those that tell the same of about the same time, one in `language`."""
    newest = max(statements, key=lambda s: s.order, default=None)
    if newest is None or newest.said is None:
        return newest
    since = newest.said.first_day - timedelta(days=_SAME_TIME_DAYS)
    same = [s for s in statements if s.said and agree(s, newest) and s.said.last_day >= since]
    spoken = [s for s in same if s.selected.passage.article.language == language]
    return max(spoken or same, key=lambda s: s.order)


def superseded(statement: Statement, by: Statement) -> bool:
    """Whether `by` gives another value later, of the same service where both name one, and of a like part of a year."""
    if statement.said is None or by.said is None or statement.key == by.key:
        return False
    if statement.service and by.service and statement.service != by.service:
        return False
    if statement.places != by.places or statement.part != by.part:
        return False
    return statement.said.last_day < by.said.first_day


def retold_before(statement: Statement, leading: Statement) -> bool:
    """Whether it retells a promise of a day that it does not name, for another date: « l’objectif était alors le premier semestre »."""
    if statement.said or leading.said is None or statement.due is None or statement.key == leading.key:
        return False
    return statement.by is not None and statement.by.first_day <= leading.said.last_day


def outcomes_of(promise: Statement, statements: Sequence[Statement]) -> list[Statement]:
    """What tells what became of it: said later and otherwise, or at about the same time for a later date."""
    known = promise.by
    if known is None:
        return []
    due = promise.due
    others = [s for s in statements if s.said and s.key != promise.key]
    others = [s for s in others if s.since is None or due is None or s.since >= due.first]
    return [s for s in others if s.said and (s.said.first_day > known.last_day or _puts_off(s, promise))]


def _puts_off(statement: Statement, promise: Statement) -> bool:
    if not (statement.said and statement.due and promise.due and promise.by):
        return False
    return statement.due.last > promise.due.last and statement.said.last_day >= promise.by.last_day


def history_of(leading: Statement, statements: Sequence[Statement], others: Sequence[Statement]) -> list[Statement]:
    """The first statement of each other value from before the leading one, oldest first; none of those that `others` give."""
    if leading.said is None:
        return []
    taken = {leading.key, *(s.key for s in others)}
    if leading.key not in (("stage", "qualified"), ("stage", "expired")):
        taken.add(("stage", "pending"))  # « pas encore qualifié » is no other state than « attendu pour 2026 »
    earlier = [s for s in statements if superseded(s, leading)]
    first: dict[Key, Statement] = {}
    for statement in sorted(earlier, key=lambda s: (s.order[0], -s.order[1])):
        if statement.key not in taken:
            first.setdefault(statement.key, statement)
    return list(first.values())[-_MOST_HISTORY:]


def disagreeing_with(leading: Statement, statements: Sequence[Statement]) -> list[Statement]:
    """Statements of other sources that give another value of the same thing at about the same time."""
    own = sources_of(leading.selected.text, leading.selected.passage.article)
    found: dict[Key, Statement] = {}
    for statement in statements:
        theirs = sources_of(statement.selected.text, statement.selected.passage.article)
        if contradict(leading, statement) and not own & theirs:
            found.setdefault(statement.key, statement)
    return list(found.values())


def contradict(first: Statement, second: Statement) -> bool:
    """Whether two statements cannot both hold: values of one kind, said at about the same time, about the same year."""
    if first.key == second.key or first.key[0] != second.key[0] or first.key[0] in ("stage", "told"):
        return False
    if first.said is None or second.said is None or first.year != second.year or first.places != second.places:
        return False
    if first.part != second.part:
        return False
    return apart(first.said, second.said) <= _SAME_TIME_DAYS and not _about_equal(first, second)


def _about_equal(first: Statement, second: Statement) -> bool:
    """« plus de 30 % » and « 31 % », « l’été 2026 » and « juillet 2026 »."""
    if first.due and second.due:
        return first.due.first <= second.due.last and second.due.first <= first.due.last
    a, b = first.key[1], second.key[1]
    return isinstance(a, float) and isinstance(b, float) and abs(a - b) <= _ROUNDING * max(abs(a), abs(b))
