"""Which sentences of the passages come into question."""

from __future__ import annotations

from dataclasses import replace

import pytest
from quotes import asked, sentences

from trusted_cloud_chat.answering.selection import near_best, rank_sentences, versions_in, without_repeats
from trusted_cloud_chat.retrieval.ranking import load_weights
from trusted_cloud_chat.schema import Reading
from trusted_cloud_chat.text import content_words


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("c sorti quand la 3.2 de secnumcloud ?", {"3.2"}),
        ("Quand sort la version 4 ?", {"4"}),
        ("Le plafond de 39 % ou de 3.5 % vaut pour 2026.", set()),
        ("SecNumCloud 4, ça change quoi ?", {"4"}),
        ("SecNumCloud 3 ans après, et en 2026 SecNumCloud 2026", set()),
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


def test_words_of_the_question_make_no_two_sentences_alike() -> None:
    host, client, again = sentences(
        "NumSpot devient déployable hors d’Outscale. NumSpot est client d’Outscale. Le client NumSpot paie Outscale."
    )
    asked_for = content_words("NumSpot tourne-t-il sur Outscale ?")

    assert without_repeats([host, client], "fr", asked_for) == [host, client]
    assert without_repeats([client, again], "fr", asked_for) == [client]


def test_small_words_make_no_two_sentences_alike() -> None:
    one, other = sentences(
        "Most of the staff was in the north of France in that year. Part of the money was in the hands of banks in that year.",
        language="en",
    )
    assert without_repeats([one, other], "en", content_words("How was the year?", "en")) == [one, other]


def test_further_sentences_are_near_the_best_and_may_answer() -> None:
    """The reader decides on the second count; the best sentence is shown whatever it says."""
    text = "Bleu naît en 2021. Bleu ouvre en 2024. Bleu vise 2026. Bleu emploie cent personnes."
    first, *others = sentences(text)
    passage = replace(first.passage, reading=Reading(1.0, (-3.0, 0.5, -3.0, 2.0), (0.0,) * 4))
    scores = dict(zip([first, *others], (5.0, 4.5, 4.5, 1.0), strict=True))
    ranked = [replace(choice, passage=passage, score=score) for choice, score in scores.items()]

    assert [choice.text for choice in near_best(ranked)] == ["Bleu naît en 2021.", "Bleu ouvre en 2024."]
    assert near_best([]) == []
