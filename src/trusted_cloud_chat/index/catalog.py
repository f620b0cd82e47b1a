"""The catalog (SQLite): articles, versions, chunks with their vectors, the generation. The truth.

A version is `pending` while its run has not committed, `live` while questions see it, `old` afterwards: the
text of an old version stays for old citations, its chunks go. An old version that a run stages anew is `again`
until that run commits: pending, and still readable by name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import numpy as np

from trusted_cloud_chat import __version__
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.errors import IndexDamagedError, IndexTooNewError
from trusted_cloud_chat.index.contents import LIVE_CHUNKS, Contents
from trusted_cloud_chat.index.history import History
from trusted_cloud_chat.index.known_files import KnownFiles
from trusted_cloud_chat.index.opening import ToldConnection, named, open_to_read, open_to_write
from trusted_cloud_chat.index.records import (
    ARTICLE_COLUMNS,
    SCHEMA,
    SCHEMA_VERSION,
    ChunkVectors,
    LiveVersion,
    LiveVersions,
    StoredChunk,
    article_of,
    batches,
    chunk_of,
    chunk_row,
    marks,
    version_row,
)
from trusted_cloud_chat.index.trouble import REBUILD, decoding
from trusted_cloud_chat.schema import Article, Coverage

__all__ = ["Catalog", "ChunkVectors", "LiveVersion", "LiveVersions", "StoredChunk"]


class Catalog:
    """One connection. A reader sees the state of its `BEGIN`; a writer commits what `transaction` wraps."""

    def __init__(self, path: Path, *, read_only: bool) -> None:
        self._name = named(path)
        self._db = open_to_read(path, self._accept) if read_only else open_to_write(path, self._accept_or_make)

    def _accept_or_make(self, db: ToldConnection) -> None:
        self._db = db
        self._make()
        self._check_schema()

    def _accept(self, db: ToldConnection) -> None:
        self._db = db
        self._check_schema()

    def _make(self) -> None:
        """The tables, where there are none; all of them at once."""
        self._db.execute("PRAGMA journal_mode=WAL")
        # A commit is on the disk when it returns: the other stores go on from it, and a power cut must not take it back.
        self._db.execute("PRAGMA synchronous=FULL")
        if not self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
            stamp = f"INSERT INTO meta VALUES ('schema', '{SCHEMA_VERSION}');"
            self._db.executescript(f"BEGIN;{SCHEMA}{stamp}COMMIT;")

    def _check_schema(self) -> None:
        if self.meta("schema") is None or (self.generation == 0 and self.contents.was_committed):
            raise IndexDamagedError(f"{self._name} is damaged (it does not say what it is): {REBUILD}")
        if self.schema > SCHEMA_VERSION:
            raise IndexTooNewError(
                f"the index was made by a newer version, {self.meta('release') or 'which does not say which'} (format "
                f"{self.schema}, this one, {__version__}, reads {SCHEMA_VERSION}): "
                "update with `pip install --upgrade trusted-cloud-chat`, or point TCC_HOME elsewhere"
            )

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of what is written inside, or none of it."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self._db.in_transaction:  # SQLite has taken it back by itself where the disk is full
                self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def begin_read(self) -> None:
        """Freeze what this connection sees until it is closed."""
        self._db.execute("BEGIN")
        self._db.execute("SELECT 1 FROM meta LIMIT 1").fetchone()

    # meta

    def meta(self, key: str) -> str | None:
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def set_meta(self, key: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    @property
    def generation(self) -> int:
        return self._number("generation")

    @property
    def schema(self) -> int:
        """The format of the tables."""
        return self._number("schema")

    def _number(self, key: str) -> int:
        with decoding(self._name):
            return int(self.meta(key) or 0)

    @property
    def has_texts(self) -> bool:
        """Whether the vector store has texts and labels beside the vectors."""
        return self.meta("texts") == "1"

    @property
    def relabelled(self) -> list[str]:
        """Ids of the articles whose new labels the vector store has yet to get."""
        with decoding(self._name):
            return list(json.loads(self.meta("relabelled") or "[]"))

    @property
    def contents(self) -> Contents:
        """All that is live at once."""
        return Contents(self._db, self._name)

    @property
    def history(self) -> History:
        """What was before, and what is kept of it."""
        return History(self._db)

    @property
    def files(self) -> KnownFiles:
        """What each file of the corpus gave."""
        return KnownFiles(self._db)

    # versions

    def put_version(self, article: Article, *, in_corpus: bool, state: str) -> None:
        values = version_row(article, in_corpus=in_corpus, state=state)
        self._db.execute(f"INSERT OR REPLACE INTO versions VALUES ({marks(values)})", values)

    def put_pending(self, article: Article, *, in_corpus: bool) -> None:
        """Store a version that no question sees before it is put as live."""
        row = self._db.execute(
            "SELECT state FROM versions WHERE article_id = ? AND version = ?", (article.article_id, article.version)
        ).fetchone()
        was_live = row is not None and row[0] in ("old", "again")
        self.put_version(article, in_corpus=in_corpus, state="again" if was_live else "pending")

    def pending(self) -> list[LiveVersion]:
        """What a run has staged and not committed; an article may have several."""
        return [*self.all_versions("pending"), *self.all_versions("again")]

    def forget_pending(self, article_id: str, version: str) -> list[str]:
        """Undo `put_pending`; the ids of the chunks that went with it."""
        of_version = "WHERE article_id = ? AND version = ?"
        self._db.execute(f"DELETE FROM versions {of_version} AND state = 'pending'", (article_id, version))
        self._db.execute(f"UPDATE versions SET state = 'old' {of_version} AND state = 'again'", (article_id, version))
        return self.delete_chunks(article_id, version)

    def set_state(self, article_id: str, version: str, state: str) -> None:
        self._db.execute(
            "UPDATE versions SET state = ? WHERE article_id = ? AND version = ?", (state, article_id, version)
        )

    def versions(self, state: str) -> dict[str, LiveVersion]:
        """Article id → version in `state`, in the order of the ids."""
        found = sorted(self.all_versions(state), key=lambda version: version.article.article_id)
        return {version.article.article_id: version for version in found}

    def article(self, article_id: str, version: str | None = None) -> Article | None:
        """That version, live or old; without one the live version, else the last that was."""
        query = f"SELECT {ARTICLE_COLUMNS} FROM versions WHERE article_id = ? AND state != 'pending'"
        parameters: list[str] = [article_id]
        if version is not None:
            query += " AND version = ?"
            parameters.append(version)
        row = self._db.execute(query + " ORDER BY state = 'live' DESC, rowid DESC", parameters).fetchone()
        with decoding(self._name):
            return article_of(row) if row else None

    def newest(self, as_of: date | None = None) -> Iterator[Article]:
        """The live articles, newest first, those without a date last; with `as_of`, those published by that day."""
        known = "state = 'live'" if as_of is None else "state = 'live' AND last_day <= :day"
        rows = self._db.execute(
            f"SELECT article_id, date FROM versions WHERE {known}", {} if as_of is None else {"day": as_of.isoformat()}
        ).fetchall()
        with decoding(self._name):
            days = {name: PartialDate.parse(day).middle if day else date.min for name, day in rows}
        for name in sorted(sorted(days), key=lambda name: days[name], reverse=True):
            yield from self.articles([name]).values()

    def coverage(self, as_of: date | None = None) -> Coverage:
        """What is live; with `as_of`, the articles of it that were published by that day."""
        known = "state = 'live'" if as_of is None else "state = 'live' AND last_day <= :day"
        stated = "CASE WHEN date NOT LIKE '%~' THEN date END"
        count, syntheses, dated, *dates = self._db.execute(
            f"SELECT COUNT(*), COALESCE(SUM(source_type = 'synthese'), 0), COUNT({stated}), MIN({stated}), MAX({stated}) "
            f"FROM versions WHERE {known}",
            {} if as_of is None else {"day": as_of.isoformat()},
        ).fetchone()
        with decoding(self._name):
            first, last = (PartialDate.parse(value) if value else None for value in dates)
        return Coverage(self.generation, count, self.count_chunks(), first, last, syntheses, count - dated)

    def source_types(self) -> list[str]:
        """Of the live articles, the most frequent first."""
        live = "FROM versions WHERE state = 'live' AND source_type IS NOT NULL GROUP BY source_type"
        return [kind for (kind,) in self._db.execute(f"SELECT source_type {live} ORDER BY COUNT(*) DESC, source_type")]

    def titles(self) -> list[str]:
        """Of the live articles."""
        return [title for (title,) in self._db.execute("SELECT title FROM versions WHERE state = 'live'")]

    def all_versions(self, state: str) -> list[LiveVersion]:
        """Every version in `state`; an article may have several old ones."""
        rows = self._db.execute(
            f"SELECT {ARTICLE_COLUMNS}, in_corpus FROM versions WHERE state = ? ORDER BY rowid", (state,)
        )
        with decoding(self._name):
            return [LiveVersion(article_of(row), bool(row[-1])) for row in rows]

    # chunks

    def put_chunks(self, stored: Iterable[StoredChunk]) -> None:
        self._db.executemany(f"INSERT OR REPLACE INTO chunks VALUES ({','.join('?' * 12)})", map(chunk_row, stored))

    def delete_chunks(self, article_id: str, version: str) -> list[str]:
        """Drop the chunks of a version; returns their ids, to be deleted from the other two indexes."""
        where = "WHERE article_id = ? AND version = ?"
        ids = [row[0] for row in self._db.execute(f"SELECT chunk_id FROM chunks {where}", (article_id, version))]
        self._db.execute(f"DELETE FROM chunks {where}", (article_id, version))
        return ids

    def chunks_of(self, article_id: str, version: str) -> list[StoredChunk]:
        rows = self._db.execute(
            "SELECT * FROM chunks WHERE article_id = ? AND version = ? ORDER BY ordinal", (article_id, version)
        )
        with decoding(self._name):
            return [chunk_of(row) for row in rows]

    def chunk_ids(self) -> set[str]:
        return {row[0] for row in self._db.execute("SELECT chunk_id FROM chunks")}

    def count_chunks(self) -> int:
        """Chunks of live versions."""
        return int(self._db.execute(f"SELECT COUNT(*) {LIVE_CHUNKS}").fetchone()[0])

    def live_versions(self) -> LiveVersions:
        """Every live version: what a reader keeps for as long as its generation stands."""
        rows = self._db.execute("SELECT article_id, version, last_day FROM versions WHERE state = 'live'")
        return LiveVersions({(article_id, version): last_day for article_id, version, last_day in rows})

    def chunk_vectors(self, chunk_ids: Sequence[str]) -> ChunkVectors:
        """Those of `chunk_ids` that there are, without words and spans, and nothing unpacked one by one."""
        found: dict[str, tuple[bytes, bytes]] = {}
        for batch, places in batches(chunk_ids):
            query = f"SELECT chunk_id, vector, sentence_vectors FROM chunks WHERE chunk_id IN ({places})"
            found.update((chunk_id, (one, more)) for chunk_id, one, more in self._db.execute(query, batch))
        ids = tuple(chunk_id for chunk_id in chunk_ids if chunk_id in found)
        rows = [found[chunk_id] for chunk_id in ids]
        with decoding(self._name):
            size = len(rows[0][0]) if rows else 2
            vectors, sentences = b"".join(one for one, _ in rows), b"".join(more for _, more in rows)
            return ChunkVectors(
                ids,
                np.frombuffer(vectors, np.float16).reshape(-1, size // 2),
                np.frombuffer(sentences, np.float16).reshape(-1, size // 2),
                np.array([len(more) // size for _, more in rows], dtype=np.intp),
            )

    def stored_chunks(self, chunk_ids: Sequence[str]) -> dict[str, StoredChunk]:
        found = {}
        for batch, places in batches(chunk_ids):
            with decoding(self._name):
                for row in self._db.execute(f"SELECT * FROM chunks WHERE chunk_id IN ({places})", batch):
                    found[row[0]] = chunk_of(row)
        return found

    def articles(self, article_ids: Iterable[str]) -> dict[str, Article]:
        """The live versions of these articles, by id."""
        found = {}
        for batch, places in batches(sorted(set(article_ids))):
            # The plus keeps SQLite off the index of states, in which nearly every row is live.
            query = f"SELECT {ARTICLE_COLUMNS} FROM versions WHERE +state = 'live' AND article_id IN ({places})"
            with decoding(self._name):
                for row in self._db.execute(query, batch):
                    found[row[0]] = article_of(row)
        return found
