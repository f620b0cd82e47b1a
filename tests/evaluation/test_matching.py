"""When two texts say the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trusted_cloud_chat_evaluation.matching import count_words, exact_match, holds, token_f1, tokens

WORDS = st.text(alphabet="abcé '12,.€", max_size=40)


def test_tokens_fold_case_accents_and_numbers():
    assert tokens("L’État paie 1\u202f200,5 M€ (12 %)") == ["l", "etat", "paie", "1200.5", "m", "€", "12", "%"]


def test_token_f1_is_the_harmonic_mean_of_precision_and_recall():
    # without articles: {bleu, est, qualifie, en, 2026} and {bleu, qualifie, anssi}: 2 shared;
    # precision 2/5, recall 2/3, F1 = 2·2/(5 + 3) = 0.5
    assert token_f1("Bleu est qualifié en 2026", "Bleu, qualifié : l’ANSSI") == pytest.approx(0.5)


def test_a_repeated_word_counts_as_often_as_both_have_it():
    # {cloud ×2, bleu} and {cloud}: 1 shared, F1 = 2·1/(3 + 1)
    assert token_f1("cloud Bleu cloud", "cloud") == pytest.approx(0.5)


def test_articles_do_not_count_unless_nothing_else_is_there():
    assert exact_match("le Conseil d’État", "Conseil d'Etat") == 1
    assert exact_match("la", "le") == 0


@given(WORDS, WORDS)
def test_token_f1_is_symmetric_and_a_rate(first, second):
    assert token_f1(first, second) == token_f1(second, first)
    assert 0 <= token_f1(first, second) <= 1


@pytest.mark.parametrize(
    ("text", "answer", "found"),
    [
        ("Le contrat vaut 6,2 millions d’euros.", "6.2 millions d'euros", True),
        ("paru en 2013", "3", False),
        ("L’offre est souveraine", "souverain", False),
        ("25\u202f000 agents", "25 000", True),
        ("12 millions", "12 %", False),
        ("rien", "", False),
    ],
)
def test_an_answer_stands_in_a_text_as_whole_words(text, answer, found):
    assert holds(text, answer) is found


def test_words_are_what_holds_a_letter_or_a_digit():
    # L’offre · est · prête · en · 2026: the guillemets and the colon are none
    assert count_words("« L’offre » est prête : en 2026") == 5
