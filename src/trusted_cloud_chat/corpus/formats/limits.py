"""Limits of reading a user's file; beyond them it is refused with a reason."""

from collections.abc import Sequence

SECONDS = 60.0
"""CPU time of one file."""
PATIENCE = 300.0
"""Wall-clock time of one file: the machine may be busy."""
START_SECONDS = 120.0
"""Seconds until the reading process has loaded."""
MEMORY = 2 * 1024**3
"""Bytes of the reading process."""
PAGES = 2_000
"""Pages of a PDF, slides of a presentation, chapters of a book."""
UNPACKED = 256 * 1024**2
"""Bytes of an unpacked archive."""
ENTRIES = 10_000
"""Files in an archive."""
CELLS = 500_000
ROWS = 100_000
"""Rows of a table whose rows are articles."""
CHARACTERS = 20_000_000
LINES = 200_000
"""Lines of a file's text: each becomes a block, which takes a thousand times as much memory."""


def too_much(texts: Sequence[str]) -> str:
    """Why a file with these `texts` is refused; empty if it is not."""
    if sum(map(len, texts)) > CHARACTERS:
        return f"more than {CHARACTERS:,} characters of text: split it"
    if sum(text.count("\n") for text in texts) > LINES:
        return f"more than {LINES:,} lines of text: split it"
    return ""
