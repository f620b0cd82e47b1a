"""A comparison: a column an entity, a row a criterion, a quote a cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.text import fold
from trusted_cloud_chat.understanding import Understanding

_MOST_COLUMNS = 4
_NEARLY_AS_GOOD = 2.0
_FAR = 4.0
"""A sentence this far below the best one is about something else."""
_COMPARES = re.compile(
    r"\bcompar|\bdifferen|\bvs\b|\bversus\b|par rapport a|d'un cote|\blequel\b|\blaquelle\b|\bchacune?s?\b|respectivement|"
    r"\btous deux\b|\btoutes deux\b|\bles deux\b|\bqui\b.* quoi\b|\bwhich of\b|\bboth\b|\brespectively\b|\beach\b|\bcompared\b"
)


@dataclass(frozen=True, slots=True)
class Criterion:
    """What is compared: how the question asks for it, what a sentence that tells it has."""

    fr: str
    en: str
    asked: re.Pattern[str]
    told: re.Pattern[str]
    usual: bool = False
    """Shown where the question names no criterion."""

    def label(self, language: Language) -> str:
        return self.en if language == "en" else self.fr


def _criterion(fr: str, en: str, asked: str, told: str, *, usual: bool = False) -> Criterion:
    return Criterion(fr, en, re.compile(asked), re.compile(told), usual)


_CRITERIA = (
    _criterion("Qualification", "Qualification", r"qualifi|secnumcloud|certifi|statut|status|\bsnc\b|jalon|milestone",
               r"qualifi|certifi|\bjalon|\bj[0-3]\b|milestone", usual=True),
    _criterion("Actionnaires", "Shareholders", r"actionn|capital|detien|appartien|propriet|\bown|sharehold|porteur|maison mere",
               r"actionn|\bcapital|detien|detenu|appartien|filiale|coentreprise|co-entreprise|societe commune|maison mere|\bown(?:s|ed)?\b|subsidiary|joint venture|sharehold",
               usual=True),
    _criterion("Technologie", "Technology", r"techno|logiciel|software|fond(?:e|ee)s? sur|\bbased on",
               r"technolog|sous licence|bati\w* sur|fond\w* sur|repose|s'appuie|exploite\w* .*(?:azure|google|microsoft)|based on|built on|licen[cs]e",
               usual=True),
    _criterion("Dates", "Dates", r"\bquand\b|\bdates?\b|calendrier|\bwhen\b|premier\b|first\b|timeline",
               r"\b(?:lance|ouvr|ouvert|cree|annonc|obten|obtenu|recu|prevu|attendu|launch|open|creat|announc|obtain)\w*\b.*\b20\d\d\b|\b20\d\d\b.*\b(?:lance|ouvr|ouvert|cree|obten|obtenu|launch|open)", usual=True),
    _criterion("Prix et montants", "Prices and amounts", r"\bprix\b|tarif|\bcout|montant|budget|combien|price|\bcosts?\b|amount|pes(?:e|ait|aient)\b",
               r"\d.*(?:€|euros?\b|dollars?\b|%)|[€$]\d"),
    _criterion("Clients", "Customers", r"clients?\b|customers?\b", r"client|a choisi|ont choisi|a retenu|\bsigne|customer|signed|selected"),
    _criterion("Sites", "Sites", r"\bou\b .*(?:heberg|situe)|centres? de donnees|data ?cent|implant|localis|\bsites?\b",
               r"centres? de donnees|data ?cent|\bsites?\b|heberge|\bregions?\b|implant"),
    _criterion("Exigences", "Requirements", r"exigen|critere|obligat|regles?\b|require|criteri|niveau|level|dur\b",
               r"exig|obligat|impose|interdi|critere|require|mandatory|niveau|level"),
)  # fmt: skip


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
    compared = _compared(query.text, entities)
    if len(compared) < 2 or not (query.kind == "comparison" or _COMPARES.search(folded)):
        return None
    criteria = _criteria(folded, compared)
    read = [choice for choice in ranked if choice.score >= ranked[0].score - _FAR]
    named = [(choice, entities.named(choice.text, compared)) for choice in read]
    rows = [Row(c.label(query.language), tuple(_best(c, name, named) for name in compared)) for c in criteria]
    told = tuple(row for row in rows if any(row.cells))
    return Comparison(compared, told) if told else None


def _compared(text: str, entities: EntityBook) -> tuple[str, ...]:
    """The names of the most frequent sort among those in the question: actors with actors, laws with laws."""
    found: dict[str, dict[str, None]] = {}
    for mention in entities.find(text):
        found.setdefault(mention.entity.kind, {})[mention.entity.name] = None
    groups = sorted(found.values(), key=len, reverse=True)
    return tuple(groups[0])[:_MOST_COLUMNS] if groups else ()


def _criteria(folded: str, compared: Sequence[str]) -> list[Criterion]:
    """Those that the question names, else the usual ones. Names of the compared are no criterion."""
    rest = folded
    for name in compared:
        rest = rest.replace(fold(name), " ")
    asked = [criterion for criterion in _CRITERIA if criterion.asked.search(rest)]
    return asked or [criterion for criterion in _CRITERIA if criterion.usual]


def _best(criterion: Criterion, name: str, named: Sequence[tuple[Selected, set[str]]]) -> Selected | None:
    """The best sentence that tells it of this entity; of two nearly as good, the one that names no other compared."""
    telling = [(choice, names) for choice, names in named if name in names and criterion.told.search(fold(choice.text))]
    if not telling:
        return None
    best = telling[0][0]
    close = [choice for choice, names in telling if names == {name} and choice.score >= best.score - _NEARLY_AS_GOOD]
    return close[0] if close else best
