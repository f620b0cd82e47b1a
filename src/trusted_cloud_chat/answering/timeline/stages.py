"""How far a qualification has come, as one sentence tells it: its stage, the service that it is for, its date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from trusted_cloud_chat.answering.market import Market, StageRow
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.language.periods import Period, find_periods
from trusted_cloud_chat.language.senses import Phrases, says, spans_of
from trusted_cloud_chat.language.words import Word, words
from trusted_cloud_chat.schema import Article, Language

PENDING = ("announced", "in_progress", "not_qualified")
"""Stages before the qualification that are no milestone."""


@dataclass(frozen=True, slots=True)
class Stage:
    """`since` is the day that the sentence gives for it."""

    name: str
    service: str | None = None
    since: PartialDate | None = None
    expires: PartialDate | None = None
    """Calculated from `since`: no article says it."""


def read_stage(text: str, article: Article, market: Market) -> Stage | None:
    """The stage that a sentence of `article` tells; None where it tells none."""
    if not market.has(market.rows.qualification.words, text) and not _milestone(text, market):
        return None
    row = next((row for row in market.rows.stage if _tells(row, text, article.language, market)), None)
    if row is None:
        return None
    reached = row.reached or row.id == "qualified"
    since = _day(text, article, row, market) if reached else None
    years = market.rows.qualification.valid_years
    expires = years_after(since, years) if since and row.id == "qualified" else None
    return Stage(row.id, _service(text, market), since, expires)


def years_after(day: PartialDate, years: int) -> PartialDate:
    """The same day so many years later; the 28th for a 29 February."""
    leap = (day.month, day.day) == (2, 29)
    return PartialDate(day.year + years, day.month, 28 if leap else day.day)


def _milestone(text: str, market: Market) -> bool:
    return any(row.reached and market.has(row.words, text) for row in market.rows.stage)


def _tells(row: StageRow, text: str, language: Language, market: Market) -> bool:
    if row.plan:
        return market.has(row.words, text) and says("plan", text, language)
    if row.reached:
        told = market.has(row.words, text) and market.has(market.rows.milestone.reached, text)
        return told and not says("plan", text, language)
    if not row.with_:
        return market.has(row.words, text)
    # What is granted is said without a negation beside it: a doubtful sentence tells no stage.
    return any(
        (market.has(row.words, part) or market.has(row.with_, part)) and not says("negation", part, language)
        for part in _contrasted(text, language)
    )


def _contrasted(text: str, language: Language) -> list[str]:
    """« X est qualifié pour son cloud privé », « mais ne l’est pas pour son cloud public »."""
    borders = [0, *(start for start, _ in spans_of("contrast", text, language)), len(text)]
    return [text[a:b] for a, b in pairwise(borders)]


def _day(text: str, article: Article, row: StageRow, market: Market) -> PartialDate | None:
    """The day, month or year that the sentence gives for the stage: since when, or when it was obtained."""
    published = article.dated.last_day if article.dated else date.max
    told = [p for p in find_periods(text, published) if p.first <= published]
    since = [p for p in told if p.direction == "since"]
    obtained = row.reached or market.has(row.with_, text)
    chosen = since or ([p for p in told if p.direction == "in"] if obtained else [])
    return partial(chosen[-1]) if chosen else None


def partial(period: Period) -> PartialDate | None:
    """A day, a month or a year as a partial date; None for another length of time."""
    first, last = period.first, period.last
    if first == last:
        return PartialDate(first.year, first.month, first.day)
    if (first.year, first.month) == (last.year, last.month):
        return PartialDate(first.year, first.month)
    whole_year = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year
    return PartialDate(first.year) if whole_year else None


def _service(text: str, market: Market) -> str | None:
    """« Hosted Private Cloud » of « pour ses offres Hosted Private Cloud »: the capitals after a word for a service."""
    said = words(text)
    for _, after in Phrases(market.rows.qualification.services).spans(said):
        run = _capitals(text, said, after)
        if run:
            return text[run[0].start : run[-1].end]
    return None


def _capitals(text: str, said: tuple[Word, ...], place: int) -> list[Word]:
    run: list[Word] = []
    for word in said[place:]:
        joined = not run or text[run[-1].end : word.start] in (" ", "-", "\u00a0")
        if not (word.text[0].isupper() and joined) or len(run) > 4:
            break
        run.append(word)
    return run
