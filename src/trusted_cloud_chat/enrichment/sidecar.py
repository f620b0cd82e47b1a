"""Reads the enrichment of an article from its sidecar, `NAME.enrichment.jsonl`: a header, a row for each statement, a closing line
(docs/enrichment.md). Invalid rows are left out and reported.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from trusted_cloud_chat.corpus.front_matter import ENRICHMENT, Date, Text, beside
from trusted_cloud_chat.corpus.safe_files import leads_out, read_bytes
from trusted_cloud_chat.enrichment.checks import RowChecker
from trusted_cloud_chat.enrichment.home import EnrichmentHome, digest_of, row_key
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.errors import ArticleError, shortened
from trusted_cloud_chat.language.blocks import article_sentences
from trusted_cloud_chat.language.normalise import visible
from trusted_cloud_chat.schema import (
    Article,
    Enrichment,
    Fact,
    FactStatus,
    Language,
    Premise,
    Source,
    Span,
    Statement,
    version_of,
)  # fmt: skip

FORMAT = 1
_REPORTED = 3
"""Maximum invalid rows in a notice."""
_REASON = 200
Texts = Annotated[list[Text], Field(default_factory=list)]


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)


class SidecarHeader(_Line):
    """The first line; missing fields are taken from the article."""

    format: Literal[1]
    article_id: Text | None = None
    text_sha256: Text | None = None
    """SHA-256 of the stored text, in hexadecimal: shows whether the article was edited since."""
    language: Language | None = None
    written_by: Text = "hand"
    date: Date | None = None
    licence: Text | None = None


class QuoteFields(_Line):
    quote: Text
    occurrence: Annotated[int, Field(ge=1)] = 1
    """Which occurrence of the quote in the text, from 1."""


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
    """The id of the article, in the sidecar of a table whose rows are articles."""
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


Line = TypeVar("Line", SidecarHeader, SidecarRow, Closing)


@dataclass(slots=True)
class _Sidecar:
    name: str
    header: SidecarHeader
    rows: list[tuple[int, SidecarRow]] = field(default_factory=list)
    """With their line numbers."""
    closings: list[Closing] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


class RowError(ValueError):
    """Why a row is left out."""


@dataclass(frozen=True, slots=True)
class Enricher:
    entities: EntityBook
    question_map: str = ""
    """Digest of the map for stored questions, which are embedded again if it changes."""
    home: EnrichmentHome | None = None
    """The home folder with the sidecars that could not be written beside their file."""

    @property
    def rules(self) -> str:
        """Identifies everything besides the file on which its articles depend."""
        return f"{self.entities.digest}\x00{self.question_map}\x00{self.home.state if self.home else ''}"

    def __call__(self, articles: Sequence[Article], path: Path, root: Path, notices: list[str]) -> list[Article]:
        """The articles of the file at `path` with the enrichment of its sidecar; `notices` reports invalid rows."""
        place = self.home.found(path) if self.home else next(iter(beside(path, ENRICHMENT)), None)
        if place is None:
            return list(articles)
        try:
            sidecar = _read(place, root if place.parent == path.parent else place.parent)
        except ArticleError as error:
            notices.append(f"{visible(place.name)}: {error}; the article is indexed without it")
            return list(articles)
        struck = self.home.struck() if self.home else frozenset[str]()
        enriched = [_with(article, sidecar, self.entities, self.question_map, struck) for article in articles]
        if faults := sidecar.faults:
            more = f"; and {len(faults) - _REPORTED} more" if len(faults) > _REPORTED else ""
            notices.append(f"{sidecar.name}: left out {'; '.join(faults[:_REPORTED])}{more}")
        return enriched


def header_of(place: Path) -> SidecarHeader | None:
    """The first line of a sidecar; None if it cannot be read."""
    try:
        return _read(place, place.parent).header
    except ArticleError:
        return None


def _read(place: Path, root: Path) -> _Sidecar:
    """Raises ArticleError for a file that is not a sidecar."""
    if leads_out(place, root):
        raise ArticleError("a link that leads out of the folder, which is not followed: copy its target here")
    try:
        lines = read_bytes(place).decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise ArticleError("not UTF-8: save it as UTF-8") from None
    numbered = [(n, line) for n, line in enumerate(lines, start=1) if line.strip()]
    if not numbered:
        raise ArticleError('empty: expected {"format": 1, …} on its first line')
    try:
        header = _parsed(SidecarHeader, numbered[0][1])
    except RowError as error:
        raise ArticleError(f'line {numbered[0][0]}: {error}; expected {{"format": 1, …}}') from None
    sidecar = _Sidecar(visible(place.name), header)
    for number, line in numbered[1:]:
        try:
            if '"quote"' in line and '"absent"' not in line:
                sidecar.rows.append((number, _parsed(SidecarRow, line)))
            else:
                sidecar.closings.append(_parsed(Closing, line))
        except RowError as error:
            sidecar.faults.append(f"line {number}: {error}")
    return sidecar


def _parsed(kind: type[Line], line: str) -> Line:
    try:
        return kind.model_validate_json(line)
    except ValidationError as error:
        raise RowError(first_fault(error)) from None


def first_fault(error: ValidationError) -> str:
    """The first fault and its location."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"]))
    return shortened(f"{where}: {first['msg']}" if where else str(first["msg"]), _REASON)


def _with(
    article: Article, sidecar: _Sidecar, entities: EntityBook, question_map: str, struck: frozenset[str]
) -> Article:
    stale = sidecar.header.text_sha256 not in (None, digest_of(article.text))
    checker, statements = RowChecker(article, entities), []
    gone = 0
    for number, row in sidecar.rows:
        if row.article_id not in (None, article.article_id):
            continue
        try:
            statement = statement_of(article, row)
            sentence = " ".join(article.text[span.start : span.end] for span in statement.spans)
            if struck and row_key(article.article_id, sentence) in struck:
                continue
            if faults := checker.faults(statement):
                raise RowError("; ".join(faults))
            statements.append(statement)
        except RowError as error:
            gone += 1
            if not stale:
                sidecar.faults.append(shortened(f"line {number}: {error}", _REASON))
    if stale and gone:
        reason = "was edited since the enrichment was written: rows whose quote is gone are left out"
        sidecar.faults.append(f"{gone} rows, since {article.article_id!r} {reason}")
    enrichment = Enrichment(tuple(statements), written_by=sidecar.header.written_by)
    for closing in sidecar.closings:
        if closing.article_id in (None, article.article_id):
            located = [(p.premise, tuple(s for q in p.quote for s in _found(article, q))) for p in closing.premises]
            premises = tuple(Premise(premise, spans) for premise, spans in located if spans)
            summary = closing.summary.model_dump(exclude_none=True)
            enrichment = replace(enrichment, absent=tuple(closing.absent), premises=premises, summary=summary)
    version = version_of(article.text, article.title, article.date, digest_of_rows(enrichment, question_map))
    return replace(article, enrichment=enrichment, version=version)


def digest_of_rows(enrichment: Enrichment | None, question_map: str) -> str:
    """The part of an article's version that depends on its enrichment and the map for stored questions."""
    return digest_of(f"{question_map}{enrichment!r}")[:8]


def statement_of(article: Article, row: SidecarRow) -> Statement:
    """Raises RowError if a quote is not in the article or the source is unknown."""
    spans = tuple(_all_found(article, row.quote))
    source = _source(article, row.source)
    said_on, said_by = row.said_on, "statement"
    if said_on is None:
        said_on, said_by = (source.date, "source") if source and source.date else (article.date, "article")
    return Statement(
        spans,
        alone=row.alone or "",
        translation=row.translation or "",
        source=source,
        said_on=said_on,
        said_by=said_by,  # type: ignore[arg-type]
        context=tuple(_all_found(article, row.context)),
        questions=tuple(row.questions),
        facts=tuple(Fact(**dict(fact)) for fact in row.facts),
    )


def _all_found(article: Article, quotes: Iterable[QuoteFields]) -> Iterator[Span]:
    for quote in quotes:
        spans = _found(article, quote)
        if not spans:
            raise RowError(f"« {shortened(quote.quote, 60)} » is not in the article")
        yield from spans


def _found(article: Article, quote: QuoteFields) -> list[Span]:
    """The whole sentences that contain the quote; empty if there are none."""
    start = -1
    for _ in range(quote.occurrence):
        start = article.text.find(quote.quote, start + 1)
        if start < 0:
            return []
    end = start + len(quote.quote)
    return [span for span in article_sentences(article.text) if span.start < end and start < span.end]


def _source(article: Article, named: str | int | None) -> Source | None:
    """One of the article's sources, or another that the text names. Raises RowError."""
    if named is None:
        return None
    if isinstance(named, int):
        if named > len(article.sources):
            raise RowError(f"`source` is {named}, but the article has {len(article.sources)} sources")
        return article.sources[named - 1]
    own = [source for source in article.sources if named in (source.publisher, source.url)]
    if len(own) > 1:
        raise RowError(f"`source` {named!r} matches several of the article's sources: give an address or a number")
    if own:
        return own[0]
    if named.casefold() not in article.text.casefold():
        raise RowError(f"`source` {named!r} is not one of the article's sources, and the text does not name it")
    return Source(named)
