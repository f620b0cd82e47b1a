"""The lists of `data/claims.toml`, by which a chat model's sentence is compared with the quotes that it points to."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from trusted_cloud_chat.language.senses import Phrases, WordLists
from trusted_cloud_chat.schema import Language


@dataclass(frozen=True, slots=True)
class Claim:
    """What a sentence may claim."""

    opposite: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    denies: bool = False
    must: bool = False
    strict: bool = False


@cache
def table(name: str) -> dict[str, Any]:
    """A table of `data/claims.toml`."""
    text = resources.files("trusted_cloud_chat.data").joinpath("claims.toml").read_text("utf-8")
    found: dict[str, Any] = tomllib.loads(text)[name]
    return found


@cache
def lists(language: Language) -> WordLists:
    """Every list of the language but those of the claims."""
    return WordLists(table("lists")[language])


@cache
def claim_lists(language: Language) -> WordLists:
    """The words of each claim."""
    return WordLists({name: row[language] for name, row in table("senses").items()})


@cache
def words_for(name: str, language: Language) -> Phrases:
    """One list of the language."""
    return Phrases(table("lists")[language][name])


@cache
def claims() -> dict[str, Claim]:
    """Each claim by its name; opposites are so both ways."""
    rows = table("senses")
    against = {name: set(row.get("opposite", ())) for name, row in rows.items()}
    for name, row in rows.items():
        for other in row.get("opposite", ()):
            against[other].add(name)
    return {
        name: Claim(
            tuple(sorted(against[name])),
            tuple(row.get("by", ())),
            **{flag: row.get(flag, False) for flag in ("denies", "must", "strict")},
        )
        for name, row in rows.items()
    }
