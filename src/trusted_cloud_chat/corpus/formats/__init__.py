"""Formats that a library reads: one small reader each, behind one table.

What a library makes of a file of others is read in a process of its own (`confined.py`), within the bounds of `limits.py`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path

from trusted_cloud_chat.corpus.formats.found import Found, Table

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
"""Suffix → the kind to save it as: no small library reads these well, and every office program writes the other."""
TABLES = {".csv": "tables:read_csv", ".jsonl": "tables:read_jsonl"}
"""Suffix → module and function: a path and a `Table` → `Found`s, a row each."""
LISTINGS = {".listing": "listing:read"}
"""What names pages to be fetched, a feed or a sitemap; no suffix of any file of a user's."""


def found_in(path: Path, table: Table) -> list[Found]:
    """What the reader of its suffix finds in a file, in this process. Raises ArticleError, or what its library raises."""
    suffix = path.suffix.lower()
    module, _, name = (READERS | TABLES | LISTINGS)[suffix].partition(":")
    reader: Callable[..., Found | list[Found]] = getattr(importlib.import_module(f"{__name__}.{module}"), name)
    found = reader(path, table) if suffix in TABLES else reader(path)
    return found if isinstance(found, list) else [found]
