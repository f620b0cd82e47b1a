"""How much a file of others may ask for before it is given up: it becomes an article within these bounds, or a reason."""

from __future__ import annotations

from collections.abc import Sequence

SECONDS = 60.0
"""Of a processor's time for one file, where the system counts it,"""
PATIENCE = 300.0
"""and by the clock, on a machine that does other work too."""
START_SECONDS = 120.0
"""The process that reads them, until it has loaded."""
MEMORY = 2 * 1024**3
"""Bytes that this process may have."""
PAGES = 2_000
"""Pages of a PDF, slides of a presentation, chapters of a book."""
UNPACKED = 256 * 1024**2
"""Bytes of all that an archive unpacks to (DOCX, PPTX, XLSX, ODT and EPUB are archives)."""
ENTRIES = 10_000
"""Files in an archive."""
CELLS = 500_000
"""Cells of a workbook."""
ROWS = 100_000
"""Rows of a table whose rows are articles."""
CHARACTERS = 10_000_000
"""Text that one file gives,"""
LINES = 200_000
"""and its lines: each is a block of its own, which takes a thousand times its room."""


def too_much(texts: Sequence[str]) -> str:
    """Why a file that gives `texts` is not read; empty where it is."""
    if sum(map(len, texts)) > CHARACTERS:
        return f"more than {CHARACTERS:,} characters of text: cut it up"
    if sum(text.count("\n") for text in texts) > LINES:
        return f"more than {LINES:,} lines of text: cut it up"
    return ""
