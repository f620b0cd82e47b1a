"""Words as the lexical index and the matching of quotes see them.

French: NFC, one apostrophe, elision removed, accents folded, Snowball stems, numbers and units in one
form. Folding comes before stemming, so that « qualifié » and a question typed `qualifie` meet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.text.normalise import fold, normalise

_ELISION = re.compile(r"\b(?:l|d|j|m|t|s|c|n|qu|jusqu|lorsqu|puisqu|quoiqu|quelqu|presqu|entr)'(?=\w)", re.IGNORECASE)
_TODAY = re.compile(r"\baujourd'hui\b", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_DECIMAL = re.compile(r"(?<=\d),(?=\d)")
_UNITS = (
    (re.compile(r"(?<=\d) ?(?:mds?|milliards?) ?(?:d'|de )?(?:€|euros?)", re.IGNORECASE), " milliard euro"),
    (re.compile(r"(?<=\d) ?(?:m|millions?) ?(?:d'|de )?(?:€|euros?)", re.IGNORECASE), " million euro"),
    (re.compile(r"€(?=\d)(\d[\d.,]*) ?(?:bn|billion)\b", re.IGNORECASE), r"\1 milliard euro"),
    (re.compile(r"€(?=\d)(\d[\d.,]*) ?(?:m|million)\b", re.IGNORECASE), r"\1 million euro"),
    (re.compile(r"(?<=\d) ?k€", re.IGNORECASE), " millier euro"),
    (re.compile(r"€"), " euro "),
    (re.compile(r"(?<=\d) ?(?:%|pour ?cent\b|percent\b)", re.IGNORECASE), " pourcent "),
)
_COGNATE = 5
"""Letters that a French and an English stem share when they are one word."""
_WORD = re.compile(r"\d+(?:\.\d+)+|\w+")
_RAW_WORD = re.compile(r"\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3})+(?!\d)|\d+(?:[.,]\d+)*|[^\W_]+")
_FEMININE = re.compile(r"ées?$")
_PLURAL_EE = re.compile(r"és$")

STOPWORDS_FR = frozenset(
    fold(
        "a ai aie ait as au aura aurait aux avait avec avez avoir avons c ce ceci cela celle celles celui ces "
        "cet cette ceux chaque ci comme comment d dans de des dès donc dont du elle elles en encore entre es "
        "est et été êtes être eu eux fait font furent fut ici il ils j je l la là laquelle le lequel les "
        "lesquelles lesquels leur leurs lors lui m ma mais me mes moi mon n ne ni nos notre nous on ont ou où "
        "par parce pas peu peut peuvent plus pour pourquoi pouvait qu quand que quel quelle quelles quels qui "
        "quoi s sa sans se sera serait ses si soit son sont sous sur t ta tandis te tel telle tes toi ton tous "
        "tout toute toutes très tu un une vers via vos votre vous y était étaient svp stp ainsi aussi alors "
        "aujourdhui car cependant chez combien depuis lorsque puis quelque sinon"
    ).split()
)
STOPWORDS_EN = frozenset(
    "a about an and any are as at be been but by can could did do does for from had has have he her his how i "
    "if in into is it its me my no not of on or our she should so such than that the their them then there "
    "these they this those to was we were what when where which who whom why will with would you your "
    "please s t re ve ll d m doesn isn aren wasn weren hasn haven didn".split()
)


def lexical_tokens(text: str, language: Language = "fr", *, keep_stopwords: bool = False) -> list[str]:
    """Index terms of `text`, in order, with repeats.

    A word written in capitals is an acronym and never a stop word, unless the whole text is in capitals.
    """
    prepared = _prepare(text)
    shouting = prepared.isupper()
    stopwords = STOPWORDS_EN if language == "en" else STOPWORDS_FR
    tokens: list[str] = []
    for match in _WORD.finditer(prepared):
        for word in match.group().split("_"):
            acronym = len(word) > 1 and word.isupper() and not shouting
            if not word or (not keep_stopwords and not acronym and _folded(word) in stopwords):
                continue
            tokens.append(_stem(word.lower(), language))
    return tokens


@lru_cache(maxsize=8192)
def content_words(text: str, language: Language = "fr") -> frozenset[str]:
    """The different index terms of a sentence; kept, since the sentences of an answer are compared many times."""
    return frozenset(lexical_tokens(text, language))


@dataclass(frozen=True, slots=True)
class Word:
    """`text[start:end]` as its index term."""

    token: str
    start: int
    end: int


def word_spans(text: str, language: Language = "fr") -> list[Word]:
    """The content words of `text` with their offsets; the terms are those of `lexical_tokens`, a word at a time."""
    words = []
    for match in _RAW_WORD.finditer(text):
        token = _first_token(match.group(), language)
        if token:
            words.append(Word(token, match.start(), match.end()))
    return words


def cognates(stems: Iterable[str], others: Iterable[str]) -> frozenset[str]:
    """Those of `stems` that begin like one of `others`, stems of the other language: « qualif- », “qualifi-”."""
    heads = {stem[:_COGNATE] for stem in others if len(stem) >= _COGNATE}
    return frozenset(stem for stem in stems if stem[:_COGNATE] in heads)


@lru_cache(maxsize=200_000)
def _first_token(word: str, language: Language) -> str:
    """Empty for a stop word."""
    return next(iter(lexical_tokens(word, language)), "")


def _prepare(text: str) -> str:
    """Typography, numbers and units in one form; still cased, still accented."""
    text = normalise(text)
    text = _THOUSANDS.sub("", text)
    text = _DECIMAL.sub(".", text)
    for pattern, replacement in _UNITS:
        text = pattern.sub(replacement, text)
    return _ELISION.sub("", _TODAY.sub("aujourdhui", text))


_folded = lru_cache(maxsize=200_000)(fold)


@lru_cache(maxsize=200_000)
def _stem(word: str, language: Language) -> str:
    """Folded stem of a lower-case word; words with a digit are kept as they are."""
    if any(character.isdigit() for character in word):
        return fold(word)
    if language == "en":
        return str(_STEMMERS["en"].stemWord(fold(word)))
    # « annoncée » would fold to "annoncee", which the stemmer does not reduce to "annonc".
    word = _PLURAL_EE.sub("é", _FEMININE.sub("é", word))
    return str(_STEMMERS["fr"].stemWord(fold(word)))


_STEMMERS = {"fr": snowballstemmer.stemmer("french"), "en": snowballstemmer.stemmer("english")}
