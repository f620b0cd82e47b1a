"""A linear classifier over a question's embedding and words, for its kind (`kinds.py`) and its intent (`intents.py`).
`scripts/train_questions.py` trains it.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.language.words import words

Floats = NDArray[np.float32]
Encode = Callable[[str], Floats]
"""Maps a question to its embedding `(384,)` by the bundled embedder."""

BUCKETS = 2048
"""Number of hash buckets (CRC-32) for words and word bigrams."""
VECTOR_SCALE, WORD_SCALE = 4.0, 3.0
"""Scale factors of the embedding and of the word features."""


@dataclass(frozen=True, slots=True)
class Classifier:
    """`weights` `(n_names, 384 + BUCKETS)`, `bias` `(n_names,)`, and `mean` `(384,)`, the mean training embedding."""

    names: tuple[str, ...]
    weights: Floats
    bias: Floats
    mean: Floats
    encode: Encode

    def shares(self, question: str) -> dict[str, float]:
        """The probability of each class, highest first; they sum to 1."""
        scores = self.weights @ features(question, self.encode(question), self.mean) + self.bias
        shares = np.exp(scores - scores.max())
        shares /= shares.sum()
        return {self.names[place]: float(shares[place]) for place in np.argsort(-shares, kind="stable")}


def features(question: str, vector: Floats, mean: Floats) -> Floats:
    """`(384 + BUCKETS,)`: the scaled and centred embedding, then the scaled word features."""
    return np.concatenate([(vector - mean) * np.float32(VECTOR_SCALE), _bag(question) * np.float32(WORD_SCALE)])


def _bag(question: str) -> Floats:
    """`(BUCKETS,)`: the words, word bigrams and first word, each counted once, hashed; scaled to unit length."""
    said = [word.folded for word in words(question)]
    counted = np.zeros(BUCKETS, dtype=np.float32)
    for term in {*said, *(" ".join(pair) for pair in pairwise(["^", *said, "$"])), *(f"1 {w}" for w in said[:1])}:
        counted[zlib.crc32(term.encode()) % BUCKETS] += 1
    length = float(np.linalg.norm(counted))
    return counted / np.float32(length) if length else counted


def load_classifier(file: str, encode: Encode) -> Classifier:
    """Loads the classifier shipped as `data/FILE`."""
    with resources.files("trusted_cloud_chat.data").joinpath(file).open("rb") as opened, np.load(opened) as stored:
        weights, bias, mean = (stored[name].astype(np.float32) for name in ("weights", "bias", "mean"))
        return Classifier(tuple(map(str, stored["names"])), weights, bias, mean, encode)
