"""The bundled embedder in process: ONNX Runtime and tokenizers, no torch, two seconds to start less."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from trusted_cloud_chat.models.bundled import MAX_TOKENS, bundled_identity, load_session
from trusted_cloud_chat.models.embedder import PASSAGE_PREFIX, QUERY_PREFIX, Embedder, Vectors, unit

_DIMENSIONS = 384


class OnnxEncoder:
    """Texts → mean-pooled unit vectors, one text at a time.

    Dynamic int8 scales activations over what runs together, so texts never share a run: a vector is the
    same whatever else is asked for. Threads take different texts.
    """

    def __init__(self, folder: Path, threads: int) -> None:
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._session: Any = load_session(folder)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="embed") if threads > 1 else None

    def encode(self, texts: Sequence[str]) -> Vectors:
        """`(len(texts), 384)` float32; a text longer than 512 tokens is read to its 512th."""
        if self._pool is None or len(texts) < 2:
            rows = [self._encode_one(text) for text in texts]
        else:
            rows = list(self._pool.map(self._encode_one, texts))
        return unit(np.array(rows, dtype=np.float32), _DIMENSIONS)

    def count_tokens(self, text: str) -> int:
        return len(self.tokenizer.encode(text, add_special_tokens=False).ids)

    def _encode_one(self, text: str) -> NDArray[np.float32]:
        ids = self.tokenizer.encode(text).ids
        if len(ids) > MAX_TOKENS:
            ids = [*ids[: MAX_TOKENS - 1], ids[-1]]
        (tokens,) = self._session.run(None, {"ids": np.array([ids], dtype=np.int64)})
        mean: NDArray[np.float32] = tokens[0].mean(axis=0)
        return mean


class OnnxEmbedder(Embedder):
    """multilingual-e5-small, int8. 384 dimensions, 512 tokens."""

    dimensions = _DIMENSIONS
    max_tokens = MAX_TOKENS

    def __init__(self, folder: Path, threads: int) -> None:
        self.identity = bundled_identity()
        self._encoder = OnnxEncoder(folder, threads)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encoder.encode([QUERY_PREFIX + text for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._encoder.encode([PASSAGE_PREFIX + text for text in texts])

    def count_tokens(self, text: str) -> int:
        return self._encoder.count_tokens(text)
