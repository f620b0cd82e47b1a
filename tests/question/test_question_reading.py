"""What is typed, as it is read: names, spelling, periods, parts."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import TODAY
from made import BOOK, asked
from trusted_cloud_chat.errors import QuestionError
from trusted_cloud_chat.question.parse import MAX_QUESTION
from trusted_cloud_chat.question.spelling import expansions
from trusted_cloud_chat.trace import Trace


def fired(trace: Trace) -> list[str]:
    return [line.rule for line in trace.lines]


@pytest.mark.parametrize(
    ("typed", "searched", "corrected"),
    [
        ("Qui a la CB ?", "Qui a la CB ?", False),
        ("Où en est NumSpto ?", "Où en est NumSpot ?", True),
        ("Quand Scalway sera-t-il prêt ?", "Quand Scaleway sera-t-il prêt ?", True),
        ("Who runs bleu today", "Who runs Bleu today", False),
        ("qui dirige bleu", "qui dirige Bleu", False),
        ("secnumcloud, une qualification ?", "SecNumCloud, une qualification ?", False),
    ],
)
def test_what_was_typed_is_written_as_articles_write(typed: str, searched: str, corrected: bool) -> None:
    """And whatever changes more than letter case leaves a line in the trace."""
    trace = Trace()
    question = asked(typed, trace=trace)

    assert question.searched == searched
    assert ("spelling" in fired(trace)) is corrected


@pytest.mark.parametrize("typed", ["CB", "Où en est NumSpot ?", "Quelle est la différence ?", "What is Bleu?"])
def test_what_needs_no_correction_gets_none(typed: str) -> None:
    trace = Trace()

    assert asked(typed, trace=trace).searched == typed
    assert "spelling" not in fired(trace)


def test_a_correction_that_is_switched_off_is_not_made() -> None:
    assert asked("Où est NumSpto ?", trace=Trace({"spelling"})).searched == "Où est NumSpto ?"


def test_other_names_are_searched_and_shown() -> None:
    shown, searched = expansions(BOOK.find("Le HDH et S3NS"))

    assert "HDH = Health Data Hub" in shown
    assert {"Health Data Hub", "Thales"} <= set(searched)
    assert asked("Le HDH ?").query.aliases == expansions(BOOK.find("Le HDH ?"))[0]


@pytest.mark.parametrize("question", ["", " ", "?", "…", "« »"])
def test_a_question_without_a_letter_is_an_error_that_says_what_is_expected(question: str) -> None:
    with pytest.raises(QuestionError, match="expected a sentence"):
        asked(question)


def test_an_endless_question_is_an_error_that_says_how_long_it_may_be() -> None:
    with pytest.raises(QuestionError, match=f"at most {MAX_QUESTION}"):
        asked("mot " * MAX_QUESTION)


def test_a_question_of_several_lines_is_one_line() -> None:
    assert asked("Qui dirige\n\tBleu  ?").searched == "Qui dirige Bleu ?"


@pytest.mark.parametrize(
    ("typed", "language"),
    [
        ("Qui dirige Bleu ?", "fr"), ("Who runs Bleu?", "en"), ("S3NS", "fr"), ("Bleu qualification date?", "fr"),
        ("capital de S3NS", "fr"), ("the owner of S3NS", "en"), ("citez Bleu", "fr"),
    ],
)  # fmt: skip
def test_the_language_of_a_question(typed: str, language: str) -> None:
    assert asked(typed).query.language == language


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("Que s’est-il passé en mars 2025 ?", "2025-03-01/2025-03-31"),
        ("Qu’a annoncé Bleu depuis 2024 ?", "2024-01-01/"),
        ("What happened last year?", "2025-01-01/2025-12-31"),
        ("Qu’a dit S3NS hier ?", False),
        ("Qui dirige Bleu ?", False),
    ],
)
def test_the_time_that_a_question_is_about(typed: str, label: str | None) -> None:
    assert asked(typed).query.dates == ((label,) if label else ())


def test_a_relative_time_is_of_the_day_asked_of() -> None:
    """`as_of` is the day of the question where it lies before today."""
    question = asked("Et l’an dernier, qui était qualifié ?", as_of=date(2024, 5, 1))

    assert (question.query.today, question.query.dates) == (date(2024, 5, 1), ("2023-01-01/2023-12-31",))
    assert asked("Qui ?", as_of=date(2030, 1, 1)).query.today == TODAY


@pytest.mark.parametrize(
    ("typed", "kind", "now"),
    [
        ("Qui dirige Bleu ?", "who", True),
        ("Bleu est-il qualifié ?", "yes_no", True),
        ("Où en est Bleu ?", "fact", True),
        ("Qui dirigeait Bleu en 2024 ?", "who", False),
        ("Quand Bleu a-t-il été créé ?", "date", False),
        ("Combien Bleu a-t-il de clients aujourd’hui ?", "number", True),
    ],
)
def test_whether_the_present_is_asked_for(typed: str, kind: str, now: bool) -> None:
    assert asked(typed, kind).wants_now is now


class TestParts:
    @pytest.mark.parametrize(
        ("typed", "kind", "parts"),
        [
            ("Compare Bleu et S3NS", "comparison", ["Bleu", "S3NS"]),
            ("Bleu et S3NS sont-ils qualifiés ?", "yes_no", ["Bleu", "S3NS"]),
            ("Bleu, S3NS ou Scaleway : lequel est qualifié ?", "list", ["Bleu", "S3NS", "Scaleway"]),
            ("Bleu est-il qualifié ?", "yes_no", []),
            ("Bleu est-il qualifié SecNumCloud ?", "yes_no", []),
            ("Bleu a-t-il, comme l’avait promis son patron à Rennes, devancé S3NS ?", "yes_no", []),
            ("Bleu va-t-il, comme l’avait promis son patron à Rennes, plus loin que S3NS ?", "comparison", ["Bleu", "S3NS"]),
        ],
    )  # fmt: skip
    def test_a_question_about_several_is_asked_of_each(self, typed: str, kind: str, parts: list[str]) -> None:
        """Of those of one kind that are named together; in a comparison wherever they stand."""
        question = asked(typed, kind)

        assert [part.about.name for part in question.parts if part.about] == parts
        assert question.query.parts == tuple(part.searched for part in question.parts)

    def test_a_part_is_about_one_of_them_alone(self) -> None:
        first, second = asked("Compare Bleu et S3NS", "comparison").parts

        assert ("S3NS" in first.searched, "Bleu" in second.searched) == (False, False)
        assert first.query.entities[0] == "Bleu"


class TestFurther:
    """What a question says beside names, times and the words that ask for something known."""

    @pytest.mark.parametrize(
        ("typed", "known", "left"),
        [
            ("Bleu est-il qualifié ?", ("qualifi*",), 0),
            ("Bleu est-il qualifié en 2025 ?", ("qualifi*",), 0),
            ("Bleu est-il rentable ?", ("qualifi*",), 1),
            ("Quels hôpitaux ont choisi Bleu ?", (), 2),
        ],
    )
    def test_words(self, typed: str, known: tuple[str, ...], left: int) -> None:
        assert len(asked(typed).further(known)) == left


@given(st.text(min_size=1, max_size=80), st.sampled_from(("Bleu", "S3NS en 2025", "le HDH", "pk NumSpto")))
def test_mentions_lie_in_what_is_searched_for(text: str, name: str) -> None:
    """Whatever is typed: mentions in order, each the very words of the question."""
    question = asked(f"{text} {name}")
    end = 0
    for mention in question.mentions:
        assert end <= mention.start < mention.end
        assert question.searched[mention.start : mention.end] == mention.text
        end = mention.end
