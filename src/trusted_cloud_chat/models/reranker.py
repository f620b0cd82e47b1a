"""An optional reranker: a sentence-transformers `CrossEncoder`, by name (from the local cache) or by path."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.errors import RerankerError
from trusted_cloud_chat.models import FULL_COMMAND, lacks_full

RERANKED = 20
"""Candidates that are read by the reranker: its time grows with each of them."""


class Reranker:
    """Reads question and passage together. Torch is imported when one is made, never before."""

    def __init__(self, name: str, threads: int) -> None:
        """Raises RerankerError for a model that is not on this machine or gives no single score."""
        if lacks_full():
            raise RerankerError(
                f"the reranker {name!r} needs the package sentence-transformers, which a light installation does without: "
                f"add it with `{FULL_COMMAND}` (in a checkout `make chat`), or unset TCC_RERANKER to go without"
            )
        import torch
        from sentence_transformers import CrossEncoder

        torch.set_num_threads(threads)
        try:
            self._model = CrossEncoder(name, device="cpu", local_files_only=True)
        except (OSError, ValueError) as error:
            raise RerankerError(
                f"the reranker {name!r} was not found on this machine: expected a folder, or a model in the local "
                f"cache. Fetch it where a network is allowed with `HF_HUB_OFFLINE=0 hf download {name}`, "
                "or unset TCC_RERANKER to go without"
            ) from error
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
