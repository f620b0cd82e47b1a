"""Since when something is so: told as done, where an older sentence only promises it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.answering.timeline.moments import said_on
from trusted_cloud_chat.answering.timeline.promises import read_due
from trusted_cloud_chat.answering.timeline.statements import Statement
from trusted_cloud_chat.answering.timeline.subject import Subject
from trusted_cloud_chat.periods import find_periods
from trusted_cloud_chat.text import fold
from trusted_cloud_chat.understanding import Understanding

_SINCE = re.compile(r"\bdepuis (?:quand|quel|combien)|\bsince (?:when|what|which)\b")


def told_since(
    understood: Understanding, subject: Subject, selected: Sequence[Selected], ranked: Sequence[Selected]
) -> Sequence[Selected]:
    """`selected` after a sentence that says since when, where it begins with a promise of it, and without such promises.

    « Depuis quand le Data Act s’applique-t-il ? »: « s’applique depuis septembre 2025 » before « ne s’appliquera qu’à partir de… ».
    """
    if not selected or subject.attribute != "due" or not _SINCE.search(fold(understood.query.text)):
        return selected
    if not _promises(subject, selected[0]):
        return selected
    done = next((choice for choice in ranked if _since(choice) is not None and subject.concerns(choice)), None)
    if done is None:
        return selected
    return [done, *(s for s in selected if s is not done and not _promises(subject, s))]


def done_since(subject: Subject, ranked: Sequence[Selected]) -> list[Statement]:
    """What is told to be so since a day, of the topic of a promise: « s’applique depuis septembre 2025 » tells what became of it."""
    if subject.attribute != "due":
        return []
    return [
        Statement(choice, said_on(choice.text, choice.passage.article.date, plans=False), ("told", "done"), since=day)
        for choice in ranked
        if (day := _since(choice)) is not None and subject.concerns(choice)
    ]


def _promises(subject: Subject, choice: Selected) -> bool:
    return subject.concerns(choice) and read_due(choice.text, choice.passage.article.date) is not None


def _since(choice: Selected) -> date | None:
    """The day since which something is so, where the sentence promises nothing for another."""
    published = choice.passage.article.date
    if published is None or read_due(choice.text, published) is not None:
        return None
    periods = find_periods(choice.text, published.last_day)
    return next((period.first for period in periods if period.direction == "since"), None)
