"""An embedder without cost, for measures that exclude embedding."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from trusted_cloud_chat.models.embedder import Embedder, Vectors, unit

DIMENSIONS = 384


class CheapEmbedder(Embedder):
    """Random vectors of the real dimension, equal for equal texts; `embedded` counts the passages."""

    identity, dimensions, max_tokens = "cheap", DIMENSIONS, 512

    def __init__(self) -> None:
        self.embedded = 0

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        drawn = [
            np.random.default_rng(zlib.crc32(text.encode())).standard_normal(DIMENSIONS, np.float32) for text in texts
        ]
        return unit(np.array(drawn, dtype=np.float32), DIMENSIONS)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.embedded += len(texts)
        return self.encode_queries(texts)

    def count_tokens(self, text: str) -> int:
        """An approximation of the real token count in French."""
        return len(text) // 4
