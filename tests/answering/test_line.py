"""The first line of an answer: fields of facts by template, or nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from made import answer_of, asked, passage_of
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.schema import Answer, Fact, Passage, Vote

REVENUE = "Le chiffre d’affaires de Bleu atteint 12 millions d’euros en 2025."


def told(text: str, *facts: Fact, like: float = 0.9, day: str = "2026-03-12", **fields: object) -> Passage:
    """A sentence with its facts, and how like the question one is that it answers."""
    passage = passage_of(text, day, facts=facts, **fields)  # type: ignore[arg-type]
    return replace(passage, votes=(Vote(1.0, like, "?"),) * len(passage.chunk.sentences))


def revenue(value: str = "12", **fields: object) -> Fact:
    given = {"unit": "millions d’euros", "date": PartialDate(2025), **fields}
    return Fact("Bleu", "revenue", value=value, **given)  # type: ignore[arg-type]


def line(answer: Answer) -> str | None:
    first = answer.sentences[0]
    return first.text if first.status == "composed" else None


class TestLine:
    QUESTION = asked("Quel est le chiffre d’affaires de Bleu ?", "number")

    def test_the_line_is_the_first_sentence_and_stands_in_bold_over_its_quote(self) -> None:
        answer = answer_of(self.QUESTION, told(REVENUE, revenue()))

        first, quote = answer.sentences
        assert (first.text, first.status, first.supported) == (
            "12 millions d’euros (Bleu, chiffre d’affaires, 2025).",
            "composed",
            True,
        )
        assert first.citations == (1,)
        assert quote.text == answer.citations[0].quote == REVENUE
        assert answer.answer.startswith(f"**{first.text}** [1]\n\n")

    @pytest.mark.parametrize(
        "passage",
        [
            pytest.param(told(REVENUE), id="no facts"),
            pytest.param(told(REVENUE, revenue("13")), id="a value that is not in the quote"),
            pytest.param(told(REVENUE, replace(revenue(), subject="S3NS")), id="of somebody else"),
            pytest.param(told(REVENUE, replace(revenue(), attribute="headcount")), id="of something else"),
            pytest.param(told(REVENUE, revenue(status="denied")), id="denied"),
            pytest.param(told(REVENUE, revenue(), like=0.3), id="like no stored question"),
            pytest.param(
                told("Bleu : 12 millions d’euros, ou 14 millions d’euros.", revenue(), revenue("14")), id="two values"
            ),
        ],
    )
    def test_without_a_fact_that_decides_there_is_none(self, passage: Passage) -> None:
        assert line(answer_of(self.QUESTION, passage)) is None

    def test_an_english_question_has_it_in_english(self) -> None:
        question = asked("What is Bleu's revenue?", "number")

        assert line(answer_of(question, told(REVENUE, revenue()))) == "12 million euros (Bleu, revenue, 2025)."

    def test_values_that_cannot_both_be_right_are_both_named(self) -> None:
        other = "Selon la Revue, le chiffre d’affaires de Bleu est de 9 millions d’euros en 2025."
        answer = answer_of(
            self.QUESTION,
            told(REVENUE, revenue()),
            told(other, revenue("9"), day="2026-02-01", publisher="La Revue", read=0.5),
        )

        said = line(answer)
        assert said is not None
        assert "12 millions d’euros selon La Gazette (12\u00a0mars 2026)" in said
        assert "9 millions d’euros selon La Revue (1er\u00a0février 2026)" in said
        assert answer.sentences[0].citations == (1, 2)

    def test_a_when_question_gets_a_day_and_a_date_announced_that_has_passed_says_so(self) -> None:
        opened = Fact("Bleu", "offer", value="ouverture", date=PartialDate(2026, 1, 15))
        due = Fact("Bleu", "offer", value="ouverture", due=PartialDate(2024), status="planned")

        happened = answer_of(
            asked("Quand Bleu a-t-il ouvert ?", "date"), told("Bleu a ouvert le 15 janvier 2026.", opened)
        )
        promised = answer_of(
            asked("Quand Bleu doit-il ouvrir ?", "date"), told("Bleu doit ouvrir en 2024.", due, day="2023-05-01")
        )

        assert line(happened) == "15\u00a0janvier 2026 (Bleu, ouverture)."
        assert "échéance passée" in (line(promised) or "")

    def test_the_day_of_a_grant_does_not_answer_when_it_was_taken_back(self) -> None:
        granted = told(
            "Bleu a été qualifié le 15 janvier 2026.",
            Fact("Bleu", "qualification", value="SecNumCloud", date=PartialDate(2026, 1, 15)),
        )

        assert line(answer_of(asked("Quand Bleu a-t-il été qualifié ?", "date"), granted))
        assert line(answer_of(asked("Quand Bleu a-t-il perdu sa qualification ?", "date"), granted)) is None
        assert line(answer_of(asked("When did Bleu lose its qualification?", "date"), granted)) is None

    def test_a_promise_has_the_day_on_which_it_was_made(self) -> None:
        """An article of 2023 may tell of what was announced two years before."""
        due = Fact("Bleu", "offer", value="ouverture", date=PartialDate(2021), due=PartialDate(2024), status="planned")
        said = line(
            answer_of(
                asked("Quand Bleu doit-il ouvrir ?", "date"),
                told("En 2021, Bleu annonçait ouvrir en 2024.", due, day="2023-05-01"),
            )
        )

        assert said == "Échéance annoncée\u00a0: 2024, échéance passée (Bleu, offre, 2021)."

    def test_a_who_question_gets_the_party_that_it_does_not_name(self) -> None:
        owner = Fact("Bleu", "ownership", object="Orange", date=PartialDate(2022))

        assert line(answer_of(asked("À qui appartient Bleu ?", "who"), told("Bleu appartient à Orange.", owner))) == (
            "Orange (Bleu, capital)."
        )

    def test_a_sentence_that_names_two_parties_or_two_days_has_none(self) -> None:
        """Who sold or who bought, when it was asked or for when: the facts leave open which of them is meant."""
        sale = "Bleu, né chez Nuages SA, a été racheté par Orange."
        bought, born = Fact("Orange", "ownership", object="Bleu"), Fact("Bleu", "creation", object="groupe Nuages")
        plans = "En octobre 2019, Bleu a demandé un plan pour décembre 2019."
        both = Fact("Bleu", "offer", value="un plan", date=PartialDate(2019, 10), due=PartialDate(2019, 12))

        assert line(answer_of(asked("À qui appartient Bleu ?", "who"), told(sale, bought)))
        assert line(answer_of(asked("À qui appartient Bleu ?", "who"), told(sale, bought, born))) is None
        assert line(answer_of(asked("Bleu : un plan pour quand ?", "date"), told(plans, replace(both, due=None))))
        assert line(answer_of(asked("Bleu : un plan pour quand ?", "date"), told(plans, both))) is None
