"""What a question is asked of, as its reader sets it: a day, a period, a kind of source, a name. No Gradio here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trusted_cloud_chat.dates import spoken_day
from trusted_cloud_chat.scope import Scope, scope_of
from trusted_cloud_chat.web.status import status_html
from trusted_cloud_chat.web.strings import Strings

Choices = tuple[Sequence[str], Sequence[str]]
"""Kinds of source and names that can be chosen."""


@dataclass(frozen=True, slots=True)
class Filters:
    """As they were typed and chosen; empty: not set."""

    as_of: str = ""
    first: str = ""
    last: str = ""
    kind: str = ""
    about: str = ""

    @classmethod
    def of(cls, *values: str | None) -> Filters:
        return cls(*(value.strip() if isinstance(value, str) else "" for value in values))

    def scope(self) -> Scope:
        """All but the day. Raises ValueError for a period that is none."""
        return scope_of(
            self.first or None, self.last or None, [self.kind][: bool(self.kind)], [self.about][: bool(self.about)]
        )


NO_FILTERS = Filters()


def said(scope: Scope, strings: Strings) -> list[str]:
    """Each part of it that is set."""
    days = ((strings.filter_first, scope.first), (strings.filter_last, scope.last))
    return [
        *(text.format(day=spoken_day(day, strings.language)) for text, day in days if day),
        *(strings.filter_kind.format(kind=strings.source_types.get(kind, kind)) for kind in scope.source_types),
        *(strings.filter_about.format(name=name) for name in scope.about),
    ]


def line_html(filters: Filters, strings: Strings) -> str:
    """What is set beside the day, in one line that screen readers announce; empty where nothing is."""
    try:
        told = said(filters.scope(), strings)
    except ValueError:
        return status_html(strings.filter_wrong, "warning", name="tcc-set-says")
    return status_html(f"{strings.filter_set} {' · '.join(told)}" if told else "", "active", name="tcc-set-says")
