"""A small linear classifier of questions over their vector and words: of their kind (`kinds.py`), and of texts that ask nothing
(`intents.py`). `scripts/train_questions.py` trains them; `docs/answers.md` has their accuracy.
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
"""A question → its vector `(384,)` from the bundled embedder."""

BUCKETS = 2048
"""Number of hash buckets for words and pairs of words, by their CRC."""
VECTOR_SCALE, WORD_SCALE = 4.0, 3.0
"""Scale of vector and words before fitting."""


@dataclass(frozen=True, slots=True)
class Classifier:
    """`weights` `(names, 384 + BUCKETS)`, `bias` `(names,)`, `mean` `(384,)` of the training vectors."""

    names: tuple[str, ...]
    weights: Floats
    bias: Floats
    mean: Floats
    encode: Encode

    def shares(self, question: str) -> dict[str, float]:
        """The probability of each name, likeliest first; they sum to 1."""
        scores = self.weights @ features(question, self.encode(question), self.mean) + self.bias
        shares = np.exp(scores - scores.max())
        shares /= shares.sum()
        return {self.names[place]: float(shares[place]) for place in np.argsort(-shares, kind="stable")}


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


def load_classifier(file: str, encode: Encode) -> Classifier:
    """The shipped classifier of that file in `data/`."""
    with resources.files("trusted_cloud_chat.data").joinpath(file).open("rb") as opened, np.load(opened) as stored:
        weights, bias, mean = (stored[name].astype(np.float32) for name in ("weights", "bias", "mean"))
        return Classifier(tuple(map(str, stored["names"])), weights, bias, mean, encode)
