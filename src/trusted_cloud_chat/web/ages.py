"""Age of a publication in words: « il y a 8 mois ». Pure."""

from datetime import date
from typing import Literal

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.schema import Language

_Unit = Literal["day", "week", "month", "year"]
_WEEKS_FROM_DAYS = 14
_YEARS_FROM_MONTHS = 24
"""Below, months say more: « il y a 18 mois »."""
_NEAR: dict[Language, dict[tuple[_Unit, int], str]] = {
    "fr": {
        ("day", 0): "aujourd’hui", ("day", 1): "hier", ("month", 0): "ce mois-ci", ("month", 1): "le mois dernier",
        ("year", 0): "cette année", ("year", 1): "l’an dernier",
    },
    "en": {
        ("day", 0): "today", ("day", 1): "yesterday", ("month", 0): "this month", ("month", 1): "last month",
        ("year", 0): "this year", ("year", 1): "last year",
    },
}  # fmt: skip
_FAR: dict[Language, dict[_Unit, str]] = {
    "fr": {"day": "jours", "week": "semaines", "month": "mois", "year": "ans"},
    "en": {"day": "days", "week": "weeks", "month": "months", "year": "years"},
}


def age_of(published: PartialDate | None, day: date, language: Language) -> str:
    """« il y a 8 mois » on `day`, no finer than the date's precision; empty without a date or for a future one."""
    if published is None or published.first_day > day:
        return ""
    if published.month is None:
        return _spoken(day.year - published.year, "year", language)
    months = (day.year - published.year) * 12 + day.month - published.month
    if published.day is None:
        return _spoken(months, "month", language) if months < _YEARS_FROM_MONTHS else _years(months, language)
    months -= day.day < published.day  # whole ones only
    if months >= _YEARS_FROM_MONTHS:
        return _years(months, language)
    if months:
        return _ago(months, "month", language)
    days = (day - published.first_day).days
    return _spoken(days, "day", language) if days < _WEEKS_FROM_DAYS else _ago(days // 7, "week", language)


def _years(months: int, language: Language) -> str:
    return _ago(months // 12, "year", language)


def _spoken(number: int, unit: _Unit, language: Language) -> str:
    return _NEAR[language].get((unit, number)) or _ago(number, unit, language)


def _ago(number: int, unit: _Unit, language: Language) -> str:
    if language == "fr":
        return f"il y a {number}\u00a0{_FAR['fr'][unit]}"
    name = _FAR["en"][unit]
    return f"{number}\u00a0{name if number > 1 else name[:-1]} ago"
