"""Names of the market in a question: aliases as data, letter case where it tells, misspellings."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from rapidfuzz.distance import DamerauLevenshtein

from trusted_cloud_chat.errors import SettingsError
from trusted_cloud_chat.text import fold, normalise
from trusted_cloud_chat.text.lexical import STOPWORDS_EN, STOPWORDS_FR

_WORD = re.compile(r"[\w.-]*\w")
_MIN_FUZZY = 5
"""Letters of a name below which a neighbour is another word, not a slip."""
_NEVER_MISSPELT = STOPWORDS_FR | STOPWORDS_EN | {"worldwide"}
"""Words that are near a name and are themselves: « aussi » is not ANSSI."""
_SHORT = 2
"""Words in capitals that may be acronyms: « EUCS ? », « NIS2 SREN »."""
_BEFORE_A_NAME = re.compile(
    r"^\W*$|\b(?:de|et|ou|que|chez|pour|par|avec|entre|a|of|and|or|at|by|with|for|is|does|has)\s+$"
)


@dataclass(frozen=True, slots=True)
class Entity:
    name: str
    names: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    case: bool = False
    kind: str = "actor"


@dataclass(frozen=True, slots=True)
class Mention:
    """`question[start:end]` names `entity`."""

    entity: Entity
    start: int
    end: int
    text: str
    corrected: bool = False


class _EntityFields(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=2)
    names: list[str] = Field(default_factory=list)
    related: list[str] = Field(default_factory=list)
    case: bool = False
    kind: str = "actor"

    def to_entity(self) -> Entity:
        return Entity(self.name, tuple(self.names), tuple(self.related), self.case, self.kind)


class _AliasFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    entity: list[_EntityFields] = Field(default_factory=list)


class Placed(Protocol):
    """What stands at `start` to `end` of a text: a mention, a period."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


def without_mentions(text: str, mentions: Iterable[Placed]) -> str:
    """`text` with each mention cut out."""
    for mention in sorted(mentions, key=lambda m: -m.start):
        text = text[: mention.start] + text[mention.end :]
    return text


class EntityBook:
    """Finds entities in text. The longest name wins; a misspelt one counts when nothing else does."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        entities = list(entities)
        self.related = frozenset(fold(name) for entity in entities for name in entity.related)
        """Folded names that belong to an entity and are none themselves: Thales, of S3NS."""
        self._patterns: list[tuple[re.Pattern[str], Entity, bool]] = []
        self._single: dict[str, Entity] = {}
        self._around: set[re.Pattern[str]] = set()
        """Patterns of names that end in another's."""
        names = [(name, entity) for entity in entities for name in (entity.name, *entity.names)]
        short = {fold(name) for name, _ in names if " " not in name}
        for name, entity in sorted(names, key=lambda pair: -len(pair[0])):
            self._patterns.append((_pattern(name, entity.case), entity, entity.case))
            folded = fold(name)
            if any(folded != other and folded.endswith(f" {other}") for other in short):
                self._around.add(self._patterns[-1][0])
            if len(folded) >= _MIN_FUZZY and not entity.case and _WORD.fullmatch(folded):
                self._single.setdefault(folded, entity)

    def find(self, text: str) -> list[Mention]:
        """Mentions in text order, disjoint. Offsets count in `text`."""
        cased = _same_length(text)
        lowered = cased.lower()
        taken: list[Mention] = []
        for pattern, entity, case in self._patterns:
            for match in pattern.finditer(cased if case else lowered):
                if not _overlaps(match.start(), match.end(), taken):
                    found = text[match.start() : match.end()]
                    taken.append(Mention(entity, match.start(), match.end(), found))
        taken += self._misspelt(text, lowered, taken)
        return sorted(taken, key=lambda mention: mention.start)

    def actors(self, text: str) -> list[Mention]:
        """The mentions of actors, but for misspelt ones, which in an article may be another's name."""
        return [m for m in self.find(text) if m.entity.kind == "actor" and not m.corrected]

    def names_any(self, text: str) -> bool:
        """Whether any name stands in `text` as it is written: sooner told than which ones."""
        cased = _same_length(text)
        lowered = cased.lower()
        return any(pattern.search(cased if case else lowered) for pattern, _, case in self._patterns)

    def with_capitals(self, question: str) -> str:
        """« qui dirige bleu » → « qui dirige Bleu »: a question without capitals tells no name from a colour.

        One all in capitals is read without them. Where other words have some, only what stands at the beginning or after « de »,
        « et », « chez »… is a name: « tarif bleu EDF » stays a colour.
        """
        if question.isupper() and len(question.split()) > _SHORT:
            question = question.lower()
        mentions = self.find(question)
        mixed = any(character.isupper() for character in question[1:])
        lowered = _same_length(question)
        for mention in mentions:  # « france bleu » stays the radio
            lowered = lowered[: mention.start] + "_" * len(mention.text) + lowered[mention.end :]
        for pattern, entity, case in self._patterns:
            if case:
                for match in re.finditer(pattern.pattern, lowered, re.IGNORECASE):
                    if mixed and not _BEFORE_A_NAME.search(lowered[: match.start()].lower()):
                        continue
                    name = question[match.start() : match.end()]
                    written = next(
                        (n for n in (entity.name, *entity.names) if len(n) == len(name) and fold(n) == fold(name)), name
                    )
                    question = question[: match.start()] + written + question[match.end() :]
        return question

    def named(self, text: str, names: Collection[str]) -> set[str]:
        """Which of the entities called `names` stand in `text`, under any of their names.

        Not within a longer name of another: « France Bleu » does not name Bleu.
        """
        cased = _same_length(text)
        lowered = cased.lower()
        found: set[str] = set()
        longer: list[tuple[int, int]] = []
        for pattern, entity, case in self._patterns:
            asked = entity.name in names
            if not asked and pattern not in self._around:
                continue
            for match in pattern.finditer(cased if case else lowered):
                if any(start <= match.start() and match.end() <= end for start, end in longer):
                    continue
                longer.append(match.span())
                if asked:
                    found.add(entity.name)
        return found

    def _misspelt(self, text: str, lowered: str, taken: list[Mention]) -> list[Mention]:
        found = []
        for match in _WORD.finditer(lowered):
            word = match.group()
            if len(word) < _MIN_FUZZY or word in _NEVER_MISSPELT or _overlaps(match.start(), match.end(), taken):
                continue
            entity = self._nearest(word)
            if entity is not None:
                start, end = match.start(), match.end()
                found.append(Mention(entity, start, end, text[start:end], corrected=True))
        return found

    def _nearest(self, word: str) -> Entity | None:
        """The entity one slip away, two for a name of nine letters or more, same first letter."""
        best: tuple[int, Entity] | None = None
        for name, entity in self._single.items():
            allowed = 1 if len(name) < 9 else 2
            if name[0] != word[0] or abs(len(name) - len(word)) > allowed:
                continue
            distance = DamerauLevenshtein.distance(name, word, score_cutoff=allowed)
            if 0 < distance <= allowed and (best is None or distance < best[0]):
                best = (distance, entity)
        return best[1] if best else None


def load_entities(extra: Path | None = None) -> EntityBook:
    """The shipped aliases, and those of `extra` after them. Raises SettingsError for a file that does not fit."""
    shipped = resources.files("trusted_cloud_chat.data").joinpath("aliases.toml").read_text("utf-8")
    entities = _parse(shipped, "aliases.toml")
    if extra is not None:
        try:
            text = extra.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"TCC_ALIASES={extra} cannot be read: {error}") from error
        entities += _parse(text, str(extra))
    return EntityBook(entities)


def _parse(text: str, name: str) -> list[Entity]:
    try:
        return [fields.to_entity() for fields in _AliasFile.model_validate(tomllib.loads(text)).entity]
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise SettingsError(f"the aliases in {name} do not fit: {error}. See docs/retrieval.md for the form") from error


def _pattern(name: str, case: bool) -> re.Pattern[str]:
    plain = normalise(name) if case else fold(name)
    words = r"[ -]?".join(re.escape(word) for word in re.split(r"[ -]", plain))
    return re.compile(rf"(?<![\w]){words}(?![\w])")


def _same_length(text: str) -> str:
    """Accents and typography folded one character for one, so that offsets stay true."""
    return "".join(map(_folded, text))


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    folded = fold(character)
    folded = (folded.upper() if character.isupper() else folded) or character
    return folded if len(folded) == 1 else character


def _overlaps(start: int, end: int, mentions: list[Mention]) -> bool:
    return any(start < mention.end and mention.start < end for mention in mentions)
