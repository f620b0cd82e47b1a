"""Verbs of what is to come, told by their endings."""

from __future__ import annotations

import re

import pytest

from trusted_cloud_chat.text import fold
from trusted_cloud_chat.text.tense import CONDITIONAL, FUTURE


@pytest.mark.parametrize(
    "verb",
    [
        "sera",
        "finira",
        "conclura",
        "pourront",
        "prendra",
        "devra",
        "recevront",
        "mettra",
        "interrompra",
        "convaincra",
        "connaîtra",
        "aura",
        "ira",
    ],
)
def test_futures(verb: str) -> None:
    assert re.fullmatch(FUTURE, fold(verb))


@pytest.mark.parametrize("word", ["Sopra", "Clara", "DORA", "caméra", "extra", "infra", "ultra", "Laura", "FARA"])
def test_names_and_nouns_are_none(word: str) -> None:
    assert re.search(FUTURE, fold(word)) is None


@pytest.mark.parametrize("verb", ["serait", "pourraient", "mettrait", "devrait", "durerait", "viendrait", "saurait"])
def test_conditionals(verb: str) -> None:
    assert re.fullmatch(CONDITIONAL, fold(verb))


@pytest.mark.parametrize(
    "word", ["retrait", "extrait", "paraît", "figurait", "montrait", "couvrait", "considéraient", "durait"]
)
def test_nouns_presents_and_imperfects_are_none(word: str) -> None:
    assert re.search(CONDITIONAL, fold(word)) is None
