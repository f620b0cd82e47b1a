"""« il y a 8 mois »."""

from __future__ import annotations

from datetime import date

import pytest

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.web.sources import age_of

DAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("published", "french", "english"),
    [
        ("2026-11-29", "aujourd’hui", "today"),
        ("2026-11-28", "hier", "yesterday"),
        ("2026-11-27", "il y a 2 jours", "2 days ago"),
        ("2026-11-16", "il y a 13 jours", "13 days ago"),
        ("2026-11-15", "il y a 2 semaines", "2 weeks ago"),
        ("2026-10-30", "il y a 4 semaines", "4 weeks ago"),
        ("2026-10-29", "il y a 1 mois", "1 month ago"),
        ("2026-03-12", "il y a 8 mois", "8 months ago"),
        ("2026-03-30", "il y a 7 mois", "7 months ago"),
        ("2024-12-01", "il y a 23 mois", "23 months ago"),
        ("2024-11-29", "il y a 2 ans", "2 years ago"),
        ("2019-12-01", "il y a 6 ans", "6 years ago"),
    ],
)
def test_a_day_is_so_long_ago(published, french, english):
    when = PartialDate.parse(published)

    assert age_of(when, DAY, "fr").replace("\u00a0", " ") == french
    assert age_of(when, DAY, "en").replace("\u00a0", " ") == english


@pytest.mark.parametrize(
    ("published", "french", "english"),
    [
        ("2026-11", "ce mois-ci", "this month"),
        ("2026-10", "le mois dernier", "last month"),
        ("2026-03", "il y a 8 mois", "8 months ago"),
        ("2024-11", "il y a 2 ans", "2 years ago"),
        ("2026", "cette année", "this year"),
        ("2025", "l’an dernier", "last year"),
        ("2014", "il y a 12 ans", "12 years ago"),
    ],
)
def test_a_month_or_a_year_is_told_no_finer_than_it_is_known(published, french, english):
    when = PartialDate.parse(published)

    assert age_of(when, DAY, "fr").replace("\u00a0", " ") == french
    assert age_of(when, DAY, "en").replace("\u00a0", " ") == english


def test_what_has_no_date_or_is_to_come_has_no_age():
    assert age_of(None, DAY, "fr") == ""
    assert age_of(PartialDate.parse("2026-12"), DAY, "fr") == ""
    assert age_of(PartialDate.parse("2026-11-30"), DAY, "en") == ""
