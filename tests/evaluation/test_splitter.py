"""The evaluation's own sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trusted_cloud_chat.schema import Span
from trusted_cloud_chat_evaluation.matching import same_sentence, split


def pieces(text):
    return [text[s.start : s.end] for s in split(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Un. Deux ! Trois ?", ["Un.", "Deux !", "Trois ?"]),
        ("M. Dupont parle. Il dit oui.", ["M. Dupont parle.", "Il dit oui."]),
        ("J. R. Smith écrit. Fin.", ["J. R. Smith écrit.", "Fin."]),
        ("Il vaut 3.5 millions. 2024 commence.", ["Il vaut 3.5 millions.", "2024 commence."]),
        ("« Oui. » Il part.", ["« Oui. »", "Il part."]),
        ("Titre sans point\nLa suite.", ["Titre sans point", "La suite."]),
        ("etc. et la suite", ["etc. et la suite"]),
    ],
)
def test_sentences_end_where_a_capital_follows(text, expected):
    assert pieces(text) == expected


@given(st.text(alphabet="aB. !?«»\n1É", max_size=60))
def test_every_character_but_white_space_lies_in_one_sentence(text):
    covered = [i for span in split(text) for i in range(span.start, span.end)]

    assert len(covered) == len(set(covered))
    assert {i for i, c in enumerate(text) if not c.isspace()} <= set(covered)


@pytest.mark.parametrize(
    ("shown", "same"),
    [
        (Span(0, 10), True),
        (Span(5, 15), True),  # 5 of 10 characters
        (Span(6, 16), False),  # 4 of 10
        (Span(0, 40), True),  # the gold lies in it whole
        (Span(4, 6), True),  # it lies in the gold whole
        (Span(10, 20), False),
    ],
)
def test_two_sentences_are_the_same_when_half_of_the_shorter_is_shared(shown, same):
    assert same_sentence(shown, Span(0, 10)) is same
