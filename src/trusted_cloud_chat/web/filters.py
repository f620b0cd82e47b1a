"""A question's filters: day, period, kind of source, name. No Gradio here."""

from dataclasses import dataclass
from datetime import date

from trusted_cloud_chat.dates import PartialDate, spoken_day
from trusted_cloud_chat.scope import Scope, scope_of
from trusted_cloud_chat.web.escaping import status_html
from trusted_cloud_chat.web.strings import Strings


@dataclass(frozen=True, slots=True)
class Filters:
    """Values as typed or chosen; empty if not set."""

    as_of: str = ""
    first: str = ""
    last: str = ""
    kind: str = ""
    about: str = ""

    @classmethod
    def of(cls, *values: str | None) -> "Filters":
        return cls(*(value.strip() if isinstance(value, str) else "" for value in values))

    def scope(self) -> Scope:
        """The scope without the day. Raises ValueError for an invalid period."""
        return scope_of(self.first, self.last, [self.kind] * bool(self.kind), [self.about] * bool(self.about))


NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Day:
    """A field for a day: its text, and the day or an error message."""

    typed: str = ""
    day: date | None = None
    wrong: str = ""


def read_day(typed: str, strings: Strings, today: date | None = None, *, last: bool = True) -> Day:
    """A year, month or day counts as its `last` day, else as its first; it does not begin after `today`."""
    value = typed.strip()
    if not value:
        return Day()
    try:
        parsed = PartialDate.parse(value)
    except ValueError:
        return Day(value, None, strings.as_of_invalid.format(value=value))
    if today and parsed.first_day > today:
        return Day(value, None, strings.as_of_future.format(value=value))
    return Day(value, parsed.last_day if last else parsed.first_day)


def said(scope: Scope, strings: Strings) -> list[str]:
    """The active filters in words."""
    days = ((strings.filter_first, scope.first), (strings.filter_last, scope.last))
    return [
        *(text.format(day=spoken_day(day, strings.language)) for text, day in days if day),
        *(strings.filter_kind.format(kind=strings.source_types.get(kind, kind)) for kind in scope.source_types),
        *(strings.filter_about.format(name=name) for name in scope.about),
    ]


def line_html(filters: Filters, strings: Strings) -> str:
    """The active filters, without the day, as a live region; empty if none is set."""
    try:
        told = said(filters.scope(), strings)
    except ValueError:
        return status_html(strings.filter_wrong, "warning", name="tcc-set-says")
    return status_html(f"{strings.filter_set} {' · '.join(told)}" if told else "", "active", name="tcc-set-says")
