"""Checksums of the catalog's own rows: a text is held against its version, and nothing else would tell of a bit that has turned in a
publisher or a vector, or of chunks that are gone.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from trusted_cloud_chat.errors import IndexDamagedError
from trusted_cloud_chat.index.records import ARTICLE_COLUMNS
from trusted_cloud_chat.index.trouble import REBUILD

# An earlier release does without it. What it commits is summed by the next run of this one.
_TABLE = (
    "CREATE TABLE IF NOT EXISTS sums (article_id TEXT, version TEXT, labels INTEGER, chunks INTEGER, sum INTEGER, "
    "PRIMARY KEY (article_id, version)) WITHOUT ROWID"
)
_LABELS = ARTICLE_COLUMNS.replace("text, ", "")
_LIVE = "FROM {} JOIN versions USING (article_id, version) WHERE state = 'live'"
Key = tuple[str, str]
"""Article id and version."""


class RowSums:
    """Over a catalog's connection."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def stand(self) -> bool:
        """Whether the last commit left them: else there is nothing to compare with."""
        at = dict(self._db.execute("SELECT key, value FROM meta WHERE key IN ('generation', 'summed')").fetchall())
        return "summed" in at and at["summed"] == at.get("generation")

    def note(self, keys: Iterable[Key]) -> None:
        """Of these versions as they are in the tables now; to be called in the transaction that makes them live."""
        self._db.execute(_TABLE)
        for article_id, version in keys:
            of_it = "WHERE article_id = ? AND version = ?"
            labels = self._db.execute(f"SELECT {_LABELS}, in_corpus FROM versions {of_it}", (article_id, version))
            rows = self._db.execute(f"SELECT * FROM chunks {of_it} ORDER BY ordinal", (article_id, version))
            row = (article_id, version, sum_of(labels), *_counted(rows))
            self._db.execute("INSERT OR REPLACE INTO sums VALUES (?, ?, ?, ?, ?)", row)

    def note_all(self) -> None:
        """What is live: of an index that an earlier release has written to."""
        self.note(self._db.execute("SELECT article_id, version FROM versions WHERE state = 'live'").fetchall())
        self.note_end()

    def note_end(self) -> None:
        """They are those of the generation that is noted; what is no longer live leaves no trace."""
        self._db.execute(_TABLE)
        live = "SELECT article_id, version FROM versions WHERE state = 'live'"
        self._db.execute(f"DELETE FROM sums WHERE (article_id, version) NOT IN ({live})")
        self._db.execute("INSERT OR REPLACE INTO meta SELECT 'summed', value FROM meta WHERE key = 'generation'")

    def labels(self) -> dict[Key, int]:
        """Of every live version what `sum_of` gives of its row without the text; empty where they do not stand."""
        if not self.stand():
            return {}
        return {
            (one, version): total
            for one, version, total in self._db.execute("SELECT article_id, version, labels FROM sums")
        }

    def check_chunks(self, *, every: bool) -> None:
        """Raises IndexDamagedError where chunks of live versions are not those that were written: counted, or `every` row read."""
        if not self.stand():
            return
        if not every:
            count = self._db.execute(f"SELECT COUNT(*) {_LIVE.format('chunks')}").fetchone()[0]
            if count != self._db.execute(f"SELECT COALESCE(SUM(chunks), 0) {_LIVE.format('sums')}").fetchone()[0]:
                raise _damaged(f"{count} of its chunks are left")
            return
        noted = {
            (row[0], row[1]): (row[2], row[3])
            for row in self._db.execute(f"SELECT article_id, version, chunks, sum {_LIVE.format('sums')}")
        }
        order = "ORDER BY article_id, version, ordinal"
        rows = self._db.execute(f"SELECT chunks.* {_LIVE.format('chunks')} {order}")
        found: dict[Key, tuple[int, int]] = {
            key: _counted(group) for key, group in groupby(rows, key=lambda row: (row[1], row[2]))
        }
        for key, was in noted.items():
            if found.get(key, _NOTHING) != was:
                raise _damaged(f"the chunks of {key[0]!r} have changed")


def sum_of(rows: Iterable[Sequence[Any]]) -> int:
    """CRC-32 of every value of `rows`, in their order."""
    return _counted(rows)[1]


def _counted(rows: Iterable[Sequence[Any]]) -> tuple[int, int]:
    count = total = 0
    for row in rows:
        count += 1
        for value in row:
            total = zlib.crc32(value if isinstance(value, bytes) else f"{value}\0".encode(errors="replace"), total)
    return count, total


_NOTHING = _counted(())


def _damaged(why: str) -> IndexDamagedError:
    return IndexDamagedError(f"the catalog is damaged ({why}): {REBUILD}")
