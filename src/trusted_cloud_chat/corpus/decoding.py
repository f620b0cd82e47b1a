"""Decodes a user's file and names its encoding."""

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
"""Byte-order marks of UTF-16 and UTF-32."""
_SAMPLE = 200_000
_SOUND = 2
"""A text counts as UTF-8 if it has more than this many valid non-ASCII characters for each invalid one."""
DAMAGED = "UTF-8 with damaged bytes, each shown as \ufffd"
_MOST_CONTROL = 0.05
"""Share of control characters above which a file is binary."""


def decode(raw: bytes, declared: str = "") -> tuple[str, str]:
    """The text with LF newlines, and its encoding: by its bytes, else as `declared`, else a guess. Raises ArticleError if it is not text."""
    if not raw.strip():
        raise ArticleError("the file is empty: expected the text of an article")
    text, encoding = _decode(raw, declared) if raw.startswith(MARKED) or b"\x00" not in raw else ("\x00", "")
    control = sum(unicodedata.category(c) == "Cc" and not c.isspace() for c in text[:_SAMPLE])
    is_binary = encoding not in ("utf-8", DAMAGED) and control > _MOST_CONTROL * len(text[:_SAMPLE])
    if "\x00" in text or is_binary:
        raise ArticleError(
            "the file is not text (it holds NUL bytes or control characters): expected Markdown or plain text"
        )
    return text.replace("\r\n", "\n").replace("\r", "\n"), encoding


def _decode(raw: bytes, declared: str) -> tuple[str, str]:
    named = [] if raw.startswith(MARKED) else _meant(declared)
    if named != ["utf-7"] and not raw.startswith(MARKED):
        with suppress(UnicodeDecodeError):
            return raw.decode("utf-8-sig"), "utf-8"
    text = raw.decode("utf-8-sig", "replace")
    damaged = text.count("\ufffd")
    # A few damaged bytes among many valid accents do not make it another encoding.
    if sum(not sign.isascii() for sign in text) - damaged > _SOUND * damaged > 0:
        return text, DAMAGED
    for encoding in named:
        with suppress(LookupError, ValueError):
            return raw.decode(encoding), encoding
    best = from_bytes(raw[:_SAMPLE], cp_isolation=_LIKELY).best()
    if best is not None:
        with suppress(UnicodeDecodeError):
            return raw.decode(best.encoding).removeprefix("\ufeff"), best.encoding
    raise ArticleError("the encoding was not recognised: expected UTF-8; save the file as UTF-8")


def _meant(declared: str) -> list[str]:
    """The encodings that a name may mean, the likeliest first. As in browsers, Latin-1 and unknown names mean Windows-1252, with € ’ œ."""
    try:
        name = codecs.lookup(declared.strip()).name
    except (LookupError, ValueError):
        return [WESTERN] if declared else []
    if name.startswith(("utf-16", "utf-32")):  # without a byte-order mark any two bytes would form one character
        return []
    return ["cp1252", "latin-1"] if name in ("iso8859-1", "ascii") else [name]
