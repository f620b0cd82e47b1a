"""Answers by scripted language models: every sentence is verified, and no question is lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult

from trusted_cloud_chat.entities import load_entities
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.schema import Answer, Passage, Query
from trusted_cloud_chat.writing.writer import Writer

TODAY = date(2026, 11, 24)


class PiecewiseChatModel(BaseChatModel):
    """Says its pieces one by one; an exception among them is raised, a number is a pause in seconds, an event is awaited."""

    pieces: list[Any]
    asked: list[list[BaseMessage]] = []  # noqa: RUF012  (pydantic copies it for each model)
    left: Any = None

    @property
    def _llm_type(self) -> str:
        return "piecewise"

    def _generate(self, messages: Any, stop: Any = None, run_manager: Any = None, **kwargs: Any) -> ChatResult:
        raise NotImplementedError

    def _stream(
        self, messages: list[BaseMessage], stop: Any = None, run_manager: Any = None, **kwargs: Any
    ) -> Iterator[ChatGenerationChunk]:
        self.asked.append(messages)
        try:
            for piece in self.pieces:
                if isinstance(piece, Exception):
                    raise piece
                if isinstance(piece, float):
                    time.sleep(piece)
                elif isinstance(piece, threading.Event):
                    piece.wait(20)
                else:
                    said = piece if isinstance(piece, AIMessageChunk) else AIMessageChunk(content=piece)
                    yield ChatGenerationChunk(message=said)
        finally:
            if self.left is not None:
                self.left.set()


def _ask(
    model: BaseChatModel,
    embedder: Embedder,
    query: Query,
    passages: Sequence[Passage],
    extractive: Answer,
    **options: Any,
) -> list[Answer]:
    """Each answer once: how often it comes again depends on how fast this machine is."""
    writer = Writer(model, "fake:scripted", embedder=embedder, entities=load_entities(), **options)
    given = list(writer.stream(extractive.question, query, passages, extractive))
    return [answer for n, answer in enumerate(given) if answer.answer and (n == 0 or answer is not given[n - 1])]


def _scripted(*replies: str) -> GenericFakeChatModel:
    return GenericFakeChatModel(messages=iter([AIMessage(reply) for reply in replies]))


RIGHT = "PREMI3NS, l’offre de S3NS, est qualifiée SecNumCloud 3.2 depuis le 17 décembre 2025 [1]."


def test_a_sentence_that_stands_is_given_with_a_verbatim_quote(embedder, query, passages, extractive) -> None:
    answer = _ask(_scripted(RIGHT), embedder, query, passages, extractive)[-1]

    assert answer.chat_model == "fake:scripted"
    assert [s.supported for s in answer.sentences] == [True]
    (citation,) = answer.citations
    assert citation.quote == passages[0].article.text[citation.start : citation.end]
    assert citation.quote.startswith("S3NS, filiale de Thales")
    assert "Google" not in citation.quote
    assert answer.answer.startswith("PREMI3NS, l’offre de S3NS")
    assert "5\u00a0janvier 2026" in answer.answer
    assert answer.notices == ()


def test_sentences_arrive_one_by_one_and_are_verified_before(embedder, query, passages, extractive) -> None:
    second = " Bleu vise cette qualification SecNumCloud avant fin 2026 [2]."
    answers = _ask(_scripted(RIGHT + second), embedder, query, passages, extractive)

    assert [len(a.sentences) for a in answers] == [1, 2, 2]
    assert all(s.supported for a in answers for s in a.sentences)


@pytest.mark.parametrize(
    "wrong",
    [
        "PREMI3NS, l’offre de S3NS, est qualifiée SecNumCloud 3.2 depuis le 17 novembre 2025 [1].",
        "PREMI3NS, l’offre de Bleu, est qualifiée SecNumCloud 3.2 depuis le 17 décembre 2025 [1].",
        "PREMI3NS, l’offre de S3NS, n’est pas qualifiée SecNumCloud 3.2 depuis le 17 décembre 2025 [1].",
        "PREMI3NS, l’offre de S3NS, est qualifiée SecNumCloud 3.2 depuis la fin de 2025 [2].",
        "PREMI3NS, l’offre de S3NS, est qualifiée SecNumCloud 3.2 depuis la fin de 2025 [7].",
        "PREMI3NS, l’offre de S3NS, est qualifiée SecNumCloud 3.2 depuis la fin de 2025.",
    ],
)
def test_what_does_not_stand_is_struck_and_points_to_nothing(wrong, embedder, query, passages, extractive) -> None:
    answer = _ask(_scripted(f"{wrong} {RIGHT}"), embedder, query, passages, extractive)[-1]

    struck, stands = answer.sentences
    assert (struck.supported, struck.citations) == (False, ())
    assert stands.supported
    assert f"~~{struck.text}~~" in answer.answer
    assert answer.notices == (
        "1 phrase du modèle de langage n’est pas confirmée par les passages cités\u00a0: elle est barrée.",
    )


def test_a_sentence_said_again_with_its_right_passage_stands(embedder, query, passages, extractive) -> None:
    answer = _ask(_scripted(f"{RIGHT.replace('[1]', '[2]')} {RIGHT}"), embedder, query, passages, extractive)[-1]
    assert [s.supported for s in answer.sentences] == [True]


def test_unsupported_sentences_can_be_dropped_and_the_answer_says_so(embedder, query, passages, extractive) -> None:
    reply = f"S3NS emploie 900 personnes [3]. {RIGHT} Microsoft possède S3NS [1]."
    answer = _ask(_scripted(reply), embedder, query, passages, extractive, unsupported="drop")[-1]

    assert [s.supported for s in answer.sentences] == [True]
    assert "Microsoft" not in answer.answer
    assert answer.notices[0].startswith("2 phrases")
    assert answer.notices[0].endswith("elles ont été retirées.")


def test_when_nothing_stands_the_quotes_are_given_and_said_to_be(embedder, query, passages, extractive) -> None:
    (answer,) = _ask(_scripted("Microsoft a racheté S3NS en 2024 [1]."), embedder, query, passages, extractive)

    assert answer == replace(extractive, notices=answer.notices)
    assert answer.chat_model is None
    assert "aucune phrase que les passages cités confirment" in answer.notices[0]


def test_a_model_that_finds_nothing_gives_way_to_the_quotes(embedder, query, passages, extractive) -> None:
    (answer,) = _ask(_scripted("INTROUVABLE."), embedder, query, passages, extractive)
    assert "n’a pas trouvé la réponse" in answer.notices[0]


@pytest.mark.parametrize("said", ["Les passages ne donnent pas cette date.", "Aucun des extraits ne le dit."])
def test_a_model_that_says_so_in_other_words_finds_nothing(said, embedder, query, passages, extractive) -> None:
    (answer,) = _ask(_scripted(said), embedder, query, passages, extractive)
    assert "n’a pas trouvé la réponse" in answer.notices[0]
    stands = _ask(_scripted(f"{RIGHT} {said}"), embedder, query, passages, extractive)[-1]
    assert ([s.supported for s in stands.sentences], stands.notices) == ([True], ())


def test_yes_may_come_first(embedder, query, passages, extractive) -> None:
    answers = [
        _ask(_scripted(f"{word}, {RIGHT}"), embedder, query, passages, extractive)[-1] for word in ("Oui", "Non")
    ]
    assert [answer.citations != () and answer.chat_model is not None for answer in answers] == [True, False]


def test_an_empty_reply_gives_way_to_the_quotes(embedder, query, passages, extractive) -> None:
    (answer,) = _ask(PiecewiseChatModel(pieces=["", " \n"]), embedder, query, passages, extractive)
    assert "n’a rien écrit" in answer.notices[0]


def test_a_model_that_fails_midway_gives_way_to_the_quotes(embedder, query, passages, extractive) -> None:
    model = PiecewiseChatModel(pieces=[RIGHT, " Bleu", RuntimeError("sk-secret in the message")])
    *_, answer = _ask(model, embedder, query, passages, extractive)

    assert answer == replace(extractive, notices=answer.notices)
    assert "a échoué avant la fin" in answer.notices[0]
    assert "sk-secret" not in repr(answer)


def test_a_silent_model_is_given_up_in_time(embedder, query, passages, extractive) -> None:
    started = time.monotonic()
    model = PiecewiseChatModel(pieces=["Bleu ", 1.5, RIGHT])
    (answer,) = _ask(model, embedder, query, passages, extractive, timeout_s=0.2)

    assert time.monotonic() - started < 1.2
    assert "dans le délai imparti" in answer.notices[0]


def test_leaving_the_answer_stops_the_model(embedder, query, passages, extractive) -> None:
    left = threading.Event()
    second = " Bleu vise cette qualification SecNumCloud avant fin 2026 [2]."
    model = PiecewiseChatModel(pieces=[RIGHT, second, *[0.02, " mot"] * 300], left=left)
    writer = Writer(model, "fake:x", embedder=embedder, entities=load_entities())
    stream = writer.stream(extractive.question, query, passages, extractive)
    next(stream)
    stream.close()

    assert left.wait(2)


def test_a_silent_model_can_be_left_at_any_time(embedder, query, passages, extractive) -> None:
    """While it says nothing, the same answer comes again: without a text, then with the sentence that stands."""
    silent, left = [threading.Event(), threading.Event()], threading.Event()
    second = " Bleu vise cette qualification SecNumCloud avant fin 2026 [2]."
    model = PiecewiseChatModel(pieces=[silent[0], RIGHT, second, silent[1], " mot"], left=left)
    writer = Writer(model, "fake:x", embedder=embedder, entities=load_entities())
    stream = writer.stream(extractive.question, query, passages, extractive)
    assert [next(stream).answer, next(stream).answer] == ["", ""]

    silent[0].set()
    first = next(answer for answer in stream if answer.answer)
    assert next(stream) is next(stream) is first

    stream.close()
    assert not left.is_set()
    silent[1].set()
    assert left.wait(20)


def test_a_withdrawn_thought_leaves_no_text_on_the_page(embedder, query, passages, extractive) -> None:
    silent = threading.Event()
    second = " Bleu vise cette qualification SecNumCloud avant fin 2026 [2]."
    model = PiecewiseChatModel(pieces=[RIGHT, second, "</think>", silent, RIGHT])
    writer = Writer(model, "fake:x", embedder=embedder, entities=load_entities())
    stream = writer.stream(extractive.question, query, passages, extractive)
    next(answer for answer in stream if answer.answer)
    assert next(answer for answer in stream if not answer.answer).citations == ()

    silent.set()
    *_, answer = stream
    assert answer.sentences[0].supported


def test_a_looping_model_is_cut_and_its_repeats_are_left_out(embedder, query, passages, extractive) -> None:
    answer = _ask(_scripted(f"{RIGHT} " * 60), embedder, query, passages, extractive)[-1]
    assert len(answer.sentences) == 1
    assert "peut être incomplète" in answer.notices[-1]


def test_a_model_stopped_at_its_most_tokens_loses_half_a_sentence_and_is_said_to(
    embedder, query, passages, extractive
) -> None:
    end = AIMessageChunk(content="", response_metadata={"finish_reason": "length"})
    half = " PREMI3NS, l’offre de S3NS [1]"
    answer = _ask(PiecewiseChatModel(pieces=[RIGHT, half, end]), embedder, query, passages, extractive)[-1]

    assert [(s.text.endswith("2025."), s.supported) for s in answer.sentences] == [(True, True)]
    assert answer.notices == (
        "Le modèle de langage «\u00a0fake:scripted\u00a0» a été arrêté à la longueur maximale\u00a0: "
        "sa réponse peut être incomplète.",
    )


@pytest.mark.parametrize("whole", [RIGHT, RIGHT.replace(" [1].", ". [1]")])
def test_a_model_stopped_right_after_a_whole_sentence_keeps_it(
    whole: str, embedder, query, passages, extractive
) -> None:
    end = AIMessageChunk(content="", response_metadata={"finish_reason": "length"})
    answer = _ask(PiecewiseChatModel(pieces=[whole, end]), embedder, query, passages, extractive)[-1]

    assert [s.supported for s in answer.sentences] == [True]
    assert "peut être incomplète" in answer.notices[-1]


def test_a_model_stopped_within_its_first_sentence_has_not_been_silent(embedder, query, passages, extractive) -> None:
    end = AIMessageChunk(content="", response_metadata={"finish_reason": "length"})
    *_, answer = _ask(PiecewiseChatModel(pieces=["PREMI3NS, l’offre", end]), embedder, query, passages, extractive)

    assert answer.chat_model is None
    assert "a été arrêté avant la fin de sa première phrase" in answer.notices[-1]


def test_more_sentences_than_an_answer_has_are_left_out_and_said_to_be(embedder, query, passages, extractive) -> None:
    """Twelve are no more than there may be."""
    many = [f" PREMI3NS, l’offre de S3NS, est qualifiée SecNumCloud 3.{n} depuis 2025 [1]." for n in range(14)]
    for said, cut in ((many[:12], False), (many, True)):
        answer = _ask(PiecewiseChatModel(pieces=[RIGHT, *said[1:]]), embedder, query, passages, extractive)[-1]
        assert len(answer.sentences) == 12
        assert any("peut être incomplète" in notice for notice in answer.notices) is cut


def test_a_thought_is_no_part_of_the_answer(embedder, query, passages, extractive) -> None:
    """Also one longer than an answer may be, and one of which only the end is marked; nothing after it: no answer."""
    aloud = "Bleu vise cette qualification SecNumCloud avant fin 2026 [2]. " + "Voyons ce que dit le passage. " * 20
    for thought in (f"<think>{'Voyons. ' * 2000}</think>", f"{aloud}</think>"):
        model = PiecewiseChatModel(pieces=[*(f"{word} " for word in thought.split()), RIGHT])
        answer = _ask(model, embedder, query, passages, extractive)[-1]
        assert [s.supported for s in answer.sentences] == [True]
        assert "Voyons" not in answer.answer
        assert answer.notices == ()
    answer = _ask(_scripted(f"{aloud}</think>"), embedder, query, passages, extractive)[-1]
    assert answer.chat_model is None


def test_markers_split_over_pieces_are_read_whole(embedder, query, passages, extractive) -> None:
    model = PiecewiseChatModel(pieces=list(RIGHT.replace("[1]", "【1】")))
    answer = _ask(model, embedder, query, passages, extractive)[-1]
    assert answer.sentences[0].supported
    assert "【" not in answer.answer


def test_a_model_that_obeys_a_hostile_article_is_struck(embedder, query, passages, extractive) -> None:
    reply = f"S3NS appartient à Google ![x](http://evil.example) <script>alert(1)</script> [1]. {RIGHT}"
    answer = _ask(_scripted(reply), embedder, query, passages, extractive)[-1]

    assert not answer.sentences[0].supported
    assert "evil.example" not in answer.answer
    assert "<script>" not in answer.answer


def test_an_english_answer_is_told_so_in_english(embedder, passages, extractive) -> None:
    english = Query("When was S3NS qualified?", "en", TODAY)
    base = replace(extractive, query=english)
    right = "S3NS obtained the SecNumCloud 3.2 qualification on 17 December 2025 for its PREMI3NS offer [1]."
    answer = _ask(_scripted(f"{right} Microsoft owns S3NS [1]."), embedder, english, passages, base)[-1]

    assert [s.supported for s in answer.sentences] == [True, False]
    assert "(in French) [1]" in answer.answer
    assert answer.notices == (
        "1 sentence of the language model is not confirmed by the cited passages and is struck out.",
    )
