"""Reads HTML pages, fetched or saved by a browser."""

from itertools import islice
from pathlib import Path
from typing import Any

import trafilatura
from bs4.dammit import EncodingDetector
from lxml import html as lxml_html
from trafilatura.metadata import extract_metadata

from trusted_cloud_chat.corpus.decoding import DAMAGED, MARKED, WESTERN, decode
from trusted_cloud_chat.corpus.formats import Found, marks
from trusted_cloud_chat.corpus.formats.hypertext import ANCHOR_SIGNS, as_markdown
from trusted_cloud_chat.corpus.formats.main_part import drop, drop_unseen, main_part
from trusted_cloud_chat.corpus.formats.page_about import data_of, date_page, publisher_of
from trusted_cloud_chat.corpus.origin import host_of
from trusted_cloud_chat.errors import ArticleError
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.normalise import fold

_HEADINGS, _NUMBER = 3, "0123456789. "
"""Headings that may be the page's own title, and the characters of their numbers."""
_HEAD = 4096
"""Characters in which a browser writes the address of a saved page."""


def read(path: Path) -> Found:
    return page(path.read_bytes())


def page(raw: bytes, address: str | None = None, charset: str = "") -> Found:
    """The main text of a page and its metadata; `address` and `charset` are those that an MHTML file states for it."""
    source, encoding = _decoded(raw, charset)
    tree = trafilatura.load_html(source)
    if tree is None:
        raise ArticleError("not an HTML page: expected a page with text")
    saved = patterns.SAVED_FROM.search(source[:_HEAD])
    about = extract_metadata(tree, extensive=False)
    found = Found("")
    if encoding:
        found.notices.append(f"read as {encoding}")
    places = (about.url, saved and saved[1], address)
    url = next((place for place in places if place and place.startswith(("http://", "https://"))), None)
    host = host_of(url) if url else ""
    data = data_of(tree, about.title or "")
    # The library derives a missing name from the address or the title, and takes « 9.8. Planification » for a host.
    name, title = about.sitename or "", " ".join((tree.findtext(".//title") or "").split())
    derived = name in (host, about.title) or ("." in name and " " in name and name in title)
    site = publisher_of(data) or ("" if derived else name)
    stated = {"title": about.title, "publisher": site, "url": url}
    found.fields = {key: value for key, value in stated.items() if value}
    found.fields["language"] = (tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "")[:2]
    date_page(found, tree, data, url)
    found.guess("publisher", host, "the address of the page")
    part, found.taken = main_part(tree)
    found.text = as_markdown(part)
    if not found.text:
        raise ArticleError("the page has no text of its own (a script fills it): save it once shown, or save its text")
    found.fields["title"] = _title(found, tree)
    return found


def whole(source: str, without: str = "") -> str:
    """A whole HTML text as Markdown, such as a chapter or a message, without the elements at the XPath `without`."""
    try:
        tree = lxml_html.document_fromstring(source)
    except (ValueError, lxml_html.etree.ParserError):
        return ""
    for element in tree.xpath(without) if without else ():
        drop(element)
    drop_unseen(tree)
    return as_markdown(tree)


def decoded(raw: bytes) -> str:
    """The text of an HTML file, decoded as it declares."""
    tree = trafilatura.load_html(_decoded(raw)[0])
    return "" if tree is None else lxml_html.tostring(tree, encoding="unicode")


def _decoded(raw: bytes, charset: str = "") -> tuple[str, str]:
    """The text of a page, and how it was decoded if that is worth a notice."""
    declared = charset or EncodingDetector.find_declared_encoding(raw, is_html=True) or ""
    text, encoding = decode(raw if raw.startswith(MARKED) else raw.replace(b"\0", b""), declared or WESTERN)
    if encoding == DAMAGED:
        return text, encoding
    return text, "" if declared or encoding == "utf-8" else f"{encoding}: the page does not state its encoding"


def _title(found: Found, tree: Any) -> str:
    """The page's title; if that is the name of a whole site or book, the first heading that its `title` also contains."""
    title = marks.line(found.fields.get("title", "")).rstrip(ANCHOR_SIGNS)
    whole, name = fold(marks.line(tree.findtext(".//title") or "")), fold(title)
    if name == whole or not (whole.startswith(name) or whole.endswith(name)):
        return title
    lines = (line.lstrip("#").strip() for line in found.text.split("\n") if line.startswith("#"))
    first = list(islice(lines, _HEADINGS))
    others = [heading for heading in first if fold(heading) != name]
    rest = whole.replace(name, "")
    beside = (heading for heading in others if fold(heading.lstrip(_NUMBER)) in rest and heading.strip(_NUMBER))
    repeated = bool(others) and others[0] != first[0] and not whole.startswith(name)
    return next(beside, others[0] if repeated else title)
