"""The catalog's file, opened to write or only to read, with SQLite's errors told as ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from trusted_cloud_chat.errors import IndexDamagedError, StorageError
from trusted_cloud_chat.index.trouble import REBUILD, problem

Ready = Callable[["ToldConnection"], None]
"""What is done first with a connection; where it raises, the connection is closed."""


def open_to_write(path: Path, ready: Ready) -> ToldConnection:
    """Made where there is none. Raises IndexDamagedError, StorageError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise problem(error, named(path), IndexDamagedError, REBUILD) from error
    return _connect(path, str(path), ready)


def open_to_read(path: Path, ready: Ready) -> ToldConnection:
    """Without a right to write beside it, SQLite cannot follow a writer's log: then the file is read as it stands.

    Raises IndexDamagedError where it is missing too, StorageError.
    """
    if not path.is_file():
        how = "damaged (it is a folder)" if path.is_dir() else "missing"
        raise IndexDamagedError(f"{named(path)} is {how}: {REBUILD}")
    log, address = path.with_name(f"{path.name}-wal"), path.absolute().as_uri()
    try:
        return _connect(path, f"{address}?mode=ro", ready)
    except StorageError:
        if log.exists() and log.stat().st_size > 0:
            raise
        return _connect(path, f"{address}?mode=ro&immutable=1", ready)


def named(path: Path) -> str:
    """What messages call it."""
    return f"the catalog {path}"


def _connect(path: Path, database: str, ready: Ready) -> ToldConnection:
    uri = database.startswith("file:")
    try:
        connection = sqlite3.connect(
            database, uri=uri, isolation_level=None, check_same_thread=False, timeout=30, factory=ToldConnection
        )
    except sqlite3.Error as error:
        raise problem(error, named(path), IndexDamagedError, REBUILD) from error
    connection.place = named(path)
    try:
        ready(connection)
    except BaseException:
        connection.close()
        raise
    return connection


class ToldConnection(sqlite3.Connection):
    """A connection to `place` whose errors are ours."""

    place = "the catalog"

    def cursor(self, factory: Any = None) -> ToldCursor:  # type: ignore[override]
        return super().cursor(factory or ToldCursor)

    def execute(self, *given: Any) -> ToldCursor:
        return self.cursor().execute(*given)  # type: ignore[no-any-return]

    def executemany(self, *given: Any) -> ToldCursor:
        return self.cursor().executemany(*given)  # type: ignore[no-any-return]

    def executescript(self, *given: Any) -> ToldCursor:
        return self.cursor().executescript(*given)  # type: ignore[no-any-return]


def _told(function: Callable[..., Any]) -> Callable[..., Any]:
    def telling(cursor: ToldCursor, *given: Any) -> Any:
        try:
            return function(cursor, *given)
        except sqlite3.Error as error:
            place = getattr(cursor.connection, "place", ToldConnection.place)
            raise problem(error, place, IndexDamagedError, REBUILD) from error

    return telling


class ToldCursor(sqlite3.Cursor):
    """Rows come one by one, and so does the news that a page of the file cannot be read."""

    execute = _told(sqlite3.Cursor.execute)
    executemany = _told(sqlite3.Cursor.executemany)
    executescript = _told(sqlite3.Cursor.executescript)
    fetchone = _told(sqlite3.Cursor.fetchone)
    fetchall = _told(sqlite3.Cursor.fetchall)
    __next__ = _told(sqlite3.Cursor.__next__)
