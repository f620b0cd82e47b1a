"""A comparison: a column an entity, a row a criterion, a quote a cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from trusted_cloud_chat.answering.forms.criteria import Criterion, criteria_of
from trusted_cloud_chat.answering.forms.polar_question import another_opens
from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.answering.timeline.moments import said_on
from trusted_cloud_chat.answering.timeline.promises import promises
from trusted_cloud_chat.answering.timeline.stages import QUALIFICATION, read_stage
from trusted_cloud_chat.answering.timeline.statements import clauses
from trusted_cloud_chat.entities import EntityBook, without_mentions
from trusted_cloud_chat.schema import Article
from trusted_cloud_chat.text import fold, fold_in_place
from trusted_cloud_chat.understanding import Understanding

_MOST_COLUMNS = 4
_SHARED = 2.0
"""What a sentence loses for naming another of the compared."""
_FAR = 4.0
"""A sentence this far below the best one is about something else."""
_COMPARES = re.compile(
    r"\bcompar|\bdifferen|\bvs\b|\bversus\b|par rapport a|d'un cote|\blequel\b|\blaquelle\b|\bchacune?s?\b|respectivement|"
    r"\btous deux\b|\btoutes deux\b|\bles deux\b|\bqui\b.* quoi\b|\bwhich of\b|\bboth\b|\brespectively\b|\beach\b|\bcompared\b"
)

_NOT_ABOUT = re.compile(r"\b(?:avant|apres|hors|sauf|before|after|except)\s*$")
"""What stands before a name that its clause is not about."""
_A_YEAR = 1.0
"""What a year of age costs a sentence that tells a state."""


@dataclass(frozen=True, slots=True)
class _Named:
    """A sentence, and where it first names each of the compared that it names."""

    choice: Selected
    starts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Row:
    """A criterion and the sentence that tells it of each entity, None where none does."""

    label: str
    cells: tuple[Selected | None, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    entities: tuple[str, ...]
    rows: tuple[Row, ...]


def compare(understood: Understanding, ranked: Sequence[Selected], entities: EntityBook) -> Comparison | None:
    """The table of a question that compares two entities or more; None for any other, or where no cell is told."""
    query = understood.query
    folded = fold(query.text)
    kind, compared = _compared(query.text, entities)
    if len(compared) < 2 or not (query.kind == "comparison" or _COMPARES.search(folded)):
        return None
    # « EUCS et SecNumCloud » does not ask who is qualified: the names of those compared are no criteria.
    mentions = [m for m in entities.find(query.text) if m.entity.name in compared]
    criteria = criteria_of(fold(without_mentions(query.text, mentions)), kind)
    named = [_read(c, compared, entities) for c in ranked if c.score >= ranked[0].score - _FAR]
    rows = [Row(c.label(query.language), tuple(_best(c, name, named, entities) for name in compared)) for c in criteria]
    told = tuple(row for row in rows if any(row.cells))
    return Comparison(compared, told) if told else None


def _compared(text: str, entities: EntityBook) -> tuple[str, tuple[str, ...]]:
    """The kind and the names of the largest group in the question: actors with actors, laws with laws."""
    found: dict[str, dict[str, None]] = {}
    for mention in entities.find(text):
        found.setdefault(mention.entity.kind, {})[mention.entity.name] = None
    if not found:
        return "", ()
    kind, names = max(found.items(), key=lambda group: len(group[1]))
    return kind, tuple(names)[:_MOST_COLUMNS]


def _best(criterion: Criterion, name: str, named: Sequence[_Named], entities: EntityBook) -> Selected | None:
    """The sentence that tells it best of this entity: one about the entity before one about others too."""
    telling = [(value, one.choice) for one in named if (value := _value(criterion, name, one, entities)) is not None]
    return max(telling, key=lambda pair: pair[0])[1] if telling else None


def _value(criterion: Criterion, name: str, one: _Named, entities: EntityBook) -> float | None:
    """The sentence's score, less where it shares the matter with another; None where it does not tell it of `name`."""
    start = one.starts.get(name)
    if start is None:
        return None
    told = criterion.told.search(fold(one.choice.text))
    if told is None:
        return None
    shared = len(one.starts) > 1
    # « L’avis sur des coentreprises comme Bleu et S3NS » tells nothing of either's shareholders.
    if shared and told.start() < start:
        return None
    article = one.choice.passage.article
    if criterion.staged and not _tells_stage(name, one.choice.text, article, entities):
        return None
    text = one.choice.text
    said = said_on(text, article.date, plans=promises(text)) if criterion.changes else None
    newer = said.middle.toordinal() / 365.25 * _A_YEAR if said else 0.0
    return one.choice.score + newer - (_SHARED if shared else 0.0)


def _tells_stage(name: str, text: str, article: Article, entities: EntityBook) -> bool:
    """Whether a clause about it says how far its qualification is: « neuf entreprises l’ont eue avant S3NS » does not.

    A certification has no stages.
    """
    if not QUALIFICATION.search(fold_in_place(text)):
        return True
    for clause in clauses(text):
        actors = [m for m in entities.find(clause) if m.entity.kind == "actor" and not m.corrected]
        own = next((m for m in actors[:1] if m.entity.name == name), None)
        if own is None or _NOT_ABOUT.search(fold(clause[: own.start])) or another_opens(clause[: own.start]):
            continue
        if read_stage(clause, article, frozenset({fold(own.text), fold(name)}), name) is not None:
            return True
    return False


def _read(choice: Selected, compared: Sequence[str], entities: EntityBook) -> _Named:
    starts: dict[str, int] = {}
    for mention in entities.find(choice.text):
        if mention.entity.name in compared and not mention.corrected:
            starts.setdefault(mention.entity.name, mention.start)
    return _Named(choice, starts)
