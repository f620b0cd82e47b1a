"""Builds questions and evidence for tests without an index or an embedder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, cast

from builders import TODAY
from trusted_cloud_chat import schema
from trusted_cloud_chat.answering.answer import Answerer, Beside
from trusted_cloud_chat.answering.checks import DecisionCase
from trusted_cloud_chat.answering.forms.form import Form, Maker
from trusted_cloud_chat.answering.forms.known import Known
from trusted_cloud_chat.answering.forms.standing import Denied
from trusted_cloud_chat.answering.market import load_market
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.entities import load_entities
from trusted_cloud_chat.evidence.gathering import Evidence
from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.language.sentences import split_sentences
from trusted_cloud_chat.market.book import FactBook
from trusted_cloud_chat.market.known import KnownFact
from trusted_cloud_chat.market.offers import offers
from trusted_cloud_chat.question.intents import IntentClassifier
from trusted_cloud_chat.question.kinds import KindClassifier
from trusted_cloud_chat.question.parse import QuestionReader
from trusted_cloud_chat.question.question import Question
from trusted_cloud_chat.schema import (
    Answer,
    Article,
    Chunk,
    Coverage,
    Enrichment,
    Fact,
    Passage,
    Reading,
    Span,
    Turn,
)
from trusted_cloud_chat.trace import Trace

NBSP = "\u00a0"
BOOK = load_entities()
MARKET = load_market()
SURE = 3.0
"""The reader's logit of a sentence that answers."""


@dataclass(frozen=True)
class OneKind:
    """A classifier that gives every question the same kind."""

    kind: str

    def kind_of(self, question: str) -> str:
        return self.kind


@dataclass(frozen=True)
class OneIntent:
    """A classifier that gives every text except a greeting the same intent."""

    intent: str

    def intent_of(self, text: str) -> str:
        return "greeting" if text.startswith(("Bonjour", "Hello")) and len(text) < 20 else self.intent


def asked(
    text: str,
    kind: str = "fact",
    *before: str,
    intent: str = "question",
    today: date = TODAY,
    as_of: date | None = None,
    trace: Trace | None = None,
) -> Question:
    """Parses the question after the questions of `before`."""
    reader = QuestionReader(BOOK, cast(KindClassifier, OneKind(kind)), cast(IntentClassifier, OneIntent(intent)))
    return reader.read(text, turns=[Turn(one) for one in before], today=today, as_of=as_of, trace=trace)


def article_of(
    text: str, day: str | None = "2025-06-02", publisher: str | None = "La Gazette", **fields: Any
) -> Article:
    fields = {"article_id": f"{publisher}-{day}-{len(text)}", "version": "v", "title": "Un article", **fields}
    return Article(text=text, date=PartialDate.parse(day) if day else None, publisher=publisher, **fields)


def passage_of(
    text: str,
    day: str | None = "2025-06-02",
    *,
    read: float | Sequence[float] | None = SURE,
    facts: Sequence[Fact] = (),
    **fields: Any,
) -> Passage:
    """A passage whose chunk is the whole text. `read`: the reader's logit of each sentence, None for an unread passage; `facts`: the
    facts of its sidecar.
    """
    if facts:
        fields["enrichment"] = Enrichment((schema.Statement((Span(0, len(text)),), facts=tuple(facts)),))
    article = article_of(text, day, **fields)
    spans = tuple(split_sentences(text))
    many = (0.5,) * len(spans)
    chunk = Chunk(f"{article.article_id}#0", article.article_id, "v", 0, 0, len(text), spans)
    logits = tuple(read) if isinstance(read, Sequence) else (read or 0.0,) * len(spans)
    reading = None if read is None else Reading(max(logits), logits, logits)
    return Passage(chunk, article, 1, 0.9, many, many, many, 1.0, reading)


def selected(text: str, day: str | None = "2025-06-02", place: int = 0, **fields: Any) -> Selected:
    """One sentence of a passage that is `text`."""
    passage = passage_of(text, day, **fields)
    return Selected(passage, passage.chunk.sentences[place], 0.0)


def evidence_of(question: Question, *passages: Passage, sure: float = 0.9) -> Evidence:
    """Evidence with the sentences sorted by the reader's logit, else in text order, with decreasing scores."""
    found = [Selected(passage, span, 0.0) for passage in passages for span in passage.chunk.sentences]
    found.sort(key=lambda one: -(one.read or 0.0))
    ranked = [replace(one, score=-0.1 * n) for n, one in enumerate(found)]
    return Evidence(question, passages, ranked, sure, 1)


def maker_of(question: Question, *passages: Passage, trace: Trace | None = None) -> Maker:
    return Maker(evidence_of(question, *passages), BOOK, MARKET, trace or Trace(), known_by(question, passages))


def known_by(question: Question, passages: Sequence[Passage]) -> Known | None:
    """The facts of these passages, as if they were all articles; None without enrichment."""
    if not any(one.article.enrichment for one in passages):
        return None
    query, of = question.query, {one.article.article_id: one for one in passages}

    @cache
    def book(at: date | None) -> FactBook:
        articles = [one.article for one in passages if one.article.enrichment]
        return FactBook(articles, BOOK, MARKET.vocabulary, query.today, query.as_of, at)

    def sentences(facts: Sequence[KnownFact]) -> list[Selected | None]:
        places = [of[known.article.article_id] for known in facts]
        return [Selected(one, one.chunk.sentences[0], 0.0) for one in places]

    def statement(article: Article, span: Span) -> schema.Statement | None:
        return article.enrichment.of(span) if article.enrichment else None

    def at(article: Article, starts: Sequence[int]) -> list[Selected]:
        passage = of[article.article_id]
        return [Selected(passage, span, 0.0) for span in passage.chunk.sentences if span.start in starts]

    return Known(book, offers, sentences, statement, at)


def case_of(
    question: Question,
    *passages: Passage,
    sure: float = 0.9,
    form: Form | None = None,
    denying: Denied | None = None,
    later: bool = False,
) -> DecisionCase:
    """The input of a decision that quotes the first sentence of each passage; the thresholds are 0.5 and 0.3."""
    evidence = evidence_of(question, *passages, sure=sure)
    quotes = tuple(Selected(one, one.chunk.sentences[0], 0.0) for one in passages)
    found = PartialDate(2024, 5) if later else None
    return DecisionCase(
        evidence,
        Form(quotes) if form is None else form,
        BOOK,
        0.5,
        0.3,
        denying,
        lambda: found,
        known_by(question, passages),
        MARKET,
    )


def answer_of(
    question: Question,
    *passages: Passage,
    sure: float = 0.9,
    trace: Trace | None = None,
    later: float = 0.0,
) -> Answer:
    """The answer to `question` from these passages; `later` is the confidence without `as_of`."""
    answerer = Answerer(BOOK, MARKET, 0.5, 0.3)
    evidence = evidence_of(question, *passages, sure=sure)
    titles = [passage.article.title for passage in passages]
    unbounded = replace(evidence, confidence=later)
    held = Beside(coverage_of(passages), lambda: titles, lambda: unbounded, known_by(question, passages))
    return answerer.answer(question.query.text, evidence, held, trace or Trace())


def coverage_of(passages: Sequence[Passage]) -> Callable[[date | None], Coverage]:
    days = sorted((p.article.date for p in passages if p.article.date), key=lambda day: day.last_day)
    whole = Coverage(1, len(passages), len(passages), days[0] if days else None, days[-1] if days else None)
    return lambda as_of: whole


def words_of(answer: Answer) -> str:
    """The text of the answer, with ordinary spaces for no-break spaces."""
    return answer.answer.replace(NBSP, " ")
