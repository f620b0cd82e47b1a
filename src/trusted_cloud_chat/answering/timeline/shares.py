"""Who owns how much of whom: of what is told the newest counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.answering.timeline.moments import told_of
from trusted_cloud_chat.answering.timeline.present import leaves_open
from trusted_cloud_chat.answering.timeline.subject import Subject
from trusted_cloud_chat.text import fold

SHARE = re.compile(
    r"\b(?:posse|possed|detien|deten|owns?|holds?)\w* (?:\w+ ){0,4}\d[\d,.]* ?%|\d ?% du capital|\d ?% of the (?:capital|shares)"
)
"""« Thales posséderait plus de 92 % de S3NS », in folded text."""


def newest_share(subject: Subject, selected: Sequence[Selected], ranked: Sequence[Selected]) -> Sequence[Selected]:
    """`selected` after the newest sentence that gives a share of those asked about, where nothing else is asked of them.

    Only where it tells of a later day than all others; that a share was not told is then left out.
    """
    if not selected or not subject.asks_share:
        return selected
    shares = [choice for choice in ranked if subject.names_asked(choice) and SHARE.search(fold(choice.text))]
    newest = max(shares, key=_day, default=None)
    others = [choice for choice in selected if newest is None or fold(choice.text) != fold(newest.text)]
    if newest is None or _day(newest) <= max(map(_day, others), default=date.min):
        return selected
    return [newest, *(choice for choice in others if not leaves_open(choice.text))]


def _day(choice: Selected) -> date:
    told = told_of(choice.text, choice.passage.article.date)
    return told.middle if told else date.min
