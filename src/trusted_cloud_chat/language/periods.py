"""Finds dates and periods in French and English text, and resolves them against a given day.

« en 2023 », « depuis janvier 2024 », « avant l'été 2025 », « au 30 juin 2023 », « l'an dernier », « d'ici l'été »,
« au premier semestre 2026 », "by the end of 2025", "last year". « avant » and « après » exclude the period they name,
except that « avant la fin de 2025 » includes its last day. Templates of word classes match them (`calendar_words.py`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.language.calendar_words import CALENDAR, Bounds, Found, bounds_of, classes
from trusted_cloud_chat.language.words import Word, words

_MARKED = frozenset({"BEFORE_SEASON", "BEFORE_MONTH", "OPENS"})
"""Classes of a first word that a template requires but the period excludes."""
_ARTICLES = frozenset(CALENDAR["articles"].split())
_DIRECTIONS: list[tuple[str, tuple[str, ...]]] = [
    (direction, tuple(wanted.split())) for direction, wanted in CALENDAR["directions"]
]
_OPENS_RANGE = frozenset(CALENDAR["opens_range"].split())
_LINKS = frozenset(tuple(link.split()) for link in CALENDAR["links"])
_NO_YEAR_BEFORE = frozenset("€%")
_NOT_AFTER_YEAR = frozenset(CALENDAR["not_after_year"].split())


@dataclass(frozen=True, slots=True)
class Period:
    """A named period, `first` and `last` day inclusive, and how it restricts time.

    `direction` is `in`, `until`, `since` or `as_of`.
    """

    first: date
    last: date
    direction: str
    start: int
    end: int
    opens: date | None
    """First day of the restriction; None if open."""
    closes: date | None
    """Last day of the restriction; None if open."""

    @property
    def label(self) -> str:
        """As displayed: `2023-01-01/2023-12-31`; an open end is empty."""
        return f"{self.opens or ''}/{self.closes or ''}"

    def touches(self, day: PartialDate) -> bool:
        """Whether the date may fall within the restriction."""
        return (self.closes is None or day.first_day <= self.closes) and (
            self.opens is None or self.opens <= day.last_day
        )


@lru_cache(maxsize=4096)
def find_periods(text: str, today: date, *, spoken: bool = False) -> tuple[Period, ...]:
    """Periods named in `text`, in order, disjoint; relative ones are resolved against `today`.

    `spoken` also reads expressions that occur only in questions: « aujourd'hui », « il y a deux ans », « le 30 juin » without a year.
    """
    said = words(text)
    kinds = [classes(word.folded) for word in said]
    if not any(kinds):
        return ()
    present = {"/", "-", *(word.folded for word in said)}.union(*kinds)
    found: list[Period] = []
    taken: list[tuple[int, int]] = []
    for kind, template in (*CALENDAR["templates"], *(CALENDAR["spoken"] if spoken else ())):
        parts = template.split()
        if any(part not in present for part in parts if part[-1] != "?"):
            continue
        for match in _matches(parts, text, said, kinds):
            if any(match.start < end and start < match.end for start, end in taken):
                continue
            direction = _direction(said, match.place)
            bounds = bounds_of(kind, match.named, today, upcoming=direction == "until")
            if _begins_years(kind, text, said, match):
                taken.append((match.start, said[match.after].end))
            elif bounds is not None and (kind != "year" or _is_year(text, said, match)):
                found.append(_period(kind, match, direction, bounds, said))
                taken.append((match.start, match.end))
    ordered = sorted(found, key=lambda period: period.start)
    return tuple(_ranges(text, ordered) if spoken else ordered)


@dataclass(frozen=True, slots=True)
class _Match:
    named: Found
    place: int
    """Index of the first word of the period."""
    after: int
    """Index of the word after the last one."""
    start: int
    end: int


def _matches(
    template: Sequence[str], text: str, said: Sequence[Word], kinds: Sequence[frozenset[str]]
) -> Iterator[_Match]:
    for place in range(len(said)):
        named: Found = {}
        after = _match(template, place, text, said, kinds, named)
        first = place + (template[0] in _MARKED)
        if after is not None:
            yield _Match(named, first, after, said[first].start, said[after - 1].end)


def _match(
    template: Sequence[str],
    place: int,
    text: str,
    said: Sequence[Word],
    kinds: Sequence[frozenset[str]],
    named: Found,
) -> int | None:
    """The index after the words that match `template`, or None. Fills `named` by class."""
    for part in template:
        wanted, optional = part.rstrip("?"), part.endswith("?")
        if wanted in "/-":
            if place >= len(said) or text[said[place - 1].end : said[place].start] not in ("/", "-", "."):
                return None
            continue
        meets = place < len(said) and (wanted in kinds[place] or wanted == said[place].folded)
        if meets:
            named.setdefault(wanted, []).append(said[place].folded)
            place += 1
        elif not optional:
            return None
    return place


def _is_year(text: str, said: Sequence[Word], match: _Match) -> bool:
    """Whether a number is a year, unlike the 2024 of « 2024-449 », « 2 024 € » or « 2024 exigences »."""
    before, after = text[: match.start][-1:], text[match.end :].lstrip()[:1]
    following = said[match.after].folded if match.after < len(said) else ""
    joined = text[match.end : match.end + 1] == "-" and following.isdigit()
    return (
        before not in tuple(".,-") and after not in _NO_YEAR_BEFORE and not joined and following not in _NOT_AFTER_YEAR
    )


def _begins_years(kind: str, text: str, said: Sequence[Word], match: _Match) -> bool:
    """Whether it is part of a business year, whose start is unknown: « le premier trimestre 2025-2026 »; « 2023–2025 » is a range."""
    following = said[match.after].folded if match.after < len(said) else ""
    return text[match.end : match.end + 1] in ("-", "/", "" if kind == "year" else "–") and "Y" in classes(following)


def _direction(said: Sequence[Word], place: int) -> str:
    before = [word.folded for word in said[max(0, place - 6) : place]]
    for stripped in (before, before[:-1] if before and before[-1] in _ARTICLES else before):
        for direction, wanted in _DIRECTIONS:
            if tuple(stripped[-len(wanted) :]) == wanted:
                return direction
    return "in"


def _period(kind: str, match: _Match, direction: str, bounds: Bounds, said: Sequence[Word]) -> Period:
    first, last = bounds
    if direction == "as_of" and first != last and said[match.place - 1].folded == "au":
        direction = "in"  # « au 30 juin » means as of that day, « au premier semestre » means within it
    direction = {"today": "as_of", "while": "since"}.get(kind, direction)
    opens: date | None = first
    closes: date | None = last
    match direction:
        case "before":
            ends = "E" in match.named and match.named["E"][0] in ("fin", "end", "late")
            opens, closes = None, last if ends else first - timedelta(days=1)
        case "until" | "as_of":
            opens = None
        case "after":
            opens, closes = last + timedelta(days=1), None
        case "since":
            closes = None
    named = {"before": "until", "after": "since"}.get(direction, direction)
    return Period(first, last, named, match.start, match.end, opens, closes)


def _ranges(text: str, found: Sequence[Period]) -> list[Period]:
    """Joins the two periods of « entre 2023 et 2025 » or « du 1er janvier au 30 juin 2025 » into one."""
    joined: list[Period] = []
    for period in found:
        before = joined[-1] if joined else None
        if before is None or not _is_range(text, before, period):
            joined.append(period)
            continue
        first = before.first
        if not any("Y" in classes(word.folded) for word in words(text[before.start : before.end])):
            first = first.replace(year=period.first.year)  # « du 1er janvier au 30 juin 2025 »
            if first > period.last:  # « entre novembre et mars 2025 »
                first = first.replace(year=first.year - 1)
        if first <= period.last:
            joined[-1] = Period(first, period.last, "in", before.start, period.end, first, period.last)
        else:
            joined.append(period)
    return joined


def _is_range(text: str, before: Period, period: Period) -> bool:
    opening = [w.folded for w in words(text[: before.start]) if w.folded not in _ARTICLES][-1:]
    between = tuple(w.folded for w in words(text[before.end : period.start]) if w.folded not in _ARTICLES)
    return bool(opening) and opening[0] in _OPENS_RANGE and between in _LINKS
