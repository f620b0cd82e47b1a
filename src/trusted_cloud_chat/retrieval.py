"""`Query` → `Passage`s, best first: candidates from Chroma and Tantivy, put in order by `ranking.py`."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.asked import holds_kind
from trusted_cloud_chat.index import Index, Snapshot
from trusted_cloud_chat.late_interaction import HEADING, WordVectors, gather_words
from trusted_cloud_chat.models.embedder import Embedder
from trusted_cloud_chat.ranking import (
    QuestionWords,
    Ranked,
    Weights,
    question_words,
    rank,
    relevance,
    relevance_features,
)
from trusted_cloud_chat.schema import Article, Passage
from trusted_cloud_chat.text import lexical_tokens, word_spans
from trusted_cloud_chat.understanding import Understanding

_RELATED_WEIGHT = 0.25
_OTHER_LANGUAGE_WEIGHT = 0.5
_READ_FOR_KIND = 2
"""Sentences of a passage, best met first, that are read for the kind of thing asked."""


@dataclass(frozen=True, slots=True)
class EmbeddedQuestion:
    """A question as vectors: `vector` `(dim,)`, and its content words."""

    vector: NDArray[np.float32]
    words: QuestionWords


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What a question found, and how long each stage took."""

    passages: tuple[Passage, ...]
    generation: int
    timings_ms: dict[str, float] = field(default_factory=dict)


class Retriever:
    """Searches one index with one embedder. Safe to use from several threads."""

    def __init__(self, index: Index, embedder: Embedder, weights: Weights, *, candidates: int) -> None:
        self._index = index
        self._embedder = embedder
        self._weights = weights
        self._candidates = candidates

    def retrieve(self, understood: Understanding, k: int) -> Retrieved:
        """At most `k` passages, best first. Raises IndexEmptyError."""
        clock = _Clock()
        question = self.embed(understood)
        clock.lap("embed")
        passages, generation = self._index.read(lambda s: self._search(s, understood, question, k, clock))
        return Retrieved(passages, generation, clock.laps)

    def embed(self, understood: Understanding) -> EmbeddedQuestion:
        query = understood.query
        vector, tokens = self._embedder.encode_query_words(query.text)
        if tokens is not None:
            words = gather_words(query.text, tokens, query.language)
        else:
            stems = tuple(word.token for word in word_spans(query.text, query.language))
            none = np.zeros((len(stems), 0), dtype=np.float32)
            words = WordVectors(stems, np.full(len(stems), HEADING, np.int16), none)
        return EmbeddedQuestion(vector, question_words(words, _are_names(words, query.text)))

    def _search(
        self, snapshot: Snapshot, understood: Understanding, question: EmbeddedQuestion, k: int, clock: _Clock
    ) -> tuple[tuple[Passage, ...], int]:
        as_of = understood.query.as_of
        wanted = max(self._candidates, k)
        clock.restart()
        near = snapshot.nearest(question.vector, wanted, as_of)
        clock.lap("vectors")
        matching = dict(snapshot.matching(term_weights(understood), wanted, as_of))
        clock.lap("lexical")
        ids = list(dict.fromkeys([*(chunk_id for chunk_id, _ in near), *matching]))
        stored = snapshot.catalog.stored_chunks(ids)
        candidates = [stored[chunk_id] for chunk_id in ids]
        ranked = rank(question.words, question.vector, candidates, matching, k, self._weights)
        articles = snapshot.catalog.articles(r.stored.chunk.article_id for r in ranked)
        passages = self._passages(understood, ranked, articles)
        clock.lap("fuse")
        return passages, snapshot.generation

    def _passages(
        self, understood: Understanding, ranked: Sequence[Ranked], articles: Mapping[str, Article]
    ) -> tuple[Passage, ...]:
        return tuple(
            Passage(
                chunk=found.stored.chunk,
                article=articles[found.stored.chunk.article_id],
                rank=place,
                score=relevance(evidence(understood, found, articles[found.stored.chunk.article_id]), self._weights),
                sentence_scores=tuple(float(x) for x in found.sentence_cosines),
                sentence_context=tuple(float(x) for x in found.match.by_sentence),
                sentence_exact=tuple(float(x) for x in found.match.exact_by_sentence),
                fused=found.fused,
            )
            for place, found in enumerate(ranked, start=1)
        )


def evidence(understood: Understanding, found: Ranked, article: Article) -> tuple[float, ...]:
    """The features of relevance of a candidate, in the order of `RELEVANCE_FEATURES`."""
    query = understood.query
    near = np.argsort(-found.match.by_sentence, kind="stable")[:_READ_FOR_KIND]
    spans = [found.stored.chunk.sentences[i] for i in near]
    kind = max((holds_kind(query.kind, query.text, article.text[s.start : s.end]) for s in spans), default=0.0)
    best = float(found.sentence_cosines.max(initial=0.0))
    return relevance_features(found.cosine, best, found.match, kind)


def term_weights(understood: Understanding) -> dict[str, float]:
    """Lexical terms of the question with their boosts: its own words, the other language's stems, aliases."""
    query = understood.query
    weights: dict[str, float] = {}
    for name in understood.related:
        for token in lexical_tokens(name, query.language):
            weights[token] = _RELATED_WEIGHT
    for token in lexical_tokens(query.text, "fr" if query.language == "en" else "en"):
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


def _are_names(words: WordVectors, text: str) -> list[bool]:
    """Which of the words stand in the question with a capital (the first word aside) or a digit."""
    named = {
        token
        for word in text.split()[1:]
        if any(c.isupper() or c.isdigit() for c in word)
        for token in (*lexical_tokens(word), *lexical_tokens(word, "en"))
    }
    return [token in named or any(c.isdigit() for c in token) for token in words.tokens]


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
