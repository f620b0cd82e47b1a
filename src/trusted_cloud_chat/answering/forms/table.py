"""A comparison, criterion by criterion. A cell is filled only by a quote about that name and that criterion."""

from __future__ import annotations

from trusted_cloud_chat.answering.forms.form import Comparison, Form, Maker, TableRow

_LEAST_CELLS = 2
_MOST_ROWS = 5


def table_form(maker: Maker) -> Form | None:
    """None where fewer than two names are compared, or asked about by two criteria, and where fewer than two cells can be filled."""
    question = maker.evidence.question
    compared = [part.about for part in question.parts if part.about is not None]
    by = sum(maker.market.has(row.asked, question.searched) for row in maker.market.rows.criterion)
    wanted = question.query.kind == "comparison" or (by >= 2 and question.query.kind != "yes_no")
    if not wanted or len(compared) < 2 or maker.cells is None:
        return None
    language, rows = question.query.language, list[TableRow]()
    criteria = maker.market.criteria(question, compared[0].kind)
    for criterion in criteria:
        cells = tuple(maker.cells.of(entity.name, criterion, language) for entity in compared)
        if (any(cells) or by) and len(rows) < _MOST_ROWS:
            rows.append(TableRow(criterion.label(language), cells))
    filled = sum(cell is not None for row in rows for cell in row.cells)
    if filled < _LEAST_CELLS:
        maker.trace.fails("form.table", f"{filled} / {len(criteria) * len(compared)}")
        return None
    if not maker.trace.fires("form.table", f"{len(rows)} × {len(compared)}"):
        return None
    return Form(table=Comparison(tuple(entity.name for entity in compared), tuple(rows)), proves=True)
