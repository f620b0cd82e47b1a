"""The texts of the chat: `data/chat.fr.toml` and `data/chat.en.toml`."""

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.schema import Language

NBSP = "\u00a0"


@lru_cache
def read_texts(name: str, language: Language) -> dict[str, Any]:
    """A file of texts; adds the no-break spaces of French typography, which cannot be seen in a file."""
    file = files("trusted_cloud_chat.data") / f"{name}.{language}.toml"
    texts = tomllib.loads(file.read_text("utf-8"))
    return _spaced(texts) if language == "fr" else texts


def _spaced(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _spaced(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_spaced(one) for one in value]
    return patterns.BEFORE_DOUBLE_SIGN.sub(NBSP, value)


class Strings:
    """The texts of a language as attributes; the caller fills in `{name}`."""

    examples: list[str]
    doing: dict[str, str]
    refusals: dict[str, str]
    """Titles by refusal reason."""
    source_types: dict[str, str]
    pages: dict[str, str]
    """The pages beside the chat, by address."""
    choices: dict[str, str]
    """Labels of feedback for administrators; the page offers the first one, or « À corriger »."""
    scripts: dict[str, Any]

    def __init__(self, language: Language) -> None:
        told = read_texts("chat", language)
        self.language = language
        self.__dict__ |= told["scripts"] | told

    def __getattr__(self, name: str) -> str:
        raise AttributeError(f"data/chat.{self.language}.toml has no text {name!r}")


FRENCH, ENGLISH = Strings("fr"), Strings("en")
STRINGS: dict[Language, Strings] = {"fr": FRENCH, "en": ENGLISH}


def spoken(language: str) -> Strings:
    return ENGLISH if language == "en" else FRENCH
