"""What waits in Chroma's own database to be taken into the files that it searches."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path


def queued(folder: Path) -> int:
    """Changes; none where the database is not as it is known."""
    database = folder.absolute() / "chroma.sqlite3"
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as db:
            return int(db.execute("SELECT COUNT(*) FROM embeddings_queue").fetchone()[0])
    except sqlite3.Error:
        return 0
