"""Dates and periods in French and English text, resolved against a day, in code.

« en 2023 », « depuis janvier 2024 », « avant l'été 2025 », « au 30 juin 2023 », « l'an dernier », « d'ici l'été »,
« au premier semestre 2026 », "by the end of 2025", "last year".
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from trusted_cloud_chat.dates import MONTHS_EN, MONTHS_FR
from trusted_cloud_chat.text import fold

_MONTHS = {fold(name): n for n, name in enumerate(MONTHS_FR, 1)} | {
    name.lower(): n for n, name in enumerate(MONTHS_EN, 1)
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_SEASONS = {
    "hiver": (1, 3), "winter": (1, 3), "printemps": (4, 6), "spring": (4, 6), "ete": (6, 9), "summer": (6, 9),
    "automne": (9, 12), "autumn": (9, 12), "rentree": (9, 9),
}  # fmt: skip
_SEASON = "|".join(_SEASONS)
_BEFORE_SEASON = (
    "(?:"
    + "|".join(
        rf"(?<=\b{word})"
        for word in (
            "l'",
            "cet ",
            "cette ",
            "ce ",
            "en ",
            "au ",
            "le ",
            "la ",
            "the ",
            "this ",
            "in ",
            "by ",
            "next ",
            "last ",
        )
    )
    + ")"
)
"""Without a year a season needs an article before it: « a été qualifié » names no summer."""
_ORDINALS = {"premier": 1, "1er": 1, "first": 1, "second": 2, "deuxieme": 2, "2e": 2, "2nd": 2, "troisieme": 3,
             "3e": 3, "third": 3, "quatrieme": 4, "4e": 4, "fourth": 4, "1st": 1, "3rd": 3, "4th": 4, "dernier": 4}  # fmt: skip
_ORDINAL = "|".join(sorted(_ORDINALS, key=len, reverse=True))
_PATTERNS = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("day", rf"\b(?P<d>\d{{1,2}})(?:er|st|nd|rd|th)?\s+(?P<m>{_MONTH})\s+(?P<y>\d{{4}})\b"),
        ("day", rf"\b(?P<m>{_MONTH})\s+(?P<d>\d{{1,2}}),?\s+(?P<y>\d{{4}})\b"),
        ("iso", r"\b(?P<y>\d{4})-(?P<n>\d{2})(?:-(?P<d>\d{2}))?\b"),
        ("part", rf"\b(?P<o>{_ORDINAL})s?\s+(?P<p>semestre|trimestre|half|quarter)(?:\s+(?:de\s+|of\s+)?(?P<y>\d{{4}}))?"),
        ("part", r"\b(?P<t>[tqs])(?P<o>[1-4])\s+(?P<y>\d{4})\b"),
        ("edge", r"\b(?P<e>debut|fin|mi-?|milieu(?: de)?|the end of|end of|end|early|late|mid-?)[\s-]*(?:d'annee |de l'annee |de )?(?P<y>\d{4})\b"),
        ("month", rf"\b(?P<m>{_MONTH})\s+(?P<y>\d{{4}})\b"),
        ("season", rf"\b(?P<s>{_SEASON})\s+(?P<y>\d{{4}})\b"),
        ("season", rf"{_BEFORE_SEASON}(?P<s>{_SEASON})\b"),
        ("relative", r"\b(?P<r>l'an dernier|l'annee derniere|last year|cette annee|this year|l'an prochain|l'annee "
                     r"prochaine|next year|le mois dernier|last month|fin de l'annee|end of the year|avant la fin de l'annee)\b"),
        ("month_only", rf"\b(?:en|depuis|des|d'ici|avant|apres|in|since|by)\s+(?P<m>{_MONTH})\b(?!\s+\d)"),
        ("year", r"(?<![\d.,-])(?P<y>(?:19|20)\d{2})(?![\d%-]|[.,]\d|\s*(?:€|euros|exigences))"),
    )
)  # fmt: skip
_DIRECTION = re.compile(
    r"(?P<until>avant|d'ici(?: a)?(?: la)?|jusqu'[ae]n?|before|by|until)\s+(?:l[ae']\s*|the\s+)?$|"
    r"(?P<since>depuis|a partir d[eu']|apres|since|after|from)\s+(?:l[ae']\s*|the\s+)?$|"
    r"(?P<as_of>\bau|as of|a la date du)\s+$"
)


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, both included; `direction` is `in`, `until`, `since` or `as_of`."""

    first: date
    last: date
    direction: str
    start: int
    end: int
    label: str
    """As shown: `2023-01-01/2023-12-31`, with an open end for since and until."""


def find_periods(text: str, today: date) -> list[Period]:
    """Periods named in `text`, in order, disjoint; relative ones are resolved against `today`."""
    folded = "".join(c if len(f := fold(c) or c) != 1 else f for c in text)
    found: list[Period] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(folded):
            if any(match.start() < p.end and p.start < match.end() for p in found):
                continue
            bounds = _bounds(kind, match.groupdict(), today)
            if bounds is not None:
                found.append(_period(folded, match, *bounds))
    return sorted(found, key=lambda period: period.start)


def _period(folded: str, match: re.Match[str], first: date, last: date) -> Period:
    before = _DIRECTION.search(folded[max(0, match.start() - 24) : match.start()])
    direction = (before.lastgroup or "in") if before else "in"
    if direction == "as_of" and first != last and before and before.group().strip() == "au":
        direction = "in"  # « au 30 juin » is a day to look back from, « au premier semestre » a time to be in
    label = {"since": f"{first}/", "until": f"/{last}", "as_of": f"/{last}"}.get(direction, f"{first}/{last}")
    return Period(first, last, direction, match.start(), match.end(), label)


def _bounds(kind: str, found: dict[str, str | None], today: date) -> tuple[date, date] | None:
    year = int(found.get("y") or today.year)
    try:
        match kind:
            case "day":
                day = date(year, _MONTHS[found["m"] or ""], int(found["d"] or 1))
                return day, day
            case "iso":
                month = int(found["n"] or 1)
                return _days(year, month, int(found["d"])) if found["d"] else _months(year, month, month)
            case "part":
                return _part(year, found)
            case "edge":
                return _edge(year, found["e"] or "")
            case "month" | "month_only":
                month = _MONTHS[found["m"] or ""]
                return _months(year, month, month)
            case "season":
                return _months(year, *_SEASONS[found["s"] or ""])
            case "relative":
                return _relative(found["r"] or "", today)
            case _:
                return _months(year, 1, 12)
    except ValueError:
        return None


def _days(year: int, month: int, day: int) -> tuple[date, date]:
    return date(year, month, day), date(year, month, day)


def _months(year: int, first: int, last: int) -> tuple[date, date]:
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])


def _part(year: int, found: dict[str, str | None]) -> tuple[date, date]:
    ordinal = _ORDINALS.get(found["o"] or "", 0) or int(found["o"] or 1)
    unit = found.get("p") or {"s": "semestre"}.get(found.get("t") or "", "trimestre")
    size = 6 if unit in ("semestre", "half") else 3
    ordinal = min(ordinal, 12 // size)
    return _months(year, (ordinal - 1) * size + 1, ordinal * size)


def _edge(year: int, edge: str) -> tuple[date, date]:
    if edge.startswith(("debut", "early")):
        return _months(year, 1, 3)
    if edge.startswith(("mi", "milieu", "mid")):
        return _months(year, 5, 8)
    return _months(year, 10, 12)


def _relative(words: str, today: date) -> tuple[date, date]:
    if "mois" in words or "month" in words:
        last = today.replace(day=1) - timedelta(days=1)
        return last.replace(day=1), last
    if words.startswith(("fin", "end", "avant")):
        return _months(today.year, 10, 12)
    shift = -1 if "derni" in words or "last" in words else 1 if "prochain" in words or "next" in words else 0
    return _months(today.year + shift, 1, 12)
