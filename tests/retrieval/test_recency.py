from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import TODAY
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.language.periods import find_periods
from trusted_cloud_chat.retrieval.recency import HALF_LIFE_DAYS, NOW, in_periods, newness, time_bonus


def parsed(*dates: str | None) -> list[PartialDate | None]:
    return [PartialDate.parse(d) if d else None for d in dates]


def test_age_counts_from_the_newest() -> None:
    """The newest gains all, one a half-life older gains half, one without a date nothing; the corpus's age is no matter."""
    gains = newness(parsed("2021-06-01", "2020-06-01", None))

    assert gains[0] == 1.0
    assert gains[1] == pytest.approx(2 ** (-365 / HALF_LIFE_DAYS))
    assert gains[2] == 0.0


def test_nothing_is_added_where_no_time_is_asked_for() -> None:
    """A question without the present and without a period leaves the order alone."""
    assert not time_bonus(parsed("2026-01-01", "2019"), wants_now=False, periods=()).any()


@given(st.lists(st.dates(date(1990, 1, 1), date(2030, 1, 1)) | st.none(), max_size=12))
def test_the_gain_is_bounded(days: list[date | None]) -> None:
    """However old or new, a passage gains between nothing and `NOW`, and a newer one never less than an older one."""
    dates = [PartialDate(d.year, d.month, d.day) if d else None for d in days]
    gains = time_bonus(dates, wants_now=True, periods=())

    assert all(0.0 <= gain <= NOW for gain in gains)
    dated = sorted((d.middle, gain) for d, gain in zip(dates, gains, strict=True) if d)
    assert [gain for _, gain in dated] == sorted(gain for _, gain in dated)


@pytest.mark.parametrize(
    ("question", "touching"),
    [
        ("Que fait Bleu en 2023 ?", ["2023", "2023-06", "2023-12-31"]),
        ("Que fait Bleu depuis janvier 2024 ?", ["2024-02", "2025"]),
        ("Que faisait Bleu avant mars 2023 ?", ["2022-05-01", "2023"]),
        ("Que savait-on au 30 juin 2023 ?", ["2022-05-01", "2023", "2023-06"]),
        ("Que fait Bleu ?", []),
    ],
)
def test_published_in_a_period_of_the_question(question: str, touching: list[str]) -> None:
    """A partial date touches every period that it may lie in; « depuis » and « avant » are open at one end."""
    published = ["2022-05-01", "2023", "2023-06", "2023-12-31", "2024-02", "2025"]
    found = in_periods(parsed(*published), find_periods(question, TODAY))

    assert [day for day, hit in zip(published, found, strict=True) if hit] == touching
    assert not in_periods([None], find_periods(question, TODAY)).any()
