"""Caches passage vectors between runs, by content: a second run of an evaluation embeds nothing.

Questions are embedded each time, so that query latency is true.
"""

import hashlib
import io
import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.models.embedder import Embedder, TokenVectors, Vectors

Arrays = list[NDArray[Any]]
"""What one text became: its vector, then the offsets and vectors of its tokens where there are any."""

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
        self._salt = hashlib.sha256(self.identity.encode() + pack(self._with_words([_PROBE])[0])).hexdigest()

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Many at once, as stored questions come; a question that is asked goes by `encode_query_words`."""
        found = self._through("query", texts, lambda missing: [[v] for v in self._embedder.encode_queries(missing)])
        return np.array([vector for (vector,) in found], dtype=np.float32).reshape(-1, self.dimensions)

    def encode_query_words(self, text: str) -> tuple[Vectors, TokenVectors | None]:
        return self._embedder.encode_query_words(text)

    def count_tokens(self, text: str) -> int:
        return self._embedder.count_tokens(text)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        found = self._through("passage", texts, lambda missing: [[v] for v in self._embedder.encode_passages(missing)])
        return np.array([vector for (vector,) in found], dtype=np.float32).reshape(-1, self.dimensions)

    def encode_passage_words(self, texts: Sequence[str]) -> tuple[Vectors, list[TokenVectors | None]]:
        found = self._through("words", texts, self._with_words)
        vectors = np.array([arrays[0] for arrays in found], dtype=np.float32).reshape(-1, self.dimensions)
        return vectors, [TokenVectors(a[1], a[2].astype(np.float32)) if len(a) == 3 else None for a in found]

    def _with_words(self, texts: Sequence[str]) -> list[Arrays]:
        vectors, words = self._embedder.encode_passage_words(texts)
        return [
            [vector] if tokens is None else [vector, tokens.offsets, tokens.vectors.astype(np.float16)]
            for vector, tokens in zip(vectors, words, strict=True)
        ]

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
        self, kind: str, texts: Sequence[str], encode: Callable[[Sequence[str]], Sequence[Arrays]]
    ) -> list[Arrays]:
        """What `encode` makes of `texts`, or made of them in an earlier run."""
        keys = [hashlib.sha256(f"{self._salt}\0{kind}\0{text}".encode()).digest() for text in texts]
        query = "SELECT value FROM vectors WHERE key = ?"
        stored: dict[bytes, bytes] = {
            key: row[0] for key in keys if (row := self._db.execute(query, (key,)).fetchone())
        }
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in stored}
        self.cached += [text for key, text in zip(keys, texts, strict=True) if key in stored]
        self._fresh_characters += _characters(list(missing.values()))
        if missing:
            fresh = dict(zip(missing, map(pack, encode(list(missing.values()))), strict=True))
            self._db.execute("BEGIN")
            self._db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", fresh.items())
            self._db.execute("COMMIT")
            stored |= fresh
        return [unpack(stored[key]) for key in keys]


def _characters(texts: Sequence[str]) -> int:
    return sum(map(len, texts))


def pack(arrays: Arrays) -> bytes:
    """One after the other, in numpy's own format."""
    buffer = io.BytesIO()
    for array in arrays:
        np.save(buffer, array)
    return buffer.getvalue()


def unpack(packed: bytes) -> Arrays:
    buffer, arrays = io.BytesIO(packed), []
    while buffer.tell() < len(packed):
        arrays.append(np.load(buffer))
    return arrays
