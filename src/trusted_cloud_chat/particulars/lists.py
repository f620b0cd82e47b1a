"""The word lists of `data/particulars.toml` for figures, dates and names."""

from functools import cache
from typing import Any

from trusted_cloud_chat import data
from trusted_cloud_chat.language.senses import Phrases, WordLists
from trusted_cloud_chat.schema import Language


def table(name: str) -> dict[str, Any]:
    found: dict[str, Any] = data.table("particulars.toml")[name]
    return found


@cache
def lists(language: Language) -> WordLists:
    """All lists of a language."""
    return WordLists(table("lists")[language])


@cache
def words_for(name: str, language: Language) -> Phrases:
    """One list of a language."""
    return Phrases(table("lists")[language][name])
