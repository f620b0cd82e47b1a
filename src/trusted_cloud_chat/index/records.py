"""What the catalog holds (versions of articles, chunks with their vectors), and how a row of SQLite keeps it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.schema import Article, Chunk, Source, Span

SCHEMA_VERSION = 1
SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE versions (
    article_id TEXT NOT NULL, version TEXT NOT NULL, state TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL,
    date TEXT, last_day TEXT, publisher TEXT, url TEXT, language TEXT NOT NULL, source_type TEXT,
    sources TEXT NOT NULL, path TEXT NOT NULL, in_corpus INTEGER NOT NULL,
    PRIMARY KEY (article_id, version)
);
CREATE INDEX versions_state ON versions (state);
CREATE TABLE chunks (
    chunk_id TEXT PRIMARY KEY, article_id TEXT NOT NULL, version TEXT NOT NULL, ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, sentences BLOB NOT NULL,
    vector BLOB NOT NULL, sentence_vectors BLOB NOT NULL,
    words TEXT NOT NULL, word_sentences BLOB NOT NULL, word_vectors BLOB NOT NULL
);
CREATE INDEX chunks_version ON chunks (article_id, version);
"""
SPAN_BYTES = 8
"""Of a sentence in `chunks.sentences`: where it starts and ends, two int32."""
_LOOKUP_BATCH = 500
_WORDS = frozenset({str, type(None)})
ARTICLE_COLUMNS = "article_id, version, title, text, date, publisher, url, language, source_type, sources, path"


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """A chunk with its vectors: `vector` `(dim,)`, `sentence_vectors` `(n_sentences, dim)`, float16, unit.

    `words` are the stems of its title and text, `word_sentences` their sentences, `word_vectors` as packed by
    `late_interaction.pack`; `word_vectors` is empty where the embedder gives none.
    """

    chunk: Chunk
    vector: NDArray[np.float16]
    sentence_vectors: NDArray[np.float16]
    words: tuple[str, ...] = ()
    word_sentences: bytes = b""
    word_vectors: bytes = b""


@dataclass(frozen=True, slots=True)
class ChunkVectors:
    """Chunks by their vectors alone, in the order of `ids`: `vectors` `(n, dim)` and all their `sentence_vectors`
    `(sum of n_sentences, dim)`, float16, unit; `n_sentences` says how many of those are each chunk's.
    """

    ids: tuple[str, ...]
    vectors: NDArray[np.float16]
    sentence_vectors: NDArray[np.float16]
    n_sentences: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class LiveVersion:
    """What a run needs to know of an article that is live."""

    article: Article
    in_corpus: bool


class LiveVersions:
    """The live versions of one generation, and the last day of each one's date."""

    def __init__(self, last_days: Mapping[tuple[str, str], str | None]) -> None:
        self._last_days = last_days

    def among(
        self, chunk_ids: Iterable[str], as_of: date | None = None, within: Collection[tuple[str, str]] | None = None
    ) -> set[str]:
        """Those of `chunk_ids` that are live and, with `as_of`, published by that day and, with `within`, of one of those versions.

        A chunk's id begins with its article and version (`chunking.py`), so that no chunk need be read.
        """
        live = {chunk_id for chunk_id in chunk_ids if self._is_live(chunk_id, as_of)}
        return live if within is None else {chunk_id for chunk_id in live if chunk_version(chunk_id) in within}

    def is_dated(self, chunk_id: str) -> bool:
        """Whether the chunk's article is live and has a date."""
        return self._last_days.get(chunk_version(chunk_id)) is not None

    def _is_live(self, chunk_id: str, as_of: date | None) -> bool:
        version = chunk_version(chunk_id)
        if version not in self._last_days:
            return False
        last_day = self._last_days[version]
        return as_of is None or (last_day is not None and last_day <= as_of.isoformat())


def chunk_version(chunk_id: str) -> tuple[str, str]:
    """Article id and version that a chunk belongs to."""
    article_id, _, version = chunk_id.rpartition("#")[0].rpartition("@")
    return article_id, version


def version_row(article: Article, *, in_corpus: bool, state: str) -> tuple[Any, ...]:
    """A whole row of `versions`."""
    sources = [
        {"publisher": s.publisher, "title": s.title, "url": s.url, "date": str(s.date) if s.date else None}
        for s in article.sources
    ]
    return (
        article.article_id, article.version, state, article.title, article.text,
        str(article.date) if article.date else None,
        article.date.last_day.isoformat() if article.date else None,
        article.publisher, article.url, article.language, article.source_type,
        json.dumps(sources, ensure_ascii=False), article.path, int(in_corpus),
    )  # fmt: skip


def article_of(row: Sequence[Any]) -> Article:
    """From a row that begins with `ARTICLE_COLUMNS`; the text may be in UTF-8."""
    article_id, version, title, text, published, publisher, url, language, source_type, sources, path = row[:11]
    if isinstance(text, bytes):
        text = text.decode()
    # A damaged row may hold numbers and blobs where there were words.
    if not _WORDS.issuperset(map(type, (*row[:3], text, *row[4:11]))):
        raise TypeError("a column is no text")
    return Article(
        article_id=article_id,
        version=version,
        title=title,
        text=text,
        date=PartialDate.parse(published) if published else None,
        publisher=publisher,
        url=url,
        language=language,
        source_type=source_type,
        sources=tuple(
            Source(s["publisher"], s["title"], s["url"], PartialDate.parse(s["date"]) if s["date"] else None)
            for s in json.loads(sources)
        ),
        path=path,
    )


def chunk_row(stored: StoredChunk) -> tuple[Any, ...]:
    """A whole row of `chunks`."""
    chunk = stored.chunk
    return (
        chunk.chunk_id, chunk.article_id, chunk.version, chunk.ordinal, chunk.start, chunk.end,
        np.array([(span.start, span.end) for span in chunk.sentences], np.int32).tobytes(),
        stored.vector.astype(np.float16).tobytes(), stored.sentence_vectors.astype(np.float16).tobytes(),
        " ".join(stored.words), stored.word_sentences, stored.word_vectors,
    )  # fmt: skip


def chunk_of(row: Sequence[Any]) -> StoredChunk:
    """From a whole row of `chunks`."""
    chunk_id, article_id, version, ordinal, start, end, sentences, vector, sentence_vectors = row[:9]
    if not 0 <= start < end:
        raise ValueError(f"a chunk from {start} to {end}")
    spans = np.frombuffer(sentences, np.int32).reshape(-1, 2).tolist()
    chunk_vector = np.frombuffer(vector, np.float16)
    return StoredChunk(
        Chunk(chunk_id, article_id, version, ordinal, start, end, tuple(Span(a, b) for a, b in spans)),
        chunk_vector,
        np.frombuffer(sentence_vectors, np.float16).reshape(-1, chunk_vector.size),
        tuple(row[9].split()),
        row[10],
        row[11],
    )


def batches(values: Sequence[str]) -> Iterator[tuple[list[str], str]]:
    """As many as one query looks up, each with its question marks."""
    for position in range(0, len(values), _LOOKUP_BATCH):
        batch = list(values[position : position + _LOOKUP_BATCH])
        yield batch, marks(batch)


def marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))
