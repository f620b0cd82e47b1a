"""Whole answers, composed from evidence by hand: what stands under, before and after the quotes; what a refusal says."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from made import answer_of, asked, passage_of, words_of
from trusted_cloud_chat.schema import Answer, Passage, Source
from trusted_cloud_chat.trace import Trace, rules

VISES = passage_of("Bleu sera qualifié SecNumCloud au premier semestre 2025.", "2024-01", publisher="Clubic")
J0 = passage_of("Bleu a franchi le jalon J0 de SecNumCloud le 17 avril 2025.", "2025-04-17", publisher="ZDNet")
NOW = passage_of("Bleu sera qualifié SecNumCloud fin 2026.", "2026-03-02", publisher="Next")
S3NS = passage_of(
    "S3NS a obtenu la qualification SecNumCloud le 17 décembre 2025 pour son offre PREMI3NS.", "2025-12-19"
)
OWNER = passage_of("Thales détient la majorité du capital de S3NS.", "2025-12-19")


def check(answer: Answer) -> None:
    """What holds for every answer."""
    assert [citation.n for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert {int(n) for n in re.findall(r"\[(\d+)\]", answer.answer)} == {citation.n for citation in answer.citations}
    assert all(sentence.text == answer.citations[sentence.citations[0] - 1].quote for sentence in answer.sentences)
    assert {line.rule for line in answer.trace} <= set(rules())


class TestTime:
    QUESTION = asked("Bleu est-il qualifié SecNumCloud ?", "yes_no")

    def test_the_newest_state_leads(self) -> None:
        answer = answer_of(self.QUESTION, J0, NOW)
        off = answer_of(self.QUESTION, J0, NOW, trace=Trace({"timeline.lead", "newest_leads"}))

        check(answer)
        assert answer.citations[0].quote == NOW.text
        assert off.citations[0].quote == J0.text

    def test_what_was_said_before_is_recalled_oldest_first(self) -> None:
        """With what became of it, and marked as passed."""
        answer = answer_of(asked("Où en est Bleu ?"), NOW, read_out(J0), read_out(VISES))

        check(answer)
        assert [str(entry.said) for entry in answer.history] == ["2024-01", "2025-04-17"]
        history = words_of(answer).partition("Ce qui se disait auparavant, du plus ancien au plus récent :")[2]
        assert history.index(VISES.text) < history.index(J0.text)
        assert (
            "« premier semestre 2025 », passée à la date de la question ; dernier état connu de la suite : [1]"
            in history
        )

    def test_what_was_said_before_in_english(self) -> None:
        answer = answer_of(asked("Where does Bleu stand now?"), NOW, read_out(VISES))

        assert "What was said before, oldest first:" in answer.answer

    def test_history_can_be_switched_off(self) -> None:
        answer = answer_of(asked("Où en est Bleu ?"), NOW, read_out(J0), trace=Trace({"timeline.history"}))

        assert (answer.history, len(answer.citations)) == ((), 1)

    def test_nobody_else_s_history_is_told(self) -> None:
        assert answer_of(asked("Où en est Bleu ?"), NOW, read_out(S3NS)).history == ()

    @pytest.mark.parametrize(
        ("today", "passed", "words"),
        [
            (date(2026, 11, 24), False, "pas encore passée à la date"),
            (date(2027, 1, 1), True, "2026 », passée à la date"),
        ],
    )
    def test_a_promise_is_held_against_the_day_of_the_question(self, today: date, passed: bool, words: str) -> None:
        answer = answer_of(asked("Que prévoit Bleu ?", today=today), NOW)

        assert [(promise.citation, promise.passed) for promise in answer.promises] == [(1, passed)]
        assert words in words_of(answer)

    def test_a_stage_and_its_calculated_expiry(self) -> None:
        answer = answer_of(asked("S3NS est-il qualifié SecNumCloud ?", "yes_no"), S3NS)
        (stage,) = answer.stages

        assert (stage.citation, stage.stage, stage.holder, stage.service) == (1, "qualified", "S3NS", "PREMI3NS")
        assert (str(stage.since), str(stage.expires)) == ("2025-12-17", "2028-12-17")
        assert "expiration le 17 décembre 2028 (calculé)" in words_of(answer)
        assert not any("2028" in citation.quote for citation in answer.citations)

    def test_a_stage_is_told_only_where_the_qualification_is_asked_about(self) -> None:
        assert answer_of(asked("Qui détient PREMI3NS ?", "who"), S3NS).stages == ()

    def test_a_plan_is_no_stage_that_was_reached(self) -> None:
        answer = answer_of(asked("Bleu est-il qualifié SecNumCloud ?", "yes_no"), NOW)

        assert [stage.stage for stage in answer.stages] == ["announced"]
        assert not answer.answer.startswith("Oui")
        assert ": annoncé." in words_of(answer)

    @pytest.mark.parametrize(
        ("typed", "kind", "known"),
        [
            ("Qui détient S3NS ?", "who", "2025-12-19"),
            ("Qui détenait S3NS en 2025 ?", "who", None),
            ("Quand ?", "date", None),
        ],
    )
    def test_how_old_what_is_known_is(self, typed: str, kind: str, known: str | None) -> None:
        """Of an answer about the present."""
        answer = answer_of(asked(typed, kind), OWNER, sure=1.0)

        assert (str(answer.known_at) if answer.known_at else None) == known
        assert words_of(answer).startswith("« Thales détient"), "the line of the source has the day"


class TestAgreement:
    FIRST = passage_of("Le contrat de Bleu porte sur 12 millions d’euros.", "2025-06-02", publisher="Clubic")
    OTHER = passage_of("Le contrat signé par Bleu atteint 15 millions d’euros.", "2025-06-20", publisher="ZDNet")
    SAME = passage_of("Le contrat de Bleu porte bien sur 12 millions d’euros.", "2025-06-20", publisher="ZDNet")
    QUESTION = asked("Sur combien porte le contrat de Bleu ?", "number")

    def test_sources_that_disagree_are_pointed_out(self) -> None:
        answer = answer_of(self.QUESTION, self.FIRST, self.OTHER)

        check(answer)
        assert [one.citations for one in answer.disagreements] == [(1, 2)]
        assert "Les sources ne concordent pas :" in words_of(answer)

    def test_they_are_not_where_no_figure_is_asked_or_the_rule_is_off(self) -> None:
        assert answer_of(asked("Que signe Bleu ?"), self.FIRST, self.OTHER).disagreements == ()
        off = answer_of(self.QUESTION, self.FIRST, self.OTHER, trace=Trace({"timeline.disagreement"}))
        assert (off.disagreements, "concordent" in off.answer) == ((), False)

    def test_independent_sources_are_counted(self) -> None:
        answer = answer_of(self.QUESTION, self.FIRST, self.SAME)

        assert answer.sources_count == 2
        assert "Rapporté par au moins deux sources indépendantes." in answer.answer

    def test_a_synthesis_of_the_same_paper_is_not_another_source(self) -> None:
        ours = passage_of(
            self.SAME.text,
            "2025-06-20",
            publisher="Trusted Cloud Chat",
            source_type="synthese",
            sources=(Source("Clubic"),),
        )
        answer = answer_of(self.QUESTION, self.FIRST, ours)

        assert answer.sources_count == 1
        assert "Rapporté par" not in answer.answer


class TestQuotes:
    def test_the_leading_quote_stands_in_its_paragraph(self) -> None:
        answer = answer_of(asked("Qu’ouvre Bleu ?"), with_last("Bleu grandit à Rennes. Elle ouvre trois centres."))

        check(answer)
        assert answer.citations[0].quote == "Elle ouvre trois centres."
        assert words_of(answer).startswith(
            "« Bleu grandit à Rennes. **Elle ouvre trois centres.** » [1] — La Gazette, "
        )

    def test_further_quotes_follow_a_line_each(self) -> None:
        answer = answer_of(asked("Que font Bleu et S3NS ?"), OWNER, S3NS)

        check(answer)
        assert words_of(answer).endswith(f"1 autre extrait :\n- « {S3NS.text} » [2] — La Gazette, 19 décembre 2025")

    def test_what_the_paragraph_has_already_is_no_further_extract(self) -> None:
        both = passage_of(f"{OWNER.text} {S3NS.text}", "2025-12-19")
        answer = answer_of(asked("Que font Bleu et S3NS ?"), both)

        assert [citation.quote for citation in answer.citations] == [OWNER.text, S3NS.text]
        assert "extrait" not in answer.answer

    def test_whom_no_quote_speaks_of_is_told(self) -> None:
        answer = answer_of(asked("Que vendent Bleu et S3NS ?"), passage_of("Bleu vend son nuage aux hôpitaux."))

        assert answer.missing == ("S3NS",)
        assert words_of(answer).endswith("Rien trouvé, dans les passages lus, sur : S3NS.")

    def test_a_passage_that_only_a_quote_comes_from_is_shown_too(self) -> None:
        answer = answer_of(asked("Qui est qualifié SecNumCloud ?", "who"), S3NS, J0, sure=0.1)

        assert all(any(p.article == c.article for p in answer.passages) for c in answer.citations)
        assert [passage.rank for passage in answer.passages] == [1, 1]


class TestRefusals:
    PERU = asked("Quelle est la capitale du Pérou ?", "where")

    def test_it_is_short_and_says_what_was_searched(self) -> None:
        answer = answer_of(asked("Combien de salariés a S3NS ?", "number"), OWNER, sure=0.1)
        said = words_of(answer)

        assert (answer.outcome, answer.refused, answer.refusal_reason) == ("refused", True, "not_in_corpus")
        assert answer.citations == ()
        why, places = said.split("\n\n")
        assert (
            why
            == "Je n’ai pas trouvé la réponse dans les articles. Recherche faite dans 1 article paru le 19 décembre 2025."
        )
        assert places == "Où regarder :\n- Un article (La Gazette, 19 décembre 2025)"
        assert answer.passages[0].article == OWNER.article
        assert answer.missing == ("Combien de salariés a S3NS ?",)

    def test_what_comes_nearest_is_shown_as_no_more_than_that(self) -> None:
        """The best sentence, marked in its paragraph."""
        answer = answer_of(
            asked("Combien de salariés a S3NS ?", "number"), with_last(f"{OWNER.text} {S3NS.text}"), sure=0.4
        )
        (citation,) = answer.citations

        assert (answer.outcome, answer.refused, answer.refusal_reason) == ("nearest", True, "uncertain")
        assert words_of(answer).startswith("Pas de réponse certaine ; ce qui s’en approche le plus :")
        assert f"« {OWNER.text} **{citation.quote}** »" in words_of(answer)

    def test_a_second_passage_may_come_as_near(self) -> None:
        answer = answer_of(asked("Combien de salariés a S3NS ?", "number"), OWNER, NOW, sure=0.4)

        assert len(answer.citations) == 2

    def test_what_was_only_promised_is_told_with_its_day(self) -> None:
        promised = passage_of("S3NS ouvrira ses services fin 2024.", "2024-01-15")
        answer = answer_of(asked("S3NS a-t-il ouvert ses services ?", "yes_no", today=date(2026, 6, 1)), promised)

        assert (answer.outcome, answer.refusal_reason) == ("nearest", "uncertain")
        assert words_of(answer).startswith(
            "Aucun article paru depuis ne dit si c’est fait ; dernière information, du 15 janvier 2024 :"
        )

    def test_in_english(self) -> None:
        answer = answer_of(asked("How many employees does S3NS have?", "number"), OWNER, sure=0.1)

        assert words_of(answer) == (
            "I did not find the answer in the articles. Searched: 1 article published on 19 December 2025.\n\n"
            "Where to look:\n- Un article (La Gazette, 19 December 2025)"
        )

    def test_of_a_foreign_question_nothing_comes_near(self) -> None:
        answer = answer_of(self.PERU, replace(passage_of("Le référentiel a des exigences."), score=0.05), sure=0.1)

        assert answer.refusal_reason == "out_of_domain"
        assert "étrangère au sujet" in answer.answer

    def test_a_false_premise_is_answered_by_what_is_so(self) -> None:
        """The sentence that denies it is quoted, with its date."""
        answer = answer_of(asked("Quand Bleu a-t-il été qualifié SecNumCloud ?", "date"), NOW)

        assert (answer.refused, answer.refusal_reason) == (True, "false_premise")
        assert [citation.quote for citation in answer.citations] == [NOW.text]
        assert words_of(answer).startswith(f"« {NOW.text}")
        assert "Ce que la question tient pour acquis est démenti." in answer.answer
        assert "2 mars 2026" in words_of(answer)

    @pytest.mark.parametrize(
        "typed",
        ["Quand Bleu sera-t-il qualifié SecNumCloud ?", "Quand Bleu doit-il être qualifié SecNumCloud ?"],
    )
    def test_who_asks_for_a_plan_takes_nothing_for_granted(self, typed: str) -> None:
        assert answer_of(asked(typed, "date"), NOW).outcome == "answered"

    def test_a_qualification_that_is_told_denies_nothing(self) -> None:
        answer = answer_of(asked("Quand S3NS a-t-il été qualifié SecNumCloud ?", "date"), S3NS, sure=0.1)

        assert answer.outcome == "answered"

    def test_later_articles_are_spoken_of_and_not_quoted(self) -> None:
        question = asked("Combien de salariés a S3NS ?", "number", as_of=date(2023, 6, 30))
        answer = answer_of(question, OWNER, sure=0.1, later=0.9)

        assert answer.refusal_reason == "after_as_of"
        assert words_of(answer).startswith(
            "Rien de ce qui était publié au 30 juin 2023 n’y répond ; un article du 19 décembre 2025, si."
        )


def read_out(passage: Passage) -> Passage:
    """The same, found and hardly an answer to the reader: not quoted for itself."""
    return passage_of(passage.text, str(passage.article.date), read=-5.0, publisher=passage.article.publisher)


def with_last(text: str) -> Passage:
    """A passage of two sentences, of which the last answers."""
    return passage_of(text, read=(-5.0, 3.0))
