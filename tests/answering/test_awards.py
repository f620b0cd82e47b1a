"""Who won a tender and who grants a qualification, told in other words than they are asked in."""

from __future__ import annotations

import pytest
from quotes import ENTITIES, asked, sentence

from trusted_cloud_chat.answering.forms.awards import granted_by, winners_of
from trusted_cloud_chat.answering.forms.choice import choose_form

TENDER = "Qui a remporté l’appel d’offres cloud de la Commission européenne ?"
GROUPS = "Les quatre groupes retenus par la Commission européenne sont Post Telecom, StackIT, Scaleway et Proximus."


@pytest.mark.parametrize(
    ("question", "quote", "title", "wins"),
    [
        (TENDER, GROUPS, "Titre", True),
        (TENDER, "Les groupes retenus sont StackIT et Scaleway.", "Cloud de la Commission européenne", True),
        (TENDER, "Les groupes retenus sont StackIT et Scaleway.", "Cloud de la Bundeswehr", False),
        (TENDER, "Scaleway a choisi de rejoindre Gaia-X.", "Cloud de la Commission européenne", False),
        (TENDER, "La Commission européenne n’a pas retenu Scaleway.", "Titre", False),
        (TENDER, "La Commission européenne doit attribuer ce marché à Scaleway.", "Titre", False),
        (TENDER, "La Commission européenne a attribué son marché de cloud.", "Titre", False),
        ("Who won the Health Data Hub contract?", "The Health Data Hub has selected Scaleway.", "Title", True),
        ("Who won the Health Data Hub contract?", "The Health Data Hub picks up speed with Scaleway.", "Title", False),
        (
            "Qui n’a pas remporté le marché du Health Data Hub ?",
            "Le Health Data Hub a retenu Scaleway.",
            "Titre",
            False,
        ),
        (
            "Qui a remporté le marché du Health Data Hub ?",
            "Face au Health Data Hub, OVHcloud a choisi de saisir un juge.",
            "Titre",
            False,
        ),
        ("Who won the Airbus tender?", "The Health Data Hub has selected Scaleway.", "Title", False),
        ("Quand la Commission européenne a-t-elle attribué ce marché ?", GROUPS, "Titre", False),
    ],
)
def test_winners_are_named_as_chosen_for_whom_the_question_names(
    question: str, quote: str, title: str, wins: bool
) -> None:
    assert bool(winners_of(asked(question), lambda: [sentence(quote, title=title)], ENTITIES)) is wins


def test_a_sentence_that_has_the_names_itself_spares_those_whose_title_has_them() -> None:
    titled = sentence("Scaleway vient de remporter ce contrat.", title="La Commission européenne achète", name="a")
    own = sentence(GROUPS, name="b")

    assert winners_of(asked(TENDER), lambda: [titled, own], ENTITIES) == [own]
    assert choose_form(asked(TENDER), [titled, own], ENTITIES, every=lambda: [titled, own]).certain


def test_whoever_grants_a_qualification_is_seen_granting_it() -> None:
    made = sentence("SecNumCloud, qualification créée par l’ANSSI, date de 2016.", name="a")
    grants = sentence("L’ANSSI a délivré la qualification SecNumCloud à PREMI3NS.", name="b")
    other = sentence("L’AFNOR intervient dans l’évaluation SecNumCloud.", name="c")
    question = asked("Qui délivre la qualification SecNumCloud ?")

    assert granted_by(question, lambda: [other, made, grants], ENTITIES) == grants
    assert granted_by(question, lambda: [other, made], ENTITIES) == made
    assert granted_by(question, lambda: [other], ENTITIES) is None
    assert granted_by(asked("Qui donne des conseils sur SecNumCloud ?"), lambda: [grants], ENTITIES) is None
    assert (
        granted_by(
            question, lambda: [sentence("L’ANSSI n’a pas attribué la qualification SecNumCloud à Bleu.")], ENTITIES
        )
        is None
    )
    assert granted_by(asked("Qui évalue SecNumCloud ?"), lambda: [grants], ENTITIES) is None
    assert choose_form(question, [other, grants], ENTITIES, every=lambda: [other, grants]).quotes == (grants,)
