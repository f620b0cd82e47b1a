from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import TODAY
from trusted_cloud_chat.periods import find_periods


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("en 2023", "2023-01-01/2023-12-31"),
        ("le 17 décembre 2025", "2025-12-17/2025-12-17"),
        ("le 1er mars 2026", "2026-03-01/2026-03-01"),
        ("17 December 2025", "2025-12-17/2025-12-17"),
        ("December 17, 2025", "2025-12-17/2025-12-17"),
        ("au 30 juin 2023", "/2023-06-30"),
        ("2023-06", "2023-06-01/2023-06-30"),
        ("2024-02-29", "2024-02-29/2024-02-29"),
        ("janvier 2024", "2024-01-01/2024-01-31"),
        ("depuis janvier 2024", "2024-01-01/"),
        ("à partir de 2025", "2025-01-01/"),
        ("since 2024", "2024-01-01/"),
        ("after March 2024", "2024-03-01/"),
        ("avant l’été 2025", "/2025-09-30"),
        ("jusqu’en 2026", "/2026-12-31"),
        ("d'ici à 2030", "/2030-12-31"),
        ("before June 2026", "/2026-06-30"),
        ("by the end of 2025", "/2025-12-31"),
        ("au premier semestre 2026", "2026-01-01/2026-06-30"),
        ("second semestre 2025", "2025-07-01/2025-12-31"),
        ("troisième trimestre de 2024", "2024-07-01/2024-09-30"),
        ("S1 2026", "2026-01-01/2026-06-30"),
        ("T3 2025", "2025-07-01/2025-09-30"),
        ("in Q3 2024", "2024-07-01/2024-09-30"),
        ("first half of 2026", "2026-01-01/2026-06-30"),
        ("fin 2024", "2024-10-01/2024-12-31"),
        ("début 2026", "2026-01-01/2026-03-31"),
        ("mi-2025", "2025-05-01/2025-08-31"),
        ("fin de l’année 2025", "2025-10-01/2025-12-31"),
        ("end of 2024", "2024-10-01/2024-12-31"),
        ("as of June 2023", "/2023-06-30"),
        ("au printemps 2025", "2025-04-01/2025-06-30"),
        ("cet été", "2026-06-01/2026-09-30"),
        ("d’ici l’été", "/2026-09-30"),
        ("l’an dernier", "2025-01-01/2025-12-31"),
        ("l’année dernière", "2025-01-01/2025-12-31"),
        ("last year", "2025-01-01/2025-12-31"),
        ("cette année", "2026-01-01/2026-12-31"),
        ("next year", "2027-01-01/2027-12-31"),
        ("le mois dernier", "2026-10-01/2026-10-31"),
        ("en mars", "2026-03-01/2026-03-31"),
    ],
)
def test_a_period(text: str, label: str) -> None:
    """French and English periods are resolved against the day, an open end shown as such."""
    (period,) = find_periods(f"Que dit Bleu {text} ?", TODAY)

    assert period.label == label


@pytest.mark.parametrize(
    "text",
    [
        "Quand S3NS a-t-il été qualifié ?",
        "Les offres ont été certifiées et avaient été annoncées.",
        "SecNumCloud 3.2 et l’article 19.6",
        "ISO 27001 et 1 934 clients",
        "la loi n° 2024-449",
        "2024-13",
        "12,2025 Md€",
        "24 % des marchés",
        "mars est une planète",
        "Rien",
    ],
)
def test_no_period(text: str) -> None:
    """Participles, versions, standards, law numbers and dates that do not exist are no period."""
    assert find_periods(text, TODAY) == []


def test_two_periods_in_order() -> None:
    """« entre 2020 et 2023 » names two periods, in text order, that do not overlap."""
    first, second = find_periods("entre 2020 et janvier 2023", TODAY)

    assert (first.label, second.label) == ("2020-01-01/2020-12-31", "2023-01-01/2023-01-31")
    assert first.end <= second.start


@pytest.mark.parametrize("today", [date(2026, 1, 31), date(2024, 2, 29), date(2026, 12, 31)])
def test_relative_periods_at_the_edges_of_a_year(today: date) -> None:
    """Last month and last year exist on every day of the year."""
    (month,) = find_periods("le mois dernier", today)
    (year,) = find_periods("l'an dernier", today)

    assert month.last < today.replace(day=1)
    assert (year.first.year, year.last.year) == (today.year - 1, today.year - 1)


@given(st.text(alphabet="0123456789- /avrilmsdept'éuT.fn", max_size=40), st.dates(date(2, 1, 1), date(9990, 1, 1)))
def test_any_text_is_read(text: str, today: date) -> None:
    """Whatever digits and words come, periods are ordered, disjoint and not upside down."""
    end = 0
    for period in find_periods(text, today):
        assert end <= period.start < period.end <= len(text)
        assert period.first <= period.last
        end = period.end
