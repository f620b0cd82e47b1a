"""Typographic variants made one, for matching only: stored text is never changed."""

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


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    folded = fold(character)
    return folded if len(folded) == 1 else character


def one_line(text: str) -> str:
    """`text` with each run of spaces and line breaks as one space; no-break spaces stay as they are."""
    return _BREAKABLE.sub(" ", text).strip()
