"""What an assistant holds, for who asks nothing of it: articles, names, the market at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from trusted_cloud_chat.answering.market import Market
from trusted_cloud_chat.answering.overview.overview import Overview
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.index import Index
from trusted_cloud_chat.index.arrivals import News
from trusted_cloud_chat.language.lexical import lexical_tokens
from trusted_cloud_chat.schema import Article, Coverage, Language

_LANGUAGES: tuple[Language, ...] = ("fr", "en")


class Holding:
    """Safe to use from several threads."""

    def __init__(self, index: Index, entities: EntityBook, market: Market) -> None:
        self._index = index
        self.entities = entities
        self.market = market
        self.overview = Overview(index, entities, market)
        """The market at a glance; empty where no article tells of one."""

    def coverage(self, as_of: date | None = None) -> Coverage:
        """What the index holds; with `as_of`, the articles published by that day. Raises IndexEmptyError."""
        return self._index.coverage(as_of)

    def news(self, since: str | None, most: int) -> News:
        """What came into the index after `since`, a moment of an earlier `News`. Raises IndexEmptyError."""
        return self._index.news(since, most)

    def choices(self) -> tuple[Sequence[str], Sequence[str]]:
        """(kinds of source that articles have, names of the list of names): what a scope can be made of. Raises IndexEmptyError."""
        return self._index.source_types(), self.entities.names

    def articles_with(self, text: str) -> set[str]:
        """Ids of the articles that have every word of `text`, in any form of it. Raises IndexEmptyError."""
        stems = [dict.fromkeys(lexical_tokens(text, language)) for language in _LANGUAGES]
        return self._index.read(lambda snapshot: set().union(*map(snapshot.articles_with, stems)))

    def article(self, article_id: str, version: str | None = None) -> Article | None:
        return self._index.article(article_id, version)

    def live(self, article_id: str) -> Article | None:
        """The article as questions see it now; None where it is gone."""
        return self._index.live(article_id)

    def close(self) -> None:
        self._index.close()
