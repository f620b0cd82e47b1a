"""Loads a `CrossEncoder` of sentence-transformers by name (from the local cache) or by path; torch is imported then, never before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trusted_cloud_chat.errors import UnusableError
from trusted_cloud_chat.models import FULL_COMMAND, lacks_full

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


def load_cross_encoder(name: str, threads: int, what: str, variable: str, error: type[UnusableError]) -> CrossEncoder:
    """`what` it is for, and which variable names it. Raises `error` for one that is not on this machine."""
    if lacks_full():
        raise error(
            f"the {what} {name!r} needs the package sentence-transformers, which a light installation does without: "
            f"add it with `{FULL_COMMAND}` (in a checkout `make chat`), or unset {variable} to go without"
        )
    import torch
    from sentence_transformers import CrossEncoder

    torch.set_num_threads(threads)
    try:
        found: CrossEncoder = CrossEncoder(name, device="cpu", local_files_only=True)
    except (OSError, ValueError) as problem:
        raise error(
            f"the {what} {name!r} was not found on this machine: expected a folder, or a model in the local "
            f"cache. Fetch it where a network is allowed with `HF_HUB_OFFLINE=0 hf download {name}`, "
            f"or unset {variable} to go without"
        ) from problem
    return found
