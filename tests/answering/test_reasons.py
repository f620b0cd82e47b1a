"""Reasons that rules and reader find together, each by itself not being sure."""

from __future__ import annotations

from dataclasses import replace

import pytest
from quotes import ENTITIES, asked, sentence, sentences

from trusted_cloud_chat.answering.forms.choice import choose_form
from trusted_cloud_chat.answering.forms.reasons import tells_reason
from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.schema import Reading

SUSPENDED = "Pourquoi Scaleway a-t-il quitté Gaia-X ?"


def read(text: str, logit: float = 1.0, title: str = "Un titre") -> Selected:
    choice = sentence(text, title=title)
    return replace(choice, passage=replace(choice.passage, reading=Reading(-1.0, (logit,), (logit,))))


@pytest.mark.parametrize(
    ("question", "quote", "tells"),
    [
        (SUSPENDED, "Le départ de Scaleway de Gaia-X fait suite à un sommet financé par Huawei.", True),
        (SUSPENDED, "Scaleway s’est retiré de Gaia-X, dont l’indépendance était insuffisante.", True),
        (SUSPENDED, "Scaleway a annoncé le 18 novembre 2021 son départ de Gaia-X.", False),
        (SUSPENDED, "Cloud Temple a rejoint Gaia-X en raison de ses partenaires.", False),
        (
            "Pourquoi Thales juge-t-il qu’un cloud européen est impossible ?",
            "Thales a jugé qu’un cloud européen est impossible.",
            False,
        ),
        ("Quand Scaleway a-t-il quitté Gaia-X ?", "Scaleway a quitté Gaia-X en raison de son sommet.", False),
    ],
)
def test_a_cause_told_of_those_named_is_a_reason(question: str, quote: str, tells: bool) -> None:
    """What only says again what happened, or tells the cause of something of others, is none."""
    assert tells_reason(asked(question), [read(quote)], ENTITIES) is tells


def test_names_may_stand_in_the_title() -> None:
    cause = "Ce départ fait suite à un sommet financé par Huawei."

    assert tells_reason(asked(SUSPENDED), [read(cause, title="Scaleway quitte Gaia-X")], ENTITIES)
    assert not tells_reason(asked(SUSPENDED), [read(cause)], ENTITIES)


def test_the_reader_must_hold_it_for_an_answer_and_it_must_be_among_the_best() -> None:
    cause = "Le départ de Scaleway de Gaia-X fait suite à un sommet."
    other = [read("Scaleway emploie 544 personnes.")] * 3

    assert not tells_reason(asked(SUSPENDED), [read(cause, logit=-0.5)], ENTITIES)
    assert not tells_reason(asked(SUSPENDED), [*other, read(cause)], ENTITIES)


def test_such_an_answer_is_likely_and_not_certain() -> None:
    found = choose_form(asked(SUSPENDED), [read("Scaleway a quitté Gaia-X en raison de son sommet.")], ENTITIES)

    assert found.likely
    assert not found.certain


def test_what_tells_its_motive_right_after_the_best_quote_stands_beside_it_and_leads_where_that_only_restates() -> None:
    text = (
        "Scaleway a quitté Gaia-X en 2021. L’entreprise critiquait le poids de Huawei. Scaleway emploie 544 personnes."
    )
    fact, motive, other = sentences(text)
    fact = replace(fact, score=6.0)
    gone = asked("Pourquoi Scaleway est-il parti de Gaia-X ?")

    assert choose_form(asked(SUSPENDED), [fact, other, motive], ENTITIES).quotes[:2] == (motive, fact)
    assert choose_form(gone, [fact, other, motive], ENTITIES).quotes[:2] == (fact, motive)
    assert (
        motive not in choose_form(asked("Quand Scaleway a-t-il quitté Gaia-X ?"), [fact, motive], ENTITIES).quotes[:1]
    )


def test_another_paragraph_may_be_about_another_matter() -> None:
    fact, other = sentences("Scaleway a quitté Gaia-X en 2021.\n\nIl critiquait le poids de Huawei.")

    assert choose_form(asked(SUSPENDED), [replace(fact, score=9.0), other], ENTITIES).quotes[1:] == ()


def test_a_cause_asked_for_by_that_word_is_led_by_what_names_one() -> None:
    happened = sentence("La panne d’AWS a touché des centaines de services.", score=5.0, name="a")
    cause = sentence("Une erreur de résolution DNS est à l’origine de la panne d’AWS.", score=4.5, name="b")

    assert choose_form(asked("Quelle est la cause de la panne d’AWS ?"), [happened, cause], ENTITIES).quotes[0] == cause
    assert choose_form(asked("Pourquoi Bruxelles enquête-t-elle ?"), [happened, cause], ENTITIES).quotes[0] == happened


def test_what_only_restates_the_question_comes_after_a_cause() -> None:
    happened = sentence("La panne d’AWS a touché des centaines de services.", score=5.0, name="a")
    cause = sentence("Une erreur de résolution DNS est à l’origine de la panne d’AWS.", score=4.5, name="b")
    reason = sentence("Des services étaient touchés faute de copie.", score=5.0, name="c")
    question = asked("Pourquoi la panne a-t-elle touché des services ?")

    assert choose_form(question, [happened, cause], ENTITIES).quotes[0] == cause
    assert choose_form(question, [reason, cause], ENTITIES).quotes[0] == reason
