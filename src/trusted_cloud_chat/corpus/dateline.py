"""The date of a text: in its first or last lines (« Publié le 12 mars 2024 », « Lyon, le 3 mai 2023 »), in its metadata, in its file's name."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.calendar_words import SHORT_MONTHS
from trusted_cloud_chat.language.detection import detect_language
from trusted_cloud_chat.language.normalise import fold

_LINES, _FURTHER, _LAST = 8, 14, 15
"""Non-blank lines that are read at the beginning; those up to which a line with only a day counts; and those at the end;"""
_SHORT_LINES, _SHORT = 4, 140
"""lines, and their most characters, in which a day counts although nothing says what it stands for."""
_DAYS = 3
"""Days that are read in a line: « Mis à jour le 5 avril, publié le 12 mars »."""
_EDITION, _UNSAID = "the day of an edition: when it was published is not said", "a day under the title"
_LABELLED, _CLOCK = 3, 20
"""Bars in a row of two cells; characters that may follow a day in its line: « à 9 h 30 (heure de Paris) »."""


class Stated(NamedTuple):
    day: PartialDate
    guessed: str = ""
    """Why it is only likely: it is the day of a later edition, or nothing says what it means."""


def stated_date(text: str, today: date) -> Stated | None:
    """The day on which the first or last lines of `text` say that it was published or written; the day of a later edition if there is no other.

    A day after `today` is a deadline or a coming event. `03/12/2024` in an English text is ambiguous and does not count.
    """
    every = [line for line in text.split("\n") if line.strip() and not _is_row(line)]
    lines = [_labelled(line, after) for line, after in pairwise([*every[:_LINES], ""])]
    # A letter has its day below the addresses, a contract at its end, on a line of its own: other lines mention other days.
    lines += [line for line in every[_LINES:_FURTHER] if patterns.DATELINE.match(line)]
    lines += [line for line in every[_LINES:][-_LAST:] if patterns.DONE_AT.match(line)]
    english = detect_language(text) == "en"
    said = sorted(lines, key=lambda line: patterns.DATED_BY.search(line) is None)
    found = [one for line in said for one in _dates(line, english=english) if one.day.first_day <= today]
    if found:
        return min(found, key=lambda one: bool(one.guessed))
    under = [line for line in lines[1:_SHORT_LINES] if not line.lstrip().startswith("|")]
    unsaid = (_in_short_line(line, english=english) for line in under)
    return next((Stated(day, _UNSAID) for day in unsaid if day is not None and day.first_day <= today), None)


def published_on(line: str) -> str:
    """The publication day that a line states, in ISO's form; empty if it states none."""
    found = [one.day for one in _dates(line, english=False) if not one.guessed]
    return str(found[0]) if found and patterns.DATED_BY.search(line) else ""


def day_in(said: str) -> PartialDate | None:
    """The day in a few words, whatever surrounds it."""
    match = patterns.DAY_IN_LINE.search(said)
    return _day(match[1], english=False) if match else None


def _labelled(line: str, after: str) -> str:
    """« Date de publication », joined with its day in the line below."""
    label = line.lstrip("- ")
    return f"{label} : {after.lstrip('- ')}" if patterns.DATE_LABEL.match(label) else line


def says_only_its_day(line: str) -> bool:
    """« Publié le 12 mars 2024 à 9 h 30 »: not a title."""
    stated = patterns.DATED_BY.search(line) or patterns.DATELINE.match(line)
    return stated is not None and stated.end() - stated.start() + _CLOCK >= len(line.strip())


def _is_row(line: str) -> bool:
    """A row of a table, whose days are its subject; « Date : | 12 mars 2024 », a label and its day, is an ordinary line."""
    return line.lstrip().startswith("|") and line.count("|") != _LABELLED


def _in_short_line(line: str, *, english: bool) -> PartialDate | None:
    """The day in a line under the title that is not a sentence: « Commission d’enquête – salle 3, mardi 15 octobre 2019, 18 h 30 »."""
    if len(line) > _SHORT or line.rstrip("* _").endswith((".", "!", "?")) or patterns.NOT_PUBLISHED.search(line):
        return None
    match = patterns.DAY_IN_LINE.search(line)
    return _day(match[1], english=english) if match else None


def _dates(line: str, *, english: bool) -> Iterator[Stated]:
    """The day that the line states; if it is the day of an edition, also a day before or after it."""
    for _ in range(_DAYS):
        stated = patterns.DATED_BY.search(line) or patterns.DATELINE.match(line) or patterns.MEETING_OF.search(line)
        if stated is None or patterns.NOT_PUBLISHED.search(stated[0]):
            return
        edited = patterns.EDITED.search(stated[0])
        day = _day(stated[1], english=english)
        if day is not None:
            yield Stated(day, _EDITION if edited else "")
        if edited is None:
            return
        before = _in_short_line(line[: stated.start() + edited.start()], english=english)
        if before is not None:
            yield Stated(before)
        line = line[stated.end() :]


def _day(written: str, *, english: bool) -> PartialDate | None:
    """« 1er mars 2024 », “March 12, 2024”, “12 Mar. 2024”, 2024-03-12, 12/03/2024; None if there is no such day."""
    if written.replace(".", "").isdigit():  # 27.02.2025
        written = written.replace(".", "/")
    if "/" in written:
        first, second, _ = written.split("/")
        if english and int(first) <= 12 and int(second) <= 12 and first != second:
            return None
    words = written.replace(",", " ").replace(".", " ").split()
    if len(words) == 3:
        day, month, year = words if words[0][0].isdigit() else (words[1], words[0], words[2])
        month = SHORT_MONTHS.get(fold(month), month)
        words = [day.rstrip("stndrhe"), month, year]
    try:
        return PartialDate.parse(" ".join(words))
    except ValueError:
        return None


_NAMES = (
    "date datepublished publisheddate publicationdate datepublication datedepublication published publishedat publishedon publishdate "
    "publishedtime firstpublished pubdate publie publiele parution dateparution datedeparution datedemiseenligne miseenligne misenligne "
    "misenlignele dateissued issued dcdateissued dctermsissued dcdate citationpublicationdate citationdate articlepublishedtime "
    "articlepublished sailthrudate parselypubdate msdate"
).split()
_CHANGED = "updated lastmod lastmodified modified datemodified lastupdated updatedat lastupdate miseajour misajour misajourle datemaj maj".split()
_RANKS = {name: rank for rank, name in enumerate([*_NAMES, *_CHANGED])}
_OF_AMERICA = "msdate"
"""Its days are written month first."""
_LONGEST = 100
"""Characters of a day."""


def rank_of(name: str) -> int | None:
    """How reliably a field of that name (« publication_date », « ms.date ») holds the day, lower is better; None for another name."""
    return _RANKS.get("".join(filter(str.isalpha, fold(name))))


def is_published(name: str) -> bool:
    """Whether a field of that name holds the day of publication, not of a change."""
    rank = rank_of(name)
    return rank is not None and rank < len(_NAMES)


def stated_day(fields: Mapping[str, Any]) -> tuple[PartialDate | None, str]:
    """The day among `fields`, and the value that stands in its place if it cannot be read."""
    ranked = sorted(
        (rank, name) for name in fields if (rank := rank_of(name)) is not None and fields[name] not in (None, "")
    )
    said = [(str(fields[name])[:_LONGEST], rank == _RANKS[_OF_AMERICA]) for rank, name in ranked]
    days = (read_day(value, american=american) for value, american in said)
    day = next((day for day in days if day is not None), None)
    return day, "" if day or not said else said[0][0]


def read_day(value: str, *, american: bool = False) -> PartialDate | None:
    """`2024-03-12T08:00:00Z`, `2024-03-12~`, `20240312`, `2024/03/12`, « 12 mars 2024 », “March 12, 2024”, Tue, 12 Mar 2024 08:00:00 GMT."""
    said = value.strip()
    numbers = said.split("/")
    if american and len(numbers) == 3 and len(numbers[2]) == 4:
        said = f"{numbers[2]}-{numbers[0]:0>2}-{numbers[1]:0>2}"
    if len(said) == 8 and said.isdigit():
        said = f"{said[:4]}-{said[4:6]}-{said[6:]}"
    if said[4:5] == said[7:8] and said[4:5] in ("-", "/", ".") and not said[10:11].isdigit() and said[10:] != "~":
        said = said[:10].replace(said[4], "-")
    try:
        return PartialDate.parse(said)
    except ValueError:
        return day_in(said)


def day_of_name(name: str) -> PartialDate | None:
    """`2026-03-10-ia.md`, `20260310_ia.pdf`, `2026-03 bulletin.md`."""
    match = patterns.DAY_IN_NAME.search(name)
    try:
        return PartialDate.parse("-".join(filter(None, match.groups()))) if match else None
    except ValueError:
        return None
