"""Fills the templates of `data/lines.toml` and `data/replies.toml`, and formats dates and names for them."""

from functools import cache

from trusted_cloud_chat.answering.wording import NBSP, typographic
from trusted_cloud_chat.data import table
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.schema import Language


def worded(template: str, language: Language, **fields: str) -> str:
    """The template filled with `fields`. Raises KeyError for an unknown template or a missing field."""
    return _templates()[language][template].format(nbsp=NBSP, **fields)


def said_of(template: str, language: Language, **fields: str) -> str:
    """The template filled with `fields`; empty if there is no such template."""
    return worded(template, language, **fields) if template in _templates()[language] else ""


@cache
def _templates() -> dict[str, dict[str, str]]:
    lines, replies = table("lines.toml"), table("replies.toml")
    return {language: lines[language] | replies[language] for language in lines}


def on_day(day: PartialDate, language: Language) -> str:
    """« le 17 décembre 2025 », « décembre 2025 », "17 December 2025"."""
    said = day.spoken(language)
    return f"le {said}" if language == "fr" and day.day else said


def until_day(day: PartialDate, language: Language) -> str:
    """« au 17 décembre 2028 », « en décembre 2028 », to follow « jusqu’ »."""
    said = day.spoken(language)
    return said if language == "en" else f"{'au' if day.day else 'en'} {said}"


def name_of(provider: str, service: str | None) -> str:
    """« PREMI3NS (S3NS) », « Bleu »."""
    return typographic(f"{service} ({provider})" if service else provider)
