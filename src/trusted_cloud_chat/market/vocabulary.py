"""The attributes of facts as data: `[[attribute]]` of `data/market.toml`, or of the file named by TCC_MARKET; and the rules by which two
facts are equal: words are normalised, dates compared as precisely as both are known.
"""

from collections.abc import Hashable
from datetime import date
from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.language.stems import content_words
from trusted_cloud_chat.particulars.reading import read_particulars
from trusted_cloud_chat.schema import Fact, Language

_SAID_BY = ("selon ", "d'apres ", "according to ")
"""Words before the name of a source, which is not a service."""
_ALIKE = 0.5
"""Minimum share of the shorter text's words that the other text has too."""
Kind = Literal["scheme", "step", "party", "figure", "event", "text"]
"""What distinguishes two facts of an attribute: scheme and version, step, other party, number, day, or words."""


class AttributeRow(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    fr: str = ""
    en: str = ""
    kind: Kind = "text"
    answers: tuple[str, ...] = ()
    """Kinds of questions (`question/kinds.py`) that it answers."""
    asked: tuple[str, ...] = ()
    """Words of a question for it, in the form of `language/fr.toml`."""
    timed: bool = False
    """Whether it can have a chronology of its own."""
    offer: bool = False
    """Whether its facts make a row of the market, like those of a qualification."""
    promised: bool = False
    """Whether a fact with a due day is a promise."""
    state: bool = False
    """Whether its newest fact is part of a subject's standing, as for offers and promises."""
    single: bool = False
    """Whether a subject has one at a time, so that other words for it mean the same."""
    with_: str = Field("", alias="with")
    """The attribute under which its promises are listed: « promise: premiers services » is « offer: premiers services »."""
    kept_by: tuple[str, ...] = ()
    """Attributes whose facts keep its promises: of the same subject, or with it as the other party."""

    def label(self, language: Language) -> str:
        return (self.en if language == "en" else self.fr) or self.id


class ServiceRow(BaseModel):
    """A service of `of`, with its other and former names."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    of: str
    name: str
    names: tuple[str, ...] = ()


class _Milestone(BaseModel):
    entry: tuple[str, ...] = ()


class _Qualification(BaseModel):
    valid_years: int = 3
    services: tuple[str, ...] = ()
    unnamed: tuple[str, ...] = ()


class Vocabulary(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    attribute: tuple[AttributeRow, ...] = ()
    service: tuple[ServiceRow, ...] = ()
    milestone: _Milestone = _Milestone()
    qualification: _Qualification = _Qualification()

    @cached_property
    def _by_id(self) -> dict[str, AttributeRow]:
        return {row.id: row for row in self.attribute}

    def row(self, attribute: str) -> AttributeRow:
        return self._by_id.get(attribute) or AttributeRow.model_validate({"id": attribute})

    def service_of(self, subject: str, service: str) -> str | None:
        """The name of the subject's service; `service` itself if unknown; None if it is not a name."""
        folded = fold(service).strip("«» ")
        if folded in map(fold, self.qualification.unnamed):
            return None
        rows = (row for row in self.service if row.of == subject)
        return next((row.name for row in rows if folded in map(fold, (row.name, *row.names))), service)

    def promised(self, attribute: str) -> str:
        """The attribute under which its promises are listed."""
        return self.row(attribute).with_ or attribute


class Wording:
    def __init__(self, entities: EntityBook, vocabulary: Vocabulary) -> None:
        self._entities = entities
        self._vocabulary = vocabulary
        self._generic = frozenset().union(*(content_words(word) for word in vocabulary.qualification.services))

    def name(self, text: str) -> str:
        """The entity's name if the text is one of its names, else the text."""
        whole = text.strip().removeprefix("la ").removeprefix("l’").removeprefix("the ")
        for mention in self._entities.written(whole):
            if mention.start == 0 and mention.end == len(whole):
                return mention.entity.name
        return whole if text.startswith("l’") else text

    def service(self, text: str | None, subject: str = "") -> Hashable:
        """The key of a service, None without one: words like « offre » do not count, and names of entities are not stemmed."""
        if text is None:
            return None
        called = self._vocabulary.service_of(subject, text)
        if called is None or fold(text).startswith(_SAID_BY):
            return None
        name = self.name(called)
        if name != called:
            return fold(name)
        stems = content_words(called, "fr")
        return (stems - self._generic) or stems

    def value(self, fact: Fact, language: Language) -> Hashable:
        """The key of the fact's value, by the kind of its attribute."""
        kind = self._vocabulary.row(fact.attribute).kind
        if kind == "party":
            return fold(self.name(fact.object)) if fact.object else self._words(fact.value, language)
        if kind == "figure":
            numbers = self.numbers(fact, language)
            return (numbers, self.service(fact.service, fact.subject)) if numbers else self._words(fact.value, language)
        if kind in ("scheme", "step"):
            return self.scheme(fact.value)
        if kind == "event" and fact.status == "done" and fact.date and fact.date.day:
            return fact.date  # facts about one day are one event, whatever it is called
        return self._words(fact.value, language)

    def numbers(self, fact: Fact, language: Language) -> tuple[tuple[float, str], ...]:
        """The figures of value and unit: « 10,547 millions d’euros » and "10.547 million euros" are equal."""
        text = " ".join(filter(None, (fact.value, fact.unit)))
        found = read_particulars(text, language, date.min, self._entities).figures if text else ()
        return tuple((figure.value, figure.unit) for figure in found)

    def scheme(self, value: str | None) -> tuple[str, str]:
        """(name of the scheme or step, version), each empty if not stated: « version 3.2 de SecNumCloud »."""
        if not value:
            return "", ""
        if any(fold(entry) in fold(value) for entry in self._vocabulary.milestone.entry):
            return "j0", ""
        folded = fold(value).split()
        version = next((word for word in folded if word[0].isdigit()), "")
        for mention in self._entities.written(value):
            if mention.entity.kind == "scheme":
                return fold(mention.entity.name), version
        return " ".join(word for word in folded if word != version), version

    def alike(self, one: Fact, other: Fact, language: Language, others: Language) -> bool:
        """Whether two values mean the same in other words; an empty value matches all."""
        mine, theirs = self._words(one.value, language), self._words(other.value, others)
        least = min(len(mine), len(theirs))
        return not least or len(mine & theirs) >= _ALIKE * least

    def _words(self, text: str | None, language: Language) -> frozenset[str]:
        return content_words(text, language) if text else frozenset()


def same_scheme(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """A missing scheme or version matches any."""
    same = one[0] == other[0] or not one[0] or not other[0]
    return same and (not one[1] or not other[1] or one[1] == other[1])


def within(one: PartialDate | None, other: PartialDate | None) -> bool:
    """Whether the dates may be the same: one within the other, or unknown."""
    if one is None or other is None:
        return True
    narrow, wide = sorted((one, other), key=lambda day: day.last_day - day.first_day)
    return wide.first_day <= narrow.first_day and narrow.last_day <= wide.last_day


def precision(day: PartialDate | None) -> int:
    return 0 if day is None else 1 + (day.month is not None) + (day.day is not None)
