"""Normalises typography for matching, and finds characters that must not be stored or printed."""

import unicodedata
from functools import lru_cache

from trusted_cloud_chat.language import patterns

_APOSTROPHES = "’‘ʼ＇´`"
_DASHES = "‐‑‒–—―−"
_TRANSLATE = {ord(c): "'" for c in _APOSTROPHES} | {ord(c): "-" for c in _DASHES}
_TRANSLATE |= {0x2009: " ", 0x200A: " ", 0x2007: " "}
_LIGATURES = {ord("œ"): "oe", ord("Œ"): "OE", ord("æ"): "ae", ord("Æ"): "AE"}

_BEFORE_LETTERS = {"´": "\u0301", "`": "\u0300", "ˆ": "\u0302", "¨": "\u0308", "¸": "\u0327", "˜": "\u0303"}
"""Accent written before its letter → combining accent."""


def composed(text: str) -> str:
    """Composes accents written before their letters: « d´efini » → « défini »; drops an accent at the end, which has no letter."""
    said, accent = "", ""
    for character in text:
        if accent:
            letter = unicodedata.normalize("NFC", {"ı": "i"}.get(character, character) + _BEFORE_LETTERS[accent])
            said += letter if len(letter) == 1 else accent + character
            accent = ""
        elif character in _BEFORE_LETTERS:
            accent = character
        else:
            said += character
    return said.rstrip()


def normalise(text: str) -> str:
    """NFC, one kind of apostrophe, dash and space, no invisible characters. Length may change."""
    text = unicodedata.normalize("NFC", text).translate(_TRANSLATE)
    text = patterns.INVISIBLE.sub("", text)
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """`normalise`, then lower case without accents: « Sécurité » and `securite` are the same.

    Cached: an answer folds the same sentences many times.
    """
    text = normalise(text).translate(_LIGATURES)
    return unicodedata.normalize("NFD", text).translate(_ACCENTS).lower()


class _Accents(dict[int, int | None]):
    """For `str.translate`: drops combining marks; each character is computed once."""

    def __missing__(self, code: int) -> int | None:
        self[code] = None if unicodedata.category(chr(code)) == "Mn" else code
        return self[code]


_ACCENTS = _Accents()


def unseen(text: str) -> set[str]:
    """The invisible characters of `text`: control characters (Cc, except newline and tab), which a terminal executes,
    format characters (Cf), which hide words or reverse the text direction, and lone surrogates (Cs).
    """
    return {c for c in set(text) if unicodedata.category(c) in ("Cc", "Cf", "Cs") and c not in "\n\t"}


def printable(text: str) -> str:
    """`text` without `unseen` characters; those that separate words, such as a form feed, become a space."""
    found = unseen(text)
    return text.translate({ord(c): " " if c.isspace() else None for c in found}) if found else text


def visible(text: str) -> str:
    r"""`text` on one line, with invisible characters and line breaks as escapes: `\n`, `\u202e`."""
    found = unseen(text) | {c for c in "\n\t\u2028\u2029" if c in text}
    return text.translate({ord(c): c.encode("unicode_escape").decode() for c in found}) if found else text


def one_line(text: str) -> str:
    """`text` with each run of spaces and line breaks as one space; no-break spaces stay as they are."""
    return patterns.BREAKABLE_SPACE.sub(" ", text).strip()


def is_unicode(text: str) -> bool:
    """Whether `text` can be stored and printed: it has no lone surrogates, which undecodable bytes and JSON escapes produce."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
