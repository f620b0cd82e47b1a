"""`Query` → `Passage`s, best first: passage vectors, best-sentence vectors and BM25, fused.

The order comes from standardised scores of the candidates; `score` is a calibrated relevance that depends on
the question and the passage alone (`relevance.py`).
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.index import Index, Snapshot, StoredChunk
from trusted_cloud_chat.models.embedder import Embedder
from trusted_cloud_chat.relevance import Evidence, Relevance, overlap
from trusted_cloud_chat.schema import Article, Passage
from trusted_cloud_chat.text import lexical_tokens
from trusted_cloud_chat.understanding import Understanding

_WEIGHTS = (0.45, 0.20, 0.35)
"""BM25, passage vector, best sentence vector: measured in docs/retrieval.md."""
_RELATED_WEIGHT = 0.25
_OTHER_LANGUAGE_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What a question found, and how long each stage took."""

    passages: tuple[Passage, ...]
    generation: int
    vector: NDArray[np.float32]
    """The question's, `(dim,)`."""
    timings_ms: dict[str, float] = field(default_factory=dict)


class Retriever:
    """Searches one index with one embedder. Safe to use from several threads."""

    def __init__(self, index: Index, embedder: Embedder, relevance: Relevance, *, candidates: int) -> None:
        self._index = index
        self._embedder = embedder
        self._relevance = relevance
        self._candidates = candidates

    def retrieve(self, understood: Understanding, k: int) -> Retrieved:
        """At most `k` passages, best first. Raises IndexEmptyError."""
        clock = _Clock()
        vector = self._embedder.encode_queries([understood.query.text])[0]
        clock.lap("embed")
        passages, generation = self._index.read(lambda s: self._search(s, understood, vector, k, clock))
        return Retrieved(passages, generation, vector, clock.laps)

    def _search(
        self, snapshot: Snapshot, understood: Understanding, vector: NDArray[np.float32], k: int, clock: _Clock
    ) -> tuple[tuple[Passage, ...], int]:
        query = understood.query
        clock.restart()
        near = snapshot.nearest(vector, self._candidates, query.as_of)
        clock.lap("vectors")
        matching = dict(snapshot.matching(term_weights(understood), self._candidates, query.as_of))
        clock.lap("lexical")
        ids = list(dict.fromkeys([*(chunk_id for chunk_id, _ in near), *matching]))
        stored = snapshot.catalog.stored_chunks(ids)
        articles = snapshot.catalog.articles(s.chunk.article_id for s in stored.values())
        candidates = [stored[chunk_id] for chunk_id in ids]
        passages = self._rank(candidates, articles, matching, vector, understood, k)
        clock.lap("fuse")
        return passages, snapshot.generation

    def _rank(
        self,
        candidates: Sequence[StoredChunk],
        articles: Mapping[str, Article],
        matching: Mapping[str, float],
        vector: NDArray[np.float32],
        understood: Understanding,
        k: int,
    ) -> tuple[Passage, ...]:
        if not candidates:
            return ()
        cosines = np.stack([c.vector for c in candidates]).astype(np.float32) @ vector
        sentences = _sentence_cosines(candidates, vector)
        best = np.array([scores.max() for scores in sentences], dtype=np.float32)
        bm25 = np.array([matching.get(c.chunk.chunk_id, 0.0) for c in candidates], dtype=np.float32)
        fused = sum(w * _standardise(x) for w, x in zip(_WEIGHTS, (bm25, cosines, best), strict=True))
        order = np.argsort(-np.asarray(fused), kind="stable")[:k]
        tokens = content_tokens(understood)
        return tuple(
            Passage(
                chunk=candidates[i].chunk,
                article=articles[candidates[i].chunk.article_id],
                rank=rank,
                score=self._score(candidates[i], articles, tokens, float(cosines[i]), float(best[i])),
                sentence_scores=tuple(float(x) for x in sentences[i]),
                fused=float(np.asarray(fused)[i]),
            )
            for rank, i in enumerate(order, start=1)
        )

    def _score(
        self,
        candidate: StoredChunk,
        articles: Mapping[str, Article],
        tokens: Sequence[str],
        cosine: float,
        best_sentence: float,
    ) -> float:
        article = articles[candidate.chunk.article_id]
        text = f"{article.title}\n{article.text[candidate.chunk.start : candidate.chunk.end]}"
        covered = overlap(tokens, set(lexical_tokens(text, article.language)))
        return self._relevance.score(Evidence(cosine, best_sentence, covered))


def term_weights(understood: Understanding) -> dict[str, float]:
    """Lexical terms of the question with their boosts: its own words, the other language's stems, aliases."""
    query = understood.query
    other = "en" if query.language == "fr" else "fr"
    weights: dict[str, float] = {}
    for name in understood.related:
        for token in lexical_tokens(name, query.language):
            weights[token] = _RELATED_WEIGHT
    for token in lexical_tokens(query.text, "en" if other == "en" else "fr"):
        weights.setdefault(token, _OTHER_LANGUAGE_WEIGHT)
    for token in [*content_tokens(understood), *_entity_tokens(understood)]:
        weights[token] = 1.0
    return weights


def content_tokens(understood: Understanding) -> list[str]:
    """The words of the question that carry its meaning, once each; all its words when none do."""
    query = understood.query
    tokens = lexical_tokens(query.text, query.language)
    return list(dict.fromkeys(tokens or lexical_tokens(query.text, query.language, keep_stopwords=True)))


def _entity_tokens(understood: Understanding) -> list[str]:
    return [token for name in understood.query.entities for token in lexical_tokens(name, understood.query.language)]


def _sentence_cosines(
    candidates: Sequence[StoredChunk], vector: NDArray[np.float32]
) -> list[NDArray[np.float32]]:
    """One array a candidate, one cosine a sentence."""
    lengths = [len(c.sentence_vectors) for c in candidates]
    scores = np.concatenate([c.sentence_vectors for c in candidates]).astype(np.float32) @ vector
    return np.split(scores, np.cumsum(lengths)[:-1])


def _standardise(values: NDArray[np.float32]) -> NDArray[np.float32]:
    spread = float(values.std())
    centred: NDArray[np.float32] = values - values.mean()
    return centred / np.float32(spread) if spread > 0 else centred


class _Clock:
    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self.restart()

    def restart(self) -> None:
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name] = round((now - self._last) * 1000, 3)
        self._last = now
