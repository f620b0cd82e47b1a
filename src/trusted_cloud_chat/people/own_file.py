"""SQLite files with readers' data: no ingest run touches them, and only the server's user can read them."""

import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from trusted_cloud_chat.errors import HomeNotWritableError, StorageError

_WAITS_S = 10


@contextmanager
def opened(file: Path, table: str, *, make: bool = False, anew: bool = False) -> Iterator[sqlite3.Connection]:
    """A connection with the table, committed at the end. `make` creates a missing file, which otherwise counts as empty; `anew` finally
    rewrites the file without its deleted rows. Raises HomeNotWritableError, StorageError.
    """
    try:
        if make:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)  # questions are private
        place = file if file.exists() else ":memory:"
        with closing(sqlite3.connect(place, timeout=_WAITS_S)) as connection, connection:
            connection.execute("PRAGMA secure_delete = ON")  # deleted rows are overwritten
            connection.execute(table)
            yield connection
            if anew:
                connection.commit()
                connection.execute("VACUUM")
    except OSError as error:
        raise HomeNotWritableError(f"{file} cannot be written: {error}") from error
    except sqlite3.Error as error:
        raise StorageError(f"{file} cannot be used ({error}): move it away, and a new file is created") from error


def tells(value: Any, article_ids: Collection[str], says: Callable[[str], bool]) -> bool:
    """Whether a JSON value names one of these articles or contains their words (`says`)."""
    if isinstance(value, dict):
        return str(value.get("article_id")) in article_ids or tells(list(value.values()), article_ids, says)
    if isinstance(value, list):
        return any(tells(one, article_ids, says) for one in value)
    return isinstance(value, str) and says(value)
