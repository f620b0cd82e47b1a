"""HTML pages, fetched or saved by a browser."""

from itertools import islice
from pathlib import Path
from typing import Any

import trafilatura
from bs4.dammit import EncodingDetector
from lxml import html as lxml_html
from trafilatura.metadata import extract_metadata

from trusted_cloud_chat.corpus.decoding import DAMAGED, MARKED, WESTERN, decode
from trusted_cloud_chat.corpus.formats import marks
from trusted_cloud_chat.corpus.formats.found import Found
from trusted_cloud_chat.corpus.formats.hypertext import ANCHOR_SIGNS, as_markdown
from trusted_cloud_chat.corpus.formats.main_part import drop_unseen, main_part
from trusted_cloud_chat.corpus.formats.page_about import data_of, date_page, publisher_of
from trusted_cloud_chat.corpus.origin import host_of
from trusted_cloud_chat.errors import ArticleError
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.normalise import fold

_HEADINGS, _NUMBER = 3, "0123456789. "
"""Headings of the text among which the page's own title is looked for, and the signs of their numbers."""
_HEAD = 4096
"""Bytes in which a browser writes the address of a saved page."""


def read(path: Path) -> Found:
    return page(path.read_bytes())


def page(raw: bytes, address: str | None = None, charset: str = "") -> Found:
    """The main text of a page and its metadata; `address` is used if the page does not state its own, `charset` is the encoding that its
    envelope states.
    """
    source, encoding = _decoded(raw, charset)
    tree = trafilatura.load_html(source)
    if tree is None:
        raise ArticleError("no HTML page: expected a page with text")
    saved = patterns.SAVED_FROM.search(source[:_HEAD])
    about = extract_metadata(tree, extensive=False)
    found = Found("")
    if encoding:
        found.notices.append(f"read as {encoding}")
    places = (about.url, saved and saved[1], address)
    url = next((place for place in places if place and place.startswith(("http://", "https://"))), None)
    host = host_of(url) if url else ""
    data = data_of(tree, about.title or "")
    # The library derives it from the address or the title if nothing names it.
    derived = about.sitename in (host, about.title) or _is_of_title(about.sitename or "", tree)
    site = publisher_of(data) or ("" if derived else about.sitename)
    stated = {"title": about.title, "publisher": site, "url": url}
    found.fields = {key: value for key, value in stated.items() if value}
    found.fields["language"] = (tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "")[:2]
    date_page(found, tree, data, url)
    found.guess("publisher", host, "the address of the page")
    part, found.taken = main_part(tree)
    found.text = as_markdown(part)
    if not found.text:
        raise ArticleError("the page has no text of its own: save it once it is shown (a script fills it), or its text")
    found.fields["title"] = _title(found, tree)
    return found


def whole(source: str, without: str = "") -> str:
    """All of an HTML text as Markdown, for a chapter of a book or a message; without the elements at the XPath `without`."""
    try:
        tree = lxml_html.document_fromstring(source)
    except (ValueError, lxml_html.etree.ParserError):
        return ""
    for element in tree.xpath(without) if without else ():
        if element.getparent() is not None:
            element.drop_tree()
    drop_unseen(tree)
    return as_markdown(tree)


def decoded(raw: bytes) -> str:
    """The text of an HTML file, decoded as it declares."""
    tree = trafilatura.load_html(_decoded(raw)[0])
    return "" if tree is None else lxml_html.tostring(tree, encoding="unicode")


def _decoded(raw: bytes, charset: str = "") -> tuple[str, str]:
    """The text of a page, and how it was decoded if the report should say so."""
    declared = charset or EncodingDetector.find_declared_encoding(raw, is_html=True) or ""
    text, encoding = decode(raw if raw.startswith(MARKED) else raw.replace(b"\0", b""), declared or WESTERN)
    if encoding == DAMAGED:
        return text, encoding
    return text, "" if declared or encoding == "utf-8" else f"{encoding}: the page does not say its encoding"


def _title(found: Found, tree: Any) -> str:
    """The page's title; where that is the name of the whole site or book, the first heading that its `title` names beside it."""
    named = marks.line(found.fields.get("title", "")).rstrip(ANCHOR_SIGNS)
    whole = fold(marks.line(tree.findtext(".//title") or ""))
    said = fold(named)
    if said == whole or not (whole.startswith(said) or whole.endswith(said)):
        return named
    lines = (line.lstrip("#").strip() for line in found.text.split("\n") if line.startswith("#"))
    first = list(islice(lines, _HEADINGS))
    others = [heading for heading in first if fold(heading) != said]
    beside = (one for one in others if fold(one.lstrip(_NUMBER)) in whole.replace(said, "") and one.strip(_NUMBER))
    repeated = bool(others) and others[0] != first[0] and not whole.startswith(said)
    return next(beside, others[0] if repeated else named)


def _is_of_title(site: str, tree: Any) -> bool:
    """Whether it is a piece of the title that has a full stop, « 9.8. Planification : anacron », which the library takes for a host."""
    return "." in site and " " in site and site in " ".join((tree.findtext(".//title") or "").split())
