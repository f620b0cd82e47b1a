"""Answers of a chat model: prompt, stream, and a mark for each sentence."""

from typing import Any

from trusted_cloud_chat.data import table


def texts(name: str) -> Any:
    """A table of `data/writing.toml`, by language."""
    return table("writing.toml")[name]
