from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trusted_cloud_chat.near_duplicates import is_reprint, shingles
from trusted_cloud_chat.text import lexical_tokens

ORIGINAL = (
    "S3NS, filiale de Thales, a obtenu le 17 décembre 2025 la qualification SecNumCloud 3.2 pour son offre PREMI3NS, "
    "bâtie sur la technologie de Google Cloud. « C’est l’aboutissement de trois ans de travail », se félicite la "
    "direction de l’entreprise. L’évaluation a porté sur 1 200 points de contrôle et mobilisé une cinquantaine "
    "d’ingénieurs. Plusieurs assureurs et une mutuelle ont déjà signé pour migrer leurs applications sensibles."
)
TYPED_AGAIN = (
    "S3NS, filiale de Thales, a obtenu le 17 décembre 2025 la qualification SecNumCloud 3.2 pour son offre PREMI3NS, "
    "bâtie sur la technologie de Google Cloud. \"C'est l'aboutissement de trois ans de travail\", se félicite la "
    "direction de l'entreprise. L'évaluation a porté sur 1200 points de contrôle et mobilisé une cinquantaine "
    "d'ingénieurs. Plusieurs assureurs et une mutuelle ont déjà signé pour migrer leurs applications sensibles."
)
REWRITTEN = (
    "L’ANSSI vient de qualifier l’offre PREMI3NS de S3NS, que détient Thales : c’est la première fois qu’un service "
    "fondé sur les logiciels d’un géant américain franchit la marche de SecNumCloud 3.2. Il aura fallu trois ans à la "
    "société pour passer 1 200 points de contrôle. Ses premiers clients, des assureurs et une mutuelle, attendaient ce "
    "feu vert du 17 décembre pour déménager leurs applications les plus sensibles vers ses centres français."
)


def alike(one: str, other: str) -> bool:
    first, second = shingles(lexical_tokens(one)), shingles(lexical_tokens(other))
    assert is_reprint(first, second) == is_reprint(second, first)
    return is_reprint(first, second)


@pytest.mark.parametrize(
    "reprint",
    [
        ORIGINAL,
        TYPED_AGAIN,
        ORIGINAL.replace("\u2019", "'").replace(" ", "\u00a0", 5).upper().lower(),
        ORIGINAL + " L’entreprise n’a pas souhaité commenter le montant de ces contrats.",
        "(AFP) - " + ORIGINAL.replace("se félicite la direction de l’entreprise", "se réjouit la direction"),
        ORIGINAL[: ORIGINAL.index("Plusieurs")],
    ],
    ids=["same", "typed again", "spaces and case", "a sentence more", "another verb", "cut short"],
)
def test_a_reprint(reprint: str) -> None:
    """Quotation marks, spaces, case, a sentence more or less and a word changed make no other text."""
    assert alike(ORIGINAL, reprint)


@pytest.mark.parametrize(
    "other",
    [
        REWRITTEN,
        ORIGINAL.replace("1 200", "1 400"),
        ORIGINAL.replace("17 décembre 2025", "19 mars 2026"),
        "S3NS, filiale de Thales, a obtenu la qualification SecNumCloud 3.2.",
        "",
    ],
    ids=["another account", "another figure", "another date", "too short to tell", "empty"],
)
def test_no_reprint(other: str) -> None:
    """An account of the same event in other words stays apart, and so does a text whose figure or date was changed."""
    assert not alike(ORIGINAL, other)


@given(st.lists(st.sampled_from("abcdefgh"), max_size=60), st.lists(st.sampled_from("abcdefgh"), max_size=60))
def test_either_way_round(one: list[str], other: list[str]) -> None:
    """Being a reprint does not depend on which text is asked about first."""
    first, second = shingles(one), shingles(other)

    assert is_reprint(first, second) == is_reprint(second, first)
