"""A file of SQLite that belongs to the people who use the page: no run touches it, and only the server's user reads it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from trusted_cloud_chat.errors import HomeNotWritableError, StorageError

_WAITS_S = 10


@contextmanager
def opened(file: Path, table: str, *, make: bool = False) -> Iterator[sqlite3.Connection]:
    """With its table; what is done with it is kept at the end. Raises HomeNotWritableError, StorageError."""
    try:
        if make:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)  # what people ask is their own affair
        with closing(sqlite3.connect(file, timeout=_WAITS_S)) as connection, connection:
            connection.execute("PRAGMA secure_delete = ON")  # what is deleted can be read no more
            connection.execute(table)
            yield connection
    except OSError as error:
        raise HomeNotWritableError(f"{file} cannot be written: {error}") from error
    except sqlite3.Error as error:
        raise StorageError(f"{file} cannot be used ({error}): move it away, and a new one is begun") from error
