"""A comparison: a column an entity, a row a criterion, a quote a cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from trusted_cloud_chat.answering.forms.cells import Cells, LookUp
from trusted_cloud_chat.answering.forms.criteria import asked_criteria, usual_criteria
from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.answering.timeline.stages import QUALIFICATION
from trusted_cloud_chat.answering.timeline.topic import FRAME
from trusted_cloud_chat.entities import EntityBook, without_mentions
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.text import fold, lexical_tokens
from trusted_cloud_chat.understanding import Understanding

_MOST_COLUMNS = 4
_COMPARES = re.compile(
    r"\bcompar|\bdifferen|\bvs\b|\bversus\b|par rapport a|d'un cote|\blequel\b|\blaquelle\b|\bchacune?s?\b|respectivement|"
    r"\btous deux\b|\btoutes deux\b|\bles deux\b|\bqui\b.* quoi\b|\bwhich of\b|\bboth\b|\brespectively\b|\beach\b|\bcompared\b"
)

_ONE_OF = re.compile(r"\b(?:lequel|laquelle|which)\b")
_ASKS_FOR_A_TABLE = re.compile(
    r"\b(?:compar\w*|differ\w*|vs|versus|between|fais|faire|dresse[rz]?|donne[rz]?|montre[rz]?|peux|pouvez|pourr\w+|tableau|table|detail\w*|"
    r"s'il (?:te|vous) plait|please|make|give|show)\b"
)
_FEW = 3
"""Words beside names that a question for everything may have: « FISA section 702 », « concrètes pour une administration »."""
_WHICH_IS = re.compile(
    r"^\W*(?:et |and )?(?:qui|who) (?:est|sont|is|are|a|ont|has|have)\b.*(?:,|:|\b(?:entre|between|parmi|of)\b) ?.*\b(?:ou|or|et|and)\b"
)
"""« Qui est qualifié, Bleu ou S3NS ? »"""


@dataclass(frozen=True, slots=True)
class Row:
    """A criterion and the sentence that tells it of each entity, None where none does."""

    label: str
    cells: tuple[Selected | None, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    entities: tuple[str, ...]
    rows: tuple[Row, ...]
    staged: bool = False
    """Whether a row tells how far each one's qualification is, newer than what is said of several at once."""


def compare(
    understood: Understanding, ranked: Sequence[Selected], entities: EntityBook, look_up: LookUp | None = None
) -> Comparison | None:
    """The table of a question that compares two entities or more; None for any other, or where no cell is told.

    Whether two of them are qualified, or which, is told by a table too: each has its own state. Without `look_up` the cells are found
    in `ranked` alone.
    """
    query = understood.query
    folded = fold(query.text)
    kind, compared = _compared(query.text, entities)
    which = query.kind == "yes_no" or (query.kind == "who" and _WHICH_IS.search(folded))
    which_qualified = which and kind == "actor" and QUALIFICATION.search(folded)
    if len(compared) < 2 or not (query.kind == "comparison" or _COMPARES.search(folded) or which_qualified):
        return None
    # « EUCS et SecNumCloud » does not ask who is qualified: the names of those compared are no criteria.
    mentions = [m for m in entities.find(query.text) if m.entity.name in compared]
    rest = fold(without_mentions(query.text, mentions))
    criteria = asked_criteria(rest) or (usual_criteria(kind) if _asks_nothing_else(rest, query.language) else [])
    cells = Cells(understood, kind, compared, ranked, entities, look_up)
    rows = [Row(c.label(query.language), tuple(cells.find(c, name) for name in compared)) for c in criteria]
    told = tuple(row for row in rows if any(row.cells))
    staged = any(c.staged and any(row.cells) for c, row in zip(criteria, rows, strict=True))
    return Comparison(compared, told, staged) if told else None


def _asks_nothing_else(rest: str, language: Language) -> bool:
    """Whether a folded question without its names says no more than that they are to be compared.

    « Lequel a le plus vendu à l’UGAP ? » is answered by what tells that, and no table of shareholders.
    """
    words = set(lexical_tokens(_ASKS_FOR_A_TABLE.sub(" ", rest), language)) - FRAME
    return len(words) <= (1 if _ONE_OF.search(rest) else _FEW)


def _compared(text: str, entities: EntityBook) -> tuple[str, tuple[str, ...]]:
    """The kind and the names of the largest group in the question: actors with actors, laws with laws."""
    found: dict[str, dict[str, None]] = {}
    for mention in entities.find(text):
        found.setdefault(mention.entity.kind, {})[mention.entity.name] = None
    if not found:
        return "", ()
    kind, names = max(found.items(), key=lambda group: len(group[1]))
    return kind, tuple(names)[:_MOST_COLUMNS]
