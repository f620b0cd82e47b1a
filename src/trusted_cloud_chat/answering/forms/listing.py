"""A list: ask, collect, group by name, keep the newest of each, sort. What can be listed is data (`data/market.toml`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from trusted_cloud_chat.answering.forms.form import Form, Maker
from trusted_cloud_chat.answering.forms.holders import held
from trusted_cloud_chat.answering.forms.known import State
from trusted_cloud_chat.answering.market import ListRow
from trusted_cloud_chat.answering.timeline.promises import read_due
from trusted_cloud_chat.answering.timeline.statements import holders, sentences_of
from trusted_cloud_chat.answering.wording import NBSP
from trusted_cloud_chat.dates import spoken_day
from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.question.expected import other_names
from trusted_cloud_chat.schema import Language

_MOST = 12
_LEAST = 2
"""Items from which a list answers by itself; of those who have come to a stage, read from all articles, one is enough."""
_COUNTED = {"fr": ("nom", "entrée"), "en": ("name", "entry")}


def list_form(maker: Maker, row: ListRow | None = None) -> Form | None:
    """`row`: what is to be listed, where that is known. None where no list is asked for that `market.toml` knows, or where fewer than two items are told."""
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
    return _of_facts(row, maker) or _of_passages(row, maker)


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
    """A line a promise or a customer, newest first."""
    question, known = maker.evidence.question, maker.known
    if known is None or any(period.direction == "in" for period in question.periods):
        return None
    told = known.missed if row.promises else known.customers if row.customers else None
    items = _once(sorted(told(maker.asked_actors), key=lambda one: -one.published)) if told else ()
    if not items or not maker.trace.fires("form.list", f"{row.id}: {len(items)}"):
        return None
    shown = items[:_MOST]
    return Form(shown, _lead(row, len(items), shown, question.query.language), listed=True, proves=True)


def _of_passages(row: ListRow, maker: Maker) -> Form | None:
    question = maker.evidence.question
    if any(period.direction == "in" for period in question.periods):  # then quotes tell it better
        return None
    newest: dict[str, Selected] = {}
    for key, selected in _items(row, maker):
        known = newest.get(key)
        if known is None or selected.published > known.published:
            newest[key] = selected
    items = _once(sorted(newest.values(), key=lambda one: -one.published))
    shown = items[:_MOST]
    if len(items) < _LEAST:
        maker.trace.fails("form.list", f"{row.id}: {len(items)} / {_LEAST}")
        return None
    if not maker.trace.fires("form.list", f"{row.id}: {len(shown)}"):
        return None
    lead = _lead(row, len(items), shown, question.query.language)
    return Form(shown, lead, listed=True, proves=True)


def _once(quotes: Iterable[Selected]) -> tuple[Selected, ...]:
    return tuple({(one.passage.article.article_id, one.span): one for one in quotes}.values())


def _lead(row: ListRow, count: int, quotes: Sequence[Selected], language: Language, at: str = "") -> str:
    """What is listed, how many and up to when, and that there may be more; `at`: the day as of which it was so."""
    until = max(quotes, key=lambda one: one.published).passage.article.dated
    day = until.spoken(language) if until else ""
    one = _COUNTED[language][0 if row.stage else 1]
    if language == "en":
        many = "entries" if one == "entry" else f"{one}s"
        known = f"{count} {one if count == 1 else many}" + (f", up to {day}" if day else "")
        return f"{row.label(language)} ({f'as of {at}: ' if at else ''}{known}; the list may be incomplete):"
    known = f"{count} {one}{'s' if count > 1 else ''}"
    if day and until:
        known += f", jusqu’{'au' if until.day else 'en'} {day}"
    state = f"état au {at}{NBSP}: " if at else ""
    return f"{row.label(language)} ({state}{known}{NBSP}; la liste peut être incomplète){NBSP}:"


def _items(row: ListRow, maker: Maker) -> Iterator[tuple[str, Selected]]:
    """(name, sentence) of every sentence that tells an item; of a named provider's list only what names it."""
    asked = set(maker.asked_actors)
    for passage in maker.evidence.wide:
        for selected in sentences_of(passage):
            named = holders(selected, maker.entities)
            if (asked and not asked & set(named)) or not _tells(row, selected, maker):
                continue
            others = [name for name in named if name not in asked]
            if row.promises:
                due = read_due(selected.text, selected.passage.article)
                yield f"{due.first if due else ''} {' '.join(named)}", selected
            elif others or other_names(maker.evidence.question.searched, selected.text):
                yield others[0] if others else " ".join(sorted(other_names("", selected.text))), selected


def _tells(row: ListRow, selected: Selected, maker: Maker) -> bool:
    article = selected.passage.article
    if row.promises:
        due = read_due(selected.text, article)
        return due is not None and due.passed(maker.evidence.question.query.today)
    return maker.market.has(row.told, selected.text)
