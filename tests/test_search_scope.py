"""A question asked of a part of the corpus."""

from __future__ import annotations

from datetime import date

import pytest

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.schema import EVERYTHING, Scope, scope_of


@pytest.mark.parametrize(
    ("day", "within"),
    [
        ("2024-12-31", False),
        ("2025-01-01", True),
        ("2025-06-30", True),
        ("2025-07-01", False),
        ("2025", True),
        ("2025-06", True),
    ],
)
def test_a_period_takes_what_a_part_of_lies_in_it(day, within):
    assert scope_of("2025", "2025-06", (), ()).in_time(PartialDate.parse(day)) is within


def test_without_a_date_an_article_is_outside_every_period():
    assert EVERYTHING.in_time(None)
    assert not Scope(first=date(2025, 1, 1)).in_time(None)


def test_kinds_of_source():
    assert EVERYTHING.of_kind(None)
    assert Scope(source_types=("presse",)).of_kind("presse")
    assert not Scope(source_types=("presse",)).of_kind(None)


@pytest.mark.parametrize(("first", "last"), [("hier", None), (None, "2025-13"), ("2026", "2025")])
def test_what_is_no_period_is_refused(first, last):
    with pytest.raises(ValueError, match=first or last):
        scope_of(first, last, (), ())


def test_nothing_set_is_everything():
    assert not scope_of("", None, (), ())
    assert scope_of("2025", None, (), ())
