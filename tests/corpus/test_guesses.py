"""A day that a reader only guesses costs no article its place, whatever the reader took for one."""

from __future__ import annotations

import pytest

from trusted_cloud_chat.corpus.dateline import read_day
from trusted_cloud_chat.corpus.drafts import drafts_of
from trusted_cloud_chat.corpus.formats import Found


@pytest.mark.parametrize(
    ("said", "day"),
    [("2024-03-12", "2024-03-12"), ("2024-03-12T08:00:00", "2024-03-12"), ("2024-03-12 08:00:00+01:00", "2024-03-12"),
     ("mars 2024", "2024-03"), ("2024-02-31T08:00:00", "None"), ("hier", "None"), ("", "None"), ("T" * 5000, "None")],
)  # fmt: skip
def test_a_guess_is_a_day_or_none(said: str, day: str) -> None:
    """Also where it did not pass through the checks of what readers find."""
    (draft,) = drafts_of([Found("Texte.", guessed={"date": (said, "the file")})], [])
    assert draft.found.guessed.get("date", ("None",))[0] == day

    assert str(read_day(said)) == day
