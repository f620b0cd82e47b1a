"""A server's response: its status, its body within limits, and the reason if it is not a document."""

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

_LATER = (429, 503)
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
    """A response: `status` 200 with a body, or 304 for an unchanged document."""

    url: str
    """The address after redirects."""
    status: int
    headers: Mapping[str, str]
    body: bytes = b""


def parsed(url: str) -> httpx.URL:
    """Raises ArticleError for an invalid address."""
    if any(c.isspace() for c in url):
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
    if got.status == HTTPStatus.OK or (got.status == HTTPStatus.NOT_MODIFIED and conditions):
        return got
    phrase = HTTPStatus(got.status).phrase if got.status in list(HTTPStatus) else "unknown to HTTP"
    advice = _ADVICE.get(got.status, "try again later" if got.status >= 500 else "expected 200, a page")
    raise ArticleError(f"{got.status} {phrase}: {advice}{_STAYS if got.status in (404, 410) else ''}")


def retry_after(got: Got) -> float | None:
    """Seconds that a busy server asks to wait, a minute if it does not say; None if it is not busy."""
    if got.status not in _LATER:
        return None
    said = got.headers.get("retry-after", "").strip()
    if said.isdecimal():
        return float(said[:8])
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return LONGEST_WAIT + 1


def busy(status: int, wait: float) -> ArticleError:
    until = time.strftime("%Y-%m-%d %H:%M", time.localtime(time.time() + wait))
    return ArticleError(f"its server asks not to be asked for {wait:.0f} s ({status}): try again after {until}")


def of_certificate(error: BaseException | None) -> bool:
    while error is not None and not isinstance(error, ssl.SSLError):
        error = error.__cause__ or error.__context__
    return error is not None


PLAIN, PACKED = ("", "identity"), ("gzip", "x-gzip", "deflate")
_WINDOW = 47
"""zlib's value for « gzip or zlib, as the first bytes say »."""


async def read_body(response: httpx.Response, most: int) -> bytes:
    """The body, unpacked; at most `most` bytes are read and unpacked. Raises ArticleError."""
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
    """Unpack gzip or zlib, in one or several parts. Raises ArticleError for more than `most` bytes or damaged data."""
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
