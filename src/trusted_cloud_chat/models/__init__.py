"""`"provider:name"` → langchain-core `Embeddings` or `BaseChatModel`. Heavy imports stay inside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from trusted_cloud_chat.models.embedder import AdaptedEmbedder, Embedder, self_test
from trusted_cloud_chat.settings import BUNDLED_EMBEDDER

__all__ = ["AdaptedEmbedder", "Embedder", "load_embedder"]


def load_embedder(
    name: str, home: Path, threads: int, progress: Callable[[str, float], None] | None = None
) -> Embedder:
    """The embedder `name`, self-tested. Raises EmbedderError or HomeNotWritableError.

    The bundled one is unpacked under `home` the first time; `progress` receives step and share done.
    """
    embedder: Embedder
    if name == BUNDLED_EMBEDDER:
        from trusted_cloud_chat.models.bundled import ensure_unpacked
        from trusted_cloud_chat.models.onnx_embedder import OnnxEmbedder

        embedder = OnnxEmbedder(ensure_unpacked(home, progress), threads)
    else:
        from trusted_cloud_chat.models.sentence_transformer import SentenceTransformerEmbedder

        embedder = SentenceTransformerEmbedder(name, threads)
    self_test(embedder)
    return embedder
