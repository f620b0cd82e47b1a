"""Sentences that only announce what comes next, which is quoted with them."""

from __future__ import annotations

import pytest
from quotes import sentence, sentences

from trusted_cloud_chat.answering.forms.announcing import only_announces, with_what_is_announced


@pytest.mark.parametrize(
    ("said", "announces"),
    [
        ("Le Data Act fixe plusieurs délais au client qui s’en va.", True),
        ("La cour définit aussi ce qu’est une sauvegarde isolée.", True),
        ("The framework has four levels.", True),
        ("Dassault Aviation explique avoir écarté trois autres fournisseurs.", True),
        ("Le référentiel a trois niveaux : faible, moyen, élevé.", False),
        ("Il y a trois critères, le prix, le délai et la sécurité.", False),
        ("Le préavis ne peut excéder deux mois.", False),
        ("Plusieurs entreprises ont candidaté.", False),
        ("NIS2 impose plusieurs obligations aux entités.", True),
        ("Le Conseil d’État a rejeté les trois critiques d’InterHop.", False),
    ],
)
def test_what_only_announces(said: str, announces: bool) -> None:
    assert only_announces(sentence(said)) is announces


def test_what_is_announced_comes_right_after_it() -> None:
    first, told, other = sentences(
        "Le Data Act fixe plusieurs délais. Le préavis ne peut excéder deux mois. Le CISPE y joint le sien."
    )

    assert with_what_is_announced([first, other], [other, told, first]) == (first, told, other)
    assert with_what_is_announced([told, first], [first, told, other]) == (told, first)


def test_another_paragraph_is_not_what_was_announced() -> None:
    first, other = sentences("Le Data Act fixe plusieurs délais.\n\nLe CISPE a été fondé en 2017.")

    assert with_what_is_announced([first], [first, other]) == (first,)
