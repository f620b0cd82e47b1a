"""The facts of an index, arranged once per generation and day."""

import threading
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.index import Index
from trusted_cloud_chat.market.book import FactBook
from trusted_cloud_chat.market.offers import offers
from trusted_cloud_chat.market.promises import superseded
from trusted_cloud_chat.market.vocabulary import Vocabulary
from trusted_cloud_chat.schema import Article, Fact, Passage, Span, Statement

Within = frozenset[tuple[str, str]] | None
"""(article id, version) of the articles that count; None: all."""
_KEPT = 16
"""Books in the cache: several readers use the same days."""


class Books:
    """Safe to use from several threads. Methods raise the errors of reading an index, such as IndexEmptyError."""

    def __init__(self, index: Index, entities: EntityBook, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._index = index
        self._entities = entities
        self._lock = threading.Lock()
        self._generation, self._articles = -1, dict[tuple[str, str], Article]()
        """The enriched articles of that generation, by id and version."""
        self._book = lru_cache(maxsize=_KEPT)(self._make)
        self.offers = lru_cache(maxsize=_KEPT)(lambda book: tuple(offers(book)))
        self._superseded = lru_cache(maxsize=_KEPT)(superseded)

    def book(self, today: date, as_of: date | None = None, at: date | None = None, within: Within = None) -> FactBook:
        """The facts known by `as_of` that were true by `at`; days as in `FactBook`."""
        self._read()
        return self._book(self._generation, today, as_of, at, within)

    @property
    def empty(self) -> bool:
        return not self._read()

    def statement(self, article: Article, span: Span) -> Statement | None:
        known = self._read().get((article.article_id, article.version))
        return known.enrichment.of(span) if known and known.enrichment else None

    def later(self, book: FactBook, passage: Passage) -> dict[int, Fact]:
        """Start of each superseded sentence of the passage → the later fact that supersedes it."""
        gone, article = self._superseded(book), passage.article
        told = [one for span in passage.chunk.sentences for one in book.said_at(article.article_id, span.start)]
        return {
            one.span.start: gone[one].fact for one in told if one in gone and one.article.version == article.version
        }

    def _read(self) -> Mapping[tuple[str, str], Article]:
        """The articles, read again after a commit, while other threads wait."""
        with self._lock:
            if self._generation != self._index.coverage().generation:
                read, articles = self._index.read(lambda seen: (seen.generation, tuple(seen.catalog.enriched())))
                # In this order: no book of older articles may stand under the new generation.
                self._articles = {(one.article_id, one.version): one for one in articles}
                self._generation = read
                self._book.cache_clear()
                self.offers.cache_clear()
                self._superseded.cache_clear()
            return self._articles

    def _make(self, _generation: int, today: date, as_of: date | None, at: date | None, within: Within) -> FactBook:
        seen = (one for version, one in self._articles.items() if within is None or version in within)
        return FactBook(seen, self._entities, self.vocabulary, today, as_of, at)
