"""What kind of thing a question asks for: a small linear classifier over the bundled embedder's vector and the question's words.

Taught by `scripts/train_kinds.py` from `training/kinds.jsonl`; how well is in `docs/answers.md`.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.language.words import words

Floats = NDArray[np.float32]
Encode = Callable[[str], Floats]
"""A question → its vector `(384,)` from the bundled embedder."""

BUCKETS = 2048
"""Words and pairs of words are counted in so many, by their CRC."""
VECTOR_SCALE, WORD_SCALE = 4.0, 3.0
"""How much vector and words count before fitting."""


@dataclass(frozen=True, slots=True)
class KindClassifier:
    """`weights` `(kinds, 384 + BUCKETS)`, `bias` `(kinds,)`, `mean` `(384,)` of the vectors learnt from."""

    kinds: tuple[str, ...]
    weights: Floats
    bias: Floats
    mean: Floats
    encode: Encode

    def kind_of(self, question: str) -> str:
        """The likeliest kind."""
        scores = self.weights @ features(question, self.encode(question), self.mean) + self.bias
        return self.kinds[int(np.argmax(scores))]


def features(question: str, vector: Floats, mean: Floats) -> Floats:
    """`(384 + BUCKETS,)`: the vector about its mean, and which words and pairs of words the question has."""
    return np.concatenate([(vector - mean) * np.float32(VECTOR_SCALE), _bag(question) * np.float32(WORD_SCALE)])


def _bag(question: str) -> Floats:
    """`(BUCKETS,)`, unit length; zeros for a question without a word."""
    said = [word.folded for word in words(question)]
    counted = np.zeros(BUCKETS, dtype=np.float32)
    for term in {*said, *(" ".join(pair) for pair in pairwise(["^", *said, "$"])), *(f"1 {w}" for w in said[:1])}:
        counted[zlib.crc32(term.encode()) % BUCKETS] += 1
    length = float(np.linalg.norm(counted))
    return counted / np.float32(length) if length else counted


def load_kinds(encode: Encode) -> KindClassifier:
    """The shipped classifier."""
    with resources.files("trusted_cloud_chat.data").joinpath("kinds.npz").open("rb") as file, np.load(file) as stored:
        weights, bias, mean = (stored[name].astype(np.float32) for name in ("weights", "bias", "mean"))
        return KindClassifier(_names(stored["kinds"]), weights, bias, mean, encode)


def _names(stored: Sequence[str] | NDArray[np.str_]) -> tuple[str, ...]:
    return tuple(str(name) for name in stored)
