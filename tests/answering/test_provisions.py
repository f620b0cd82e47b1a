"""What a law or a scheme rules: which questions ask it, and which sentences tell it."""

from __future__ import annotations

import pytest
from quotes import ENTITIES, asked, sentence

from trusted_cloud_chat.answering.timeline.asked_list import overview_of
from trusted_cloud_chat.answering.timeline.provisions import asks_for_provisions, provisions_of


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Que prévoit la loi SREN ?", True),
        ("Que dit la loi SREN ?", True),
        ("Qu’est-ce que le Data Act impose ?", True),
        ("Qu’est-ce qui change avec NIS2 ?", True),
        ("La loi SREN, ça dit quoi ?", True),
        ("Ça dit quoi, la loi SREN ?", True),
        ("Que dit le CLOUD Act américain ?", True),
        ("Quelles sont les principales exigences de SecNumCloud ?", True),
        ("Quelles obligations impose le Data Act ?", True),
        ("Que prévoit la circulaire d’Élisabeth Borne ?", True),
        ("What does the SREN law say?", True),
        ("What are the Data Act’s requirements?", True),
        ("What’s in the CADA?", True),
        ("Que dit Microsoft ?", False),
        ("Que dit la loi SREN des crédits cloud ?", False),
        ("Que prévoit Bleu pour 2026 ?", False),
        ("Quelles sont les exigences de capital de SecNumCloud ?", False),
        ("Que prévoient NIS2 et DORA ?", False),
        ("Qui a voté la loi SREN ?", False),
    ],
)
def test_what_is_asked(question: str, asks: bool) -> None:
    assert asks_for_provisions(question, ENTITIES) is asks
    assert (overview_of(asked(question), ENTITIES) == "provisions") is asks


def told(question: str, *texts: str) -> list[str]:
    ranked = [sentence(text, name=f"a{n}") for n, text in enumerate(texts)]
    return [choice.text for choice in provisions_of(asked(question), ranked, ENTITIES)]


@pytest.mark.parametrize(
    ("name", "text", "tells"),
    [
        ("la loi SREN", "La loi SREN limite aussi la durée des crédits cloud.", True),
        ("la loi SREN", "La loi SREN n’autorise les crédits cloud que pour un temps limité.", True),
        ("la loi SREN", "Avec la loi SREN, l’Arcep fixe des règles.", False),
        ("le Data Act", "Depuis le 12 septembre 2025, le Data Act régit le changement de fournisseur.", True),
        ("NIS2", "NIS2 viserait en France quelque 15 000 entités.", True),
        ("NIS2", "Le projet de loi sera examiné avant NIS2.", False),
        ("HDS", "Le référentiel HDS impose que les données restent en Europe.", True),
        ("SecNumCloud", "Le référentiel SecNumCloud 3.2 du 8 mars 2022 interdit une part de plus de 24 %.", True),
        ("SecNumCloud", "Une offre SecNumCloud n’est pas requise.", False),
        ("le CADA", "CADA defines four assurance levels for public purchases.", True),
    ],
)
def test_what_rules_and_what_only_names_it(name: str, text: str, tells: bool) -> None:
    assert bool(told(f"Que prévoit {name} ?", text)) is tells


def test_whom_a_law_concerns_is_none_of_its_duties() -> None:
    scope = "NIS2 viserait en France quelque 15 000 entités."

    assert told("Que prévoit NIS2 ?", scope) == [scope]
    assert told("Quelles sont les obligations de NIS2 ?", scope) == []


def test_this_text_is_the_one_named_before_it_in_its_paragraph() -> None:
    change = "La doctrine change avec une circulaire d’Élisabeth Borne."
    ruling = "Cette circulaire range parmi les données sensibles celles que protège un secret."
    named = sentence(f"{change} {ruling}")
    other = sentence(f"{change}\n\n{ruling}", name="b")

    question = asked("Que prévoit la circulaire Borne ?")
    assert provisions_of(question, [named], ENTITIES) == [named]
    assert provisions_of(question, [other], ENTITIES) == []


def test_oldest_first_and_in_the_language_of_the_question_where_most_are() -> None:
    new = sentence("Le CADA prévoit quatre niveaux.", day="2026-09-19", name="new")
    old = sentence("Le CADA propose une part d’achats aux PME.", day="2026-06-03", name="old")
    english = sentence("CADA defines four assurance levels.", day="2026-06-03", name="en", language="en")

    assert provisions_of(asked("Que prévoit le CADA ?"), [new, english, old], ENTITIES) == [old, new]
