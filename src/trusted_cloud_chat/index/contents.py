"""All that is live in a catalog at once: to be compared with what the other stores hold, or to take their place."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.errors import IndexDamagedError
from trusted_cloud_chat.index.records import ARTICLE_COLUMNS, SPAN_BYTES, LiveVersion, article_of
from trusted_cloud_chat.index.row_sums import RowSums
from trusted_cloud_chat.index.trouble import REBUILD, decoding, told

_COMMITTED = {
    "meta": "SELECT * FROM meta WHERE key IN ('schema', 'generation', 'fingerprint', 'release', 'before', 'live_articles', 'texts')",
    "versions": "SELECT * FROM versions WHERE state != 'pending' ORDER BY rowid",
    "chunks": "SELECT chunks.* FROM chunks JOIN versions USING (article_id, version) WHERE state = 'live' ORDER BY chunks.rowid",
}
"""What a commit left of each table, and nothing that is of one home or of a run alone: its files, when an article came."""
LIVE_CHUNKS = "FROM chunks JOIN versions USING (article_id, version) WHERE state = 'live'"


class Contents:
    """Over a catalog's connection; `name` is what messages call the catalog."""

    def __init__(self, db: sqlite3.Connection, name: str) -> None:
        self._db, self._name = db, name

    @property
    def sums(self) -> RowSums:
        """Checksums of what is live."""
        return RowSums(self._db)

    def live_rows(self) -> Iterator[Sequence[Any]]:
        """Of every live article what `article_of` reads, the text in UTF-8, and whether it is of the corpus.

        Bytes are read and hashed in half the time that words take to be decoded and encoded again.
        """
        columns = ARTICLE_COLUMNS.replace("text", "CAST(text AS BLOB)")
        rows = self._db.execute(f"SELECT {columns}, in_corpus FROM versions WHERE state = 'live' ORDER BY rowid")
        for row in rows:  # noqa: UP028  not `yield from`, which closes them, be it after the connection
            yield row

    def live_names(self) -> Iterator[tuple[str, str, bool]]:
        """Id and path of every live article, and whether it is of the corpus."""
        query = "SELECT article_id, path, in_corpus FROM versions WHERE state = 'live' ORDER BY article_id"
        for article_id, path, in_corpus in self._db.execute(query):
            yield str(article_id), str(path), bool(in_corpus)

    def live_sentences(self) -> dict[str, int]:
        """Article id → how many of its sentences the index holds, each of which can be quoted."""
        rows = self._db.execute(f"SELECT article_id, SUM(LENGTH(sentences)) {LIVE_CHUNKS} GROUP BY article_id")
        return {str(article_id): int(size) // SPAN_BYTES for article_id, size in rows}

    def fault(self) -> str:
        """What is wrong with the pages of the file, which are all read, and with what is searched by; empty where nothing is."""
        found = self._db.execute("PRAGMA integrity_check(1)").fetchone()
        return "" if found and found[0] == "ok" else str(found[0] if found else "no answer")

    def reindex(self) -> None:
        """Make anew, from the rows, what rows are found by. Raises IndexDamagedError where not even that can be read."""
        self._db.execute("REINDEX")

    @property
    def committed_articles(self) -> int | None:
        """How many articles the last commit left live; None in a catalog that was never told."""
        noted = self._db.execute("SELECT value FROM meta WHERE key = 'live_articles'").fetchone()
        with decoding(self._name):
            return int(noted[0]) if noted else None

    @property
    def was_committed(self) -> bool:
        """Whether a run has ever made something live here, or taken the last of it away."""
        live = self._db.execute("SELECT 1 FROM versions WHERE state = 'live' LIMIT 1").fetchone()
        return live is not None or self.committed_articles is not None

    def note_live(self) -> None:
        """Remember how many articles are live, to be compared with; to be called in the transaction that makes them so."""
        count = self._db.execute("SELECT COUNT(*) FROM versions WHERE state = 'live'").fetchone()[0]
        self._db.execute("INSERT OR REPLACE INTO meta VALUES ('live_articles', ?)", (str(count),))

    def lacking(self) -> str | None:
        """The id of a live article that has no chunks, or not all up to its last one; None where none is like that."""
        from trusted_cloud_chat.language.blocks import article_sentences  # with a parser that no question needs

        rows = self._db.execute(
            "SELECT article_id, COUNT(chunk_id), text FROM versions LEFT JOIN chunks USING (article_id, version) "
            "WHERE state = 'live' GROUP BY article_id HAVING COUNT(chunk_id) != COALESCE(MAX(ordinal), 0) + 1"
        )
        # A text that is nothing but a rule or an empty fence never had one.
        return next((str(article_id) for article_id, count, text in rows if count or article_sentences(text)), None)

    def live_chunk_ids(self) -> set[str]:
        """Of the chunks of live versions."""
        return {row[0] for row in self._db.execute(f"SELECT chunk_id {LIVE_CHUNKS}")}

    def some_live_chunks(self, most: int) -> list[str]:
        """The ids of the first chunks of live versions."""
        return [row[0] for row in self._db.execute(f"SELECT chunk_id {LIVE_CHUNKS} LIMIT ?", (most,))]

    def live_vectors(self) -> tuple[list[str], NDArray[np.float32]]:
        """The ids of the chunks of live versions, and their vectors `(n, dim)`."""
        rows = self._db.execute(f"SELECT chunk_id, vector {LIVE_CHUNKS} ORDER BY chunk_id").fetchall()
        with decoding(self._name):
            packed = np.frombuffer(b"".join(vector for _, vector in rows), np.float16)
            return [chunk_id for chunk_id, _ in rows], packed.reshape(max(len(rows), 1), -1).astype(np.float32)

    def tables(self) -> tuple[str, ...]:
        """How the tables and their indexes were made."""
        made = self._db.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
        return tuple(sorted(" ".join(str(sql).split()) for (sql,) in made))

    def live_of(self, article_ids: Iterable[str]) -> dict[str, LiveVersion]:
        """Article id → live version of those that have one."""
        query = f"SELECT {ARTICLE_COLUMNS}, in_corpus FROM versions WHERE article_id = ? AND state = 'live'"
        rows = (self._db.execute(query, (article_id,)).fetchone() for article_id in sorted(set(article_ids)))
        with decoding(self._name):
            found = [LiveVersion(article_of(row), bool(row[-1])) for row in rows if row]
        return {version.article.article_id: version for version in found}

    def copy_to(self, path: Path) -> None:
        """A consistent copy of the whole catalog in a new file."""
        with told(self._name, IndexDamagedError, REBUILD), closing(sqlite3.connect(path)) as target:
            self._db.backup(target)

    def copy_committed(self, path: Path) -> None:
        """What this connection sees of the last commit, row by row in a new file: no page of the old one comes along, nor
        what was deleted in it.
        """
        made = self._db.execute("SELECT tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        tables = [sql for table, sql in made if table in _COMMITTED]
        with told(str(path), IndexDamagedError, ""), closing(sqlite3.connect(path, isolation_level=None)) as target:
            target.execute("BEGIN")
            for statement in tables:
                target.execute(statement)
            for table, query in _COMMITTED.items():
                rows = self._db.execute(query)
                marks = ",".join("?" * len(rows.description))
                target.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
            target.execute("UPDATE versions SET state = 'old' WHERE state = 'again'")
            target.execute("COMMIT")
