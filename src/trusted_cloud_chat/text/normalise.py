"""Typographic variants made one, for matching only; and what no text of others may hold."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_APOSTROPHES = "’‘ʼ＇´`"
_DASHES = "‐‑‒–—―−"
_TRANSLATE = {ord(c): "'" for c in _APOSTROPHES} | {ord(c): "-" for c in _DASHES}
_TRANSLATE |= {0x2009: " ", 0x200A: " ", 0x2007: " "}
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_LIGATURES = {ord("œ"): "oe", ord("Œ"): "OE", ord("æ"): "ae", ord("Æ"): "AE"}
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]"
)
"""Control characters (Unicode's Cc, but newline and tab), which a terminal obeys, and format characters (Cf), which hide
words or turn the direction of what follows."""
_BREAKABLE = re.compile(r"[^\S\u00a0\u202f]+")


def normalise(text: str) -> str:
    """NFC, one kind of apostrophe, dash and space, no invisible characters. Length may change."""
    text = unicodedata.normalize("NFC", text).translate(_TRANSLATE)
    text = _INVISIBLE.sub("", text)
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """`normalise`, then lower case without accents: « Sécurité » and `securite` are the same.

    The last few thousand are kept: an answer looks at each of its sentences from many sides.
    """
    text = normalise(text).translate(_LIGATURES)
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(c for c in decomposed if unicodedata.category(c) != "Mn").lower()


@lru_cache(maxsize=1024)
def fold_in_place(text: str) -> str:
    """`fold`, one character for one, so that offsets stay true; a ligature is left as it is."""
    return "".join(map(_folded, text))


def fold_verbs(text: str) -> str:
    """`fold_in_place`, in which « à » is told from the verb « a »."""
    return "".join("à" if character in "àÀ" else _folded(character) for character in text)


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    folded = fold(character)
    return folded if len(folded) == 1 else character


def elides(word: str) -> bool:
    """Whether « de », « que » and « le » lose their vowel before it: « d’Île-de-France », « qu’OVHcloud »; not before an h."""
    return fold(word[:1])[:1] in tuple("aeiou")


def printable(text: str) -> str:
    """`text` without its `UNSEEN` characters; a space for those that part words, as the form feed between two pages."""
    return UNSEEN.sub(lambda unseen: " " if unseen[0].isspace() else "", text)


def one_line(text: str) -> str:
    """`text` with each run of spaces and line breaks as one space; no-break spaces stay as they are."""
    return _BREAKABLE.sub(" ", text).strip()
