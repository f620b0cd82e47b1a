"""The lists by which a chat model's sentence is compared with quotes."""

from __future__ import annotations

import pytest

from trusted_cloud_chat.language.claims import claim_lists, claims, lists, table, words_for
from trusted_cloud_chat.language.senses import WordLists, apart
from trusted_cloud_chat.language.words import words_and_signs


@pytest.mark.parametrize(
    ("entry", "text", "places"),
    [
        ("pas", "pas encore pas", [(0, 1), (2, 3)]),
        ("qualifi*", "sera qualifie", [(1, 2)]),
        ("*era", "sera qualifie", [(0, 1)]),
        ("n ? plus", "n est plus", [(0, 3)]),
        ("n ? plus", "n plus", []),
        ("n ? plus", "n , plus", []),
        ("d ici", "d", []),
        ("*ment ouv*", "finalement ouvert", [(0, 2)]),
    ],
)
def test_an_entry_stands_for_words(entry: str, text: str, places: list[tuple[int, int]]) -> None:
    assert list(WordLists({"list": [entry]}).find(text.split())["list"]) == places


def test_several_lists_are_found_at_once_and_an_exception_is_of_its_own_list() -> None:
    found = WordLists({"denied": ["pas", "!pas seulement"], "only": ["seulement", "pas seulement"], "other": ["rien"]})

    assert found.find("pas seulement mais pas ici".split()) == {
        "denied": ((3, 4),),
        "only": ((0, 2), (1, 2)),
        "other": (),
    }


def test_places_apart_share_no_word_with_the_others() -> None:
    assert apart([(4, 5), (0, 2)], [(1, 2), (5, 6)]) == ((4, 5),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("12 500 € (en 2025), n’est-ce pas ?", ["12 500", "€", "(", "en", "2025", ")", ",", "n", "est", "ce", "pas"]),
        ("1,5 Md$ : 3e", ["1,5", "md", "$", ":", "3e"]),
    ],
)
def test_words_and_signs(text: str, said: list[str]) -> None:
    assert [word.folded for word in words_and_signs(text)] == said


def test_a_list_may_be_asked_for_one_word() -> None:
    assert words_for("openers", "fr").has("selon")
    assert not words_for("openers", "fr").has("bleu")


def test_opposites_are_so_both_ways() -> None:
    assert all(name in claims()[other].opposite for name, claim in claims().items() for other in claim.opposite)


def test_what_a_claim_may_be_told_by_is_a_claim() -> None:
    assert all(other in claims() for claim in claims().values() for other in claim.by)


def test_both_languages_have_the_same_lists() -> None:
    assert lists("fr").find([]).keys() == lists("en").find([]).keys()
    assert claim_lists("fr").find([]).keys() == claim_lists("en").find([]).keys() == claims().keys()
    assert all(table("senses")[name][language] for name in claims() for language in ("fr", "en"))
