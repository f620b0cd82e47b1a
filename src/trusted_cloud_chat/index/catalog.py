"""The catalog (SQLite), which is the truth: articles, versions, chunks with vectors, the generation.

A version is `live` while questions see it, and `old` afterwards: its text stays for old citations, its chunks go. A version that a run has
staged and not yet committed has only chunks.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat import __version__
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.errors import IndexDamagedError, IndexTooNewError
from trusted_cloud_chat.index import records
from trusted_cloud_chat.index.database import AS_NOW, SCHEMA, SCHEMA_VERSION, connect
from trusted_cloud_chat.index.history import History
from trusted_cloud_chat.index.records import ChunkVectors, Live, Outline, StoredChunk, StoredQuestion
from trusted_cloud_chat.index.trouble import REBUILD, REINDEX, brief, decoding
from trusted_cloud_chat.schema import Article, Coverage, Enrichment

_OF_IT = "article_id = ? AND version = ?"
_LIVE_CHUNKS = "FROM versions JOIN chunks USING (article_id, version) WHERE state = 'live'"
_CHUNKS = f"SELECT {records.CHUNK_COLUMNS}, sum FROM chunks"
_THESE = "IN (SELECT value FROM json_each(?))"


class Catalog:
    """A connection. A reader sees the state at its `begin_read`; a writer commits what `transaction` wraps."""

    def __init__(self, path: Path, *, read_only: bool) -> None:
        self.folder = path.parent
        """The folder of its store, named by a number."""
        self._db = connect(path, read_only=read_only)
        self._name = self._db.name
        self.history, self.transaction = History(self._db), self._db.transaction
        try:
            if not read_only:
                # A commit is durable when it returns.
                for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
                    self._db.execute(f"PRAGMA {pragma}")
                if not self._db.one("SELECT 1 FROM sqlite_master WHERE name = 'meta'"):
                    self._db.executescript(
                        f"BEGIN;{SCHEMA}INSERT INTO meta VALUES ('schema', '{SCHEMA_VERSION}');COMMIT;"
                    )
            self.schema = self.number("schema")
            self._accept()
            self.is_in_use = self.generation > 0 and not self.meta("aside") and self.was_committed
            """Whether a run has committed to it, and it is not an unfinished copy."""
        except BaseException:
            self.close()
            raise

    def _accept(self) -> None:
        """Check the version of the schema; an older one is read through views."""
        if not self.schema or (self.generation == 0 and self.was_committed):
            raise IndexDamagedError(f"{self._name} is damaged (its format is not noted): {REBUILD}")
        if self.schema > SCHEMA_VERSION:
            raise IndexTooNewError(
                f"the index was made by a newer version, {self.meta('release') or 'an unknown one'} (format "
                f"{self.schema}, this one, {__version__}, reads {SCHEMA_VERSION}): "
                "update with `pip install --upgrade trusted-cloud-chat`, or point TCC_HOME elsewhere"
            )
        if self.schema < SCHEMA_VERSION:
            self._db.connection.create_function("like_to", 1, records.likeness)
            self._db.executescript(AS_NOW)

    def close(self) -> None:
        self._db.connection.close()

    def begin_read(self) -> None:
        self._db.executescript("BEGIN; SELECT 1 FROM meta LIMIT 1")

    def meta(self, key: str) -> str | None:
        row = self._db.one("SELECT value FROM meta WHERE key = ?", (key,))
        return str(row[0]) if row else None

    def set_meta(self, key: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def number(self, key: str) -> int:
        with decoding(self._name):
            return int(self.meta(key) or 0)

    @property
    def generation(self) -> int:
        return self.number("generation")

    @property
    def was_committed(self) -> bool:
        """Whether a run has ever committed to this very catalog: a rebuild inherits its generation."""
        live = "SELECT 1 FROM versions WHERE state = 'live' LIMIT 1"
        return self._db.one(live) is not None or self.meta("live_articles") is not None

    # checks

    def check_counts(self) -> None:
        """Check that no articles or chunks have gone since the last commit. Raises IndexDamagedError."""
        for thing, left in (
            ("articles", self._count("SELECT COUNT(*) FROM versions WHERE state = 'live'")),
            ("chunks", self._count("SELECT COUNT(*) FROM chunks")),  # staged chunks too
        ):
            if left < (noted := self.number(f"live_{thing}")):
                raise IndexDamagedError(f"the catalog is damaged ({left} of its {noted} {thing} are left): {REBUILD}")

    def check(self) -> None:
        if fault := self.fault():
            raise IndexDamagedError(f"the catalog is damaged ({brief(ValueError(fault))}): {REINDEX}")
        self.check_counts()
        for article in self.every("old", "live"):
            for read in (self.chunks_of, self.questions_of, self.enrichment):
                read(article.article_id, article.version)

    def fault(self) -> str:
        """SQLite's first complaint about the file; empty if there is none."""
        found = self._db.one("PRAGMA integrity_check(1)")
        return "" if found and found[0] == "ok" else str(found[0] if found else "no answer")

    def reindex(self) -> None:
        """Rebuild SQLite's indexes from the rows. Raises IndexDamagedError if the rows cannot be read."""
        self._db.execute("REINDEX")

    def _count(self, query: str, values: tuple[str, ...] = ()) -> int:
        return int(self._db.execute(query, values)[0][0])

    # versions

    def put(self, article: Article, *, state: str) -> None:
        """Store a version, after its chunks, which it counts."""
        values, key = records.article_row(article), (article.article_id, article.version)
        marks = f"?, (SELECT COUNT(*) FROM chunks WHERE {_OF_IT}), ?{', ?' * len(values)}"
        into = f"INSERT OR REPLACE INTO versions (state, chunks, sum, {records.VERSION_COLUMNS}) VALUES ({marks})"
        self._db.execute(into, (state, *key, records.summed(values), *values))
        if article.enrichment is not None:
            content = records.ENRICHMENT.dump_json(article.enrichment).decode()
            records.put(self._db, "enrichments", records.CONTENT_COLUMNS, [(*key, content)])

    def note_counts(self) -> None:
        """Note the numbers of live articles and chunks, in the transaction that changes them."""
        for key, counted in (("live_articles", "COUNT(*)"), ("live_chunks", "COALESCE(SUM(chunks), 0)")):
            self.set_meta(key, str(self._count(f"SELECT {counted} FROM versions WHERE state = 'live'")))

    def all_keys(self) -> list[tuple[str, str]]:
        """Article id and version of each version, by id, oldest first."""
        return self._db.execute("SELECT article_id, version FROM versions ORDER BY article_id, state = 'live', rowid")

    def staged(self) -> set[tuple[str, str]]:
        """Article id and version of each staged, uncommitted version; an article may have several."""
        live = "SELECT article_id, version FROM versions WHERE state = 'live'"
        return set(self._db.execute(f"SELECT article_id, version FROM chunks EXCEPT {live}"))

    def retire(self, article_id: str, version: str) -> None:
        self._db.execute(f"UPDATE versions SET state = 'old', chunks = 0 WHERE {_OF_IT}", (article_id, version))
        self.drop_chunks(article_id, version)

    def every(self, *states: str) -> Iterator[Article]:
        """Every version in one of `states`, oldest first; an article may have several old ones."""
        for state in states:
            yield from self._versions("+state = ? ORDER BY rowid", state)

    def articles(self, article_ids: Iterable[str] | None = None) -> dict[str, Article]:
        """Article id → live version, by id; of all articles or `article_ids`."""
        if article_ids is None:
            found = self.every("live")
        else:
            # The plus keeps SQLite from using the index on states: nearly every row is live.
            wanted = json.dumps(sorted(set(article_ids)))
            found = self._versions(f"+state = 'live' AND article_id {_THESE}", wanted)
        return {one.article_id: one for one in sorted(found, key=lambda one: one.article_id)}

    def article(self, article_id: str, version: str | None = None) -> Article | None:
        """That version, live or old; by default the live version, else the last old version."""
        which = "article_id = ? AND version = COALESCE(?, version)"
        order = "ORDER BY state = 'live' DESC, rowid DESC LIMIT 1"
        return next(self._versions(f"{which} {order}", article_id, version), None)

    def _versions(self, where: str, *values: str | None) -> Iterator[Article]:
        query = f"SELECT {records.VERSION_COLUMNS}, sum FROM versions WHERE {where}"
        return self._db.decoded(records.article_of_row, query, values)

    def outlines(self) -> Live:
        """The live articles without their texts, which are loaded on demand."""
        columns = "article_id, version, path, date, likeness"
        rows = self._db.execute(f"SELECT {columns} FROM versions WHERE state = 'live'")
        with decoding(self._name):
            if not all(type(column) is str for row in rows for column in (*row[:3], row[4])):
                raise TypeError("a column is not text")
            return Live(map(Outline._make, sorted(rows)), lambda one: self.articles([one])[one])

    def live_among(
        self, chunk_ids: Iterable[str], as_of: date | None = None, within: Collection[tuple[str, str]] | None = None
    ) -> set[str]:
        """The `chunk_ids` that are live, published by `as_of` if given, and of a version in `within` if given."""
        keys = {chunk_id: records.chunk_version(chunk_id) for chunk_id in chunk_ids}
        names = sorted({article_id for article_id, _ in keys.values()})
        query, wanted = f"FROM versions WHERE +state = 'live' AND article_id {_THESE}", (json.dumps(names),)
        rows = self._db.execute(f"SELECT article_id, version, last_day {query}", wanted)
        # Vectors and words still hold retired chunks, but a live article must be found by its id.
        if len(rows) < len(names) and len(rows) < self._count(
            f"SELECT COUNT(*) FROM versions WHERE state = 'live' AND +article_id {_THESE}", wanted
        ):
            raise IndexDamagedError(f"{self._name} is damaged (it does not find articles that it holds): {REINDEX}")
        live = {(article_id, version): last_day or "" for article_id, version, last_day in rows}
        return {
            chunk_id
            for chunk_id, key in keys.items()
            if key in live
            and (as_of is None or "" < live[key] <= as_of.isoformat())
            and (within is None or key in within)
        }

    def newest(self, as_of: date | None = None) -> Iterator[Article]:
        """The live articles, newest first, undated last; with `as_of`, those published by that day."""
        where, until = _known(as_of)
        rows = self._db.execute(f"SELECT article_id, date FROM versions WHERE {where}", until)
        with decoding(self._name):
            middles = {day: PartialDate.parse(day).middle.toordinal() for day in {day for _, day in rows if day}}
        for _, name in sorted((-middles.get(day, 0), name) for name, day in rows):
            yield from self.articles([name]).values()

    def with_enrichment(self, article: Article) -> Article:
        """The article with the enrichment that is stored for its version, if any."""
        if article.enrichment is not None or not article.is_enriched:
            return article
        return replace(article, enrichment=self.enrichment(article.article_id, article.version))

    def enrichment(self, article_id: str, version: str) -> Enrichment | None:
        """The enrichment stored with that version, live or old."""
        query = f"SELECT {records.CONTENT_COLUMNS}, sum FROM enrichments WHERE {_OF_IT}"
        return next(self._db.decoded(records.content_of_row, query, (article_id, version)), None)

    def enriched(self) -> Iterator[Article]:
        """The live articles that have an enrichment, with it, by id."""
        return (self.with_enrichment(article) for article in self.articles().values() if article.is_enriched)

    def coverage(self, as_of: date | None = None) -> Coverage:
        """The live content; with `as_of`, of articles published by that day."""
        stated, (where, day) = "CASE WHEN date NOT LIKE '%~' THEN date END", _known(as_of)
        ((count, syntheses, dated, *dates),) = self._db.execute(
            f"SELECT COUNT(*), COALESCE(SUM(source_type = 'synthese'), 0), COUNT({stated}), MIN({stated}), MAX({stated}) "
            f"FROM versions WHERE {where}",
            day,
        )
        with decoding(self._name):
            first, last = (PartialDate.parse(value) if value else None for value in dates)
        return Coverage(self.generation, count, self.count_chunks(), first, last, syntheses, count - dated)

    def source_types(self) -> list[str]:
        """The source types of live articles, most frequent first."""
        live = "FROM versions WHERE state = 'live' AND source_type IS NOT NULL GROUP BY source_type"
        return [kind for (kind,) in self._db.execute(f"SELECT source_type {live} ORDER BY COUNT(*) DESC, source_type")]

    def titles(self) -> list[str]:
        """The titles of the thousand live articles published last."""
        query = "SELECT title FROM versions WHERE state = 'live' ORDER BY last_day DESC LIMIT 1000"
        return [title for (title,) in self._db.execute(query)]

    # chunks

    def put_chunks(self, stored: Iterable[StoredChunk], questions: Iterable[StoredQuestion] = ()) -> None:
        records.put(self._db, "chunks", records.CHUNK_COLUMNS, map(records.chunk_row, stored))
        records.put(self._db, "questions", records.QUESTION_COLUMNS, map(records.question_row, questions))

    def drop_chunks(self, *key: str) -> None:
        """Drop the chunks of a version; the next run that changes something deletes them from Chroma and Tantivy."""
        self._db.execute(f"INSERT OR IGNORE INTO leaving SELECT chunk_id FROM chunks WHERE {_OF_IT}", key)
        for table in ("chunks", "questions"):
            self._db.execute(f"DELETE FROM {table} WHERE {_OF_IT}", key)

    def leaving(self) -> list[str]:
        """Ids of dropped chunks that Chroma and Tantivy may still hold."""
        gone = "SELECT id FROM leaving WHERE id NOT IN (SELECT chunk_id FROM chunks)"
        return [one for (one,) in self._db.execute(gone)]

    def left(self) -> None:
        """Forget `leaving`: Chroma and Tantivy have deleted them."""
        self._db.execute("DELETE FROM leaving")

    def chunks_at(self, places: Iterable[tuple[str, str, int]]) -> dict[tuple[str, str, int], str]:
        """(article id, version, offset) → id of the chunk around the offset, if there is one."""
        query, found = f'SELECT chunk_id FROM chunks WHERE {_OF_IT} AND start <= ? AND "end" > ?', {}
        for place in places:
            if row := self._db.one(query, (*place, place[2])):
                found[place] = str(row[0])
        return found

    def chunks_of(self, article_id: str, version: str) -> list[StoredChunk]:
        key = (article_id, version)
        found = list(self._db.decoded(records.chunk_of_row, f"{_CHUNKS} WHERE {_OF_IT} ORDER BY ordinal", key))
        counted = self._db.one(f"SELECT chunks FROM versions WHERE {_OF_IT}", key)
        if counted and len(found) < counted[0]:
            raise IndexDamagedError(f"{self._name} is damaged (chunks of {article_id!r} are gone): {REBUILD}")
        return found

    def chunk_ids(self) -> list[str]:
        return [one for (one,) in self._db.execute(f"SELECT chunk_id {_LIVE_CHUNKS}")]

    def count_chunks(self) -> int:
        return self.number("live_chunks") or self._count(f"SELECT COUNT(*) {_LIVE_CHUNKS}")  # 1.0.0 noted none

    def live_vectors(self, within: Collection[tuple[str, str]] | None = None) -> tuple[list[str], NDArray[np.float16]]:
        """The ids of live chunks, all or those `within`, and their vectors `(n, dim)`."""
        query = f"SELECT chunk_id, vector {_LIVE_CHUNKS}"
        if within is None:
            rows = self._db.execute(f"{query} ORDER BY chunk_id")
        else:
            rows = [row for key in sorted(within) for row in self._db.execute(f"{query} AND {_OF_IT}", key)]
        with decoding(self._name):
            return records.stacked(rows)

    def chunk_vectors(self, chunk_ids: Sequence[str]) -> ChunkVectors:
        """The vectors alone, unpacked at once. Raises IndexDamagedError if a chunk is missing."""
        query = f"SELECT chunk_id, vector, sentence_vectors FROM chunks WHERE chunk_id {_THESE}"
        found = {one: (vector, more) for one, vector, more in self._db.execute(query, (json.dumps(list(chunk_ids)),))}
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

    def stored_chunks(self, chunk_ids: Iterable[str]) -> dict[str, StoredChunk]:
        query, wanted = f"{_CHUNKS} WHERE chunk_id {_THESE}", json.dumps(list(chunk_ids))
        return {one.chunk.chunk_id: one for one in self._db.decoded(records.chunk_of_row, query, (wanted,))}

    # stored questions

    def questions_of(self, article_id: str, version: str) -> list[StoredQuestion]:
        return self._questions(_OF_IT, article_id, version)

    def questions(self, ids: Collection[str]) -> dict[str, StoredQuestion]:
        return {one.question_id: one for one in self._questions(f"question_id {_THESE}", json.dumps(list(ids)))}

    def _questions(self, where: str, *values: str) -> list[StoredQuestion]:
        query = f"SELECT {records.QUESTION_COLUMNS}, sum FROM questions WHERE {where} ORDER BY rowid"
        return list(self._db.decoded(records.question_of_row, query, values))

    def question_vectors(self, kind: str) -> tuple[list[str], NDArray[np.float16]]:
        """The ids of the stored questions of live versions, and their vectors `(n, fewer)`."""
        live = "FROM versions JOIN questions USING (article_id, version) WHERE state = 'live'"
        query = f"SELECT question_id, vector {live} AND kind = ? ORDER BY question_id"
        with decoding(self._name):
            return records.stacked(self._db.execute(query, (kind,)))

    def shrink(self) -> None:
        """Rewrite the file without deleted data and empty its log; not within a transaction."""
        self._db.execute("VACUUM")
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _known(as_of: date | None) -> tuple[str, tuple[str, ...]]:
    """The condition, with its values, for live versions published by that day."""
    return ("state = 'live'", ()) if as_of is None else ("state = 'live' AND last_day <= ?", (as_of.isoformat(),))
