"""Ranks candidates in two steps, and computes the relevance of each.

The first step ranks all candidates by a weighted sum of standardised BM25, passage cosine and best sentence cosine. The second step
ranks the best thirty by late interaction too (`late_interaction.py`), with weights fitted on PIAF by `scripts/calibrate.py`.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.data import read
from trusted_cloud_chat.index.catalog import Catalog
from trusted_cloud_chat.index.records import ChunkVectors, StoredChunk
from trusted_cloud_chat.language.rarity import rarity
from trusted_cloud_chat.models.late_interaction import HEADING, WordMatch, WordVectors, match_words, unpack
from trusted_cloud_chat.retrieval.stored_questions import NONE, Likeness
from trusted_cloud_chat.schema import Chunk, Vote

Floats = NDArray[np.float32]

FIRST_STEP = (0.45, 0.20, 0.35)
"""Weights of BM25, passage cosine and best sentence cosine."""
READ_CLOSELY = 30
"""Number of candidates in the second step."""
RANKING_FEATURES = ("first", "bm25", "cosine", "best_sentence", "context", "exact", "pairs")
RELEVANCE_FEATURES = (
    "cosine", "best_sentence", "context", "exact", "pairs", "names", "weakest", "sentence_context", "sentence_exact", "kind",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """The content words of a question; `weights` are their rarities, scaled to sum to 1."""

    words: WordVectors
    weights: Floats
    names: NDArray[np.bool_]
    """Whether each word is a name or a number."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Fitted weights by feature name, stored in `data/weights.json`."""

    ranking: Mapping[str, float]
    relevance: Mapping[str, float]
    sentences: Mapping[str, float]
    confidence: Mapping[str, float]
    asked: Mapping[str, float]
    """Weights of the votes of stored questions in the ranking of passages and sentences."""
    confidence_asked: Mapping[str, float]
    """Weights of the confidence with stored questions."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A ranked candidate. `sentence_cosines` has one value per sentence."""

    stored: StoredChunk
    fused: float
    cosine: float
    match: WordMatch
    sentence_cosines: Floats
    votes: tuple[Vote | None, ...] = ()
    """The votes of stored questions, one element per sentence; empty without votes."""

    @property
    def body_words(self) -> list[str]:
        """The index terms of the text, without those of title and date."""
        numbers = np.frombuffer(self.stored.word_sentences, np.int16)
        return [word for word, number in zip(self.stored.words, numbers, strict=True) if number != HEADING]


@lru_cache(maxsize=1)
def load_weights() -> Weights:
    """Loads the shipped weights, fitted with the bundled embedder; with another embedder they are approximate."""
    stored = json.loads(read("weights.json"))
    return Weights(**{field.name: stored[field.name] for field in fields(Weights)})


def question_words(words: WordVectors, names: Sequence[bool]) -> QuestionWords:
    weights = np.array([rarity(token) for token in words.tokens], dtype=np.float32)
    total = float(weights.sum())
    scaled = weights / np.float32(total) if total else weights
    return QuestionWords(words, scaled, np.array(names, dtype=np.bool_))


def rank(
    question: QuestionWords,
    vector: Floats,
    catalog: Catalog,
    chunk_ids: Sequence[str],
    bm25: Mapping[str, float],
    k: int,
    weights: Weights,
    likeness: Likeness = NONE,
) -> list[Ranked]:
    """The `max(k, READ_CLOSELY)` best of `chunk_ids`, best first. `vector` `(dim,)` is the question's embedding, `bm25` maps chunk ids to
    scores, `likeness` is the question's similarity to stored questions.

    The order does not depend on `k`: candidates beyond the second step keep the order of the first. Only embeddings are
    loaded for candidates that are not returned. Raises IndexDamagedError if a candidate is missing.
    """
    candidates = catalog.chunk_vectors(chunk_ids)
    if not candidates.ids:
        return []
    table = first_step(candidates, vector, bm25)
    voted = np.array([likeness.chunks.get(chunk_id, 0.0) for chunk_id in candidates.ids], dtype=np.float32)
    asked = np.float32(weights.asked["passage"]) * voted
    kept = np.argsort(-(table.fused + asked), kind="stable")[: max(k, READ_CLOSELY)]
    close, rest = kept[:READ_CLOSELY], kept[READ_CLOSELY:]
    stored = catalog.stored_chunks([candidates.ids[i] for i in kept])
    chunks = [stored[candidates.ids[i]] for i in kept]
    matches = [match_chunk(question, chunk) for chunk in chunks]
    fused = second_step(table, close, matches[: len(close)], weights) + asked[close]
    below = fused.min() + (table.fused + asked)[rest] - (table.fused + asked)[close[-1]]
    ranked = [
        Ranked(chunk, float(score), float(table.cosine[i]), match, table.sentences[i], _votes_of(chunk.chunk, likeness))
        for i, chunk, score, match in zip(kept, chunks, [*fused, *below], matches, strict=True)
    ]
    return sorted(ranked, key=lambda found: -found.fused)


def _votes_of(chunk: Chunk, likeness: Likeness) -> tuple[Vote | None, ...]:
    """One element per sentence of the chunk; empty if none has votes."""
    if chunk.chunk_id not in likeness.chunks:
        return ()
    return tuple(likeness.votes.get((chunk.article_id, chunk.version, span.start)) for span in chunk.sentences)


@dataclass(frozen=True, slots=True)
class FirstStep:
    """The scores `(n_candidates,)`; `sentences` has the sentence cosines of each candidate."""

    fused: Floats
    bm25: Floats
    cosine: Floats
    best_sentence: Floats
    sentences: list[Floats]


def first_step(candidates: ChunkVectors, vector: Floats, bm25: Mapping[str, float]) -> FirstStep:
    cosine = candidates.vectors.astype(np.float32) @ vector
    by_sentence = candidates.sentence_vectors.astype(np.float32) @ vector
    starts = np.cumsum(candidates.n_sentences) - candidates.n_sentences
    best = np.maximum.reduceat(by_sentence, starts)
    lexical = np.array([bm25.get(chunk_id, 0.0) for chunk_id in candidates.ids], dtype=np.float32)
    columns = (lexical, cosine, best)
    fused = np.sum([w * standardise(x) for w, x in zip(FIRST_STEP, columns, strict=True)], axis=0)
    return FirstStep(fused, lexical, cosine, best, np.split(by_sentence, starts[1:]))


def second_step(table: FirstStep, close: NDArray[np.intp], matches: Sequence[WordMatch], weights: Weights) -> Floats:
    features = ranking_features(table, close, matches)
    chosen = np.array([weights.ranking[name] for name in RANKING_FEATURES], dtype=np.float32)
    fused: Floats = features @ chosen
    return fused


def ranking_features(table: FirstStep, close: NDArray[np.intp], matches: Sequence[WordMatch]) -> Floats:
    """`(len(close), 7)`: standardised except for `pairs`, which is already a share."""
    columns = [
        standardise(table.fused[close]),
        standardise(table.bm25)[close],
        standardise(table.cosine)[close],
        standardise(table.best_sentence)[close],
        standardise(np.array([m.context for m in matches], dtype=np.float32)),
        standardise(np.array([m.exact for m in matches], dtype=np.float32)),
        np.array([m.pairs for m in matches], dtype=np.float32),
    ]
    return np.stack(columns, axis=1)


def match_chunk(question: QuestionWords, stored: StoredChunk) -> WordMatch:
    passage = WordVectors(
        stored.words,
        np.frombuffer(stored.word_sentences, np.int16),
        unpack(stored.word_vectors, len(stored.words)),
    )
    return match_words(question.words, question.weights, question.names, passage, len(stored.chunk.sentences))


def relevance_features(cosine: float, best_sentence: float, match: WordMatch, kind: float) -> tuple[float, ...]:
    """The features of one question and one passage, in the order of `RELEVANCE_FEATURES`.

    `kind`: whether a well-matching sentence has the expected answer type, -1 to 1.
    """
    return (
        cosine,
        best_sentence,
        match.context,
        match.exact,
        match.pairs,
        match.names,
        match.weakest,
        float(match.by_sentence.max(initial=0.0)),
        float(match.exact_by_sentence.max(initial=0.0)),
        kind,
    )


def relevance(features: Sequence[float], weights: Weights) -> float:
    """A calibrated probability, 0 to 1, that the passage answers: `1 / (1 + exp(-(b + w · features)))`."""
    total = weights.relevance["intercept"] + sum(
        weights.relevance[name] * value for name, value in zip(RELEVANCE_FEATURES, features, strict=True)
    )
    return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, total))))


def standardise(values: Floats) -> Floats:
    """`values` scaled to mean 0 and standard deviation 1; zeros if all are equal."""
    spread = float(values.std())
    centred: Floats = (values - values.mean()).astype(np.float32)
    return centred / np.float32(spread) if spread > 0 else centred
