"""Names side by side, criterion by criterion, without a question: what a reader picks gets a quote, or none is found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from trusted_cloud_chat.answering.compose import Quotes
from trusted_cloud_chat.answering.forms.table import cell_of
from trusted_cloud_chat.answering.market import CriterionRow, Market
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.question.question import Question
from trusted_cloud_chat.retrieval import Retrieved, Retriever
from trusted_cloud_chat.schema import Citation, Language
from trusted_cloud_chat.trace import Trace

_WIDE = 16
"""Passages about one name that are looked through for one criterion."""


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
    names: Sequence[str],
    criteria: Sequence[CriterionRow],
    language: Language,
    read: Callable[[str], Question],
    retriever: Retriever,
    entities: EntityBook,
    market: Market,
) -> Compared:
    """Each name is searched for with each criterion; `read` reads such a search as a question. Raises IndexEmptyError."""
    quotes, generation, rows = Quotes(language, Trace()), 0, []
    for criterion in criteria:
        numbers: list[int | None] = []
        for name in names:
            searched = _about(name, criterion.label(language), read, retriever)
            found, generation = cell_of(name, criterion, searched.passages, entities, market), searched.generation
            numbers.append(quotes.add(found) if found else None)
        rows.append((criterion.label(language), numbers))
    cited = quotes.citations
    told = (ComparedRow(label, tuple(cited[n - 1] if n else None for n in numbers)) for label, numbers in rows)
    return Compared(tuple(names), tuple(told), generation)


def _about(name: str, criterion: str, read: Callable[[str], Question], retriever: Retriever) -> Retrieved:
    asked = read(f"{name}, {criterion}")
    entity = next((one.entity for one in asked.mentions if one.entity.name == name), None)
    return retriever.retrieve(replace(asked, parts=(), behind=None, about=entity), _WIDE)
