"""Caches the embeddings of passages and stored questions between runs. Users' questions are always embedded, to measure real latency."""

import hashlib
import io
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.models.embedder import Embedder, TokenVectors, Vectors

Arrays = list[NDArray[Any]]
"""The embedding of a text, then the offsets and vectors of its tokens, if any."""

_PROBE = "Le Conseil d'État a jugé que l'hébergeur, qualifié en 2024, répond à la loi n° 2024-449."


class CachedEmbedder(Embedder):
    """An embedder with a cache in a SQLite file. Token vectors are always rounded to float16, so that cached and new ones are equal."""

    def __init__(self, embedder: Embedder, file: Path) -> None:
        self._embedder = embedder
        self.identity, self.dimensions, self.max_tokens = embedder.identity, embedder.dimensions, embedder.max_tokens
        self.cached: list[str] = []
        self._fresh_characters = 0
        file.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(file, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID")
        # The embedding of a probe text is part of the key, so that another model, projection or processor never reads old vectors.
        self._salt = hashlib.sha256(self.identity.encode() + _packed(self._with_words([_PROBE])[0])).hexdigest()

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """For stored questions only; `encode_query_words` embeds users' questions."""
        return self._vectors("query", texts, self._embedder.encode_queries)

    def encode_query_words(self, text: str) -> tuple[Vectors, TokenVectors | None]:
        return self._embedder.encode_query_words(text)

    def count_tokens(self, text: str) -> int:
        return self._embedder.count_tokens(text)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._vectors("passage", texts, self._embedder.encode_passages)

    def _vectors(self, kind: str, texts: Sequence[str], encode: Callable[[Sequence[str]], Vectors]) -> Vectors:
        found = self._through(kind, texts, lambda missing: [[vector] for vector in encode(missing)])
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
        """The seconds that embedding the cached texts would take, estimated from a sample."""
        texts = self.cached[:: max(1, len(self.cached) // sample)][:sample]
        if not texts:
            return 0.0
        started = time.perf_counter()
        self._embedder.encode_passages(texts)
        return (time.perf_counter() - started) / _characters(texts) * _characters(self.cached)

    @property
    def cached_share(self) -> float:
        """Share of characters whose embeddings were cached, 0 to 1."""
        cached = _characters(self.cached)
        return cached / max(1, cached + self._fresh_characters)

    def close(self) -> None:
        self._db.close()

    def _through(
        self, kind: str, texts: Sequence[str], encode: Callable[[Sequence[str]], Sequence[Arrays]]
    ) -> list[Arrays]:
        keys = [hashlib.sha256(f"{self._salt}\0{kind}\0{text}".encode()).digest() for text in texts]
        stored: dict[bytes, bytes] = {}
        for key in keys:
            stored |= self._db.execute("SELECT key, value FROM vectors WHERE key = ?", (key,))
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in stored}
        self.cached += [text for key, text in zip(keys, texts, strict=True) if key in stored]
        self._fresh_characters += _characters(missing.values())
        if missing:
            fresh = dict(zip(missing, map(_packed, encode(list(missing.values()))), strict=True))
            with self._db:
                self._db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", fresh.items())
            stored |= fresh
        return [list(np.load(io.BytesIO(stored[key])).values()) for key in keys]


def _characters(texts: Iterable[str]) -> int:
    return sum(map(len, texts))


def _packed(arrays: Arrays) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, *arrays)
    return buffer.getvalue()
