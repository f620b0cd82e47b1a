"""The catalog's schema, and a connection that raises our errors."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from trusted_cloud_chat.errors import IndexDamagedError, StorageError
from trusted_cloud_chat.index.trouble import REBUILD, decoding

Row = tuple[Any, ...]
T = TypeVar("T")
SCHEMA_VERSION = 2
SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE versions (
    article_id TEXT NOT NULL, version TEXT NOT NULL, state TEXT NOT NULL, chunks INTEGER NOT NULL, title TEXT NOT NULL,
    date TEXT, last_day TEXT, publisher TEXT, url TEXT, language TEXT NOT NULL, source_type TEXT, sources TEXT NOT NULL,
    path TEXT NOT NULL, in_corpus INTEGER NOT NULL, likeness TEXT NOT NULL, sum INTEGER NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (article_id, version)
);
CREATE INDEX versions_known ON versions
    (state, last_day, article_id, version, date, source_type, chunks, in_corpus, path, likeness);
CREATE TABLE chunks (
    chunk_id TEXT PRIMARY KEY, article_id TEXT NOT NULL, version TEXT NOT NULL, ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, sum INTEGER NOT NULL, sentences BLOB NOT NULL,
    vector BLOB NOT NULL, sentence_vectors BLOB NOT NULL,
    words TEXT NOT NULL, word_sentences BLOB NOT NULL, word_vectors BLOB NOT NULL
);
CREATE INDEX chunks_version ON chunks (article_id, version);
CREATE TABLE enrichments (
    article_id TEXT NOT NULL, version TEXT NOT NULL, sum INTEGER NOT NULL, content TEXT NOT NULL,
    PRIMARY KEY (article_id, version)
) WITHOUT ROWID;
CREATE TABLE questions (
    question_id TEXT PRIMARY KEY, article_id TEXT NOT NULL, version TEXT NOT NULL, kind TEXT NOT NULL, sum INTEGER NOT NULL,
    text TEXT NOT NULL, spans BLOB NOT NULL, vector BLOB NOT NULL
);
CREATE INDEX questions_version ON questions (article_id, version);
CREATE TABLE leaving (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE arrivals (article_id TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (name TEXT PRIMARY KEY, state TEXT NOT NULL, gave TEXT NOT NULL) WITHOUT ROWID;
"""
"""An index covers what questions ask about many versions; long texts come last in their rows."""
AS_NOW = """
CREATE TEMP VIEW versions AS SELECT rowid, article_id, version, CASE state WHEN 'again' THEN 'old' ELSE state END AS state, 0 AS chunks, title,
    date, last_day, publisher, url, language, source_type, sources, path, in_corpus, like_to(text) AS likeness, NULL AS sum, text
    FROM main.versions WHERE state != 'pending';
CREATE TEMP VIEW chunks AS SELECT rowid, *, NULL AS sum FROM main.chunks;
CREATE TEMP VIEW leaving AS SELECT '' AS id WHERE 0;
CREATE TEMP VIEW enrichments AS SELECT '' AS article_id, '' AS version, 0 AS sum, '' AS content WHERE 0;
CREATE TEMP VIEW questions AS SELECT 0 AS rowid, '' AS question_id, '' AS article_id, '' AS version, '' AS kind, 0 AS sum, '' AS text,
    x'' AS spans, x'' AS vector WHERE 0;
"""
"""Views through which the tables of 1.0.0 are read, until a run migrates them. A version that a run had begun was `pending`, or `again` if it had been live before."""
OF_A_VERSION = ("chunks", "questions", "enrichments", "versions")
"""The tables with rows per `article_id` and `version`, from all of which a forgotten or pruned version is deleted."""


def connect(path: Path, *, read_only: bool) -> "Database":
    """A writer creates the file if needed. A reader that may not write beside the file, as SQLite's log requires, opens it as immutable.

    Raises IndexDamagedError, StorageError.
    """
    name = f"the catalog {path}"
    if not read_only:
        with decoding(name):
            path.parent.mkdir(parents=True, exist_ok=True)
        return Database(str(path), name)
    if not path.is_file():
        how = "damaged (it is a folder)" if path.is_dir() else "missing"
        raise IndexDamagedError(f"{name} is {how}: {REBUILD}")
    log, address = path.with_name(f"{path.name}-wal"), path.absolute().as_uri()
    try:
        return Database(f"{address}?mode=ro", name)
    except StorageError:
        if log.exists() and log.stat().st_size > 0:
            raise
        return Database(f"{address}?mode=ro&immutable=1", name)


class Database:
    """A connection, called `name` in messages. SQLite's errors become IndexDamagedError, StorageError or IndexBusyError."""

    def __init__(self, address: str, name: str) -> None:
        self.name = name
        with decoding(self.name):
            self.connection = sqlite3.connect(
                address, uri=address.startswith("file:"), isolation_level=None, check_same_thread=False, timeout=30
            )
        try:
            self.execute("SELECT 1 FROM sqlite_master LIMIT 1")
        except BaseException:
            self.connection.close()
            raise

    def decoded(self, decode: Callable[[Row], T], query: str, values: Any = ()) -> Iterator[T]:
        """Yield `decode(row)`, row by row; a row that it rejects is damaged."""
        with decoding(self.name):
            for row in self.connection.execute(query, values):
                yield decode(row)

    def execute(self, query: str, values: Any = ()) -> list[Row]:
        with decoding(self.name):
            return self.connection.execute(query, values).fetchall()

    def one(self, query: str, values: Any = ()) -> Row | None:
        return next(iter(self.execute(query, values)), None)

    def executemany(self, query: str, rows: Iterable[Sequence[Any]]) -> None:
        given = list(rows)
        with decoding(self.name):
            self.connection.executemany(query, given)

    def executescript(self, script: str) -> None:
        with decoding(self.name):
            self.connection.executescript(script)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit all that is written inside, or nothing."""
        self.execute("BEGIN IMMEDIATE")
        with self.connection:  # rolls back on any error
            yield
            self.execute("COMMIT")
