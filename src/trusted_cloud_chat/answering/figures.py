"""Figures and dates that a text states, in one form for French and English, so that two texts can be compared."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from trusted_cloud_chat.answering.spelt import spell_out
from trusted_cloud_chat.dates import MONTHS_EN, MONTHS_FR
from trusted_cloud_chat.periods import find_periods
from trusted_cloud_chat.text import fold

_SHARES = {"moitie": 50.0, "half of": 50.0, r"(?<!\ba )(?<!\bpar )(?<!\bchez )(?<!d')un tiers(?! (?:de confiance|certif|independ))": 100 / 3, "one third": 100 / 3, "a third of": 100 / 3,
           "un quart": 25.0, "a quarter of": 25.0, "trois quarts": 75.0, "three quarters": 75.0, "un cinquieme": 20.0, "one fifth": 20.0,
           "deux tiers": 200 / 3, "two thirds": 200 / 3}  # fmt: skip
_SCALES = {"millier": 1e3, "milliers": 1e3, "thousand": 1e3, "k": 1e3, "million": 1e6, "millions": 1e6, "m": 1e6,
           "milliard": 1e9, "milliards": 1e9, "billion": 1e9, "bn": 1e9, "md": 1e9, "mds": 1e9,
           "mille": 1e3}  # fmt: skip
_NUMBER = re.compile(
    r"(?<![\w.,/])(?<!\w-)(?P<before>[€$])?\s?(?:(?P<digits>\d{1,3}(?: \d{3})+(?!\d)(?:[.,]\d+)?|\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:[.,]\d+)*))"
    r"(?P<ordinal>(?:er|ere|e|eme|st|nd|rd|th)\b)?"
    r"(?:[\s-]?(?P<scale>milliers?|thousand|k|millions?|milliards?|mille|billion|bn|mds?|m)(?=\b|[€$]))?(?:\s(?:d'|de\s))?\s?"
    r"(?P<unit>%|pour ?cent\b|per ?cent\b|€|\$|euros?\b|dollars?\b|usd\b|eur\b|livres?\b|pounds?\b|£|"
    r"ans?\b|annees?\b|years?\b|mois\b|months?\b|semaines?\b|weeks?\b|jours?\b|days?\b|heures?\b|hours?\b)?(?![\w])"
)
_LESS = re.compile(
    r"(?:moins d[e']|under|below|less than|fewer than|inferieure? a|sous|au plus|at most|maximum|up to|jusqu'a|plafon\w*(?: [a-z]+){0,3} a)\s*(?:l[ae]s?\s)?$"
)
_MORE = re.compile(
    r"(?:plus d[e']|over|above|more than|superieure? a|depass\w+|exceed\w*|au moins|at least|minimum|minimum d[e'])\s*(?:l[ae]s?\s)?$"
)
_ABOUT = re.compile(
    r"(?:environ|pres d[e']|quelque|autour d[e']|a peu pres|about|around|some|nearly|almost|approximately|roughly|proche d[eu'])\s*(?:l[ae]s?\s)?$"
)
_TO = re.compile(r"\s*(?:a|et|to|and|-)\s*")
_BARE_UNIT = {"€": "euro", "euro": "euro", "euros": "euro", "eur": "euro", "$": "dollar", "dollar": "dollar",
              "dollars": "dollar", "usd": "dollar", "livre": "pound", "livres": "pound", "pound": "pound", "pounds": "pound", "£": "pound"}  # fmt: skip
TIME_UNITS = ("year", "month", "week", "day", "hour")
_TIME_UNIT = {
    "an": "year",
    "mo": "month",
    "ye": "year",
    "se": "week",
    "we": "week",
    "jo": "day",
    "da": "day",
    "he": "hour",
    "ho": "hour",
}
"""By their first two letters, French and English."""
_MONTHS = {fold(m): n for n, m in enumerate(MONTHS_FR, 1)} | {m.lower(): n for n, m in enumerate(MONTHS_EN, 1)}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY_MONTH = re.compile(
    rf"(?:\b(\d{{1,2}})(?:er|st|nd|rd|th)?\s+(?:of\s+)?)?\b({_MONTH})\b(?:\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*\d))?"
)
MEASURE = r"(?:%|ans\b|mois\b|jours\b|semaines\b|heures\b|years\b|months\b|days\b|weeks\b|hours\b|milli|euros?\b)"
"""What comes after a range with a hyphen, « 12-18 mois », in folded text."""
_REWRITES = (
    (re.compile(rf"(?<![\w-])(\d{{1,3}})-(\d{{1,3}})(?= ?{MEASURE})"), r"\1 a \2"),
    (re.compile(r"(?<!\d)((?:19|20)\d\d)[-/]((?:19|20)\d\d)(?!\d)"), r"\1 a \2"),
    (re.compile(r"(?<![\d.,])((?:19|20)\d\d)(?=[.,](?!\d))"), r"\1 "),
    (re.compile(r"\b(fin|debut) (?:de |d')?(?:l'annee )?(?=(?:19|20)\d\d\b)"), r"\1 "),
    (re.compile(r"\b(end|beginning|start) of (?:the year )?(?=(?:19|20)\d\d\b)"), r"\1 "),
    (re.compile(r"\b(?:beginning|start) (?=(?:19|20)\d\d\b)"), "early "),
    (re.compile(r"\b(\d)(?:er|e|eme|nd) ?(semestre|trimestre)"), r"\1e \2"),
    (re.compile(r"\b1e (semestre|trimestre)"), r"premier \1"),
    (re.compile(rf"\b({_MONTH}|summer|spring|autumn|winter|ete|printemps|automne|hiver|semestre|trimestre|half|quarter),? (?:of|de|d'|in)? ?(?=(?:19|20)\d\d\b)"), r"\1 "),
    (re.compile(r"\b(?:fall|autumn)(?= (?:19|20)\d\d\b)"), "autumn"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its scale applied; `unit` is `%`, `euro`, `dollar`, `pound`, one of `TIME_UNITS` or empty; `sense` is `<`, `>`, `~` or empty."""

    value: float
    unit: str
    sense: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Moment:
    """A date or period. `year` is False where the text names none: then only month and day count."""

    first: date
    last: date
    direction: str = "in"
    year: bool = True


@dataclass(frozen=True, slots=True)
class Stated:
    figures: tuple[Figure, ...]
    moments: tuple[Moment, ...]


def read_figures(text: str, today: date) -> Stated:
    """What `text` states; relative dates count from `today`, the day the text was published."""
    folded = fold(text)
    for words, share in _SHARES.items():
        folded = re.sub(rf"\b{words}\b", f"{share:.4g} %", folded)
    folded = spell_out(folded)
    for pattern, replacement in _REWRITES:
        folded = pattern.sub(replacement, folded)
    moments, rest = _moments(folded, today)
    return Stated(tuple(_figures(rest)), tuple(moments))


def _moments(folded: str, today: date) -> tuple[list[Moment], str]:
    """The moments, and the text with them blanked out so that « 17 » of a date is no figure."""
    moments, rest = [], list(folded)
    for period in find_periods(folded, today):
        words = folded[period.start : period.end]
        if re.fullmatch(r"(?:premier|first|second|deuxieme|troisieme|third)s? (?:half|quarter)", words) is None:
            dated = bool(re.search(r"\d{4}", words)) or bool(
                re.search(r"derni|prochain|last|next|this|cette|annee", words)
            )
            moments.append(Moment(period.first, period.last, period.direction, dated))
            rest[period.start : period.end] = " " * (period.end - period.start)
    blanked = "".join(rest)
    for match in _DAY_MONTH.finditer(blanked):
        month, day = _MONTHS[match.group(2)], int(match.group(1) or match.group(3) or 0)
        if match.group(2) in ("may", "march") and not day:
            continue  # as often a verb
        last = monthrange(today.year, month)[1]
        if day <= last:
            first = date(today.year, month, day or 1)
            moments.append(Moment(first, first if day else date(today.year, month, last), year=False))
            rest[match.start() : match.end()] = " " * (match.end() - match.start())
    return moments, "".join(rest)


def _figures(folded: str) -> Iterable[Figure]:
    following: re.Match[str] | None = None
    for match in reversed(list(_NUMBER.finditer(folded))):
        value, unit = _value(match), _unit(match)
        # « entre 300 et 500 milliards d'euros »: the first takes scale and unit from the second.
        if following and not match["scale"] and not unit and _TO.fullmatch(folded, match.end(), following.start()):
            value, unit = value * _SCALES.get(following["scale"] or "", 1.0), _unit(following)
        before = folded[max(0, match.start() - 30) : match.start()]
        yield Figure(value, unit, _sense(before), match.start(), match.end())
        following = match


def _value(match: re.Match[str]) -> float:
    scale = _SCALES.get(match["scale"] or "", 1.0)
    digits = match["digits"]
    if not match["scale"] and re.fullmatch(
        r"\d{1,3}(?:\.000)+", digits
    ):  # « 15.000 »: no decimal ends with three zeros
        digits = digits.replace(".", "")
    digits = digits.replace(" ", "") if " " in digits else re.sub(r",(?=\d{3}(?!\d))", "", digits)
    digits = digits.replace(",", ".")
    if digits.count(".") > 1:  # a version or an article number: compared as it is written, through its digits
        digits = digits.replace(".", "")
    return float(digits) * scale


def _unit(match: re.Match[str]) -> str:
    unit = match["unit"] or match["before"] or ""
    if unit in _BARE_UNIT:
        return _BARE_UNIT[unit]
    return "%" if unit.startswith(("%", "p")) else _TIME_UNIT.get(unit[:2], "")


def _sense(before: str) -> str:
    for sense, pattern in (("<", _LESS), (">", _MORE), ("~", _ABOUT)):
        if pattern.search(before):
            return sense
    return ""


def figure_stands(said: Figure, evidence: Iterable[Figure]) -> bool:
    """Whether some figure of the evidence says the same: same value and unit, no opposite bound."""
    return any(_same_figure(said, other) for other in evidence)


def _same_figure(said: Figure, other: Figure) -> bool:
    if said.unit and other.unit and said.unit != other.unit:
        return False
    if (said.unit == "%") != (other.unit == "%"):
        return False
    if {said.sense, other.sense} == {"<", ">"}:
        return False
    # « environ 15 000 » may round 14 900; an exact figure is exact.
    tolerance = 0.025 if said.sense == "~" else 1e-6
    return abs(said.value - other.value) <= tolerance * max(abs(other.value), 1e-9) + 1e-9


def moment_stands(said: Moment, evidence: Iterable[Moment]) -> bool:
    """Whether the evidence gives that date or one within it: « en 2025 » stands by « le 17 décembre 2025 »."""
    return any(_same_moment(said, other) for other in evidence)


def _same_moment(said: Moment, other: Moment) -> bool:
    if {said.direction, other.direction} == {"since", "until"}:
        return False
    if said.year and other.year:
        return said.first <= other.first and other.last <= said.last
    if said.year and abs(said.first.year - other.first.year) > 1:
        return False  # « le 17 décembre », written in 2026, is of no other year than the last or the next
    if said.first == said.last and other.first == other.last:
        return (said.first.month, said.first.day) == (other.first.month, other.first.day)
    return said.first.month <= other.first.month <= other.last.month <= said.last.month
