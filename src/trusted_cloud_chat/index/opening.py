"""The catalog's file, opened to write or only to read, with SQLite's errors told as ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from trusted_cloud_chat.errors import IndexDamagedError, StorageError, TrustedCloudChatError
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
    if not path.exists():
        raise IndexDamagedError(f"{named(path)} is missing: {REBUILD}")
    if path.is_dir():
        raise IndexDamagedError(f"{named(path)} is damaged (it is a folder): {REBUILD}")
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
    try:
        connection = sqlite3.connect(
            database,
            uri=database.startswith("file:"),
            isolation_level=None,
            check_same_thread=False,
            timeout=30,
            factory=ToldConnection,
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
        return self.cursor().execute(*given)

    def executemany(self, *given: Any) -> ToldCursor:
        return self.cursor().executemany(*given)

    def executescript(self, *given: Any) -> ToldCursor:
        return self.cursor().executescript(*given)


class ToldCursor(sqlite3.Cursor):
    """Rows come one by one, and so does the news that a page of the file cannot be read."""

    def execute(self, *given: Any) -> ToldCursor:
        return self._told(super().execute, *given)  # type: ignore[no-any-return]

    def executemany(self, *given: Any) -> ToldCursor:
        return self._told(super().executemany, *given)  # type: ignore[no-any-return]

    def executescript(self, *given: Any) -> ToldCursor:
        return self._told(super().executescript, *given)  # type: ignore[no-any-return]

    def fetchone(self) -> Any:
        return self._told(super().fetchone)

    def fetchall(self) -> list[Any]:
        return self._told(super().fetchall)  # type: ignore[no-any-return]

    def __next__(self) -> Any:
        try:
            return super().__next__()
        except sqlite3.Error as error:
            raise self._problem(error) from error

    def _told(self, function: Callable[..., Any], *given: Any) -> Any:
        try:
            return function(*given)
        except sqlite3.Error as error:
            raise self._problem(error) from error

    def _problem(self, error: sqlite3.Error) -> TrustedCloudChatError:
        connection = self.connection
        assert isinstance(connection, ToldConnection)
        return problem(error, connection.place, IndexDamagedError, REBUILD)
