from __future__ import annotations

from importlib import resources

import pytest

from builders import TODAY
from trusted_cloud_chat.language.stems import lexical_tokens
from trusted_cloud_chat.question.question import Question
from trusted_cloud_chat.retrieval.lexicon import translated
from trusted_cloud_chat.retrieval.terms import term_weights
from trusted_cloud_chat.schema import Query


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("What fine does it face?", "amende"),
        ("Who hosts health data?", "données de santé"),
        ("Which hosting provider is certified?", "hébergeur certifié"),
        ("Is it listed on the stock exchange?", "coté en bourse"),
        ("Who owns the joint venture?", "coentreprise"),
    ],
)
def test_an_english_question_meets_french_words(english: str, french: str) -> None:
    """Words of the market that look nothing alike are searched for in French too."""
    assert set(lexical_tokens(french)) <= set(translated(lexical_tokens(english, "en"), "en"))


def test_it_is_read_the_other_way_round() -> None:
    assert set(lexical_tokens("market share", "en")) <= set(translated(lexical_tokens("la part de marché"), "fr"))


def test_several_words_count_together() -> None:
    """« données » alone is no health data, and an unknown word has no translation."""
    assert "health" not in translated(lexical_tokens("des données publiques"), "fr")
    assert translated(["zzz"], "en") == []


def test_translations_weigh_half() -> None:
    """The question's own words weigh 1, their translations 0.5, and a word that is both weighs 1."""
    text = "What is the fine under CSA2?"
    weights = term_weights(Question(Query(text, "en", TODAY), text, text))

    assert weights["fine"] == 1.0
    assert weights[lexical_tokens("amende")[0]] == 0.5


def test_each_row_has_words_on_both_sides() -> None:
    text = resources.files("trusted_cloud_chat.data").joinpath("lexicon.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines()[1:]]

    assert all(len(row) == 2 for row in rows)
    assert all(lexical_tokens(en, "en") and lexical_tokens(fr) for en, fr in rows)
    assert len({tuple(row) for row in rows}) == len(rows)
