"""Passage vectors kept between runs, by content: a second run of an evaluation embeds nothing.

Questions are embedded each time, so that query latency is true.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

from trusted_cloud_chat.models.embedder import Embedder, TokenVectors, Vectors

T = TypeVar("T")
WordsOfText = tuple[Vectors, TokenVectors | None]

_PROBE = "Le Conseil d'État a jugé que l'hébergeur, qualifié en 2024, répond à la loi n° 2024-449."


class CachedEmbedder(Embedder):
    """The embedder given, with a memory in one SQLite file.

    A key holds what the embedder makes of a probe: another model, projection or processor never meets old vectors.
    Token vectors pass through float16, cached or not, so that a first and a second run agree.
    """

    def __init__(self, embedder: Embedder, file: Path) -> None:
        self._embedder = embedder
        self.identity = embedder.identity
        self.dimensions = embedder.dimensions
        self.max_tokens = embedder.max_tokens
        self.cached: list[str] = []
        """The texts whose vectors came from the file."""
        self._fresh_characters = 0
        file.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID")
        self._salt = self._fingerprint()

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._embedder.encode_queries(texts)

    def encode_query_words(self, text: str) -> WordsOfText:
        return self._embedder.encode_query_words(text)

    def count_tokens(self, text: str) -> int:
        return self._embedder.count_tokens(text)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        def encode(missing: list[str]) -> list[Vectors]:
            return list(self._embedder.encode_passages(missing))

        rows = self._through("passage", texts, encode, bytes_of_vector, lambda b: np.frombuffer(b, np.float32))
        return np.array(rows, dtype=np.float32).reshape(-1, self.dimensions)

    def encode_passage_words(self, texts: Sequence[str]) -> tuple[Vectors, list[TokenVectors | None]]:
        def encode(missing: list[str]) -> list[WordsOfText]:
            vectors, words = self._embedder.encode_passage_words(missing)
            return list(zip(vectors, words, strict=True))

        found = self._through("words", texts, encode, pack_words, lambda b: unpack_words(b, self.dimensions))
        vectors = np.array([vector for vector, _ in found], dtype=np.float32).reshape(-1, self.dimensions)
        return vectors, [words for _, words in found]

    def seconds_saved(self, sample: int = 64) -> float:
        """What the vectors taken from the file would have cost, from embedding a sample of them anew."""
        texts = self.cached[:: max(1, len(self.cached) // sample)][:sample]
        if not texts:
            return 0.0
        started = time.perf_counter()
        self._embedder.encode_passages(texts)
        return (time.perf_counter() - started) / _characters(texts) * _characters(self.cached)

    @property
    def cached_share(self) -> float:
        """Share of the characters whose vectors came from the file."""
        cached = _characters(self.cached)
        return cached / max(1, cached + self._fresh_characters)

    def close(self) -> None:
        self._db.close()

    def _through(
        self,
        kind: str,
        texts: Sequence[str],
        encode: Callable[[list[str]], Sequence[T]],
        pack: Callable[[T], bytes],
        unpack: Callable[[bytes], T],
    ) -> list[T]:
        keys = [self._key(kind, text) for text in texts]
        stored = {key: self._get(key) for key in keys}
        missing = [i for i, key in enumerate(keys) if stored[key] is None]
        hits = [text for text, key in zip(texts, keys, strict=True) if stored[key] is not None]
        self.cached += hits
        self._fresh_characters += sum(len(texts[i]) for i in missing)
        if missing:
            fresh = encode([texts[i] for i in missing])
            packed = [(keys[i], pack(value)) for i, value in zip(missing, fresh, strict=True)]
            self._db.execute("BEGIN")
            self._db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", packed)
            self._db.execute("COMMIT")
            stored.update(packed)
        return [unpack(value) for key in keys if (value := stored[key]) is not None]

    def _key(self, kind: str, text: str) -> bytes:
        return hashlib.sha256(f"{self._salt}\0{kind}\0{text}".encode()).digest()

    def _get(self, key: bytes) -> bytes | None:
        row = self._db.execute("SELECT value FROM vectors WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def _fingerprint(self) -> str:
        vectors, words = self._embedder.encode_passage_words([_PROBE])
        return hashlib.sha256(self.identity.encode() + pack_words((vectors[0], words[0]))).hexdigest()


def _characters(texts: Sequence[str]) -> int:
    return sum(map(len, texts))


def bytes_of_vector(vector: Vectors) -> bytes:
    return np.asarray(vector, dtype=np.float32).tobytes()


def pack_words(found: WordsOfText) -> bytes:
    """The vector, then the number of tokens, their offsets and their vectors in float16 when there are any."""
    vector, words = found
    head = bytes_of_vector(vector)
    if words is None:
        return head
    count = np.int32(len(words.offsets)).tobytes()
    return head + count + words.offsets.astype(np.int32).tobytes() + words.vectors.astype(np.float16).tobytes()


def unpack_words(packed: bytes, dimensions: int) -> WordsOfText:
    vector = np.frombuffer(packed, np.float32, dimensions)
    rest = packed[dimensions * 4 :]
    if not rest:
        return vector, None
    count = int(np.frombuffer(rest, np.int32, 1)[0])
    offsets = np.frombuffer(rest, np.int32, 2 * count, 4).reshape(count, 2)
    tokens = np.frombuffer(rest, np.float16, -1, 4 + 8 * count).astype(np.float32)
    return vector, TokenVectors(offsets, tokens.reshape(count, -1) if count else tokens.reshape(0, 0))
