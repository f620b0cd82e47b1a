"""The bundled embedder in process: ONNX Runtime and tokenizers, no torch, two seconds to start less."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.models import BUNDLED_IDENTITY
from trusted_cloud_chat.models.bundled import MAX_TOKENS, load_quick_tokenizer, load_tokenizer
from trusted_cloud_chat.models.embedder import PASSAGE_PREFIX, QUERY_PREFIX, Embedder, TokenVectors, Vectors, unit
from trusted_cloud_chat.models.quick_tokenizer import Encodes
from trusted_cloud_chat.models.session import load_session

_DIMENSIONS = 384


class OnnxEncoder:
    """Texts → mean-pooled unit vectors, one text at a time.

    Dynamic int8 scales activations over what runs together, so texts never share a run: a vector is the
    same whatever else is asked for. Threads take different texts.
    """

    def __init__(self, folder: Path, threads: int, once: bool = False) -> None:
        """`once`: a few texts are read, and that is all."""
        self.tokenizer: Encodes = (load_quick_tokenizer if once else load_tokenizer)(folder)
        self._session: Any = load_session(folder)
        self._mean, self._projection = _word_projection()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="embed") if threads > 1 else None

    def encode(self, texts: Sequence[str]) -> Vectors:
        """`(len(texts), 384)` float32; a text longer than 512 tokens is read to its 512th."""
        if self._pool is None or len(texts) < 2:
            rows = [self._encode_one(text) for text in texts]
        else:
            rows = list(self._pool.map(self._encode_one, texts))
        return unit(np.array(rows, dtype=np.float32), _DIMENSIONS)

    def encode_words(self, prefix: str, texts: Sequence[str]) -> tuple[Vectors, list[TokenVectors]]:
        """The vectors of `prefix + text`, and the projected vectors of the tokens of `text`."""
        run = self._pool.map if self._pool is not None and len(texts) > 1 else map
        found = list(run(lambda text: self._words_of_one(prefix, text), texts))
        vectors = unit(np.array([vector for vector, _ in found], dtype=np.float32), _DIMENSIONS)
        return vectors, [tokens for _, tokens in found]

    def token_vectors(self, text: str) -> NDArray[np.float32]:
        """`(n_tokens, 384)`: each token in its context."""
        return self._run(text)[1]

    def _words_of_one(self, prefix: str, text: str) -> tuple[NDArray[np.float32], TokenVectors]:
        encoded, tokens = self._run(prefix + text)
        offsets = np.array(encoded.offsets[: len(tokens)], dtype=np.int32) - len(prefix)
        kept = offsets[:, 1] > 0
        projected = np.asarray((tokens[kept] - self._mean) @ self._projection, dtype=np.float32)
        mean: NDArray[np.float32] = tokens.mean(axis=0)
        return mean, TokenVectors(offsets[kept], projected)

    def count_tokens(self, text: str) -> int:
        return len(self.tokenizer.encode(text, add_special_tokens=False).ids)

    def _encode_one(self, text: str) -> NDArray[np.float32]:
        mean: NDArray[np.float32] = self._run(text)[1].mean(axis=0)
        return mean

    def _run(self, text: str) -> tuple[Any, NDArray[np.float32]]:
        """The tokenizer's encoding, and the vector of each token, `(n, 384)`."""
        encoded = self.tokenizer.encode(text)
        ids = encoded.ids
        if len(ids) > MAX_TOKENS:
            ids = [*ids[: MAX_TOKENS - 1], ids[-1]]
        (tokens,) = self._session.run(None, {"ids": np.array([ids], dtype=np.int64)})
        return encoded, tokens[0]


def _word_projection() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean `(384,)` and projection `(384, 64)` of token vectors: principal components, `scripts/fit_words.py`."""
    source = resources.files("trusted_cloud_chat.data").joinpath("word_projection.npz")
    with resources.as_file(source) as path, np.load(path) as arrays:
        return arrays["mean"].astype(np.float32), arrays["projection"].astype(np.float32)


class OnnxEmbedder(Embedder):
    """multilingual-e5-small, int8. 384 dimensions, 512 tokens."""

    dimensions = _DIMENSIONS
    max_tokens = MAX_TOKENS

    def __init__(self, folder: Path, threads: int, once: bool = False) -> None:
        self.identity = BUNDLED_IDENTITY
        self._encoder = OnnxEncoder(folder, threads, once)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encoder.encode([QUERY_PREFIX + text for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._encoder.encode([PASSAGE_PREFIX + text for text in texts])

    def encode_query_words(self, text: str) -> tuple[Vectors, TokenVectors | None]:
        vectors, tokens = self._encoder.encode_words(QUERY_PREFIX, [text])
        return vectors[0], tokens[0]

    def encode_passage_words(self, texts: Sequence[str]) -> tuple[Vectors, list[TokenVectors | None]]:
        vectors, tokens = self._encoder.encode_words(PASSAGE_PREFIX, texts)
        return vectors, list(tokens)

    def count_tokens(self, text: str) -> int:
        return self._encoder.count_tokens(text)
