"""One small reader for each format, what it returns, and its limits. Parsers run in a separate process (`confined.py`)."""

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

READERS = {
    ".html": "web_page:read",
    ".htm": "web_page:read",
    ".xhtml": "web_page:read",
    ".mhtml": "mail:read_page",
    ".mht": "mail:read_page",
    ".pdf": "pdf:read",
    ".docx": "word:read",
    ".odt": "word:read_odt",
    ".rtf": "word:read_rtf",
    ".pptx": "office:read",
    ".xlsx": "office:read_workbook",
    ".xls": "office:read_workbook",
    ".ods": "office:read_workbook",
    ".eml": "mail:read",
    ".epub": "book:read",
}
"""Suffix → module and function: a path → `Found`."""
CONVERTED = {".doc": "DOCX", ".ppt": "PPTX", ".odp": "PPTX"}
"""Suffix → the format to convert it to: no small library reads these well, but every office program converts them."""
TABLES = {".csv": "tables:read_csv", ".jsonl": "tables:read_jsonl"}
"""Suffix → module and function: a path and a `TableForm` → a `Found` for each row."""
LISTINGS = {".listing": "listing:read"}
"""Feeds and sitemaps to fetch pages from; users' files never have this suffix."""

PAGES = 2_000
"""Maximum pages of a PDF, slides of a presentation, chapters of a book."""
UNPACKED = 256 * 1024**2
"""Maximum bytes of an unpacked archive."""
ENTRIES = 10_000
"""Maximum files in an archive."""
CELLS = 500_000
ROWS = 100_000
"""Maximum cells of a workbook or of a CSV read as one table, and rows of a CSV or JSONL file."""
CHARACTERS = 20_000_000
LINES = 200_000
"""Maximum lines of a file's text: each becomes a block, which takes a thousand times as much memory."""


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


def found_in(path: Path, table: TableForm) -> list[Found]:
    """Read a file in this process, with the reader for its suffix. Raises ArticleError and the library's errors."""
    suffix = path.suffix.lower()
    module, _, name = (READERS | TABLES | LISTINGS)[suffix].partition(":")
    reader: Callable[..., Found | list[Found]] = getattr(importlib.import_module(f"{__name__}.{module}"), name)
    found = reader(path, table) if suffix in TABLES else reader(path)
    return found if isinstance(found, list) else [found]


def too_much(texts: Sequence[str]) -> str:
    """Why a file with these `texts` is refused; empty if it is not."""
    if sum(map(len, texts)) > CHARACTERS:
        return f"more than {CHARACTERS:,} characters of text: split it"
    if sum(text.count("\n") for text in texts) > LINES:
        return f"more than {LINES:,} lines of text: split it"
    return ""
