"""Only a name is asked about, or what it promised.

« Où en est Bleu ? », « Parle-moi de NumSpot »: the newest articles about it answer. « Quelles promesses Bleu n’a-t-il pas tenues ? »:
what was announced for a day, in order of time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from trusted_cloud_chat.answering.selection import Selected, without_repeats
from trusted_cloud_chat.answering.timeline.clauses import OF_SOURCE
from trusted_cloud_chat.answering.timeline.moments import apart, partial, told_of
from trusted_cloud_chat.answering.timeline.promised import promised_by
from trusted_cloud_chat.answering.timeline.promises import Due, read_due
from trusted_cloud_chat.answering.timeline.stages import QUALIFICATION
from trusted_cloud_chat.answering.timeline.subject import Subject
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.periods import Period, find_periods
from trusted_cloud_chat.text import fold
from trusted_cloud_chat.understanding import Understanding

MOST = 4
MOST_PROMISES = 6
MOST_EVENTS = 8
_RETOLD_DAYS = 62
"""What an article tells of days farther back is no news of its own."""


def newest_about(understood: Understanding, ranked: Sequence[Selected], entities: EntityBook) -> list[Selected]:
    """Of each article whose title has the name asked about, the first sentence that has it and tells of its own day.

    Newest article first, `MOST` at most; `ranked` is every sentence of the passages, in any order. Where most are in the
    question's language, those in another, which tell the same again, are left out.
    """
    (name,) = understood.query.entities[:1]
    titles = {choice.passage.article.article_id: choice.passage.article for choice in ranked}
    about = {i for i, article in titles.items() if article.date and entities.named(article.title, [name])}
    first: dict[str, Selected] = {}
    for choice in sorted(ranked, key=lambda choice: choice.span.start):
        article = choice.passage.article
        if article.article_id in about and article.article_id not in first and _is_news(choice, name, entities):
            first[article.article_id] = choice
    newest = sorted(first.values(), key=lambda choice: (choice.published, choice.score), reverse=True)
    language = understood.query.language
    own = [choice for choice in newest if choice.passage.article.language == language]
    return without_repeats(own if 2 * len(own) > len(newest) else newest, language)[:MOST]


def promises_of(
    understood: Understanding,
    ranked: Sequence[Selected],
    subject: Subject,
    entities: EntityBook,
    had_since: date | None = None,
) -> list[Selected]:
    """What the one asked about announced for a day, the earliest report of each in the question's language, if there is one.

    Only what has passed where it is asked what was not kept, only what has not where what is to come. In order of those
    days, the last `MOST_PROMISES` of them. `had_since`: a qualification had by the day that it was announced for was kept.
    """
    today, language = understood.query.today, understood.query.language
    found: dict[tuple[date, date], tuple[Due, Selected]] = {}
    for choice in sorted(ranked, key=lambda c: (c.passage.article.language != language, c.published, -c.score)):
        text = subject.clause(choice.text)
        due = read_due(text, choice.passage.article.date)
        if due is None or (subject.actors and not subject.holder(choice.text)):
            continue
        if subject.promises == "slipped" and had_since and had_since <= due.last and QUALIFICATION.search(fold(text)):
            continue
        if promised_by(text, due, subject.names, entities) and subject.promises != (
            "coming" if due.passed(today) else "slipped"
        ):
            found.setdefault((due.first, due.last), (due, choice))
    in_time = sorted(found.values(), key=lambda kept: (kept[0].last, kept[1].published))
    return [choice for _, choice in in_time][-MOST_PROMISES:]


def _is_news(choice: Selected, name: str, entities: EntityBook) -> bool:
    published = choice.passage.article.date
    if published is None or not entities.named(choice.text, [name]):
        return False
    day = told_of(choice.text, published)
    return day is not None and apart(day, published) <= _RETOLD_DAYS


def events_of(understood: Understanding, ranked: Sequence[Selected], entities: EntityBook) -> list[Selected]:
    """Of each article the first sentence that names a day of the period asked about, or what it opens with; in order of those days.

    Of those who are named, where some are; what several articles tell of one day and the same name once. The best ranked
    `MOST_EVENTS`, first in the question's language; `ranked` is every sentence of the passages, best first.
    """
    (period,) = understood.periods
    names = {m.entity.name for m in entities.find(understood.query.text) if m.entity.kind != "scheme"}
    best: dict[str, int] = {}
    for place, choice in enumerate(ranked):
        best.setdefault(choice.passage.article.article_id, place)
    found: dict[str, tuple[PartialDate, Selected]] = {}
    opened: set[str] = set()
    for choice in sorted(ranked, key=lambda c: c.span.start):
        article = choice.passage.article
        if OF_SOURCE.search(fold(choice.text)):
            continue
        day = _day_within(choice, period, opens=article.article_id not in opened)
        opened.add(article.article_id)
        if day is not None and (not names or entities.named(choice.text, names)):
            found.setdefault(article.article_id, (day, choice))
    own = understood.query.language
    first: dict[tuple[PartialDate, str], tuple[PartialDate, Selected]] = {}
    for key in sorted(found, key=lambda i: (found[i][1].passage.article.language != own, best[i])):
        day, choice = found[key]
        named = [m for m in entities.find(choice.text) if m.entity.kind in ("actor", "authority")]
        first.setdefault((day, named[0].entity.name if named else key), (day, choice))
    kept = sorted(list(first.values())[:MOST_EVENTS], key=lambda told: (told[0].middle, told[1].published))
    return without_repeats([choice for _, choice in kept], own)


def _day_within(choice: Selected, period: Period, *, opens: bool) -> PartialDate | None:
    """The day of the period that the sentence names, not one to come when it was written; the article's own where it opens it and names none."""
    published = choice.passage.article.date
    if published is None or read_due(choice.text, published) is not None:
        return None  # a plan is no event
    named = [partial(p) for p in find_periods(choice.text, published.last_day) if p.direction in ("in", "as_of")]
    if not named and opens and told_of(choice.text, published) == published:
        named = [published]
    return next((day for day in named if _within(day, period) and day.first_day <= published.last_day), None)


def _within(day: PartialDate, period: Period) -> bool:
    return bool(period.opens and period.closes and period.opens <= day.first_day and day.last_day <= period.closes)
