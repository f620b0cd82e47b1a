"""Answers by scripted language models: every sentence is shown with what it points to, and no question is lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
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
from trusted_cloud_chat.models.listening import BEAT_S
from trusted_cloud_chat.schema import (
    Answer,
    Cell,
    Citation,
    PromisedDate,
    QualificationStage,
    Query,
    Sentence,
    Table,
    Turn,
)
from trusted_cloud_chat.writing.writer import Writer

TODAY = date(2026, 11, 24)
BLEU = "Bleu, la société commune d’Orange et de Capgemini, vise la qualification SecNumCloud avant la fin de 2026."


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


Ask = Callable[..., list[Answer]]


@pytest.fixture
def ask(embedder: Embedder, query: Query, extractive: Answer) -> Ask:
    """What a model makes of the question: each answer once, without those that wait for its first words."""

    def asked(model: BaseChatModel, over: Answer = extractive, of: Query = query, **options: Any) -> list[Answer]:
        given = list(_writer(model, embedder, **options).stream(over.question, of, over))
        waiting = [answer.chat_model is not None and not answer.evidence for answer in given]
        return [a for n, a in enumerate(given) if not waiting[n] and (n == 0 or a is not given[n - 1])]

    return asked


def _writer(model: BaseChatModel, embedder: Embedder, **options: Any) -> Writer:
    return Writer(model, "fake:scripted", embedder=embedder, entities=load_entities(), **options)


def _scripted(*replies: str) -> GenericFakeChatModel:
    return GenericFakeChatModel(messages=iter([AIMessage(reply) for reply in replies]))


SECOND = " Bleu vise cette qualification SecNumCloud avant fin 2026 [2.1]."
RIGHT = "PREMI3NS, l’offre de S3NS, est qualifiée SecNumCloud 3.2 depuis le 17 décembre 2025 [1.1]."


def test_a_sentence_points_to_a_sentence_of_a_passage_word_for_word(ask, passages) -> None:
    answer = ask(_scripted(RIGHT))[-1]

    assert (answer.chat_model, answer.outcome) == ("fake:scripted", "answered")
    assert [(s.status, s.citations, s.reason) for s in answer.sentences] == [("unproved", (1,), "")]
    (citation,) = answer.citations
    assert citation.quote == passages[0].article.text[citation.start : citation.end]
    assert "Google" not in citation.quote
    assert answer.answer.startswith("PREMI3NS, l’offre de S3NS")
    assert answer.answer.endswith(answer.evidence)
    assert answer.notices == ()


def test_the_quotes_under_it_are_those_that_it_chose(ask) -> None:
    answer = ask(_scripted("Bleu vise cette qualification avant fin 2026 [2.1], Google fournit la technologie [1.2]."))[
        -1
    ]

    assert [citation.quote.partition(" ")[0] for citation in answer.citations] == ["Bleu,", "Google"]
    assert "a obtenu la qualification" not in answer.answer
    assert answer.evidence.count(" — ") == 2


def test_a_passage_without_the_number_of_a_sentence_is_the_nearest_sentence_of_it(ask) -> None:
    answer = ask(_scripted("Google Cloud n’a pas accès aux données [1]."))[-1]
    assert [citation.quote.partition(" ")[0] for citation in answer.citations] == ["Google"]


def test_a_table_of_its_own_stands_beside_ours(ask, passages, extractive) -> None:
    first, second = extractive.citations[0], Citation(2, passages[1].article, 0, 4)
    rows = ((Cell("Qualification"), Cell(first.quote, (1,)), Cell("Bleu", (2,))),)
    compared = replace(extractive, citations=(first, second), table=Table(("", "S3NS", "Bleu"), rows))
    table = "| Offre | Qualifiée le |\n|---|---|\n| PREMI3NS | 17 décembre 2025 [1.2] |"
    answer = ask(_scripted(table), over=compared)[-1]

    assert (answer.table, answer.citations[:2]) == (compared.table, compared.citations)
    assert answer.answer.startswith("| Offre | Qualifiée le |")
    assert "| PREMI3NS | 17 décembre 2025 [3]" in answer.answer
    assert answer.evidence.startswith(compared.answer)


def test_what_is_said_of_a_quote_that_was_chosen_keeps_to_it(ask, passages, extractive) -> None:
    second = Citation(2, passages[1].article, 0, len(BLEU))
    stages = (QualificationStage(1, "qualified", "S3NS", None), QualificationStage(2, "announced", "Bleu", None))
    promises = (PromisedDate(2, TODAY, TODAY, False, 1),)
    over = replace(extractive, citations=(*extractive.citations, second), stages=stages, promises=promises)
    answer = ask(_scripted(SECOND), over=over)[-1]

    assert [(one.citation, one.holder) for one in answer.stages] == [(1, "Bleu")]
    assert [(one.citation, one.outcome) for one in answer.promises] == [(1, None)]


def test_the_quotes_are_there_at_once(embedder, query, extractive) -> None:
    """Before the model has said a word, and as the evidence under its words."""
    silent = threading.Event()
    model = PiecewiseChatModel(pieces=[silent, RIGHT])
    stream = _writer(model, embedder).stream(extractive.question, query, extractive)
    first = next(stream)
    silent.set()

    assert (first.answer, first.citations, first.chat_model) == (
        extractive.answer,
        extractive.citations,
        "fake:scripted",
    )
    assert extractive.citations[0].quote in list(stream)[-1].evidence


def test_sentences_arrive_one_by_one_with_what_they_point_to(ask) -> None:
    answers = ask(_scripted(RIGHT + SECOND))

    assert [len(a.sentences) for a in answers] == [1, 2, 2]
    assert all(s.citations for a in answers for s in a.sentences)


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        (
            RIGHT.replace("17 décembre", "17 novembre"),
            "«\u00a017 novembre 2025\u00a0» n’est pas tel quel dans la source",
        ),
        (RIGHT.replace("S3NS,", "Scaleway,"), "«\u00a0Scaleway\u00a0» n’est pas tel quel dans la source"),
        (RIGHT.replace("3.2", "4.7"), "«\u00a04.7\u00a0» n’est pas tel quel dans la source"),
        ("Le siège de S3NS a été repeint.", "sans source"),
        (RIGHT.replace("[1.1]", "[1.9]"), "sans source"),
        (RIGHT.replace("[1.1]", "[7]"), "sans source"),
    ],
)
def test_a_quiet_hint_says_what_to_check_and_nothing_is_struck(said: str, hint: str, ask) -> None:
    answer = ask(_scripted(f"{said} {SECOND}"))[-1]

    assert [sentence.reason for sentence in answer.sentences] == [hint, ""]
    assert f". ({hint})" in answer.answer
    assert "~~" not in answer.answer
    assert answer.notices == ()


def test_a_sentence_word_for_word_is_proved(ask) -> None:
    said = f"{BLEU.removesuffix('.')} [2.1]. S3NS n’est pas qualifié [1.1]."
    assert [s.status for s in ask(_scripted(said))[-1].sentences] == ["proved", "unproved"]


def test_what_claims_nothing_passes_unmarked(ask) -> None:
    answer = ask(_scripted(f"Voici ce que disent les articles :\n- {RIGHT}"))[-1]

    assert [s.status for s in answer.sentences] == ["connective", "unproved"]
    assert answer.answer.startswith("Voici ce que disent les articles :\n- PREMI3NS")
    assert answer.notices == ()


def test_lists_tables_and_bold_are_kept(ask) -> None:
    table = "| Offre | Qualifiée le |\n|---|---|\n| **PREMI3NS**, de S3NS | 17 décembre 2025 [1] |"
    answer = ask(_scripted(f"{RIGHT}\n\n{table}"))[-1]

    assert "| Offre | Qualifiée le |\n|---|---|\n| **PREMI3NS**, de S3NS | 17 décembre 2025" in answer.answer


def test_a_sentence_said_again_with_a_source_takes_the_place_of_the_first(ask) -> None:
    answer = ask(_scripted(f"{RIGHT.replace(' [1.1]', '')} {RIGHT}"))[-1]
    assert [s.citations for s in answer.sentences] == [(1,)]


def test_what_a_sentence_that_is_left_out_began_the_next_one_begins(ask) -> None:
    """Else it would go on in the list item or the table row before, where nobody looks for it."""
    last = "Google Cloud fournit la technologie, sans accès aux données des clients [1.2]."
    said = f"{RIGHT}\n\n-{SECOND}\n\n{RIGHT} {last}\n\nVoici la suite :"
    end = AIMessageChunk(content="", response_metadata={"finish_reason": "stop"})
    answer = ask(PiecewiseChatModel(pieces=[said, end]))[-1]

    assert [s.opens for s in answer.sentences] == ["\n\n", "\n- ", "\n\n"]


@pytest.mark.parametrize("reason", ["uncertain", "not_in_corpus"])
def test_a_model_may_answer_where_the_quotes_do_not(reason, ask, extractive) -> None:
    """Then the refusal is gone, with what it quoted; where the model points to nothing it stands."""
    refused = replace(
        extractive,
        outcome="nearest" if reason == "uncertain" else "refused",
        refusal_reason=reason,
        answer="Pas trouvé.",
    )  # type: ignore[arg-type]
    answer = ask(_scripted(RIGHT), over=refused)[-1]
    assert (answer.outcome, answer.refusal_reason, len(answer.citations)) == ("answered", None, 1)
    assert "Pas trouvé" not in answer.answer

    kept = ask(_scripted("Microsoft possède S3NS depuis 2019."), over=refused)[-1]
    assert (kept.outcome, kept.refusal_reason, kept.answer) == (refused.outcome, reason, "Pas trouvé.")
    assert "aucune phrase qui renvoie à un passage" in kept.notices[0]


def test_what_no_model_could_answer_is_not_sent_to_one(embedder, extractive) -> None:
    writer = _writer(_scripted(RIGHT), embedder)
    refusals = ("out_of_domain", "after_as_of", "false_premise", "not_in_corpus", "uncertain")
    tried = [
        writer.may_try(replace(extractive, outcome="refused", refusal_reason=reason))  # type: ignore[arg-type]
        for reason in refusals
    ]
    assert tried == [False, False, True, True, True]
    assert not writer.may_try(replace(extractive, passages=()))


def test_an_answer_without_a_source_is_said_to_be_one_over_the_quotes(ask, extractive) -> None:
    answer = ask(_scripted("Microsoft a racheté S3NS en 2024."))[-1]

    assert answer.answer == f"Microsoft a racheté S3NS en 2024. (sans source)\n\n{extractive.answer}"
    assert answer.citations == extractive.citations


def test_a_model_that_finds_nothing_gives_way_to_the_quotes(ask) -> None:
    (answer,) = ask(_scripted("INTROUVABLE."))
    assert "n’a pas trouvé la réponse" in answer.notices[0]
    assert answer.outcome == "answered"


def test_a_model_that_finds_nothing_counts_against_shaky_quotes(ask, extractive) -> None:
    answer = ask(_scripted("INTROUVABLE."), over=replace(extractive, confidence=0.4))[-1]
    assert (answer.outcome, answer.refusal_reason, answer.citations) == ("nearest", "uncertain", extractive.citations)
    assert answer.answer == f"Pas de réponse certaine\u00a0; ce qui s’en approche le plus\u00a0:\n\n{extractive.answer}"


def test_a_false_premise_is_denied_and_stays_one(ask, extractive) -> None:
    over = replace(extractive, outcome="refused", refusal_reason="false_premise")
    answer = ask(_scripted(f"Non. {RIGHT}"), over=over)[-1]
    assert (answer.outcome, answer.refusal_reason) == ("refused", "false_premise")
    assert answer.answer.startswith("Non. PREMI3NS")


@pytest.mark.parametrize(
    "first",
    [
        ["RECHERCHE : offre de S3NS\nRECHERCHE : Bleu, qualification\n"],
        ["RECHERCHE : offre de S3NS\nRECHERCHE", BEAT_S * 2, " ", ": Bleu, qualification\n"],
        ["- **Recherche** : offre de S3NS"],
    ],
)
def test_it_searches_again_once_where_the_quotes_are_unsure(first: list[Any], embedder, query, extractive) -> None:
    """In words of its own, before it says that nothing is there; what it then cites is what was found."""
    over = replace(
        extractive, outcome="nearest", refusal_reason="uncertain", passages=extractive.passages[1:], citations=()
    )
    searched: list[str] = []

    def search(words: str) -> list[Any]:
        searched.append(words)
        return [extractive.passages[0]]

    prompts: list[str] = []

    class Model(PiecewiseChatModel):
        def _stream(self, messages: Any, stop: Any = None, run_manager: Any = None, **kwargs: Any) -> Iterator[Any]:
            prompts.append(str(messages[-1].text))
            self.pieces = first if len(prompts) == 1 else [RIGHT]
            yield from super()._stream(messages)

    *_, answer = _writer(Model(pieces=[]), embedder).stream("?", query, over, (), search)

    assert searched[0] == "offre de S3NS"
    assert len(searched) == str(first).count(":")
    assert ["RECHERCHE" in prompt for prompt in prompts] == [True, False]
    assert (answer.outcome, answer.citations[0].article.article_id) == ("answered", "s3ns")


def _choose(said: Any, over: Answer, embedder: Embedder, query: Query) -> tuple[Answer, str]:
    model = PiecewiseChatModel(pieces=said if isinstance(said, list) else [said])
    *_, answer = _writer(model, embedder).choosing().stream(over.question, query, over)
    return answer, str(model.asked[0][0].text) if model.asked else ""


@pytest.mark.parametrize(
    "said", ["[2.1] [1.2]", "Je choisis les phrases [2.1], [1.2] et [9.9]. S3NS est parfait.", ["[2.", "1][1", ".2]"]]
)
def test_a_model_may_only_choose_the_quotes(said: Any, embedder, query, extractive) -> None:
    answer, rules = _choose(said, extractive, embedder, query)
    assert "Vous ne rédigez rien" in rules
    assert [c.quote for c in answer.citations] == [
        BLEU,
        "Google Cloud fournit la technologie, sans accès aux données des clients.",
    ]
    assert [(s.text, s.citations, s.status) for s in answer.sentences] == [
        (c.quote, (c.n,), "proved") for c in answer.citations
    ]
    assert (answer.evidence, answer.chat_model, answer.notices) == ("", "fake:scripted", ())
    assert "parfait" not in answer.answer


def test_the_line_above_quotes_stays_where_all_that_proves_it_is_chosen(embedder, query, extractive) -> None:
    line = Sentence("17 décembre 2025", (1,), "composed")
    over = replace(extractive, sentences=(line, *extractive.sentences))
    assert _choose("[2.1] [1.1]", over, embedder, query)[0].sentences[0] == replace(line, citations=(2,))
    assert _choose("[2.1]", over, embedder, query)[0].sentences[0].text == BLEU


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("INTROUVABLE", "n’a pas trouvé la réponse"),
        ("S3NS est qualifié.", "n’a désigné aucune phrase"),
        ("[9.9]", "n’a désigné aucune phrase"),
        ([RuntimeError("x")], "a échoué"),
        (["[2.1]", RuntimeError("x")], "a échoué"),
    ],
)
def test_where_a_model_chooses_nothing_the_quotes_stay_and_a_notice_says_so(
    said: Any, told: str, embedder, query, extractive
) -> None:
    answer, _ = _choose(said, extractive, embedder, query)
    assert answer == replace(extractive, notices=answer.notices)
    assert told in answer.notices[0]
    assert answer.notices[0].endswith("les citations ci-dessous ont été choisies sans lui.")


def test_tables_and_reworded_answers_are_left_alone_by_a_model_that_only_chooses(embedder, query, extractive) -> None:
    table = replace(extractive, table=Table(("Critère", "S3NS"), ()))
    assert _choose("[2.1]", table, embedder, query) == (table, "")
    writer = _writer(PiecewiseChatModel(pieces=[RIGHT]), embedder).choosing()
    assert list(writer.rework("Plus court.", query, extractive, extractive)) == [extractive]


def test_it_searches_for_three_things_at_most(embedder, query, extractive) -> None:
    searched: list[str] = []
    model = PiecewiseChatModel(pieces=[f"RECHERCHE : chose {n}\n" for n in range(5)])
    over = replace(extractive, outcome="nearest", refusal_reason="uncertain")
    *_, answer = _writer(model, embedder).stream("?", query, over, (), lambda words: searched.append(words) or [])
    assert searched == ["chose 0", "chose 1", "chose 2"]
    assert answer.refused


def test_it_does_not_search_where_quotes_answer(embedder, query, extractive) -> None:
    model = PiecewiseChatModel(pieces=[RIGHT])
    *_, answer = _writer(model, embedder).stream("?", query, extractive, (), lambda _: pytest.fail("searched"))
    assert "RECHERCHE" not in str(model.asked[0][-1].text)
    assert answer.sentences


@pytest.mark.parametrize("said", ["Les passages ne donnent pas cette date.", "Aucun des extraits ne le dit."])
def test_a_model_that_says_so_in_other_words_finds_nothing(said, ask) -> None:
    (answer,) = ask(_scripted(said))
    assert "n’a pas trouvé la réponse" in answer.notices[0]
    stands = ask(_scripted(f"{RIGHT} {said}"))[-1]
    assert ([s.citations for s in stands.sentences], stands.notices) == ([(1,)], ())


def test_an_empty_reply_gives_way_to_the_quotes(ask) -> None:
    (answer,) = ask(PiecewiseChatModel(pieces=["", " \n"]))
    assert "n’a rien écrit" in answer.notices[0]


def test_what_is_on_the_screen_stays_where_a_model_fails_midway(ask, extractive) -> None:
    failure = RuntimeError("sk-secret in the message")
    *_, answer = ask(PiecewiseChatModel(pieces=[RIGHT, " Bleu vise", failure]))

    assert [s.citations for s in answer.sentences] == [(1,)]
    assert answer.notices[0].endswith(
        "a échoué avant la fin de sa réponse\u00a0: ce qu’il avait écrit reste, et peut être incomplet."
    )
    assert "sk-secret" not in repr(answer)
    *_, nothing = ask(PiecewiseChatModel(pieces=["Bleu vise", failure]))
    assert nothing == replace(extractive, notices=nothing.notices)
    assert "a échoué avant la fin" in nothing.notices[0]


@pytest.mark.parametrize("said", [RIGHT, ""])
@pytest.mark.parametrize("reason", ["content_filter", "SAFETY", "refusal"])
def test_a_content_filter_is_told(reason: str, said: str, ask) -> None:
    end = AIMessageChunk(content="", response_metadata={"finish_reason": reason})
    answer = ask(PiecewiseChatModel(pieces=[said, end]))[-1]

    assert bool(answer.sentences) is True
    assert "a été arrêté par le filtre de contenu de son fournisseur" in answer.notices[0]
    assert (answer.chat_model is not None) == bool(said)


@pytest.mark.parametrize("end", ["PREMI3NS, l’offre de", "PREMI3NS,", "En 20"])
def test_a_connection_closed_within_a_sentence_is_no_end(end: str, ask) -> None:
    """Some libraries tell it from the end of an answer only in that no reason is given for it. Whole sentences stay."""
    last = AIMessageChunk(content=f" {end}", response_metadata={"model_provider": "openai"})
    cut = ask(PiecewiseChatModel(pieces=[RIGHT, last]))[-1]
    assert ([s.text[:8] for s in cut.sentences], "connexion interrompue" in cut.notices[0]) == (["PREMI3NS"], True)

    told = AIMessageChunk(content="", response_metadata={"model_provider": "openai", "finish_reason": "stop"})
    assert ask(PiecewiseChatModel(pieces=[RIGHT, last, told]))[-1].evidence


def test_a_silent_model_is_given_up_in_time(ask) -> None:
    started = time.monotonic()
    model = PiecewiseChatModel(pieces=["Bleu ", 1.5, RIGHT])
    (answer,) = ask(model, timeout_s=0.2)

    assert time.monotonic() - started < 1.2
    assert "dans le délai imparti" in answer.notices[0]


def test_leaving_the_answer_stops_the_model(embedder, query, extractive) -> None:
    left = threading.Event()
    model = PiecewiseChatModel(pieces=[RIGHT, SECOND, *[0.02, " mot"] * 300], left=left)
    stream = _writer(model, embedder).stream(extractive.question, query, extractive)
    next(answer for answer in stream if answer.evidence)
    stream.close()

    assert left.wait(2)


def test_a_silent_model_can_be_left_at_any_time(embedder, query, extractive) -> None:
    """While it says nothing, the same answer comes again: the quotes, then what is proved over them."""
    silent, left = [threading.Event(), threading.Event()], threading.Event()
    model = PiecewiseChatModel(pieces=[silent[0], RIGHT, SECOND, silent[1], " mot"], left=left)
    stream = _writer(model, embedder).stream(extractive.question, query, extractive)
    assert [next(stream).answer, next(stream).answer] == [extractive.answer] * 2

    silent[0].set()
    first = next(answer for answer in stream if answer.evidence)
    assert next(stream) is next(stream) is first

    stream.close()
    assert not left.is_set()
    silent[1].set()
    assert left.wait(20)


def test_a_withdrawn_thought_leaves_the_quotes_alone(embedder, query, extractive) -> None:
    silent = threading.Event()
    model = PiecewiseChatModel(pieces=[RIGHT, SECOND, "</think>", silent, RIGHT])
    stream = _writer(model, embedder).stream(extractive.question, query, extractive)
    next(answer for answer in stream if answer.evidence)
    assert next(answer for answer in stream if not answer.evidence).answer == extractive.answer

    silent.set()
    *_, answer = stream
    assert answer.sentences[0].citations


def test_a_looping_model_is_cut_and_its_repeats_are_left_out(ask) -> None:
    answer = ask(PiecewiseChatModel(pieces=[f"{RIGHT} "] * 120))[-1]
    assert len(answer.sentences) == 1
    assert "peut être incomplète" in answer.notices[-1]


def test_a_model_stopped_at_its_most_tokens_loses_half_a_sentence_and_is_said_to(ask) -> None:
    end = AIMessageChunk(content="", response_metadata={"finish_reason": "length"})
    half = " PREMI3NS, l’offre de S3NS [1]"
    answer = ask(PiecewiseChatModel(pieces=[RIGHT, half, end]))[-1]

    assert [(s.text.endswith("2025."), s.citations) for s in answer.sentences] == [(True, (1,))]
    assert answer.notices == (
        "Le modèle de langage «\u00a0fake:scripted\u00a0» a été arrêté à la longueur maximale\u00a0: "
        "sa réponse peut être incomplète.",
    )


@pytest.mark.parametrize("whole", [RIGHT, RIGHT.replace(" [1.1].", ". [1.1]")])
def test_a_model_stopped_right_after_a_whole_sentence_keeps_it(whole: str, ask) -> None:
    end = AIMessageChunk(content="", response_metadata={"finish_reason": "length"})
    answer = ask(PiecewiseChatModel(pieces=[whole, end]))[-1]

    assert [s.citations for s in answer.sentences] == [(1,)]
    assert "peut être incomplète" in answer.notices[-1]


def test_a_model_stopped_within_its_first_sentence_has_not_been_silent(ask) -> None:
    end = AIMessageChunk(content="", response_metadata={"finish_reason": "length"})
    *_, answer = ask(PiecewiseChatModel(pieces=["PREMI3NS, l’offre", end]))

    assert answer.chat_model is None
    assert "a été arrêté avant la fin de sa première phrase" in answer.notices[-1]


def test_more_sentences_than_an_answer_has_are_left_out_and_said_to_be(ask) -> None:
    many = [f" PREMI3NS est qualifiée SecNumCloud 3.{n} [1]." for n in range(42)]
    for said, cut in ((many[:40], False), (many, True)):
        answer = ask(PiecewiseChatModel(pieces=[RIGHT, *said[1:]]))[-1]
        assert len(answer.sentences) == 40
        assert any("peut être incomplète" in notice for notice in answer.notices) is cut


@pytest.mark.slow
def test_a_thought_is_no_part_of_the_answer(ask) -> None:
    """Also one longer than an answer may be, and one of which only the end is marked; nothing after it: no answer."""
    aloud = "Bleu vise cette qualification SecNumCloud avant fin 2026 [2]. " + "Voyons ce que dit le passage. " * 20
    for thought in (f"<think>{'Voyons. ' * 2000}</think>", f"{aloud}</think>"):
        model = PiecewiseChatModel(pieces=[*(f"{word} " for word in thought.split()), RIGHT])
        answer = ask(model)[-1]
        assert [s.citations for s in answer.sentences] == [(1,)]
        assert "Voyons" not in answer.answer
        assert answer.notices == ()
    answer = ask(_scripted(f"{aloud}</think>"))[-1]
    assert answer.chat_model is None


def test_a_model_that_obeys_a_hostile_article_is_shown_as_text(ask) -> None:
    reply = f"S3NS appartient à Google ![x](http://evil.example) <script>alert(1)</script> [3.1]. {RIGHT}"
    answer = ask(_scripted(reply))[-1]

    assert answer.citations[0].article.article_id == "x"
    assert "evil.example" not in answer.answer
    assert "<script>" not in answer.answer


def test_an_english_answer_is_told_so_in_english(ask, extractive) -> None:
    english = Query("When was S3NS qualified?", "en", TODAY)
    base = replace(extractive, query=english)
    right = "S3NS obtained the SecNumCloud 3.2 qualification on 17 December 2025 for its PREMI3NS offer [1]."
    answer = ask(_scripted(f"{right} Its head office was repainted lately."), over=base, of=english)[-1]

    assert [s.reason for s in answer.sentences] == ["", "without a source"]


def test_the_last_answer_is_said_otherwise_over_its_quotes(embedder, query, extractive) -> None:
    """« Plus court » : what points to the same quotes, or the plain reply."""
    plain = replace(extractive, query=replace(query, intent="rework"), answer="Je cite.", citations=(), sentences=())
    for written, last in ((RIGHT, RIGHT.split(" [")[0]), ("", "Je cite.")):
        model = PiecewiseChatModel(pieces=[written])
        *_, answer = _writer(model, embedder).rework("Plus court.", query, extractive, plain)
        assert answer.answer.startswith(last)
    assert "Dernière réponse" in str(model.asked[0][-1].text)


@pytest.mark.parametrize(
    ("written", "whole"),
    [
        ("Quand S3NS a-t-il obtenu la qualification ?", "Quand S3NS a-t-il obtenu la qualification ?"),
        ("« Quand S3NS a-t-il été qualifié ? »\n", "Quand S3NS a-t-il été qualifié ?"),
        ("Quand Scaleway a-t-il été qualifié ?", None),
        ("Quand S3NS a-t-il été qualifié en 2024 ?", None),
        ("Voici :\nQuand S3NS a-t-il été qualifié ?", None),
        ("", None),
        ("Quand S3NS " * 60, None),
    ],
)
def test_a_follow_up_is_made_whole_with_what_was_said(written: str, whole: str | None, embedder) -> None:
    """Never with a name, a figure or a date that the conversation does not hold."""
    turns = (Turn("Qui est S3NS ?", "Une filiale de Thales."),)
    writer = _writer(PiecewiseChatModel(pieces=[written]), embedder)
    assert writer.make_whole("Et quand a-t-il été qualifié ?", "fr", turns) == whole


def test_a_silent_model_does_not_hold_up_a_follow_up(embedder, monkeypatch) -> None:
    monkeypatch.setattr("trusted_cloud_chat.writing.writer._WHOLE_WITHIN_S", 0.1)
    silent = threading.Event()
    writer = _writer(PiecewiseChatModel(pieces=[silent, "Quand ?"]), embedder)
    assert writer.make_whole("Et quand ?", "fr", (Turn("Qui est S3NS ?"),)) is None
    silent.set()


def test_a_model_that_fails_leaves_the_follow_up_as_it_was(embedder) -> None:
    writer = _writer(PiecewiseChatModel(pieces=[RuntimeError("x")]), embedder)
    assert writer.make_whole("Et Bleu ?", "fr", (Turn("Qui est S3NS ?"),)) is None


def test_an_answer_is_translated_and_read_in_the_language_asked_for(embedder, query, extractive) -> None:
    model = PiecewiseChatModel(pieces=["S3NS obtained the SecNumCloud 3.2 qualification on 17 December 2025 [1]."])
    asked = "Traduis ta réponse en anglais."
    *_, answer = _writer(model, embedder).rework(asked, query, extractive, replace(extractive, answer="Non."))

    assert "écrivez dans cette langue" in str(model.asked[0][-1].text)
    assert [(s.citations, s.reason) for s in answer.sentences] == [((1,), "")]
