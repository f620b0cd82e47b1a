"""Finds a page's publisher and publication date in its metadata and text."""

import json
from collections import deque
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any

from htmldate import find_date
from lxml import html as lxml_html

from trusted_cloud_chat.corpus.dateline import is_published, published_on, stated_day
from trusted_cloud_chat.corpus.formats import Found
from trusted_cloud_chat.corpus.formats.main_part import ELSEWHERE, article_of
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.normalise import fold

_FIRST_DATE: dict[str, Any] = {"extensive_search": False, "original_date": True}
_LINKED = "application/ld+json"
_DATA = f'.//script[@type="{_LINKED}"]'
_ARTICLES = ("Article", "Posting", "Report")
"""Endings of schema.org's types of articles: NewsArticle, BlogPosting, AnalysisNewsArticle…"""
_WORDS = ("title", "description", "keywords")
"""Endings of the names of fields whose text may mention other dates."""
_SHORT, _PARTS, _TEXTS, _LINE = ("p", "div", "span", "li", "small", "dd"), 6, 20, 140
"""Elements that may be a byline, and its maximum children, texts and characters."""
_OF_OTHERS = ("itemListElement", "hasPart", "isPartOf", "citation", "mentions", "relatedLink", "comment")
_DAY = len("2024-03-12")
_FIRST_PAGES = date(1995, 1, 1)


def data_of(tree: Any, title: str) -> dict[str, Any]:
    """The article with the page's title in its JSON-LD; empty if there is none."""
    page = " ".join(fold(title).split())
    for article in _articles(tree):
        headline = " ".join(fold(str(article.get("headline") or article.get("name") or "")).split())
        # Sites append their name to titles. An empty title matches all.
        if headline.startswith(page) or page.startswith(headline):
            return article
    return {}


def publisher_of(data: dict[str, Any]) -> str:
    """The publisher's name in JSON-LD; empty if there is none."""
    publisher = data.get("publisher")
    publisher = publisher[0] if isinstance(publisher, list) and publisher else publisher
    name = publisher.get("name") if isinstance(publisher, dict) else publisher
    return name if isinstance(name, str) else ""


def date_page(found: Found, tree: Any, data: dict[str, Any], url: str | None) -> None:
    """Add the stated publication date to `found`, else likely dates as guesses, the likeliest first."""
    stated = _believed(data.get("datePublished")) or _believed(find_date(_head(tree, published=True), **_FIRST_DATE))
    names = {name: e.get("content") or "" for e in tree.iterfind("head/meta") if is_published(name := _names(e))}
    stated = stated or _believed(stated_day(names)[0])
    stated = stated or next(filter(None, map(_believed, _times(tree, published=True))), "")
    if stated:
        found.fields["date"] = stated
        return
    found.guess("date", next(_lines(tree), None), "a line of the page")
    found.guess("date", find_date("<html><body></body></html>", url=url, **_FIRST_DATE) if url else "", "its address")
    beside = filter(None, map(_believed, _times(tree, published=False)))
    found.guess("date", next(beside, None), "the day beside its title")
    changed = find_date(_head(tree, published=False), **_FIRST_DATE)
    found.guess("date", changed, "the stated day on which it was last changed")


def _believed(day: object) -> str:
    """The date in ISO format if it is plausible: programs write 1970 and 2099 for unknown dates."""
    text = str(day or "")[:_DAY]
    try:
        return text if _FIRST_PAGES <= date.fromisoformat(text) <= date.today() + timedelta(days=1) else ""
    except ValueError:
        return ""


def _articles(tree: Any) -> Iterator[dict[str, Any]]:
    """The articles in JSON-LD, at any depth, except in lists of other pages."""
    for script in tree.iterfind(_DATA):
        try:
            nodes: deque[Any] = deque([[json.loads(script.text or "")]])
        except (ValueError, RecursionError):
            continue
        while nodes:
            node = nodes.popleft()
            if isinstance(node, dict):
                types = node.get("@type")
                if any(str(kind).endswith(_ARTICLES) for kind in (types if isinstance(types, list) else [types])):
                    yield node
                node = [value for key, value in node.items() if key not in _OF_OTHERS]
            nodes.extend(inner for inner in node if isinstance(inner, dict | list))


def _head(tree: Any, *, published: bool) -> str:
    """The page reduced to its head and JSON-LD; if `published`, without fields about later changes."""
    elements = [*tree.iterfind("head/*"), *tree.iterfind(f"body{_DATA[1:]}")]
    elements = [e for e in elements if e.tag != "title" and not _names(e).endswith(_WORDS)]
    if published:
        # JSON-LD may describe other articles; `data_of` has selected the page's own.
        elements = [e for e in elements if e.get("type") != _LINKED and not patterns.LAST_CHANGED.search(_names(e))]
    head = "".join(lxml_html.tostring(element, encoding="unicode", with_tail=False) for element in elements)
    return f"<html><head>{head}</head><body></body></html>"


def _names(element: Any) -> str:
    return " ".join(filter(None, (element.get(key) for key in ("name", "property", "itemprop"))))[:200].lower()


def _lines(tree: Any) -> Iterator[str]:
    """The dates in short lines such as « Publié le… », which may be outside of the text."""
    for element in article_of(tree).iter(*_SHORT):
        if len(element) <= _PARTS and not any(ancestor.tag in ELSEWHERE for ancestor in element.iterancestors()):
            pieces = [" ".join(piece.split()) for piece in islice(element.itertext(), _TEXTS)]
            if len(pieces) < _TEXTS and sum(map(len, pieces)) <= _LINE:
                yield from filter(None, map(_believed, map(published_on, (" ".join(pieces), *pieces))))


def _times(tree: Any, *, published: bool) -> Iterator[str]:
    """The dates in the article's `time` elements, except those of editions; if `published`, only those marked as its publication."""
    for time in article_of(tree).iter("time"):
        marked = time.get("itemprop") == "datePublished" or time.get("pubdate") is not None
        if any(ancestor.tag in ELSEWHERE for ancestor in time.iterancestors()) or (published and not marked):
            continue
        before = time.getprevious()
        words = (before.tail if before is not None else time.getparent().text) or ""
        day = (time.get("datetime") or "")[:_DAY]
        if len(day) == _DAY and not patterns.EDITED.search(words):
            yield day
