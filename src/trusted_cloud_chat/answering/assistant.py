"""The assistant: what the page, the command line, the API and the evaluation all hold."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from trusted_cloud_chat.answering.extractive import extract_answer
from trusted_cloud_chat.answering.generative import GenerativeAnswerer
from trusted_cloud_chat.answering.timeline import Timeline
from trusted_cloud_chat.answering.wording import help_text, refusal
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.index import Index
from trusted_cloud_chat.ranking import Weights
from trusted_cloud_chat.retrieval import Retrieved, Retriever
from trusted_cloud_chat.schema import Answer, Article, Coverage, Passage, RefusalReason, Turn
from trusted_cloud_chat.understanding import Understanding, understand

_OUT_OF_DOMAIN = 0.15
"""Best relevance below which a question without a known name is not about this market."""
_NEAREST = 3
_READ_FOR_TIME = 30
"""Passages that are looked through for what was said earlier, later or otherwise; as many as are ranked closely."""


class Assistant:
    """Answers questions over one index. Safe to use from several threads."""

    def __init__(
        self,
        index: Index,
        retriever: Retriever,
        entities: EntityBook,
        weights: Weights,
        *,
        passages: int,
        refusal_threshold: float,
        writer: GenerativeAnswerer | None = None,
    ) -> None:
        """`writer` has a language model write the answers; without one they are quotes."""
        self._index = index
        self._retriever = retriever
        self._entities = entities
        self._weights = weights
        self._passages = passages
        self._threshold = refusal_threshold
        self._writer = writer

    def ask(
        self, question: str, *, turns: Sequence[Turn] = (), today: date | None = None, as_of: date | None = None
    ) -> Answer:
        """The answer, or a refusal that says why. Raises QuestionError, IndexEmptyError."""
        *_, last = self.stream(question, turns=turns, today=today, as_of=as_of)
        return last

    def stream(
        self, question: str, *, turns: Sequence[Turn] = (), today: date | None = None, as_of: date | None = None
    ) -> Iterator[Answer]:
        """The answer as it grows; the last one is whole and has its timings."""
        started = time.perf_counter()
        understood = self.understand(question, turns=turns, today=today, as_of=as_of)
        understand_ms = _since(started)
        if understood.query.kind == "help":
            yield self._help(question, understood)
            return
        wide = self._retriever.retrieve(understood, max(self._passages, _READ_FOR_TIME))
        retrieved = replace(wide, passages=wide.passages[: self._passages])
        answering = time.perf_counter()
        reason = self._refusal_reason(understood, retrieved)
        if reason is not None:
            answer = self._refuse(question, understood, retrieved, reason)
        else:
            timeline = Timeline(understood, wide.passages, self._weights, self._entities)
            answer = extract_answer(question, understood, retrieved.passages, self._weights, timeline)
            if self._writer is None:
                yield from _growing(answer)
            else:
                quoted = answer
                for grown in self._writer.stream(question, understood, retrieved.passages, quoted):
                    answer = grown
                    yield grown
                if answer.chat_model is not None:
                    answer = timeline.tell(answer)
        timings = {"understand": understand_ms, **retrieved.timings_ms, "answer": _since(answering)}
        yield replace(answer, generation=retrieved.generation, timings_ms={**timings, "total": _since(started)})

    def search(self, question: str, k: int, *, today: date | None = None, as_of: date | None = None) -> Retrieved:
        """The `k` best passages, without an answer."""
        started = time.perf_counter()
        understood = self.understand(question, today=today, as_of=as_of)
        understand_ms = _since(started)
        retrieved = self._retriever.retrieve(understood, k)
        timings = {"understand": understand_ms, **retrieved.timings_ms, "total": _since(started)}
        return replace(retrieved, timings_ms=timings)

    def understand(
        self, question: str, *, turns: Sequence[Turn] = (), today: date | None = None, as_of: date | None = None
    ) -> Understanding:
        return understand(question, turns=turns, today=today or date.today(), as_of=as_of, entities=self._entities)

    def coverage(self) -> Coverage:
        """What the index holds. Raises IndexEmptyError."""
        return self._index.coverage()

    def article(self, article_id: str, version: str | None = None) -> Article | None:
        return self._index.article(article_id, version)

    def close(self) -> None:
        self._index.close()

    def _refusal_reason(self, understood: Understanding, retrieved: Retrieved) -> RefusalReason | None:
        best = self._best(understood, retrieved)
        if best >= self._threshold:
            return None
        if understood.query.as_of is not None and self._answered_later(understood):
            return "after_as_of"
        if best < _OUT_OF_DOMAIN and not understood.query.entities:
            return "out_of_domain"
        return "not_in_corpus"

    def _answered_later(self, understood: Understanding) -> bool:
        """Whether the question would be answered without its `as_of`."""
        unbounded = replace(understood, query=replace(understood.query, as_of=None))
        return self._best(unbounded, self._retriever.retrieve(unbounded, self._passages)) >= self._threshold

    def _best(self, understood: Understanding, retrieved: Retrieved) -> float:
        """The best relevance; a passage that names nobody the question names does not answer it."""
        names = understood.query.entities
        return max(
            (
                passage.score
                for passage in retrieved.passages
                if not names or self._entities.named(f"{passage.article.title}\n{passage.text}", names)
            ),
            default=0.0,
        )

    def _refuse(self, question: str, understood: Understanding, retrieved: Retrieved, reason: RefusalReason) -> Answer:
        nearest = _one_per_article(retrieved.passages)[:_NEAREST]
        return Answer(
            question=question,
            query=understood.query,
            answer=refusal(understood.query, reason, nearest, self.coverage()),
            passages=retrieved.passages,
            refused=True,
            refusal_reason=reason,
            missing=(understood.query.text,),
        )

    def _help(self, question: str, understood: Understanding) -> Answer:
        coverage = self.coverage()
        text = help_text(understood.query.language, coverage)
        return Answer(question, understood.query, text, generation=coverage.generation)


def _growing(answer: Answer) -> Iterator[Answer]:
    """The answer after each of its paragraphs but the last."""
    paragraphs = answer.answer.split("\n\n")
    for shown in range(1, len(paragraphs)):
        yield replace(answer, answer="\n\n".join(paragraphs[:shown]))


def _one_per_article(passages: Sequence[Passage]) -> list[Passage]:
    first: dict[str, Passage] = {}
    for passage in passages:
        first.setdefault(passage.article.article_id, passage)
    return list(first.values())


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 3)
