"""Filters of a question: the articles' publication period, kind of source and names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.errors import QuestionError


@dataclass(frozen=True, slots=True)
class Scope:
    """A filter that is not set excludes nothing."""

    first: date | None = None
    """Published that day or later; a partial date counts if any of its days does."""
    last: date | None = None
    source_types: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    """Names from the aliases: an article must mention one of them in its title or text."""
    articles: frozenset[tuple[str, str]] = frozenset()
    """Only these versions: (article id, version)."""

    def __bool__(self) -> bool:
        return self != EVERYTHING

    def in_time(self, day: PartialDate | None) -> bool:
        """Whether that publication date is within the period; undated articles are only if no day is set."""
        if self.first is None and self.last is None:
            return True
        if day is None:
            return False
        return (self.first is None or day.last_day >= self.first) and (self.last is None or day.first_day <= self.last)

    def of_kind(self, source_type: str | None) -> bool:
        return not self.source_types or source_type in self.source_types


EVERYTHING = Scope()


def scope_of(first: str | None, last: str | None, source_types: Sequence[str], about: Sequence[str]) -> Scope:
    """Parse the filters. Raises QuestionError for an invalid date, or a first day after the last."""
    opens = PartialDate.parse(first).first_day if first else None
    closes = PartialDate.parse(last).last_day if last else None
    if opens and closes and opens > closes:
        raise QuestionError(f"{first!r} comes after {last!r}")
    try:
        "".join([*source_types, *about]).encode()
    except UnicodeEncodeError as error:  # a lone surrogate
        raise QuestionError(str(error)) from None
    return Scope(opens, closes, tuple(source_types), tuple(about))
