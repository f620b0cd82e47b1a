"""The market as data: `data/market.toml`, or the file named by TCC_MARKET."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from trusted_cloud_chat.data import read
from trusted_cloud_chat.errors import SettingsError
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.language.senses import Phrases
from trusted_cloud_chat.language.words import words
from trusted_cloud_chat.market.vocabulary import Vocabulary
from trusted_cloud_chat.question.question import Question
from trusted_cloud_chat.schema import Language

_FURTHER = 2
"""Number of content words, besides names and the list's own words, from which a question asks for something else."""
_IN_A_CELL = ("scheme", "party", "figure")
"""Kinds of attributes of which one fact fills a table cell."""


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Named(_Row):
    id: str
    fr: str
    en: str

    def label(self, language: Language) -> str:
        return self.en if language == "en" else self.fr


class StageRow(_Named):
    """A stage of a qualification."""


class ListRow(_Named):
    """A list of facts that a question can ask for."""

    asked: tuple[str, ...]
    items: tuple[str, ...] = ()
    """Further words that a question for the list may have."""
    stage: str | None = None
    """The items are the offers that have reached this stage."""
    before: bool = False
    """Whether the items are the offers that have not reached it yet."""
    gained: tuple[str, ...] = ()
    """Words by which a question asks what reached the stage during a period, not what was at it."""
    promises: bool = False
    """Missed promises of the named entity, or of all."""
    attributes: tuple[str, ...] = ()
    """The items are the other parties, or the dated events, in the named entity's facts with these attributes."""
    mutual: bool = False
    """Whether the named entity may be either party of the fact."""
    deciders: bool = False
    """Whether only named entities that are subjects of such facts count, if there are any."""
    told: tuple[str, ...] = ()
    """Words of which a sentence must contain one to be an item."""
    services: bool = False
    """Services of the named providers."""
    chronology: bool = False
    """Events and promises of the named entity, oldest first."""
    promised: bool = False
    """Due dates promised for the named entity and their outcomes, oldest first."""
    standing: bool = False
    """The newest state of the named entity, by attribute."""
    changed: bool = False
    """Events in the period of the question."""
    ever: tuple[str, ...] = ()
    """Words by which a question without a period asks for the chronology of the named entity."""
    expires: bool = False
    """Qualifications that expire in the period of the question."""

    @property
    def in_time(self) -> bool:
        """Whether the list is about time, so that any kind of question may ask for it."""
        return self.chronology or self.promised or self.standing or self.changed or self.expires or self.promises


class CriterionRow(_Named):
    """A criterion of comparison: the words that ask for it, the attribute of its facts, the kinds of entities for which it is usual."""

    asked: tuple[str, ...]
    attribute: str
    told: tuple[str, ...] = ()
    """Words of which the sentence must contain one, if the attribute covers other things too."""
    usual: tuple[str, ...] = ()


class _QualificationRow(_Row):
    words: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    """Further words that a question about the stage alone may have."""
    held: tuple[str, ...] = ()
    valid_years: int = 3
    unnamed: tuple[str, ...] = ()
    services: tuple[str, ...] = ()


class _MilestoneRow(_Row):
    entry: tuple[str, ...] = ()


class _MarketFile(_Row):
    qualification: _QualificationRow = _QualificationRow()
    milestone: _MilestoneRow = _MilestoneRow()
    stage: tuple[StageRow, ...] = ()
    comparing: tuple[str, ...] = ()
    """Words that compare without naming a criterion."""
    list: tuple[ListRow, ...] = ()
    criterion: tuple[CriterionRow, ...] = ()
    attribute: tuple[dict[str, Any], ...] = ()
    service: tuple[dict[str, Any], ...] = ()
    """`attribute` and `service` are validated by `market.vocabulary`."""


@dataclass(frozen=True)
class Market:
    """The stages, lists and criteria of one market; all may be empty."""

    rows: _MarketFile
    vocabulary: Vocabulary = field(default_factory=Vocabulary)

    @cached_property
    def _phrases(self) -> dict[tuple[str, ...], Phrases]:
        return {}

    def has(self, entries: tuple[str, ...], text: str) -> bool:
        """Whether `text` contains one of `entries`."""
        return bool(entries) and bool(self.places(entries, text))

    def places(self, entries: tuple[str, ...], text: str) -> tuple[tuple[int, int], ...]:
        """The matches of `entries` in `text` as (first word, word after the last), counted from 0."""
        if entries not in self._phrases:
            self._phrases[entries] = Phrases(entries)
        return self._phrases[entries].spans(words(text))

    def stage(self, name: str) -> StageRow:
        return next(row for row in self.rows.stage if row.id == name)

    def asked_list(self, question: Question, names: Sequence[str] = ()) -> ListRow | None:
        """The first list that a question asks for, unless it has two or more other content words.

        Not counted are `names`, the words of the list and, for a list about time, the words that ask for an attribute.
        """
        rows = (row for row in self.rows.list if self.has(row.asked, question.searched))
        known = [fold(name) for name in names]
        of_facts = [word for row in self.vocabulary.attribute for word in row.asked]

        def others(row: ListRow) -> int:
            return len(question.further((*row.asked, *row.items, *known, *(of_facts if row.in_time else ()))))

        return next((row for row in rows if others(row) < _FURTHER), None)

    def criteria(self, question: Question, kind: str) -> list[CriterionRow]:
        """The criteria that a question asks for; without any, those usual for entities of `kind` if it asks for nothing else."""
        asked = [row for row in self.rows.criterion if self.has(row.asked, question.searched)]
        known = {row.attribute for row in self.rows.criterion}
        for one in self.vocabulary.attribute:
            if one.kind in _IN_A_CELL and one.id not in known and self.has(one.asked, question.searched):
                asked.append(CriterionRow(id=one.id, fr=one.fr, en=one.en, asked=one.asked, attribute=one.id))
        open_question = len(question.further(self.rows.comparing)) < _FURTHER
        return asked or [row for row in self.rows.criterion if kind in row.usual and open_question]


def load_market(path: Path | None = None) -> Market:
    """Loads the shipped market, or that of `path`. Raises SettingsError if the file is missing or invalid."""
    try:
        told = tomllib.loads(path.read_text("utf-8") if path else read("market.toml"))
        return Market(_MarketFile.model_validate(told), Vocabulary.model_validate(told))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise SettingsError(
            f"TCC_MARKET={path} is not a valid market file: {error}. See docs/answers.md or `unset TCC_MARKET`"
        ) from error
