from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import TODAY
from trusted_cloud_chat.language.periods import find_periods


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
        ("after March 2024", "2024-04-01/"),
        ("avant l’été 2025", "/2025-05-31"),
        ("jusqu’en 2026", "/2026-12-31"),
        ("d'ici à 2030", "/2030-12-31"),
        ("before June 2026", "/2026-05-31"),
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
        ("d’ici l’été", "/2027-09-30"),
        ("l’an dernier", "2025-01-01/2025-12-31"),
        ("l’année dernière", "2025-01-01/2025-12-31"),
        ("last year", "2025-01-01/2025-12-31"),
        ("cette année", "2026-01-01/2026-12-31"),
        ("next year", "2027-01-01/2027-12-31"),
        ("le mois dernier", "2026-10-01/2026-10-31"),
        ("le mois prochain", "2026-12-01/2026-12-31"),
        ("before summer 2025", "/2025-05-31"),
        ("avant 2025", "/2024-12-31"),
        ("avant le 30 juin 2023", "/2023-06-29"),
        ("avant la fin de 2025", "/2025-12-31"),
        ("before the end of 2025", "/2025-12-31"),
        ("après l’été 2025", "2025-10-01/"),
        ("après le 17 décembre 2025", "2025-12-18/"),
        ("l’été dernier", "2026-06-01/2026-09-30"),
        ("last summer", "2026-06-01/2026-09-30"),
        ("l’hiver prochain", "2027-01-01/2027-03-31"),
        ("next spring", "2027-04-01/2027-06-30"),
        ("en décembre dernier", "2025-12-01/2025-12-31"),
        ("last March", "2026-03-01/2026-03-31"),
        ("depuis l’an dernier", "2025-01-01/"),
        ("since last year", "2025-01-01/"),
        ("avant la fin de l’année", "/2026-12-31"),
        ("en mars", "2026-03-01/2026-03-31"),
        ("H1 2026", "2026-01-01/2026-06-30"),
        ("au 30/06/2025", "/2025-06-30"),
        ("l’année passée", "2025-01-01/2025-12-31"),
        ("depuis l’an passé", "2025-01-01/"),
        ("fin de l’année prochaine", "2027-10-01/2027-12-31"),
        ("by the end of next year", "/2027-12-31"),
    ],
)
def test_a_period(text: str, label: str) -> None:
    """French and English periods are resolved against the day, an open end shown as such."""
    (period,) = find_periods(f"Que dit Bleu {text} ?", TODAY)

    assert period.label == label


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("aujourd’hui", "/2026-11-24"),
        ("à ce jour", "/2026-11-24"),
        ("today", "/2026-11-24"),
        ("il y a deux ans", "2024-01-01/2024-12-31"),
        ("two years ago", "2024-01-01/2024-12-31"),
        ("il y a 3 mois", "2026-08-01/2026-08-31"),
        ("il y a une semaine", "2026-11-16/2026-11-22"),
        ("depuis six mois", "2026-05-24/"),
        ("ces deux dernières années", "2024-11-24/"),
        ("over the last two years", "2024-11-24/"),
        ("ce mois-ci", "2026-11-01/2026-11-30"),
        ("this month", "2026-11-01/2026-11-30"),
        ("le 30 juin", "2026-06-30/2026-06-30"),
        ("depuis le 1er janvier", "2026-01-01/"),
        ("le 17 décembre dernier", "2025-12-17/2025-12-17"),
        ("on June 30", "2026-06-30/2026-06-30"),
    ],
)
def test_a_period_that_counts_from_the_question(text: str, label: str) -> None:
    """What is said of the day of the question is read in a question, and not in an article."""
    (period,) = find_periods(f"Que dit Bleu {text} ?", TODAY, spoken=True)

    assert period.label == label
    assert find_periods(f"Que dit Bleu {text} ?", TODAY) == () or "derni" in text


@pytest.mark.parametrize(
    ("today", "year"), [(date(2026, 7, 14), 2025), (date(2026, 10, 1), 2026), (date(2026, 2, 1), 2025)]
)
def test_last_summer_is_over(today: date, year: int) -> None:
    """« l'été dernier » said in July is last year's."""
    (period,) = find_periods("l’été dernier", today)

    assert (period.first.year, period.last) == (year, date(year, 9, 30))


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
        "Combien de bois faut-il garder pour l’hiver ?",
        "la collection de l’été",
        "le premier trimestre 2025-2026",
        "le premier semestre 2025–2026",
        "the first quarter of 2025/2026",
        "depuis janvier 2024-2025",
        "Rien",
    ],
)
def test_no_period(text: str) -> None:
    """Participles, versions, standards, law numbers and dates that do not exist are no period."""
    assert find_periods(text, TODAY) == ()


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("entre 2023 et 2025", "2023-01-01/2025-12-31"),
        ("de janvier 2022 à mars 2024", "2022-01-01/2024-03-31"),
        ("from 2022 to 2024", "2022-01-01/2024-12-31"),
        ("du 1er janvier au 30 juin 2025", "2025-01-01/2025-06-30"),
        ("entre janvier et mars 2025", "2025-01-01/2025-03-31"),
        ("between January and March 2025", "2025-01-01/2025-03-31"),
        ("entre novembre et mars 2025", "2024-11-01/2025-03-31"),
    ],
)
def test_what_lies_between_is_meant_too(text: str, label: str) -> None:
    (period,) = find_periods(f"Que dit Bleu {text} ?", TODAY, spoken=True)

    assert (period.label, period.direction) == (label, "in")


def test_two_periods_in_order() -> None:
    """« entre 2020 et 2023 » names two periods, in text order, that do not overlap."""
    first, second = find_periods("entre 2020 et janvier 2023", TODAY)

    assert (first.label, second.label) == ("2020-01-01/2020-12-31", "2023-01-01/2023-01-31")
    assert first.end <= second.start


@pytest.mark.parametrize("today", [date(2026, 1, 31), date(2024, 2, 29), date(2026, 12, 31)])
def test_relative_periods_at_the_edges_of_a_year(today: date) -> None:
    (month,) = find_periods("le mois dernier", today)
    (year,) = find_periods("l'an dernier", today)

    assert month.last < today.replace(day=1)
    assert (year.first.year, year.last.year) == (today.year - 1, today.year - 1)


@given(st.text(alphabet="0123456789- /avrilmsdept'éuT.fn", max_size=40), st.dates(date(2, 1, 1), date(9990, 1, 1)))
def test_any_text_is_read(text: str, today: date) -> None:
    """Whatever digits and words come, periods are ordered, disjoint and not upside down."""
    end = 0
    for period in find_periods(text, today, spoken=True):
        assert end <= period.start < period.end <= len(text)
        assert period.first <= period.last
        end = period.end
