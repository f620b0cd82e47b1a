"""The names in each article, found once per version in a background thread."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Sequence

from trusted_cloud_chat.entities import Entity, EntityBook
from trusted_cloud_chat.schema import Article

_Key = tuple[str, str]


class Naming:
    """Thread-safe."""

    def __init__(self, book: EntityBook) -> None:
        self._book = book
        self._found: dict[_Key, frozenset[str]] = {}
        self._entities: dict[str, Entity] = {}

    def learn(self, articles: Sequence[Article], wait_s: float) -> None:
        """Searches unknown articles; after `wait_s` the rest continues in the background."""
        work = threading.Thread(target=self._read, args=(articles,), daemon=True, name="names")
        work.start()
        work.join(wait_s)

    def names(self, article: Article) -> frozenset[str]:
        """The names in its title and text; none before it was searched."""
        return self._found.get(_key(article), frozenset())

    def counted(self, articles: Iterable[Article]) -> list[tuple[Entity, int]]:
        """Every name with the number of `articles` that have it, the most frequent first."""
        counts = Counter(name for article in articles for name in self.names(article))
        return [(self._entities[name], n) for name, n in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]

    def _read(self, articles: Sequence[Article]) -> None:
        for article in articles:
            if _key(article) not in self._found:
                entities = {m.entity.name: m.entity for m in self._book.written(f"{article.title}\n{article.text}")}
                self._entities.update(entities)
                self._found[_key(article)] = frozenset(entities)


def _key(article: Article) -> _Key:
    return article.article_id, article.version
