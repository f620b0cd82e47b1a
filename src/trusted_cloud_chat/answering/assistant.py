"""The assistant that the web page, the command line, the API and the evaluation share."""

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from copy import copy
from dataclasses import replace
from datetime import date
from functools import cache, partial
from statistics import fmean
from typing import Protocol

from trusted_cloud_chat.answering.answer import Answerer, Beside
from trusted_cloud_chat.answering.facts import Facts, subject_of_news
from trusted_cloud_chat.answering.intents import noted, reply
from trusted_cloud_chat.answering.nearest import subjects
from trusted_cloud_chat.answering.next_questions import next_questions
from trusted_cloud_chat.answering.provenance import show_provenance
from trusted_cloud_chat.answering.several import adds, counts, joined
from trusted_cloud_chat.answering.watched import Watcher, answers, finds
from trusted_cloud_chat.errors import SettingsError
from trusted_cloud_chat.evidence.gathering import Evidence, Gatherer
from trusted_cloud_chat.evidence.in_conversation import Before, InConversation, added
from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.index.history import News
from trusted_cloud_chat.index.snapshots import Index, Snapshot
from trusted_cloud_chat.language.stems import lexical_tokens
from trusted_cloud_chat.market.tables import Books
from trusted_cloud_chat.progress import Clock
from trusted_cloud_chat.question.follow_up import recent
from trusted_cloud_chat.question.intents import NOTED, QUESTION
from trusted_cloud_chat.question.parse import ABOUT_THE_TALK, QuestionReader
from trusted_cloud_chat.question.question import Question
from trusted_cloud_chat.retrieval import Retrieved, Retriever
from trusted_cloud_chat.retrieval.ranking import Weights
from trusted_cloud_chat.schema import (
    EVERYTHING,
    Answer,
    Article,
    Coverage,
    Enrichment,
    Language,
    Mode,
    Passage,
    Query,
    Scope,
    Turn,
)
from trusted_cloud_chat.trace import Trace

_ASKED_WHOLE = 0.75
"""Minimum cosine similarity at which a stored question matches the whole of a text that asks several things."""
_NOTED_SURE = 0.5
"""Minimum confidence of an answer that replaces the reply to a text that is no question."""
_FOUND_AGAIN = 4
"""Passages returned for each search by the language model."""
_LANGUAGES: tuple[Language, ...] = ("fr", "en")


class AnswerWriter(Protocol):
    """Writes answers with a language model; implemented by `writing.writer.Writer`."""

    name: str

    def may_try(self, extractive: Answer) -> bool:
        """Whether to call the model for this answer."""
        ...

    def stream(
        self,
        question: str,
        query: Query,
        extractive: Answer,
        turns: Sequence[Turn] = (),
        search: Callable[[str], Sequence[Passage]] | None = None,
    ) -> Iterator[Answer]:
        """Yields `extractive`, then the growing answer, or `extractive` again if writing fails. With `search` the model may search."""
        ...

    def rework(
        self, question: str, query: Query, before: Answer, plain: Answer, turns: Sequence[Turn] = ()
    ) -> Iterator[Answer]:
        """Yields `before` in other words, or `plain` if that fails."""
        ...

    def choosing(self) -> "AnswerWriter":
        """A writer with the same model, which only chooses quotes."""
        ...

    def make_whole(self, question: str, language: Language, turns: Sequence[Turn]) -> str | None:
        """The follow-up as a self-contained question; None if the model fails."""
        ...


class Assistant:
    """Answers questions from one index. Safe to use from several threads."""

    def __init__(
        self,
        index: Index,
        retriever: Retriever,
        reader: QuestionReader,
        gatherer: Gatherer,
        answerer: Answerer,
        weights: Weights,
        *,
        writer: AnswerWriter | None = None,
        disabled: Collection[str] = frozenset(),
    ) -> None:
        """Without a `writer`, answers consist of quotes. `disabled`: ids of the rules to switch off."""
        self.entities, self.market = answerer.entities, answerer.market
        self.books = Books(index, self.entities, self.market.vocabulary)
        """The facts of the enriched articles."""
        self.watcher: Watcher | None = None
        self._index = index
        self._retriever = retriever
        self._reader = reader
        self._gatherer = gatherer
        self._talk = InConversation(gatherer, index, retriever, weights)
        self._answerer = answerer
        self._facts = Facts(index, retriever, answerer.entities, answerer.market, self.books, reader, gatherer)
        self._writer = writer
        self._disabled = frozenset(disabled)

    def watch(self, watcher: Watcher) -> None:
        """Reports every question from now on to `watcher`, including questions to later copies."""
        self.watcher = watcher

    def written_by(self, writer: AnswerWriter | None) -> "Assistant":
        """A copy with another `writer` over the same index; without a writer, answers consist of quotes."""
        other = copy(self)
        other._writer = writer
        return other

    def in_mode(self, mode: Mode | None) -> "Assistant":
        """The assistant in `mode` (None: unchanged). Raises SettingsError if the mode needs a language model and there is none."""
        if mode in ("chosen", "written") and self._writer is None:
            raise SettingsError(f"the mode {mode!r} needs a language model: set TCC_CHAT_MODEL=PROVIDER:NAME")
        if mode == "chosen" and self._writer is not None:
            return self.written_by(self._writer.choosing())
        return self.written_by(None) if mode == "quotes" else self

    def ask(
        self,
        question: str,
        *,
        turns: Sequence[Turn] = (),
        today: date | None = None,
        as_of: date | None = None,
        within: Scope = EVERYTHING,
    ) -> Answer:
        """Returns the answer, or a refusal with its reason. Raises QuestionError, IndexEmptyError."""
        *_, last = self.stream(question, turns=turns, today=today, as_of=as_of, within=within)
        return last

    @answers
    def stream(
        self,
        question: str,
        *,
        turns: Sequence[Turn] = (),
        today: date | None = None,
        as_of: date | None = None,
        within: Scope = EVERYTHING,
        left: threading.Event | None = None,
        stages: bool = False,
    ) -> Iterator[Answer]:
        """Yields the growing answer; the last is complete, with timings in ms. `stages`: yields an empty answer after each search. `left`: set when the client is gone."""
        clock, trace, turns = Clock(), Trace(self._disabled), recent(turns)
        before = cache(partial(self._before, turns, today, as_of, within))
        read = self._read(question, turns, today, as_of, within, trace, lambda: self._told_of(before()))
        read = self._made_whole(question, read, turns, trace)
        clock.lap("understand")
        if not self._is_searched(read):
            yield from self._about_the_talk(question, read, turns, before, trace, clock)
            return
        answers: list[Answer] = []
        gathered = []
        for one in read.several or (read,):
            found = self._gatherer.find(one)
            if stages:
                yield Answer(question, read.query, "")
            gathered.append(self._talk.evidence(one, before, trace, found, _part_before(answers)))
            answers.append(self._answer_one(one.query.text if read.several else question, gathered[-1], trace))
        timings = {**clock.laps, **added(gathered)}
        clock.restart()
        answer = self._joined(question, read, answers, gathered, before, trace)
        if read.query.intent != QUESTION and not self._stands(read, answer):
            yield from self._about_the_talk(question, read, turns, before, trace, clock)
            return
        answer = self._with_next(noted(answer))
        if self._writer is None or not self._writer.may_try(answer):
            yield from _growing(answer)
        else:
            over = replace(answer, passages=self._with_enrichment(answer.passages, answer.query))
            for written in self._writer.stream(
                question, answer.query, over, turns, partial(self._search_again, read, trace)
            ):
                answer = replace(noted(written), next_questions=answer.next_questions)
                yield replace(answer, trace=trace.lines)
        if left is not None and left.is_set():
            return
        clock.lap("answer")
        timings |= {**clock.laps, "total": clock.total_ms}
        yield replace(answer, trace=trace.lines, timings_ms=timings)

    def _with_next(self, answer: Answer) -> Answer:
        """Adds suggested next questions, if the answer has citations."""
        if not answer.citations:
            return answer
        return replace(answer, next_questions=self._index.read(lambda s: next_questions(s, answer, self.entities)))

    def _is_searched(self, read: Question) -> bool:
        """Whether to search the articles. False for texts that ask nothing of them, and for news requested by name or period alone."""
        intent = read.query.intent
        if read.query.kind in ABOUT_THE_TALK:
            return False
        return intent == QUESTION or (intent in NOTED and (intent != "browse" or bool(subject_of_news(read))))

    def _stands(self, read: Question, answer: Answer) -> bool:
        """Whether the answer replaces the reply to a text that is no question: because it is confident, or a list about time."""
        row = self._answerer.asked_list(read, self._facts.known(read.query))
        sure = (answer.confidence or 0.0) >= _NOTED_SURE
        return answer.outcome == "answered" and (sure or (row is not None and row.in_time))

    def _search_again(self, read: Question, trace: Trace, words: str) -> Sequence[Passage]:
        """The passages for a search by the language model, with the day and scope of the question."""
        query = read.query
        if not trace.fires("search.again", words):
            return ()
        asked = self._read(words, (), query.today, query.as_of, query.within, Trace(self._disabled))
        return self._with_enrichment(self._retriever.retrieve(asked, _FOUND_AGAIN).passages, query)

    def _with_enrichment(self, passages: Sequence[Passage], query: Query) -> tuple[Passage, ...]:
        """The passages with the enrichment of their articles and the facts that supersede their sentences on the day of `query`."""
        wanted = {(p.article.article_id, p.article.version) for p in passages if p.article.is_enriched}

        def use(snapshot: Snapshot) -> dict[tuple[str, str], Enrichment | None]:
            return {name: snapshot.catalog.enrichment(*name) for name in wanted}

        found = self._index.read(use) if wanted else {}
        known = self._facts.known(query) if wanted else None
        book = known.book(None) if known else None
        return tuple(
            replace(
                p,
                article=replace(p.article, enrichment=found.get((p.article.article_id, p.article.version))),
                superseded=self.books.later(book, p) if book else {},
            )
            for p in passages
        )

    @finds
    def search(
        self,
        question: str,
        k: int,
        *,
        turns: Sequence[Turn] = (),
        today: date | None = None,
        as_of: date | None = None,
        within: Scope = EVERYTHING,
    ) -> Retrieved:
        """The `k` best passages, best first, without an answer. Raises QuestionError, IndexEmptyError."""
        clock = Clock()
        read = self._read(question, turns, today, as_of, within, Trace(self._disabled))
        clock.lap("understand")
        retrieved = self._retriever.retrieve(read, k)
        timings = {**clock.laps, **retrieved.timings_ms, "total": clock.total_ms}
        return replace(retrieved, timings_ms=timings)

    def read(
        self, question: str, *, turns: Sequence[Turn] = (), today: date | None = None, as_of: date | None = None
    ) -> Question:
        """Parses the text as a question. Raises QuestionError."""
        return self._read(question, turns, today, as_of, EVERYTHING, Trace(self._disabled))

    def _read(
        self,
        question: str,
        turns: Sequence[Turn],
        today: date | None,
        as_of: date | None,
        within: Scope,
        trace: Trace,
        told: Callable[[], Sequence[str]] = tuple,
    ) -> Question:
        day, turns = today or date.today(), recent(turns)
        return self._reader.read(question, turns=turns, today=day, as_of=as_of, within=within, trace=trace, told=told)

    @property
    def chat_model(self) -> str | None:
        """The name of the language model that writes the answers; None if they consist of quotes."""
        return self._writer.name if self._writer else None

    def rank_sentences(
        self, question: str, passages: Sequence[Passage], *, today: date | None = None
    ) -> list[Selected]:
        """All sentences of `passages`, best first, ranked as for an answer."""
        return self._gatherer.rank(self.read(question, today=today), passages)

    def _before(self, turns: Sequence[Turn], today: date | None, as_of: date | None, within: Scope) -> Answer | None:
        """The last answer that is not about the conversation itself; recomputed as quotes if the turn stores only its text."""
        for place in range(len(turns) - 1, -1, -1):
            turn, trace = turns[place], Trace(self._disabled)
            if turn.given is not None and turn.given.query.kind not in ABOUT_THE_TALK:
                return turn.given
            again = self._read(turn.question, turns[:place], today, as_of, within, trace)
            if again.query.kind not in ABOUT_THE_TALK:
                before = cache(partial(self._before, turns[:place], today, as_of, within))
                answers, gathered = list[Answer](), list[Evidence]()
                for one in again.several or (again,):
                    gathered.append(self._talk.evidence(one, lambda: None, trace, None, _part_before(answers)))
                    answers.append(self._answer_one(turn.question, gathered[-1], trace))
                return self._joined(turn.question, again, answers, gathered, before, trace)
        return None

    def _told_of(self, before: Answer | None) -> Sequence[str]:
        """The names of the parties in the facts of the previous answer's leading quote."""
        known = self._facts.known(before.query) if before and before.outcome == "answered" else None
        if before is None or known is None or not before.citations:
            return ()
        lead, book = before.citations[0], known.book(None)
        return subjects(book, book.said_at(lead.article.article_id, lead.start))

    def _joined(
        self,
        question: str,
        read: Question,
        answers: Sequence[Answer],
        gathered: Sequence[Evidence],
        before: Before,
        trace: Trace,
    ) -> Answer:
        """The answer to the whole text, combined with the answers to its parts."""
        if not read.several:
            return answers[0]
        row, apart = self._answerer.asked_list(read, self._facts.known(read.query)), trace.apart()
        timed = row is not None and row.in_time and bool(read.mentions)
        evidence = self._talk.gather(replace(read, is_part=not timed), before, apart)
        whole = self._answer_one(question, evidence, apart)
        trace.take(apart)
        if timed and any(line.rule == "form.list" for line in apart.lines):
            return whole  # a list about time already holds the dates of all parts
        answers = [
            one if counts(text, one) else self._beside(part, answers, whole, trace) or one
            for text, part, one in zip(read.query.parts, read.several, answers, strict=True)
        ]
        asked = _asked_as_one(evidence, gathered)
        leads = bool(asked) and trace.fires("asked_whole", f"« {asked} »")
        return joined(question, read, answers, whole, leads=leads) or whole

    def _beside(self, part: Question, others: Sequence[Answer], whole: Answer, trace: Trace) -> Answer | None:
        """The answer to a part from the leading articles of the other answers; None if they do not answer it."""
        evidence = self._talk.beside(part, [*others, whole], trace)
        again = self._answer_one(part.query.text, evidence, trace) if evidence else None
        return again if again and adds(part.query.text, again, others) else None

    def _answer_one(self, question: str, evidence: Evidence, trace: Trace) -> Answer:
        """The answer to one question as quotes, or a refusal."""
        read = evidence.question

        def unbounded() -> Evidence:
            return self._gatherer.gather(replace(read, query=replace(read.query, as_of=None)))

        known = self._facts.known(read.query)
        held = Beside(
            self.coverage,
            lambda: self._index.read(lambda snapshot: snapshot.catalog.titles()),
            unbounded,
            known,
            partial(self._facts.corrected, evidence, known),
        )
        return self._answerer.answer(question, evidence, held, trace)

    def _made_whole(self, question: str, read: Question, turns: Sequence[Turn], trace: Trace) -> Question:
        """A follow-up rewritten by the language model as a self-contained question; `read` if it is no follow-up, or if the model fails."""
        if self._writer is None or not read.context:
            return read
        query = read.query
        whole = self._writer.make_whole(question, query.language, turns)
        if whole is None or not trace.fires("follow_up.written", whole):
            return read
        return self._read(whole, (), query.today, query.as_of, query.within, trace)

    def _reworked(
        self, question: str, read: Question, before: Answer, plain: Answer, turns: Sequence[Turn]
    ) -> Iterator[Answer]:
        """Yields the last answer reworded by the language model, or `plain` if that fails; nothing without a model."""
        if self._writer is not None:
            for written in self._writer.rework(question, read.query, before, plain, turns):
                yield replace(written, question=question, query=read.query)

    def _about_the_talk(
        self, question: str, read: Question, turns: Sequence[Turn], before: Before, trace: Trace, clock: Clock
    ) -> Iterator[Answer]:
        """Yields the sources of the previous answer, or the reply to a text that asks nothing of the articles."""
        coverage = self.coverage(read.query.as_of if read.query.intent == "browse" else None)
        if read.query.kind == "evidence":
            answer = show_provenance(question, read, before())
            yield from _growing(answer)
        else:
            last = before() if read.query.intent == "rework" else None
            written = self.chat_model is not None
            answer = reply(question, read, last, self._facts, coverage, written=written)
            if last is not None and last.citations:
                for reworked in self._reworked(question, read, last, answer, turns):
                    answer = reworked
                    yield reworked
        generation = answer.generation or coverage.generation
        yield replace(answer, generation=generation, trace=trace.lines, timings_ms={"total": clock.total_ms})

    def coverage(self, as_of: date | None = None) -> Coverage:
        """Number and dates of the indexed articles; with `as_of`, of those published by that day. Raises IndexEmptyError."""
        return self._index.coverage(as_of)

    def news(self, since: str | None, most: int) -> News:
        """At most `most` articles added to the index after `since`, the `until` of an earlier `News`. Raises IndexEmptyError."""
        return self._index.news(since, most)

    def choices(self) -> tuple[Sequence[str], Sequence[str]]:
        """(source types, entity names) that a scope can filter by. Raises IndexEmptyError."""
        return self._index.read(lambda snapshot: snapshot.catalog.source_types()), self.entities.names

    def articles_with(self, text: str) -> set[str]:
        """Ids of the articles that contain every word of `text`, in any inflected form. Raises IndexEmptyError."""
        stems = [dict.fromkeys(lexical_tokens(text, language)) for language in _LANGUAGES]
        return self._index.read(lambda snapshot: set().union(*map(snapshot.articles_with, stems)))

    def article(self, article_id: str, version: str | None = None) -> Article | None:
        return self._index.article(article_id, version)

    def live(self, article_id: str) -> Article | None:
        """The current version of the article; None if it was removed."""
        return self._index.read(lambda snapshot: snapshot.catalog.articles([article_id]).get(article_id))

    def close(self) -> None:
        self._index.close()


def _part_before(answers: Sequence[Answer]) -> Answer | None:
    """The last answered part, to which the next part may refer; None without one."""
    return next((one for one in reversed(answers) if one.outcome == "answered"), None)


def _asked_as_one(whole: Evidence, parts: Sequence[Evidence]) -> str | None:
    """The leading sentence's stored question, if several sentences answer it and its cosine is at least `_ASKED_WHOLE` and the mean of the parts' best cosines."""
    vote = whole.ranked[0].vote if whole.ranked else None
    near = fmean(one.likeness.answered for one in parts)
    is_one = vote is not None and len(vote.answered_by) > 1 and vote.likeness >= max(_ASKED_WHOLE, near)
    return vote.question if vote is not None and is_one else None


def _growing(answer: Answer) -> Iterator[Answer]:
    """Yields the answer up to each of its paragraphs except the last."""
    paragraphs = answer.answer.split("\n\n")
    for shown in range(1, len(paragraphs)):
        yield replace(answer, answer="\n\n".join(paragraphs[:shown]))
