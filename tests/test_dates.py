from __future__ import annotations

import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trusted_cloud_chat.dates import PartialDate, spoken_day


@st.composite
def partial_dates(draw: st.DrawFn) -> PartialDate:
    day = draw(st.dates(min_value=date(1000, 1, 1)))
    precision = draw(st.sampled_from(("year", "month", "day")))
    if precision == "year":
        return PartialDate(day.year)
    return PartialDate(day.year, day.month, day.day if precision == "day" else None)


@given(partial_dates())
def test_text_and_back(partial: PartialDate) -> None:
    """A date read from its own text is the same date, with the same precision."""
    assert PartialDate.parse(str(partial)) == partial


@given(partial_dates(), st.sampled_from(("fr", "en")))
def test_what_is_spoken_is_read(partial: PartialDate, language: str) -> None:
    """A date written out in either language is read back, no-break spaces and accents included."""
    assert PartialDate.parse(partial.spoken(language)) == partial
    assert PartialDate.parse(unicodedata.normalize("NFD", partial.spoken(language)).upper()) == partial


@given(partial_dates())
def test_first_and_last_day_enclose_each_other(partial: PartialDate) -> None:
    """The last day never comes before the first, and both lie in the year and month that were given."""
    assert partial.first_day <= partial.last_day
    for day in (partial.first_day, partial.last_day):
        assert day.year == partial.year
        assert partial.month in (None, day.month)
        assert partial.day in (None, day.day)


@given(partial_dates())
def test_the_middle_lies_between(partial: PartialDate) -> None:
    """As far from the first day as from the last, to a day; a full date is its own middle."""
    before, after = partial.middle - partial.first_day, partial.last_day - partial.middle

    assert timedelta(0) <= after - before <= timedelta(days=1)
    assert partial.day is None or partial.middle == partial.last_day


@given(partial_dates(), partial_dates())
def test_a_coarser_date_comes_last_within_its_period(one: PartialDate, other: PartialDate) -> None:
    """Compared by last day, a year comes after every month and day in it, a month after every day in it."""
    if one.year == other.year and one.month is None:
        assert one.last_day >= other.last_day
    if (one.year, one.month) == (other.year, other.month) and one.day is None:
        assert one.last_day >= other.last_day


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-02", date(2023, 2, 1), date(2023, 2, 28)),
        ("2024-01-15", date(2024, 1, 15), date(2024, 1, 15)),
        (" 2024-1-5 ", date(2024, 1, 5), date(2024, 1, 5)),
        ("15/01/2024", date(2024, 1, 15), date(2024, 1, 15)),
        ("02/2024", date(2024, 2, 1), date(2024, 2, 29)),
        ("1er Aout  2024", date(2024, 8, 1), date(2024, 8, 1)),
        ("decembre 2024", date(2024, 12, 1), date(2024, 12, 31)),
        ("14 March 2025", date(2025, 3, 14), date(2025, 3, 14)),
    ],
)
def test_days_of_a_partial_date(text: str, first: date, last: date) -> None:
    partial = PartialDate.parse(text)

    assert (partial.first_day, partial.last_day) == (first, last)


@pytest.mark.parametrize(
    "text",
    ["", "brumaire 2024", "15/2024/01", "31/02/2024", "2024-13", "2024-00", "2024-02-30", "2024-01-00", "24-01", "20240115",
     "2024-01-15T10:00", "0000", "2024-"],
)  # fmt: skip
def test_what_is_not_a_date_is_refused(text: str) -> None:
    """Anything but a year, a month or a day that exists is refused, with the value in the message."""
    with pytest.raises(ValueError, match="is not a date") as caught:
        PartialDate.parse(text)
    assert repr(text) in str(caught.value)


@pytest.mark.parametrize(
    ("text", "french", "english"),
    [
        ("2026", "2026", "2026"),
        ("2026-03", "mars 2026", "March 2026"),
        ("2026-03-01", "1er\u00a0mars 2026", "1 March 2026"),
        ("2026-08-12", "12\u00a0août 2026", "12 August 2026"),
    ],
)
def test_a_date_in_full(text: str, french: str, english: str) -> None:
    """Dates are written out in the reader's language and say no more than what is known."""
    partial = PartialDate.parse(text)

    assert (partial.spoken("fr"), partial.spoken("en")) == (french, english)


def test_a_calendar_day_in_full() -> None:
    assert spoken_day(date(2026, 1, 1)) == "1er\u00a0janvier 2026"
