"""Dates for which a sentence announces something."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from trusted_cloud_chat.language.periods import find_periods
from trusted_cloud_chat.language.senses import says
from trusted_cloud_chat.schema import Article, Language


@dataclass(frozen=True, slots=True)
class Due:
    """The period `first` to `last`, both days included; `words` are the article's."""

    first: date
    last: date
    words: str
    language: Language

    def passed(self, today: date) -> bool:
        return self.last < today


def read_due(text: str, article: Article) -> Due | None:
    """The last future date in a sentence that states a plan; else None."""
    if article.dated is None or not says("plan", text, article.language):
        return None
    published = article.dated
    # A range such as « au premier semestre 2026 » said in January 2026 is still to come.
    coming = [p for p in find_periods(text, published.last_day) if p.last > published.last_day]
    if not coming:
        return None
    due = coming[-1]
    last = due.closes or due.last
    if last < due.first and says("negation", text, article.language):
        return None  # « pas attendue avant 2026 » sets no date by which
    return Due(min(due.first, last), last, text[due.start : due.end], article.language)
