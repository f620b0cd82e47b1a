"""The assistant: what the page, the command line, the API and the evaluation all hold."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from trusted_cloud_chat.answering.carrying import answer_before, carried_passages, is_follow_up, subject_turns
from trusted_cloud_chat.answering.extractive import extract_answer
from trusted_cloud_chat.answering.finding import Finder, Findings, unbounded
from trusted_cloud_chat.answering.forms.choice import choose_form
from trusted_cloud_chat.answering.forms.owners import asks_owner, newest_share_of
from trusted_cloud_chat.answering.generative import GenerativeAnswerer
from trusted_cloud_chat.answering.objections import objection
from trusted_cloud_chat.answering.premise import contradicts_premise
from trusted_cloud_chat.answering.provenance import show_provenance
from trusted_cloud_chat.answering.reading import PassageReader
from trusted_cloud_chat.answering.refusing import refusal_reason, refuse
from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.answering.timeline import Timeline
from trusted_cloud_chat.answering.timeline.promised import asks_for_delays
from trusted_cloud_chat.answering.wording import help_text, thanks_text, unclear_text
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.index import Index
from trusted_cloud_chat.retrieval import Retrieved, Retriever
from trusted_cloud_chat.retrieval.ranking import Weights
from trusted_cloud_chat.schema import Answer, Article, Citation, Coverage, Passage, Query, Turn
from trusted_cloud_chat.timing import Clock
from trusted_cloud_chat.understanding import Understanding, understand
from trusted_cloud_chat.understanding.asked import gives_thanks
from trusted_cloud_chat.understanding.rejoinders import says_nothing_alone

_CHANGED = 0.6
"""Of the confidence that is wanted otherwise, where it is asked what changed: one sentence seldom tells before and after. Of 75 such
questions (validation and the lots since, November 2026) 13 were refused wrongly and 5 answered wrongly without it, 2 and 6 with it."""
_LIKELY = 0.3
"""Of the confidence that is wanted otherwise, where rules find an answer that the reader leaves open."""


class _LeftError(Exception):
    """Nobody waits for the answer any more."""


class Assistant:
    """Answers questions over one index. Safe to use from several threads."""

    def __init__(
        self,
        index: Index,
        retriever: Retriever,
        entities: EntityBook,
        weights: Weights,
        *,
        reader: PassageReader,
        passages: int,
        refusal_threshold: float,
        writer: GenerativeAnswerer | None = None,
    ) -> None:
        """`writer` has a language model write the answers; without one they are quotes."""
        self._index = index
        self._retriever = retriever
        self._entities = entities
        self._weights = weights
        self._finder = Finder(retriever, reader, entities, weights, passages=passages, threshold=refusal_threshold)
        self._threshold = refusal_threshold
        self._writer = writer

    def ask(
        self, question: str, *, turns: Sequence[Turn] = (), today: date | None = None, as_of: date | None = None
    ) -> Answer:
        """The answer, or a refusal that says why. Raises QuestionError, IndexEmptyError."""
        *_, last = self.stream(question, turns=turns, today=today, as_of=as_of)
        return last

    def stream(
        self,
        question: str,
        *,
        turns: Sequence[Turn] = (),
        today: date | None = None,
        as_of: date | None = None,
        left: threading.Event | None = None,
    ) -> Iterator[Answer]:
        """The answer as it grows; the last one is whole and has its timings.

        Once `left` is set nobody waits for it: a table is not looked up any further, and nothing more comes.
        """
        clock = Clock()
        understood = self.understand(question, turns=turns, today=today, as_of=as_of)
        clock.lap("understand")
        if understood.query.kind == "help":
            yield self._help(question, understood)
            return
        if understood.query.kind == "evidence":
            yield from self._provenance(question, understood, turns, clock)
            return
        found = self._find(question, understood, turns)
        timings = {**clock.laps, **found.timings_ms}
        clock.restart()
        try:
            answer = self._answer(question, found, left)
        except _LeftError:
            return
        if answer.refused or self._writer is None:
            yield from _growing(answer)
        else:
            quoted = answer
            for grown in self._writer.stream(question, understood, found.passages, quoted):
                answer = grown
                yield grown
            if answer.chat_model is not None:
                timeline = self._timeline(found)
                answer = timeline.tell(answer)
        clock.lap("answer")
        yield replace(answer, timings_ms={**timings, **clock.laps, "total": clock.total_ms})

    def search(
        self,
        question: str,
        k: int,
        *,
        turns: Sequence[Turn] = (),
        today: date | None = None,
        as_of: date | None = None,
    ) -> Retrieved:
        """The `k` best passages, without an answer. Raises QuestionError, IndexEmptyError."""
        clock = Clock()
        understood = self.understand(question, turns=turns, today=today, as_of=as_of)
        clock.lap("understand")
        retrieved = self._retriever.retrieve(understood, k)
        timings = {**clock.laps, **retrieved.timings_ms, "total": clock.total_ms}
        return replace(retrieved, timings_ms=timings)

    def understand(
        self, question: str, *, turns: Sequence[Turn] = (), today: date | None = None, as_of: date | None = None
    ) -> Understanding:
        """What is asked. Raises QuestionError; IndexEmptyError where a question before must be asked again for it."""
        turns, today = subject_turns(turns), today or date.today()

        def ask_again(whole: str) -> Citation | None:
            answer = self._answer(whole, self._finder.find(self.understand(whole, today=today, as_of=as_of)))
            return answer.citations[0] if answer.citations and not answer.refused else None

        return understand(question, turns=turns, today=today, as_of=as_of, entities=self._entities, ask_again=ask_again)

    @property
    def chat_model(self) -> str | None:
        """The language model that writes the answers; None where they are quotes."""
        return self._writer.name if self._writer else None

    def coverage(self, as_of: date | None = None) -> Coverage:
        """What the index holds; with `as_of`, the articles published by that day. Raises IndexEmptyError."""
        return self._index.coverage(as_of)

    def article(self, article_id: str, version: str | None = None) -> Article | None:
        return self._index.article(article_id, version)

    def close(self) -> None:
        self._index.close()

    def rank_sentences(
        self, question: str, passages: Sequence[Passage], *, today: date | None = None
    ) -> list[Selected]:
        """Every sentence of `passages` as an answer would choose among them, best first."""
        return self._finder.rank(self.understand(question, today=today), passages)

    def _find(self, question: str, understood: Understanding, turns: Sequence[Turn]) -> Findings:
        """A follow-up carries the passages that the answer before it quoted."""
        before = self._before(turns, understood) if is_follow_up(question, understood) else None
        if before is None:
            return self._finder.find(understood)
        carry = partial(
            carried_passages, before=before, index=self._index, retriever=self._retriever, weights=self._weights
        )
        return self._finder.find(understood, carry)

    def _before(self, turns: Sequence[Turn], understood: Understanding) -> Answer | None:
        """The answer before; made of quotes where it must be given again."""
        query = understood.query

        def ask(turn: Turn, earlier: Sequence[Turn]) -> Answer:
            again = self.understand(turn.question, turns=earlier, today=query.today, as_of=query.as_of)
            if again.query.kind == "help":  # what was asked back rests on nothing
                return self._help(turn.question, again)
            return self._answer(turn.question, self._finder.find(again))

        return answer_before(turns, ask)

    def _answer(self, question: str, found: Findings, left: threading.Event | None = None) -> Answer:
        """Quotes, or a refusal. Raises _LeftError."""
        understood = found.understood
        timeline = self._timeline(found)
        look_up = partial(self._look_up, query=understood.query, left=left)
        overview = (found.overview, partial(timeline.overview, found.overview)) if found.overview else None
        form = choose_form(
            understood,
            found.ranked,
            self._entities,
            timeline.holders(),
            look_up,
            overview,
            timeline.every,
            found.confidence,
        )
        later = partial(self._answered_later, understood)
        certain = form.certain or timeline.tells_state
        changed = _CHANGED if understood.query.kind == "how_changed" else 1.0
        threshold = self._threshold * (_LIKELY if form.likely else changed)
        reason = None if certain else refusal_reason(found, threshold, later)
        if found.overview == "slipped" and not form.certain and not asks_for_delays(question):
            reason = reason or "not_in_corpus"  # « promesses non tenues », said of others, is none
        if not form.quotes and form.comparison is None:
            reason = reason or "not_in_corpus"
        if timeline.supposed_in_vain and reason != "after_as_of":
            reason = "false_premise"
        if reason is None:
            answer = extract_answer(question, found, form, self._entities, timeline)
            reason = objection(answer, timeline, self._entities, found.confidence, certain=certain)
        if reason is not None:
            denying = timeline.not_yet() if reason in ("not_in_corpus", "false_premise") else []
            reason = "false_premise" if denying else reason
            if reason == "false_premise" and not denying:
                denying = [
                    s
                    for s in form.quotes
                    if contradicts_premise(understood.query, s.text, s.passage.article.language, self._entities)
                ]
            coverage = self.coverage(understood.query.as_of)
            begins = None if coverage.articles else self.coverage().first
            answer = refuse(question, found, reason, coverage, self._entities, denying, begins)
        return replace(answer, confidence=found.confidence, generation=found.generation)

    def _timeline(self, found: Findings) -> Timeline:
        return Timeline(found.understood, found.wide, self._weights, self._entities, found.overview)

    def _look_up(self, question: str, query: Query, left: threading.Event | None) -> list[Selected]:
        """The sentences that answer `question` on the day of `query`, in the order of an answer; none where it is refused."""
        if left is not None and left.is_set():
            raise _LeftError
        understood = self.understand(question, today=query.today, as_of=query.as_of)
        found = self._finder.find(understood, thorough=False)
        timeline = self._timeline(found)
        if timeline.tells_state:
            return timeline.lead(found.ranked)
        ranked = found.ranked if found.confidence >= self._threshold else []
        owned = ranked and asks_owner(understood)
        share = newest_share_of(understood, timeline.every(), self._entities) if owned else None
        return [share, *ranked] if share else ranked

    def _answered_later(self, understood: Understanding) -> bool:
        """Whether the question would be answered without its `as_of`."""
        return self._finder.find(unbounded(understood)).confidence >= self._threshold

    def _provenance(
        self, question: str, understood: Understanding, turns: Sequence[Turn], clock: Clock
    ) -> Iterator[Answer]:
        answer = show_provenance(question, understood, self._before(turns, understood))
        generation = answer.generation or self.coverage().generation
        yield from _growing(answer)
        yield replace(answer, generation=generation, timings_ms={"total": clock.total_ms})

    def _help(self, question: str, understood: Understanding) -> Answer:
        coverage = self.coverage()
        language = understood.query.language
        if gives_thanks(question):
            text = thanks_text(language)
        elif says_nothing_alone(question):
            text = unclear_text(language)
        else:
            text = help_text(language, coverage, written=self.chat_model is not None)
        return Answer(question, understood.query, text, generation=coverage.generation)


def _growing(answer: Answer) -> Iterator[Answer]:
    """The answer after each of its paragraphs but the last."""
    paragraphs = answer.answer.split("\n\n")
    for shown in range(1, len(paragraphs)):
        yield replace(answer, answer="\n\n".join(paragraphs[:shown]))
