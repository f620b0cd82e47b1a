"""HTML, pages saved by a browser, whole ones in one file (MHTML) too."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import trafilatura
from htmldate import find_date
from lxml import html as lxml_html
from markdownify import markdownify
from trafilatura.metadata import extract_metadata

from trusted_cloud_chat.corpus.formats.found import Found
from trusted_cloud_chat.errors import ArticleError
from trusted_cloud_chat.language import patterns

_NO_PROSE = ["script", "style", "noscript", "template", "svg", "iframe", "form", "nav", "img", "head"]
_FIRST_DATE: dict[str, Any] = {"extensive_search": False, "original_date": True}
_HEAD = 4096
"""Bytes in which a browser says where it saved a page from."""


def read(path: Path) -> Found:
    return page(path.read_bytes())


def page(raw: bytes, address: str | None = None) -> Found:
    """The main text of a page and what it says of itself; `address` is where it was found, if it does not say so."""
    tree = trafilatura.load_html(raw)
    if tree is None:
        raise ArticleError("no HTML page: expected a page with text")
    saved = patterns.SAVED_FROM.search(raw[:_HEAD].decode("latin-1"))
    about = extract_metadata(tree, date_config=dict(_FIRST_DATE), extensive=False)
    found = Found(text=_main_text(raw))
    url = next(filter(_is_address, (about.url, saved and saved[1], address)), None)
    stated = {"title": about.title, "publisher": about.sitename, "date": _stated_date(tree), "url": url}
    found.fields = {key: value for key, value in stated.items() if value}
    found.fields["language"] = (tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "")[:2]
    found.guess("date", about.date, "a day that stands on the page")
    if url:
        found.guess("publisher", (urlsplit(url).hostname or "").removeprefix("www."), "the address of the page")
    return found


def _stated_date(tree: Any) -> str | None:
    """The day of publication as the head of a page, its address or its data for search engines say it."""
    data = tree.iterfind('.//body//script[@type="application/ld+json"]')
    said = "".join(lxml_html.tostring(element, encoding="unicode") for element in (*tree.iterfind("head"), *data))
    day: str | None = find_date(f"<html>{said}<body></body></html>", **_FIRST_DATE)
    return day


def whole(source: str) -> str:
    """All of an HTML text as Markdown, where all of it is meant: a chapter of a book, a letter."""
    try:
        tree = lxml_html.document_fromstring(source)
    except (ValueError, lxml_html.etree.ParserError):
        return ""
    for element in [e for e in tree.iter(*_NO_PROSE) if e.getparent() is not None]:
        element.drop_tree()
    text = markdownify(
        lxml_html.tostring(tree, encoding="unicode"), heading_style="ATX", bullets="-", strip=["a"], escape_misc=False,
        escape_asterisks=False, escape_underscores=False, table_infer_header=True,
    )  # fmt: skip
    return patterns.BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip()


def decoded(raw: bytes) -> str:
    """The text of an HTML file, by what it says of its encoding."""
    tree = trafilatura.load_html(raw)
    return "" if tree is None else lxml_html.tostring(tree, encoding="unicode")


def _main_text(raw: bytes) -> str:
    text = trafilatura.extract(raw, output_format="markdown", include_comments=False, include_tables=True)
    text = text or whole(decoded(raw))
    if not text.strip():
        raise ArticleError("the page has no text of its own: save it once it is shown (a script fills it), or its text")
    # What is quoted is what the page says, without the escapes of Markdown.
    return patterns.ESCAPED_SIGN.sub(r"\1", "\n".join(line.rstrip() for line in text.split("\n")))


def _is_address(value: str | None) -> bool:
    return value is not None and value.startswith(("http://", "https://"))
