from __future__ import annotations

from importlib import resources

import pytest

from trusted_cloud_chat.language.accents import with_accents
from trusted_cloud_chat.language.normalise import fold


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("la securite des donnees de sante", "la sécurité des données de santé"),
        ("Etat et Securite", "État et Sécurité"),
        ("l'hebergement qualifie", "l'hébergement qualifié"),
        ("annonce a la presse", "annonce a la presse"),
        ("EUCS, CADA et DATA", "EUCS, CADA et DATA"),
        ("la securité des donnees", "la sécurité des données"),
        ("ça marche meme en etant arrete", "ça marche même en étant arrete"),
        ("la securite des donnees à Bercy", "la sécurité des données à Bercy"),
        ("il a ete annulé", "il a été annulé"),
        ("qu'a décidé la cour", "qu'a décidé la cour"),
        ("il achète, elle rachète", "il achète, elle rachète"),
        ("ovh coté depuis quand", "ovh coté depuis quand"),
        ("l'offre a ete decroché", "l'offre a été décroché"),
        ("", ""),
    ],
)
def test_words_get_the_accents_that_they_always_have(typed: str, meant: str) -> None:
    """Not where another word is spelt so (annonce, annoncé), nor acronyms; a last « é » not where the writer sets accents."""
    assert with_accents(typed) == meant


def test_the_list_has_each_word_once_and_with_accents() -> None:
    words = resources.files("trusted_cloud_chat.data").joinpath("accents.txt").read_text("utf-8").split()
    folded = [fold(word) for word in words]
    assert len(words) == len(set(folded)) > 2000
    assert not set(words) & set(folded)
    assert all(len(word) == len(plain) for word, plain in zip(words, folded, strict=True))
