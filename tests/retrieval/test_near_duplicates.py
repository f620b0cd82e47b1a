from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reprints import ORIGINAL, REWRITTEN, TYPED_AGAIN

from trusted_cloud_chat.language.stems import lexical_tokens
from trusted_cloud_chat.retrieval.near_duplicates import is_reprint, shingles


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


def test_a_book_whose_sections_are_counted_otherwise() -> None:
    told = [f"Le chapitre {n} dit que {n + 7} agents suivent {n + 3} formations à Brest." for n in range(100, 200)]
    other = [*told[:40], "Section 2 du livre.", *told[40:]]

    assert alike(" ".join([*told[:40], "Section 5 du livre.", *told[40:]]), " ".join(other))


@given(st.lists(st.sampled_from("abcdefgh"), max_size=60), st.lists(st.sampled_from("abcdefgh"), max_size=60))
def test_either_way_round(one: list[str], other: list[str]) -> None:
    """Being a reprint does not depend on which text is asked about first."""
    first, second = shingles(one), shingles(other)

    assert is_reprint(first, second) == is_reprint(second, first)
