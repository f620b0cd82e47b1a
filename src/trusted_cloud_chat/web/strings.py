"""Everything the chat says by itself: `data/chat.fr.toml` and `data/chat.en.toml`."""

import tomllib
from importlib.resources import files
from typing import Any

from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.schema import Language

NBSP = "\u00a0"


def read_texts(name: str, language: Language) -> dict[str, Any]:
    """A file of texts; of a French one as a printer spaces them: the no-break spaces are nothing that one sees in a file."""
    told: dict[str, Any] = tomllib.loads(
        (files("trusted_cloud_chat.data") / f"{name}.{language}.toml").read_text("utf-8")
    )
    return _spaced(told) if language == "fr" else told


def _spaced(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _spaced(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_spaced(one) for one in value]
    return patterns.BEFORE_DOUBLE_SIGN.sub(NBSP, value)


class Strings:
    """The texts of one language, each an attribute; `{name}` in them is filled in by the caller."""

    examples: list[str]
    doing: dict[str, str]
    refusals: dict[str, str]
    """Titles, by the reason."""
    source_types: dict[str, str]
    pages: dict[str, str]
    """The pages beside the chat, by address."""
    choices: dict[str, str]
    """What is said of an answer, as administrators read it; the page asks for the first, or « À corriger »."""
    scripts: dict[str, Any]
    """What the scripts of the page say."""

    def __init__(self, language: Language) -> None:
        told = read_texts("chat", language)
        self.language = language
        self.__dict__ |= told["scripts"] | told

    def __getattr__(self, name: str) -> str:
        raise AttributeError(f"data/chat.{self.language}.toml does not say {name!r}")


FRENCH, ENGLISH = Strings("fr"), Strings("en")
STRINGS: dict[Language, Strings] = {"fr": FRENCH, "en": ENGLISH}


def spoken(language: str) -> Strings:
    """The texts in what the page says is its language."""
    return ENGLISH if language == "en" else FRENCH
