"""The domain model: frozen records. Offsets count Unicode code points, end exclusive."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from os.path import isabs
from typing import Literal

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.errors import QuestionError

Language = Literal["fr", "en"]
RefusalReason = Literal["uncertain", "out_of_domain", "not_in_corpus", "false_premise", "after_as_of"]
Mode = Literal["quotes", "chosen", "written"]
"""How answers are made: quotes that code finds, quotes that a language model chooses, or sentences that it writes over quotes."""
Outcome = Literal["answered", "nearest", "refused"]


@dataclass(frozen=True, slots=True)
class Scope:
    """Filters of a question: publication period, kind of source, names. One that is not set excludes nothing."""

    first: date | None = None
    """Published that day or later; a partial date counts if any of its days does."""
    last: date | None = None
    source_types: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    """Names from the aliases: an article must mention one of them in its title or text."""
    articles: frozenset[tuple[str, str]] = frozenset()
    """Only these versions: (article id, version)."""

    def __bool__(self) -> bool:
        return self != EVERYTHING

    def in_time(self, day: PartialDate | None) -> bool:
        """Whether that publication date is within the period; undated articles are only if no day is set."""
        if self.first is None and self.last is None:
            return True
        if day is None:
            return False
        return (self.first is None or day.last_day >= self.first) and (self.last is None or day.first_day <= self.last)

    def of_kind(self, source_type: str | None) -> bool:
        return not self.source_types or source_type in self.source_types


EVERYTHING = Scope()


def scope_of(first: str | None, last: str | None, source_types: Sequence[str], about: Sequence[str]) -> Scope:
    """Parse the filters. Raises QuestionError for an invalid date, or a first day after the last."""
    opens = PartialDate.parse(first).first_day if first else None
    closes = PartialDate.parse(last).last_day if last else None
    if opens and closes and opens > closes:
        raise QuestionError(f"{first!r} comes after {last!r}")
    try:
        "".join([*source_types, *about]).encode()
    except UnicodeEncodeError as error:  # a lone surrogate
        raise QuestionError(str(error)) from None
    return Scope(opens, closes, tuple(source_types), tuple(about))


@dataclass(frozen=True, slots=True)
class Source:
    """A publication that an article of our corpus is based on."""

    publisher: str
    title: str | None = None
    url: str | None = None
    date: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """`text[start:end]` of an article or of any other text."""

    start: int
    end: int


FactStatus = Literal["done", "planned", "denied", "ended", "missed"]


@dataclass(frozen=True, slots=True)
class Fact:
    """A statement as structured fields. Dates are those of the fact, not of the report."""

    subject: str
    """The entity's name in `aliases.toml` if it has one, else the name in the text."""
    attribute: str
    """From the open vocabulary in `market.toml`."""
    object: str | None = None
    """The other party: an owner, a customer, a buyer."""
    value: str | None = None
    unit: str | None = None
    service: str | None = None
    """The offer concerned."""
    date: PartialDate | None = None
    start: PartialDate | None = None
    end: PartialDate | None = None
    due: PartialDate | None = None
    """The promised deadline."""
    status: FactStatus = "done"
    reported: bool = False
    """Reported second-hand, not cross-checked."""


@dataclass(frozen=True, slots=True)
class Statement:
    """The enrichment of one sentence, or of two neighbouring ones. It refers to them and is never quoted itself."""

    spans: tuple[Span, ...]
    """The sentences, in the article's text."""
    alone: str = ""
    """The sentence made self-contained, in the article's language."""
    translation: str = ""
    """`alone` in the other language."""
    source: Source | None = None
    """The source of the statement: one of the article's sources, or one that the text names."""
    said_on: PartialDate | None = None
    said_by: Literal["statement", "source", "article"] = "article"
    """Where `said_on` comes from."""
    context: tuple[Span, ...] = ()
    """Other sentences that resolve its references."""
    questions: tuple[str, ...] = ()
    """Stored questions that it answers."""
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Premise:
    """A question with a false premise, and the sentences that correct it."""

    question: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Enrichment:
    """The checked enrichment of an article: data, never instructions."""

    statements: tuple[Statement, ...]
    absent: tuple[str, ...] = ()
    """Questions on the article's subject that nothing in the corpus answered when they were written."""
    premises: tuple[Premise, ...] = ()
    summary: dict[str, str] = field(default_factory=dict)
    """One sentence per language."""
    written_by: str = "hand"
    """`hand`, or the name of a chat model."""

    def of(self, span: Span) -> Statement | None:
        """The enrichment of one sentence."""
        return next((one for one in self.statements if span in one.spans), None)


def is_of_corpus(path: str) -> bool:
    """Whether an article's `path` lies in the corpus: all others are absolute or addresses."""
    return not isabs(path) and "://" not in path  # noqa: PTH117  (fast)


@dataclass(frozen=True, slots=True)
class Article:
    """One source text. All offsets refer to `text`."""

    article_id: str
    version: str
    """Hash of text, title and date, then a full stop and the hash of the enrichment. A new version is embedded again."""
    title: str
    text: str
    date: PartialDate | None
    publisher: str | None = None
    url: str | None = None
    language: Language = "fr"
    source_type: str | None = None
    sources: tuple[Source, ...] = ()
    path: str = ""
    """Where it was read, relative to the root it came from (absolute outside the corpus)."""
    enrichment: Enrichment | None = field(default=None, hash=False)
    """Loaded with the article; an index returns it only on request."""

    @property
    def is_enriched(self) -> bool:
        """Whether it has an enrichment, even if it is not loaded."""
        return "." in self.version

    @property
    def in_corpus(self) -> bool:
        """Whether it was read in the corpus folder."""
        return is_of_corpus(self.path)

    @property
    def dated(self) -> PartialDate | None:
        """The date used for ordering; None unless it is stated."""
        return None if self.date is None or self.date.estimated else self.date


@dataclass(frozen=True, slots=True)
class Chunk:
    """A span of an article that is embedded; `sentences` are spans in the article's text too."""

    chunk_id: str
    article_id: str
    version: str
    ordinal: int
    start: int
    end: int
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier exchange of the conversation."""

    question: str
    answer: str = ""
    given: "Answer | None" = None
    """The answer if it is at hand; otherwise the question is asked again when its evidence is needed."""


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed question."""

    text: str
    """The question as searched and shown; a follow-up includes the question before it."""
    language: Language
    today: date
    kind: str = "fact"
    """The kind of answer expected, from `question/kinds.py`."""
    intent: str = "question"
    entities: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    """The searches of a comparison or a list, one per entity."""
    as_of: date | None = None
    """Nothing published later is considered."""
    within: Scope = EVERYTHING


@dataclass(frozen=True, slots=True)
class Reading:
    """The reader's scores for a question and a passage, as logits; higher is better."""

    answers: float
    """Whether the passage answers; 0 means a probability of one half."""
    sentences: tuple[float, ...]
    """How well each sentence answers; comparable across the passages of one question."""
    spans: tuple[float, ...]
    """The best short answer in each sentence; comparable in the same way."""


@dataclass(frozen=True, slots=True)
class Vote:
    """The votes of the nearest stored questions for one sentence."""

    share: float
    """Share of all votes, 0 to 1."""
    likeness: float
    """Cosine of the nearest question that it answers, -1 to 1."""
    question: str
    answered_by: tuple[int, ...] = ()
    """The beginnings of all sentences of the article that together answer that question."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk retrieved for a question, best first."""

    chunk: Chunk
    article: Article
    rank: int
    """From 1."""
    score: float
    """Calibrated relevance, 0 to 1; does not depend on the other passages."""
    sentence_scores: tuple[float, ...]
    """Cosine of each sentence of the chunk to the question, -1 to 1."""
    sentence_context: tuple[float, ...] = ()
    """How well each sentence meets the question's words in context, 0 to 1."""
    sentence_exact: tuple[float, ...] = ()
    """Share of the question's words, by rarity, that each sentence has, 0 to 1."""
    fused: float = 0.0
    """The ranking score; comparable only within one question."""
    reading: Reading | None = None
    """None if the reader did not read it."""
    votes: tuple[Vote | None, ...] = ()
    """Votes of stored questions for each sentence; empty if there are none."""
    reprints: tuple[Article, ...] = ()
    """Near-duplicates of the article, counted as one source with it."""
    found_for: str | None = None
    """The entity for which it was found, if each entity was searched separately."""
    superseded: Mapping[int, Fact] = field(default_factory=dict)
    """Start of a sentence → the later fact that supersedes it, for a language model."""

    @property
    def text(self) -> str:
        return self.article.text[self.chunk.start : self.chunk.end]


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quote: `quote == article.text[start:end]` of that article's version."""

    n: int
    article: Article
    start: int
    end: int
    context: Span | None = None
    """The quote with the sentences around it in its paragraph; None if there are none."""
    said_by: str = ""
    """The source of the statement that the article reports; empty if it is the article itself, or unknown."""
    said_on: PartialDate | None = None
    """The date of the statement; None if only the article's date is known."""
    translations: Mapping[int, str] = field(default_factory=dict, hash=False)
    """Our self-contained translations of the quote and the sentences around it into the other language, by the start of the sentence."""

    @property
    def translation(self) -> str:
        """The translation of the quote; empty if there is none."""
        return self.translations.get(self.start, "")

    @property
    def quote(self) -> str:
        return self.article.text[self.start : self.end]

    @property
    def around(self) -> Span:
        """Its `context`, else the quote itself."""
        return self.context or Span(self.start, self.end)


SentenceStatus = Literal["composed", "proved", "unproved", "contradicted", "connective"]
"""`composed`: the first line, made by template from facts. `proved`: a quote, or a model's sentence that is verbatim or confirmed by a
second opinion; `unproved`: neither; `contradicted`: by a second opinion. `connective`: a heading or the line before a list."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the answer and the numbers of the citations that it points to."""

    text: str
    citations: tuple[int, ...]
    status: SentenceStatus = "proved"
    reason: str = ""
    """Hints on what the reader may want to check, in the answer's language."""
    opens: str = ""
    """Markdown that a language model put before it, such as a line break or a list marker."""

    @property
    def supported(self) -> bool:
        return self.status in ("composed", "proved")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a comparison table."""

    text: str
    citations: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A comparison: one row per criterion, whose first cell names it, and one column per entity."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class PromisedDate:
    """A date for which a quote announces something; both days are included."""

    citation: int
    first: date
    last: date
    passed: bool
    """Whether `last` is before the day of the question."""
    outcome: int | None = None
    """The citation with the latest report on it."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Quotes from different sources that give different values at about the same time."""

    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class QualificationStage:
    """The stage of a qualification according to one quote."""

    citation: int
    stage: str
    """`announced`, `in_progress`, `J0` to `J3`, `not_qualified`, `qualified` or `expired`."""
    holder: str | None
    service: str | None
    """None if the article names no service."""
    since: PartialDate | None = None
    expires: PartialDate | None = None
    """Calculated, three years after `since`."""


@dataclass(frozen=True, slots=True)
class TraceLine:
    """The effect of one rule."""

    stage: str
    rule: str
    did: str = ""
    failed: bool = False
    """Whether it was tried without effect."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The response to a question, which may be a refusal."""

    question: str
    query: Query
    answer: str
    """The full text shown, with `[1]` markers."""
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    passages: tuple[Passage, ...] = ()
    outcome: Outcome = "answered"
    refusal_reason: RefusalReason | None = None
    confidence: float | None = None
    """The confidence compared with the refusal threshold, 0 to 1; None if nothing was searched."""
    missing: tuple[str, ...] = ()
    table: Table | None = None
    generation: int = 0
    chat_model: str | None = None
    evidence: str = ""
    """The quotes at the end of `answer`, below what a language model wrote."""
    notices: tuple[str, ...] = ()
    """Warnings for the reader, already in the answer's language."""
    known_at: PartialDate | None = None
    """For an answer about the present: the day of its leading quote."""
    promises: tuple[PromisedDate, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    stages: tuple[QualificationStage, ...] = ()
    sources_count: int | None = None
    """Minimum number of independent sources for the leading quote; None if they were not compared."""
    next_questions: tuple[str, ...] = ()
    """Suggested next questions, answered by other sentences near the quotes."""
    trace: tuple[TraceLine, ...] = ()
    """The effects of the rules, in order."""
    timings_ms: dict[str, float] = field(default_factory=dict)

    @property
    def refused(self) -> bool:
        """Whether the question was not answered."""
        return self.outcome != "answered"

    @property
    def language(self) -> Language:
        return self.query.language


@dataclass(frozen=True, slots=True)
class Coverage:
    """The content of the index; `syntheses` are articles based on other publications."""

    generation: int
    articles: int
    chunks: int
    first: PartialDate | None
    last: PartialDate | None
    syntheses: int = 0
    undated: int = 0
    """Number of articles without a stated date; `first` and `last` are the dates of the others."""


def version_of(text: str | bytes, title: str, published: PartialDate | str | None, enrichment: str = "") -> str:
    """Sixteen hexadecimal digits that change with the text (a string, or its UTF-8), the title or the date; then, if there is an
    enrichment, a full stop and its digest.
    """
    digest = hashlib.sha256(text.encode() if isinstance(text, str) else text)
    digest.update(f"\x00{title}\x00{published or ''}".encode())
    own = digest.hexdigest()[:16]
    return f"{own}.{enrichment}" if enrichment else own


def enrichment_of(version: str) -> str:
    """The digest of the enrichment that a version names; empty where it has none."""
    return version.partition(".")[2]
