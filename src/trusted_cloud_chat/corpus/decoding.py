"""Bytes of a user's file → its text and encoding."""

import codecs
import unicodedata
from contextlib import suppress

from charset_normalizer import from_bytes

from trusted_cloud_chat.errors import ArticleError

WESTERN = "cp1252"
"""The encoding of French pages and letters that state none and are not in UTF-8."""
# Usual encodings of French text other than UTF-8; an unrestricted guess takes short files for Cyrillic or Greek.
_LIKELY = ["utf_16", "utf_32", "cp1252", "iso8859_15", "latin_1", "mac_roman", "cp850"]

MARKED = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
"""Byte-order marks of UTF-16 and UTF-32;"""
_SAMPLE = 200_000
"""bytes from which the encoding of another file is guessed."""
_SOUND = 2
"""A text counts as UTF-8 if it has more than this many valid non-ASCII characters for each invalid one;"""
DAMAGED = "UTF-8 with damaged bytes, each shown as \ufffd"
"""its encoding is then called so."""
_MOST_CONTROL = 0.05
"""Share of control characters above which a file is binary."""


def decode(raw: bytes, declared: str = "") -> tuple[str, str]:
    """The text with LF newlines, and the name of its encoding: as the bytes show it, else as `declared`, else a guess.

    Raises ArticleError if the file is empty or not text.
    """
    if not raw.strip():
        raise ArticleError("the file is empty: expected the text of an article")
    text, encoding = _decode(raw, declared) if raw.startswith(MARKED) or b"\x00" not in raw else ("\x00", "")
    if "\x00" in text or (encoding not in ("utf-8", DAMAGED) and _is_binary(text)):
        raise ArticleError(
            "the file is not text (it holds NUL bytes or control characters): expected Markdown or plain text"
        )
    return text.replace("\r\n", "\n").replace("\r", "\n"), encoding


def _decode(raw: bytes, declared: str) -> tuple[str, str]:
    named = _meant(declared)
    for encoding in () if raw.startswith(MARKED) else ("utf-8-sig", *named) if named != ["utf-7"] else named:
        if encoding != "utf-8-sig" and _nearly_utf8(raw):
            return raw.decode("utf-8-sig", "replace"), DAMAGED
        with suppress(LookupError, ValueError):
            return raw.decode(encoding), encoding.removesuffix("-sig")
    if _nearly_utf8(raw):
        return raw.decode("utf-8-sig", "replace"), DAMAGED
    best = from_bytes(raw[:_SAMPLE], cp_isolation=_LIKELY).best()
    try:
        if best is not None:
            return raw.decode(best.encoding).removeprefix("\ufeff"), best.encoding
    except UnicodeDecodeError:
        pass
    raise ArticleError("the encoding was not recognised: expected UTF-8; save the file as UTF-8")


def _nearly_utf8(raw: bytes) -> bool:
    """Whether nearly all of its accented letters are valid UTF-8: a damaged byte does not make it another encoding."""
    text = raw.decode("utf-8", "replace")
    other = sum(not sign.isascii() for sign in text)
    damaged = text.count("\ufffd")
    return other - damaged > _SOUND * damaged > 0


def _meant(declared: str) -> list[str]:
    """The encodings that a name may stand for, the likeliest first: Windows calls its own encoding (with € ’ œ) Latin-1, and an unknown
    name is taken for it, as by browsers.
    """
    try:
        name = codecs.lookup(declared.strip()).name
    except (LookupError, ValueError):
        return [WESTERN] if declared else []
    if name.startswith(("utf-16", "utf-32")):  # only with a byte-order mark: else two letters would become one sign
        return []
    return ["cp1252", "latin-1"] if name in ("iso8859-1", "ascii") else [name]


def _is_binary(text: str) -> bool:
    sample = text[:_SAMPLE]
    control = sum(unicodedata.category(c) == "Cc" and not c.isspace() for c in sample)
    return control > _MOST_CONTROL * len(sample)
