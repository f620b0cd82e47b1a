"""When a sentence holds: on its article's date, or on the earlier day whose words it retells."""

from __future__ import annotations

import re

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.periods import Period, find_periods
from trusted_cloud_chat.text import fold_in_place

_NOT_VERBS = (
    "(?:re|de|par|for|bien|satis|contre)?fait|lait|souhait|sait|(?:re|me)?connait|(?:com|de)?plait|nait|wait|await|bait"
)
_RETELLS = re.compile(
    rf"\b(?!(?:{_NOT_VERBS})\b)\w+(?<!r)(?:ait|aient)\b|\b(?:esper|declar|assur|figur|prepar|consider|ouvr|couvr|montr)(?:ait|aient)\b|"
    r"\b(?:selon|d'apres) une? \w+ (?:de presse )?(?:de|du|d')|\b(?:was|were|had|aimed|expected|hoped|planned|promised|estimated|counted)\b"
)
"""French imperfect (not the conditional) and English past: the sentence tells of another day than its own."""
_THAT_DAY = re.compile(r"\b(?:alors|a l'epoque|a cette date|plus tot|plus tard|at the time|at that time|back then)\b")
_NOW = re.compile(r"\b(?:desormais|aujourd'hui|actuellement|now|currently)\b")
"""« L’UGAP travaille désormais avec X, alors que le marché passait par Y » tells of its own day."""
_TARGET_BEFORE = re.compile(r"\b(?:pour|d'ici|avant|des|a partir d[eu']|by|for|before|from)\s*(?:l[ae']s?\s*|the\s+)?$")
_DATED = re.compile(r"\d{4}")
_A_CLAUSE = 5
"""Words of a sentence that tells something without its relative clause."""
_ASIDE = re.compile(
    r"(?<=\w{3}), (?:which|who|qui) (?:was|were|had|avait|avaient|etait|etaient)\b[^,;.]*(?:(?=, )|(?=\.$))"
)
_OF_A_LAW = re.compile(r"(?<!projet de )(?<!proposition de )\b(?:loi|law|act)(?: (?:de )?\w+)? (?:de|of)\s*$")
"""« La loi de blocage de 1968, qui avait été renforcée en 2022 » says nothing of the day on which somebody warned of it."""


def said_on(text: str, published: PartialDate | None, *, plans: bool) -> PartialDate | None:
    """The date that `text` speaks from; None where it retells an earlier one without naming it.

    « Bleu espérait en mars 2026… », published in August, holds for March. `plans`: the text announces
    something, so that of two past dates the earlier one is when it was announced; else it is the one named first.
    """
    if published is None:
        return None
    folded = fold_in_place(text)
    told = _without_asides(folded)
    if not _RETELLS.search(told):
        return published
    past = [p for p in find_periods(text, published.last_day) if _is_past(p, told, published)]
    past = [p for p in past if not (_DATED.fullmatch(told[p.start : p.end]) and _OF_A_LAW.search(told[: p.start]))]
    if plans:
        past = [p for p in past if not _TARGET_BEFORE.search(folded[: p.start])]
    if past:
        return partial(min(past, key=lambda p: p.first) if plans else past[0])
    return None if _THAT_DAY.search(folded) else published


def retells(text: str) -> bool:
    """Whether a verb tells of another day than the article's."""
    return bool(_RETELLS.search(_without_asides(fold_in_place(text))))


def _without_asides(folded: str) -> str:
    """Without relative clauses, as long as something else is told: « Le HDH, qui était hébergé chez Azure en 2021. » is nothing else."""
    without = _ASIDE.sub(lambda aside: " " * len(aside.group()), folded)
    return without if len(without.split()) >= _A_CLAUSE else folded


def told_of(text: str, published: PartialDate | None) -> PartialDate | None:
    """The date that `text` tells of; None too where it retells an earlier one and no date says which: « avaient soutenu »."""
    said = said_on(text, published, plans=False)
    if _NOW.search(fold_in_place(text)):
        return published
    return None if said == published and retells(text) else said


def partial(period: Period) -> PartialDate:
    """The day, the month or the year that `period` lies in."""
    if period.first == period.last:
        return PartialDate(period.first.year, period.first.month, period.first.day)
    if (period.first.year, period.first.month) == (period.last.year, period.last.month):
        return PartialDate(period.first.year, period.first.month)
    return PartialDate(period.last.year)


def years_after(start: PartialDate, years: int) -> PartialDate:
    """The same day `years` later; 29 February becomes the 28th."""
    day = 28 if (start.month, start.day) == (2, 29) else start.day
    return PartialDate(start.year + years, start.month, day)


def apart(first: PartialDate, second: PartialDate) -> int:
    """Days between two dates; 0 where one lies within the other."""
    if first.first_day <= second.last_day and second.first_day <= first.last_day:
        return 0
    return abs((first.last_day - second.last_day).days)


def _is_past(period: Period, folded: str, published: PartialDate) -> bool:
    dated = bool(_DATED.search(folded[period.start : period.end]))
    return dated and period.direction in ("in", "as_of") and period.last <= published.last_day
