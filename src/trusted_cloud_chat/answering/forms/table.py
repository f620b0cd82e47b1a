"""A comparison, criterion by criterion. A cell is filled only by a quote about that name and that criterion."""

from __future__ import annotations

from collections.abc import Sequence

from trusted_cloud_chat.answering.forms.form import Comparison, Form, Maker, Row
from trusted_cloud_chat.answering.market import CriterionRow, Market
from trusted_cloud_chat.answering.timeline.stages import read_stage
from trusted_cloud_chat.answering.timeline.statements import holders, sentences_of
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.schema import Passage

_LEAST_CELLS = 2
_MOST_ROWS = 5


def table_form(maker: Maker) -> Form | None:
    """None where fewer than two names are compared, or fewer than two cells can be filled."""
    question = maker.evidence.question
    compared = [part.about for part in question.parts if part.about is not None]
    if question.query.kind != "comparison" or len(compared) < 2:
        return None
    rows = []
    for criterion in maker.market.criteria(question, compared[0].kind):
        cells = tuple(_cell(entity.name, criterion, maker) for entity in compared)
        if any(cells):
            rows.append(Row(criterion.label(question.query.language), cells))
    rows = rows[:_MOST_ROWS]
    filled = sum(cell is not None for row in rows for cell in row.cells)
    if filled < _LEAST_CELLS or not maker.trace.fires("form.table", f"{len(rows)} × {len(compared)}"):
        return None
    return Form(table=Comparison(tuple(entity.name for entity in compared), tuple(rows)), proves=True)


def _cell(name: str, criterion: CriterionRow, maker: Maker) -> Selected | None:
    return cell_of(name, criterion, maker.evidence.wide, maker.entities, maker.market)


def cell_of(
    name: str, criterion: CriterionRow, passages: Sequence[Passage], entities: EntityBook, market: Market
) -> Selected | None:
    """The first sentence in the order of the passages that names the entity and tells the criterion; the newest of a qualification."""
    found = []
    for passage in passages:
        for selected in sentences_of(passage):
            told = market.has(criterion.told, selected.text)
            if told and (name in holders(selected, entities) or entities.named(selected.text, [name])):
                found.append(selected)
    staged = [s for s in found if read_stage(s.text, s.passage.article, market)]
    if criterion.id == "qualification" and staged:
        return max(staged, key=lambda one: one.published)
    return found[0] if found else None
