"""The judge: reads a claim and a passage together and says whether the passage entails it, contradicts it, or says neither.

The reader's lower layers under upper ones of its own (`scripts/train_judge.py`), int8, run by ONNX Runtime without torch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.models.quick_tokenizer import Encodes
from trusted_cloud_chat.models.reader_input import token_row
from trusted_cloud_chat.models.reader_weights import ReaderWeights, read_reader

VERDICTS = ENTAILED, CONTRADICTED, UNSAID = "entailed", "contradicted", "unsaid"
SHARED = 6
"""Layers, from the lowest, that are the reader's."""


class Judge:
    """One passage a run, so that a verdict does not depend on the others."""

    def __init__(self, session: Any, tokenizer: Encodes) -> None:
        self._session = session
        self._tokenizer = tokenizer

    def judge(self, claim: str, passages: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        """`(passages, 3)` log-probabilities of `VERDICTS`; a passage is a title and a text."""
        rows = [token_row(self._tokenizer, claim, title, text, ()).ids for title, text in passages]
        logits = [self._session.run(None, {"ids": np.array([row], dtype=np.int64)})[0][0, 0] for row in rows]
        table = np.array(logits, dtype=np.float64).reshape(-1, len(VERDICTS))
        return np.asarray(table - np.logaddexp.reduce(table, axis=1, keepdims=True))


def judge_checksum() -> str:
    """SHA-256 of the shipped file."""
    return hashlib.sha256(_source().read_bytes()).hexdigest()


def read_judge() -> ReaderWeights:
    """The shipped judge. Raises EmbedderError where the bundled weights are missing."""
    with resources.as_file(_source()) as path, np.load(path) as arrays:
        return read_reader().under(dict(arrays))


def _source() -> Traversable:
    return resources.files("trusted_cloud_chat.data").joinpath("judge.npz")
