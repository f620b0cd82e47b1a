"""The catalog (SQLite): articles, versions, chunks with their vectors, the generation. The truth.

A version is `pending` while its run has not committed, `live` while questions see it, `old` afterwards: the
text of an old version stays for old citations, its chunks go. An old version that a run stages anew is `again`
until that run commits: pending, and still readable by name.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat import __version__
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.errors import IndexDamagedError, IndexTooNewError
from trusted_cloud_chat.index import records
from trusted_cloud_chat.index.enrichments import Enrichments
from trusted_cloud_chat.index.history import History
from trusted_cloud_chat.index.known_files import KnownFiles
from trusted_cloud_chat.index.live import Live, LiveVersions
from trusted_cloud_chat.index.opening import ToldConnection, named, open_to_read, open_to_write
from trusted_cloud_chat.index.records import ChunkVectors, Held, LiveVersion, StoredChunk
from trusted_cloud_chat.index.trouble import REBUILD, REINDEX, brief, decoding
from trusted_cloud_chat.schema import Article, Coverage

__all__ = ["Catalog", "ChunkVectors", "Held", "LiveVersion", "LiveVersions", "StoredChunk"]

_LIVE_CHUNKS = "FROM versions JOIN chunks USING (article_id, version) WHERE state = 'live'"


class Catalog:
    """One connection. A reader sees the state of its `BEGIN`; a writer commits what `transaction` wraps."""

    def __init__(self, path: Path, *, read_only: bool) -> None:
        self._name = named(path)
        self._db = open_to_read(path, self._accept) if read_only else open_to_write(path, self._accept_or_make)

    def _accept_or_make(self, db: ToldConnection) -> None:
        db.execute("PRAGMA journal_mode=WAL")
        # A commit is on the disk when it returns, and a power cut must not take it back.
        db.execute("PRAGMA synchronous=FULL")
        db.execute("PRAGMA secure_delete=ON")
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
            db.executescript(
                f"BEGIN;{records.SCHEMA}INSERT INTO meta VALUES ('schema', '{records.SCHEMA_VERSION}');COMMIT;"
            )
        self._accept(db)

    def _accept(self, db: ToldConnection) -> None:
        self._db = db
        schema = self.meta("schema")
        with decoding(self._name):
            self.schema = int(schema or 0)
            """The format of the tables."""
        if schema is None or (self.generation == 0 and self.was_committed):
            raise IndexDamagedError(f"{self._name} is damaged (it does not say what it is): {REBUILD}")
        if self.schema > records.SCHEMA_VERSION:
            raise IndexTooNewError(
                f"the index was made by a newer version, {self.meta('release') or 'which does not say which'} (format "
                f"{self.schema}, this one, {__version__}, reads {records.SCHEMA_VERSION}): "
                "update with `pip install --upgrade trusted-cloud-chat`, or point TCC_HOME elsewhere"
            )
        if self.schema < records.SCHEMA_VERSION:
            db.create_function("like_to", 1, records.likeness)
            db.executescript(records.AS_NOW)

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

    def number(self, key: str) -> int:
        """Of `meta`; 0 where there is none."""
        with decoding(self._name):
            return int(self.meta(key) or 0)

    @property
    def generation(self) -> int:
        return self.number("generation")

    @property
    def was_committed(self) -> bool:
        """Whether a run has ever made something live here, or taken the last of it away."""
        live = self._db.execute("SELECT 1 FROM versions WHERE state = 'live' LIMIT 1").fetchone()
        return live is not None or self.meta("live_articles") is not None

    @property
    def history(self) -> History:
        """What was before, and what is kept of it."""
        return History(self._db)

    @property
    def enrichments(self) -> Enrichments:
        """What was written down about its versions."""
        return Enrichments(self._db, self._name)

    @property
    def files(self) -> KnownFiles:
        """What each file of the corpus gave."""
        return KnownFiles(self._db)

    # checks

    def check_counts(self) -> None:
        """Whether as many articles and chunks are there as the last commit left: each is looked at as it is read. Raises
        IndexDamagedError.
        """
        articles = self._count("SELECT COUNT(*) FROM versions WHERE state = 'live'")
        chunks = self._count("SELECT COUNT(*) FROM chunks")  # those of a run that has not committed too
        for key, thing, left in (("live_articles", "articles", articles), ("live_chunks", "chunks", chunks)):
            if left < (noted := self.number(key)):
                raise IndexDamagedError(f"the catalog is damaged ({left} of its {noted} {thing} are left): {REBUILD}")

    def check(self) -> None:
        """Every page and every row, however many. Raises IndexDamagedError."""
        self.check_file()
        self.check_counts()
        for state in ("old", "again", "live"):
            for article in (version.article for version in self.every(state)):
                for read in (self.chunks_of, self.enrichments.questions_of, self.enrichments.of):
                    read(article.article_id, article.version)

    def fault(self) -> str:
        """What is wrong with the pages of the file, which are all read, and with what rows are found by; empty where nothing is."""
        found = self._db.execute("PRAGMA integrity_check(1)").fetchone()
        return "" if found and found[0] == "ok" else str(found[0] if found else "no answer")

    def check_file(self) -> None:
        """Raises IndexDamagedError where `fault` finds something."""
        if fault := self.fault():
            raise IndexDamagedError(f"the catalog is damaged ({brief(ValueError(fault))}): {REINDEX}")

    def reindex(self) -> None:
        """Make anew, from the rows, what rows are found by. Raises IndexDamagedError where not even those can be read."""
        self._db.execute("REINDEX")

    def _count(self, query: str) -> int:
        return int(self._db.execute(query).fetchone()[0])

    # versions

    def put_version(self, article: Article, *, in_corpus: bool, state: str) -> None:
        values = records.version_row(article, in_corpus=in_corpus)
        self._db.execute(
            f"INSERT OR REPLACE INTO versions (state, chunks, {records.VERSION_COLUMNS}, sum) VALUES (?, 0, {records.marks(values)})",
            (state, *values),
        )
        self.enrichments.put(article)

    def make_live(self, version: LiveVersion) -> None:
        """With its chunks, which are there."""
        self.put_version(version.article, in_corpus=version.in_corpus, state="live")
        of_it = "article_id = ? AND version = ?"
        self._db.execute(
            f"UPDATE versions SET chunks = (SELECT COUNT(*) FROM chunks WHERE {of_it}) WHERE {of_it}",
            (version.article.article_id, version.article.version) * 2,
        )

    def note_counts(self) -> None:
        """Of what is live now; to be called in the transaction that makes it so."""
        for key, counted in (("live_articles", "COUNT(*)"), ("live_chunks", "COALESCE(SUM(chunks), 0)")):
            self.set_meta(key, str(self._count(f"SELECT {counted} FROM versions WHERE state = 'live'")))

    def put_pending(self, article: Article, *, in_corpus: bool) -> None:
        """Store a version that no question sees before it is put as live."""
        row = self._db.execute(
            "SELECT state FROM versions WHERE article_id = ? AND version = ?", (article.article_id, article.version)
        ).fetchone()
        was_live = row is not None and row[0] in ("old", "again")
        self.put_version(article, in_corpus=in_corpus, state="again" if was_live else "pending")

    def keys(self, state: str) -> list[tuple[str, str]]:
        """Article id and version of each in `state`, in the order in which they came into it."""
        query = "SELECT article_id, version FROM versions WHERE state = ? ORDER BY rowid"
        return [(str(article_id), str(version)) for article_id, version in self._db.execute(query, (state,))]

    def pending(self) -> list[tuple[str, str]]:
        """Article id and version of what a run has staged and not committed; an article may have several."""
        return [*self.keys("pending"), *self.keys("again")]

    def forget_pending(self, article_id: str, version: str) -> None:
        """Undo `put_pending`."""
        of_version = "WHERE article_id = ? AND version = ?"
        self._db.execute(f"DELETE FROM versions {of_version} AND state = 'pending'", (article_id, version))
        self._db.execute(f"UPDATE versions SET state = 'old' {of_version} AND state = 'again'", (article_id, version))
        self._drop_chunks(article_id, version)
        kept = "SELECT 1 FROM versions WHERE article_id = ? AND version = ?"
        self._db.execute(f"DELETE FROM enrichments {of_version} AND NOT EXISTS ({kept})", (article_id, version) * 2)

    def retire(self, article_id: str, version: str) -> None:
        """It is live no more: its text stays."""
        self._db.execute(
            "UPDATE versions SET state = 'old', chunks = 0 WHERE article_id = ? AND version = ?", (article_id, version)
        )
        self._drop_chunks(article_id, version)

    def every(self, state: str) -> Iterator[LiveVersion]:
        """Every version in `state`, in the order in which they came into it; an article may have several old ones."""
        rows = self._db.execute(
            f"SELECT {records.VERSION_COLUMNS}, sum FROM versions WHERE +state = ? ORDER BY rowid", (state,)
        )
        for row in rows:
            with decoding(self._name):
                version = records.version_of_row(row)
            yield version

    def versions(self, state: str) -> dict[str, LiveVersion]:
        """Article id → version in `state`, in the order of the ids."""
        found = sorted(self.every(state), key=lambda version: version.article.article_id)
        return {version.article.article_id: version for version in found}

    def live(self, article_ids: Iterable[str]) -> dict[str, LiveVersion]:
        """Article id → live version of those that have one."""
        found = {}
        for batch, places in records.batches(sorted(set(article_ids))):
            # The plus keeps SQLite off the index of states, in which nearly every row is live.
            query = f"SELECT {records.VERSION_COLUMNS}, sum FROM versions WHERE +state = 'live' AND article_id IN ({places})"
            for row in self._db.execute(query, batch):
                with decoding(self._name):
                    found[row[0]] = records.version_of_row(row)
        return found

    def articles(self, article_ids: Iterable[str]) -> dict[str, Article]:
        """The live versions of these articles, by id."""
        return {article_id: version.article for article_id, version in self.live(article_ids).items()}

    def version(self, article_id: str, version: str | None = None) -> LiveVersion | None:
        """That version, live or old; without one the live version, else the last that was."""
        query = f"SELECT {records.VERSION_COLUMNS}, sum FROM versions WHERE article_id = ? AND state != 'pending'"
        parameters: list[str] = [article_id]
        if version is not None:
            query += " AND version = ?"
            parameters.append(version)
        row = self._db.execute(query + " ORDER BY state = 'live' DESC, rowid DESC", parameters).fetchone()
        with decoding(self._name):
            return records.version_of_row(row) if row else None

    def article(self, article_id: str, version: str | None = None) -> Article | None:
        """As `version` finds it."""
        found = self.version(article_id, version)
        return found.article if found else None

    def held(self) -> Iterator[Held]:
        """Every live article without its text, by id."""
        columns = "article_id, version, path, date, in_corpus, likeness"
        rows = self._db.execute(f"SELECT {columns} FROM versions WHERE state = 'live'").fetchall()
        with decoding(self._name):
            for article_id, version, path, day, in_corpus, like in sorted(rows):
                if {type(article_id), type(version), type(path), type(like)} != {str}:
                    raise TypeError("a column is no text")
                yield Held(article_id, version, path, day, bool(in_corpus), like)

    def held_live(self) -> Live:
        """The live articles, each read when it is asked for."""
        return Live({held.article_id: held for held in self.held()}, lambda one: self.live([one])[one])

    def last_days(self, article_ids: Collection[str]) -> dict[str, tuple[str, str | None]]:
        """Article id → live version and the last day of its date, of those that have one."""
        found: dict[str, tuple[str, str | None]] = {}
        for batch, places in records.batches(article_ids):
            query = (
                f"SELECT article_id, version, last_day FROM versions WHERE +state = 'live' AND article_id IN ({places})"
            )
            found.update((one, (version, last_day)) for one, version, last_day in self._db.execute(query, batch))
        # Of what has died since some still stands in vectors and words; but what is live must be found by its id.
        for batch, places in records.batches(sorted(set(article_ids) - found.keys())):
            query = f"SELECT 1 FROM versions WHERE state = 'live' AND +article_id IN ({places})"
            if self._db.execute(query, batch).fetchone():
                raise IndexDamagedError(f"{self._name} is damaged (it does not find articles that it holds): {REINDEX}")
        return found

    def live_versions(self) -> LiveVersions:
        """Which chunks are live."""
        return LiveVersions(self.last_days, {})

    def newest(self, as_of: date | None = None) -> Iterator[Article]:
        """The live articles, newest first, those without a date last; with `as_of`, those published by that day."""
        rows = self._db.execute(
            f"SELECT article_id, date, last_day FROM versions WHERE {_known(as_of)} ORDER BY last_day DESC", _day(as_of)
        )
        waiting: list[tuple[int, str]] = []
        for name, day, last_day in rows:
            with decoding(self._name):
                last = date.fromisoformat(last_day).toordinal() if last_day else 0
                middle = PartialDate.parse(day).middle.toordinal() if day else 0
            while waiting and -waiting[0][0] > last:  # the middle of a date is never after its last day
                yield from self.articles([heapq.heappop(waiting)[1]]).values()
            heapq.heappush(waiting, (-middle, name))
        while waiting:
            yield from self.articles([heapq.heappop(waiting)[1]]).values()

    def coverage(self, as_of: date | None = None) -> Coverage:
        """What is live; with `as_of`, the articles of it that were published by that day."""
        stated = "CASE WHEN date NOT LIKE '%~' THEN date END"
        count, syntheses, dated, *dates = self._db.execute(
            f"SELECT COUNT(*), COALESCE(SUM(source_type = 'synthese'), 0), COUNT({stated}), MIN({stated}), MAX({stated}) "
            f"FROM versions WHERE {_known(as_of)}",
            _day(as_of),
        ).fetchone()
        with decoding(self._name):
            first, last = (PartialDate.parse(value) if value else None for value in dates)
        return Coverage(self.generation, count, self.count_chunks(), first, last, syntheses, count - dated)

    def source_types(self) -> list[str]:
        """Of the live articles, the most frequent first."""
        live = "FROM versions WHERE state = 'live' AND source_type IS NOT NULL GROUP BY source_type"
        return [kind for (kind,) in self._db.execute(f"SELECT source_type {live} ORDER BY COUNT(*) DESC, source_type")]

    def titles(self, most: int) -> list[str]:
        """Of the live articles, those published last."""
        query = "SELECT title FROM versions WHERE state = 'live' ORDER BY last_day DESC LIMIT ?"
        return [title for (title,) in self._db.execute(query, (most,))]

    # chunks

    def put_chunks(self, stored: Iterable[StoredChunk]) -> None:
        insert = f"INSERT OR REPLACE INTO chunks ({records.CHUNK_COLUMNS}, sum) VALUES ({','.join('?' * 13)})"
        self._db.executemany(insert, map(records.chunk_row, stored))

    def _drop_chunks(self, article_id: str, version: str) -> None:
        """Drop the chunks of a version; what was made of them elsewhere leaves with the next run that changes something."""
        where = "FROM chunks WHERE article_id = ? AND version = ?"
        self._db.execute(f"INSERT OR IGNORE INTO leaving SELECT chunk_id {where}", (article_id, version))
        self._db.execute(f"DELETE {where}", (article_id, version))
        self._db.execute("DELETE FROM questions WHERE article_id = ? AND version = ?", (article_id, version))

    def leaving(self) -> list[str]:
        """Ids that are nowhere in the catalog any more, and may be where its chunks were copied to."""
        return [
            row[0] for row in self._db.execute("SELECT id FROM leaving WHERE id NOT IN (SELECT chunk_id FROM chunks)")
        ]

    def left(self) -> None:
        """Nothing is leaving any more."""
        self._db.execute("DELETE FROM leaving")

    def chunks_at(self, places: Iterable[tuple[str, str, int]]) -> dict[tuple[str, str, int], str]:
        """(article id, version, offset) → the id of the chunk that the offset lies in, of those that lie in one."""
        found = {}
        for article_id, version, offset in places:
            query = 'SELECT chunk_id FROM chunks WHERE article_id = ? AND version = ? AND start <= ? AND "end" > ?'
            if row := self._db.execute(query, (article_id, version, offset, offset)).fetchone():
                found[article_id, version, offset] = str(row[0])
        return found

    def enriched(self) -> Iterator[Article]:
        """The live articles that have an enrichment, with it, by id."""
        for article in (version.article for version in self.versions("live").values()):
            if article.is_enriched:
                yield replace(article, enrichment=self.enrichments.of(article.article_id, article.version))

    def chunks_of(self, article_id: str, version: str) -> list[StoredChunk]:
        rows = self._db.execute(
            f"SELECT {records.CHUNK_COLUMNS}, sum FROM chunks WHERE article_id = ? AND version = ? ORDER BY ordinal",
            (article_id, version),
        )
        with decoding(self._name):
            found = [records.chunk_of_row(row) for row in rows]
            if len(found) < self._count_of(article_id, version):
                raise ValueError(f"chunks of {article_id!r} are gone")
            return found

    def _count_of(self, article_id: str, version: str) -> int:
        row = self._db.execute(
            "SELECT chunks FROM versions WHERE article_id = ? AND version = ?", (article_id, version)
        ).fetchone()
        return int(row[0]) if row else 0

    def chunk_ids(self) -> set[str]:
        return {row[0] for row in self._db.execute("SELECT chunk_id FROM chunks")}

    def live_chunk_ids(self) -> set[str]:
        """Of the chunks of live versions."""
        return {row[0] for row in self._db.execute(f"SELECT chunk_id {_LIVE_CHUNKS}")}

    def some_live_chunks(self, most: int) -> list[str]:
        """The ids of a few chunks of live versions."""
        return [row[0] for row in self._db.execute(f"SELECT chunk_id {_LIVE_CHUNKS} LIMIT ?", (most,))]

    def count_chunks(self) -> int:
        """Chunks of live versions."""
        noted = self.meta("live_chunks") is not None
        return self.number("live_chunks") if noted else self._count(f"SELECT COUNT(*) {_LIVE_CHUNKS}")

    def live_vectors(self, within: Collection[tuple[str, str]] | None = None) -> tuple[list[str], NDArray[np.float32]]:
        """The ids of the chunks of live versions, or of those `within`, and their vectors `(n, dim)`."""
        if within is None:
            rows = self._db.execute(f"SELECT chunk_id, vector {_LIVE_CHUNKS} ORDER BY chunk_id").fetchall()
        else:
            query = f"SELECT chunk_id, vector {_LIVE_CHUNKS} AND article_id = ? AND version = ?"
            rows = [row for key in sorted(within) for row in self._db.execute(query, key)]
        with decoding(self._name):
            packed = np.frombuffer(b"".join(vector for _, vector in rows), np.float16)
            return [chunk_id for chunk_id, _ in rows], packed.reshape(max(len(rows), 1), -1).astype(np.float32)

    def chunk_vectors(self, chunk_ids: Sequence[str]) -> ChunkVectors:
        """Without words and spans, and nothing unpacked one by one. Raises IndexDamagedError where one is not there."""
        found: dict[str, tuple[bytes, bytes]] = {}
        for batch, places in records.batches(chunk_ids):
            query = f"SELECT chunk_id, vector, sentence_vectors FROM chunks WHERE chunk_id IN ({places})"
            found.update((chunk_id, (one, more)) for chunk_id, one, more in self._db.execute(query, batch))
        if len(found) < len(set(chunk_ids)):
            raise IndexDamagedError(f"{self._name} is damaged (it does not find chunks that it holds): {REINDEX}")
        with decoding(self._name):
            rows = [found[chunk_id] for chunk_id in chunk_ids]
            size = len(rows[0][0]) if rows else 2
            vectors, sentences = b"".join(one for one, _ in rows), b"".join(more for _, more in rows)
            return ChunkVectors(
                tuple(chunk_ids),
                np.frombuffer(vectors, np.float16).reshape(-1, size // 2),
                np.frombuffer(sentences, np.float16).reshape(-1, size // 2),
                np.array([len(more) // size for _, more in rows], dtype=np.intp),
            )

    def stored_chunks(self, chunk_ids: Sequence[str]) -> dict[str, StoredChunk]:
        found = {}
        for batch, places in records.batches(chunk_ids):
            with decoding(self._name):
                query = f"SELECT {records.CHUNK_COLUMNS}, sum FROM chunks WHERE chunk_id IN ({places})"
                for row in self._db.execute(query, batch):
                    found[row[0]] = records.chunk_of_row(row)
        return found

    # the file

    def shrink(self) -> None:
        """Write the whole file anew, without what was deleted, and leave nothing of it in the log; not within a transaction."""
        self._db.execute("VACUUM")
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def _known(as_of: date | None) -> str:
    return "state = 'live'" if as_of is None else "state = 'live' AND last_day <= ?"


def _day(as_of: date | None) -> tuple[str, ...]:
    return () if as_of is None else (as_of.isoformat(),)
