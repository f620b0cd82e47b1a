"""Classifies calendar words, and resolves a matched template of classes (`periods.py`) to first and last day."""

import calendar
import tomllib
from collections.abc import Callable, Collection
from datetime import date, timedelta
from functools import lru_cache
from importlib import resources
from typing import Any

from trusted_cloud_chat.dates import MONTHS, MONTHS_EN

Bounds = tuple[date, date]
Found = dict[str, list[str]]
"""Class → the matched words, in order."""

CALENDAR: dict[str, Any] = tomllib.loads(
    resources.files("trusted_cloud_chat.language").joinpath("calendar.toml").read_text("utf-8")
)


def _numbers(name: str) -> dict[str, int]:
    """Word → its number."""
    return {word: int(number) for number, listed in CALENDAR[name].items() for word in listed.split()}


_ORDINALS, _COUNTED = _numbers("ordinals"), _numbers("counted")
SHORT_MONTHS = {short: MONTHS_EN[number - 1] for short, number in _numbers("short_months").items()}
"""Short month name, folded → English name."""
_EARLIER = ("derni", "passe", "last", "past")
_LATER = ("prochain", "next")
_WORDS: dict[str, Collection[str]] = {name: listed.split() for name, listed in CALENDAR["classes"].items()} | {
    "S": CALENDAR["seasons"],
    "O": _ORDINALS,
    "M": MONTHS,
    "N": _COUNTED,
    "LITERAL": CALENDAR["literals"].split(),
}
_CLASSES = {
    word: frozenset(c for c, listed in _WORDS.items() if word in listed)
    for listed in _WORDS.values()
    for word in listed
}


@lru_cache(maxsize=8192)
def classes(word: str) -> frozenset[str]:
    """The classes of a folded word: D day or month number, Y year, N count, QUARTER (`t3`, `q3`, `s1`, `h1`), and those of the lists."""
    found = set(_CLASSES.get(word, ()))
    digits = word.rstrip("erstndh") if word[:1].isdigit() else ""
    if word.isdigit() and len(word) == 4 and word.startswith(("19", "20")):
        found.add("Y")
    elif digits.isdigit() and len(digits) <= 2:
        found |= {"D", "N"} if digits == word else {"D"}
    if len(word) == 2 and word[0] in "tqsh" and word[1] in "1234":
        found.add("QUARTER")
    return frozenset(found)


def bounds_of(kind: str, found: Found, today: date, *, upcoming: bool) -> Bounds | None:
    """First and last day; None for a day that does not exist. `upcoming`: a date without a year is in the future."""
    year = int(found["Y"][0]) if "Y" in found else today.year
    try:
        match kind:
            case "day":
                month, day = MONTHS[found["M"][0]], int(found["D"][0].rstrip("erstndh"))
                return _nearest(found, today, lambda y: _days(y, month, day), upcoming)
            case "numeric":
                return _days(year, int(found["D"][1]), int(found["D"][0]))
            case "iso":
                numbers = [int(n) for n in found["D"]]
                return _days(year, *numbers) if len(numbers) > 1 else _months(year, numbers[0], numbers[0])
            case "part":
                return _part(year, found)
            case "edge":
                return _edge(year, found["E"][0])
            case "month":
                month = MONTHS[found["M"][0]]
                return _nearest(found, today, lambda y: _months(y, month, month), upcoming)
            case "season":
                return _nearest(found, today, lambda y: _months(y, *CALENDAR["seasons"][found["S"][0]]), upcoming)
            case "relative":
                return _relative(found, today)
            case "today":
                return today, today
            case "ago" | "while":
                return _counted(kind, found["N"][0], found["U"][0], today)
            case _:
                return _months(year, 1, 12)
    except (ValueError, OverflowError):
        return None


def _nearest(found: Found, today: date, of: Callable[[int], Bounds], upcoming: bool) -> Bounds:
    """The period in its year; without a year, the last one (« dernier »), the next one (« prochain ») or this year's; if `upcoming`, none that has passed."""
    if "Y" in found:
        return of(int(found["Y"][0]))
    which = found.get("WHICH", [""])[0]
    this = of(today.year)
    if which.startswith(_EARLIER):
        return this if this[1] < today else of(today.year - 1)
    if which.startswith(_LATER):
        return this if this[0] > today else of(today.year + 1)
    return of(today.year + 1) if upcoming and this[1] < today else this


def _counted(kind: str, count: str, unit: str, today: date) -> Bounds:
    """For « il y a deux ans », that whole year, month, week or day; for « depuis deux ans », from that day to `today`."""
    number = _COUNTED.get(count) or int(count)
    if unit.startswith(("an", "year")):
        start = today.replace(year=today.year - number, day=min(today.day, 28))
        named = _months(start.year, 1, 12)
    elif unit.startswith("mo"):
        year, month = divmod(today.year * 12 + today.month - 1 - number, 12)
        start = date(year, month + 1, min(today.day, 28))
        named = _months(start.year, start.month, start.month)
    elif unit.startswith(("semaine", "week")):
        start = today - timedelta(days=number * 7)
        monday = start - timedelta(days=start.weekday())
        named = monday, monday + timedelta(days=6)
    else:
        start = today - timedelta(days=number)
        named = start, start
    return named if kind == "ago" else (start, today)


def _days(year: int, month: int, day: int) -> Bounds:
    return date(year, month, day), date(year, month, day)


def _months(year: int, first: int, last: int) -> Bounds:
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])


def _part(year: int, found: Found) -> Bounds:
    if "QUARTER" in found:
        unit, ordinal = found["QUARTER"][0][0], int(found["QUARTER"][0][1])
    else:
        unit, ordinal = found["P"][0].rstrip("s"), _ORDINALS[found["O"][0]]
    size = 6 if unit in CALENDAR["halves"].split() else 3
    ordinal = min(ordinal, 12 // size)
    return _months(year, (ordinal - 1) * size + 1, ordinal * size)


def _edge(year: int, edge: str) -> Bounds:
    if edge in ("debut", "early"):
        return _months(year, 1, 3)
    return _months(year, 5, 8) if edge.startswith("mi") else _months(year, 10, 12)


def _relative(found: Found, today: date) -> Bounds:
    which = found.get("WHICH", [""])[0]
    shift = -1 if which.startswith(_EARLIER) else 1 if which.startswith(_LATER) else 0
    if "mois" in found or "month" in found:
        years, month = divmod(today.month - 1 + shift, 12)
        return _months(today.year + years, month + 1, month + 1)
    return _months(today.year + shift, 10 if found.get("E", [""])[0] in ("fin", "end", "late") else 1, 12)
