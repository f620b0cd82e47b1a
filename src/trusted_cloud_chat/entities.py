"""Finds named entities: aliases are data, letter case counts where it is significant, questions may be misspelt."""

import hashlib
import tomllib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from trusted_cloud_chat.data import read
from trusted_cloud_chat.errors import SettingsError
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.language.stems import STOPWORDS_EN, STOPWORDS_FR
from trusted_cloud_chat.language.words import Word, words

_MIN_FUZZY = 5
"""Minimum length of a name that is recognised with one wrong letter."""
_LONG_NAME = 10
"""Minimum length of a name that is recognised with two wrong letters."""
_MEND = ". See docs/answers.md for the form, or `unset TCC_ALIASES`"
_KEPT = 4096
"""Size of the cache of mentions: an answer looks at the same sentences many times."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A row of `aliases.toml`."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=2)]
    names: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    case: bool = False
    """Whether its names match only in their own letter case."""
    kind: str = "actor"
    cased: tuple[str, ...] = ()
    """The `names` that match only in their own letter case: « European Sovereign Cloud » is an offer, a “European sovereign cloud” any cloud."""


@dataclass(frozen=True, slots=True)
class Mention:
    """`text[start:end]` names `entity`."""

    entity: Entity
    start: int
    end: int
    text: str
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class _Name:
    """A name of an entity as words: folded, or as written if case counts."""

    entity: Entity
    parts: tuple[str, ...]
    case: bool


_ALIASES = TypeAdapter(dict[Literal["entity"], list[Entity]])


class EntityBook:
    """Finds entities in text. The longest name wins; a misspelt name counts only outside the others."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        entities = list(entities)
        self.digest = hashlib.sha256(repr(entities).encode()).hexdigest()
        self.names = tuple(sorted({entity.name for entity in entities}, key=fold))
        self.related = frozenset(fold(name) for entity in entities for name in entity.related)
        """Folded names that are related to an entity but do not name it: Thales, of S3NS."""
        self._by_first: dict[str, list[_Name]] = {}
        """By their folded first word; names with most words first."""
        self._single: dict[str, dict[str, Entity]] = {}
        """Names of one word by their first letter, for misspellings."""
        for entity in entities:
            for name in (entity.name, *entity.names):
                self._add(name, entity)
        for named in self._by_first.values():
            named.sort(key=lambda name: -sum(map(len, name.parts)))
        self.written = lru_cache(maxsize=_KEPT)(self._read)
        """The mentions in a text, in order. Misspelt names do not count: in an article they may be other names."""

    def _add(self, name: str, entity: Entity) -> None:
        parts = words(name)
        case = entity.case or name in entity.cased
        forms = [tuple(part.text if case else part.folded for part in parts)]
        if len(parts) > 1:  # « CloudTemple »
            forms.append(("".join(forms[0]),))
        for form in forms:
            self._by_first.setdefault(fold(form[0]), []).append(_Name(entity, form, case))
        if len(parts) == 1 and len(parts[0].folded) >= _MIN_FUZZY and not entity.case:
            self._single.setdefault(parts[0].folded[0], {}).setdefault(parts[0].folded, entity)

    def find(self, question: str) -> list[Mention]:
        """The mentions in a question, in order and disjoint, including misspelt names. Offsets count in `question`.

        If the question is all lower case (after its first letter) or all capitals, letter case is ignored.
        """
        any_case = question[1:].islower() or question.isupper()
        written = [*(self._read(question, any_case=True) if any_case else self.written(question))]
        return sorted([*written, *self._misspelt(question, written)], key=lambda mention: mention.start)

    def actors(self, text: str) -> list[Mention]:
        """The mentions of actors in text order."""
        return [mention for mention in self.written(text) if mention.entity.kind == "actor"]

    def named(self, text: str, names: Collection[str]) -> set[str]:
        """The entities among `names` that `text` mentions under any of their names."""
        return {mention.entity.name for mention in self.written(text)} & set(names)

    def _read(self, text: str, *, any_case: bool = False) -> tuple[Mention, ...]:
        found: list[Mention] = []
        said, place = words(text), 0
        while place < len(said):
            name = self._at(said, place, any_case)
            if name is None:
                place += 1
                continue
            start, end = said[place].start, said[place + len(name.parts) - 1].end
            found.append(Mention(name.entity, start, end, text[start:end]))
            place += len(name.parts)
        return tuple(found)

    def _at(self, said: Sequence[Word], place: int, any_case: bool) -> _Name | None:
        """The longest name starting at that word."""
        for name in self._by_first.get(said[place].folded, ()):
            stand = said[place : place + len(name.parts)]
            if any_case and name.case:
                same = tuple(word.folded for word in stand) == tuple(map(fold, name.parts))
            else:
                same = tuple(word.text if name.case else word.folded for word in stand) == name.parts
            if same:
                return name
        return None

    def _misspelt(self, text: str, taken: Sequence[Mention]) -> Iterator[Mention]:
        for word in words(text):
            known = word.folded in STOPWORDS_FR or word.folded in STOPWORDS_EN
            inside = any(mention.start <= word.start < mention.end for mention in taken)
            if len(word.folded) < _MIN_FUZZY or known or inside:
                continue
            entity = self._nearest(word.folded)
            if entity is not None:
                yield Mention(entity, word.start, word.end, word.text, corrected=True)

    def _nearest(self, word: str) -> Entity | None:
        """The entity one edit away (two for a long name) with the same first letter."""
        known = self._single.get(word[0], {})
        near = process.extract(word, list(known), scorer=DamerauLevenshtein.distance, score_cutoff=2, limit=None)
        return next((known[name] for name, far, _ in near if 0 < far <= (1 if len(name) < _LONG_NAME else 2)), None)


def load_entities(extra: Path | None = None) -> EntityBook:
    """The shipped aliases, and those of `extra` after them. Raises SettingsError for an invalid file."""
    entities = _parse(read("aliases.toml"), "aliases.toml")
    if extra is not None:
        try:
            text = extra.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"TCC_ALIASES={extra} cannot be read: {error}{_MEND}") from error
        entities += _parse(text, str(extra))
    return EntityBook(entities)


def _parse(text: str, name: str) -> list[Entity]:
    try:
        found = _ALIASES.validate_python(tomllib.loads(text)).get("entity", [])
        return [replace(entity, names=(*entity.names, *entity.cased)) for entity in found]
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise SettingsError(f"the aliases in {name} are invalid: {error}{_MEND}") from error
