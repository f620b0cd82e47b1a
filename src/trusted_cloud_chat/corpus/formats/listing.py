"""Reads RSS and Atom feeds, sitemaps and sitemap indexes. Each page is a `Found` without text."""

import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import feedparser
from lxml import etree

from trusted_cloud_chat.corpus.formats import Found
from trusted_cloud_chat.errors import ArticleError

MOST_ENTRIES = 50_000
"""The limit of the sitemap protocol."""
_NO_ENTITIES: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False, "recover": True}


def read(path: Path) -> list[Found]:
    """The entries, the latest first, with the guess `changed`; those of a sitemap index have the notice « sitemap »."""
    raw = path.read_bytes()
    elements = etree.iterparse(io.BytesIO(raw), events=("start",), **_NO_ENTITIES)
    root = next((_name(element) for _, element in elements), "")
    entries = list(_of_sitemap(raw) if root in ("sitemapindex", "urlset") else _of_feed(raw))
    if not any(entry.fields["url"] for entry in entries):
        without = f" ({len(entries)} entries without an address)" if entries else ""
        raise ArticleError(
            f"the feed or sitemap lists no page{without}: expected an RSS or Atom feed with links, or a sitemap"
        )
    return sorted(entries, key=lambda entry: entry.guessed.get("changed", ("",))[0], reverse=True)[:MOST_ENTRIES]


def _of_feed(raw: bytes) -> Iterator[Found]:
    parsed = feedparser.parse(io.BytesIO(raw), sanitize_html=False, resolve_relative_uris=False)
    for entry in parsed.entries:
        published, updated = _stamp(entry.get("published_parsed")), _stamp(entry.get("updated_parsed"))
        found = Found("", {"url": entry.get("link", ""), "title": entry.get("title", ""), "date": published[:10]})
        found.guess("changed", updated or published, "the feed")
        yield found


def _of_sitemap(raw: bytes) -> Iterator[Found]:
    """The `url` and `sitemap` elements; a news sitemap states publication dates."""
    for _, element in etree.iterparse(io.BytesIO(raw), events=("end",), **_NO_ENTITIES):
        if _name(element) not in ("url", "sitemap"):
            continue
        fields = {_name(inner): (inner.text or "").strip() for inner in element.iter() if isinstance(inner.tag, str)}
        date = fields.get("publication_date", "")[:10]
        found = Found("", {"url": fields.get("loc", ""), "title": fields.get("title", ""), "date": date})
        found.guess("changed", fields.get("lastmod"), "the sitemap")
        if _name(element) == "sitemap":
            found.notices.append("sitemap")
        element.clear()
        yield found


def _name(element: Any) -> str:
    """The element's name without its namespace."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _stamp(moment: time.struct_time | None) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", moment) if moment else ""
