"""Names of the market in a question: aliases as data, letter case where it tells, misspellings."""

from __future__ import annotations

import itertools
import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from rapidfuzz.distance import DamerauLevenshtein

from trusted_cloud_chat.errors import SettingsError
from trusted_cloud_chat.text import fold, normalise
from trusted_cloud_chat.text.lexical import STOPWORDS_EN, STOPWORDS_FR

_GENITIVE = re.compile(r"^[’']s\b")
_WORD = re.compile(r"[\w.-]*\w")
_WORD_START = re.compile(r"(?<!\w)\w{3}")
"""By so much of its first word a name is looked up: most names do not begin like any word of a text."""
_WORDS = re.compile(r"\w+")
_MIN_SIGN = 3
"""Letters of a word by which a description is looked up."""
_MIN_FUZZY = 5
"""Letters of a name below which a neighbour is another word, not a slip."""
_NEVER_MISSPELT = STOPWORDS_FR | STOPWORDS_EN | {"worldwide"}
"""Words that are near a name and are themselves: « aussi » is not ANSSI."""
_KEPT = 512
"""Sets of entities whose names are kept at hand: one question asks of many sentences whether they name the same."""
_SHORT = 2
"""Words in capitals that may be acronyms: « EUCS ? », « NIS2 SREN »."""
_BEFORE_A_NAME = re.compile(
    r"^\W*$|\b(?:de|et|ou|que|chez|pour|par|avec|entre|a|of|and|or|at|by|with|for|is|does|has)\s+$"
)


_OF_ANOTHER_COUNTRY = (
    r"(?:allemand|italien|neerlandais|hollandais|britannique|europeen|espagnol|belge|suisse|americain|luxembourgeois|chinois|canadien|polonais|"
    r"suedois|danois|autrichien|irlandais|portugais)(?:ne|e)?s?"
)
_FOREIGN_BEFORE = re.compile(
    r"\b(?:dutch|german|italian|british|european|spanish|belgian|swiss|american|us|luxembourg(?:ish)?|chinese|canadian|polish|swedish|danish|"
    r"austrian|irish|portuguese|uk|eu) $"
)
_FOREIGN_AFTER = re.compile(rf"^ {_OF_ANOTHER_COUNTRY}\b")
"""Beside a description: « le cloud du fisc néerlandais » is another one's."""
_ASKED_FOR = re.compile(
    r"(?:\bquel(?:le)?s?(?: (?:est|sont|etaient|etait))?|\bqui (?:est|sont|etait)|\bc'est qui|\b(?:which|who)(?: is| are| was|'s)?) (?:le |la |l'|les |the )?$|"
    r"\b(?:une?|des|an) $"
)
"""Before one: « Quelle centrale d’achat… ? » asks which, and « une filiale cloud d’Orange » is any."""


@dataclass(frozen=True, slots=True)
class Entity:
    name: str
    names: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    case: bool = False
    """Whether its names count only when written as they are;"""
    kind: str = "actor"
    cased: tuple[str, ...] = ()
    """or those of `names` that do: « European Sovereign Cloud » is one, a “European sovereign cloud” is any."""
    described: tuple[str, ...] = ()
    """What people call it without naming it, « le constructeur du Rafale »: understood, and not searched for, since articles
    name it."""


@dataclass(frozen=True, slots=True)
class _Name:
    """One of an entity's names; `source` is a pattern of text with its accents folded, and of small letters unless `case`."""

    entity: Entity
    source: str
    case: bool
    sign: str
    """A word of it, the first or of a description the rarest, by which it is looked up,"""
    words: tuple[str, ...]
    """and all of them: looking for these first spares most texts the pattern."""
    ends_in_another: bool
    described: bool

    def matches(self, cased: str, lowered: str) -> Iterator[re.Match[str]]:
        text = cased if self.case else lowered
        return _compiled(self.source).finditer(text) if all(word in text for word in self.words) else iter(())


@dataclass(frozen=True, slots=True)
class Mention:
    """`question[start:end]` names `entity`."""

    entity: Entity
    start: int
    end: int
    text: str
    corrected: bool = False
    described: bool = False
    """Whether `text` describes the entity rather than naming it."""


class _EntityFields(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=2)
    names: list[str] = Field(default_factory=list)
    related: list[str] = Field(default_factory=list)
    case: bool = False
    cased: list[str] = Field(default_factory=list)
    kind: str = "actor"
    described: list[str] = Field(default_factory=list)

    def to_entity(self, words: Mapping[str, list[str]]) -> Entity:
        names = (*self.names, *self.cased)
        described = tuple(dict.fromkeys(said for form in self.described for said in _said_in(form, words)))
        return Entity(self.name, names, tuple(self.related), self.case, self.kind, tuple(self.cased), described)


class _AliasFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    words: dict[str, list[str]] = Field(default_factory=dict)
    entity: list[_EntityFields] = Field(default_factory=list)


class Placed(Protocol):
    """What stands at `start` to `end` of a text: a mention, a period."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


def without_mentions(text: str, mentions: Iterable[Placed]) -> str:
    """`text` with each mention cut out, with its English genitive: "Bleu's customers"."""
    for mention in sorted(mentions, key=lambda m: -m.start):
        text = text[: mention.start] + _GENITIVE.sub("", text[mention.end :], count=1)
    return text


def with_marks(text: str, mentions: Iterable[Placed]) -> str:
    """`text` with @ for each mention: what patterns about a name, whichever it is, are looked for in."""
    for mention in sorted(mentions, key=lambda m: -m.start):
        text = f"{text[: mention.start]}@{text[mention.end :]}"
    return text


class EntityBook:
    """Finds entities in text. The longest name wins; a misspelt one counts when nothing else does."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        entities = list(entities)
        self.related = frozenset(fold(name) for entity in entities for name in entity.related)
        """Folded names that belong to an entity and are none themselves: Thales, of S3NS."""
        self._names: list[_Name] = []
        """The longest first."""
        self._places: dict[str, list[int]] = {}
        """Which of them begin so, descriptions apart; under "" those that begin otherwise than with three letters or digits."""
        self._described: dict[str, list[int]] = {}
        """Which descriptions have that word as their sign."""
        self._single: dict[str, dict[str, Entity]] = {}
        """By their first letter."""
        self._of = lru_cache(maxsize=_KEPT)(self._names_of)
        names = [(name, entity, False) for entity in entities for name in (entity.name, *entity.names)]
        names += [(said, entity, True) for entity in entities for said in entity.described]
        short = {fold(name) for name, *_ in names if " " not in name}
        signs = _signs([said for said, _, described in names if described])
        for name, entity, described in sorted(names, key=lambda found: -len(found[0])):
            folded = fold(name)
            ends_in_another = any(folded != other and folded.endswith(f" {other}") for other in short)
            self._names.append(_name(name, entity, ends_in_another, signs[name] if described else None))
            sign = self._names[-1].sign
            start = _WORD_START.match(sign)
            places = self._described if described else self._places
            places.setdefault(sign if described else start.group() if start else "", []).append(len(self._names) - 1)
            if len(folded) >= _MIN_FUZZY and not entity.case and _WORD.fullmatch(folded):
                self._single.setdefault(folded[0], {}).setdefault(folded, entity)

    def find(self, text: str) -> list[Mention]:
        """Mentions in text order, disjoint. Offsets count in `text`."""
        written = self.written(text)
        return sorted([*written, *self._misspelt(text, written)], key=lambda mention: mention.start)

    def actors(self, text: str) -> list[Mention]:
        """The mentions of actors in text order, but for misspelt ones, which in an article may be another's name."""
        return [mention for mention in self.written(text) if mention.entity.kind == "actor"]

    def written(self, text: str) -> list[Mention]:
        """The mentions in text order, but for misspelt ones, which take longer to find."""
        cased, lowered = _same_length(text)
        taken: list[Mention] = []
        others: list[Mention] = []  # « une filiale cloud d’Iliad »: nor is « cloud d’Iliad » in it Scaleway
        for name in self._likely(cased, lowered):
            for match in name.matches(cased, lowered):
                if not _overlaps(match.start(), match.end(), [*taken, *others]):
                    found = text[match.start() : match.end()]
                    another = name.described and _of_another(match, lowered)
                    kept = others if another else taken
                    kept.append(Mention(name.entity, *match.span(), found, described=name.described))
        return sorted(taken, key=lambda mention: mention.start)

    def names_any(self, text: str) -> bool:
        """Whether any name stands in `text` as it is written: sooner told than which ones."""
        cased, lowered = _same_length(text)
        return any(
            not name.described or not _of_another(match, lowered)
            for name in self._likely(cased, lowered)
            for match in name.matches(cased, lowered)
        )

    def _likely(self, cased: str, lowered: str) -> list[_Name]:
        """The names that begin as some word of the text does, and the descriptions whose sign is one, the longest first."""
        starts = {"", *_WORD_START.findall(cased), *_WORD_START.findall(lowered)}
        words = self._described.keys() & _WORDS.findall(lowered)
        places = [place for start in starts & self._places.keys() for place in self._places[start]]
        places += [place for word in words for place in self._described[word]]
        return [self._names[place] for place in sorted(places)]

    def with_capitals(self, question: str) -> str:
        """« qui dirige bleu » → « qui dirige Bleu »: a question without capitals tells no name from a colour.

        One all in capitals is read without them. Where other words have some, only what stands at the beginning or after « de »,
        « et », « chez »… is a name: « tarif bleu EDF » stays a colour.
        """
        if question.isupper() and len(question.split()) > _SHORT:
            question = question.lower()
        mentions = self.find(question)
        mixed = any(character.isupper() for character in question[1:])
        lowered, _ = _same_length(question)
        for mention in mentions:  # « france bleu » stays the radio
            lowered = lowered[: mention.start] + "_" * len(mention.text) + lowered[mention.end :]
        for name in self._names:
            if name.case:
                for match in re.finditer(name.source, lowered, re.IGNORECASE):
                    if mixed and not _BEFORE_A_NAME.search(lowered[: match.start()].lower()):
                        continue
                    found = question[match.start() : match.end()]
                    names = (name.entity.name, *name.entity.names)
                    written = next((n for n in names if len(n) == len(found) and fold(n) == fold(found)), found)
                    question = question[: match.start()] + written + question[match.end() :]
        return question

    def named(self, text: str, names: Collection[str]) -> set[str]:
        """Which of the entities called `names` stand in `text`, under any of their names.

        Not within a longer name of another: « France Bleu » does not name Bleu.
        """
        cased, lowered = _same_length(text)
        found: set[str] = set()
        longer: list[tuple[int, int]] = []
        by_sign = self._of(frozenset(names))
        likely = [name for sign, signed in by_sign.items() if sign in lowered or sign in cased for name in signed]
        for _, name in sorted(likely, key=lambda found: found[0]):
            for match in name.matches(cased, lowered):
                if any(start <= match.start() and match.end() <= end for start, end in longer):
                    continue
                longer.append(match.span())
                if name.entity.name in names:
                    found.add(name.entity.name)
        return found

    def _names_of(self, names: frozenset[str]) -> dict[str, list[tuple[int, _Name]]]:
        """The names of the entities called `names`, and all that may hold one of them, by their sign, with their places."""
        found: dict[str, list[tuple[int, _Name]]] = {}
        for place, name in enumerate(self._names):
            if name.entity.name in names or name.ends_in_another:
                found.setdefault(name.sign, []).append((place, name))
        return found

    def _misspelt(self, text: str, taken: list[Mention]) -> list[Mention]:
        _, lowered = _same_length(text)
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
        for name, entity in self._single.get(word[0], {}).items():
            allowed = 1 if len(name) < 9 else 2
            if abs(len(name) - len(word)) > allowed:
                continue
            distance = DamerauLevenshtein.distance(name, word, score_cutoff=allowed)
            if 0 < distance <= allowed and (best is None or distance < best[0]):
                best = (distance, entity)
        return best[1] if best else None


def load_entities(extra: Path | None = None) -> EntityBook:
    """The shipped aliases, and those of `extra` after them. Raises SettingsError for a file that does not fit."""
    shipped = resources.files("trusted_cloud_chat.data").joinpath("aliases.toml").read_text("utf-8")
    words: dict[str, list[str]] = {}
    entities = _parse(shipped, "aliases.toml", words)
    if extra is not None:
        try:
            text = extra.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"TCC_ALIASES={extra} cannot be read: {error}") from error
        entities += _parse(text, str(extra), words)
    return EntityBook(entities)


def _parse(text: str, name: str, words: dict[str, list[str]]) -> list[Entity]:
    """The entities of a file, which may use the `words` of the one before; its own are added to them."""
    try:
        file = _AliasFile.model_validate(tomllib.loads(text))
        words |= file.words
        return [fields.to_entity(words) for fields in file.entity]
    except (tomllib.TOMLDecodeError, ValidationError, _UnknownWordsError) as error:
        raise SettingsError(f"the aliases in {name} do not fit: {error}. See docs/retrieval.md for the form") from error


def _of_another(match: re.Match[str], lowered: str) -> bool:
    """Whether what describes an entity is said of somebody else, or is what is asked for."""
    before, after = lowered[: match.start()], lowered[match.end() :]
    return any(
        there is not None
        for there in (_FOREIGN_BEFORE.search(before), _FOREIGN_AFTER.match(after), _ASKED_FOR.search(before))
    )


class _UnknownWordsError(ValueError):
    """A description uses words in braces that the file does not list, or of which it lists none."""


def _said_in(form: str, words: Mapping[str, list[str]]) -> Iterator[str]:
    """« {firme} de Redmond » with each of the words that `firme` stands for."""
    parts = re.split(r"\{([^{}]*)\}", form)
    unknown = [name for name in parts[1::2] if not words.get(name)] or [
        part for part in parts[::2] if set(part) & set("{}")
    ]
    if unknown:
        raise _UnknownWordsError(
            f"« {form} » uses {{{unknown[0]}}}, expected a key of [words]: {', '.join(words) or 'none'}"
        )
    choices = ([part] if place % 2 == 0 else words[part] for place, part in enumerate(parts))
    return ("".join(chosen) for chosen in itertools.product(*choices))


def _signs(descriptions: Sequence[str]) -> dict[str, str]:
    """Of each the word that the fewest others have: « bercy » of « cloud de Bercy »."""
    words = {said: [word for word in _WORDS.findall(fold(said)) if len(word) >= _MIN_SIGN] for said in descriptions}
    words = {said: [word for word in found if word not in _NEVER_MISSPELT] or found for said, found in words.items()}
    common = Counter(word for found in words.values() for word in set(found))
    return {said: min(found, key=lambda word: (common[word], -len(word))) for said, found in words.items()}


def _name(name: str, entity: Entity, ends_in_another: bool, sign: str | None) -> _Name:
    """`sign`: of a description."""
    as_written, _ = _same_length(normalise(name))
    case = (entity.case and sign is None) or name in entity.cased
    words = re.split(r"[ -]", as_written if case else fold(name))
    pattern = r"[ -]?".join(map(re.escape, words))
    source = rf"(?<![\w]){pattern}(?![\w])"
    return _Name(entity, source, case, sign or words[0], tuple(words), ends_in_another, sign is not None)


@cache
def _compiled(source: str) -> re.Pattern[str]:
    """Most names are in no text: each is compiled when its sign is there."""
    return re.compile(source)


@lru_cache(maxsize=2048)
def _same_length(text: str) -> tuple[str, str]:
    """Accents and typography folded one character for one, so that offsets stay true; and that in small letters."""
    cased = "".join(map(_folded, text))
    return cased, cased.lower()


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    folded = fold(character)
    folded = (folded.upper() if character.isupper() else folded) or character
    return folded if len(folded) == 1 else character


def _overlaps(start: int, end: int, mentions: list[Mention]) -> bool:
    return any(start < mention.end and mention.start < end for mention in mentions)
