"""Reads a server's response within limits, and explains errors."""

import ssl
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx

from trusted_cloud_chat.corpus import MEGABYTE
from trusted_cloud_chat.errors import ArticleError
from trusted_cloud_chat.fetching.rules import LONGEST_WAIT

_ADVICE = {
    401: "it asks for a password: save the page as a file with your browser and give that",
    403: "it does not let programs in: save the page as a file with your browser and give that",
    404: "there is no such page (any more): is the address right?",
    410: "the page was taken away for good",
    451: "it may not be shown, for a legal reason",
}
_STAYS = "; what the index has of it stays, until `trusted-cloud-chat remove`"


class OfflineError(ArticleError):
    """No host could be reached: this machine is probably offline."""


@dataclass(frozen=True, slots=True)
class Got:
    """A response."""

    url: str
    """The address after redirects."""
    status: int
    headers: Mapping[str, str]
    body: bytes = b""


def parsed(url: str) -> httpx.URL:
    """Raises ArticleError for an invalid address."""
    if any(map(str.isspace, url)):
        raise ArticleError(
            "no address of a page: there is white space in it; expected one, as https://example.org/page"
        )
    try:
        return httpx.URL(url).copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError, UnicodeError) as error:
        raise ArticleError(f"no address of a page: {error}; expected https://example.org/page") from error


def joined(url: httpx.URL, location: str) -> httpx.URL:
    """The target of a redirect. Raises ArticleError."""
    try:
        return url.join(location).copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError, UnicodeError) as error:
        raise ArticleError(f"redirected to what is no address: {error}") from error


def checked(got: Got, conditions: Mapping[str, str]) -> Got:
    """The response if it is 200 or an expected 304. Raises ArticleError for others."""
    if got.status == HTTPStatus.OK or (got.status == HTTPStatus.NOT_MODIFIED and conditions):
        return got
    phrase = HTTPStatus(got.status).phrase if got.status in list(HTTPStatus) else "unknown to HTTP"
    advice = _ADVICE.get(got.status, "try again later" if got.status >= 500 else "expected 200, a page")
    raise ArticleError(f"{got.status} {phrase}: {advice}{_STAYS if got.status in (404, 410) else ''}")


def retry_after(got: Got) -> float | None:
    """Seconds that a busy server asks to wait, too long to wait if it does not say; None if it is not busy."""
    if got.status not in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        return None
    value = got.headers.get("retry-after", "").strip()
    if value.isdecimal():
        return float(value[:8])
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return LONGEST_WAIT + 1


def busy(status: int, wait: float) -> ArticleError:
    until = time.strftime("%Y-%m-%d %H:%M", time.localtime(time.time() + wait))
    return ArticleError(f"its server asks not to be asked for {wait:.0f} s ({status}): try again after {until}")


def of_certificate(error: BaseException | None) -> bool:
    while error is not None and not isinstance(error, ssl.SSLError):
        error = error.__cause__ or error.__context__
    return error is not None


_GZIP_OR_ZLIB = 47
"""zlib's window size to detect the format."""


async def read_body(response: httpx.Response, most: int) -> bytes:
    """The body, decompressed, of at most `most` bytes. Raises ArticleError."""
    packing = response.headers.get("content-encoding", "").strip().lower()
    packed = packing in ("gzip", "x-gzip", "deflate")
    if not packed and packing not in ("", "identity"):
        raise ArticleError(f"sent as {packing[:40]!r}, which was not asked for: expected it as it is, or gzip")
    announced = response.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > most:
        raise _too_large(most)
    raw = bytearray()
    async for piece in response.aiter_raw():
        raw += piece
        if len(raw) > most:
            raise _too_large(most)
    return unpacked(bytes(raw), most) if packed else bytes(raw)


def unpacked(raw: bytes, most: int) -> bytes:
    """Decompress gzip or zlib, in one or several members. Raises ArticleError for more than `most` bytes or damaged data."""
    body = bytearray()
    try:
        while raw:
            member = zlib.decompressobj(_GZIP_OR_ZLIB)
            body += member.decompress(raw, most + 1 - len(body))
            if len(body) > most:
                raise _too_large(most)
            if not member.eof:
                raise ArticleError("what was sent packed (gzip) breaks off: try again later")
            raw = member.unused_data
    except zlib.error as error:
        raise ArticleError(f"sent as packed (gzip), which it is not: {error}") from None
    return bytes(body)


def _too_large(most: int) -> ArticleError:
    return ArticleError(
        f"larger than {most / MEGABYTE:g} MB, which is the most that is fetched: set TCC_MAX_FILE_MB to allow for more"
    )
