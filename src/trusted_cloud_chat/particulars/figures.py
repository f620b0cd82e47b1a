"""Extracts figures and dates in a language-independent form, to compare texts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from string import ascii_lowercase

from trusted_cloud_chat.dates import MONTHS, PartialDate
from trusted_cloud_chat.language.model_patterns import THOUSANDS
from trusted_cloud_chat.language.periods import find_periods
from trusted_cloud_chat.language.senses import WordLists
from trusted_cloud_chat.language.words import Word, places_within
from trusted_cloud_chat.particulars.lists import lists, table, words_for
from trusted_cloud_chat.schema import Language

_RELATIVE = ("derni", "proch", "last", "next", "this", "cette", "annee")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its scale applied; `unit` is a key of `units`, `sense` is `<`, `>`, `~` or empty."""

    value: float
    unit: str = ""
    sense: str = ""
    scale: float = 1.0
    counted: bool = False
    """Whether it counts things already named: « les deux groupes »."""
    rank: bool = False
    """Whether it is an ordinal: « la seconde », « le troisième étage »."""
    words: str = field(default="", compare=False)
    """As written in the text."""

    def rounds(self, told: "Figure") -> bool:
        """Whether it is `told`, rounded: « 28 % » for 27,6 %, « 15 000 » for 14 900."""
        return self.unit == told.unit and self.is_rounded(told.value)

    def is_rounded(self, value: float, least: int = 1) -> bool:
        """Whether it is `value` rounded to as many significant digits as it has, at least `least`."""
        digits = len(f"{self.value:g}".replace(".", "").partition("e")[0].strip("0"))
        return float(f"{value:.{max(digits, least)}g}") == self.value

    def stands(self, told: "Iterable[Figure]", names: int = 0) -> bool:
        """Whether a figure of `told` matches, or this figure only counts up to `names` things already named."""
        return (self.counted and not self.unit and self.value <= names) or any(map(self._same, told))

    def _same(self, other: "Figure") -> bool:
        unlike = self.unit != other.unit and (bool(self.unit and other.unit) or "%" in (self.unit, other.unit))
        if unlike or {self.sense, other.sense} == {"<", ">"}:
            return False
        # « environ 15 000 » may round 14 900; an exact figure is exact.
        tolerance = 0.025 if self.sense == "~" else 1e-6
        return abs(self.value - other.value) <= tolerance * abs(other.value) + 1e-9


@dataclass(frozen=True, slots=True)
class Moment:
    """A date or period. `year` is False if the text names none: then only month and day are compared."""

    first: date
    last: date
    direction: str = "in"
    year: bool = True
    words: str = field(default="", compare=False)
    """As written in the text."""

    def stands(self, told: "Iterable[Moment]") -> bool:
        """Whether `told` has this date or one within it: « le 17 décembre 2025 » supports « en 2025 »."""
        return any(map(self._same, told))

    def _same(self, other: "Moment") -> bool:
        if {self.direction, other.direction} == {"since", "until"}:
            return False
        if self.year and (other.year or abs(self.first.year - other.first.year) > 1):
            # « le 17 décembre », written in 2026, is in 2025, 2026 or 2027
            return other.year and self.first <= other.first and other.last <= self.last
        if self.first == self.last and other.first == other.last:
            return (self.first.month, self.first.day) == (other.first.month, other.first.day)
        return self.first.month <= other.first.month <= other.last.month <= self.last.month


def moment_of(day: PartialDate, *, year: bool = True) -> Moment:
    return Moment(day.first_day, day.last_day, year=year)


def read_moments(text: str, tokens: Sequence[Word], used: set[int], today: date) -> list[Moment]:
    """The dates and periods; relative ones are resolved against `today`. Adds their token indices to `used`."""
    moments = []
    for period in find_periods(text, today):
        inside = places_within(tokens, period.start, period.end)
        words = [tokens[n].folded for n in inside]
        dated = any(word.startswith(_RELATIVE) or (word.isdecimal() and len(word) == 4) for word in words)
        moments.append(Moment(period.first, period.last, period.direction, dated, text[period.start : period.end]))
        used |= inside
    for n, token in enumerate(tokens):
        if n not in used and token.folded in MONTHS:
            moments += _month(n, tokens, used, today)
        elif n not in used and token.text.isdecimal() and len(token.text) == 4 and token.text[:2] in ("19", "20"):
            moments.append(replace(moment_of(PartialDate(int(token.text))), words=token.text))
            used.add(n)
    return moments


def _month(n: int, tokens: Sequence[Word], used: set[int], today: date) -> list[Moment]:
    """The month at token `n`, without a year: « le 30 juin », "November 29", « en juin »; may be empty."""
    month = PartialDate(today.year, MONTHS[tokens[n].folded])
    for place in (n - 1, n + 1):
        digits = tokens[place].folded.rstrip("erstndh") if 0 <= place < len(tokens) else ""
        if digits.isdecimal() and 1 <= int(digits) <= month.last_day.day:
            used |= {n, place}
            said = f"{tokens[min(n, place)].text} {tokens[max(n, place)].text}"
            return [replace(moment_of(replace(month, day=int(digits)), year=False), words=said)]
    if tokens[n].folded in ("may", "march"):  # often a verb
        return []
    used.add(n)
    return [replace(moment_of(month, year=False), words=tokens[n].text)]


def read_figures(text: str, tokens: Sequence[Word], used: set[int], language: Language) -> list[Figure]:
    """The figures in the tokens that are not in `used`; adds their token indices to it."""
    words = ["" if n in used else token.folded for n, token in enumerate(tokens)]
    found: list[tuple[int, int, Figure]] = []
    for share, places in _shares().find(words).items():
        for start, end in places:
            found.append((start, end, Figure(float(table("shares")[share]), "%")))
            words[start:end] = [""] * (end - start)
    n = 0
    while n < len(words):
        value, end = _number(words, n)
        if end > n:
            figure, end = _with_unit(value, words, n, end)
            rank = end == n + 1 and words[n] in table("ranks")
            counted = words[n].isalpha() and n > 0 and words[n - 1] in ("les", "ces", "des", "the", "these", "both")
            found.append((n, end, replace(figure, sense=_sense(words[:n], language), counted=counted, rank=rank)))
        n = max(end, n + 1)
    for place, (start, end, figure) in enumerate(found):
        used |= set(range(start, end))
        found[place] = (start, end, replace(figure, words=text[tokens[start].start : tokens[end - 1].end]))
    return _with_shared_units(sorted(found, key=lambda each: each[0]), words, language)


@cache
def _shares() -> WordLists:
    return WordLists({share: [share] for share in table("shares")})


def _number(words: Sequence[str], n: int) -> tuple[float, int]:
    """Returns (number at word `n`, in digits or spelt out, index after it); the index is `n` if there is none."""
    scales, spelt = table("scales"), table("numbers") | table("ranks")
    digits = words[n].rstrip(ascii_lowercase)
    if digits.isdecimal() and digits != words[n]:  # « 3e », « 500m »
        return float(digits) * scales.get(words[n][len(digits) :], 1.0), n + 1
    scaled = n + 1 < len(words) and words[n + 1] in scales
    if words[n][:1].isdecimal() and not any(map(str.isalpha, words[n])):
        plain = (words[n] if scaled else THOUSANDS.sub("", words[n])).replace(" ", "").replace(",", ".")
        return float(plain if plain.count(".") < 2 else plain.replace(".", "")), n + 1
    end = n
    while end < len(words) and (words[end] in spelt or (end > n and _links(words, end))):
        end += 1
    read = [word for word in words[n:end] if word in spelt]
    if len(read) > 1 and spelt[read[0]] == 1 and spelt[read[1]] < 100:  # « une trentaine »
        read = read[1:]
    if not read or (read in (["un"], ["une"], ["one"], ["zero"], ["cent"]) and not scaled):
        return 0.0, n
    total, current = 0.0, 0.0
    for word in read:
        value = spelt[word]
        if value >= 100:
            current = max(current, 1) * value
            total, current = (total + current, 0) if value == 1000 else (total, current)
        else:
            current += 76 if word.startswith("vingt") and current % 100 == 4 else value  # quatre-vingts
    return total + current, end


def _links(words: Sequence[str], n: int) -> bool:
    """Whether word `n` links two parts of a number: « vingt et un », "one hundred and twenty"."""
    three = tuple(words[n - 1 : n + 2])
    return three[1:] in (("et", "un"), ("et", "une"), ("et", "onze")) or three[:2] == ("hundred", "and")


@cache
def _units() -> list[tuple[list[str], str]]:
    return [(phrase.split(), unit) for unit, phrases in table("units").items() for phrase in phrases]


def _with_unit(value: float, words: Sequence[str], start: int, end: int) -> tuple[Figure, int]:
    """Returns (figure with the scale and unit after it or the currency sign before it, index after it)."""
    scale = float(table("scales").get(words[end], 0)) if end < len(words) else 0.0
    after = end + 1 if scale else end
    figure = Figure(value * (scale or 1), scale=scale or 1.0)
    place = after + 1 if after < len(words) and words[after] in ("d", "de") else after
    for phrase, unit in _units():
        if list(words[place : place + len(phrase)]) == phrase:
            return replace(figure, unit=unit), place + len(phrase)
    signs = {phrase[0]: unit for phrase, unit in _units() if not phrase[0].isalnum() and unit != "%"}
    return replace(figure, unit=signs.get(words[start - 1], "") if start else ""), after


def _sense(before: Sequence[str], language: Language) -> str:
    near = list(before[-5:])
    while near and near[-1] in ("l", "le", "la", "les", "the", "€", "$", "£"):
        near.pop()
    found = lists(language).find(near)
    senses = (("<", "less"), (">", "more"), ("~", "about"))
    return next((sense for sense, name in senses if any(end == len(near) for _, end in found[name])), "")


def _with_shared_units(
    found: Sequence[tuple[int, int, Figure]], words: Sequence[str], language: Language
) -> list[Figure]:
    """In « entre 300 et 500 milliards d’euros » or « 12-18 mois », gives the first figure the scale and unit of the second."""
    figures = [figure for _, _, figure in found]
    for n in range(len(found) - 2, -1, -1):
        link, figure, second = words[found[n][1] : found[n + 1][0]], figures[n], figures[n + 1]
        linked = not link or (len(link) == 1 and words_for("between", language).has(link[0]))
        if linked and not figure.unit and figure.scale == 1:
            figures[n] = replace(figure, value=figure.value * second.scale, scale=second.scale, unit=second.unit)
    return figures
