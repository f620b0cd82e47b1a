"""Dates and periods in French and English text, resolved against a day, in code.

« en 2023 », « depuis janvier 2024 », « avant l'été 2025 », « au 30 juin 2023 », « l'an dernier », « l'été dernier »,
« d'ici l'été », « au premier semestre 2026 », "by the end of 2025", "last year". « avant » and « après » leave out what they
name, but for an end: « avant la fin de 2025 » is until its last day.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from trusted_cloud_chat.dates import MONTHS_EN, MONTHS_FR, PartialDate
from trusted_cloud_chat.text import fold, fold_in_place

_MONTHS = {fold(name): n for n, name in enumerate(MONTHS_FR, 1)} | {
    name.lower(): n for n, name in enumerate(MONTHS_EN, 1)
}
MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_SEASONS = {
    "hiver": (1, 3), "winter": (1, 3), "printemps": (4, 6), "spring": (4, 6), "ete": (6, 9), "summer": (6, 9),
    "automne": (9, 12), "autumn": (9, 12), "rentree": (9, 9),
}  # fmt: skip
_SEASON = "|".join(_SEASONS)
_BEFORE_SEASON = "(?:" + "|".join(
    rf"(?<=\b{word})"
    for word in ("l'", "cet ", "cette ", "ce ", "en ", "au ", "le ", "la ", "the ", "this ", "in ", "by ")
) + ")"  # fmt: skip
"""Without a year a season needs an article before it: « a été qualifié » names no summer."""
_ORDINALS = {"premier": 1, "1er": 1, "first": 1, "second": 2, "deuxieme": 2, "2e": 2, "2eme": 2, "3eme": 3, "4eme": 4, "2nd": 2, "troisieme": 3,
             "3e": 3, "third": 3, "quatrieme": 4, "4e": 4, "fourth": 4, "1st": 1, "3rd": 3, "4th": 4, "dernier": 4}  # fmt: skip
_ORDINAL = "|".join(sorted(_ORDINALS, key=len, reverse=True))
_PATTERNS = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("day", rf"\b(?P<d>\d{{1,2}})(?:er|st|nd|rd|th)?\s+(?P<m>{MONTH})\s+(?P<y>\d{{4}})\b"),
        ("day", rf"\b(?P<m>{MONTH})\s+(?P<d>\d{{1,2}}),?\s+(?P<y>\d{{4}})\b"),
        ("day", rf"\b(?P<d>\d{{1,2}})(?:er)?\s+(?P<m>{MONTH})\s+(?P<w>derni|prochain)(?:er)?\b"),
        ("numeric", r"\b(?P<d>\d{1,2})[/.](?P<n>\d{1,2})[/.](?P<y>(?:19|20)\d{2})\b"),
        ("iso", r"\b(?P<y>\d{4})-(?P<n>\d{2})(?:-(?P<d>\d{2}))?\b"),
        ("part", rf"\b(?P<o>{_ORDINAL})s?\s+(?P<p>semestre|trimestre|half|quarter)(?:\s+(?:de\s+|of\s+)?(?P<y>\d{{4}}))?"),
        ("part", r"\b(?P<t>[tqsh])(?P<o>[1-4])\s+(?P<y>\d{4})\b"),
        ("edge", r"\b(?P<e>debut|fin|mi-?|milieu(?: de)?|the end of|end of|end|early|late|mid-?)[\s-]*(?:d'annee |de l'annee |de |of )?(?P<y>\d{4})\b"),
        ("month", rf"\b(?P<m>{MONTH})\s+(?P<y>\d{{4}})\b"),
        ("season", rf"\b(?P<s>{_SEASON})\s+(?P<y>\d{{4}})\b"),
        ("season", rf"\b(?P<s>{_SEASON})\s+(?P<w>derni|passe|prochain)(?:ere?|er|e)?\b"),
        ("season", rf"\b(?P<w>last|next)\s+(?P<s>{_SEASON})\b"),
        ("season", rf"{_BEFORE_SEASON}(?P<s>{_SEASON})\b"),
        ("relative", r"\b(?P<r>fin de l'annee (?:prochaine|derniere|passee)|end of (?:next|last) year|l'an (?:dernier|passe)|"
                     r"l'annee (?:derniere|passee)|last year|cette annee|this year|l'an prochain|l'annee "
                     r"prochaine|next year|le mois dernier|last month|fin de l'annee|end of the year)\b"),
        ("month", rf"\b(?P<m>{MONTH})\s+(?P<w>derni|prochain)(?:er)?\b"),
        ("month", rf"\b(?P<w>last|next)\s+(?P<m>{MONTH})\b"),
        ("month_only", rf"\b(?:en|depuis|des|d'ici|avant|apres|in|since|by)\s+(?P<m>{MONTH})\b(?!\s+\d)"),
        ("year", r"(?<![\d.,-])(?P<y>(?:19|20)\d{2})(?![\d%-]|[.,]\d|\s*(?:€|euros|exigences))"),
    )
)  # fmt: skip
_COUNTED = {"un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "dix": 10, "a": 1, "one": 1, "two": 2,
            "three": 3, "four": 4, "five": 5, "ten": 10}  # fmt: skip
_COUNT = rf"(?P<c>\d{{1,2}}|{'|'.join(_COUNTED)})"
_UNIT = r"(?P<u>ans?|annees?|mois|semaines?|jours?|years?|months?|weeks?|days?)"
_SPOKEN = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("today", r"\baujourd'hui\b|\ba ce jour\b|\bactuellement\b|\ben ce moment\b|\btoday\b|\bcurrently\b|\bright now\b"),
        ("ago", rf"\bil y a {_COUNT} {_UNIT}\b|\b{_COUNT.replace('<c>', '<c2>')} {_UNIT.replace('<u>', '<u2>')} ago\b"),
        ("while", rf"\b(?:depuis|for) {_COUNT} {_UNIT}\b|\b(?:ces|les|over the|in the) (?:last |past )?{_COUNT.replace('<c>', '<c2>')} "
                  rf"(?:derniers |dernieres )?{_UNIT.replace('<u>', '<u2>')}(?: derniers?| dernieres?)?\b"),
        ("month_only", rf"(?:(?<=\bentre )|(?<=\bde )|(?<=\bbetween )|(?<=\bfrom ))(?P<m>{MONTH})\b(?=\s+(?:et|a|and|to)\s+(?:{MONTH})\s+\d{{4}}\b)"),
        ("day", rf"\b(?P<d>\d{{1,2}})(?:er|st|nd|rd|th)?\s+(?P<m>{MONTH})\b"),
        ("day", rf"\b(?P<m>{MONTH})\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b"),
    )
)  # fmt: skip
"""What only counts from the day of a question."""
_DIRECTION = re.compile(
    r"(?P<before>avant|before|prior to)\s+(?:l[ae']\s*|the\s+|cet(?:te)? |this )?$|"
    r"(?P<until>d'ici(?: a)?(?: la)?|jusqu'(?:a|en|au)|by|until)\s+(?:l[ae']\s*|the\s+)?$|"
    r"(?P<after>apres|after)\s+(?:l[ae']\s*|the\s+)?$|"
    r"(?P<since>depuis|a partir d[eu']|des|since|from)\s*(?:l[ae']\s*|the\s+)?$|"
    r"(?P<as_of>\bau|as of|a la date du)\s+$"
)
_OPENS_RANGE = re.compile(r"\b(?:entre|de|du|between|from) (?:le |the )?$")
_LINK = re.compile(r" (?:et|a|au|jusqu'a|jusqu'en|and|to|until) (?:le |the )?")
_END = re.compile(r"(?:the )?(?:fin|end|late)\b")


@dataclass(frozen=True, slots=True)
class Period:
    """What is named, `first` and `last` day included, and the time that is meant by it.

    `direction` is `in`, `until`, `since` or `as_of`.
    """

    first: date
    last: date
    direction: str
    start: int
    end: int
    opens: date | None
    """First day that is meant; None is open."""
    closes: date | None
    """Last day that is meant; None is open."""

    @property
    def label(self) -> str:
        """As shown: `2023-01-01/2023-12-31`, with an open end for since and until."""
        return f"{self.opens or ''}/{self.closes or ''}"

    def touches(self, day: PartialDate) -> bool:
        """Whether the date may lie in the time that is meant."""
        return (self.closes is None or day.first_day <= self.closes) and (
            self.opens is None or self.opens <= day.last_day
        )


def find_periods(text: str, today: date, *, spoken: bool = False) -> list[Period]:
    """Periods named in `text`, in order, disjoint; relative ones are resolved against `today`.

    `spoken` reads what only a question says too: « aujourd'hui », « il y a deux ans », « le 30 juin » without a year.
    """
    folded = fold_in_place(text)
    found: list[Period] = []
    for kind, pattern in (*_PATTERNS, *(_SPOKEN if spoken else ())):
        for match in pattern.finditer(folded):
            if any(match.start() < p.end and p.start < match.end() for p in found):
                continue
            before = _DIRECTION.search(folded[max(0, match.start() - 24) : match.start()])
            direction = (before.lastgroup or "in") if before else "in"
            bounds = _bounds(kind, match.groupdict(), today, upcoming=direction == "until")
            if bounds is not None:
                found.append(_period(kind, match, direction, *bounds))
    ordered = sorted(found, key=lambda period: period.start)
    return _ranges(folded, ordered) if spoken else ordered


def _ranges(folded: str, found: list[Period]) -> list[Period]:
    """« entre 2023 et 2025 », « du 1er janvier au 30 juin 2025 » as one period each."""
    joined: list[Period] = []
    for period in found:
        before = joined[-1] if joined else None
        linked = before and _LINK.fullmatch(folded[before.end : period.start])
        if before is None or not linked or not _OPENS_RANGE.search(folded[: before.start]):
            joined.append(period)
            continue
        first = before.first
        if not re.search(r"\d{4}", folded[before.start : before.end]):  # « du 1er janvier au 30 juin 2025 »
            first = first.replace(year=period.first.year)
            if first > period.last:  # « entre novembre et mars 2025 »
                first = first.replace(year=first.year - 1)
        if first <= period.last:
            joined[-1] = Period(first, period.last, "in", before.start, period.end, first, period.last)
        else:
            joined.append(period)
    return joined


def _period(kind: str, match: re.Match[str], direction: str, first: date, last: date) -> Period:
    if direction == "as_of" and first != last and match.string[: match.start()].endswith("au "):
        direction = "in"  # « au 30 juin » is a day to look back from, « au premier semestre » a time to be in
    if kind == "today":
        direction = "as_of"
    elif kind == "while":
        direction = "since"
    opens: date | None = first
    closes: date | None = last
    match direction:
        case "before":
            opens, closes = None, last if _END.match(match.group()) else first - timedelta(days=1)
        case "until" | "as_of":
            opens = None
        case "after":
            opens, closes = last + timedelta(days=1), None
        case "since":
            closes = None
    named = {"before": "until", "after": "since"}.get(direction, direction)
    return Period(first, last, named, match.start(), match.end(), opens, closes)


def _bounds(kind: str, found: dict[str, str | None], today: date, *, upcoming: bool) -> tuple[date, date] | None:
    """`upcoming`: what names no year is still to come, « d'ici l'été » in November."""
    year = int(found.get("y") or today.year)
    try:
        match kind:
            case "day":
                return _nearest(
                    found, today, lambda y: _days(y, _MONTHS[found["m"] or ""], int(found["d"] or 1)), upcoming
                )
            case "numeric":
                return _days(year, int(found["n"] or 0), int(found["d"] or 0))
            case "iso":
                month = int(found["n"] or 1)
                return _days(year, month, int(found["d"])) if found["d"] else _months(year, month, month)
            case "part":
                return _part(year, found)
            case "edge":
                return _edge(year, found["e"] or "")
            case "month" | "month_only":
                month = _MONTHS[found["m"] or ""]
                return _nearest(found, today, lambda y: _months(y, month, month), upcoming)
            case "season":
                return _nearest(found, today, lambda y: _months(y, *_SEASONS[found["s"] or ""]), upcoming)
            case "relative":
                return _relative(found["r"] or "", today)
            case "today":
                return today, today
            case "ago" | "while":
                return _counted(kind, found["c"] or found["c2"] or "", found["u"] or found["u2"] or "", today)
            case _:
                return _months(year, 1, 12)
    except (ValueError, OverflowError):
        return None


def _nearest(
    found: dict[str, str | None], today: date, of: Callable[[int], tuple[date, date]], upcoming: bool
) -> tuple[date, date]:
    """The one of its year; without a year the last one that is over, the next to come, or this year's."""
    if found.get("y"):
        return of(int(found["y"] or 0))
    which = (found.get("w") or "").strip()
    this = of(today.year)
    if which.startswith(("derni", "passe", "last")):
        return this if this[1] < today else of(today.year - 1)
    if which.startswith(("prochain", "next")):
        return this if this[0] > today else of(today.year + 1)
    return of(today.year + 1) if upcoming and this[1] < today else this


def _counted(kind: str, count: str, unit: str, today: date) -> tuple[date, date]:
    """« il y a deux ans »: that year, month, week or day; « depuis deux ans »: from that day to this one."""
    number = _COUNTED.get(count) or int(count)
    if unit.startswith(("an", "year")):
        start = today.replace(year=today.year - number, day=min(today.day, 28))
        named = _months(start.year, 1, 12)
    elif unit.startswith("mo"):
        year, month = divmod(today.year * 12 + today.month - 1 - number, 12)
        start = date(year, month + 1, min(today.day, 28))
        named = _months(start.year, start.month, start.month)
    else:
        week = unit.startswith(("semaine", "week"))
        start = today - timedelta(days=number * (7 if week else 1))
        named = (
            (start - timedelta(days=start.weekday()), start + timedelta(days=6 - start.weekday()))
            if week
            else (start, start)
        )
    return named if kind == "ago" else (start, today)


def _days(year: int, month: int, day: int) -> tuple[date, date]:
    return date(year, month, day), date(year, month, day)


def _months(year: int, first: int, last: int) -> tuple[date, date]:
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])


def _part(year: int, found: dict[str, str | None]) -> tuple[date, date]:
    ordinal = _ORDINALS.get(found["o"] or "", 0) or int(found["o"] or 1)
    unit = found.get("p") or {"s": "semestre", "h": "semestre"}.get(found.get("t") or "", "trimestre")
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
    shift = -1 if re.search("derni|passe|last", words) else 1 if re.search("prochain|next", words) else 0
    return _months(today.year + shift, 10 if words.startswith(("fin", "end")) else 1, 12)
