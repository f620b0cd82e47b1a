"""Follow-ups that only say what to do with what was said, and what nobody understands by itself."""

from __future__ import annotations

import pytest

from builders import TODAY
from trusted_cloud_chat.entities import load_entities
from trusted_cloud_chat.schema import Turn
from trusted_cloud_chat.understanding import Understanding, understand

BOOK = load_entities()


def after(*questions: str, answer: str = "") -> Understanding:
    """What the last question means after the others; `answer` is that to the one before it."""
    *before, asked = questions
    turns = [Turn(question, answer if question == before[-1] else "") for question in before]
    return understand(asked, turns=turns, today=TODAY, entities=BOOK)


@pytest.mark.parametrize(
    ("before", "question", "language"),
    [
        ("Qui possède Bleu ?", "Et en anglais ?", "en"),
        ("Qui possède Bleu ?", "En anglais s'il te plaît", "en"),
        ("Qui possède Bleu ?", "in English please", "en"),
        ("Qui possède Bleu ?", "Peux-tu répondre en anglais ?", "en"),
        ("Qui possède Bleu ?", "La même chose en anglais, svp", "en"),
        ("Who owns Bleu?", "en français", "fr"),
        ("Who owns Bleu?", "Can you say that in French?", "fr"),
    ],
)
def test_the_question_before_in_another_language(before: str, question: str, language: str) -> None:
    meant = after(before, question)

    assert (meant.query.text, meant.query.language, meant.query.kind) == (before, language, "who")


def test_the_language_of_one_answer_is_no_part_of_the_next_question() -> None:
    assert after("Qui possède Bleu ?", "Et en anglais ?", "Et S3NS ?").query.text == "Qui possède S3NS ?"
    assert after("Qui possède Bleu ? En anglais svp", "Et S3NS ?").query.text == "Qui possède S3NS"


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("Compare-les", "Compare Bleu et S3NS"),
        ("Compare les deux", "Compare Bleu et S3NS"),
        ("Et les deux, comparés ?", "Compare Bleu et S3NS"),
        ("Compare them", "Compare Bleu and S3NS"),
        ("Compare-les sur le prix", "Compare Bleu et S3NS sur le prix"),
        ("Quelle différence entre les deux ?", "Quelle différence entre Bleu et S3NS ?"),
        ("Lequel des deux est le moins cher ?", "Bleu ou S3NS, lequel est le moins cher ?"),
    ],
)
def test_the_last_two_of_a_kind_that_were_spoken_of(question: str, meant: str) -> None:
    found = after("Bleu est-il qualifié ?", "Et S3NS ?", question).query

    assert (found.text, found.kind) == (meant, "comparison")


def test_of_three_the_last_two_are_compared() -> None:
    assert (
        after("Qui dirige Bleu ?", "Et S3NS ?", "Et NumSpot ?", "Compare-les").query.text == "Compare S3NS et NumSpot"
    )
    assert after("Is Bleu qualified?", "And S3NS?", "What's the difference between them?").query.text == (
        "What's the difference between Bleu and S3NS?"
    )


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        ("Qui possède Bleu ?", "Donne-moi plus de détails", "Parle-moi de Bleu"),
        ("Qui possède Bleu ?", "plus de détails ?", "Parle-moi de Bleu"),
        ("Qu’est-ce que le CADA ?", "Dis-m'en plus", "Parle-moi du CADA"),
        ("Que dit la CNIL ?", "Développe", "Parle-moi de la CNIL"),
        ("Who owns Bleu?", "tell me more about it", "Tell me about Bleu"),
        ("Compare Bleu et S3NS", "Plus de détails sur NumSpot", "Parle-moi de NumSpot"),
        ("Qui possède Bleu ?", "Plus de détails sur le prix de Bleu", "Plus de détails sur le prix de Bleu"),
    ],
)
def test_more_about_what_was_spoken_of(before: str, question: str, meant: str) -> None:
    assert after(before, question).query.text == meant


@pytest.mark.parametrize(
    ("before", "answer", "meant"),
    [
        ("Bleu ou S3NS, lequel est qualifié ?", "« S3NS est qualifié. » [1]", "Bleu est-il qualifié ?"),
        ("Bleu ou S3NS, laquelle est qualifiée ?", "« S3NS est qualifiée. » [1]", "Bleu est-elle qualifiée ?"),
        ("Which is qualified, Bleu or S3NS?", "“S3NS est qualifié.” [1]", "Is Bleu qualified?"),
        ("Bleu ou S3NS est-il qualifié ?", "« S3NS est qualifié. » [1]", "Bleu est-il qualifié ?"),
    ],
)
def test_the_other_of_two_is_the_one_that_the_answer_does_not_name(before: str, answer: str, meant: str) -> None:
    said = "Et l’autre ?" if "est" in before else "And the other one?"

    assert after(before, said, answer=answer).query.text == meant


def test_the_other_of_two_that_were_asked_about_in_turn() -> None:
    assert after("Qui dirige Bleu ?", "Et S3NS ?", "Et l’autre ?").query.text == "Qui dirige Bleu ?"


@pytest.mark.parametrize("answer", ["« Ni Bleu ni S3NS n’est qualifié. » [1]", "« Les deux le sont. » [1]"])
def test_it_is_asked_which_other_is_meant(answer: str) -> None:
    assert after("Bleu ou S3NS, lequel est qualifié ?", "Et l’autre ?", answer=answer).query.kind == "help"


def test_now_is_the_question_before_again() -> None:
    now = after("Bleu est-il qualifié ?", "Et maintenant ?")

    assert (now.query.text, now.wants_now) == ("Bleu est-il qualifié ?", True)
    assert after("Où en était Bleu en 2024 ?", "Et aujourd’hui ?").query.text == "Où en était Bleu aujourd’hui ?"


@pytest.mark.parametrize(
    "question",
    ["Résume", "Et avant ?", "Et l'autre ?", "Pourquoi ?", "Depuis quand ?", "Compare-les", "Plus de détails ?", "Et lui ?", "oui",
     "In English please", "Why not?", "x", "? x"],
)  # fmt: skip
def test_what_nobody_understands_where_nothing_was_said_is_asked_about(question: str) -> None:
    """And it is no subject of what comes after it."""
    assert understand(question, today=TODAY, entities=BOOK).query.kind == "help"
    assert after(question, "Qui dirige Bleu ?", "Et S3NS ?").query.text == "Qui dirige S3NS ?"
    assert after(question, "Et S3NS ?").query.text == "Et S3NS ?"


@pytest.mark.parametrize(
    "question", ["OVH ?", "SNC", "J0 ?", "Bleu", "Compare Bleu et S3NS", "Et S3NS ?", "Quoi de neuf ?"]
)
def test_a_name_alone_is_a_question(question: str) -> None:
    assert understand(question, today=TODAY, entities=BOOK).query.kind != "help"


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Compare pour moi Bleu et S3NS", "comparison"),
        ("Compare en détail les offres de Bleu et de S3NS", "comparison"),
        ("Comparaison en chiffres : Brocéliande, Avalon", "comparison"),
        ("Compare in detail Bleu and S3NS", "comparison"),
        ("Le référentiel est-il disponible en anglais ?", "yes_no"),
        ("Comment traduire « cloud de confiance » en anglais ?", "how"),
        ("What does SREN stand for in French?", "definition"),
    ],
)
def test_a_whole_question_is_taken_as_it_is(question: str, kind: str) -> None:
    query = after(question).query

    assert (query.text, query.kind) == (question, kind)


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        ("Parle-moi de S3NS", "Les ministères ont-ils migré ?", "Les ministères ont-ils migré ? S3NS"),
        ("Qui dirige Bleu ?", "Et Pourquoi ?", "Qui dirige Bleu ? Et Pourquoi ?"),
        ("Qui est le patron de Bleu et de S3NS ?", "Et l’autre ?", "Et l’autre ?"),
    ],
)
def test_what_speaks_of_itself_is_not_bent(before: str, question: str, meant: str) -> None:
    assert after(before, question).query.text == meant
