"""Computes index terms, for the lexical index and for comparing sentences.

French: NFC, one apostrophe, no elisions or accents, Snowball stems, numbers and units in one form.
Folding precedes stemming, so that « qualifié » and a typed `qualifie` give the same term.
"""

from dataclasses import dataclass
from functools import lru_cache
from threading import local

import snowballstemmer

from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.normalise import fold, normalise
from trusted_cloud_chat.language.senses import table
from trusted_cloud_chat.schema import Language

_UNITS = (
    (patterns.MILLIARDS_OF_EUROS, " milliard euro"),
    (patterns.MILLIONS_OF_EUROS, " million euro"),
    (patterns.EURO_BILLIONS, r"\1 milliard euro"),
    (patterns.EURO_MILLIONS, r"\1 million euro"),
    (patterns.THOUSANDS_OF_EUROS, " millier euro"),
    (patterns.EURO_SIGN, " euro "),
    (patterns.PER_CENT, " pourcent "),
)

STOPWORDS_FR = frozenset(fold(table("fr")["stopwords"]).split())
STOPWORDS_EN = frozenset(fold(table("en")["stopwords"]).split())


def lexical_tokens(text: str, language: Language = "fr", *, keep_stopwords: bool = False) -> list[str]:
    """Index terms of `text`, in order, with repeats.

    A word written in capitals is an acronym and never a stop word, unless the whole text is in capitals.
    """
    prepared = _prepare(text)
    shouting = prepared.isupper()
    stopwords = STOPWORDS_EN if language == "en" else STOPWORDS_FR
    tokens: list[str] = []
    for match in patterns.NUMBER_OR_WORD.finditer(prepared):
        for word in match.group().split("_"):
            acronym = len(word) > 1 and word.isupper() and not shouting
            if not word or (not keep_stopwords and not acronym and _folded(word) in stopwords):
                continue
            tokens.append(_stem(word.lower(), language))
    return tokens


@lru_cache(maxsize=8192)
def content_words(text: str, language: Language = "fr") -> frozenset[str]:
    """The distinct index terms of a sentence, cached: an answer compares its sentences many times."""
    return frozenset(lexical_tokens(text, language))


@dataclass(frozen=True, slots=True)
class StemmedWord:
    """`text[start:end]` as its index term."""

    token: str
    start: int
    end: int


def word_spans(text: str, language: Language = "fr") -> list[StemmedWord]:
    """The content words of `text` with their offsets; each is the first term that `lexical_tokens` gives for that word."""
    words = []
    for match in patterns.GROUPED_NUMBER_OR_WORD.finditer(text):
        token = _first_token(match.group(), language)
        if token:
            words.append(StemmedWord(token, match.start(), match.end()))
    return words


@lru_cache(maxsize=200_000)
def _first_token(word: str, language: Language) -> str:
    """The first index term of a word; empty for a stop word."""
    return next(iter(lexical_tokens(word, language)), "")


def _prepare(text: str) -> str:
    """`text` with uniform typography, numbers and units; keeps case and accents."""
    text = normalise(text)
    text = patterns.THOUSANDS_SPACE.sub("", text)
    text = patterns.DECIMAL_COMMA.sub(".", text)
    for pattern, replacement in _UNITS:
        text = pattern.sub(replacement, text)
    return patterns.ELISION.sub("", patterns.AUJOURDHUI.sub("aujourdhui", text))


_folded = lru_cache(maxsize=200_000)(fold)


@lru_cache(maxsize=200_000)
def _stem(word: str, language: Language) -> str:
    """Folded stem of a lower-case word; words with a digit are kept as they are."""
    if any(character.isdigit() for character in word):
        return fold(word)
    if language == "en":
        return str(_STEMMERS.of["en"].stemWord(fold(word)))
    # « annoncée » would fold to "annoncee", which the stemmer does not reduce to "annonc".
    word = patterns.PLURAL_PARTICIPLE.sub("é", patterns.FEMININE_PARTICIPLE.sub("é", word))
    return str(_STEMMERS.of["fr"].stemWord(fold(word)))


class _Stemmers(local):
    """One stemmer per thread: it keeps state."""

    def __init__(self) -> None:
        self.of = {"fr": snowballstemmer.stemmer("french"), "en": snowballstemmer.stemmer("english")}


_STEMMERS = _Stemmers()
