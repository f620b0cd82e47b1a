"""The bundled embedder in process: ONNX Runtime and tokenizers, without torch."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.models import BUNDLED_IDENTITY
from trusted_cloud_chat.models.bundled import MAX_TOKENS, load_quick_tokenizer, load_session, load_tokenizer
from trusted_cloud_chat.models.embedder import PASSAGE_PREFIX, QUERY_PREFIX, Embedder, TokenVectors, Vectors, unit
from trusted_cloud_chat.models.quick_tokenizer import Encodes
from trusted_cloud_chat.models.weights import shipped_arrays

T = TypeVar("T")


class OnnxEmbedder(Embedder):
    """multilingual-e5-small in int8, mean-pooled, truncated to 512 tokens.

    Dynamic int8 scales activations per run, so each text has its own run and its vector does not depend on others. Threads take different texts.
    """

    dimensions = 384
    max_tokens = MAX_TOKENS

    def __init__(self, folder: Path, threads: int, once: bool = False) -> None:
        self.identity = BUNDLED_IDENTITY
        self._tokenizer: Encodes = (load_quick_tokenizer if once else load_tokenizer)(folder)
        self._session: Any = load_session(folder)
        words = shipped_arrays("word_projection")  # principal components of token vectors: `scripts/fit_words.py`
        self._mean, self._projection = (words[name].astype(np.float32) for name in ("mean", "projection"))
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="embed") if threads > 1 else None

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode(QUERY_PREFIX, texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode(PASSAGE_PREFIX, texts)

    def encode_query_words(self, text: str) -> tuple[Vectors, TokenVectors | None]:
        vectors, words = self._encode_words(QUERY_PREFIX, [text])
        return vectors[0], words[0]

    def encode_passage_words(self, texts: Sequence[str]) -> tuple[Vectors, list[TokenVectors | None]]:
        return self._encode_words(PASSAGE_PREFIX, texts)

    def count_tokens(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def read(self, text: str) -> tuple[Any, NDArray[np.float32]]:
        """The encoding, and the contextual token vectors `(n, 384)`."""
        encoded = self._tokenizer.encode(text)
        ids = encoded.ids
        if len(ids) > MAX_TOKENS:
            ids = [*ids[: MAX_TOKENS - 1], ids[-1]]
        (tokens,) = self._session.run(None, {"ids": np.array([ids], dtype=np.int64)})
        return encoded, tokens[0]

    def _encode(self, prefix: str, texts: Sequence[str]) -> Vectors:
        rows = self._each(lambda text: self.read(prefix + text)[1].mean(axis=0), texts)
        return unit(np.array(rows, dtype=np.float32), self.dimensions)

    def _encode_words(self, prefix: str, texts: Sequence[str]) -> tuple[Vectors, list[TokenVectors | None]]:
        def words_of(text: str) -> tuple[NDArray[np.float32], TokenVectors]:
            encoded, tokens = self.read(prefix + text)
            offsets = np.array(encoded.offsets[: len(tokens)], dtype=np.int32) - len(prefix)
            kept = offsets[:, 1] > 0
            projected = np.asarray((tokens[kept] - self._mean) @ self._projection, dtype=np.float32)
            return tokens.mean(axis=0), TokenVectors(offsets[kept], projected)

        found = self._each(words_of, texts)
        vectors = unit(np.array([vector for vector, _ in found], dtype=np.float32), self.dimensions)
        return vectors, [words for _, words in found]

    def _each(self, work: Callable[[str], T], texts: Sequence[str]) -> list[T]:
        return list((self._pool.map if self._pool is not None and len(texts) > 1 else map)(work, texts))
