"""The attributes of facts as data: `[[attribute]]` of `data/market.toml`, or of the file named by TCC_MARKET."""

from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.schema import Language

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
    single: bool = False
    """Whether a subject has one at a time, so that other words for it mean the same."""
    with_: str = Field("", alias="with")
    """The attribute of its promises: « promise: premiers services » is « offer: premiers services »."""
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
