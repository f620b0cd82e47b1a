"""Number and word order of rewritten questions."""

from __future__ import annotations

import pytest

from trusted_cloud_chat.understanding.inflection import in_number, in_the_place_of_this, inverted, with_they_as_one


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("Sont-ils qualifiés ?", "Est-il qualifié ?"),
        ("n’ont-elles pas été rachetées ?", "n’a-t-elle pas été rachetée ?"),
        ("Que proposent-ils ?", "Que propose-t-il ?"),
        ("détiennent-ils AWS ?", "détient-il AWS ?"),
        ("seront-ils prêts ?", "sera-t-il prêt ?"),
        ("sont-ils soumis au CLOUD Act ?", "est-il soumis au CLOUD Act ?"),
        ("sont-ils toujours qualifiés ?", "est-il toujours qualifié ?"),
        ("sont-ils vraiment qualifiés ?", "est-il vraiment qualifié ?"),
        ("sont-ils en retard ?", "est-il en retard ?"),
    ],
)
def test_a_verb_and_what_is_told_are_put_in_the_other_number(many: str, one: str) -> None:
    assert in_number(many, "fr", several=False) == one
    assert in_number(one, "fr", several=True) == many


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("garantissent-ils", "garantit-il"), ("demandent-ils", "demande-t-il"), ("rendent-ils", "rend-il"),
        ("comprennent-ils", "comprend-il"), ("rejoignent-ils", "rejoint-il"), ("appartiennent-ils", "appartient-il"),
    ],
)  # fmt: skip
def test_verbs_of_every_kind_in_the_singular(many: str, one: str) -> None:
    assert in_number(many, "fr", several=False) == one


def test_all_of_them_is_not_said_of_one() -> None:
    assert in_number("sont-ils tous les deux qualifiés ?", "fr", several=False) == "est-il qualifié ?"


def test_a_form_that_is_not_known_is_left_as_it_is() -> None:
    assert in_number("Bleu coûte cher ?", "fr", several=True) == "Bleu coûte cher ?"
    assert in_number("craint-il ?", "fr", several=True) == "craint-il ?"


@pytest.mark.parametrize(
    ("asked", "meant"),
    [("Combien de clients ont-ils ?", "Combien de clients a-t-il ?"), ("Ils sont rentables ?", "il est rentable ?")],
)
def test_they_are_one_company(asked: str, meant: str) -> None:
    assert with_they_as_one(asked, "fr").lower() == meant.lower()
    assert with_they_as_one("How many customers do they have?", "en") == "How many customers does it have?"


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("combien ça coûte ?", "Combien coûte la loi SREN ?"),
        ("combien de temps ça prend ?", "Combien de temps prend la loi SREN ?"),
        ("pourquoi ça coûte cher ?", "Pourquoi la loi SREN coûte-t-elle cher ?"),
        ("pourquoi ça ne marche pas ?", None),
        ("pourquoi ça le concerne ?", None),
    ],
)
def test_that_is_said_in_the_place_of_a_name(asked: str, meant: str | None) -> None:
    assert in_the_place_of_this(asked, "la loi SREN") == meant


def test_a_verb_before_its_pronoun() -> None:
    assert (inverted("dirige"), inverted("peut"), inverted("a", she=True)) == ("dirige-t-il", "peut-il", "a-t-elle")
