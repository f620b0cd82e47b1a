"""Late interaction (ColBERT: Khattab and Zaharia, 2020): how well each word of a question matches a word of a passage, in context.
A content word has one vector, the mean of its tokens: 64 dimensions of 4 bits, from the same forward pass as the passage's vector.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.language.stems import word_spans
from trusted_cloud_chat.models.embedder import TokenVectors, unit
from trusted_cloud_chat.schema import Language

HEADING = -1
"""Sentence number of a word in the title or the date."""
_LEVELS = 7


@dataclass(frozen=True, slots=True)
class WordVectors:
    """The content words of a text in order, the heading's first: stems, sentence numbers `(n,)`, unit vectors `(n, 64)`."""

    tokens: tuple[str, ...]
    sentences: NDArray[np.int16]
    vectors: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class WordMatch:
    """How well a question's words match a passage, 0 to 1."""

    context: float
    """Mean best cosine of the question words, weighted by rarity."""
    exact: float
    """Share of the question's words in the passage, weighted by rarity."""
    pairs: float
    """Share of the question's adjacent words that are adjacent in the passage."""
    names: float
    """Share of the question's names and numbers in the passage; 1 if the question has none."""
    weakest: float
    by_sentence: NDArray[np.float32]
    exact_by_sentence: NDArray[np.float32]
    """`context` and `exact` per sentence, `(n_sentences,)`."""


def gather_words(text: str, found: TokenVectors | None, language: Language) -> WordVectors:
    """The content words of `text`; all sentence numbers are `HEADING`. Without `found` their vectors are empty."""
    tokens, rows, spans = [], [], word_spans(text, language)
    if found is None:
        no_vectors = np.zeros((len(spans), 0), np.float32)
        return WordVectors(tuple(word.token for word in spans), np.full(len(spans), HEADING, np.int16), no_vectors)
    starts, ends = found.offsets.T
    for word in spans:
        inside = np.flatnonzero((starts < word.end) & (ends > word.start) & (ends > starts))
        if inside.size:
            tokens.append(word.token)
            rows.append(found.vectors[inside].mean(axis=0))
    vectors = unit(np.array(rows, dtype=np.float32), found.vectors.shape[1])
    return WordVectors(tuple(tokens), np.full(len(tokens), HEADING, np.int16), vectors)


def match_words(
    question: WordVectors, weights: NDArray[np.float32], names: NDArray[np.bool_], passage: WordVectors, sentences: int
) -> WordMatch:
    """`weights` `(n_question_words,)` sum to 1, `names` marks names and numbers, `sentences` is their count."""
    by_sentence = np.zeros(sentences, dtype=np.float32)
    exact_by_sentence = np.zeros(sentences, dtype=np.float32)
    if not question.tokens or not passage.tokens:
        return WordMatch(0.0, 0.0, 0.0, float(not names.any()), 0.0, by_sentence, exact_by_sentence)
    cosines = question.vectors @ passage.vectors.T
    known = {token: number for number, token in enumerate(question.tokens)}
    ours, theirs = (np.array([known.get(token, -1) for token in one.tokens]) for one in (question, passage))
    same = (ours[:, None] == theirs).astype(np.float32)
    numbers, starts = np.unique(passage.sentences, return_index=True)
    inside = (numbers >= 0) & (numbers < sentences)
    by_sentence[numbers[inside]] = (weights @ np.maximum.reduceat(cosines, starts, axis=1))[inside]
    exact_by_sentence[numbers[inside]] = (weights @ np.maximum.reduceat(same, starts, axis=1))[inside]
    best, present = cosines.max(axis=1), same.max(axis=1)
    wanted, shown = list(pairwise(question.tokens)), set(pairwise(passage.tokens))
    return WordMatch(
        float(weights @ best),
        float(weights @ present),
        sum(pair in shown for pair in wanted) / max(1, len(wanted)),
        float(present[names].mean()) if names.any() else 1.0,
        float(best.min()),
        by_sentence,
        exact_by_sentence,
    )


def pack(vectors: NDArray[np.float32]) -> bytes:
    """`(n, 64)` → 32 bytes per row; the length of a row is lost."""
    largest = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-9) if vectors.size else 1.0
    levels = (np.rint(vectors / largest * _LEVELS) + _LEVELS).astype(np.uint8)
    return bytes(levels[:, 0::2] | (levels[:, 1::2] << 4))


def unpack(packed: bytes, count: int) -> NDArray[np.float32]:
    """The `count` packed rows as unit vectors."""
    if count == 0:
        return np.zeros((0, 0), dtype=np.float32)
    halves = np.frombuffer(packed, np.uint8).reshape(count, -1)
    levels = np.empty((count, halves.shape[1] * 2), dtype=np.float32)
    levels[:, 0::2], levels[:, 1::2] = halves & 15, halves >> 4
    return unit(levels - _LEVELS, levels.shape[1])
