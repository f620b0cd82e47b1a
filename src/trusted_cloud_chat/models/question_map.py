"""A linear map that brings the query vectors of equivalent questions close together, learned with InfoNCE on stored questions that share an
answering sentence (`scripts/fit_questions.py`). It subtracts the mean, since query vectors lie in a narrow cone, and reduces the dimensions.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.models.embedder import unit
from trusted_cloud_chat.models.weights import shipped_arrays

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class QuestionMap:
    """The map of one embedder: `mean` `(dimensions,)`, `matrix` `(dimensions, fewer)`."""

    embedder: str
    mean: Floats
    matrix: Floats
    digest: str

    def project(self, vectors: Floats) -> Floats:
        """`(n, fewer)` unit vectors of the query vectors `(n, dimensions)`."""
        return unit(np.asarray((vectors - self.mean) @ self.matrix, np.float32), self.matrix.shape[1])

    @property
    def identity(self) -> str:
        return f"{self.embedder} {self.digest}"

    def stored(self, texts: Sequence[str], encode: Callable[[list[str]], Floats]) -> Floats:
        """`(n, fewer)` unit vectors of stored questions: shipped for our corpus, else computed from `encode`."""
        shipped = _shipped_vectors(self.identity)
        found = {text: shipped[key] for text in texts if (key := key_of(text)) in shipped}
        fresh = [text for text in texts if text not in found]
        found |= zip(fresh, self.project(encode(fresh)), strict=True)
        return unit(np.array([found[text] for text in texts], np.float32), self.matrix.shape[1])


def key_of(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def load_question_map(embedder: str) -> QuestionMap | None:
    """The map fitted for this embedder; without it stored questions do not count."""
    found = _shipped()
    return found if found.embedder == embedder else None


@lru_cache(maxsize=1)
def _shipped() -> QuestionMap:
    stored = shipped_arrays("question_map")
    mean, matrix = (stored[name].astype(np.float32) for name in ("mean", "matrix"))
    return QuestionMap(str(stored["embedder"]), mean, matrix, str(stored["digest"]))


@lru_cache(maxsize=1)
def _shipped_vectors(made_by: str) -> dict[int, NDArray[np.int8]]:
    """Key → int8 vector of each stored question of our corpus; empty for another map."""
    stored = shipped_arrays("question_vectors")
    found = zip(stored["keys"].tolist(), stored["vectors"], strict=True)
    return dict(found) if str(stored["made_by"]) == made_by else {}
