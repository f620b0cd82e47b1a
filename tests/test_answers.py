"""The assistant over small corpora, with the bundled embedder and reader and no language model: what a reader is promised."""

from __future__ import annotations

import threading
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from asking import WHEN, check, fired, quotes, told
from builders import TODAY, assistant_over, write_article
from made import NBSP, words_of
from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.errors import IndexEmptyError, QuestionError
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.models.reader import Reader
from trusted_cloud_chat.schema import Turn
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.wiring import build_assistant, run_ingest

PERU = "Quelle est la capitale du Pérou ?"
SOURCES = "D’où tenez-vous cela ?"

question_words = st.sampled_from(
    ["Quand", "Qui", "Combien", "Bleu", "S3NS", "SecNumCloud", "Health Data Hub", "Outscale", "qualification", "capital",
     "marché", "hébergeur", "AWS", "est", "de", "la", "Thales", "Pérou", "?", "aujourd’hui", "compare", "et", "2025", "who"]
)  # fmt: skip


class TestQuotes:
    @given(words=st.lists(question_words, min_size=1, max_size=8))
    @hypothesis_settings(max_examples=8)
    def test_every_quote_is_verbatim(self, assistant: Assistant, words: list[str]) -> None:
        """Whatever is asked, each quote is the stored article's text at its offsets, and each marker has a citation."""
        try:
            answer = assistant.ask(" ".join(words), today=TODAY)
        except QuestionError:
            return
        check(answer, assistant)

    @pytest.mark.parametrize(
        ("typed", "said", "shown"),
        [
            ("Qui détient la majorité du capital de S3NS ?", "Thales détient la majorité", "— Gazette du Nuage, 19 décembre 2025"),
            ("Combien vaut le marché du Health Data Hub ?", "6,2 M€", "— Gazette du Nuage, février 2026"),
            (WHEN, "Bleu sera qualifié SecNumCloud au premier semestre 2026", "— synthèse du 17 avril 2025 d’après Clubic (+1)"),
            ("Où AWS a-t-il ouvert son European Sovereign Cloud ?", "in Brandenburg", "(en anglais) [1] — Infrastructure Review"),
            ("Where did AWS open its European Sovereign Cloud?", "in Brandenburg", "Infrastructure Review, 15 January 2026"),
            ("Who owns the majority of S3NS?", "Thales détient la majorité", "(in French) [1] — Gazette du Nuage, 19 December 2025"),
        ],
    )  # fmt: skip
    def test_the_sentence_that_answers_with_its_publisher_and_date(
        self, assistant: Assistant, typed: str, said: str, shown: str
    ) -> None:
        answer = told(assistant, typed)

        check(answer, assistant)
        assert answer.outcome == "answered"
        assert said in quotes(answer)
        assert shown in words_of(answer)

    def test_a_synthesis_is_never_the_words_of_a_newspaper(self, assistant: Assistant) -> None:
        lines = [line for line in told(assistant, WHEN).answer.splitlines() if "Clubic" in line]

        assert lines
        assert all("synthèse du" in line and "Trusted Cloud Chat" not in line for line in lines)

    def test_sentences_are_the_quotes(self, assistant: Assistant) -> None:
        answer = told(assistant, WHEN)

        assert [s.text for s in answer.sentences] == [c.quote for c in answer.citations]
        assert all(s.supported for s in answer.sentences)

    def test_the_same_question_has_the_same_answer(self, assistant: Assistant) -> None:
        first, second = told(assistant, WHEN), assistant.ask(WHEN, today=TODAY)

        assert (first.answer, first.citations, first.trace) == (second.answer, second.citations, second.trace)

    def test_confidence_and_timings_are_told(self, assistant: Assistant) -> None:
        answer = told(assistant, "Qui détient la majorité du capital de S3NS ?")

        assert answer.confidence is not None
        assert load_settings().refusal_threshold <= answer.confidence <= 1
        assert set(answer.timings_ms) == {
            "understand",
            "embed",
            "vectors",
            "lexical",
            "fuse",
            "read",
            "answer",
            "total",
        }


class TestStream:
    def test_the_answer_grows_and_ends_whole(self, assistant: Assistant) -> None:
        """It only ever gains text; the last one is what `ask` gives, with its timings and trace."""
        *parts, last = assistant.stream(WHEN, today=TODAY)
        texts = [answer.answer for answer in (*parts, last)]
        whole = told(assistant, WHEN)

        assert parts
        assert all(later.startswith(earlier) and later != earlier for earlier, later in pairwise(texts))
        assert (last.answer, last.citations, last.trace) == (whole.answer, whole.citations, whole.trace)
        assert "total" in last.timings_ms

    def test_who_has_left_gets_no_more(self, assistant: Assistant) -> None:
        left = threading.Event()
        left.set()

        assert all("total" not in answer.timings_ms for answer in assistant.stream(WHEN, today=TODAY, left=left))


class TestRefusals:
    @pytest.mark.parametrize(
        ("typed", "reason", "words"),
        [
            (PERU, "out_of_domain", "étrangère au sujet"),
            ("What is the capital of Peru?", "out_of_domain", "unrelated to the subject of the articles"),
            ("Combien de salariés Worldline emploie-t-elle à Bezons ?", "not_in_corpus", "Recherche faite dans 6 articles parus de 2019 à février 2026."),
            ("Que s’est-il passé en septembre 2026 ?", "not_in_corpus", "Je n’ai pas trouvé la réponse dans les articles."),
        ],
    )  # fmt: skip
    def test_it_says_why(self, assistant: Assistant, typed: str, reason: str, words: str) -> None:
        """In the language of the question, in sixty words at most, with what was searched; nothing is cited."""
        answer = told(assistant, typed)

        check(answer, assistant)
        assert (answer.refused, answer.refusal_reason, answer.citations) == (True, reason, ())
        assert words in words_of(answer)
        assert len(answer.answer.split()) <= 60

    def test_only_later_articles_answer(self, assistant: Assistant) -> None:
        answer = assistant.ask("Combien vaut le marché du Health Data Hub ?", as_of=date(2023, 6, 30), today=TODAY)

        assert answer.refusal_reason == "after_as_of"
        assert f"30{NBSP}juin 2023" in answer.answer
        assert {passage.article.article_id for passage in answer.passages} <= {"outscale-2019"}

    def test_before_the_first_article_it_says_when_the_corpus_begins(self, assistant: Assistant) -> None:
        french = assistant.ask(WHEN, as_of=date(1999, 1, 1), today=TODAY)
        english = assistant.ask("Which provider is qualified?", as_of=date(1999, 1, 1), today=TODAY)

        assert (french.outcome, french.passages, english.outcome) == ("refused", (), "refused")
        assert words_of(french).endswith("Le corpus compte 6 articles parus de 2019 à février 2026.")
        assert english.answer.endswith("The corpus has 6 articles published from 2019 to February 2026.")


class TestTalk:
    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("Bonjour", "6 articles, parus de 2019 à février 2026"),
            ("Que sais-tu faire ?", "citation datée"),
            ("What can you do?", "6 articles published from 2019 to February 2026"),
        ],
    )
    def test_help(self, assistant: Assistant, typed: str, words: str) -> None:
        """It says what the corpus covers and how answers are made; it is no refusal and cites nothing."""
        answer = told(assistant, typed)

        assert words in answer.answer
        assert (answer.query.kind, answer.refused, answer.citations, answer.generation) == ("help", False, (), 1)

    @pytest.mark.parametrize("given", [True, False])
    def test_evidence_is_that_of_the_answer_before(self, assistant: Assistant, given: bool) -> None:
        before = told(assistant, WHEN)
        answer = assistant.ask(SOURCES, turns=[Turn(WHEN, before.answer, before if given else None)], today=TODAY)
        first = before.citations[0]

        check(answer, assistant)
        assert (answer.query.kind, answer.refused, answer.citations) == ("evidence", False, before.citations)
        assert f"caractères {first.start} à {first.end}" in answer.answer
        assert "https://clubic.example/bleu" in answer.answer

    def test_asked_after_a_greeting_it_is_still_the_last_answer_s(self, assistant: Assistant) -> None:
        answer = told(assistant, SOURCES, WHEN, SOURCES, "Bonjour")

        assert answer.citations == told(assistant, WHEN).citations

    @pytest.mark.parametrize(
        ("turns", "words"), [([], "Aucune réponse n’a encore été donnée"), ([PERU], "ne cite rien")]
    )
    def test_where_nothing_was_quoted_it_says_so(self, assistant: Assistant, turns: list[str], words: str) -> None:
        answer = told(assistant, SOURCES, *turns)

        assert (words in answer.answer, answer.citations, answer.refused) == (True, (), False)


class TestFollowUps:
    def test_a_name_is_exchanged(self, assistant: Assistant) -> None:
        """« Et S3NS ? » asks of S3NS what was asked of Bleu; both questions are shown as searched."""
        answer = told(assistant, "et S3NS ?", WHEN)

        check(answer, assistant)
        assert (answer.question, answer.query.text) == ("et S3NS ?", f"et S3NS, après «{NBSP}{WHEN}{NBSP}»")
        assert "17 décembre 2025" in quotes(answer)
        assert "follow_up" in fired(answer)

    def test_a_pronoun_stands_for_the_name_before(self, assistant: Assistant) -> None:
        answer = told(assistant, "Qui la dirige ?", "Qu’est-ce que Bleu ?")

        assert "Jean Coumaros dirige l’entreprise" in quotes(answer)

    @pytest.mark.parametrize(
        "typed",
        ["Que s’est-il passé en septembre 2026 ?", "Microsoft peut-il détenir Bleu ?", "Qui détient la majorité du capital de S3NS ?"],
    )  # fmt: skip
    def test_what_stands_alone_is_never_changed(self, assistant: Assistant, typed: str) -> None:
        alone = told(assistant, typed)
        after = told(assistant, typed, WHEN, "Qui dirige S3NS ?")

        assert (after.query, after.answer, after.outcome) == (alone.query, alone.answer, alone.outcome)

    def test_questions_about_the_talk_leave_its_subject(self, assistant: Assistant) -> None:
        between = told(assistant, "Et S3NS ?", WHEN, SOURCES, "Bonjour")

        assert between.answer == told(assistant, "Et S3NS ?", WHEN).answer

    @pytest.mark.parametrize("given", [True, False])
    def test_what_was_quoted_before_is_read_again(
        self, tiny_home: Path, tiny_corpus: Path, embedder: Embedder, reader: Reader, given: bool
    ) -> None:
        """Where only one passage is answered from, after it; never past the day asked of."""
        narrow = build_assistant(load_settings(home=tiny_home, corpus=tiny_corpus, passages=1), embedder, reader=reader)
        before = narrow.ask(WHEN, today=TODAY)
        turns = [Turn(WHEN, before.answer, before if given else None)]
        found, *carried = narrow.ask("Et S3NS ?", turns=turns, today=TODAY).passages
        early = narrow.ask("Et S3NS ?", turns=turns, as_of=date(2024, 6, 1), today=TODAY).passages
        narrow.close()

        assert found.article.article_id == "s3ns-qualification"
        assert {p.article.article_id for p in carried} & {c.article.article_id for c in before.citations}
        assert all(p.article.date and p.article.date.last_day <= date(2024, 6, 1) for p in early)


class TestErrors:
    def test_nothing_indexed(self, tmp_path: Path, embedder: Embedder, embedder_home: Path, reader: Reader) -> None:
        (tmp_path / "models").symlink_to(embedder_home / "models")
        empty = build_assistant(load_settings(home=tmp_path, corpus=tmp_path), embedder, reader=reader)

        for typed in (WHEN, "Bonjour"):
            with pytest.raises(IndexEmptyError, match="trusted-cloud-chat ingest"):
                empty.ask(typed)


def test_an_answer_comes_from_one_state_of_the_index(tmp_path: Path, embedder: Embedder, embedder_home: Path) -> None:
    """What is ingested later is answered from at once, and its generation is told."""
    write_article(tmp_path / "corpus", "une", "Anne Dupont dirige la régie municipale des eaux de Brest.")
    with assistant_over(tmp_path, embedder_home, embedder) as ready:
        first = ready.ask("Qui dirige la régie des eaux de Brest ?", today=TODAY)
        write_article(tmp_path / "corpus", "deux", "Paul Martin dirige la régie municipale des eaux de Quimper.")
        run_ingest(load_settings(home=tmp_path / "home", corpus=tmp_path / "corpus"), embedder=embedder, today=TODAY)
        second = ready.ask("Qui dirige la régie des eaux de Quimper ?", today=TODAY)

    assert (first.generation, second.generation) == (1, 2)
    assert "Anne Dupont" in quotes(first)
    assert "Paul Martin" in quotes(second)
