"""Finds the date of a text in its first or last lines (« Publié le 12 mars 2024 », « Lyon, le 3 mai 2023 »), its metadata or its file's name."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.calendar_words import SHORT_MONTHS
from trusted_cloud_chat.language.detection import detect_language
from trusted_cloud_chat.language.normalise import fold

_FIRST_LINES, _LETTER_HEAD, _LAST_LINES = 8, 14, 15
"""Non-blank lines searched at the beginning; lines up to which a letter's dateline counts; lines searched at the end."""
_SHORT_LINES, _SHORT = 4, 140
"""Lines, and their maximum characters, in which an unlabelled date counts."""
_DATES_PER_LINE = 3
"""« Mis à jour le 5 avril, publié le 12 mars »."""
_EDITION, _UNLABELLED = "the day of an edition: its publication date is not stated", "a day under the title"
_BARS_OF_A_LABEL, _CLOCK = 3, 20
"""Bars in a row of two cells; characters that may follow a date in its line: « à 9 h 30 (heure de Paris) »."""


class Stated(NamedTuple):
    day: PartialDate
    guessed: str = ""
    """Why the date is only likely: it is that of a later edition, or has no label."""


def stated_date(text: str, today: date) -> Stated | None:
    """The publication date in the first or last lines of `text`, else that of a later edition, else an unlabelled one under the title.

    A day after `today` is a deadline or a coming event. `03/12/2024` in an English text is ambiguous and does not count.
    """
    every = [line for line in text.split("\n") if line.strip() and not _is_row(line)]
    lines = [_labelled(line, after) for line, after in pairwise([*every[:_FIRST_LINES], ""])]
    # A letter is dated below the addresses, a contract at its end, on a line of its own: other lines mention other days.
    lines += [line for line in every[_FIRST_LINES:_LETTER_HEAD] if patterns.DATELINE.match(line)]
    lines += [line for line in every[_FIRST_LINES:][-_LAST_LINES:] if patterns.DONE_AT.match(line)]
    english = detect_language(text) == "en"
    labelled_first = sorted(lines, key=lambda line: patterns.DATED_BY.search(line) is None)
    dates = [stated for line in labelled_first for stated in _dates(line, english=english)]
    if dates := [stated for stated in dates if stated.day.first_day <= today]:
        return min(dates, key=lambda stated: bool(stated.guessed))
    under = [line for line in lines[1:_SHORT_LINES] if not line.lstrip().startswith("|")]
    unlabelled = (_in_short_line(line, english=english) for line in under)
    return next((Stated(day, _UNLABELLED) for day in unlabelled if day and day.first_day <= today), None)


def published_on(line: str) -> str:
    """The publication date that a line states, in ISO format; empty if it states none."""
    dates = [stated.day for stated in _dates(line, english=False) if not stated.guessed]
    return str(dates[0]) if dates and patterns.DATED_BY.search(line) else ""


def _labelled(line: str, after: str) -> str:
    """Joins « Date de publication » with the date in the line below."""
    label = line.lstrip("- ")
    return f"{label} : {after.lstrip('- ')}" if patterns.DATE_LABEL.match(label) else line


def says_only_its_day(line: str) -> bool:
    """Whether a line states only a date: « Publié le 12 mars 2024 à 9 h 30 » is not a title."""
    stated = patterns.DATED_BY.search(line) or patterns.DATELINE.match(line)
    return stated is not None and stated.end() - stated.start() + _CLOCK >= len(line.strip())


def _is_row(line: str) -> bool:
    """Whether the line is a table row, whose dates are its subject; « Date : | 12 mars 2024 », a label and its date, is not."""
    return line.lstrip().startswith("|") and line.count("|") != _BARS_OF_A_LABEL


def _day_in(text: str, *, english: bool = False) -> PartialDate | None:
    match = patterns.DAY_IN_LINE.search(text)
    return _day(match[1], english=english) if match else None


def _in_short_line(line: str, *, english: bool) -> PartialDate | None:
    """The date in a line under the title that is not a sentence: « Commission d’enquête – salle 3, mardi 15 octobre 2019, 18 h 30 »."""
    if len(line) > _SHORT or line.rstrip("* _").endswith((".", "!", "?")) or patterns.NOT_PUBLISHED.search(line):
        return None
    return _day_in(line, english=english)


def _dates(line: str, *, english: bool) -> Iterator[Stated]:
    """The publication date of the line; beside the date of an edition also the dates before and after it."""
    for _ in range(_DATES_PER_LINE):
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
    """« 1er mars 2024 », “March 12, 2024”, “12 Mar. 2024”, 2024-03-12, 12/03/2024; None for an invalid or ambiguous date."""
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
_MONTH_FIRST = _RANKS["msdate"]
_LONGEST = 100


def rank_of(name: str) -> int | None:
    """How reliably a field of that name (« publication_date », « ms.date ») holds the date, lower is better; None for another name."""
    return _RANKS.get("".join(filter(str.isalpha, fold(name))))


def is_published(name: str) -> bool:
    """Whether a field of that name holds the date of publication, not of a change."""
    rank = rank_of(name)
    return rank is not None and rank < len(_NAMES)


def stated_day(fields: Mapping[str, Any]) -> tuple[PartialDate | None, str]:
    """The date among `fields`; if none can be read, the text of the most reliable field."""
    ranked = sorted((rank, name) for name in fields if (rank := rank_of(name)) is not None)
    values = [(str(fields[name])[:_LONGEST], rank) for rank, name in ranked if fields[name] not in (None, "")]
    days = (read_day(value, american=rank == _MONTH_FIRST) for value, rank in values)
    day = next(filter(None, days), None)
    return day, "" if day or not values else values[0][0]


def read_day(value: str, *, american: bool = False) -> PartialDate | None:
    """`2024-03-12T08:00:00Z`, `2024-03-12~`, `20240312`, `2024/03/12`, « 12 mars 2024 », “March 12, 2024”, Tue, 12 Mar 2024 08:00:00 GMT."""
    text = value.strip()
    numbers = text.split("/")
    if american and len(numbers) == 3 and len(numbers[2]) == 4:
        text = f"{numbers[2]}-{numbers[0]:0>2}-{numbers[1]:0>2}"
    if len(text) == 8 and text.isdigit():
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    if text[4:5] == text[7:8] and text[4:5] in ("-", "/", ".") and not text[10:11].isdigit() and text[10:] != "~":
        text = text[:10].replace(text[4], "-")
    try:
        return PartialDate.parse(text)
    except ValueError:
        return _day_in(text)


def day_of_name(name: str) -> PartialDate | None:
    """`2026-03-10-ia.md`, `20260310_ia.pdf`, `2026-03 bulletin.md`."""
    match = patterns.DAY_IN_NAME.search(name)
    try:
        return PartialDate.parse("-".join(filter(None, match.groups()))) if match else None
    except ValueError:
        return None
