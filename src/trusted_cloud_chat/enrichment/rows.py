"""The lines of a sidecar: a header, a row for each statement, a closing line (docs/enrichment.md)."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from trusted_cloud_chat.corpus.front_matter import Date, Text
from trusted_cloud_chat.schema import FactStatus, Language

FORMAT = 1

Texts = Annotated[list[Text], Field(default_factory=list)]


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)


class SidecarHeader(_Line):
    """The first line; missing fields are taken from the article."""

    format: Literal[1]
    article_id: Text | None = None
    text_sha256: Text | None = None
    """Of the stored text, in hexadecimal: shows whether the article was edited since."""
    language: Language | None = None
    written_by: Text = "hand"
    date: Date | None = None
    licence: Text | None = None


class QuoteFields(_Line):
    quote: Text
    occurrence: Annotated[int, Field(ge=1)] = 1
    """The number of the occurrence in the text."""


def _as_quotes(value: Any) -> Any:
    """Accepts a string, an object or a list of them."""
    quotes = value if isinstance(value, list) else [value]
    return [{"quote": quote} if isinstance(quote, str) else quote for quote in quotes]


Quotes = Annotated[list[QuoteFields], BeforeValidator(_as_quotes)]


class FactFields(_Line):
    subject: Text
    attribute: Text
    object: Text | None = None
    value: Text | None = None
    unit: Text | None = None
    service: Text | None = None
    date: Date | None = None
    start: Date | None = None
    end: Date | None = None
    due: Date | None = None
    status: FactStatus = "done"
    reported: bool = False


class SidecarRow(_Line):
    """A sentence, list item or table row, or two neighbouring sentences."""

    article_id: Text | None = None
    """Of a table's row."""
    quote: Quotes
    alone: Text | None = None
    translation: Text | None = None
    source: Text | Annotated[int, Field(ge=1)] | None = None
    """A publisher, an address or a number of the article's `sources`, or a name in the text."""
    said_on: Date | None = None
    context: Annotated[Quotes, Field(default_factory=list)]
    questions: Texts
    facts: Annotated[list[FactFields], Field(default_factory=list)]


class PremiseFields(_Line):
    premise: Text
    quote: Quotes


class Summary(_Line):
    fr: Text | None = None
    en: Text | None = None


class Closing(_Line):
    """The last line."""

    article_id: Text | None = None
    absent: Texts
    premises: Annotated[list[PremiseFields], Field(default_factory=list)]
    summary: Summary = Field(default_factory=Summary)
