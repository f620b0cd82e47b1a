"""The date of a text that was pasted with it: « Publié le 12 mars 2024 », “March 12, 2024”, « Lyon, le 3 mai 2023 », a time stamp."""

from __future__ import annotations

from collections.abc import Iterator

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.language import patterns

_LINES = 8
"""Lines with something on them that are looked at, from the first."""


def stated_date(text: str) -> PartialDate | None:
    """The day that the first lines of `text` say it was published or written on; that of a later edition only without one."""
    lines = [line for line in text.split("\n") if line.strip()][:_LINES]
    found = [(edited, day) for line in lines for edited, day in _dates(line)]
    return min(found, key=lambda one: one[0])[1] if found else None


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
