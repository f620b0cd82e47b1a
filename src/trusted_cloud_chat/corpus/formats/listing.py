"""Lists of pages: RSS and Atom feeds, sitemaps, sitemaps of sitemaps. Each page is a `Found` without text."""

import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import feedparser
from lxml import etree

from trusted_cloud_chat.corpus.formats.found import Found
from trusted_cloud_chat.errors import ArticleError

MOST_ENTRIES = 50_000
"""Most pages of a listing: the limit of a sitemap."""
_SITEMAPS = ("sitemapindex", "urlset")
_NO_ENTITIES: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False, "recover": True}


def read(path: Path) -> list[Found]:
    """Its entries, newest first if it says when they changed: fields `url` (empty if it names no page), `title` and `date`, guess `changed`;
    an entry of a sitemap of sitemaps has the notice « sitemap ».
    """
    raw = path.read_bytes()
    found = list(_of_sitemap(raw) if _root(raw) in _SITEMAPS else _of_feed(raw))
    if not any(one.fields["url"] for one in found):
        without = f" ({len(found)} entries without an address)" if found else ""
        raise ArticleError(
            f"the feed or sitemap lists no page{without}: expected an RSS or Atom feed with links, or a sitemap"
        )
    return sorted(found, key=lambda one: one.guessed.get("changed", ("",))[0], reverse=True)[:MOST_ENTRIES]


def _root(raw: bytes) -> str:
    for _, element in etree.iterparse(io.BytesIO(raw), events=("start",), **_NO_ENTITIES):
        return _name(element)
    return ""


def _of_feed(raw: bytes) -> Iterator[Found]:
    parsed = feedparser.parse(io.BytesIO(raw), sanitize_html=False, resolve_relative_uris=False)
    for entry in parsed.entries:
        found = Found("", {"url": entry.get("link", ""), "title": entry.get("title", "")})
        found.fields["date"] = _day(entry.get("published_parsed"))
        found.guess("changed", _stamp(entry.get("updated_parsed")) or _stamp(entry.get("published_parsed")), "the feed")
        yield found


def _of_sitemap(raw: bytes) -> Iterator[Found]:
    """Each `url` or `sitemap` element; a news sitemap says when each page was published."""
    for _, element in etree.iterparse(io.BytesIO(raw), events=("end",), **_NO_ENTITIES):
        if _name(element) not in ("url", "sitemap"):
            continue
        said = {_name(one): (one.text or "").strip() for one in element.iter() if isinstance(one.tag, str)}
        found = Found("", {"url": said.get("loc", ""), "title": said.get("title", "")})
        found.fields["date"] = said.get("publication_date", "")[:10]
        found.guess("changed", said.get("lastmod"), "the sitemap")
        if _name(element) == "sitemap":
            found.notices.append("sitemap")
        element.clear()
        yield found


def _name(element: Any) -> str:
    """Without its namespace."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _day(moment: time.struct_time | None) -> str:
    return time.strftime("%Y-%m-%d", moment) if moment else ""


def _stamp(moment: time.struct_time | None) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", moment) if moment else ""
