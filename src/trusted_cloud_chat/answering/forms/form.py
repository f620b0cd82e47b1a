"""What every form returns."""

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
    """A criterion, and the quote of each entity."""

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
    """The line above them."""
    listed: bool = False
    """Whether they are items of a list."""
    table: Comparison | None = None
    proves: bool = False
    """Whether the form itself proves that the corpus answers, at any confidence."""
    states: tuple[State, ...] = ()
    """In a list by stage: what each quote proves, as of the time asked for."""
    promised: tuple[Promise, ...] = ()
    """In a list of promises: those of the quotes."""
    newest_last: bool = False
    """Whether the list is in order of time."""
    opened: int = 1
    """The number of open quotes; the others are folded."""

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
