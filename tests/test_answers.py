"""Answers over the tiny corpus, with the bundled embedder and no language model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from builders import TODAY, write_article, write_tiny_corpus
from fakes import HashedEmbedder
from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.answering.wording import publisher_of
from trusted_cloud_chat.errors import IndexEmptyError, QuestionError
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.schema import Answer, Article, Source, Turn
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.wiring import build_assistant, run_ingest

NBSP = "\u00a0"
WHEN = "Quand Bleu sera-t-il qualifié SecNumCloud ?"
WHO = "Quelle entreprise a été qualifiée SecNumCloud le 17 décembre 2025 ?"

question_words = st.sampled_from(
    ["Quand", "Qui", "Combien", "Bleu", "S3NS", "SecNumCloud", "Health Data Hub", "Outscale", "qualification", "capital",
     "marché", "hébergeur", "AWS", "est", "de", "la", "Thales", "Pérou", "?", "aujourd’hui", "compare", "et", "2025", "who"]
)  # fmt: skip


def check(answer: Answer, assistant: Assistant) -> None:
    """What holds for every answer, refused or not."""
    numbers = [citation.n for citation in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    for citation in answer.citations:
        stored = assistant.article(citation.article.article_id, citation.article.version)
        assert stored is not None
        assert citation.quote == stored.text[citation.start : citation.end]
        assert citation.quote.strip() == citation.quote != ""
    assert {int(n) for n in re.findall(r"\[(\d+)\]", answer.answer)} <= set(numbers)
    for sentence in answer.sentences:
        assert sentence.citations
        assert set(sentence.citations) <= set(numbers)
    assert [passage.rank for passage in answer.passages] == list(range(1, len(answer.passages) + 1))
    assert all(0 <= passage.score <= 1 for passage in answer.passages)
    assert answer.refused is (answer.refusal_reason is not None)
    assert answer.refused or answer.query.kind == "help" or answer.citations


@pytest.fixture
def narrow(tiny_home: Path, tiny_corpus: Path, embedder: Embedder) -> Iterator[Assistant]:
    """The assistant over the same index, reading one passage."""
    ready = build_assistant(load_settings(home=tiny_home, corpus=tiny_corpus, passages=1), embedder)
    yield ready
    ready.close()


class TestQuotes:
    @given(words=st.lists(question_words, min_size=1, max_size=8))
    @hypothesis_settings(max_examples=60)
    def test_every_quote_is_verbatim(self, assistant: Assistant, words: list[str]) -> None:
        """Whatever is asked, each quote is the stored article's text at its offsets, and each marker has a citation."""
        try:
            answer = assistant.ask(" ".join(words), today=TODAY)
        except QuestionError:
            return
        check(answer, assistant)

    def test_the_sentence_that_answers(self, assistant: Assistant) -> None:
        """The question of the page's first screen is answered by the sentence that says so, dated and attributed."""
        answer = assistant.ask(WHEN, today=TODAY)

        assert not answer.refused
        quotes = [citation.quote for citation in answer.citations]
        assert any("au\npremier semestre 2026" in quote for quote in quotes)
        assert f"«{NBSP}Bleu sera qualifié SecNumCloud au premier semestre 2026" in answer.answer
        assert "synthèse d’après Clubic, InCyber, 17\u00a0avril 2025" in answer.answer

    def test_a_synthesis_is_never_the_words_of_a_newspaper(self, assistant: Assistant) -> None:
        """Our own syntheses are attributed to what they were written from, and said to be syntheses."""
        lines = assistant.ask(WHEN, today=TODAY).answer.splitlines()

        ours = [line for line in lines if "Clubic" in line]
        assert ours
        assert all("synthèse d’après" in line for line in ours)
        assert not any("Trusted Cloud Chat" in line for line in lines)

    def test_publishers_with_a_comma_of_their_own_and_unknown_ones(self) -> None:
        """Between semicolons; whom nobody knows comes last; apostrophes are those of print."""
        names = ("Article d'origine non identifiée", "GitHub, dossier d'enquête", "Clubic", "Next")
        article = Article(
            "a", "v", "t", "x", None, source_type="synthese", sources=tuple(Source(name) for name in names)
        )

        told = f"synthèse d’après GitHub, dossier d’enquête{NBSP}; Clubic et 2 autres"
        assert publisher_of(article, "fr") == told
        plain = replace(article, sources=(Source("Clubic"), Source("Next")))
        assert publisher_of(plain, "en") == "summary based on Clubic, Next"

    def test_sentences_are_the_quotes(self, assistant: Assistant) -> None:
        """Without a language model every sentence is a quote and is supported by it."""
        answer = assistant.ask("Qui détient la majorité du capital de S3NS ?", today=TODAY)

        assert [s.text for s in answer.sentences] == [c.quote for c in answer.citations]
        assert all(s.supported for s in answer.sentences)
        assert answer.citations[0].quote.startswith("Thales\ndétient la majorité")

    def test_what_is_cited_is_among_the_passages(self, assistant: Assistant) -> None:
        """A quote lies in one of the passages that are shown beside the answer."""
        answer = assistant.ask(WHEN, today=TODAY)

        for citation in answer.citations:
            assert any(
                p.article == citation.article and p.chunk.start <= citation.start < citation.end <= p.chunk.end
                for p in answer.passages
            )

    def test_the_same_question_has_the_same_answer(self, assistant: Assistant) -> None:
        """Nothing is left to chance."""
        first, second = (assistant.ask(WHEN, today=TODAY) for _ in range(2))

        assert (first.answer, first.citations, first.passages) == (second.answer, second.citations, second.passages)

    def test_the_answer_grows_to_itself(self, assistant: Assistant) -> None:
        """A streamed answer only ever gains text, and ends with what `ask` gives."""
        parts = [answer.answer for answer in assistant.stream(WHEN, today=TODAY)]

        assert all(later.startswith(earlier) for earlier, later in pairwise(parts))
        assert parts[-1] == assistant.ask(WHEN, today=TODAY).answer


class TestEnglish:
    def test_a_french_quote_is_said_to_be_french(self, assistant: Assistant) -> None:
        """An English question gets English words around a French quote, which is marked as French."""
        answer = assistant.ask("When will Bleu be SecNumCloud qualified?", today=TODAY)

        assert answer.language == "en"
        assert "(in French)" in answer.answer
        assert "summary based on Clubic" in answer.answer

    def test_an_english_quote_is_not_marked(self, assistant: Assistant) -> None:
        """An English quote under an English question needs no mark."""
        answer = assistant.ask("Where did AWS open its European Sovereign Cloud?", today=TODAY)

        assert "“AWS opened its European Sovereign Cloud in Brandenburg" in answer.answer
        assert "Infrastructure Review, 15 January 2026" in answer.answer

    def test_an_english_quote_in_french(self, assistant: Assistant) -> None:
        """A French question answered from an English article says that the quote is English."""
        answer = assistant.ask("Où AWS a-t-il ouvert son European Sovereign Cloud ?", today=TODAY)

        assert "(en anglais)" in answer.answer


class TestRefusals:
    @pytest.mark.parametrize(
        ("question", "words"),
        [
            ("Quelle est la capitale du Pérou ?", "ne traite pas"),
            ("What is the capital of Peru?", "does not deal with"),
        ],
    )
    def test_out_of_domain(self, assistant: Assistant, question: str, words: str) -> None:
        """A question about something else is refused in its own language, with what was searched and what is nearest."""
        answer = assistant.ask(question, today=TODAY)

        assert (answer.refused, answer.refusal_reason) == (True, "out_of_domain")
        assert words in answer.answer
        assert question in answer.answer
        assert "6 articles" in answer.answer
        assert (answer.citations, answer.missing) == ((), (question,))
        assert answer.passages
        assert answer.passages[0].article.title in answer.answer

    def test_not_in_the_corpus(self, assistant: Assistant) -> None:
        """A question about this market that no article answers is refused as such, the names told."""
        answer = assistant.ask("Combien de salariés Worldline emploie-t-elle à Bezons ?", today=TODAY)

        assert (answer.refused, answer.refusal_reason) == (True, "not_in_corpus")
        assert "Worldline" in answer.answer

    def test_without_a_quote_there_is_no_answer(self, assistant: Assistant) -> None:
        """However sure the reader: no sentence criticises a law that is only named."""
        answer = assistant.ask("Que reproche-t-on au Data Act ?", today=TODAY)

        assert answer.refused
        assert not answer.citations

    def test_after_as_of(self, assistant: Assistant) -> None:
        """What is answered only by later articles is refused with that reason, and nothing later is shown."""
        answer = assistant.ask("Combien vaut le marché du Health Data Hub ?", as_of=date(2023, 6, 30))

        assert (answer.refused, answer.refusal_reason) == (True, "after_as_of")
        assert "30\u00a0juin 2023" in answer.answer
        assert {passage.article.article_id for passage in answer.passages} <= {"outscale-2019"}
        assert "dans 1 article, " in answer.answer

    def test_as_of_before_everything(self, assistant: Assistant) -> None:
        """Before the first article nothing is found, and that is a refusal, not an error."""
        answer = assistant.ask(WHEN, as_of=date(1999, 1, 1))

        assert (answer.refused, answer.refusal_reason) == (True, "after_as_of")
        assert answer.passages == ()

    def test_as_of_before_everything_says_when_the_corpus_begins(self, assistant: Assistant) -> None:
        """And nothing about names or periods, which would find no more."""
        french = assistant.ask(WHEN, as_of=date(1999, 1, 1)).answer.replace("\u00a0", " ")
        english = assistant.ask("Which provider is qualified?", as_of=date(1999, 1, 1)).answer

        assert french.endswith("dans 0 article (le corpus commence en 2019) ; noms reconnus : Bleu, SecNumCloud.")
        assert english.startswith("No article of the corpus had been published by 1 January 1999.")
        assert english.endswith("in 0 articles (the corpus begins in 2019).")

    def test_as_of_answers_with_what_was_known(self, assistant: Assistant) -> None:
        """In February 2024 the answer is January's article, not what came later."""
        answer = assistant.ask(WHEN, as_of=date(2024, 2, 1))

        assert not answer.refused
        assert {c.article.article_id for c in answer.citations} <= {"bleu-2024-01", "outscale-2019"}
        assert any("n’est pas attendue avant 2025" in c.quote for c in answer.citations)


class TestOther:
    @pytest.mark.parametrize(
        ("question", "words"),
        [("Bonjour", "6 articles, parus de 2019 à février 2026"), ("Que sais-tu faire ?", "citation datée"),
         ("What can you do?", "6 articles published from 2019 to February 2026")],
    )  # fmt: skip
    def test_help(self, assistant: Assistant, question: str, words: str) -> None:
        """A greeting gets a short help that says what the corpus covers and up to when; it is no refusal."""
        answer = assistant.ask(question, today=TODAY)

        assert words in answer.answer
        assert (answer.query.kind, answer.refused, answer.citations, answer.generation) == ("help", False, (), 1)

    @pytest.mark.parametrize(
        ("question", "words"), [("Pourquoi ?", "De quoi parlez-vous"), ("Why not?", "What do you mean?")]
    )
    def test_what_nobody_understands_alone_is_asked_about(
        self, assistant: Assistant, question: str, words: str
    ) -> None:
        answer = assistant.ask(question, today=TODAY)

        assert words in answer.answer
        assert (answer.query.kind, answer.refused, answer.citations) == ("help", False, ())

    @pytest.mark.parametrize("given", [True, False])
    def test_what_was_so_before_is_what_was_known_the_day_before_its_evidence(
        self, assistant: Assistant, given: bool
    ) -> None:
        """Whether the answer is at hand or must be asked for again; nothing is before a refusal."""
        asked = "S3NS est-il qualifié SecNumCloud ?"
        before = assistant.ask(asked, today=TODAY)
        answer = assistant.ask("Et avant ?", turns=[Turn(asked, before.answer, before if given else None)], today=TODAY)

        assert before.citations[0].article.article_id == "s3ns-qualification"
        assert (answer.query.text, answer.query.as_of) == (asked, date(2025, 12, 18))
        refused = assistant.ask("Qui a reçu le prix Nobel ?", today=TODAY)
        again = assistant.ask("Et avant ?", turns=[Turn(refused.question, refused.answer, refused)], today=TODAY)
        assert again.query.kind == "help"

    def test_the_present_begins_with_its_date(self, assistant: Assistant) -> None:
        """A question about now, or what is to come, is told how old what is known is."""
        assert assistant.ask(WHEN, today=TODAY).answer.startswith(f"État connu au 17{NBSP}avril 2025{NBSP}:\n\n")

    def test_a_follow_up(self, assistant: Assistant) -> None:
        """« Et S3NS ? » is answered about S3NS."""
        answer = assistant.ask("Et S3NS ?", turns=[Turn("Quand Bleu a-t-il été qualifié SecNumCloud ?")], today=TODAY)

        assert answer.question == "Et S3NS ?"
        assert any("17 décembre 2025" in citation.quote for citation in answer.citations)

    def test_a_follow_up_carries_what_the_turn_before_quoted(self, narrow: Assistant) -> None:
        """Asked with two passages at hand, a follow-up keeps those quoted before, scored for itself, after what it finds."""
        before = narrow.ask(WHEN, today=TODAY)
        asked_again = [Turn(WHEN, before.answer)]
        remembered = [Turn(WHEN, before.answer, before)]

        for turns in (asked_again, remembered):
            answer = narrow.ask("Et S3NS ?", turns=turns, today=TODAY)
            found, *carried = answer.passages
            assert found.article.article_id == "s3ns-qualification"
            assert [p.article.article_id for p in carried] == [c.article.article_id for c in before.citations[:1]]
            check(answer, narrow)
            again = narrow.search(answer.query.text, 6, today=TODAY).passages
            scores = {passage.chunk.chunk_id: passage.score for passage in again}
            assert all(passage.score == pytest.approx(scores[passage.chunk.chunk_id]) for passage in carried)

    def test_a_pronoun_for_whom_an_answer_names_asks_for_that_answer_again(self, assistant: Assistant) -> None:
        """As in `ask --batch`, where a turn may have only its question."""
        answer = assistant.ask("et il est qualifié ?", turns=[Turn(WHO)], today=TODAY)

        assert answer.query.text == "S3NS est qualifié ?"

    def test_whichever_turn_it_is(self, assistant: Assistant) -> None:
        """A turn that names nobody itself is made whole first."""
        turns = [Turn(WHO), Turn("et il est qualifié ?"), Turn("pourquoi ?")]
        refused = [Turn("Qui a reçu le prix Nobel ?", "Aucun article ne répond.")]

        assert "S3NS" in assistant.understand("et depuis quand ?", turns=turns, today=TODAY).query.text
        assert "S3NS" not in assistant.understand("et il est qualifié ?", turns=refused, today=TODAY).query.text

    def test_nothing_is_carried_past_the_date_of_the_question(self, narrow: Assistant) -> None:
        before = narrow.ask(WHEN, today=TODAY)
        answer = narrow.ask("Et S3NS ?", turns=[Turn(WHEN, before.answer, before)], as_of=date(2024, 6, 1))

        assert all(p.article.date and p.article.date.last_day <= date(2024, 6, 1) for p in answer.passages)

    def test_confidence_is_held_against_the_threshold(self, assistant: Assistant) -> None:
        """The number that decides is told with an answer and with a refusal; a greeting has none."""
        answered = assistant.ask(WHEN, today=TODAY).confidence
        refused = assistant.ask("Quelle est la capitale du Pérou ?", today=TODAY).confidence

        assert refused is not None
        assert answered is not None
        assert 0 <= refused < load_settings().refusal_threshold <= answered <= 1
        assert assistant.ask("Bonjour", today=TODAY).confidence is None

    def test_timings_cover_every_stage(self, assistant: Assistant) -> None:
        """An answer tells how long each stage took, and the total is not less than any."""
        timings = assistant.ask(WHEN, today=TODAY).timings_ms

        assert set(timings) == {"understand", "embed", "vectors", "lexical", "fuse", "read", "answer", "total"}
        assert timings["total"] >= max(timings.values())

    @pytest.mark.parametrize("question", ["", " ", "?", "x" * 20_000])
    def test_no_question(self, assistant: Assistant, question: str) -> None:
        """An empty question, and one of 20,000 characters, is an error that says what was expected."""
        with pytest.raises(QuestionError, match="expected|at most"):
            assistant.ask(question)

    def test_an_embedder_without_word_vectors(self, tiny_corpus: Path, tmp_path: Path) -> None:
        """Any other embedder gives whole answers too: what it lacks is done without."""
        hashed = HashedEmbedder()
        settings = load_settings(home=tmp_path, corpus=tiny_corpus, refusal_threshold=0.0)
        run_ingest(settings, embedder=hashed, today=TODAY)
        plain = build_assistant(settings, hashed)

        answer = plain.ask("Qui détient la majorité du capital de S3NS ?", today=TODAY)

        check(answer, plain)
        plain.close()
        assert any("Thales" in citation.quote for citation in answer.citations)

    def test_nothing_indexed(self, tmp_path: Path, embedder: Embedder) -> None:
        """Without an index even a greeting says which command makes one."""
        empty = build_assistant(load_settings(home=tmp_path, corpus=tmp_path), embedder)

        for question in (WHEN, "Bonjour"):
            with pytest.raises(IndexEmptyError, match="trusted-cloud-chat ingest"):
                empty.ask(question)


class TestEvidence:
    QUESTION = "D’où tiens-tu cela ?"

    @pytest.mark.parametrize("given", [True, False])
    def test_the_quotes_of_the_answer_before(self, assistant: Assistant, given: bool) -> None:
        """With article, position and address; from the answer itself, or from its question asked again."""
        before = assistant.ask(WHEN, today=TODAY)
        answer = assistant.ask(self.QUESTION, turns=[Turn(WHEN, before.answer, before if given else None)], today=TODAY)

        check(answer, assistant)
        assert (answer.query.kind, answer.refused, answer.citations) == ("evidence", False, before.citations)
        assert WHEN.replace(" ?", "") in answer.answer
        first = before.citations[0]
        assert f"caractères {first.start} à {first.end} (article {first.article.article_id}" in answer.answer
        assert "https://clubic.example/bleu" in answer.answer
        assert all(
            sentence.text == citation.quote
            for sentence, citation in zip(answer.sentences, answer.citations, strict=True)
        )

    def test_names_of_publications_are_typeset(self, assistant: Assistant) -> None:
        """In the text alone: the article keeps them as they are stored."""
        before = assistant.ask(WHEN, today=TODAY)
        usine = replace(before.citations[0].article, sources=(Source("L'Usine Digitale"),))
        before = replace(before, citations=(replace(before.citations[0], article=usine),))
        answer = assistant.ask(self.QUESTION, turns=[Turn(WHEN, before.answer, before)], today=TODAY)

        assert "- L’Usine Digitale, sans date" in answer.answer
        assert answer.citations[0].article.sources[0].publisher == "L'Usine Digitale"

    def test_asked_twice_or_after_a_greeting_it_is_still_the_last_answer_s(self, assistant: Assistant) -> None:
        turns = [Turn(WHEN), Turn(self.QUESTION), Turn("Bonjour")]
        answer = assistant.ask("Quelles sont tes sources ?", turns=turns, today=TODAY)

        assert answer.citations == assistant.ask(WHEN, today=TODAY).citations

    def test_a_follow_up_after_it_keeps_the_subject(self, assistant: Assistant) -> None:
        turns = [Turn("Quand Bleu a-t-il été qualifié SecNumCloud ?"), Turn(self.QUESTION)]

        assert (
            assistant.ask("Et S3NS ?", turns=turns, today=TODAY).query.text
            == "Quand S3NS a-t-il été qualifié SecNumCloud ?"
        )

    def test_the_language_is_that_of_the_last_question(self, assistant: Assistant) -> None:
        answer = assistant.ask("What are your sources?", turns=[Turn(WHEN)], today=TODAY)

        assert answer.language == "en"
        assert "rests on" in answer.answer
        assert "(in French)" in answer.answer
        assert "caractères" not in answer.answer

    @pytest.mark.parametrize(
        ("question", "words"),
        [
            (QUESTION, "Aucune réponse n’a encore été donnée"),
            ("What are your sources?", "No answer has been given yet"),
        ],
    )
    def test_without_an_answer_there_is_none(self, assistant: Assistant, question: str, words: str) -> None:
        answer = assistant.ask(question, today=TODAY)

        assert words in answer.answer
        assert (answer.refused, answer.citations, answer.generation) == (False, (), 1)

    def test_what_was_asked_back_rests_on_nothing(self, assistant: Assistant) -> None:
        answer = assistant.ask(self.QUESTION, turns=[Turn("Et l’autre ?")], today=TODAY)

        assert "ne cite rien" in answer.answer
        assert answer.citations == ()

    def test_a_refusal_rests_on_nothing(self, assistant: Assistant) -> None:
        answer = assistant.ask(self.QUESTION, turns=[Turn("Quelle est la capitale du Pérou ?")], today=TODAY)

        assert "ne cite rien" in answer.answer
        assert answer.citations == ()


class TestForms:
    def test_a_comparison_is_a_table(self, assistant: Assistant) -> None:
        """Each cell is a quote that one citation of the answer proves, or says that nothing was found."""
        answer = assistant.ask("Qualification SecNumCloud et capital : compare Bleu et S3NS", today=TODAY)

        check(answer, assistant)
        assert answer.table is not None
        assert answer.table.columns == ("Critère", "Bleu", "S3NS")
        quotes = {citation.n: citation.quote for citation in answer.citations}
        for row in answer.table.rows:
            for cell in row[1:]:
                assert cell.text == (quotes[cell.citations[0]] if cell.citations else "non trouvé dans le corpus")
        assert "Thales\ndétient la majorité" in " ".join(quotes.values())
        assert answer.answer.count("| --- | --- | --- |") == 1

    def test_below_a_table_each_quote_has_its_own_day_and_stage(self, assistant: Assistant) -> None:
        answer = assistant.ask("Bleu et S3NS sont-ils qualifiés SecNumCloud ?", today=TODAY)

        assert answer.table is not None
        assert answer.known_at is None
        assert answer.answer.startswith("Comparaison")
        assert f"19{NBSP}décembre 2025. Étape de la qualification, pour PREMI3NS (S3NS)" in answer.answer

    def test_a_yes_is_proved_by_the_first_quote(self, assistant: Assistant) -> None:
        answer = assistant.ask("S3NS a-t-il obtenu la qualification SecNumCloud ?", today=TODAY)

        assert answer.answer.startswith(
            f"Oui, pour le service que nomme la citation, à la date du 19{NBSP}décembre 2025{NBSP}:"
        )
        assert "a obtenu la qualification SecNumCloud 3.2" in answer.citations[0].quote

    def test_composed_words_are_in_the_language_of_the_question(self, assistant: Assistant) -> None:
        answer = assistant.ask("Has S3NS obtained the SecNumCloud qualification?", today=TODAY)

        assert answer.answer.startswith("Yes, for the service that the quote names, as of 19 December 2025:")
        assert "(in French)" in answer.answer


class TestScores:
    def test_scores_do_not_depend_on_how_many_are_asked_for(self, assistant: Assistant) -> None:
        """The best passage has the same score alone and among six."""
        alone = assistant.search(WHEN, 1, today=TODAY).passages
        among = assistant.search(WHEN, 6, today=TODAY).passages

        assert alone[0].chunk == among[0].chunk
        assert alone[0].score == among[0].score

    def test_scores_do_not_depend_on_the_corpus(self, assistant: Assistant, embedder: Embedder, tmp_path: Path) -> None:
        """A passage keeps its score when other articles come: a refusal never turns with the size of the corpus."""
        corpus = write_tiny_corpus(tmp_path / "corpus")
        for n in range(12):
            write_article(
                corpus, f"autre-{n}", f"Le fournisseur numéro {n} vise la qualification SecNumCloud en 202{n % 7}."
            )
        settings = load_settings(home=tmp_path / "home", corpus=corpus)
        run_ingest(settings, embedder=embedder, today=TODAY)
        larger = build_assistant(settings, embedder)

        before = {p.chunk.chunk_id: p.score for p in assistant.search(WHEN, 50, today=TODAY).passages}
        after = {p.chunk.chunk_id: p.score for p in larger.search(WHEN, 50, today=TODAY).passages}
        larger.close()

        assert len(after) > len(before)
        assert {chunk_id: after[chunk_id] for chunk_id in before} == pytest.approx(before, abs=1e-6)

    def test_passages_come_best_first(self, assistant: Assistant) -> None:
        """What the order comes from falls from the first passage to the last, and the right article is first."""
        passages = assistant.search("Qui est le premier fournisseur qualifié en 2019 ?", 6, today=TODAY).passages

        assert [p.fused for p in passages] == sorted((p.fused for p in passages), reverse=True)
        assert passages[0].article.article_id == "outscale-2019"

    def test_one_score_a_sentence(self, assistant: Assistant) -> None:
        """Each sentence of a passage has its own cosine."""
        for passage in assistant.search(WHEN, 6, today=TODAY).passages:
            assert len(passage.sentence_scores) == len(passage.chunk.sentences)
            assert all(-1.001 <= score <= 1.001 for score in passage.sentence_scores)


@pytest.mark.parametrize(
    ("question", "refused"),
    [("Comment le capital de S3NS a-t-il évolué ?", False), ("Qui détient la majorité du capital de S3NS ?", True)],
)
def test_what_changed_is_told_with_less_confidence(assistant: Assistant, question: str, refused: bool) -> None:
    """One sentence seldom tells before and after."""
    confidence = assistant.ask(question, today=TODAY).confidence
    assert confidence is not None
    strict = Assistant(
        assistant._index, assistant._retriever, assistant._entities, assistant._weights,
        reader=assistant._finder._reader, passages=8, refusal_threshold=confidence / 0.8,
    )  # fmt: skip

    assert strict.ask(question, today=TODAY).refused is refused
