"""Accents that a question was typed without."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from importlib import resources

from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.normalise import fold

_LISTED = "coté"
"""« Coté en Bourse » is no « côté »."""
_SHORT = 3
"""Letters of « été »."""


def with_accents(text: str) -> str:
    """« qui est a la tete de stackit » → « qui est a la tête de stackit »: French words that are hardly ever written otherwise.

    Of two that differ by the accent alone (a, à; annonce, annoncé) what was typed stays, unless one of them is rare. Where the
    question has an accent somewhere, a last « é » that is not there was hardly forgotten: « comment ça marche » stays.
    """
    careful = has_accents(text)
    return patterns.LETTERS.sub(lambda match: _accented(match.group(), careful=careful), text)


def has_accents(text: str) -> bool:
    return any(map(unicodedata.combining, unicodedata.normalize("NFD", text)))


def _accented(word: str, *, careful: bool) -> str:
    accented = _words().get(fold(word))
    if accented is None or word.lower() == _LISTED or (word.isupper() and len(word) > 1):
        return word
    if any(typed not in (there, fold(there)) for typed, there in zip(word.lower(), accented, strict=False)):
        return word  # « qu’a décidé » was not meant as « décide », nor « achète » as « acheté »
    if (
        careful
        and len(word) > _SHORT
        and patterns.LAST_ACUTE.search(accented)
        and not patterns.LAST_ACUTE.search(word.lower())
        and not (patterns.NOUN_IN_TE.search(accented) and not has_accents(word))
    ):
        return word
    return accented.capitalize() if word[0].isupper() else accented


@lru_cache(maxsize=1)
def _words() -> dict[str, str]:
    """Folded word → the same with its accents, as counted by `scripts/count_accents.py`."""
    source = resources.files("trusted_cloud_chat.data").joinpath("accents.txt")
    return {fold(word): word for word in source.read_text("utf-8").split()}
