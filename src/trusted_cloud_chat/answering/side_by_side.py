"""Names side by side, criterion by criterion, without a question: what a reader picks gets a quote, or none is found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trusted_cloud_chat.answering.compose import Quotes
from trusted_cloud_chat.answering.forms.cells import Cells
from trusted_cloud_chat.answering.market import CriterionRow
from trusted_cloud_chat.schema import Citation, Language


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """A criterion, and of each name the quote that tells it; None where none was found."""

    label: str
    cells: tuple[Citation | None, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """What was found of `names`; the quotes are numbered from 1."""

    names: tuple[str, ...]
    rows: tuple[ComparedRow, ...]
    generation: int

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Each quote once, by its number."""
        found = {cell.n: cell for row in self.rows for cell in row.cells if cell is not None}
        return tuple(found[n] for n in sorted(found))


def compare(
    names: Sequence[str], criteria: Sequence[CriterionRow], language: Language, cells: Cells, generation: int
) -> Compared:
    """Each name is searched for with each criterion, in what `generation` holds. Raises IndexEmptyError."""
    quotes, rows = Quotes(language, cells.known), []
    for criterion in criteria:
        found = (cells.of(name, criterion, language) for name in names)
        rows.append((criterion.label(language), [quotes.add(cell) if cell else None for cell in found]))
    cited = quotes.citations
    told = (ComparedRow(label, tuple(cited[n - 1] if n else None for n in numbers)) for label, numbers in rows)
    return Compared(tuple(names), tuple(told), generation)
