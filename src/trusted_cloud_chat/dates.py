"""Dates that keep the precision they were given in: a year, a month or a day."""

import calendar
import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from trusted_cloud_chat.errors import QuestionError

_ESTIMATED = "~"
MONTHS_FR = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
    "novembre", "décembre",
)  # fmt: skip
MONTHS_EN = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


def _plain(text: str) -> str:
    """Lower case without accents: « août » and `AOUT` become equal. (`text.fold` is in a higher layer.)"""
    return "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn").lower()


MONTHS = {_plain(name): n for names in (MONTHS_FR, MONTHS_EN) for n, name in enumerate(names, start=1)}
"""French and English names, folded, with their numbers."""
MONTH_NAMES = tuple(sorted({*MONTHS_FR, *MONTHS_EN, *MONTHS}))
"""With and without their accents."""


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A publication date known to the year, the month or the day.

    A partial date counts as its last day when it is compared with a day, and as its middle when dates are ordered;
    it is in the future only if its first day is.
    """

    year: int
    month: int | None = None
    day: int | None = None
    estimated: bool = False
    """Whether it is only estimated: it is shown as such and not used for ordering. Written « 2024-03-12~ », as EDTF does."""

    @classmethod
    @lru_cache(maxsize=4096)
    def parse(cls, value: str) -> "PartialDate":
        """`2024`, `2024-01`, `2024-01-15`, `01/2024`, `15/01/2024`, « janvier 2024 », "15 January 2024"; anything else raises
        QuestionError, which is a ValueError.
        """
        said = value.strip()
        parts = _parts(said.removesuffix(_ESTIMATED))
        if parts is None:
            raise QuestionError(
                f"{value!r} is not a date: expected a year, a month or a day, as 2024, 2024-01, 2024-01-15, "
                "15/01/2024 or « 15 janvier 2024 »"
            )
        year, month, day = parts
        parsed = cls(year, month, day, said.endswith(_ESTIMATED))
        try:
            date(year, 1 if month is None else month, 1 if day is None else day)
        except ValueError as error:
            raise QuestionError(f"{value!r} is not a date: {error}") from None
        return parsed

    @property
    def first_day(self) -> date:
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last_day(self) -> date:
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    @property
    def middle(self) -> date:
        """The middle of the period, for ordering: « 2025 » comes before December 2025."""
        return date.fromordinal((self.first_day.toordinal() + self.last_day.toordinal()) // 2)

    def __str__(self) -> str:
        parts = [f"{self.year:04d}"]
        if self.month:
            parts.append(f"{self.month:02d}")
        if self.day:
            parts.append(f"{self.day:02d}")
        return "-".join(parts) + _ESTIMATED * self.estimated

    @property
    def iso(self) -> str:
        """The JSON form, whether estimated or not."""
        return str(self).removesuffix(_ESTIMATED)

    def spoken(self, language: str = "fr") -> str:
        """The date in full: « 1er mars 2026 », « mars 2026 », "1 March 2026", « 2026 », « 2026 (date estimée) »."""
        if self.estimated:
            said = replace(self, estimated=False).spoken(language)
            return f"{said} ({'estimated date' if language == 'en' else 'date estimée'})"
        if self.month is None:
            return str(self.year)
        if language == "en":
            month = MONTHS_EN[self.month - 1]
            return f"{self.day} {month} {self.year}" if self.day else f"{month} {self.year}"
        month = MONTHS_FR[self.month - 1]
        if self.day is None:
            return f"{month} {self.year}"
        day = "1er" if self.day == 1 else str(self.day)
        return f"{day}\u00a0{month} {self.year}"


def _parts(value: str) -> tuple[int, int | None, int | None] | None:
    """Year, month and day of `2025-03-14`, `14/03/2025`, « 14 mars 2025 » and their shorter forms; None for any other text."""
    if "-" in value or "/" in value:
        parts = value.split("-") if "-" in value else value.split("/")[::-1]
    else:
        parts = _plain(value).split()[::-1]
        if len(parts) > 1:
            parts[1] = str(MONTHS.get(parts[1], ""))
        if len(parts) > 2:
            parts[2] = parts[2].removesuffix("er")
    sizes = [4, 2, 2][: len(parts)]
    if not 1 <= len(parts) <= 3 or not all(p.isascii() and p.isdigit() for p in parts):
        return None
    if len(parts[0]) != 4 or any(len(p) > size for p, size in zip(parts, sizes, strict=True)):
        return None
    numbers = [*(int(p) for p in parts), None, None]
    return int(parts[0]), numbers[1], numbers[2]


def spoken_day(day: date, language: str = "fr") -> str:
    """A full calendar day written out in the reader's language."""
    return PartialDate(day.year, day.month, day.day).spoken(language)
