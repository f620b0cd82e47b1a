"""Dates that a sentence announces something for, each with what it is for and the time at which it was announced."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from trusted_cloud_chat.answering.market import Market
from trusted_cloud_chat.answering.overview.times import Time, clause, dated, past, reported, seen_from, time_of
from trusted_cloud_chat.entities import Mention
from trusted_cloud_chat.language.periods import Period, find_periods
from trusted_cloud_chat.language.senses import says, spans_of
from trusted_cloud_chat.language.stems import content_words
from trusted_cloud_chat.language.words import words
from trusted_cloud_chat.schema import Article

_OPENING = 12
"""Characters in which a sentence says when what it tells was or will be."""
_FRAME = frozenset(("partir", "from", "until"))
"""Words that belong to a date."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Announced at `said` for `due`."""

    due: Time
    said: Time
    about: frozenset[str]
    """Content words of the clause that announces it; criteria of the market for the words that tell them."""
    qualification: bool
    """Whether it is for the qualification."""

    def passed(self, today: date) -> bool:
        return self.due.last < today


def read_plans(text: str, article: Article, named: Iterable[Mention], market: Market) -> tuple[Plan, ...]:
    """What a sentence of `article` announces, seen from the time at which it says that it was announced, else from its own."""
    plans = spans_of("plan", text, article.language)
    if article.dated is None or not plans:
        return ()
    anchors = past(text, seen_from(article.dated))
    anchor = _anchor(anchors)
    said = time_of(text, anchor, article.language) if anchor else dated(article.dated)
    coming = [
        p
        for p in find_periods(text, said.last)
        if p.last > said.last and _is_due(p, plans[0][0], said) and not reported(text, p, market)
    ]
    denied = says("negation", text, article.language)
    sure = [p for p in coming if not (denied and p.closes is not None and p.closes < p.first)]
    if len(anchors) > 1 and len(sure) > 1 and anchors[0].start > _OPENING:
        return ()  # « 2025, selon l'annonce de janvier 2024, puis 2026, selon celle d'avril 2025 »
    blanks = [*plans, *((mention.start, mention.end) for mention in named), *((p.start, p.end) for p in coming)]
    return tuple(_plan(text, period, said, blanks, article, market) for period in sure)


def _anchor(before: list[Period]) -> Period | None:
    """« En mai 2021, … » if the sentence opens with it, else the earliest."""
    opening = [period for period in before if period.start <= _OPENING]
    return min(opening or before, key=lambda period: period.last, default=None)


def _is_due(period: Period, planned: int, said: Time) -> bool:
    """After a word of a plan, or before it where it opens the sentence; not the year in which it was said."""
    placed = period.start >= planned or period.direction == "until" or period.start <= _OPENING
    return placed and not (period.first <= said.first and said.last <= period.last and period.start <= _OPENING)


def _plan(
    text: str, period: Period, said: Time, blanks: list[tuple[int, int]], article: Article, market: Market
) -> Plan:
    before, after = clause(text, period)
    begins, ends = period.start - len(before), period.end + len(after)
    about = _about(text, begins, ends, blanks, article, market)
    qualification = _of_qualification(f"{before} {after}", market)
    if not about and not qualification:
        about = _about(text, 0, len(text), blanks, article, market)
        qualification = _of_qualification(text, market)
    last = period.closes or period.last
    due = Time(min(period.first, last), last, text[period.start : period.end], article.language)
    return Plan(due, said, about, qualification)


def _of_qualification(text: str, market: Market) -> bool:
    """Whether it is about the qualification of whom it speaks of."""
    return market.has(market.rows.qualification.words, text) and not market.has(market.rows.overview.others, text)


def _about(
    text: str, begins: int, ends: int, blanks: list[tuple[int, int]], article: Article, market: Market
) -> frozenset[str]:
    """The content words between two places, without names, dates and words of a plan."""
    said = [
        word.text
        for word in words(text)
        if begins <= word.start and word.end <= ends and word.folded not in _FRAME
        if not any(start <= word.start < end for start, end in blanks)
    ]
    part = " ".join(said)
    known = {f"@{row.id}": row.told for row in market.rows.criterion}
    told = {name for name, entries in known.items() if market.has(entries, part)}
    loose = [word for word in said if not any(market.has(known[name], word) for name in told)]
    return frozenset(told) | content_words(" ".join(loose), article.language)
