"""Loads embedders by name. Heavy imports stay inside the functions."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from trusted_cloud_chat.errors import UnusableError
from trusted_cloud_chat.models.embedder import Embedder, known_to_langchain, self_test
from trusted_cloud_chat.settings import BUNDLED_EMBEDDER

__all__ = ["BUNDLED_IDENTITY", "FULL_COMMAND", "Embedder", "identity_of", "lacks_full", "load_embedder", "load_network"]

BUNDLED_IDENTITY = f"{BUNDLED_EMBEDDER}:int8:1"
"""Raised when the vectors change, so that older indexes are rebuilt."""
FULL_COMMAND = "pip install 'trusted-cloud-chat[full]'"
"""Installs torch and sentence-transformers."""


def lacks_full() -> bool:
    """Whether sentence-transformers is missing."""
    return find_spec("sentence_transformers") is None


def load_network(kind: str, name: str, threads: int, what: str, unset: str, error: type[UnusableError]) -> Any:
    """An instance of sentence-transformers' class `kind` from the local cache or a folder. `what` and `unset` word the `error` that it raises."""
    if lacks_full():
        raise error(
            f"the {what} {name!r} needs the package sentence-transformers, which a light installation does without: "
            f"add it with `{FULL_COMMAND}` (in a checkout `make chat`), or unset {unset}"
        )
    import sentence_transformers
    import torch

    torch.set_num_threads(threads)
    try:
        return getattr(sentence_transformers, kind)(name, device="cpu", local_files_only=True)
    except (OSError, ValueError) as problem:
        raise error(
            f"the {what} {name!r} was not found on this machine: expected a folder, or a model in the local "
            f"cache. Fetch it where a network is allowed with `HF_HUB_OFFLINE=0 hf download {name}`, or unset {unset}"
        ) from problem


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
    """The embedder `name`, self-tested; `once` starts faster and suits a few texts. The bundled one is unpacked under `home` on first use.

    Raises EmbedderError or HomeNotWritableError.
    """
    known_to_langchain()
    embedder: Embedder
    if name == BUNDLED_EMBEDDER:
        from trusted_cloud_chat.models.bundled import ensure_unpacked
        from trusted_cloud_chat.models.onnx_embedder import OnnxEmbedder

        embedder = OnnxEmbedder(ensure_unpacked(home, progress), threads, once)
    else:
        from trusted_cloud_chat.models.sentence_transformer import SentenceTransformerEmbedder

        embedder = SentenceTransformerEmbedder(name, threads)
    self_test(embedder)
    return embedder
