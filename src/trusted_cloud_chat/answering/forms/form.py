"""What every form gives the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from trusted_cloud_chat.answering.forms.known import Known, State
from trusted_cloud_chat.answering.market import Market
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.evidence.gathering import Evidence
from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.market import Promise
from trusted_cloud_chat.trace import Trace


@dataclass(frozen=True, slots=True)
class TableRow:
    """A criterion, and for each entity the quote that tells it."""

    label: str
    cells: tuple[Selected | None, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    entities: tuple[str, ...]
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """The quotes of an answer and how they are arranged."""

    quotes: tuple[Selected, ...] = ()
    lead: str = ""
    """What stands above them."""
    listed: bool = False
    """Whether they are items of a list."""
    table: Comparison | None = None
    proves: bool = False
    """Whether the form itself shows that the corpus answers, whatever the confidence."""
    states: tuple[State, ...] = ()
    """What the quotes prove, in a list of those who have come to a stage: as of the time that is asked of."""
    promised: tuple[Promise, ...] = ()
    """Promises that the quotes say, in a list of them."""
    newest_last: bool = False
    """Whether the list goes on in time."""
    opened: int = 1
    """How many of the quotes stand open; the others are folded."""

    @property
    def shown(self) -> tuple[Selected, ...]:
        """The quotes, and those in the cells of the table."""
        cells = (cell for row in self.table.rows for cell in row.cells if cell) if self.table else ()
        return (*self.quotes, *cells)


@dataclass(frozen=True, slots=True)
class Maker:
    """What a form is made from."""

    evidence: Evidence
    entities: EntityBook
    market: Market
    trace: Trace = field(default_factory=Trace)
    known: Known | None = None

    @property
    def asked_actors(self) -> Sequence[str]:
        return [entity.name for entity in self.evidence.question.actors]
