"""A page's publisher and day of publication, from its metadata and text."""

import json
from collections import deque
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any

from htmldate import find_date
from lxml import html as lxml_html

from trusted_cloud_chat.corpus.dateline import is_published, published_on, stated_day
from trusted_cloud_chat.corpus.formats.found import Found
from trusted_cloud_chat.corpus.formats.main_part import ELSEWHERE, article_of
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.normalise import fold

_FIRST_DATE: dict[str, Any] = {"extensive_search": False, "original_date": True}
_LINKED = "application/ld+json"
_DATA = f'.//script[@type="{_LINKED}"]'
_ARTICLES = ("Article", "Posting", "Report")
"""Endings of schema.org's types of articles: NewsArticle, BlogPosting, AnalysisNewsArticle…"""
_WORDS = ("title", "description", "keywords")
"""Endings of field names that may mention a day other than the page's."""
_SHORT, _PARTS, _TEXTS, _LINE = ("p", "div", "span", "li", "small", "dd"), 6, 20, 140
"""Elements that may be a byline, and the most children, texts and characters of one."""
_OF_OTHERS = ("itemListElement", "hasPart", "isPartOf", "citation", "mentions", "relatedLink", "comment")
_DAY = len("2024-03-12")
_FIRST_PAGES = date(1995, 1, 1)


def data_of(tree: Any, title: str) -> dict[str, Any]:
    """The article with the page's title in its data for search engines; empty if there is none."""
    described = [(one, str(one.get("headline") or one.get("name") or "")) for one in _described(tree)]
    return next((one for one, named in described if not named or not title or _alike(named, title)), {})


def publisher_of(data: dict[str, Any]) -> str:
    """Empty if they do not name it."""
    named = data.get("publisher")
    named = named[0] if isinstance(named, list) and named else named
    named = named.get("name") if isinstance(named, dict) else named
    return named if isinstance(named, str) else ""


def date_page(found: Found, tree: Any, data: dict[str, Any], url: str | None) -> None:
    """Put the day that the page states into `found`, or likely days among its guesses, the likeliest first."""
    stated = _believed(data.get("datePublished")) or _believed(_found_in(_head(tree, published=True)))
    stated = stated or _believed(_named(tree))
    stated = stated or next(filter(None, map(_believed, _times(tree, published=True))), "")
    if stated:
        found.fields["date"] = stated
        return
    found.guess("date", next(_lines(tree), None), "a line of the page")
    found.guess("date", find_date("<html><body></body></html>", url=url, **_FIRST_DATE) if url else "", "its address")
    beside = filter(None, map(_believed, _times(tree, published=False)))
    found.guess("date", next(beside, None), "the day beside its title")
    changed = _found_in(_head(tree, published=False))
    found.guess("date", changed, "the day on which it says that it was last changed")


def _believed(day: object) -> str:
    """The day in ISO's form if a page can have been published on it: programs write 1970 and 2099 if they know none."""
    said = str(day or "")[:_DAY]
    try:
        return said if _FIRST_PAGES <= date.fromisoformat(said) <= date.today() + timedelta(days=1) else ""
    except ValueError:
        return ""


def _described(tree: Any) -> Iterator[dict[str, Any]]:
    """The articles in the data for search engines, at any depth, except in lists of other pages."""
    for script in tree.iterfind(_DATA):
        try:
            nodes: deque[Any] = deque([[json.loads(script.text or "")]])
        except (ValueError, RecursionError):
            continue
        while nodes:
            node = nodes.popleft()
            if isinstance(node, dict):
                types = node.get("@type")
                if any(str(one).endswith(_ARTICLES) for one in (types if isinstance(types, list) else [types])):
                    yield node
                node = [value for key, value in node.items() if key not in _OF_OTHERS]
            nodes.extend(one for one in node if isinstance(one, dict | list))


def _alike(one: str, other: str) -> bool:
    """Whether one title is the beginning of the other: sites append their name."""
    a, b = (" ".join(fold(text).split()) for text in (one, other))
    return bool(a and b) and (a.startswith(b) or b.startswith(a))


def _head(tree: Any, *, published: bool) -> str:
    """The page reduced to its head and data; if `published`, without fields about later changes."""
    said = [*tree.iterfind("head/*"), *tree.iterfind(f"body{_DATA[1:]}")]
    said = [e for e in said if e.tag != "title" and not _names(e).endswith(_WORDS)]
    if published:
        # What its data say of other articles is not its own: `data_of` has read them.
        said = [e for e in said if e.get("type") != _LINKED and not patterns.LAST_CHANGED.search(_names(e))]
    head = "".join(lxml_html.tostring(element, encoding="unicode", with_tail=False) for element in said)
    return f"<html><head>{head}</head><body></body></html>"


def _named(tree: Any) -> str:
    """The day that a meta element states under one of the names that people give it: `publishedDate`, `ms.date`."""
    said = {
        name: e.get("content") or "" for e in tree.iterfind("head/meta") for name in (_names(e),) if is_published(name)
    }
    return str(stated_day(said)[0] or "")


def _names(element: Any) -> str:
    """The name of an element of the head."""
    return " ".join(filter(None, (element.get(key) for key in ("name", "property", "itemprop"))))[:200].lower()


def _lines(tree: Any) -> Iterator[str]:
    """The days in short lines such as « Publié le… », which may be outside of the text."""
    for element in article_of(tree).iter(*_SHORT):
        if len(element) <= _PARTS and not any(ancestor.tag in ELSEWHERE for ancestor in element.iterancestors()):
            pieces = [" ".join(piece.split()) for piece in islice(element.itertext(), _TEXTS)]
            if len(pieces) < _TEXTS and sum(map(len, pieces)) <= _LINE:
                yield from filter(None, map(_believed, map(published_on, (" ".join(pieces), *pieces))))


def _found_in(page: str) -> str | None:
    day: str | None = find_date(page, **_FIRST_DATE)
    return day


def _times(tree: Any, *, published: bool) -> Iterator[str]:
    """The days in the article's `time` elements: if `published` those marked as its publication, else all that do not concern an edition."""
    for time in article_of(tree).iter("time"):
        marked = time.get("itemprop") == "datePublished" or time.get("pubdate") is not None
        if any(ancestor.tag in ELSEWHERE for ancestor in time.iterancestors()) or (published and not marked):
            continue
        before = time.getprevious()
        words = (before.tail if before is not None else time.getparent().text) or ""
        day = (time.get("datetime") or "")[:_DAY]
        if len(day) == _DAY and not patterns.EDITED.search(words):
            yield day
