"""Loads embedders by name. Heavy imports stay inside the functions."""

from collections.abc import Callable
from pathlib import Path

from trusted_cloud_chat.models.embedder import Embedder, known_to_langchain, self_test
from trusted_cloud_chat.settings import BUNDLED_EMBEDDER

__all__ = ["BUNDLED_IDENTITY", "Embedder", "identity_of", "load_embedder"]

BUNDLED_IDENTITY = f"{BUNDLED_EMBEDDER}:int8:1"
"""Its last number grows when the vectors change, so that older indexes are rebuilt."""


def identity_of(name: str) -> str:
    """The identity of the embedder `name`, without loading it."""
    return BUNDLED_IDENTITY if name == BUNDLED_EMBEDDER else f"sentence-transformers:{name}"


def load_embedder(
    name: str, home: Path, threads: int, progress: Callable[[str, float], None] | None = None, once: bool = False
) -> Embedder:
    """The embedder `name`, self-tested; `once` starts faster and suits a few texts. Raises EmbedderError or HomeNotWritableError."""
    known_to_langchain()
    embedder: Embedder
    if name == BUNDLED_EMBEDDER:
        from trusted_cloud_chat.models.bundled import OnnxEmbedder, ensure_unpacked

        embedder = OnnxEmbedder(ensure_unpacked(home, progress), threads, once)
    else:
        from trusted_cloud_chat.models.sentence_transformer import SentenceTransformerEmbedder

        embedder = SentenceTransformerEmbedder(name, threads)
    self_test(embedder)
    return embedder
