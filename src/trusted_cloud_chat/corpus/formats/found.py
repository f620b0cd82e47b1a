"""What a reader finds in a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(slots=True)
class Found:
    """One text and what its file says of it. Nothing here is checked yet."""

    text: str
    """In blocks of Markdown: headings, paragraphs, lists, tables as pipe rows."""
    fields: dict[str, Any] = field(default_factory=dict)
    """What is stated, by the keys of front matter: `title`, `publisher`, `date`, `url`, `language`."""
    guessed: dict[str, tuple[str, str]] = field(default_factory=dict)
    """What may be so where nothing is stated, and where it was taken from: `{"date": ("2024-03-12", "the day …")}`."""
    notices: list[str] = field(default_factory=list)
    row: int = 0
    """Its number in a table whose rows are articles, as an editor counts; 0 for a file that is one article."""
    refused: str = ""
    """Why this row is no article."""
    taken: float = 1.0
    """The share of a page's prose that its text has."""

    def guess(self, key: str, value: object, source: str) -> None:
        """Take `value`, if there is one, for what nothing states."""
        if value and key not in self.fields:
            self.guessed.setdefault(key, (str(value), source))

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Table:
    """How the rows of a table become articles: the column, or columns, of each field; empty: by their usual names."""

    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    delimiter: str | None = None

    def to_dict(self) -> dict[str, Any]:
        return {"columns": {key: list(names) for key, names in self.columns.items()}, "delimiter": self.delimiter}
