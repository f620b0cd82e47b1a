"""`"provider:name"` → langchain-core `Embeddings` or `BaseChatModel`. Heavy imports stay inside."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from trusted_cloud_chat.errors import EmbedderError
from trusted_cloud_chat.models.embedder import Embedder, known_to_langchain, self_test
from trusted_cloud_chat.settings import BUNDLED_EMBEDDER

__all__ = ["BUNDLED_IDENTITY", "FULL_COMMAND", "Embedder", "identity_of", "lacks_full", "load_embedder"]

BUNDLED_IDENTITY = f"{BUNDLED_EMBEDDER}:int8:1"
"""Raised when the vectors change, so that indexes made before are rebuilt."""
FULL_COMMAND = "pip install 'trusted-cloud-chat[full]'"
"""Adds torch and sentence-transformers, which the bundled embedder does without."""


def lacks_full() -> bool:
    """Whether it is a light installation."""
    return find_spec("sentence_transformers") is None


def identity_of(name: str) -> str:
    """The identity of the embedder `name`, without loading it."""
    return BUNDLED_IDENTITY if name == BUNDLED_EMBEDDER else f"sentence-transformers:{name}"


def load_embedder(
    name: str,
    home: Path,
    threads: int,
    progress: Callable[[str, float], None] | None = None,
    once: bool = False,
) -> Embedder:
    """The embedder `name`, self-tested; `once` for a few texts. Raises EmbedderError or HomeNotWritableError.

    The bundled one is unpacked under `home` the first time; `progress` receives step and share done.
    """
    known_to_langchain()
    embedder: Embedder
    if name == BUNDLED_EMBEDDER:
        from trusted_cloud_chat.models.bundled import ensure_unpacked
        from trusted_cloud_chat.models.onnx_embedder import OnnxEmbedder

        embedder = OnnxEmbedder(ensure_unpacked(home, progress), threads, once)
    else:
        if lacks_full():
            raise EmbedderError(
                f"the embedder {name!r} needs the package sentence-transformers, which a light installation does without: "
                f"add it with `{FULL_COMMAND}` (in a checkout `make chat`), or unset TCC_EMBEDDER for the bundled one"
            )
        from trusted_cloud_chat.models.sentence_transformer import SentenceTransformerEmbedder

        embedder = SentenceTransformerEmbedder(name, threads)
    self_test(embedder)
    return embedder
