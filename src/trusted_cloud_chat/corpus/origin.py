"""The origin of a fetched document, its metadata from feeds and our corpus, and the detection of consent walls and error pages."""

import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from trusted_cloud_chat.corpus.drafts import Draft, day_of, fits
from trusted_cloud_chat.corpus.front_matter import FrontMatter, validated
from trusted_cloud_chat.errors import ArticleError, shortened
from trusted_cloud_chat.language.normalise import printable
from trusted_cloud_chat.language.senses import Phrases, table
from trusted_cloud_chat.language.words import words

_MOST = 160
"""Maximum characters of an id; longer addresses are cut and hashed."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A requested address and its known metadata; empty fields are unknown."""

    url: str
    final: str = ""
    """The address after redirects."""
    publisher: str = ""
    """The name in our corpus: takes precedence over the page's own, so that one source is not counted twice."""
    title: str = ""
    date: str = ""
    changed: str = ""
    """The last change according to a feed or a sitemap."""

    @property
    def article_id(self) -> str:
        """`www.lemagit.fr/actualites/123/Titre`: the same for http and https, without white space, never long."""
        parts = urlsplit(self.url)
        whole = parts.netloc + unquote(parts.path).rstrip("/") + (f"?{unquote(parts.query)}" if parts.query else "")
        name = "".join(printable(whole).split())
        if len(name) <= _MOST and len(name) == len(whole):
            return name
        return f"{name[:_MOST]}-{hashlib.sha256(self.url.encode()).hexdigest()[:12]}"

    def complete(self, draft: Draft) -> FrontMatter:
        """The fields of a draft completed from its origin; its guesses are completed in place.

        A page's metadata are trusted, except an address on another site, and fields with which our own syntheses name their sources.
        """
        here, own, guessed = self.final or self.url, draft.fields.url, draft.found.guessed
        host, own_host = host_of(here), host_of(own or "")
        # `m.lemonde.fr` and `lemonde.fr` are one site.
        trusted = bool(host and own_host) and (
            f".{own_host}".endswith(f".{host}") or f".{host}".endswith(f".{own_host}")
        )
        if self.changed and draft.fields.date is None and not self.date:
            guessed.setdefault("date", (day_of(self.changed), "the day of its last change, as the feed states it"))
        if "publisher" not in guessed or not trusted:
            guessed["publisher"] = (host, "the address")
        publisher = draft.fields.publisher or ""
        if own and not trusted and publisher.lower() == own_host:
            publisher = ""  # derived from that address
        known: dict[str, Any] = {
            "publisher": self.publisher or publisher,
            "title": draft.fields.title or self.title,
            "date": draft.fields.date or self.date,
            "url": own if trusted else here,
        }
        known = {key: value or None for key, value in known.items() if not value or fits(key, value)}
        valid = validated(FrontMatter, known)
        update = {key: getattr(valid, key) for key in known}
        return draft.fields.model_copy(update={**update, "source_type": None, "sources": []})


def host_of(url: str) -> str:
    """In lower case, without `www.`; empty if it is not an address."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


_SHORT = 600
"""Characters; a longer text may be an article about cookies."""
_FEWEST, _FEW = 12, 30
"""Minimum words of an article, and of one that may contain one phrase of a wall: walls contain several."""
_WALL = Phrases([*table("fr")["gate"], *table("en")["gate"]])


def check_page(text: str) -> None:
    """Raise ArticleError for a fetched page that shows a wall (consent, subscription, robots, not found) instead of its text."""
    if len(text) > _SHORT:
        return
    page = words(text)
    phrases = end = 0
    for start, stop in _WALL.spans(page):
        if start >= end:  # overlapping phrases count once
            phrases, end = phrases + 1, stop
    if page and (len(page) < _FEWEST or phrases > (0 if len(page) < _FEW else 1)):
        raise ArticleError(
            f"not the article, but a page shown before it or in its place (« {shortened(' '.join(text.split()), 80)} »): open it in a "
            "browser, save the article as a file and give that"
        )
