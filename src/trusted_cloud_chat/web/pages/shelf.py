"""The corpus's articles, searched, filtered and sorted."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Literal, get_args

from trusted_cloud_chat.answering.wording import publisher_of
from trusted_cloud_chat.entities import Entity, EntityBook
from trusted_cloud_chat.index.catalog import Catalog
from trusted_cloud_chat.index.store import open_catalog
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.schema import Article, Language

SortKey = Literal["date", "title", "publisher"]
SORT_KEYS: tuple[SortKey, ...] = get_args(SortKey)
_WAIT_S = 2.0
"""Seconds to wait for names; later ones appear on the next request."""


@dataclass(frozen=True, slots=True)
class Holding:
    """An article of the list, without its text."""

    article: Article
    arrived: str = ""
    """The moment of its arrival, sortable; empty if unknown."""

    @property
    def day(self) -> date:
        return self.article.dated.middle if self.article.dated else date.min


@dataclass(frozen=True, slots=True)
class Wanted:
    """The search; empty fields match all."""

    words: str = ""
    first: date | None = None
    last: date | None = None
    types: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    since: str | None = None
    """A moment: only later arrivals."""
    sort: SortKey = "date"
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Holdings:
    """The articles of one generation."""

    generation: int
    all: tuple[Holding, ...] = ()
    types: Counter[str] = field(default_factory=Counter)
    """The number of articles by source type."""


class Naming:
    """The names in each article, found once per version in a background thread. Thread-safe."""

    def __init__(self, book: EntityBook) -> None:
        self._book = book
        self._found: dict[tuple[str, str], frozenset[str]] = {}
        self._entities: dict[str, Entity] = {}

    def learn(self, articles: Sequence[Article], wait_s: float) -> None:
        """Read the articles that are not known yet; after `wait_s` the thread continues in the background."""
        work = threading.Thread(target=self._read, args=(articles,), daemon=True, name="names")
        work.start()
        work.join(wait_s)

    def names(self, article: Article) -> frozenset[str]:
        """The names in its title and text; none before it was read."""
        return self._found.get(_key(article), frozenset())

    def counted(self, articles: Iterable[Article]) -> list[tuple[Entity, int]]:
        """Every name with the number of `articles` that have it, most frequent first."""
        counts = Counter(name for article in articles for name in self.names(article))
        return [(self._entities[name], n) for name, n in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]

    def _read(self, articles: Sequence[Article]) -> None:
        for article in articles:
            if _key(article) not in self._found:
                entities = {m.entity.name: m.entity for m in self._book.written(f"{article.title}\n{article.text}")}
                self._entities.update(entities)
                self._found[_key(article)] = frozenset(entities)


def _key(article: Article) -> tuple[str, str]:
    return article.article_id, article.version


class Shelf:
    """The articles of a home's index. Safe to use from several threads; read again when the generation moves."""

    def __init__(self, home: Path, book: EntityBook, with_words: Callable[[str], set[str]]) -> None:
        """`with_words`: the ids of the articles with every word of a text."""
        self._home, self._with_words = home, with_words
        self._naming = Naming(book)
        self._lock = threading.Lock()
        self._held: Holdings | None = None

    def read(self) -> Holdings:
        """The current articles. Raises IndexEmptyError."""
        with self._lock, closing(open_catalog(self._home)) as catalog:
            catalog.begin_read()  # a run may commit meanwhile: generation and articles belong together
            if self._held is None or self._held.generation != catalog.generation:
                self._held = self._read(catalog)
            return self._held

    def find(self, wanted: Wanted, language: Language) -> list[Holding]:
        """The matches, in order; `language` is that of publishers. Raises IndexEmptyError."""
        worded = self._worded(wanted.words, language)
        found = [one for one in self.read().all if worded(one) and self._fits(one, wanted)]
        return _ordered(found, wanted, language)

    def named(self) -> list[tuple[Entity, int]]:
        """The names in the articles with the number of articles, the most frequent first. Raises IndexEmptyError."""
        return self._naming.counted(one.article for one in self.read().all)

    def _read(self, catalog: Catalog) -> Holdings:
        articles = list(catalog.articles().values())
        self._naming.learn(articles, _WAIT_S)
        arrivals = catalog.history.arrivals()
        held = tuple(Holding(replace(one, text=""), arrivals.get(one.article_id, "")) for one in articles)
        types = Counter(one.source_type for one in articles if one.source_type)
        return Holdings(catalog.generation, held, types)

    def _fits(self, one: Holding, wanted: Wanted) -> bool:
        published = one.article.date
        if wanted.first and (published is None or published.last_day < wanted.first):
            return False
        if wanted.last and (published is None or published.first_day > wanted.last):
            return False
        if wanted.types and one.article.source_type not in wanted.types:
            return False
        if wanted.since is not None and one.arrived <= wanted.since:
            return False
        return not wanted.names or bool(wanted.names & self._naming.names(one.article))

    def _worded(self, text: str, language: Language) -> Callable[[Holding], bool]:
        """Matches articles with all words of `text`, or with them, possibly incomplete, in title or publishers."""
        typed = fold(text).split()
        if not typed:
            return lambda _: True
        ids = self._with_words(text)

        def has(one: Holding) -> bool:
            article = one.article
            names = (publisher_of(article, language), article.publisher or "", *(s.publisher for s in article.sources))
            label = fold(" ".join((article.title, *names)))
            return article.article_id in ids or all(word in label for word in typed)

        return has


def _ordered(found: Sequence[Holding], wanted: Wanted, language: Language) -> list[Holding]:
    """Undated articles come last in either order."""
    keys: dict[SortKey, Callable[[Holding], tuple[object, ...]]] = {
        "date": lambda one: (one.day,),
        "title": lambda one: (fold(one.article.title),),
        "publisher": lambda one: (fold(publisher_of(one.article, language)), one.day),
    }
    ordered = sorted(found, key=lambda one: one.article.article_id)
    ordered.sort(key=keys[wanted.sort], reverse=wanted.descending)
    if wanted.sort == "date":
        ordered.sort(key=lambda one: one.article.dated is None)
    return ordered
