"""Checks that the figures, dates and names of a text occur in its sources, in French or English.

If none is lacking, none was invented; the text may still be false.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import combinations
from typing import Literal

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.language.words import words
from trusted_cloud_chat.particulars.figures import Figure, Moment, moment_of
from trusted_cloud_chat.particulars.reading import Particulars, read_particulars
from trusted_cloud_chat.schema import Language

_COUNTED = 3
"""A count up to this (« les deux sociétés ») needs no figure in the sources."""
_FEW = 20
"""A number without a unit may, up to this value, count items of the text."""
_A_YEAR = 364
"""Days between the first and the last day of a year."""


@dataclass(frozen=True, slots=True)
class Lack:
    """A particular of a text that its sources lack."""

    kind: Literal["figure", "date", "name"]
    words: str
    """As written in the text."""

    def __str__(self) -> str:
        return f"the {self.kind} {self.words!r}"


@dataclass(frozen=True, slots=True)
class Ground:
    """The particulars of a text's sources."""

    texts: tuple[Particulars, ...]
    folded: str

    def lacks(self, text: str, language: Language, today: date, entities: EntityBook) -> Iterator[Lack]:
        """The figures, dates and names of `text` that the sources lack."""
        said = read_particulars(text, language, today, entities)
        written = {word.folded for word in words(self.folded)}  # « n° 6282-SG » is a figure in only one language
        for figure in said.figures:
            if not figure.stands(self._figures, _COUNTED) and f"{figure.value:g}" not in written:
                yield Lack("figure", figure.words)
        yield from (Lack("date", moment.words) for moment in said.moments if not moment.stands(self._moments))
        for name in self._missing(said):
            yield Lack("name", said.names.written[name])

    def strange(self, text: str, language: Language, today: date, entities: EntityBook) -> Iterator[Lack]:
        """The lacking particulars that a reader should check. Omits figures that are counts, rounded, computed or spelt out; a name at the
        start of the text; unknown names if all sources are in another language; figures and dates if a source spells its numbers out.
        """
        said = read_particulars(text, language, today, entities)
        numbers = {float(number) for number in _digits(self.folded)} | {figure.value for figure in self._figures}
        if not any(map(_spells_out, self.texts)):
            for figure in said.figures:
                if not figure.stands(self._figures, _COUNTED) and not _may_be_worked_out(
                    figure, self._figures, numbers
                ):
                    yield Lack("figure", figure.words)
            for moment in said.moments:
                year = len(_digits(moment.words)) == 1 and float(moment.first.year) in numbers
                if (
                    _digits(moment.words)
                    and not year
                    and not moment.stands(self._moments)
                    and not self._has_parts(moment)
                ):
                    yield Lack("date", moment.words)
        foreign = all(one.names.language != language for one in self.texts)
        for name in self._missing(said):
            if name.startswith("=") or not (foreign or text.startswith(said.names.written[name])):
                yield Lack("name", said.names.written[name])

    @property
    def _figures(self) -> list[Figure]:
        return [figure for one in self.texts for figure in one.figures]

    @property
    def _moments(self) -> list[Moment]:
        return [moment for one in self.texts for moment in one.moments]

    def _missing(self, said: Particulars) -> list[str]:
        """Keys of the names that no source has."""
        missing = set.intersection(*(said.names.lacking(one.names) for one in self.texts))
        return [name for name in sorted(missing) if name.lstrip("=") not in self.folded]

    def has_date(self, day: PartialDate) -> bool:
        """Whether the date is stated or falls within a stated period."""
        told = self._moments
        inside = any(moment.first <= day.first_day and day.last_day <= moment.last for moment in told if moment.year)
        return inside or moment_of(day).stands(told)

    def _has_parts(self, moment: Moment) -> bool:
        """Whether the sources have its parts: « le 19 » and a date in 2025 for « le 19 mai 2025 »; for a year, see `has_term`."""
        if moment.first != moment.last:
            return self.has_term(PartialDate(moment.first.year)) and (moment.last - moment.first).days >= _A_YEAR
        named = not moment.year or any(one.first.year == moment.first.year for one in self._moments)
        return named and any(not one.unit and one.value == moment.first.day for one in self._figures)

    def has_term(self, day: PartialDate) -> bool:
        """Whether `day` is a year that follows from a date and a term in years: 2022 from « en 2020 » and « sous deux ans »."""
        spans = [figure.value for figure in self._figures if figure.unit == "year"]
        return day.month is None and any(one.first.year + years == day.year for one in self._moments for years in spans)


class GroundReader:
    """Caches the particulars of each text."""

    def __init__(self, today: date, entities: EntityBook) -> None:
        self._particulars = cache(lambda text, language: read_particulars(text, language, today, entities))

    def ground(self, texts: Sequence[str], language: Language) -> Ground:
        """The ground of `texts`, all in `language`; empty texts are skipped."""
        told = [text for text in texts if text]
        return Ground(tuple(self._particulars(text, language) for text in told), fold(" ".join(told)))


def _may_be_worked_out(figure: Figure, told: Sequence[Figure], numbers: set[float]) -> bool:
    """Whether it is spelt out, a small count, a source's number or its rounding, or the sum, difference, product or percentage of two."""
    value, few = figure.value, not figure.unit and figure.value <= _FEW and figure.value.is_integer()
    if few or not _digits(figure.words) or value in numbers or any(map(figure.rounds, told)):
        return True
    return any(figure.is_rounded(result, 2) for one, two in combinations(told, 2) for result in _worked_out(one, two))


def _worked_out(one: Figure, two: Figure) -> tuple[float, ...]:
    part = 100 if "%" in (one.unit, two.unit) else 1
    return one.value + two.value, abs(one.value - two.value), one.value * two.value / part


def _spells_out(text: Particulars) -> bool:
    """Whether it is a transcript of speech, with all numbers spelt out (« vingt-sept virgule deux »): they cannot be compared with digits."""
    spelt = [figure for figure in text.figures if not _digits(figure.words)]
    return len(spelt) == len(text.figures) and any(figure.value > _FEW for figure in spelt)


def _digits(text: str) -> list[str]:
    return "".join(character if character.isdecimal() else " " for character in text).split()
