"""« Corpus »: the list of articles, searched, filtered and sorted by the address."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from trusted_cloud_chat.answering.wording import articles_count, grouped, more_sources, publisher_of
from trusted_cloud_chat.schema import Article, Language
from trusted_cloud_chat.web.filters import Day
from trusted_cloud_chat.web.pages.frame import Asked, page_router
from trusted_cloud_chat.web.pages.shelf import SORT_KEYS, Holding, Shelf, SortKey, Wanted
from trusted_cloud_chat.web.reader import article_link, sourced
from trusted_cloud_chat.web.strings import STRINGS
from trusted_cloud_chat.web.visits import Visit, Visits

_FIRST = 100
"""Rows shown by default."""


class Listing:
    """The list as requested. Raises IndexEmptyError."""

    def __init__(self, asked: Asked, shelf: Shelf, visits: Visits) -> None:
        self.asked, self.shelf = asked, shelf
        self.visit: Visit = visits.arrive(asked.request)
        self.before = self.visit.previous_day
        self.first: Day = asked.day("first", last=False)
        self.last: Day = asked.day("last")
        sort = asked.field("sort")
        self.sort: SortKey = sort if sort in SORT_KEYS else "date"
        self.descending = (asked.field("order") or ("desc" if self.sort == "date" else "asc")) == "desc"
        self.recent = asked.field("since") == "visit" and self.before is not None

    def found(self) -> list[Holding]:
        field = self.asked.field
        wanted = Wanted(
            words=field("q"),
            first=self.first.day,
            last=self.last.day,
            types=frozenset(self.asked.fields("type")),
            names=frozenset(self.asked.fields("name")),
            since=self.visit.since if self.recent else None,
            sort=self.sort,
            descending=self.descending,
        )
        return self.shelf.find(wanted, self.asked.language)

    def page(self) -> Response:
        asked, held, found = self.asked, self.shelf.read(), self.found()
        kinds, language = STRINGS[asked.language].source_types, asked.language
        every = asked.texts["corpus"]["every"]
        types = {kind: f"{kinds.get(kind, kind)} ({n})" for kind, n in held.types.most_common()}
        names = {entity.name: f"{entity.name} ({n})" for entity, n in self.shelf.named()}
        shown = found if asked.field("show") == "all" else found[:_FIRST]
        total = articles_count(len(held.all), language)
        count = asked.texts["frame"]["counted"].format(n=grouped(len(found), language), total=total)
        return asked.page(
            "corpus.html",
            rows=[self._row(one) for one in shown],
            count=total if len(found) == len(held.all) else count,
            left=len(found) - len(shown),
            types={"": every, **types},
            names={"": every, **names},
            listing=self,
            orders={key: self._turned(key) for key in SORT_KEYS},
            filtered=any(map(asked.field, ("q", "first", "last", "type", "name", "since"))),
        )

    def _turned(self, key: SortKey) -> tuple[str, str]:
        """The current order of a column, and the address that sorts by it or reverses it."""
        now = "none" if key != self.sort else "descending" if self.descending else "ascending"
        turned = self.descending if key == self.sort else key != "date"
        return now, self.asked.here(sort=key, order="asc" if turned else "desc")

    def _row(self, one: Holding) -> dict[str, Any]:
        asked, article, since = self.asked, one.article, self.visit.since
        return {
            "article": article,
            "link": article_link(asked.link, article, words=asked.field("q")),
            "new": since is not None and one.arrived > since,
            "source": sourced(source_line(article, asked.language), article, STRINGS[asked.language]),
        }

    def csv(self) -> Response:
        lines = [
            [str(one.date or ""), one.title, source_line(one, self.asked.language), one.article_id, one.url or ""]
            for one in (held.article for held in self.found())
        ]
        return self.asked.csv("corpus", self.asked.texts["corpus"]["csv"], lines)


def source_line(article: Article, language: Language) -> str:
    """« synthèse d’après LeMagIT (+8) »."""
    return publisher_of(article, language) + more_sources(article)


def corpus_router(shelf: Shelf, visits: Visits) -> APIRouter:
    """The list, and the same as CSV."""
    router = page_router()

    @router.get("/corpus")
    def corpus(request: Request) -> Response:
        listing = Listing(Asked(request), shelf, visits)
        return visits.remember(listing.page(), request, listing.visit)

    @router.get("/corpus.csv")
    def as_csv(request: Request) -> Response:
        return Listing(Asked(request), shelf, visits).csv()

    return router
