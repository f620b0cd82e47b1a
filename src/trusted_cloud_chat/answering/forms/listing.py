"""A list: ask, collect, group by name, keep the newest of each, sort. What can be listed is data (`data/market.toml`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trusted_cloud_chat.answering.forms.form import Form, Maker
from trusted_cloud_chat.answering.market import ListRow
from trusted_cloud_chat.answering.timeline.promises import read_due
from trusted_cloud_chat.answering.timeline.stages import read_stage
from trusted_cloud_chat.answering.timeline.statements import holders, sentences_of
from trusted_cloud_chat.answering.wording import NBSP
from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.question.expected import other_names
from trusted_cloud_chat.schema import Language

_MOST = 12
_LEAST = 2
"""Items from which a list answers by itself."""


def list_form(maker: Maker, row: ListRow | None = None) -> Form | None:
    """`row`: what is to be listed, where that is known. None where no list is asked for that `market.toml` knows, or where fewer than two items are told."""
    question = maker.evidence.question
    row = row or maker.market.asked_list(question)
    dated = any(period.direction == "in" for period in question.periods)  # then quotes tell it better
    if row is None or dated or (row.stage and maker.asked_actors):
        return None
    newest: dict[str, Selected] = {}
    for key, selected in _items(row, maker):
        known = newest.get(key)
        if known is None or selected.published > known.published:
            newest[key] = selected
    items = sorted({one.span: one for one in newest.values()}.values(), key=lambda one: -one.published)[:_MOST]
    if len(items) < _LEAST or not maker.trace.fires("form.list", f"{row.id}: {len(items)}"):
        return None
    lead = _lead(row, newest, question.query.language)
    return Form(tuple(items), lead, listed=True, proves=True)


def _lead(row: ListRow, newest: Mapping[str, Selected], language: Language) -> str:
    """What is listed, how many and up to when, and that there may be more."""
    until = max((one for one in newest.values()), key=lambda one: one.published).passage.article.date
    day = until.spoken(language) if until else ""
    if language == "en":
        known = f"{len(newest)} found" + (f", up to {day}" if day else "")
        return f"{row.label(language)} ({known}; the list may be incomplete):"
    known = f"{len(newest)} entrées" + (
        f", jusqu’en {day}" if day and until and not until.day else f", jusqu’au {day}" if day else ""
    )
    return f"{row.label(language)} ({known}{NBSP}; la liste peut être incomplète){NBSP}:"


def _items(row: ListRow, maker: Maker) -> Iterator[tuple[str, Selected]]:
    """(name, sentence) of every sentence that tells an item; of a named provider's list only what names it."""
    asked = set(maker.asked_actors)
    for passage in maker.evidence.wide:
        for selected in sentences_of(passage):
            named = holders(selected, maker.entities)
            if (asked and not asked & set(named)) or not _tells(row, selected, maker):
                continue
            others = [name for name in named if name not in asked]
            if row.stage:
                yield from ((name, selected) for name in others)
            elif row.promises:
                due = read_due(selected.text, selected.passage.article)
                yield f"{due.first if due else ''} {' '.join(named)}", selected
            elif others or other_names(maker.evidence.question.searched, selected.text):
                yield others[0] if others else " ".join(sorted(other_names("", selected.text))), selected


def _tells(row: ListRow, selected: Selected, maker: Maker) -> bool:
    article = selected.passage.article
    if row.stage:
        stage = read_stage(selected.text, article, maker.market)
        return stage is not None and stage.name == row.stage
    if row.promises:
        due = read_due(selected.text, article)
        return due is not None and due.passed(maker.evidence.question.query.today)
    return maker.market.has(row.told, selected.text)
