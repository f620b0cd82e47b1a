"""HTML, pages saved by a browser, whole ones in one file (MHTML) too."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import trafilatura
from bs4.dammit import EncodingDetector
from lxml import html as lxml_html
from markdownify import markdownify
from trafilatura.metadata import extract_metadata

from trusted_cloud_chat.corpus.decoding import DAMAGED, MARKED, WESTERN, decode
from trusted_cloud_chat.corpus.formats.found import Found
from trusted_cloud_chat.corpus.formats.page_about import article_of, data_of, date_page, publisher_of
from trusted_cloud_chat.errors import ArticleError
from trusted_cloud_chat.language import patterns

_NO_PROSE = ["script", "style", "noscript", "template", "svg", "iframe", "form", "nav", "img", "head"]
_LOOKS = ("b", "strong", "i", "em", "u", "mark", "small", "big", "font", "sub", "sup")
"""Elements that say how words look: a quote is what the page says."""
_IN_LAYOUT = ("h1", "h2", "h3", "h4")
"""What no table of figures holds: one with them, or with tables, only says what stands where."""
_MARKS = ("#", "##", "###", "-")
_NOT_THE_ARTICLE = ["aside", "footer", "header", "nav", "form"]
_ADVERTISING = ("ad", "ads", "advert", "advertisement", "publicite")
_MOST_OF_A_PAGE = 3
"""Times that the page is longer than what may be left out of it for the name of its class."""
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_HEAD = 4096
"""Bytes in which a browser says where it saved a page from."""


def read(path: Path) -> Found:
    return page(path.read_bytes())


def page(raw: bytes, address: str | None = None, charset: str = "") -> Found:
    """The main text of a page and what it says of itself; `address` is where it was found, if it does not say so, `charset` its
    encoding, where what it came with says it.
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
    url = next(filter(_is_address, (about.url, saved and saved[1], address)), None)
    host = (urlsplit(url).hostname or "").removeprefix("www.") if url else ""
    data = data_of(tree, about.title or "")
    # The library takes it from the address or the title, where nothing names it.
    site = publisher_of(data) or ("" if about.sitename in (host, about.title) else about.sitename)
    stated = {"title": about.title, "publisher": site, "url": url}
    found.fields = {key: value for key, value in stated.items() if value}
    found.fields["language"] = (tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "")[:2]
    date_page(found, tree, data, url)
    found.guess("publisher", host, "the address of the page")
    found.text = _main_text(tree)
    return found


def whole(source: str, without: str = "") -> str:
    """All of an HTML text as Markdown, where all of it is meant: a chapter of a book, a letter; not what the XPath `without` names."""
    try:
        tree = lxml_html.document_fromstring(source)
    except (ValueError, lxml_html.etree.ParserError):
        return ""
    for element in tree.xpath(without) if without else ():
        if element.getparent() is not None:
            element.drop_tree()
    return _all_of(tree)


def decoded(raw: bytes) -> str:
    """The text of an HTML file, by what it says of its encoding."""
    tree = trafilatura.load_html(_decoded(raw)[0])
    return "" if tree is None else lxml_html.tostring(tree, encoding="unicode")


def _decoded(raw: bytes, charset: str = "") -> tuple[str, str]:
    """The text of a page, and how it was read where that is to be told."""
    declared = charset or EncodingDetector.find_declared_encoding(raw, is_html=True) or ""
    text, encoding = decode(raw if raw.startswith(MARKED) else raw.replace(b"\0", b""), declared or WESTERN)
    if encoding == DAMAGED:
        return text, encoding
    return text, "" if declared or encoding == "utf-8" else f"{encoding}: the page does not say its encoding"


def _main_text(tree: Any) -> str:
    _simplify(tree)
    text = trafilatura.extract(deepcopy(tree), output_format="markdown", include_comments=False, include_tables=True)
    if not text or "\n" not in text.strip():  # of a short page the library gives one line, or nothing
        article = article_of(tree)
        for element in [e for e in article.iter(*_NOT_THE_ARTICLE) if e.getparent() is not None]:
            element.drop_tree()
        all_of_it = _all_of(article)
        text = all_of_it if not text or {*text.split()} <= {*all_of_it.split(), *_MARKS} else text
    if not text.strip():
        raise ArticleError("the page has no text of its own: save it once it is shown (a script fills it), or its text")
    # What is quoted is what the page says, without the escapes of Markdown.
    return patterns.ESCAPED_SIGN.sub(r"\1", "\n".join(line.rstrip() for line in text.split("\n")))


def _simplify(tree: Any) -> None:
    """Leave out how words look and what is put between them to be sold; a table's caption is a paragraph before it."""
    whole = sum(len(text) for text in tree.xpath("//text()[not(ancestor::script or ancestor::style)]"))
    for element in [
        e for e in tree.iter("div", "section", "ins") if {*(e.get("class") or "").split()} & {*_ADVERTISING}
    ]:
        if element.find(".//h1") is None and len(element.text_content()) * _MOST_OF_A_PAGE < whole:
            element.drop_tree()
    for raised in tree.iter("sup"):
        said = raised.text or ""
        if raised.find("a") is not None:
            raised.clear(keep_tail=True)  # the number of a note
        elif said.isascii() and said.isdigit():
            raised.text = said.translate(_SUPERSCRIPT)
    for caption in [c for c in tree.iter("caption") if c.getparent() is not None]:
        table, said = caption.getparent(), caption.text_content()
        caption.drop_tree()
        before = lxml_html.Element("p")
        before.text = said
        table.addprevious(before)
    lxml_html.etree.strip_tags(tree, *_LOOKS)


def _all_of(tree: Any) -> str:
    for element in tree.xpath("//*[contains(translate(@style, ' ', ''), 'display:none')]"):
        if element.getparent() is not None:
            element.drop_tree()
    for element in [e for e in tree.iter(*_NO_PROSE) if e.getparent() is not None]:
        element.drop_tree()
    for table in [
        t for t in tree.iter("table") if t.find(".//table") is not None or next(t.iter(*_IN_LAYOUT), None) is not None
    ]:
        own = [e for e in table.iter("tbody", "tr", "td", "th") if next(e.iterancestors("table")) is table]
        for part in (table, *own):
            part.tag = "div"
    lxml_html.etree.strip_tags(tree, *_LOOKS)
    text = markdownify(
        lxml_html.tostring(tree, encoding="unicode"), heading_style="ATX", bullets="-", strip=["a"], escape_misc=False,
        escape_asterisks=False, escape_underscores=False, table_infer_header=True,
    )  # fmt: skip
    return patterns.BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip()


def _is_address(value: str | None) -> bool:
    return value is not None and value.startswith(("http://", "https://"))
