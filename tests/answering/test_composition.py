"""Whole answers, composed from evidence by hand: what stands under, before and after the quotes; what a refusal says."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from made import answer_of, asked, passage_of, words_of
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.schema import Answer, Fact, Passage
from trusted_cloud_chat.trace import Trace, rules

J0 = passage_of(
    "Bleu a franchi le jalon J0 de SecNumCloud le 17 avril 2025.", "2025-04-17", publisher="ZDNet",
    facts=[Fact("Bleu", "milestone", value="J0", date=PartialDate(2025, 4, 17))],
)  # fmt: skip
NOW = passage_of(
    "Bleu sera qualifié SecNumCloud fin 2026.", "2026-03-02", publisher="Next",
    facts=[Fact("Bleu", "qualification", value="SecNumCloud", due=PartialDate(2026), status="planned")],
)  # fmt: skip
S3NS = passage_of(
    "S3NS a obtenu la qualification SecNumCloud le 17 décembre 2025 pour son offre PREMI3NS.",
    "2025-12-19",
    facts=[Fact("S3NS", "qualification", value="SecNumCloud", service="PREMI3NS", date=PartialDate(2025, 12, 17))],
)
OWNER = passage_of("Thales détient la majorité du capital de S3NS.", "2025-12-19")


def check(answer: Answer) -> None:
    """What holds for every answer."""
    assert [citation.n for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert {int(n) for n in re.findall(r"\[(\d+)\]", answer.answer)} == {citation.n for citation in answer.citations}
    quoted = [sentence for sentence in answer.sentences if sentence.status != "composed"]
    assert all(sentence.text == answer.citations[sentence.citations[0] - 1].quote for sentence in quoted)
    assert {line.rule for line in answer.trace} <= set(rules())


class TestTime:
    QUESTION = asked("Bleu est-il qualifié SecNumCloud ?", "yes_no")

    def test_the_newest_state_leads_with_its_day_and_its_aim(self) -> None:
        answer = answer_of(self.QUESTION, J0, NOW)
        off = answer_of(self.QUESTION, J0, NOW, trace=Trace({"form.standing"}))

        check(answer)
        assert [citation.quote for citation in answer.citations] == [J0.text, NOW.text]
        assert answer.sentences[0].text == (
            "Pas encore qualifié, jalon J0 franchi (17\u00a0avril 2025). Objectif\u00a0: fin 2026."
        )
        assert answer.sentences[0].citations == (1, 2)
        assert off.sentences[0].status != "composed"

    def test_a_day_that_has_passed_says_so(self) -> None:
        answer = answer_of(asked("Bleu est-il qualifié SecNumCloud ?", "yes_no", today=date(2027, 1, 1)), NOW)

        assert "(échéance passée)" in answer.sentences[0].text
        assert [(promise.citation, promise.passed) for promise in answer.promises] == [(1, True)]

    @pytest.mark.parametrize(
        ("typed", "line"),
        [
            ("S3NS est-il qualifié SecNumCloud ?", "Oui, depuis le 17\u00a0décembre 2025 (PREMI3NS)."),
            ("Is S3NS SecNumCloud qualified?", "Yes, since 17 December 2025 (PREMI3NS)."),
            ("S3NS n’est-il pas qualifié SecNumCloud ?", None),
        ],
    )
    def test_a_qualification_answers_yes(self, typed: str, line: str | None) -> None:
        first = answer_of(asked(typed, "yes_no"), S3NS).sentences[0]

        assert (first.text if first.status == "composed" else None) == line

    def test_plain_articles_have_no_state(self) -> None:
        answer = answer_of(self.QUESTION, passage_of(J0.text), passage_of(NOW.text, "2026-03-02"))

        assert (answer.stages, answer.promises, answer.sources_count) == ((), (), None)
        assert all(sentence.status == "proved" for sentence in answer.sentences)

    @pytest.mark.parametrize(
        ("typed", "kind", "known"),
        [
            ("Qui détient S3NS ?", "who", "2025-12-19"),
            ("Qui détenait S3NS en 2025 ?", "who", None),
            ("Quand ?", "date", None),
        ],
    )
    def test_how_old_what_is_known_is(self, typed: str, kind: str, known: str | None) -> None:
        answer = answer_of(asked(typed, kind), OWNER, sure=1.0)

        assert (str(answer.known_at) if answer.known_at else None) == known
        assert words_of(answer).startswith("« Thales détient"), "the line of the source has the day"


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
        assert places == "Où regarder :\n- Un article (19 décembre 2025)"
        assert answer.passages[0].article == OWNER.article
        assert answer.missing == ("Combien de salariés a S3NS ?",)

    def test_what_comes_nearest_is_shown_as_no_more_than_that(self) -> None:
        first = passage_of(f"{S3NS.text} {OWNER.text}", read=(3.0, -5.0))
        answer = answer_of(asked("Combien de salariés a S3NS ?", "number"), first, sure=0.4)
        (citation,) = answer.citations

        assert (answer.outcome, answer.refused, answer.refusal_reason) == ("nearest", True, "uncertain")
        assert words_of(answer).startswith("Pas de réponse certaine ; ce qui s’en approche le plus :")
        assert f"« **{citation.quote}** {OWNER.text} »" in words_of(answer)

    @pytest.mark.parametrize(
        ("sure", "outcome", "opening"),
        [
            (0.9, "answered", "Rien de ce qui est cité n’est de la période demandée ni n’en parle."),
            (0.4, "nearest", "Pas de réponse certaine pour cette période ; ce qui s’en approche le plus :"),
        ],
    )
    def test_of_another_time_an_answer_has_a_note_and_the_nearest_an_opening(
        self, sure: float, outcome: str, opening: str
    ) -> None:
        answer = answer_of(asked("Qui détenait S3NS en 2023 ?", "who"), OWNER, sure=sure)

        assert answer.outcome == outcome
        assert words_of(answer).startswith(opening)

    def test_a_second_passage_may_come_as_near(self) -> None:
        answer = answer_of(asked("Combien de salariés a S3NS ?", "number"), OWNER, NOW, sure=0.4)

        assert len(answer.citations) == 2

    def test_what_was_only_promised_is_told_with_its_day(self) -> None:
        due = Fact("S3NS", "offer", due=PartialDate(2024, 12), status="planned")
        promised = passage_of("S3NS ouvrira ses services fin 2024.", "2024-01-15", facts=[due])
        answer = answer_of(asked("S3NS a-t-il ouvert ses services ?", "yes_no", today=date(2026, 6, 1)), promised)

        assert (answer.outcome, answer.refusal_reason) == ("nearest", "uncertain")
        assert words_of(answer).startswith(
            "Aucun article paru depuis ne dit si c’est fait. Dernière information, du 15 janvier 2024 :"
        )

    def test_in_english(self) -> None:
        answer = answer_of(asked("How many employees does S3NS have?", "number"), OWNER, sure=0.1)

        assert words_of(answer) == (
            "I did not find the answer in the articles. Searched: 1 article published on 19 December 2025.\n\n"
            "Where to look:\n- Un article (19 December 2025)"
        )

    def test_of_a_foreign_question_nothing_comes_near(self) -> None:
        answer = answer_of(self.PERU, replace(passage_of("Le référentiel a des exigences."), score=0.05), sure=0.1)

        assert answer.refusal_reason == "out_of_domain"
        assert "étrangère au sujet" in answer.answer

    def test_a_false_premise_is_answered_by_what_is_so(self) -> None:
        answer = answer_of(asked("Quand Bleu a-t-il été qualifié SecNumCloud ?", "date"), NOW)

        assert (answer.refused, answer.refusal_reason) == (True, "false_premise")
        assert [citation.quote for citation in answer.citations] == [NOW.text]
        assert words_of(answer).startswith(f"Ce que la question tient pour acquis est démenti :\n\n« {NOW.text}")
        assert "2 mars 2026" in words_of(answer)

    @pytest.mark.parametrize(
        ("typed", "reason"),
        [
            ("Depuis que Bleu est qualifié, combien de clients a-t-il ?", "false_premise"),
            ("Since Bleu is certified, how many customers does it have?", "false_premise"),
            ("Combien de clients Bleu a-t-il ?", None),
            ("Puisque Bleu n’est pas qualifié, combien de clients a-t-il ?", None),
        ],
    )
    def test_what_is_said_by_the_way_is_denied_too(self, typed: str, reason: str | None) -> None:
        assert answer_of(asked(typed, "fact"), NOW).refusal_reason == reason

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


def with_last(text: str) -> Passage:
    """A passage of two sentences, of which the last answers."""
    return passage_of(text, read=(-5.0, 3.0))
