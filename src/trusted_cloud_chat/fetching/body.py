"""A response's body, bounded while it comes and while it is unpacked."""

from __future__ import annotations

import zlib

import httpx

from trusted_cloud_chat.corpus import MEGABYTE
from trusted_cloud_chat.errors import ArticleError

PLAIN, PACKED = ("", "identity"), ("gzip", "x-gzip", "deflate")
_WINDOW = 47
"""What zlib takes for « gzip or zlib, as its first bytes say »."""


async def read_body(response: httpx.Response, most: int) -> bytes:
    """What the server sent, unpacked; nothing is read, or unpacked, beyond `most` bytes. Raises ArticleError."""
    packing = response.headers.get("content-encoding", "").strip().lower()
    if packing not in (*PLAIN, *PACKED):
        raise ArticleError(f"sent as {packing[:40]!r}, which was not asked for: expected it as it is, or gzip")
    announced = response.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > most:
        raise too_large(most)
    raw = bytearray()
    async for piece in response.aiter_raw():
        raw += piece
        if len(raw) > most:
            raise too_large(most)
    return unpacked(bytes(raw), most) if packing in PACKED else bytes(raw)


def unpacked(raw: bytes, most: int) -> bytes:
    """What gzip or zlib packed, in one part or several. Raises ArticleError for more than `most` bytes and for what is damaged."""
    found = bytearray()
    try:
        while raw:
            one = zlib.decompressobj(_WINDOW)
            found += one.decompress(raw, most + 1 - len(found))
            if len(found) > most:
                raise too_large(most)
            if not one.eof:
                raise ArticleError("what was sent packed (gzip) breaks off: try again later")
            raw = one.unused_data
    except zlib.error as error:
        raise ArticleError(f"sent as packed (gzip), which it is not: {error}") from None
    return bytes(found)


def too_large(most: int) -> ArticleError:
    return ArticleError(
        f"larger than {most / MEGABYTE:g} MB, which is the most that is fetched: set TCC_MAX_FILE_MB to allow for more"
    )
