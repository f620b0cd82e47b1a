"""The records of the catalog (versions, chunks with vectors, stored questions) and their rows in SQLite.

`…_row` gives the values of `…_COLUMNS`. Each row carries a checksum, and `…_of_row`, which reads both, raises an error if they differ; rows
of 1.0.0 have None in its place.
"""

import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.index.database import Database
from trusted_cloud_chat.schema import Article, Chunk, Enrichment, Source, Span, enrichment_of, is_of_corpus, version_of

VERSION_COLUMNS = "article_id, version, title, date, last_day, publisher, url, language, source_type, sources, path, in_corpus, likeness, text"
CHUNK_COLUMNS = 'chunk_id, article_id, version, ordinal, start, "end", sentences, vector, sentence_vectors, words, word_sentences, word_vectors'
QUESTION_COLUMNS = "question_id, article_id, version, kind, text, spans, vector"
CONTENT_COLUMNS = "article_id, version, content"
ENRICHMENT = TypeAdapter(Enrichment)


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


Pair = tuple[Article, StoredChunk]
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
    """The vectors of chunks `(n, dim)`, and of all their sentences, `n_sentences` for each chunk in turn; float16, unit."""

    ids: tuple[str, ...]
    vectors: NDArray[np.float16]
    sentence_vectors: NDArray[np.float16]
    n_sentences: NDArray[np.intp]


class Outline(NamedTuple):
    """What identifies an article, without its text."""

    article_id: str
    version: str
    path: str
    date: str | None
    likeness: str
    """Equal for texts that differ in white space alone."""

    @classmethod
    def of(cls, article: Article) -> "Outline":
        day = str(article.date) if article.date else None
        return cls(article.article_id, article.version, article.path, day, likeness(article.text))

    @property
    def in_corpus(self) -> bool:
        return is_of_corpus(self.path)


class Live(dict[str, Outline]):
    """The live articles as a run begins, by id in order. `read` loads one with its text, or raises IndexDamagedError."""

    def __init__(self, outlines: Iterable[Outline], read: Callable[[str], Article]) -> None:
        super().__init__((one.article_id, one) for one in outlines)
        self.read = read

    @classmethod
    def of(cls, articles: Mapping[str, Article]) -> "Live":
        """From articles that are already loaded."""
        return cls(map(Outline.of, articles.values()), articles.__getitem__)


def likeness(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:32]


def chunk_version(chunk_id: str) -> tuple[str, str]:
    """The article id and version with which a chunk's id begins (`chunking.py`)."""
    article_id, _, version = chunk_id.rpartition("#")[0].rpartition("@")
    return article_id, version


def article_row(article: Article) -> tuple[Any, ...]:
    sources = [{**asdict(source), "date": str(source.date) if source.date else None} for source in article.sources]
    return (
        article.article_id, article.version, article.title, str(article.date) if article.date else None,
        article.date.last_day.isoformat() if article.date else None,
        article.publisher, article.url, article.language, article.source_type,
        json.dumps(sources, ensure_ascii=False), article.path, int(article.in_corpus), likeness(article.text), article.text,
    )  # fmt: skip


def article_of_row(row: Sequence[Any]) -> Article:
    *values, checksum = row
    _unchanged(row, "the text or the metadata of")
    article_id, version, title, day, _, publisher, url, language, source_type, sources, path, _, _, text = values
    if checksum is None and version_of(text, title, day, enrichment_of(version)) != version:
        raise ValueError(f"the text of {article_id!r} has changed")
    of_it = tuple(Source(**{**source, "date": _date(source["date"])}) for source in json.loads(sources))
    return Article(article_id, version, title, text, _date(day), publisher, url, language, source_type, of_it, path)


def chunk_row(stored: StoredChunk) -> tuple[Any, ...]:
    chunk = stored.chunk
    return (
        chunk.chunk_id, chunk.article_id, chunk.version, chunk.ordinal, chunk.start, chunk.end, _packed(chunk.sentences),
        stored.vector.astype(np.float16).tobytes(), stored.sentence_vectors.astype(np.float16).tobytes(),
        " ".join(stored.words), stored.word_sentences, stored.word_vectors,
    )  # fmt: skip


def chunk_of_row(row: Sequence[Any]) -> StoredChunk:
    chunk_id, article_id, version, ordinal, start, end, sentences, *more = _unchanged(row, "the chunk")
    vector, sentence_vectors, words, of_words, packed = more
    chunk = Chunk(chunk_id, article_id, version, ordinal, start, end, _spans(sentences))
    unpacked = np.frombuffer(vector, np.float16)
    of_sentences = np.frombuffer(sentence_vectors, np.float16).reshape(-1, unpacked.size)
    return StoredChunk(chunk, unpacked, of_sentences, tuple(words.split()), of_words, packed)


def question_row(stored: StoredQuestion) -> tuple[Any, ...]:
    return (
        stored.question_id, stored.article_id, stored.version, stored.kind, stored.text, _packed(stored.spans),
        stored.vector.astype(np.float16).tobytes(),
    )  # fmt: skip


def question_of_row(row: Sequence[Any]) -> StoredQuestion:
    question_id, article_id, version, kind, text, spans, vector = _unchanged(row, "the stored question")
    unpacked = np.frombuffer(vector, np.float16)
    return StoredQuestion(question_id, article_id, version, kind, text, _spans(spans), unpacked)


def content_of_row(row: Sequence[Any]) -> Enrichment:
    return ENRICHMENT.validate_json(_unchanged(row, "the enrichment of")[2])


def put(db: Database, table: str, columns: str, rows: Iterable[Sequence[Any]]) -> None:
    """Insert each row with its checksum, replacing one with the same key."""
    marks = ", ?" * len(columns.split(","))
    summed_rows = ((summed(row), *row) for row in rows)
    db.executemany(f"INSERT OR REPLACE INTO {table} (sum, {columns}) VALUES (?{marks})", summed_rows)


def stacked(rows: Sequence[tuple[str, bytes]]) -> tuple[list[str], NDArray[np.float16]]:
    """Ids, and their vectors as one array `(n, dim)`."""
    packed = np.frombuffer(b"".join(vector for _, vector in rows), np.float16)
    return [one for one, _ in rows], packed.reshape(max(len(rows), 1), -1)


def _unchanged(row: Sequence[Any], what: str) -> Sequence[Any]:
    *values, checksum = row
    if checksum not in (None, summed(values)):
        raise ValueError(f"{what} {values[0]!r} has changed")
    return values


def _date(stored: str | None) -> PartialDate | None:
    return PartialDate.parse(stored) if stored else None


def _packed(spans: Iterable[Span]) -> bytes:
    return np.array([(span.start, span.end) for span in spans], np.int32).tobytes()


def _spans(packed: bytes) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in np.frombuffer(packed, np.int32).reshape(-1, 2).tolist())


def summed(values: Iterable[Any]) -> int:
    """The checksum of a row."""
    total = 0
    for value in values:
        total = zlib.crc32(value if isinstance(value, bytes) else f"{value}\0".encode(errors="replace"), total)
    return total
