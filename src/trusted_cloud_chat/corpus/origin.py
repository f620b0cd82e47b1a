"""Documents of the web: where one was fetched from, what is known of it besides, and whether it is a page at all."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from trusted_cloud_chat.corpus.drafts import Draft, day_of, fits
from trusted_cloud_chat.corpus.front_matter import FrontMatter, validated
from trusted_cloud_chat.errors import ArticleError, shortened
from trusted_cloud_chat.language.normalise import printable
from trusted_cloud_chat.language.senses import Phrases, Place, table
from trusted_cloud_chat.language.words import words

_MOST = 160
"""Characters of an address that become an id; the rest of a longer one is hashed."""
_FEED_DAY = "the day that the feed says it was last changed"


@dataclass(frozen=True, slots=True)
class Origin:
    """A requested address. Empty fields are unknown."""

    url: str
    final: str = ""
    """The address after redirects."""
    publisher: str = ""
    """As our corpus names it: takes precedence over the page's own name, so that one source is not counted twice."""
    title: str = ""
    date: str = ""
    changed: str = ""
    """Day or time of its last change, as a feed or a sitemap states it."""

    @property
    def article_id(self) -> str:
        """`www.lemagit.fr/actualites/123/Titre`: the same for http and https, without white space, never long."""
        parts = urlsplit(self.url)
        whole = parts.netloc + unquote(parts.path).rstrip("/") + (f"?{unquote(parts.query)}" if parts.query else "")
        name = "".join(printable(whole).split())
        if len(name) <= _MOST and len(name) == len(whole):
            return name
        return f"{name[:_MOST]}-{hashlib.sha256(self.url.encode()).hexdigest()[:12]}"

    @property
    def host(self) -> str:
        return host_of(self.final or self.url)

    def complete(self, draft: Draft) -> FrontMatter:
        """The fields of a draft completed from its origin; its guesses are completed in place.

        A page's claims about itself are accepted, but not that it belongs to another site, or is a synthesis of ours.
        """
        here, own, guessed = self.final or self.url, draft.fields.url, draft.found.guessed
        believed = bool(own and same_site(own, here))
        if self.changed and draft.fields.date is None and not self.date:
            guessed.setdefault("date", (day_of(self.changed), _FEED_DAY))
        if "publisher" not in guessed or not believed:
            guessed["publisher"] = (self.host, "the address")
        named = draft.fields.publisher or ""
        if own and not believed and named.lower() == host_of(own):
            named = ""  # taken from that address
        known: dict[str, Any] = {
            "publisher": self.publisher or named,
            "title": draft.fields.title or self.title,
            "date": draft.fields.date or self.date,
            "url": own if believed else here,
        }
        known = {key: value or None for key, value in known.items() if not value or fits(key, value)}
        valid = validated(FrontMatter, known)
        update = {key: getattr(valid, key) for key in known}
        return draft.fields.model_copy(update={**update, "source_type": None, "sources": []})


def same_site(one: str, other: str) -> bool:
    """Whether one host is the other or a subdomain of it, such as `m.lemonde.fr` and `lemonde.fr`; `www.` is ignored."""
    a, b = host_of(one), host_of(other)
    return bool(a and b) and (a == b or a.endswith(f".{b}") or b.endswith(f".{a}"))


def host_of(url: str) -> str:
    """In lower case, without `www.`; empty if it is not an address."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


_SHORT = 600
"""Characters; a longer text may be an article about cookies."""
_FEWEST, _FEW = 12, 30
"""Fewest words of any article, and of an article that may have one phrase of a wall: walls have several."""
_SHOWN = 80
_SAID = Phrases([*table("fr")["gate"], *table("en")["gate"]])


def check_page(text: str) -> None:
    """Raise ArticleError for a fetched page that shows a wall (consent, subscription, robots, not found) in place of its text."""
    if len(text) > _SHORT:
        return
    said = words(text)
    most = 0 if len(said) < _FEW else 1
    if said and (len(said) < _FEWEST or _apart(_SAID.spans(said)) > most):
        raise ArticleError(
            f"no article, but what stands before it or in its place (« {shortened(' '.join(text.split()), _SHOWN)} »): open it in a "
            "browser, save what you then read as a file and give that"
        )


def _apart(places: Iterable[Place]) -> int:
    """The number of places, in order, that do not overlap the one before."""
    count = end = 0
    for start, stop in places:
        if start >= end:
            count, end = count + 1, stop
    return count
