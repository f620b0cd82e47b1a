"""What a reader returns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Found:
    """One text and what its file says about it, not validated yet."""

    text: str
    """In blocks of Markdown: headings, paragraphs, lists, tables as pipe rows."""
    fields: dict[str, Any] = field(default_factory=dict)
    """Stated fields, under the keys of front matter: `title`, `publisher`, `date`, `url`, `language`."""
    guessed: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Likely values of fields that are not stated, each with its origin: `{"date": ("2024-03-12", "the day …")}`."""
    notices: list[str] = field(default_factory=list)
    row: int = 0
    """Its line in a table whose rows are articles, as an editor counts; 0 for a file that is one article."""
    refused: str = ""
    """Why this row is not an article."""
    taken: float = 1.0
    """The share of a page's prose that the text contains."""

    def guess(self, key: str, value: object, source: str) -> None:
        """Guess `value`, if there is one, for a field that is not stated."""
        if value and key not in self.fields:
            self.guessed.setdefault(key, (str(value), source))


@dataclass(frozen=True, slots=True)
class TableForm:
    """How the rows of a table become articles: the columns of each field; empty: recognised by their usual names."""

    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    delimiter: str | None = None
