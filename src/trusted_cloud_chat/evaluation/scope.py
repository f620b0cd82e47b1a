"""An index of which a question sees only some articles, as if they were the whole corpus.

Thousands of questions, each with ten passages of its own, would need thousands of indexes. One index holds every
passage; while a scope is set, the product's own assistant and retriever search the passages in it exhaustively: exact
cosines instead of Chroma's, and BM25 with the scope's own statistics, by Tantivy's formula.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.index import Fingerprint, Index, LexicalDocument, Snapshot, StoredChunk, to_lexical
from trusted_cloud_chat.index.reading import Within

T = TypeVar("T")
_K1, _B = 1.2, 0.75
_TITLE_BOOST = 0.5
"""As in `index.lexical`."""


class ScopedIndex(Index):
    """Not for several threads: the scope is one for all."""

    def __init__(self, home: Path, fingerprint: Fingerprint) -> None:
        super().__init__(home, fingerprint)
        self._scope: tuple[str, ...] | None = None
        self._known: dict[str, list[tuple[StoredChunk, LexicalDocument]]] = {}

    @contextmanager
    def limited_to(self, article_ids: Collection[str]) -> Iterator[None]:
        """Inside, questions see these articles only."""
        self._scope = tuple(dict.fromkeys(article_ids))
        try:
            yield
        finally:
            self._scope = None

    def read(self, use: Callable[[Snapshot], T]) -> T:
        scope = self._scope
        if scope is None:
            return super().read(use)
        return super().read(lambda snapshot: use(ScopedSnapshot(snapshot, self._chunks(snapshot, scope))))

    def _chunks(self, snapshot: Snapshot, scope: Sequence[str]) -> list[tuple[StoredChunk, LexicalDocument]]:
        unknown = [article_id for article_id in scope if article_id not in self._known]
        for article_id, article in snapshot.catalog.articles(unknown).items():
            stored = snapshot.catalog.chunks_of(article_id, article.version)
            self._known[article_id] = [(chunk, to_lexical(article, chunk)) for chunk in stored]
        return [chunk for article_id in scope for chunk in self._known[article_id]]


class ScopedSnapshot(Snapshot):
    """A generation in which only `chunks` exist."""

    def __init__(self, inner: Snapshot, chunks: Sequence[tuple[StoredChunk, LexicalDocument]]) -> None:
        super().__init__(inner.catalog, inner._opened)
        self._chunks = chunks

    def nearest(
        self, vector: NDArray[np.float32], k: int, as_of: date | None = None, within: Within = None
    ) -> list[tuple[str, float]]:
        scores = {s.chunk.chunk_id: float(s.vector.astype(np.float32) @ vector) for s, _ in self._chunks}
        return self._best(scores, k, as_of, within)

    def matching(
        self, weights: Mapping[str, float], k: int, as_of: date | None = None, within: Within = None
    ) -> list[tuple[str, float]]:
        documents = [document for _, document in self._chunks]
        body = bm25([d.tokens for d in documents], weights)
        title = bm25([d.title_tokens for d in documents], weights)
        scores = {d.chunk_id: b + _TITLE_BOOST * t for d, b, t in zip(documents, body, title, strict=True) if b + t > 0}
        return self._best(scores, k, as_of, within)

    def _best(self, scores: dict[str, float], k: int, as_of: date | None, within: Within) -> list[tuple[str, float]]:
        if as_of is not None or within is not None:
            live = self.catalog.live_versions().among(scores, as_of, within)
            scores = {chunk_id: score for chunk_id, score in scores.items() if chunk_id in live}
        return sorted(scores.items(), key=lambda hit: -hit[1])[:k]


def bm25(documents: Sequence[Sequence[str]], weights: Mapping[str, float]) -> list[float]:
    """One score a document, 0 where it shares no word; Lucene's idf, k1 = 1.2, b = 0.75."""
    counts = [Counter(tokens) for tokens in documents]
    average = sum(map(len, documents)) / max(1, len(documents)) or 1.0
    scores = [0.0] * len(documents)
    for token, weight in weights.items():
        holding = sum(token in count for count in counts)
        idf = math.log(1 + (len(documents) - holding + 0.5) / (holding + 0.5))
        for i, count in enumerate(counts):
            norm = _K1 * (1 - _B + _B * len(documents[i]) / average)
            scores[i] += weight * idf * count[token] * (_K1 + 1) / (count[token] + norm)
    return scores
