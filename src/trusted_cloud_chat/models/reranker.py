"""An optional reranker: a sentence-transformers `CrossEncoder`, by name (from the local cache) or by path."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.errors import RerankerError
from trusted_cloud_chat.models.cross_encoder import load_cross_encoder

RERANKED = 20
"""Candidates that are read by the reranker: its time grows with each of them."""


class Reranker:
    """Reads question and passage together. Torch is imported when one is made, never before."""

    def __init__(self, name: str, threads: int) -> None:
        """Raises RerankerError for a model that is not on this machine or gives no single score."""
        self._model = load_cross_encoder(name, threads, "reranker", "TCC_RERANKER", RerankerError)
        if self._model.num_labels != 1:
            raise RerankerError(
                f"the reranker {name!r} gives {self._model.num_labels} scores a pair, expected one: choose a "
                "CrossEncoder made for ranking, or unset TCC_RERANKER to go without"
            )
        self.name = name

    def score(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """How well each passage answers, higher is better, `(len(passages),)`; comparable within one question."""
        if not passages:
            return np.zeros(0, dtype=np.float32)
        # One pair a batch: a score must not depend on what it is padded with.
        scores = self._model.predict([(question, text) for text in passages], batch_size=1, show_progress_bar=False)
        return np.asarray(scores, dtype=np.float32)
