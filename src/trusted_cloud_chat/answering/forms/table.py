"""The table form: a comparison by criteria. A cell holds a quote about its entity and its criterion, or nothing."""

from collections.abc import Sequence
from itertools import pairwise

from trusted_cloud_chat.answering.forms.form import Comparison, Form, Maker, TableRow
from trusted_cloud_chat.answering.market import CriterionRow
from trusted_cloud_chat.entities import Entity
from trusted_cloud_chat.evidence.ranking import place_of
from trusted_cloud_chat.language.senses import says
from trusted_cloud_chat.language.words import words

_LEAST_CELLS = 2
_MOST_ROWS = 5
_OF_EACH = ("number", "who", "date", "list", "where")
"""Kinds of questions that may ask the same of each name."""


def table_form(maker: Maker) -> Form | None:
    """The table; None if the question does not compare two or more entities, or if too few cells can be filled."""
    question = maker.evidence.question
    compared = [part.about for part in question.parts if part.about is not None]
    if len(compared) < 2 or maker.known is None:
        return None
    language, rows = question.query.language, list[TableRow]()
    criteria = maker.market.criteria(question, compared[0].kind)
    if question.query.kind == "number":
        criteria = [row for row in criteria if maker.market.vocabulary.row(row.attribute).kind == "figure"]
    asked = [row for row in criteria if maker.market.has(row.asked, question.searched)]
    if not (question.query.kind == "comparison" or _of_each(maker, compared, asked)):
        return None
    period = next((one for one in question.periods if one.direction == "in"), None)
    for criterion in criteria:
        cells = tuple(maker.known.cell(entity.name, criterion, maker.market, language, period) for entity in compared)
        if (any(cells) or criterion in asked) and len(rows) < _MOST_ROWS:
            rows.append(TableRow(criterion.label(language), cells))
    said = [cell for row in rows for cell in row.cells if cell is not None]
    filled = len(said)
    least = _LEAST_CELLS if question.query.kind == "comparison" else 1
    if filled < least or len(set(map(place_of, said))) < min(filled, 2):
        maker.trace.fails("form.table", f"{filled} / {len(criteria) * len(compared)}")
        return None
    if not maker.trace.fires("form.table", f"{len(rows)} × {len(compared)}"):
        return None
    return Form(table=Comparison(tuple(entity.name for entity in compared), tuple(rows)), proves=True)


def _of_each(maker: Maker, compared: Sequence[Entity], asked: Sequence[CriterionRow]) -> bool:
    """Whether the question asks the same of each name, unlike « Quand Orange et Capgemini ont-ils créé Bleu ? »."""
    question, ranked = maker.evidence.question, maker.evidence.ranked
    names = [entity.name for entity in compared]
    if question.query.kind == "yes_no" or set(maker.asked_actors) - set(names):
        return False
    placed = [one for one in question.mentions if one.entity.name in names]
    gaps = [question.searched[a.end : b.start] for a, b in pairwise(placed)]
    if any(words(gap) and "," not in gap and not says("coordination", gap, question.query.language) for gap in gaps):
        return False  # names that are not listed: « Microsoft 365 chez Bleu »
    told = maker.entities.named(ranked[0].text, names) if ranked else ()
    return len(asked) > 1 or (bool(asked) and question.query.kind in _OF_EACH and len(told) < len(names))
