"""The facts of an index, arranged once for each of its generations and each day that is looked at."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.index import Index
from trusted_cloud_chat.market.book import FactBook
from trusted_cloud_chat.market.offers import Offer, offers
from trusted_cloud_chat.market.vocabulary import Vocabulary
from trusted_cloud_chat.schema import Article, Span, Statement

Within = frozenset[tuple[str, str]] | None
"""(article id, version) of the articles that are looked at; None: all of them."""
_KEPT = 16
"""Books that are kept at hand: several readers look at the same days."""


@dataclass(frozen=True, eq=False, slots=True)
class _Reading:
    """The enriched articles of one generation; each is known by itself, so that what was arranged from it is found at once."""

    generation: int = -1
    articles: tuple[Article, ...] = ()
    by_version: Mapping[tuple[str, str], Article] = field(default_factory=dict)


class Books:
    """Safe to use from several threads. Each method may raise what reading an index raises, such as IndexEmptyError."""

    def __init__(self, index: Index, entities: EntityBook, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._index = index
        self._entities = entities
        self._lock = threading.Lock()
        self._read = _Reading()
        self._book = lru_cache(maxsize=_KEPT)(self._make)
        self.offers = lru_cache(maxsize=_KEPT)(_rows)
        """The rows of a book."""

    def book(self, today: date, as_of: date | None = None, at: date | None = None, within: Within = None) -> FactBook:
        """What was known by `as_of`, of what was so by `at`; days as in `FactBook`."""
        return self._book(self._reading(), today, as_of, at, within)

    @property
    def empty(self) -> bool:
        """Whether no article has an enrichment."""
        return not self._reading().articles

    def statement(self, article: Article, span: Span) -> Statement | None:
        """What was written down about a sentence of an article that questions see now."""
        known = self._reading().by_version.get((article.article_id, article.version))
        return known.enrichment.of(span) if known and known.enrichment else None

    def _reading(self) -> _Reading:
        """Read anew where a run has committed since; those who ask meanwhile wait for it."""
        with self._lock:
            generation = self._index.coverage().generation
            if self._read.generation != generation:
                read, articles = self._index.read(lambda seen: (seen.generation, tuple(seen.catalog.enriched())))
                by_version = {(one.article_id, one.version): one for one in articles}
                self._read = _Reading(read, articles, by_version)
                self._book.cache_clear()
                self.offers.cache_clear()
            return self._read

    def _make(self, read: _Reading, today: date, as_of: date | None, at: date | None, within: Within) -> FactBook:
        seen = (one for one in read.articles if within is None or (one.article_id, one.version) in within)
        return FactBook(seen, self._entities, self.vocabulary, today, as_of, at)


def _rows(book: FactBook) -> tuple[Offer, ...]:
    return tuple(offers(book))
