"""« Corpus »: the list of articles, searched, filtered and sorted by the address."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.answering.wording import articles_count, grouped, more_sources, publisher_of
from trusted_cloud_chat.entities import Entity, EntityBook
from trusted_cloud_chat.index.store import StoreFolder
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.schema import EVERYTHING, Article, Language, Scope
from trusted_cloud_chat.web.pages.frame import Asked, page_router
from trusted_cloud_chat.web.sources import article_link, sourced
from trusted_cloud_chat.web.visits import remember, visit_of

SortKey = Literal["date", "title", "publisher"]
_FIRST = 100
"""Rows shown by default."""
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


class Shelf:
    """The articles of a home's index. Safe to use from several threads; read again when the generation moves."""

    def __init__(self, home: Path, book: EntityBook, with_words: Callable[[str], set[str]]) -> None:
        """`with_words`: the ids of the articles with every word of a text."""
        self._home, self._book, self._with_words = home, book, with_words
        self._lock = threading.Lock()
        self._generation, self._held = -1, tuple[Holding, ...]()
        self._names: dict[tuple[str, str], frozenset[str]] = {}
        """The names in an article version, found once in a background thread."""
        self._entities: dict[str, Entity] = {}

    def read(self) -> tuple[Holding, ...]:
        """The current articles. Raises IndexEmptyError."""
        with self._lock, closing(StoreFolder(self._home).open()) as catalog:
            catalog.begin_read()  # a run may commit meanwhile: generation and articles belong together
            if self._generation != catalog.generation:
                articles, arrivals = list(catalog.articles().values()), catalog.history.arrivals()
                work = threading.Thread(target=self._learn, args=(articles,), daemon=True, name="names")
                work.start()
                work.join(_WAIT_S)
                self._generation = catalog.generation
                self._held = tuple(Holding(replace(a, text=""), arrivals.get(a.article_id, "")) for a in articles)
            return self._held

    def find(
        self, language: Language, words: str = "", within: Scope = EVERYTHING, since: str | None = None
    ) -> list[Holding]:
        """The articles with all `words`, in the text or in title and publishers; `language` is that of publishers, `since` a moment: only
        later arrivals. Raises IndexEmptyError.
        """
        typed, recent = fold(words).split(), [one for one in self.read() if since is None or one.arrived > since]
        ids = self._with_words(words) if typed else set()
        found = [
            one for one in recent if not typed or one.article.article_id in ids or _has(one.article, typed, language)
        ]
        return [one for one in found if self._fits(one, within)]

    def named(self) -> list[tuple[Entity, int]]:
        """The names in the articles and the number of articles with each, the most frequent first. Raises IndexEmptyError."""
        counts = Counter(name for one in self.read() for name in self._names_in(one.article))
        return [(self._entities[name], n) for name, n in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]

    def _learn(self, articles: Sequence[Article]) -> None:
        for article in articles:
            key = article.article_id, article.version
            if key not in self._names:
                entities = {m.entity.name: m.entity for m in self._book.written(f"{article.title}\n{article.text}")}
                self._entities.update(entities)
                self._names[key] = frozenset(entities)

    def _names_in(self, article: Article) -> frozenset[str]:
        """The names in its title and text; none until the background thread has read it."""
        return self._names.get((article.article_id, article.version), frozenset())

    def _fits(self, one: Holding, within: Scope) -> bool:
        fits = within.in_time(one.article.date) and within.of_kind(one.article.source_type)
        return fits and (not within.about or not self._names_in(one.article).isdisjoint(within.about))


def _has(article: Article, typed: Sequence[str], language: Language) -> bool:
    """Whether its title or publishers contain all the folded words, also inside longer words."""
    names = (publisher_of(article, language), article.publisher or "", *(s.publisher for s in article.sources))
    label = fold(" ".join((article.title, *names)))
    return all(word in label for word in typed)


def ordered(found: Sequence[Holding], sort: SortKey, language: Language, *, descending: bool) -> list[Holding]:
    """Undated articles come last in either order."""
    keys: dict[SortKey, Callable[[Holding], tuple[object, ...]]] = {
        "date": lambda one: (one.day,),
        "title": lambda one: (fold(one.article.title),),
        "publisher": lambda one: (fold(publisher_of(one.article, language)), one.day),
    }
    listed = sorted(found, key=lambda one: one.article.article_id)
    listed.sort(key=keys[sort], reverse=descending)
    if sort == "date":
        listed.sort(key=lambda one: one.article.dated is None)
    return listed


class Listing:
    """The list as requested. Raises IndexEmptyError."""

    def __init__(self, asked: Asked, shelf: Shelf) -> None:
        self.asked, self.visit = asked, visit_of(asked.request)
        self.before = self.visit.previous_day
        self.first, self.last = asked.day("first", last=False), asked.day("last")
        self.recent = asked.field("since") == "visit" and self.before is not None
        self._sort: SortKey = next((key for key in get_args(SortKey) if key == asked.field("sort")), "date")
        self._descending = (asked.field("order") or ("desc" if self._sort == "date" else "asc")) == "desc"
        within = Scope(self.first.day, self.last.day, tuple(asked.fields("type")), tuple(asked.fields("name")))
        found = shelf.find(asked.language, asked.field("q"), within, self.visit.since if self.recent else None)
        self._shelf, self._found = shelf, ordered(found, self._sort, asked.language, descending=self._descending)

    def page(self) -> Response:
        asked, held, found = self.asked, self._shelf.read(), self._found
        kinds, language = asked.strings.source_types, asked.language
        every = asked.texts["corpus"]["every"]
        counted = Counter(one.article.source_type for one in held if one.article.source_type)
        types = {kind: f"{kinds.get(kind, kind)} ({n})" for kind, n in counted.most_common()}
        names = {entity.name: f"{entity.name} ({n})" for entity, n in self._shelf.named()}
        shown = found if asked.field("show") == "all" else found[:_FIRST]
        total = articles_count(len(held), language)
        count = asked.texts["frame"]["counted"].format(n=grouped(len(found), language), total=total)
        return asked.page(
            "corpus.html",
            rows=[self._row(one) for one in shown],
            count=total if len(found) == len(held) else count,
            left=len(found) - len(shown),
            types={"": every, **types},
            names={"": every, **names},
            listing=self,
            orders={key: self._turned(key) for key in get_args(SortKey)},
            filtered=any(map(asked.field, ("q", "first", "last", "type", "name", "since"))),
        )

    def _turned(self, key: SortKey) -> tuple[str, str]:
        """The current order of a column, and the address that sorts by it or reverses it."""
        sorts, descending = key == self._sort, self._descending
        now = "none" if not sorts else "descending" if descending else "ascending"
        turned = descending if sorts else key != "date"
        return now, self.asked.here(sort=key, order="asc" if turned else "desc")

    def _row(self, one: Holding) -> dict[str, Any]:
        asked, article, since = self.asked, one.article, self.visit.since
        return {
            "article": article,
            "link": article_link(asked.link, article, words=asked.field("q")),
            "new": since is not None and one.arrived > since,
            "source": sourced(_source_line(article, asked.language), article, asked.strings),
        }

    def csv(self) -> Response:
        lines = [
            [str(one.date or ""), one.title, _source_line(one, self.asked.language), one.article_id, one.url or ""]
            for one in (held.article for held in self._found)
        ]
        return self.asked.csv("corpus", self.asked.texts["corpus"]["csv"], lines)


def _source_line(article: Article, language: Language) -> str:
    """« synthèse d’après LeMagIT (+8) »."""
    return publisher_of(article, language) + more_sources(article)


def corpus_router(shelf: Shelf, assistant: Assistant) -> APIRouter:
    router = page_router()

    @router.get("/corpus")
    def corpus(request: Request) -> Response:
        listing = Listing(Asked(request), shelf)
        return remember(assistant, listing.page(), request, listing.visit)

    @router.get("/corpus.csv")
    def as_csv(request: Request) -> Response:
        return Listing(Asked(request), shelf).csv()

    return router
