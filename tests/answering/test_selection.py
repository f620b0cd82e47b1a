"""Which sentences of the passages come into question."""

from __future__ import annotations

import pytest
from quotes import asked, sentences

from trusted_cloud_chat.answering.selection import rank_sentences, versions_in
from trusted_cloud_chat.ranking import load_weights


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("c sorti quand la 3.2 de secnumcloud ?", {"3.2"}),
        ("Quand sort la version 4 ?", {"4"}),
        ("Le plafond de 39 % ou de 3.5 % vaut pour 2026.", set()),
        ("La version 3.1 date de juin 2018.", {"3.1"}),
    ],
)
def test_versions(text: str, versions: set[str]) -> None:
    assert versions_in(text) == versions


def test_a_sentence_about_another_version_is_out_of_the_question() -> None:
    text = (
        "La version 3.1 remonte à juin 2018. La version 3.2 remplace la version 3.1. Le texte reste public et gratuit."
    )
    passage = sentences(text)[0].passage

    def ranked(question: str) -> set[str]:
        return {choice.text for choice in rank_sentences(asked(question), [passage], load_weights())}

    assert "La version 3.1 remonte à juin 2018." not in ranked("Quand est sortie la 3.2 ?")
    assert len(ranked("Quand est sortie la 3.2 ?")) == 2
    assert len(ranked("Quand est sorti ce texte ?")) == 3
