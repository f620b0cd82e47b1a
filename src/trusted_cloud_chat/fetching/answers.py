"""Reads a server's response within limits, explains errors, and recognises the kind of the document by its headers and first bytes."""

import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import httpx

from trusted_cloud_chat.corpus import MEGABYTE, SUFFIXES
from trusted_cloud_chat.corpus.decoding import DAMAGED, MARKED, decode
from trusted_cloud_chat.errors import ArticleError

_ADVICE = {
    401: "it asks for a password: save the page as a file with your browser and give that",
    403: "it does not let programs in: save the page as a file with your browser and give that",
    404: "there is no such page (any more): is the address right?",
    410: "the page was removed for good",
    451: "it may not be shown, for a legal reason",
}
LONGEST_WAIT = 60.0
"""Maximum Retry-After or crawl delay in seconds; a longer one ends the host's requests."""
_STAYS = "; what is indexed of it stays until `trusted-cloud-chat remove`"


class OfflineError(ArticleError):
    """No host could be reached: this machine is probably offline."""


@dataclass(frozen=True, slots=True)
class Got:
    url: str
    """The address after redirects."""
    status: int
    headers: Mapping[str, str]
    body: bytes = b""


def parsed(url: str) -> httpx.URL:
    """Raises ArticleError for an invalid address."""
    if any(map(str.isspace, url)):
        raise ArticleError("not the address of a page: it has white space; expected https://example.org/page")
    try:
        return httpx.URL(url).copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError, UnicodeError) as error:
        raise ArticleError(f"not the address of a page: {error}; expected https://example.org/page") from error


def joined(url: httpx.URL, location: str) -> httpx.URL:
    """The target of a redirect. Raises ArticleError."""
    try:
        return url.join(location).copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError, UnicodeError) as error:
        raise ArticleError(f"redirected to an invalid address: {error}") from error


def checked(got: Got, conditions: Mapping[str, str]) -> Got:
    """The response if it is 200 or an expected 304. Raises ArticleError for others."""
    if got.status == HTTPStatus.OK or (got.status == HTTPStatus.NOT_MODIFIED and conditions):
        return got
    phrase = HTTPStatus(got.status).phrase if got.status in list(HTTPStatus) else "unknown to HTTP"
    advice = _ADVICE.get(got.status, "try again later" if got.status >= 500 else "expected 200, a page")
    raise ArticleError(f"{got.status} {phrase}: {advice}{_STAYS if got.status in (404, 410) else ''}")


def retry_after(got: Got) -> float | None:
    """Seconds that a busy server asks us to wait, more than we ever wait if it does not say; None if it is not busy."""
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
    return ArticleError(f"its server asks for a pause of {wait:.0f} s ({status}): try again after {until}")


_GZIP_OR_ZLIB = 47
"""zlib's window size to detect the format."""


async def read_body(response: httpx.Response, most: int) -> bytes:
    """The body, decompressed, of at most `most` bytes. Raises ArticleError."""
    packing = response.headers.get("content-encoding", "").strip().lower()
    packed = packing in ("gzip", "x-gzip", "deflate")
    if not packed and packing not in ("", "identity"):
        raise ArticleError(f"sent as {packing[:40]!r}, which was not requested: expected plain or gzip")
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
                raise ArticleError("the compressed response (gzip) breaks off: try again later")
            raw = member.unused_data
    except zlib.error as error:
        raise ArticleError(f"sent as gzip, which it is not: {error}") from None
    return bytes(body)


def _too_large(most: int) -> ArticleError:
    return ArticleError(
        f"larger than {most / MEGABYTE:g} MB, which is the most that is fetched: set TCC_MAX_FILE_MB to allow for more"
    )


LISTING = ".listing"
_TYPES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "multipart/related": ".mhtml",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/epub+zip": ".epub",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "message/rfc822": ".eml",
    "text/markdown": ".md",
    "text/csv": ".csv",
}
_BY_NAME = ("", "text/plain", "application/octet-stream", "binary/octet-stream", "application/zip")
"""Uninformative types: the suffix of the address is used."""
_XML = ("xml", "rss", "atom", "rdf")
_ROOTS = (b"<rss", b"<feed", b"<rdf:rdf", b"<urlset", b"<sitemapindex")
_HEAD = 2048
_GZIP = b"\x1f\x8b"


def read_as(url: str, headers: Mapping[str, str], body: bytes, most: int) -> tuple[str, bytes]:
    """The suffix, and the body as its reader expects it, text in UTF-8. Raises ArticleError for other kinds."""
    kind, _, rest = headers.get("content-type", "").partition(";")
    kind = kind.strip().lower()
    if body.startswith(_GZIP) and (url.endswith(".gz") or "gzip" in kind):  # a compressed sitemap
        body, kind = unpacked(body, most), "application/xml"
    if not body.strip():
        raise ArticleError("an empty answer: expected a page")
    suffix = _suffix(url, kind, body)
    charsets = [part.partition("=")[2].strip(" \"'") for part in rest.split(";") if "charset" in part.lower()]
    if charsets and suffix in (".html", ".txt", ".md", ".csv") and not body.startswith(MARKED):
        # The header's charset takes precedence over the page's own; the page's reader reports damaged bytes.
        text, encoding = decode(body.replace(b"\0", b""), charsets[0])
        body = body if encoding == DAMAGED else text.encode()
    return suffix, body


def _suffix(url: str, kind: str, body: bytes) -> str:
    head = body[:_HEAD].lower()
    if body.startswith(b"%PDF-"):
        return ".pdf"
    is_xml = head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"<?xml", *_ROOTS)) or any(x in kind for x in _XML)
    if is_xml and any(root in head for root in _ROOTS) and b"<html" not in head:
        return LISTING
    if kind in _TYPES:
        return _TYPES[kind]
    if kind in _BY_NAME:
        suffix = PurePosixPath(urlsplit(url).path).suffix.lower()
        if suffix in SUFFIXES:
            return suffix
        if kind == "text/plain":
            return ".txt"
        if b"<html" in head or b"<!doctype html" in head:
            return ".html"
    raise ArticleError(
        f"{kind[:60] or 'without a content type'}: expected a page (HTML), a PDF, an Office file, a text, a feed or a sitemap"
    )
