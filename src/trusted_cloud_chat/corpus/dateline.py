"""The date of a text that was pasted with it: « Publié le 12 mars 2024 », “March 12, 2024”, « Lyon, le 3 mai 2023 », a time stamp."""

from __future__ import annotations

from collections.abc import Iterator

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.language import patterns

_LINES = 8
"""Lines with something on them that are looked at, from the first,"""
_SHORT_LINES, _SHORT = 4, 140
"""and those, of so many characters at most, in which a day counts although nothing says what it is."""


def stated_date(text: str) -> PartialDate | None:
    """The day that the first lines of `text` say it was published or written on; that of a later edition only without one."""
    lines = [line for line in text.split("\n") if line.strip()][:_LINES]
    found = [(edited, day) for line in lines for edited, day in _dates(line)]
    if found:
        return min(found, key=lambda one: one[0])[1]
    return next((day for line in lines[1:_SHORT_LINES] if (day := _in_short_line(line)) is not None), None)


def _in_short_line(line: str) -> PartialDate | None:
    """The day in a line under the title that is no sentence: « Commission d’enquête – salle 3, mardi 15 octobre 2019, 18 h 30 »."""
    if len(line) > _SHORT or line.rstrip("* _").endswith((".", "!", "?")):
        return None
    match = patterns.DAY_IN_LINE.search(line)
    return _day(match[1]) if match else None


def _dates(line: str) -> Iterator[tuple[bool, PartialDate]]:
    """Whether the line tells of an edition, and the day that it states."""
    match = patterns.DATELINE.match(line)
    stated = patterns.DATED_BY.search(line) or patterns.MEETING_OF.search(line)
    if match is None and stated is None:
        return
    day = _day((match or stated)[1])  # type: ignore[index]  # one of the two is there
    if day is not None:
        yield bool(match is None and stated and patterns.EDITED.search(stated[0])), day


def _day(written: str) -> PartialDate | None:
    """« 1er mars 2024 », “March 12, 2024”, 2024-03-12, 12/03/2024; None where there is no such day."""
    words = written.replace(",", " ").split()
    if len(words) == 3 and words[1].rstrip("stndrh").isdigit() and not words[0][0].isdigit():
        words = [words[1].rstrip("stndrh"), words[0], words[2]]
    try:
        return PartialDate.parse(" ".join(words))
    except ValueError:
        return None
