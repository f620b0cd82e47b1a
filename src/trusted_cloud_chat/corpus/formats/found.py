"""What a reader returns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Found:
    """A text and its metadata, before validation."""

    text: str
    """Blocks of Markdown: headings, paragraphs, lists, tables as pipe rows."""
    fields: dict[str, Any] = field(default_factory=dict)
    """Stated fields, under the keys of front matter: `title`, `publisher`, `date`, `url`, `language`."""
    guessed: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Likely values of other fields, each with its origin: `{"date": ("2024-03-12", "the day …")}`."""
    notices: list[str] = field(default_factory=list)
    row: int = 0
    """The line number of a table's row; 0 for a file that is a single article."""
    refused: str = ""
    """Why this row is not an article."""
    taken: float = 1.0
    """The share of a page's prose that the text contains."""

    def guess(self, key: str, value: object, source: str) -> None:
        """Add a likely `value`, if not empty, for a field that is not stated; earlier guesses take precedence."""
        if value and key not in self.fields:
            self.guessed.setdefault(key, (str(value), source))


@dataclass(frozen=True, slots=True)
class TableForm:
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The columns of each field; empty: recognised by their usual names."""
    delimiter: str | None = None
