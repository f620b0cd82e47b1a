"""The market as data: `data/market.toml`, or the file named by TCC_MARKET."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from trusted_cloud_chat.errors import SettingsError
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.language.senses import Phrases
from trusted_cloud_chat.language.words import words
from trusted_cloud_chat.market.vocabulary import Vocabulary
from trusted_cloud_chat.question.question import Question
from trusted_cloud_chat.schema import Language

_FURTHER = 2
"""Content words, beside names and words of the list, from which a question asks for something else."""
_IN_A_CELL = ("scheme", "party", "figure")
"""Kinds of attributes of which one fact fills a cell of a table."""


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
    """A list of facts that can be asked for."""

    asked: tuple[str, ...]
    items: tuple[str, ...] = ()
    """The words of a question for the items."""
    stage: str | None = None
    """Items are those who have reached this stage;"""
    before: bool = False
    """or those who have not."""
    gained: tuple[str, ...] = ()
    """Words of a question about who reached the stage in a time, rather than who was there then."""
    promises: bool = False
    attributes: tuple[str, ...] = ()
    """What facts of these tell of the one that is named: the other parties, or events with their day;"""
    mutual: bool = False
    """the one that is named being either party;"""
    told: tuple[str, ...] = ()
    """only in sentences with one of these words."""
    services: bool = False
    chronology: bool = False
    """Events and promises of a name, oldest first."""
    promised: bool = False
    """Each promised day of a name and its outcome, oldest first."""
    standing: bool = False
    """The newest state of a name, by attribute."""
    changed: bool = False
    """Events of the time in the question."""
    expires: bool = False
    """Qualifications that end in the time in the question."""

    @property
    def in_time(self) -> bool:
        """Whether any kind of question may ask for it."""
        return self.chronology or self.promised or self.standing or self.changed or self.expires or self.promises


class CriterionRow(_Named):
    """A criterion of comparisons: the words that ask for it, the kinds of names that it suits, its facts."""

    asked: tuple[str, ...]
    attribute: str
    told: tuple[str, ...] = ()
    """Words that the sentence must have if its facts state other things too."""
    usual: tuple[str, ...] = ()


class _QualificationRow(_Row):
    words: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    """Further words of a question about the stage alone."""
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
    """Words of a comparison without a criterion."""
    list: tuple[ListRow, ...] = ()
    criterion: tuple[CriterionRow, ...] = ()
    attribute: tuple[dict[str, Any], ...] = ()
    service: tuple[dict[str, Any], ...] = ()
    """Read by the room `market`."""


@dataclass(frozen=True)
class Market:
    """The stages, lists and criteria of one market; all may be empty."""

    rows: _MarketFile
    vocabulary: Vocabulary = field(default_factory=Vocabulary)

    @cached_property
    def _phrases(self) -> dict[tuple[str, ...], Phrases]:
        return {}

    def has(self, entries: tuple[str, ...], text: str) -> bool:
        """Whether `text` has one of `entries`."""
        return bool(entries) and bool(self.places(entries, text))

    def places(self, entries: tuple[str, ...], text: str) -> tuple[tuple[int, int], ...]:
        """The places of the entries: number of the first word, and of the one after the last."""
        if entries not in self._phrases:
            self._phrases[entries] = Phrases(entries)
        return self._phrases[entries].spans(words(text))

    def stage(self, name: str) -> StageRow:
        return next(row for row in self.rows.stage if row.id == name)

    def asked_list(self, question: Question, names: Sequence[str] = ()) -> ListRow | None:
        """The list that a question asks for, and nothing more beside `names` and its own."""
        rows = (row for row in self.rows.list if self.has(row.asked, question.searched))
        known = [fold(name) for name in names]
        return next((row for row in rows if len(question.further((*row.asked, *row.items, *known))) < _FURTHER), None)

    def criteria(self, question: Question, kind: str) -> list[CriterionRow]:
        """The criteria that a question asks for, else those usual for names of `kind`."""
        asked = [row for row in self.rows.criterion if self.has(row.asked, question.searched)]
        known = {row.attribute for row in self.rows.criterion}
        for one in self.vocabulary.attribute:
            if one.kind in _IN_A_CELL and one.id not in known and self.has(one.asked, question.searched):
                asked.append(CriterionRow(id=one.id, fr=one.fr, en=one.en, asked=one.asked, attribute=one.id))
        open_question = len(question.further(self.rows.comparing)) < _FURTHER
        return asked or [row for row in self.rows.criterion if kind in row.usual and open_question]


def load_market(path: Path | None = None) -> Market:
    """The shipped market, or that of `path`. Raises SettingsError for an invalid file."""
    try:
        if path is None:
            text = resources.files("trusted_cloud_chat.data").joinpath("market.toml").read_text("utf-8")
        else:
            text = path.read_text("utf-8")
        told = tomllib.loads(text)
        return Market(_MarketFile.model_validate(told), Vocabulary.model_validate(told))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise SettingsError(
            f"TCC_MARKET={path} does not fit: {error}. See docs/answers.md or `unset TCC_MARKET`"
        ) from error
