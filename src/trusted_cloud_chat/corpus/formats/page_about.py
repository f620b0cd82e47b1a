"""What a page says of itself beside its text: who published it, and on which day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from htmldate import find_date
from lxml import html as lxml_html

from trusted_cloud_chat.corpus.formats.found import Found
from trusted_cloud_chat.language import patterns

_FIRST_DATE: dict[str, Any] = {"extensive_search": False, "original_date": True}
_ELSEWHERE = ("aside", "nav", "footer", "form")
"""Elements that hold the days of other pages: cards, menus, legal notices."""
_DATA = './/script[@type="application/ld+json"]'
_ARTICLES = ("Article", "Posting", "Report")
"""How the types of schema.org end that are articles: NewsArticle, BlogPosting, AnalysisNewsArticle…"""
_DAY = len("2024-03-12")


def publisher_of(tree: Any) -> str:
    """As its data for search engines name it; empty where they do not."""
    for article in _described(tree):
        named = article.get("publisher")
        named = named[0] if isinstance(named, list) and named else named
        named = named.get("name") if isinstance(named, dict) else named
        if isinstance(named, str):
            return named
    return ""


def date_page(found: Found, tree: Any, url: str | None) -> None:
    """Put the day that the page states into `found`, and days that may be it among its guesses, the likeliest first."""
    described = (str(article.get("datePublished") or "")[:_DAY] for article in _described(tree))
    stated = next(filter(None, described), None) or _found_in(_head(tree, published=True))
    stated = stated or next(_times(tree, published=True), None)
    if stated:
        found.fields["date"] = stated
    found.guess("date", find_date("<html><body></body></html>", url=url, **_FIRST_DATE) if url else "", "its address")
    found.guess("date", next(_times(tree, published=False), None), "the day beside its title")
    changed = _found_in(_head(tree, published=False))
    found.guess("date", changed, "the day on which it says that it was last changed")
    found.guess("date", _found_in(lxml_html.tostring(tree, encoding="unicode")), "a day that stands on the page")


def _described(tree: Any) -> Iterator[dict[str, Any]]:
    """The articles among the data for search engines, wherever these are nested."""
    for script in tree.iterfind(_DATA):
        try:
            nodes = [json.loads(script.text or "")]
        except (ValueError, RecursionError):
            continue
        while nodes:
            node = nodes.pop(0)
            if isinstance(node, list):
                nodes += node
            elif isinstance(node, dict):
                types = node.get("@type")
                if any(str(one).endswith(_ARTICLES) for one in (types if isinstance(types, list) else [types])):
                    yield node
                nodes += node.values()


def _head(tree: Any, *, published: bool) -> str:
    """A page of its head and its data alone; where `published`, without what says when it was changed."""
    said = [*tree.iterfind("head/*"), *tree.iterfind(f"body{_DATA[1:]}")]
    if published:
        said = [e for e in said if not patterns.LAST_CHANGED.search(" ".join(map(str, e.attrib.values()))[:200])]
    head = "".join(lxml_html.tostring(element, encoding="unicode", with_tail=False) for element in said)
    head = patterns.CHANGED_IN_DATA.sub("", head) if published else head
    return f"<html><head>{head}</head><body></body></html>"


def _found_in(page: str) -> str | None:
    day: str | None = find_date(page, **_FIRST_DATE)
    return day


def _times(tree: Any, *, published: bool) -> Iterator[str]:
    """The days that `time` elements of the article state: those marked as its publication, or all that tell of no edition."""
    for time in _article(tree).iter("time"):
        marked = time.get("itemprop") == "datePublished" or time.get("pubdate") is not None
        if any(ancestor.tag in _ELSEWHERE for ancestor in time.iterancestors()) or (published and not marked):
            continue
        before = time.getprevious()
        words = (before.tail if before is not None else time.getparent().text) or ""
        day = (time.get("datetime") or "")[:_DAY]
        if len(day) == _DAY and not patterns.EDITED.search(words):
            yield day


def _article(tree: Any) -> Any:
    """What holds the page's title: days of other articles stand in others."""
    title = tree.find(".//h1")
    holders = title.iterancestors("article", "main") if title is not None else iter(())
    return next(holders, tree)
