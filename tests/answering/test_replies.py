"""What the assistant replies to what is no question to the articles: two honest lines, and dated facts where they help."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from asking import WHEN, check, fired, quotes, told
from builders import TODAY
from made import NBSP, asked, evidence_of
from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.answering.intents import noted
from trusted_cloud_chat.evidence.gathering import Evidence
from trusted_cloud_chat.evidence.in_conversation import InConversation
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.models.reader import Reader
from trusted_cloud_chat.schema import Answer, Language, Query, Sentence, Turn
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.trace import Trace
from trusted_cloud_chat.wiring import build_assistant


@pytest.fixture(scope="module")
def without_market(
    tiny_home: Path, tiny_corpus: Path, embedder: Embedder, reader: Reader, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Assistant]:
    """The tiny corpus, of whose market nothing is known."""
    empty = tmp_path_factory.mktemp("market") / "market.toml"
    empty.write_text("", "utf-8")
    ready = build_assistant(load_settings(home=tiny_home, corpus=tiny_corpus, market=empty), embedder, reader=reader)
    yield ready
    ready.close()


@pytest.mark.parametrize(
    ("typed", "intent", "words"),
    [
        ("Bonjour", "greeting", "6 articles"),
        ("Hello", "greeting", "6 articles"),
        ("Merci beaucoup", "thanks", "Avec plaisir"),
        ("Au revoir", "farewell", "Au revoir"),
        ("Qui es-tu ?", "about", "programme"),
        ("Rédige un mail à mon directeur", "drafting", "Je ne rédige pas"),
        ("Write a letter to my landlord", "drafting", "do not write"),
        ("Lequel me conseillez-vous ?", "advice", "Je ne conseille pas"),
        ("Qui va gagner le match, à ton avis ?", "prediction", "pas de pronostic"),
        ("Qu’en penses-tu ?", "opinion", "pas d’avis"),
        ("Traduis ta réponse en anglais", "rework", "ne reformule pas"),
    ],
)
def test_two_lines_that_cite_nothing(assistant: Assistant, typed: str, intent: str, words: str) -> None:
    answer = told(assistant, typed)

    check(answer, assistant)
    assert (answer.query.intent, answer.outcome, answer.citations) == (intent, "answered", ())
    assert words in answer.answer
    assert len(answer.answer.splitlines()) == 2
    assert "intent" in fired(answer)


def test_help_offers_questions_drawn_from_the_titles(assistant: Assistant) -> None:
    answer = told(assistant, "Que sais-tu faire ?")

    assert answer.answer.splitlines()[2:] != []
    assert all(line.startswith(f"- Que dit l’article «{NBSP}") for line in answer.answer.splitlines()[2:])


def test_of_a_name_it_tells_what_is_announced(assistant: Assistant) -> None:
    answer = told(assistant, "Que penses-tu de Bleu ?")

    check(answer, assistant)
    assert answer.citations
    assert {c.article.article_id for c in answer.citations} <= {"bleu/jalon-j0", "bleu-2024-01"}
    assert "17 avril 2025" in answer.answer


def test_advice_after_a_question_tells_of_the_names_in_it(assistant: Assistant) -> None:
    answer = told(assistant, "Lequel me conseillez-vous ?", "Compare Bleu et S3NS")

    check(answer, assistant)
    assert answer.query.entities == ("Bleu", "S3NS")
    assert "17 décembre 2025" in quotes(answer)
    assert [c.article.date for c in answer.citations if c.article.date] == sorted(
        (c.article.date for c in answer.citations if c.article.date), key=lambda day: day.middle, reverse=True
    )


def test_the_newest_articles_a_line_each(assistant: Assistant) -> None:
    answer = told(assistant, "Quelles sont les dernières nouvelles ?")
    lines = answer.answer.splitlines()[1:]

    check(answer, assistant)
    assert answer.query.intent == "browse"
    assert len(lines) == len(answer.citations) == 6
    assert all(line.startswith("- ") and line.endswith(f"[{n}]") for n, line in enumerate(lines, start=1))
    assert "février 2026" in lines[0]


def test_the_newest_articles_of_a_time_or_a_name(assistant: Assistant) -> None:
    december = told(assistant, "Quoi de neuf en décembre 2025 ?")
    named = told(assistant, "Résume la situation de Bleu")

    check(named, assistant)
    assert all("Bleu" in citation.article.text for citation in named.citations)
    assert {c.article.article_id for c in december.citations} == {"s3ns-qualification"}


def test_a_subject_that_no_article_has_is_not_passed_over(assistant: Assistant) -> None:
    """The newest articles are given, and said to be about something else."""
    answer = told(assistant, "Quoi de neuf en pâtisserie ?")

    check(answer, assistant)
    assert answer.answer.startswith("Aucun article trouvé sur ce sujet précis")


def test_what_the_articles_answer_is_answered_under_a_line(assistant: Assistant) -> None:
    answer = told(assistant, "Tu penses que Bleu sera qualifié à temps ?")
    note, *_ = answer.answer.split("\n\n")

    check(answer, assistant)
    assert answer.query.intent == "prediction"
    assert note == f"Je ne fais pas de pronostic{NBSP}: je ne dis que ce qui a été publié."
    assert "premier semestre 2026" in quotes(answer)
    assert answer.confidence


@pytest.mark.parametrize(
    ("intent", "begins"), [("drafting", "I do not write texts"), ("advice", "I give no advice"), ("browse", "Yes.")]
)
def test_the_line_is_said_once(intent: str, begins: str) -> None:
    answer = Answer("?", Query("?", "en", TODAY, intent=intent), "Yes.")

    assert noted(answer).answer.startswith(begins)
    assert noted(noted(answer)) == noted(answer)


def test_where_no_article_fits_it_says_so(assistant: Assistant) -> None:
    answer = told(assistant, "Quoi de neuf depuis deux semaines ?")

    assert (answer.citations, answer.outcome) == ((), "answered")
    assert "Aucun article" in answer.answer


@pytest.mark.parametrize("given", [True, False])
def test_without_a_language_model_the_last_answer_s_articles_are_offered(assistant: Assistant, given: bool) -> None:
    before = told(assistant, WHEN)
    turns = [Turn(WHEN, before.answer, before if given else None)]
    answer = assistant.ask("Reformule en plus court", turns=turns, today=TODAY)

    check(answer, assistant)
    assert answer.citations == before.citations
    assert before.citations[0].article.title in answer.answer


@pytest.mark.parametrize(
    "typed",
    ["Quel fournisseur cloud me conseillez-vous ?", "Tu penses que Bleu sera qualifié à temps ?", "Résume la situation de S3NS"],
)  # fmt: skip
def test_a_corpus_without_a_market_works_as_well(without_market: Assistant, typed: str) -> None:
    answer = told(without_market, typed)

    check(answer, without_market)
    assert answer.outcome == "answered"
    assert answer.query.intent != "question"


class Rewriter:
    """A language model's writer that says one sentence about what it is given."""

    name = "test:rewriter"

    def may_try(self, extractive: Answer) -> bool:
        return True

    def stream(
        self, question: str, query: Query, extractive: Answer, turns: Sequence[Turn] = (), search: object = None
    ) -> Iterator[Answer]:
        assert extractive.passages
        yield extractive
        sentence = Sentence("En bref.", (1,))
        yield replace(extractive, answer=f"En bref [1]. {question}", sentences=(sentence,), chat_model=self.name)

    def rework(
        self, question: str, query: Query, before: Answer, plain: Answer, turns: Sequence[Turn] = ()
    ) -> Iterator[Answer]:
        yield from self.stream(f"{before.question} ({question})", query, before, turns)

    def make_whole(self, question: str, language: Language, turns: Sequence[Turn]) -> str | None:
        return WHEN


def test_a_language_model_reworks_the_last_answer(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is given the passages of that answer; the question that is told is the one typed."""
    before = told(assistant, WHEN)
    monkeypatch.setattr(assistant, "_writer", Rewriter())
    turns = [Turn(WHEN, before.answer, before)]
    answer = assistant.ask("Reformule en plus court", turns=turns, today=TODAY)

    check(answer, assistant)
    assert (answer.question, answer.query.intent, answer.chat_model) == (
        "Reformule en plus court", "rework", "test:rewriter",
    )  # fmt: skip
    assert answer.answer == f"En bref [1]. {WHEN} (Reformule en plus court)"


def test_a_language_model_makes_a_follow_up_whole(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is searched for as it is then; a setting of the rules can leave it out."""
    monkeypatch.setattr(assistant, "_writer", Rewriter())
    turns = [Turn("Qui détient S3NS ?", "Thales.")]
    answer = assistant.ask("et depuis quand ?", turns=turns, today=TODAY)

    assert (answer.question, answer.query.text) == ("et depuis quand ?", WHEN)
    assert "follow_up.written" in {line.rule for line in answer.trace}


@pytest.mark.parametrize(("surer", "wins"), [(0.0, True), (-0.1, True), (-0.3, False)])
def test_a_question_that_names_nobody_is_also_asked_of_the_one_before(surer: float, wins: bool) -> None:
    """Either reading keeps the time of both; only what is taken is in the trace."""
    typed, timed = "Combien de salariés y travaillent ?", {"search": 2.0}
    alone = replace(evidence_of(asked(typed, "number", "Qui dirige Bleu ?"), sure=0.6), timings_ms=timed)
    after = replace(evidence_of(asked("Combien de salariés chez Bleu ?"), sure=0.6 + surer), timings_ms=timed)
    gathers, trace = cast(InConversation, SimpleNamespace(gather=lambda *_: after)), Trace()
    taken = InConversation._in_turn(gathers, alone, lambda: None, trace)

    assert taken.question is (after if wins else alone).question
    assert taken.timings_ms == {"search": 4.0}
    assert ("follow_up" in {line.rule for line in trace.lines}) is wins
    named = evidence_of(asked("Qui dirige S3NS ?", "who", "Qui dirige Bleu ?"))
    assert InConversation._in_turn(gathers, named, lambda: None, trace) is named


def test_a_language_model_is_told_what_was_asked_in_turn(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(_: object, alone: Evidence, *_further: object) -> Evidence:
        return replace(alone, question=replace(alone.question, query=replace(alone.question.query, text=WHEN)))

    given: list[str] = []

    class Listening(Rewriter):
        def stream(self, question: str, query: Query, *rest: Any, **named: Any) -> Iterator[Answer]:
            given.append(query.text)
            return super().stream(question, query, *rest, **named)

    monkeypatch.setattr(assistant, "_writer", Listening())
    monkeypatch.setattr(InConversation, "_in_turn", taken)
    assistant.ask("Depuis quand S3NS est-il qualifié ?", today=TODAY)

    assert given == [WHEN]


def test_a_list_in_time_answers_all_parts_whatever_its_title(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = asked("Où en est Bleu ? Et S3NS ?", "list")
    told = Answer("", read.query, "Ce qui est annoncé pour cette date.")

    def answered(question: str, evidence: object, trace: Trace) -> Answer:
        trace.fires("form.list", "standing: 2")
        return told

    monkeypatch.setattr("trusted_cloud_chat.answering.assistant.joined", lambda *_: replace(told, answer="Parts"))
    monkeypatch.setattr(InConversation, "gather", lambda *_: None)
    monkeypatch.setattr(assistant, "_answer_one", answered)

    assert read.several
    assert assistant._joined("", read, [told, told], [], lambda: None, Trace()) is told


class TestTwoQuestions:
    def test_each_gets_its_quote(self, assistant: Assistant) -> None:
        answer = told(
            assistant, "Qui détient la majorité du capital de S3NS ? Combien vaut le marché du Health Data Hub ?"
        )

        check(answer, assistant)
        assert "Thales détient la majorité" in quotes(answer)
        assert "6,2 M€" in quotes(answer)
        assert answer.missing == ()

    def test_what_is_left_open_is_named(self, assistant: Assistant) -> None:
        answer = told(assistant, "Qui détient la majorité du capital de S3NS ? Quelle est la capitale du Pérou ?")

        check(answer, assistant)
        assert "Thales détient la majorité" in quotes(answer)
        assert answer.missing == ("Quelle est la capitale du Pérou ?",)
        assert f"Quelle est la capitale du Pérou{NBSP}? Non trouvé dans les articles." in answer.answer

    def test_without_a_question_mark_each_gets_a_line(self, assistant: Assistant) -> None:
        answer = told(assistant, "S3NS : quel actionnaire majoritaire, quelle couleur de logo")

        check(answer, assistant)
        assert "Thales détient la majorité" in quotes(answer)
        assert answer.missing == ("S3NS : quelle couleur de logo",)


@pytest.mark.parametrize("said", ["Et lui, depuis quand ?", "Que savez-vous faire ?", "Et alors ? " + "mot " * 990])
def test_a_conversation_counts_by_its_last_twenty_turns(assistant: Assistant, said: str) -> None:
    """However many there are: each took some of the one before along, so that 20,000 of them took gigabytes."""
    turns = [Turn(said, "x" * 100_000 if number % 1000 else "") for number in range(20_000)]
    began = time.process_time()

    answer = assistant.ask("et S3NS ?", turns=turns, today=TODAY)

    assert time.process_time() - began < 30
    assert len(answer.query.text) < 10_000
    assert answer == replace(assistant.ask("et S3NS ?", turns=turns[-20:], today=TODAY), timings_ms=answer.timings_ms)
