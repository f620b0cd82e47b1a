"""Bytes of a user's file → text, and which encoding was read."""

from __future__ import annotations

from charset_normalizer import from_bytes

from trusted_cloud_chat.errors import ArticleError

# What French text is found in when it is not UTF-8; a free guess mistakes short files for Cyrillic or Greek.
_LIKELY = ["utf_16", "utf_32", "cp1252", "iso8859_15", "latin_1", "mac_roman", "cp850"]


def decode(raw: bytes) -> tuple[str, str]:
    """The text with LF newlines, and the name of the encoding.

    Raises ArticleError for a file that is empty or not text.
    """
    if not raw.strip():
        raise ArticleError("the file is empty: expected the text of an article")
    text, encoding = _decode(raw)
    if "\x00" in text:
        raise ArticleError("the file is not text (it holds NUL bytes): expected Markdown or plain text")
    return text.replace("\r\n", "\n").replace("\r", "\n"), encoding


def _decode(raw: bytes) -> tuple[str, str]:
    if not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return raw.decode("utf-8-sig"), "utf-8"
        except UnicodeDecodeError:
            pass
    best = from_bytes(raw, cp_isolation=_LIKELY).best()
    if best is None:
        raise ArticleError("the encoding was not recognised: expected UTF-8; save the file as UTF-8")
    return str(best).removeprefix("\ufeff"), best.encoding
