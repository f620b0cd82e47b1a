"""One small reader for each format. Parsers run in a separate process (`confined.py`), within the limits of `limits.py`."""

import importlib
from collections.abc import Callable
from pathlib import Path

from trusted_cloud_chat.corpus.formats.found import Found, TableForm

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


def found_in(path: Path, table: TableForm) -> list[Found]:
    """Read a file in this process, with the reader for its suffix. Raises ArticleError and the library's errors."""
    suffix = path.suffix.lower()
    module, _, name = (READERS | TABLES | LISTINGS)[suffix].partition(":")
    reader: Callable[..., Found | list[Found]] = getattr(importlib.import_module(f"{__name__}.{module}"), name)
    found = reader(path, table) if suffix in TABLES else reader(path)
    return found if isinstance(found, list) else [found]
