"""Detects the kind of a document from its headers and first bytes, and selects its reader by suffix."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from trusted_cloud_chat.corpus import SUFFIXES
from trusted_cloud_chat.corpus.decoding import DAMAGED, MARKED, decode
from trusted_cloud_chat.errors import ArticleError
from trusted_cloud_chat.fetching.answers import unpacked

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
    return suffix, _in_utf8(body, rest) if suffix in (".html", ".txt", ".md", ".csv") else body


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
        f"{kind[:60] or 'of no type'}: expected a page (HTML), a PDF, a file of Office, a text, a feed or a sitemap"
    )


def _in_utf8(body: bytes, parameters: str) -> bytes:
    """Text decoded by the header's charset, which takes precedence over the page's own."""
    named = [part.partition("=")[2].strip(" \"'") for part in parameters.split(";") if "charset" in part.lower()]
    if not named or body.startswith(MARKED):
        return body
    text, encoding = decode(body.replace(b"\0", b""), named[0])
    return body if encoding == DAMAGED else text.encode()  # its reader reports it
