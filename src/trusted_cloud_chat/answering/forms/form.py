"""The input and output of every form."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from trusted_cloud_chat.answering.forms.known import Known, State
from trusted_cloud_chat.answering.market import Market
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.evidence.gathering import Evidence
from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.market.promises import Promise
from trusted_cloud_chat.trace import Trace


@dataclass(frozen=True, slots=True)
class TableRow:
    """A criterion and a quote for each entity, or None."""

    label: str
    cells: tuple[Selected | None, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    entities: tuple[str, ...]
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """The quotes of an answer and their arrangement."""

    quotes: tuple[Selected, ...] = ()
    lead: str = ""
    """The line above the quotes."""
    listed: bool = False
    """Whether the quotes are items of a list."""
    table: Comparison | None = None
    proves: bool = False
    """Whether the form proves that the corpus answers, whatever the confidence."""
    states: tuple[State, ...] = ()
    """In a list by stage: the states that the quotes prove."""
    promised: tuple[Promise, ...] = ()
    """In a list of promises: the promises in the quotes."""
    newest_last: bool = False
    """Whether the quotes are in chronological order."""
    opened: int = 1
    """The number of leading quotes; outside of a list the others are folded."""

    @property
    def shown(self) -> tuple[Selected, ...]:
        """The quotes, and those in the cells of the table."""
        cells = (cell for row in self.table.rows for cell in row.cells if cell) if self.table else ()
        return (*self.quotes, *cells)


@dataclass(frozen=True, slots=True)
class Maker:
    """The input of a form."""

    evidence: Evidence
    entities: EntityBook
    market: Market
    trace: Trace = field(default_factory=Trace)
    known: Known | None = None

    @property
    def asked_actors(self) -> Sequence[str]:
        return [entity.name for entity in self.evidence.question.actors]
