"""« Ce qui a changé » as an Atom feed."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from starlette.responses import Response

from trusted_cloud_chat.answering.market import Market
from trusted_cloud_chat.answering.wording import attribution
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.language.normalise import one_line
from trusted_cloud_chat.market.tables import Changes
from trusted_cloud_chat.output.market import NewsLine, sections, source_of
from trusted_cloud_chat.web.pages.frame import Asked
from trusted_cloud_chat.web.reader import article_link

_ATOM = "http://www.w3.org/2005/Atom"
"""The name of the format; nothing is fetched."""


def feed(asked: Asked, found: Changes, market: Market) -> Response:
    """A line per entry, dated by its source; it leads to the sentence in its article."""
    root = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": asked.language})
    base = str(asked.request.base_url).rstrip("/")
    _child(root, "title", f"Trusted Cloud Chat – {asked.texts['market']['news']['title']}")
    _child(root, "id", base + asked.request.url.path)
    _child(root, "link", rel="self", href=str(asked.request.url))
    _child(root, "link", rel="alternate", href=base + asked.link("/marche"))
    entries = [(title, line, _day(line)) for title, lines in sections(found, market, asked.language) for line in lines]
    _child(root, "updated", _moment(max((day for *_, day in entries if day), key=lambda d: d.last_day, default=None)))
    _child(_child(root, "author"), "name", "Trusted Cloud Chat")
    for title, line, day in entries:
        entry = _child(root, "entry")
        article = line.fact.article if line.fact else line.article
        assert article is not None
        link = base + article_link(asked.link, article, line.fact.statement.spans if line.fact else ())
        said = source_of(line.fact, asked.language) if line.fact else attribution(article, asked.language)
        _child(entry, "title", line.text)
        _child(entry, "id", uuid5(NAMESPACE_URL, f"{link} {title} {line.text}").urn)
        _child(entry, "link", rel="alternate", href=link)
        _child(entry, "updated", _moment(day))
        _child(entry, "category", term=title)
        _child(entry, "summary", f"{one_line(line.fact.quote)} [{said}]" if line.fact else f"[{said}]")
    text = ET.tostring(root, encoding="unicode", xml_declaration=True)
    return Response(text, media_type="application/atom+xml; charset=utf-8")


def _child(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    made = ET.SubElement(parent, name, attributes)
    made.text = text or None
    return made


def _day(line: NewsLine) -> PartialDate | None:
    return line.fact.said_on if line.fact else line.article.date if line.article else None


def _moment(day: PartialDate | None) -> str:
    return f"{day.last_day if day else '1970-01-01'}T00:00:00Z"
