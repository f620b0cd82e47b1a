"""Loads the word lists of a language from `fr.toml` and `en.toml`."""

import tomllib
from functools import lru_cache
from importlib import resources
from typing import Any

from trusted_cloud_chat.schema import Language


@lru_cache(maxsize=2)
def table(language: Language) -> dict[str, Any]:
    """`stopwords` and `senses` of a language."""
    source = resources.files("trusted_cloud_chat.language").joinpath(f"{language}.toml")
    return tomllib.loads(source.read_text("utf-8"))
