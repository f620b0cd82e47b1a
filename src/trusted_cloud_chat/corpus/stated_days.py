"""Where people write the day of a text beside it: under what names, in which forms, in the name of its file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from trusted_cloud_chat.corpus.dateline import day_in
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.normalise import fold

_NAMES = (
    "date datepublished publisheddate publicationdate datepublication datedepublication published publishedat publishedon publishdate "
    "publishedtime firstpublished pubdate publie publiele parution dateparution datedeparution datedemiseenligne miseenligne misenligne "
    "misenlignele dateissued issued dcdateissued dctermsissued dcdate citationpublicationdate citationdate articlepublishedtime "
    "articlepublished sailthrudate parselypubdate msdate"
).split()
_CHANGED = "updated lastmod lastmodified modified datemodified lastupdated updatedat lastupdate miseajour misajour misajourle datemaj maj".split()
_RANKS = {name: rank for rank, name in enumerate([*_NAMES, *_CHANGED])}
_OF_AMERICA = "msdate"
"""Whose days are written month first."""
_MOST = 10_000
"""A year."""


def rank_of(name: str) -> int | None:
    """How surely a field of that name, « publication_date », « ms.date », holds the day: the lower, the surer; None for no such name."""
    return _RANKS.get("".join(filter(str.isalpha, fold(name))))


def is_published(name: str) -> bool:
    """Whether a field of that name tells of the publication, and not of a change."""
    rank = rank_of(name)
    return rank is not None and rank < len(_NAMES)


def stated_day(fields: Mapping[str, Any]) -> tuple[PartialDate | None, str]:
    """The day among `fields`, and where there is none that can be read what stands in its place."""
    ranked = sorted(
        (rank, name) for name in fields if (rank := rank_of(name)) is not None and fields[name] not in (None, "")
    )
    said = [(_said(fields[name]), rank == _RANKS[_OF_AMERICA]) for rank, name in ranked]
    days = (read_day(value, american=american) for value, american in said)
    day = next((day for day in days if day is not None), None)
    return day, "" if day or not said else said[0][0]


def _said(value: Any) -> str:
    """A field's value in words; a number of thousands of digits, which Python does not write, has none."""
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool) and value < _MOST):
        return str(value)
    return str(value) if isinstance(value, date) else f"of {type(value).__name__}"


def read_day(value: str, *, american: bool = False) -> PartialDate | None:
    """`2024-03-12T08:00:00Z`, `2024/03/12`, « 12 mars 2024 », “March 12, 2024”, Tue, 12 Mar 2024 08:00:00 GMT."""
    said = value.strip()
    numbers = said.split("/")
    if american and len(numbers) == 3 and len(numbers[2]) == 4:
        said = f"{numbers[2]}-{numbers[0]:0>2}-{numbers[1]:0>2}"
    if said[4:5] == said[7:8] and said[4:5] in ("-", "/", ".") and not said[10:11].isdigit():
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
