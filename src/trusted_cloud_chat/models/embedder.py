"""The interface of embedders: langchain-core's `Embeddings` with arrays, token counts and an identity."""

import asyncio
import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.errors import EmbedderError

Vectors = NDArray[np.float32]

QUERY_PREFIX = "query: "
PASSAGE_PREFIX = "passage: "
"""The prefixes of E5 models."""


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """Contextual tokens of a text: `offsets` `(n, 2)`, `vectors` `(n, 64)` float32."""

    offsets: NDArray[np.int32]
    vectors: Vectors


class Embedder(ABC):
    identity: str
    """Identifies the vectors; an index never mixes two identities."""
    dimensions: int
    max_tokens: int
    """Maximum tokens of a text, including prefix and special tokens."""

    @abstractmethod
    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """`(len(texts), dimensions)` float32, unit length; rows are independent."""

    @abstractmethod
    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """The same for chunks and sentences."""

    @abstractmethod
    def count_tokens(self, text: str) -> int:
        """Number of tokens, without prefix and special tokens."""

    def encode_query_words(self, text: str) -> tuple[Vectors, TokenVectors | None]:
        """A question's vector `(dimensions,)` and, if available, its token vectors."""
        return self.encode_queries([text])[0], None

    def encode_passage_words(self, texts: Sequence[str]) -> tuple[Vectors, list[TokenVectors | None]]:
        """`encode_passages` and, if available, the token vectors of each text."""
        return self.encode_passages(texts), [None] * len(texts)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [[float(x) for x in row] for row in self.encode_passages(texts)]

    def embed_query(self, text: str) -> list[float]:
        return [float(x) for x in self.encode_queries([text])[0]]

    async def aembed_documents(self, texts: list[str]) -> list[list[float]]:
        return await asyncio.to_thread(self.embed_documents, texts)

    async def aembed_query(self, text: str) -> list[float]:
        return await asyncio.to_thread(self.embed_query, text)


def known_to_langchain() -> None:
    """Registers our embedders as LangChain's `Embeddings` if it is loaded: importing it takes longer than a question."""
    if "langchain_core" in sys.modules:
        from langchain_core.embeddings import Embeddings

        Embeddings.register(Embedder)  # type: ignore[type-abstract]


def unit(vectors: Sequence[Sequence[float]] | Vectors, dimensions: int) -> Vectors:
    """Rows scaled to unit length; a zero row stays zero. No rows give shape `(0, dimensions)`."""
    array = np.asarray(vectors, dtype=np.float32)
    array = array if array.ndim == 2 else array.reshape(-1, dimensions)
    norms = np.linalg.norm(array, axis=1, keepdims=True)
    scaled: Vectors = array / np.maximum(norms, np.float32(1e-12))
    return scaled


_PAIRS = (("qualifié", "qualité"), ("sécurité", "sécurisé"), ("fédéral", "général"), ("été", "étatique"))


def self_test(embedder: Embedder) -> None:
    """Raises EmbedderError if vectors are not finite or French words have equal vectors: some tokenizers make accented words unknown tokens."""
    vectors = embedder.encode_passages([word for pair in _PAIRS for word in pair])
    if not np.isfinite(vectors).all() or not vectors.any(axis=1).all():
        raise EmbedderError(f"the embedder {embedder.identity!r} gives vectors that are not numbers")
    for (first, second), one, other in zip(_PAIRS, vectors[::2], vectors[1::2], strict=True):
        if float(one @ other) > 0.9999:
            raise EmbedderError(
                f"the embedder {embedder.identity!r} cannot tell French words apart: « {first} » and « {second} » "
                "have the same vector. Choose one made for French with TCC_EMBEDDER, or unset it for the bundled one"
            )
