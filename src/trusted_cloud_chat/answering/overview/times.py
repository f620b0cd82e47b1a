"""Times that a sentence names, as they are shown on a line of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from trusted_cloud_chat.answering.market import Market
from trusted_cloud_chat.answering.timeline.stages import partial
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.language.periods import Period, find_periods
from trusted_cloud_chat.language.senses import says
from trusted_cloud_chat.language.words import words
from trusted_cloud_chat.schema import Article, Language

_SHORT_DAYS = 125
"""As long as a season: what was in a whole year has no place on a line of time."""
_CLAUSE = (",", ";", ":", " et ", " and ", " puis ", " then ")
_NEAR = 6
"""Words between a date and one that says that it is the date of a report."""
_QUOTES = frozenset(("que", "qu", "that"))
"""After it stands what was reported."""


@dataclass(frozen=True, slots=True)
class Time:
    """`first` to `last`, both days included; `words` are the article's."""

    first: date
    last: date
    words: str
    language: Language

    @property
    def middle(self) -> date:
        return date.fromordinal((self.first.toordinal() + self.last.toordinal()) // 2)

    @property
    def bounds(self) -> tuple[date, date]:
        return self.first, self.last

    @property
    def whole(self) -> PartialDate | None:
        """A day, a whole month or a whole year as such."""
        return partial(Period(self.first, self.last, "in", 0, 0, self.first, self.last))

    def spoken(self, language: Language) -> str:
        """A day, a month or a year in the reader's language; a longer or odd one in the words of the article."""
        if self.whole is not None:
            return self.whole.spoken(language)
        if language == self.language:
            dated = any(char.isdigit() for char in self.words)
            return self.words if dated else f"{self.words} {self.last.year}"
        months = [PartialDate(day.year, day.month).spoken(language) for day in (self.first, self.last)]
        if self.first.year == self.last.year:
            months[0] = months[0].removesuffix(f" {self.first.year}")
        return " – ".join(months)


def time_of(text: str, period: Period, language: Language) -> Time:
    return Time(period.first, period.last, text[period.start : period.end], language)


def dated(published: PartialDate) -> Time:
    """A date of publication as a time."""
    return Time(published.first_day, published.last_day, str(published), "fr")


def seen_from(published: PartialDate) -> date:
    """The day from which an article that names but its year looks back is as likely an earlier as a later one."""
    return published.last_day if published.month else published.middle


def past(text: str, published: date) -> list[Period]:
    """The days, months and seasons that a sentence looks back on; not those in which somebody wrote of it."""
    found = find_periods(text, published)
    return [p for p in found if p.last <= published and short(p) and p.direction in ("in", "since")]


def short(period: Period) -> bool:
    return (period.last - period.first).days <= _SHORT_DAYS


def happened(text: str, article: Article, market: Market) -> tuple[Time, ...]:
    """When something was, that is no plan."""
    if article.dated is None or says("plan", text, article.language):
        return ()
    times = past(text, seen_from(article.dated))
    return tuple(
        time_of(text, p, article.language) for p in times if not (reported(text, p, market) or _wrote(text, p, market))
    )


def reported(text: str, period: Period, market: Market) -> bool:
    """« …, selon LeMagIT en mai 2025 », « un billet du 11 mai 2026 »; not « rappelle que X ouvrira en 2027 »."""
    before = words(clause(text, period)[0])
    place = max((end for _, end in market.places(market.rows.overview.reports, clause(text, period)[0])), default=-1)
    between = before[place:] if place >= 0 else ()
    return place >= 0 and len(between) <= _NEAR and not any(word.folded in _QUOTES for word in between)


def _wrote(text: str, period: Period, market: Market) -> bool:
    """« En janvier 2024, LeMagIT rapportait… »."""
    said = words(text)
    after = sum(word.start < period.end for word in said)
    return any(after <= place < after + _NEAR for place, _ in market.places(market.rows.overview.reports, text))


def clause(text: str, period: Period) -> tuple[str, str]:
    """What stands before and after the period, up to the next borders of a clause."""
    begins = max((place + len(b) for b in _CLAUSE if (place := text.rfind(b, 0, period.start)) >= 0), default=0)
    ends = min((place for b in _CLAUSE if (place := text.find(b, period.end)) >= 0), default=len(text))
    return text[begins : period.start], text[period.end : ends]
