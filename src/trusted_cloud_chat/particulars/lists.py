"""The word lists of `data/particulars.toml` for figures, dates and names."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from trusted_cloud_chat.language.senses import Phrases, WordLists
from trusted_cloud_chat.schema import Language


@cache
def table(name: str) -> dict[str, Any]:
    text = resources.files("trusted_cloud_chat.data").joinpath("particulars.toml").read_text("utf-8")
    found: dict[str, Any] = tomllib.loads(text)[name]
    return found


@cache
def lists(language: Language) -> WordLists:
    """All lists of a language."""
    return WordLists(table("lists")[language])


@cache
def words_for(name: str, language: Language) -> Phrases:
    """One list of a language."""
    return Phrases(table("lists")[language][name])
