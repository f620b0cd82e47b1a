"""What the catalog holds (versions of articles, chunks with their vectors), and how a row of SQLite keeps it.

Each row carries a checksum of itself: what is read of it is what was written, or it is told.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.schema import Article, Chunk, Enrichment, Source, Span, enrichment_of, version_of

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
"""What questions ask of many versions at once stands in an index; texts, which are long, stand last in their row."""
AS_NOW = """
CREATE TEMP VIEW versions AS SELECT rowid, *, 0 AS chunks, like_to(text) AS likeness, NULL AS sum FROM main.versions;
CREATE TEMP VIEW chunks AS SELECT rowid, *, NULL AS sum FROM main.chunks;
CREATE TEMP VIEW leaving AS SELECT '' AS id WHERE 0;
CREATE TEMP VIEW enrichments AS SELECT '' AS article_id, '' AS version, 0 AS sum, '' AS content WHERE 0;
CREATE TEMP VIEW questions AS SELECT 0 AS rowid, '' AS question_id, '' AS article_id, '' AS version, '' AS kind, 0 AS sum, '' AS text,
    x'' AS spans, x'' AS vector WHERE 0;
"""
"""How the tables of 1.0.0 are read as these, until a run takes them over."""
OF_A_VERSION = ("chunks", "questions", "enrichments", "versions")
"""The tables with a row or rows for each version, by `article_id` and `version`: what is forgotten, dropped or kept is so in all."""
SPAN_BYTES = 8
"""Of a sentence in `chunks.sentences`: where it starts and ends, two int32."""
_LOOKUP_BATCH = 500
VERSION_COLUMNS = "article_id, version, title, date, last_day, publisher, url, language, source_type, sources, path, in_corpus, likeness, text"
CHUNK_COLUMNS = 'chunk_id, article_id, version, ordinal, start, "end", sentences, vector, sentence_vectors, words, word_sentences, word_vectors'
QUESTION_COLUMNS = "question_id, article_id, version, kind, text, spans, vector"
_ENRICHMENT = TypeAdapter(Enrichment)
_WORDS = frozenset({str, type(None)})


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


QuestionKind = Literal["answered", "absent", "premise"]


@dataclass(frozen=True, slots=True)
class StoredQuestion:
    """A question of an article's enrichment: `vector` `(fewer,)` as mapped (`models/question_map.py`), float16, unit.

    `spans` are the sentences that answer it, or correct its premise; an absent one has none.
    """

    question_id: str
    article_id: str
    version: str
    kind: QuestionKind
    text: str
    spans: tuple[Span, ...]
    vector: NDArray[np.float16]


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


class Held(NamedTuple):
    """An article without its text: what tells which file is which."""

    article_id: str
    version: str
    path: str
    date: str | None
    in_corpus: bool
    likeness: str
    """The same for two texts that differ in white space alone."""


def held_of(article: Article, *, in_corpus: bool) -> Held:
    day = str(article.date) if article.date else None
    return Held(article.article_id, article.version, article.path, day, in_corpus, likeness(article.text))


def likeness(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:32]


def chunk_version(chunk_id: str) -> tuple[str, str]:
    """Article id and version that a chunk belongs to: its id begins with them (`chunking.py`)."""
    article_id, _, version = chunk_id.rpartition("#")[0].rpartition("@")
    return article_id, version


def version_row(article: Article, *, in_corpus: bool) -> tuple[Any, ...]:
    """The values of `VERSION_COLUMNS`, and their checksum."""
    sources = [
        {"publisher": s.publisher, "title": s.title, "url": s.url, "date": str(s.date) if s.date else None}
        for s in article.sources
    ]
    values = (
        article.article_id, article.version, article.title, str(article.date) if article.date else None,
        article.date.last_day.isoformat() if article.date else None,
        article.publisher, article.url, article.language, article.source_type,
        json.dumps(sources, ensure_ascii=False), article.path, int(in_corpus), likeness(article.text), article.text,
    )  # fmt: skip
    return (*values, _sum(values))


def version_of_row(row: Sequence[Any]) -> LiveVersion:
    """From the values of `VERSION_COLUMNS` and their checksum, None where a release before there were any wrote it.

    Raises ValueError or TypeError where it is not what was stored.
    """
    *values, checksum = row
    article_id, version, title, day, _, publisher, url, language, source_type, sources, path, in_corpus, _, text = (
        values
    )
    # A damaged row may hold numbers and blobs where there were words.
    if not _WORDS.issuperset(map(type, (*values[:11], text))):
        raise TypeError("a column is no text")
    if checksum != (_sum(values) if checksum is not None else None) or (
        checksum is None and version_of(text, title, day, enrichment_of(version)) != version
    ):
        raise ValueError(f"the text of {article_id!r}, or what is known of it, has changed")
    article = Article(
        article_id=article_id,
        version=version,
        title=title,
        text=text,
        date=PartialDate.parse(day) if day else None,
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
    return LiveVersion(article, bool(in_corpus))


def chunk_row(stored: StoredChunk) -> tuple[Any, ...]:
    """The values of `CHUNK_COLUMNS`, and their checksum."""
    chunk = stored.chunk
    values = (
        chunk.chunk_id, chunk.article_id, chunk.version, chunk.ordinal, chunk.start, chunk.end,
        np.array([(span.start, span.end) for span in chunk.sentences], np.int32).tobytes(),
        stored.vector.astype(np.float16).tobytes(), stored.sentence_vectors.astype(np.float16).tobytes(),
        " ".join(stored.words), stored.word_sentences, stored.word_vectors,
    )  # fmt: skip
    return (*values, _sum(values))


def chunk_of_row(row: Sequence[Any]) -> StoredChunk:
    """From the values of `CHUNK_COLUMNS` and their checksum, or None. Raises ValueError where it is not what was stored."""
    *values, checksum = row
    chunk_id, article_id, version, ordinal, start, end, sentences, vector, sentence_vectors, words, of_words, packed = (
        values
    )
    if not 0 <= start < end or checksum not in (None, _sum(values)):
        raise ValueError(f"the chunk {chunk_id!r} has changed")
    spans = np.frombuffer(sentences, np.int32).reshape(-1, 2).tolist()
    chunk_vector = np.frombuffer(vector, np.float16)
    return StoredChunk(
        Chunk(chunk_id, article_id, version, ordinal, start, end, tuple(Span(a, b) for a, b in spans)),
        chunk_vector,
        np.frombuffer(sentence_vectors, np.float16).reshape(-1, chunk_vector.size),
        tuple(words.split()),
        of_words,
        packed,
    )


def question_row(stored: StoredQuestion) -> tuple[Any, ...]:
    """The values of `QUESTION_COLUMNS`, and their checksum."""
    spans = np.array([(span.start, span.end) for span in stored.spans], np.int32).tobytes()
    values = (
        stored.question_id, stored.article_id, stored.version, stored.kind, stored.text, spans,
        stored.vector.astype(np.float16).tobytes(),
    )  # fmt: skip
    return (*values, _sum(values))


def question_of_row(row: Sequence[Any]) -> StoredQuestion:
    """From the values of `QUESTION_COLUMNS` and their checksum. Raises ValueError where it is not what was stored."""
    *values, checksum = row
    question_id, article_id, version, kind, text, spans, vector = values
    if checksum != _sum(values):
        raise ValueError(f"the stored question {question_id!r} has changed")
    pairs = np.frombuffer(spans, np.int32).reshape(-1, 2).tolist()
    found = tuple(Span(a, b) for a, b in pairs)
    return StoredQuestion(question_id, article_id, version, kind, text, found, np.frombuffer(vector, np.float16))


def content_row(article_id: str, version: str, enrichment: Enrichment) -> tuple[Any, ...]:
    """Article id, version, the enrichment as JSON, and a checksum."""
    values = (article_id, version, _ENRICHMENT.dump_json(enrichment).decode())
    return (*values, _sum(values))


def content_of_row(row: Sequence[Any]) -> Enrichment:
    """Raises ValueError where it is not what was stored."""
    *values, checksum = row
    if checksum != _sum(values):
        raise ValueError(f"the enrichment of {values[0]!r} has changed")
    return _ENRICHMENT.validate_json(values[2])


def _sum(values: Iterable[Any]) -> int:
    total = 0
    for value in values:
        total = zlib.crc32(value if isinstance(value, bytes) else f"{value}\0".encode(errors="replace"), total)
    return total


def batches(values: Collection[str]) -> Iterator[tuple[list[str], str]]:
    """As many as one query looks up, each with its question marks."""
    every = list(values)
    for position in range(0, len(every), _LOOKUP_BATCH):
        batch = every[position : position + _LOOKUP_BATCH]
        yield batch, marks(batch)


def marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))
