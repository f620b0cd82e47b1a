"""Lists: a sentence that enumerates before one that only says how many there are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from quotes import ENTITIES, asked, sentence, sentences

from trusted_cloud_chat.answering.forms.enumerations import (
    announces,
    coordinated_parts,
    is_partial,
    names_in_a_row,
    numbered_parts,
)
from trusted_cloud_chat.answering.forms.listing import choose_items
from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.schema import Reading

STAGES = "Quels sont les quatre jalons de SecNumCloud ?"


def read(choice: Selected, logit: float = 2.0) -> Selected:
    """As the reader has read it."""
    count = len(choice.passage.chunk.sentences)
    reading = Reading(1.0, (logit,) * count, (0.0,) * count)
    return replace(choice, passage=replace(choice.passage, reading=reading))


def items(question: str, *near: Selected) -> list[str]:
    return [choice.text for choice in choose_items(asked(question), near, ENTITIES)]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Les sept sont Clever Cloud, OVHcloud, Orange Business, Scaleway, Outscale, Cloud Temple et NumSpot.", 7),
        ("La liste comprend AWS et Google Cloud, ainsi que Microsoft, Oracle et IBM.", 5),
        ("Les États sont la Belgique, la Croatie, le Luxembourg et la Slovénie.", 4),
        ("Scaleway attend une réponse de Bleu.", 0),
    ],
)
def test_names_in_a_row(text: str, count: int) -> None:
    assert names_in_a_row(text) == count


@pytest.mark.parametrize(
    ("text", "question", "count"),
    [
        ("J0 établit la recevabilité, J1 la conformité, J2 l’audit et J3 la décision.", STAGES, 4),
        ("Le jalon 0 précède J0 et J1.", STAGES, 2),
        ("Le premier est l’immunité, le deuxième la réversibilité, le troisième la maîtrise.", "Quels critères ?", 3),
        ("Le niveau 1 suffit ; le niveau 4 exige tout.", "Quels sont les niveaux du CADA ?", 2),
        ("J0 établit la recevabilité et J1 la conformité.", "Quelles exigences ?", 0),
        ("Le premier client est arrivé.", "Quels critères ?", 0),
    ],
)
def test_numbered_parts_are_of_the_sort_asked_for(text: str, question: str, count: int) -> None:
    assert len(numbered_parts(text, question)) == count


def test_parts_without_a_number() -> None:
    measured = "Elle se mesure à l’immunité au droit, à la faculté de changer et à la maîtrise des technologies."

    assert len(coordinated_parts(measured)) == 2
    assert not coordinated_parts("La circulaire, signée le 5 février, vise l’État et les agences.")


def test_the_whole_and_what_only_announces_it() -> None:
    assert is_partial("Bleu et S3NS font partie des sept.")
    assert is_partial("Ce sont cinq autres États.")
    assert not is_partial("Ce sont Bleu et S3NS.")
    assert announces("La procédure compte quatre jalons.")
    assert not announces("La procédure commence.")


def test_numbered_parts_come_before_how_many_there_are() -> None:
    how_many = sentence("La procédure SecNumCloud compte quatre jalons.", name="a")
    which = read(sentence("J0 établit la recevabilité, J1 la conformité, J2 l’audit et J3 la décision.", score=3.0))

    assert items(STAGES, how_many, which) == [which.text]


def test_the_sentence_after_the_one_that_says_how_many_is_looked_at() -> None:
    how_many, which, _ = sentences("La procédure compte quatre jalons. J0 ouvre, J1 vérifie, J2 visite. Elle dure.")

    assert items(STAGES, how_many) == [which.text]


def test_levels_told_one_after_the_other_follow_their_number() -> None:
    question = "Quels sont les niveaux du CADA ?"
    how_many = sentence("Le CADA distingue quatre niveaux.", name="a")
    first, last = sentences("Le niveau 1 est une auto-évaluation. Un audit s’impose du niveau 2 au niveau 4.")
    again = sentence("Le CADA prévoit des niveaux, dit la Commission européenne.", name="c")

    assert items(question, how_many, again, read(first), read(last)) == [how_many.text, first.text, last.text]


def test_the_whole_list_comes_before_a_part_of_it() -> None:
    question = "Quels fournisseurs Philippe Latombe doit-il auditionner ?"
    part = read(sentence("Bleu, S3NS et NumSpot font partie des sept fournisseurs.", name="a"))
    whole = read(sentence("Les sept sont Bleu, S3NS, NumSpot, OVHcloud, Outscale, Scaleway et Oodrive.", score=3.5))

    assert items(question, part, whole) == [whole.text]


def test_a_quote_counts_with_the_sentence_before_it() -> None:
    question = "Quels prestataires DORA a-t-il désignés comme critiques ?"
    two = read(sentence("Orange et Capgemini sont les deux seuls français désignés comme critiques.", name="a"))
    more = read(sentence("La liste comprend AWS, Oracle et IBM. Deux noms s’y ajoutent, SAP et Cisco.", score=3.5))

    assert items(question, two, more) == [more.text, two.text]


def test_what_tells_of_others_alone_is_no_further_item() -> None:
    question = "Quels sont les actionnaires de NumSpot ?"
    whole = sentence("Docaposte, Bouygues Telecom et Dassault Systèmes sont actionnaires de NumSpot.", name="a")
    other = sentence("Clever Cloud a des actionnaires européens.", title="Clever Cloud et NumSpot", score=4.5)

    assert items(question, whole, other) == [whole.text]
