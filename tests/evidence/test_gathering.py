"""From passages to evidence, over the tiny corpus: what is read, in which order, how sure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from builders import TODAY
from fakes import HashedEmbedder
from made import BOOK, asked
from trusted_cloud_chat.evidence.carrying import Carried
from trusted_cloud_chat.evidence.gathering import Evidence, Gatherer
from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.index.snapshots import Index
from trusted_cloud_chat.ingestion import fingerprint_of
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.models.reader import Reader, ReadPassage
from trusted_cloud_chat.question.question import Question
from trusted_cloud_chat.retrieval import Retriever
from trusted_cloud_chat.retrieval.ranking import load_weights
from trusted_cloud_chat.retrieval.stored_questions import Likeness
from trusted_cloud_chat.schema import Answer, Citation, Reading, Vote
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.trace import Trace
from trusted_cloud_chat.wiring import run_ingest

ANSWERED = asked("Qui détient la majorité du capital de S3NS ?", "who")
FOREIGN = asked("Quelle est la capitale du Pérou ?", "where")


class Counted:
    """The bundled reader; it keeps how many passages each call read."""

    def __init__(self, reader: Reader) -> None:
        self.reader, self.calls = reader, []

    def read(self, question: str, passages: Sequence[ReadPassage]) -> list[Reading]:
        self.calls.append(len(passages))
        return self.reader.read(question, passages)


@pytest.fixture(scope="module")
def retriever(tiny_home: Path, embedder: Embedder) -> Iterator[Retriever]:
    settings = load_settings(home=tiny_home)
    index = Index(tiny_home, fingerprint_of(embedder, settings.chunk_tokens))
    yield Retriever(index, embedder, load_weights(), candidates=settings.candidates)
    index.close()


def gather(
    retriever: Retriever,
    reader: object,
    question: Question,
    quoted: Selected | None = None,
    passages: int = 8,
    off: str = "",
) -> tuple[Evidence, list[str]]:
    """The evidence, and the rules that had a say in it; `quoted`: what the answer before quotes."""
    gatherer = Gatherer(retriever, reader, BOOK, load_weights(), passages=passages)  # type: ignore[arg-type]
    carry = Carried(quoting(quoted), retriever._index, retriever, load_weights()) if quoted else None
    trace = Trace({off} if off else ())
    evidence = gatherer.gather(question, carry, trace)
    return evidence, [line.rule for line in trace.lines]


def quoting(one: Selected) -> Answer:
    citation = Citation(1, one.passage.article, one.span.start, one.span.end)
    return Answer("?", ANSWERED.query, "", citations=(citation,), passages=(one.passage,))


def test_sentences_come_best_first_and_each_lies_in_its_passage(retriever: Retriever, reader: Reader) -> None:
    evidence, _ = gather(retriever, reader, ANSWERED)

    scores = [one.score for one in evidence.ranked]
    assert scores == sorted(scores, reverse=True)
    assert "majorité du capital" in evidence.ranked[0].text
    assert all(one.span in one.passage.chunk.sentences for one in evidence.ranked)
    assert all(len(one.text.split()) >= 4 for one in evidence.ranked)


@pytest.mark.parametrize(("question", "sure"), [(ANSWERED, True), (FOREIGN, False)])
def test_confidence_tells_what_answers(retriever: Retriever, reader: Reader, question: Question, sure: bool) -> None:
    evidence, _ = gather(retriever, reader, question)

    assert 0 <= evidence.confidence <= 1
    assert (evidence.confidence >= load_settings().refusal_threshold) is sure
    assert (evidence.relevance > 0.5) is sure


def test_what_others_have_stored_speaks_against_no_plain_article(retriever: Retriever, reader: Reader) -> None:
    gatherer = Gatherer(retriever, reader, BOOK, load_weights(), passages=4)
    found = gatherer.find(ANSWERED)
    beside = replace(found, likeness=Likeness({("x", "1", 0): Vote(1.0, 0.3, "?")}, answered=0.3, absent=0.6))

    alone, among = gatherer.gather(ANSWERED, retrieved=found), gatherer.gather(ANSWERED, retrieved=beside)
    assert among.confidence == alone.confidence > 0.5


def test_only_the_best_passages_are_read(retriever: Retriever, reader: Reader) -> None:
    """Four, six where something is to be proved; no more where they answer."""
    few, more = Counted(reader), Counted(reader)
    gather(retriever, few, ANSWERED)
    gather(retriever, more, asked("S3NS a-t-il obtenu la qualification SecNumCloud ?", "yes_no"))

    assert few.calls[0] == 4
    assert more.calls[0] == 6


def test_where_nothing_answers_more_is_read(retriever: Retriever, reader: Reader) -> None:
    few, many = Counted(reader), Counted(reader)
    gather(retriever, few, ANSWERED)
    gather(retriever, many, FOREIGN)

    assert sum(many.calls) > sum(few.calls)


def test_nothing_was_published_by_then(retriever: Retriever, reader: Reader) -> None:
    evidence, _ = gather(retriever, reader, asked("Qui détient S3NS ?", "who", as_of=date(1999, 1, 1)))

    assert (evidence.passages, list(evidence.ranked), evidence.confidence) == ((), [], 0.0)
    assert evidence.relevance == 0.0


def test_what_is_carried_is_read_and_comes_after_what_is_found(retriever: Retriever, reader: Reader) -> None:
    before, _ = gather(retriever, reader, asked("Où AWS a-t-il ouvert son European Sovereign Cloud ?", "where"))
    quoted = before.ranked[0]
    evidence, rules = gather(retriever, reader, ANSWERED, quoted, passages=1)
    without, silent = gather(retriever, reader, ANSWERED, quoted, passages=1, off="carried")

    assert [passage.article.publisher for passage in evidence.passages] == ["Gazette du Nuage", "Infrastructure Review"]
    assert evidence.passages[1].reading is not None
    assert len(without.passages) == 1
    assert ("carried" in rules, "carried" in silent) == (True, False)


def test_a_follow_up_stays_where_the_answer_before_was_found(retriever: Retriever, reader: Reader) -> None:
    """And says nothing twice; one that names somebody is about whom it names."""
    before = "Quand Bleu a-t-il franchi le jalon J0 ?"
    quoted = gather(retriever, reader, asked(before, "date"))[0].ranked[0]
    goes_on, named = (
        gather(retriever, reader, asked(one, "fact", before), quoted)[0]
        for one in ("Et ensuite ?", "Et qui détient S3NS ?")
    )

    assert goes_on.ranked[0].passage.article.article_id == quoted.passage.article.article_id
    assert goes_on.ranked[0].span != quoted.span
    assert named.ranked[0].passage.article.article_id != quoted.passage.article.article_id


def test_the_same_question_has_the_same_evidence(retriever: Retriever, reader: Reader) -> None:
    first, second = (gather(retriever, reader, ANSWERED)[0] for _ in range(2))

    assert (first.passages, list(first.ranked), first.confidence) == (
        second.passages, list(second.ranked), second.confidence,
    )  # fmt: skip


def test_timings_are_told(retriever: Retriever, reader: Reader) -> None:
    evidence, _ = gather(retriever, reader, ANSWERED)

    assert set(evidence.timings_ms) == {"embed", "vectors", "lexical", "fuse", "read"}


def test_an_embedder_without_vectors_of_words(tmp_path: Path, tiny_corpus: Path, reader: Reader) -> None:
    """Any other embedder gives evidence too: what it lacks is done without."""
    settings, hashed = load_settings(home=tmp_path, corpus=tiny_corpus), HashedEmbedder()
    run_ingest(settings, embedder=hashed, today=TODAY)
    index = Index(tmp_path, fingerprint_of(hashed, settings.chunk_tokens))
    evidence, _ = gather(Retriever(index, hashed, load_weights(), candidates=50), reader, ANSWERED)
    index.close()

    assert any("capital" in one.text for one in evidence.ranked[:3])
