"""A list of what facts tell. What can be listed is data (`data/market.toml`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from trusted_cloud_chat.answering.forms.form import Form, Maker
from trusted_cloud_chat.answering.forms.holders import held
from trusted_cloud_chat.answering.forms.known import Known, State
from trusted_cloud_chat.answering.market import ListRow
from trusted_cloud_chat.answering.templates import worded
from trusted_cloud_chat.answering.wording import NBSP
from trusted_cloud_chat.dates import spoken_day
from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.language.periods import Period
from trusted_cloud_chat.market import Promise
from trusted_cloud_chat.schema import Language

_MOST = 12
_STANDING = 3
"""Attributes of which the newest state is told, and what happened last where nothing is of the time asked of."""
_COUNTED = {"fr": ("nom", "entrée"), "en": ("name", "entry")}


def list_form(maker: Maker, row: ListRow | None = None) -> Form | None:
    """`row`: what is to be listed, where that is known. None where no list is asked for that `market.toml` knows, and where no fact tells an item."""
    row = row or maker.market.asked_list(maker.evidence.question)
    if row is None:
        return None
    if row.stage:
        found = held(row, maker)
        at = spoken_day(found.day, maker.evidence.question.query.language) if found and found.past else ""
        return _of_states(row, maker, found.states, at) if found else None
    if row.expires:
        period = next(iter(maker.evidence.question.periods), None)
        return _of_states(row, maker, maker.known.expiring(period)) if maker.known else None
    return _of_facts(row, maker)


def _of_states(row: ListRow, maker: Maker, found: Sequence[State], at: str = "") -> Form | None:
    """A line an offer; `at`: the day as of which it was so."""
    names = {one.provider for one in found}
    if not names or not maker.trace.fires("form.list", f"{row.id}: {len(names)}"):
        return None
    states = tuple(found[:_MOST])
    quotes = _once(one.proof for one in states)
    lead = _lead(row, len(names), quotes, maker.evidence.question.query.language, at)
    return Form(quotes, lead, listed=True, proves=True, states=states)


def _of_facts(row: ListRow, maker: Maker) -> Form | None:
    """A line an entry, newest first; of a chronology oldest first. None where a past time is asked of that no fact is looked up by."""
    question, known = maker.evidence.question, maker.known
    period = next((one for one in question.periods if one.direction == "in"), None)
    if known is None or (period is not None and not row.changed):
        return None
    found, made = _told(row, maker, known, period)
    if row.changed and period and not found:
        return _nothing_then(maker, known, period)
    items = _once(found)
    if not items or not maker.trace.fires("form.list", f"{row.id}: {len(items)}"):
        return None
    shown = items[-_MOST:] if row.chronology or row.promised else items[:_MOST]
    lead = _lead(row, len(items), shown, question.query.language)
    return Form(shown, lead, listed=True, proves=True, promised=tuple(made))


def _nothing_then(maker: Maker, known: Known, period: Period) -> Form | None:
    """That no fact has a day of that time, how far the articles go, and what happened last before."""
    language = maker.evidence.question.query.language
    found, until = known.last_before(period, maker.asked_actors, language)
    items = _once(found)[:_STANDING]
    if not items or until is None or not maker.trace.fires("form.list", f"{period.label}: 0"):
        return None
    day = until.spoken(language)
    lead = worded("nothing_then", language, until=day if language == "en" else f"{'au' if until.day else 'en'} {day}")
    return Form(items, lead, listed=True, proves=True)


def _told(row: ListRow, maker: Maker, known: Known, period: Period | None) -> tuple[list[Selected], Sequence[Promise]]:
    names = maker.asked_actors
    entities, language = maker.evidence.question.query.entities, maker.evidence.question.query.language
    if row.promises:
        found, made = known.missed(names)
        return sorted(found, key=lambda one: -one.published), made
    words, vocabulary = maker.evidence.question.searched, maker.market.vocabulary
    asked = [one.id for one in vocabulary.attribute if one.timed and maker.market.has(one.asked, words)]
    about = [one for one in entities if one in names] or entities
    if row.chronology:
        return known.chronology(about[0], asked) if len(about) == 1 else ([], [])
    if row.promised:
        return known.promised(about[0], asked, language) if len(about) == 1 else ([], [])
    if row.standing:
        return (known.standing(about[0], asked, language)[:_STANDING], []) if len(about) == 1 else ([], [])
    if row.changed:
        return (known.changed(period, names, language), []) if period else ([], [])
    if row.services:
        return (known.services(names), []) if names else ([], [])
    return (sorted(known.customers(names), key=lambda one: -one.published), []) if row.customers else ([], [])


def _once(quotes: Iterable[Selected]) -> tuple[Selected, ...]:
    return tuple({(one.passage.article.article_id, one.span): one for one in quotes}.values())


def _lead(row: ListRow, count: int, quotes: Sequence[Selected], language: Language, at: str = "") -> str:
    """What is listed, how many and up to when, and that there may be more; `at`: the day as of which it was so."""
    until = max(quotes, key=lambda one: one.published).passage.article.dated
    day = until.spoken(language) if until else ""
    one, more = _COUNTED[language][0 if row.stage else 1], not row.stage and count > len(quotes)
    if language == "en":
        many = "entries" if one == "entry" else f"{one}s"
        newest = f"the newest {len(quotes)} of " if more else ""
        known = f"{newest}{count} {one if count == 1 else many}" + (f", up to {day}" if day else "")
        return f"{row.label(language)} ({f'as of {at}: ' if at else ''}{known}; the list may be incomplete):"
    known = f"{f'les {len(quotes)} plus récentes de ' if more else ''}{count} {one}{'s' if count > 1 else ''}"
    if day and until:
        known += f", jusqu’{'au' if until.day else 'en'} {day}"
    state = f"état au {at}{NBSP}: " if at else ""
    return f"{row.label(language)} ({state}{known}{NBSP}; la liste peut être incomplète){NBSP}:"
