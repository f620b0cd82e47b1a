"""Whose customers are asked for, and which sentences name some."""

from __future__ import annotations

import pytest
from quotes import ENTITIES, asked, sentence

from trusted_cloud_chat.answering.forms.choice import choose_form
from trusted_cloud_chat.answering.timeline.customers import asks_for_customers, customers_of


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Quels sont les clients de Bleu ?", True),
        ("Quels clients a Bleu ?", True),
        ("Qui a choisi S3NS ?", True),
        ("Quelles entreprises ont signé avec Bleu ?", True),
        ("Which companies have chosen Bleu?", True),
        ("Who uses Scaleway?", True),
        ("Who are Bleu’s customers?", True),
        ("List Bleu's clients", True),
        ("Combien de clients a S3NS ?", False),
        ("Quel est le nombre de clients de Bleu ?", False),
        ("Quels risques pour les clients de Bleu ?", False),
        ("Quels clients ont quitté Bleu ?", False),
        ("Qui a signé la tribune contre Microsoft ?", False),
        ("Qui a choisi le nom Bleu ?", False),
        ("Quels clients Airbus a-t-il choisis ?", False),
        ("Qui a choisi Microsoft pour le Health Data Hub ?", False),
        ("Que doivent faire les clients de Bleu ?", False),
        ("Quels ministères utilisent Outscale ?", False),
        ("Qui dirige Bleu ?", False),
        ("Quels sont les clients ?", False),
    ],
)
def test_what_is_asked(question: str, asks: bool) -> None:
    assert asks_for_customers(question, ENTITIES) is asks


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("EDF choisit à la fois Bleu et S3NS.", True),
        ("EDF a retenu S3NS en novembre 2025, en même temps que Bleu.", True),
        ("Dassault Aviation signed with Bleu at the end of 2025.", True),
        ("Matmut et Club Med comptent parmi ces clients de Bleu.", True),
        ("Bleu compte Matmut parmi ses clients.", True),
        ("Bleu prévoyait d’accompagner de premiers clients en 2022.", False),
        ("EDF, client de Bleu, migre.", True),
        ("Bleu recevra ses premiers clients « à la rentrée », et l’État sera l’un d’eux.", True),
        ("EDF n’a pas choisi Bleu.", False),
        ("EDF n’a finalement choisi ni S3NS ni Bleu.", False),
        ("EDF a choisi S3NS face à Bleu.", False),
        ("La CNIL a adopté un avis sévère sur Bleu.", False),
        ("Jean Coumaros, choisi pour diriger Bleu, arrive.", False),
        ("Si EDF choisit Bleu, il paiera plus.", False),
        ("EDF a écarté AWS et choisi S3NS plutôt que Bleu.", False),
        ("S3NS compte Matmut parmi ses clients, Bleu non.", False),
        ("Bleu revendique 25 clients, dont la SNCF.", True),
        ("S3NS revendique 25 clients, dont la SNCF, Bleu aucun.", False),
        ("Bleu est présenté comme un client d’Outscale.", False),
        ("Orange et Capgemini sont les actionnaires de Bleu.", False),
        ("Bleu a choisi Microsoft.", False),
    ],
)
def test_sentences_that_name_a_customer(text: str, tells: bool) -> None:
    assert bool(customers_of(asked("Qui a choisi Bleu ?"), [sentence(text)], ENTITIES)) is tells


def test_the_newest_first_and_the_questions_language() -> None:
    old = sentence("EDF a choisi Bleu.", day="2025-11-06", name="old")
    new = sentence("Dassault Aviation a choisi Bleu pour ses bureaux.", day="2026-01-06", name="new")
    english = sentence("Matmut and Veolia chose Bleu.", day="2026-03-06", name="english", language="en")

    assert customers_of(asked("Qui a choisi Bleu ?"), [old, english, new], ENTITIES) == [new, old, english]


def test_each_customer_once() -> None:
    first = sentence("EDF a choisi Bleu.", day="2026-01-06", name="first")
    again = sentence("Le choix d’EDF ? Le groupe EDF a retenu Bleu.", day="2025-11-06", name="again")
    more = sentence("EDF et Dassault Aviation ont choisi Bleu.", day="2025-11-05", name="more")

    assert customers_of(asked("Qui a choisi Bleu ?"), [again, more, first], ENTITIES) == [first, more]


def test_members_are_no_customers() -> None:
    """Neither where no customer is named."""
    members = sentence("Docaposte, Bouygues Telecom et Dassault Systèmes composent le consortium NumSpot.")
    both = sentence("Les actionnaires de NumSpot en sont aussi les clients.", name="b", score=4.0)
    question = asked("Quels sont les clients de NumSpot ?")

    assert choose_form(question, [members, both], ENTITIES, overview=("customers", list)).quotes == (both,)
    assert not choose_form(question, [members], ENTITIES, overview=("customers", list)).quotes
