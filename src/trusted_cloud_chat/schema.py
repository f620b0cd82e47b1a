"""The terms of the house as frozen records. Offsets count Unicode code points, end exclusive."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.scope import EVERYTHING, Scope

Language = Literal["fr", "en"]
RefusalReason = Literal["uncertain", "out_of_domain", "not_in_corpus", "false_premise", "after_as_of"]
Outcome = Literal["answered", "nearest", "refused"]


@dataclass(frozen=True, slots=True)
class Source:
    """A publication that an article of ours was written from."""

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
    """What a statement says, in fields. Dates are those of the fact, not of whoever reports it."""

    subject: str
    """The name of an entity of `aliases.toml` where it has one, else as the text writes it."""
    attribute: str
    """A word of the vocabulary in `market.toml`, which is open."""
    object: str | None = None
    """The other party: an owner, a customer, a buyer."""
    value: str | None = None
    unit: str | None = None
    service: str | None = None
    """The offer that it concerns."""
    date: PartialDate | None = None
    start: PartialDate | None = None
    end: PartialDate | None = None
    due: PartialDate | None = None
    """By when it is promised."""
    status: FactStatus = "done"
    reported: bool = False
    """At second hand, not cross-checked."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What was written down about one sentence of an article, or two neighbouring ones. It points to them and is never quoted."""

    spans: tuple[Span, ...]
    """The sentences, in the article's text."""
    alone: str = ""
    """The same made self-contained, in the article's language."""
    translation: str = ""
    """`alone` in the other language."""
    source: Source | None = None
    """Which of the article's sources says it, or whom the text itself names."""
    said_on: PartialDate | None = None
    said_by: Literal["statement", "source", "article"] = "article"
    """Where `said_on` was taken from."""
    context: tuple[Span, ...] = ()
    """Sentences that resolve what it leaves open."""
    questions: tuple[str, ...] = ()
    """Stored questions, which it answers."""
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Premise:
    """A question with a false premise, and the sentences that correct it."""

    question: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Enrichment:
    """What was written down once about an article: checked, data and never an instruction."""

    statements: tuple[Statement, ...]
    absent: tuple[str, ...] = ()
    """Questions about just what the article tells, which nothing in the corpus answered when they were written."""
    premises: tuple[Premise, ...] = ()
    summary: dict[str, str] = field(default_factory=dict)
    """One sentence by language."""
    written_by: str = "hand"
    """Or the name of a chat model."""

    def of(self, span: Span) -> Statement | None:
        """What was written down about one sentence."""
        return next((one for one in self.statements if span in one.spans), None)


@dataclass(frozen=True, slots=True)
class Article:
    """One source text. `text` is what every offset counts in."""

    article_id: str
    version: str
    """Hash of text, title and date, and after a full stop of its enrichment: what is embedded again when it changes."""
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
    """As it was read; an index gives it where it is asked for."""

    @property
    def is_enriched(self) -> bool:
        """Whether it has an enrichment, at hand or not."""
        return "." in self.version

    @property
    def dated(self) -> PartialDate | None:
        """The date that order in time is made of: a stated one."""
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
    given: Answer | None = None
    """The answer itself, where it is at hand; else the question is asked again when its evidence is wanted."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question as it is searched for."""

    text: str
    """The question as it is searched for and shown; a follow-up with the question before it."""
    language: Language
    today: date
    kind: str = "fact"
    """What is asked for, as `question/kinds.py` tells it."""
    intent: str = "question"
    entities: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    """The searches that a comparison or a list is split into, one an entity."""
    as_of: date | None = None
    """Nothing published later is seen."""
    within: Scope = EVERYTHING


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader makes of a question and one passage, in logits: the higher, the better it answers."""

    answers: float
    """Whether the passage answers; 0 is even."""
    sentences: tuple[float, ...]
    """How well each sentence answers; comparable across the passages of one question."""
    spans: tuple[float, ...]
    """The best short answer in each sentence; comparable likewise."""


@dataclass(frozen=True, slots=True)
class Vote:
    """What the nearest stored questions say of one sentence."""

    share: float
    """Of all votes, 0 to 1."""
    likeness: float
    """Cosine of the nearest question that it answers, -1 to 1."""
    question: str


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
    """What the order comes from; comparable within one question only."""
    reading: Reading | None = None
    """None where it was not read closely."""
    votes: tuple[Vote | None, ...] = ()
    """What stored questions say of each sentence; empty where they say nothing of any."""
    reprints: tuple[Article, ...] = ()
    """Articles that print nearly the same text: one source with this one."""
    found_for: str | None = None
    """The entity of the question that it was found for, where each was searched for by itself."""

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
    """It with the sentences around it in its paragraph; None where none are."""
    said_by: str = ""
    """The source of the statement, which the article reports; empty where the article itself says it, or nobody wrote down who does."""
    said_on: PartialDate | None = None
    """When that was said; None where nothing but the date of the article is known."""
    translation: str = ""
    """Ours, made self-contained, into the other language."""

    @property
    def quote(self) -> str:
        return self.article.text[self.start : self.end]

    @property
    def around(self) -> Span:
        """Its `context`, or itself where it has none."""
        return self.context or Span(self.start, self.end)


SentenceStatus = Literal["composed", "proved", "unproved", "contradicted", "connective"]
"""The first line, made by template from fields of facts; a quote, or what a language model wrote: word for word or confirmed by a second opinion; neither; contradicted by a second opinion; a
heading or the line before a list."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the answer and the numbers of the citations that it points to."""

    text: str
    citations: tuple[int, ...]
    status: SentenceStatus = "proved"
    reason: str = ""
    """What a reader may want to check of it, in the answer's language."""
    opens: str = ""
    """Markdown that a language model began it with: a new line, a list sign."""

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
    """A comparison: a row a criterion, which is its first cell, and a column an entity."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """What was said of the same thing before the leading quote, and is otherwise now."""

    said: PartialDate
    citation: int


@dataclass(frozen=True, slots=True)
class PromisedDate:
    """A date that a quote announces something for, both days included."""

    citation: int
    first: date
    last: date
    passed: bool
    """Whether `last` lies before the question's day."""
    outcome: int | None = None
    """The citation that tells the latest of what became of it."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Quotes of different sources that give another value at about the same time."""

    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class QualificationStage:
    """How far a qualification has come, as one quote tells it."""

    citation: int
    stage: str
    """`announced`, `in_progress`, `J0` to `J3`, `not_qualified`, `qualified` or `expired`."""
    holder: str | None
    service: str | None
    """None where the article names no service."""
    since: PartialDate | None = None
    expires: PartialDate | None = None
    """Calculated, three years after `since`."""


@dataclass(frozen=True, slots=True)
class TraceLine:
    """What one rule did."""

    stage: str
    rule: str
    did: str = ""
    failed: bool = False
    """Whether it was tried and came to nothing."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question gets; a refusal is one too."""

    question: str
    query: Query
    answer: str
    """The whole text shown, with `[1]` markers."""
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    passages: tuple[Passage, ...] = ()
    outcome: Outcome = "answered"
    refusal_reason: RefusalReason | None = None
    confidence: float | None = None
    """What is held against the refusal threshold, 0 to 1; None where nothing was searched for."""
    missing: tuple[str, ...] = ()
    table: Table | None = None
    generation: int = 0
    chat_model: str | None = None
    evidence: str = ""
    """The end of `answer`, where a language model has written what stands before it: the quotes, as without one."""
    notices: tuple[str, ...] = ()
    """Warnings for the reader, already in the answer's language."""
    known_at: PartialDate | None = None
    """The day that the leading quote of an answer about the present speaks from."""
    history: tuple[HistoryEntry, ...] = ()
    """Oldest first."""
    promises: tuple[PromisedDate, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    stages: tuple[QualificationStage, ...] = ()
    sources_count: int | None = None
    """Independent sources that report what the leading quote says, at least so many; None where they were not compared."""
    next_questions: tuple[str, ...] = ()
    """What may be asked next: other sentences near the quotes answer it."""
    trace: tuple[TraceLine, ...] = ()
    """What the rules did, in order."""
    timings_ms: dict[str, float] = field(default_factory=dict)

    @property
    def refused(self) -> bool:
        """Whether nothing is said to answer."""
        return self.outcome != "answered"

    @property
    def language(self) -> Language:
        return self.query.language


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the index holds now; `syntheses` are articles that were written from other publications."""

    generation: int
    articles: int
    chunks: int
    first: PartialDate | None
    last: PartialDate | None
    syntheses: int = 0
    undated: int = 0
    """Articles without a stated date; `first` and `last` are those of the others."""


def version_of(text: str | bytes, title: str, published: PartialDate | str | None, enrichment: str = "") -> str:
    """Sixteen hexadecimal digits that change when the text (a string, or its UTF-8), the title or the date does; where there is
    one, a full stop and the digest of the enrichment follow.
    """
    digest = hashlib.sha256(text.encode() if isinstance(text, str) else text)
    digest.update(f"\x00{title}\x00{published or ''}".encode())
    own = digest.hexdigest()[:16]
    return f"{own}.{enrichment}" if enrichment else own


def enrichment_of(version: str) -> str:
    """The digest of the enrichment that a version names; empty where it has none."""
    return version.partition(".")[2]
