"""Splits a text into words with offsets, for names, word lists and dates."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from trusted_cloud_chat.language import model_patterns, patterns
from trusted_cloud_chat.language.normalise import fold


@dataclass(frozen=True, slots=True)
class Word:
    """`text[start:end]`, as written and folded."""

    text: str
    folded: str
    start: int
    end: int

    @property
    def is_number(self) -> bool:
        return self.folded[0].isdigit() and not any(c.isalpha() for c in self.folded)

    @property
    def has_capital(self) -> bool:
        return any(c.isupper() for c in self.text)


@lru_cache(maxsize=8192)
def words(text: str) -> tuple[Word, ...]:
    """Runs of letters and digits in order; « l’ANSSI » is two, « 3.2 » and « S3NS » are one each."""
    return _read(patterns.TOKEN, text)


def words_and_signs(text: str) -> tuple[Word, ...]:
    """The words (« 1 500 » is one), with punctuation between clauses and unit signs."""
    return _read(model_patterns.TOKEN, text)


def spaced(text: str) -> str:
    """The folded words with a space around each, in which whole words can be found."""
    return f" {' '.join(word.folded for word in words(text))} "


def places_within(said: Sequence[Word], start: int, end: int) -> set[int]:
    """Indices of the words that overlap `text[start:end]`."""
    return {n for n, word in enumerate(said) if start < word.end and word.start < end}


def _read(token: re.Pattern[str], text: str) -> tuple[Word, ...]:
    return tuple(Word(found.group(), _folded(found.group()), *found.span()) for found in token.finditer(text))


@lru_cache(maxsize=65536)
def _folded(word: str) -> str:
    return fold(word)
