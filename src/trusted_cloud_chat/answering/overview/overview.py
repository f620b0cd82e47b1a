"""The market at a glance, as the index holds it now: read once for each generation, then arranged for the day asked of."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from trusted_cloud_chat.answering.market import Market
from trusted_cloud_chat.answering.overview.events import Subject, Timeline, subjects_of, timeline_of
from trusted_cloud_chat.answering.overview.state import Row, state_of
from trusted_cloud_chat.answering.overview.told import Told, survey
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.index import Index, Snapshot
from trusted_cloud_chat.schema import Language, Passage

_DAYS_KEPT = 64
"""Arrangements that are kept at hand: each takes milliseconds, and several readers look at the same ones."""


class Overview:
    """Safe to use from several threads. Each method may raise what reading an index raises, such as IndexEmptyError."""

    def __init__(self, index: Index, entities: EntityBook, market: Market) -> None:
        self._index = index
        self._entities = entities
        self.market = market
        self._lock = threading.Lock()
        self._read: tuple[int, tuple[Told, ...]] = (-1, ())
        self._state = lru_cache(maxsize=_DAYS_KEPT)(self._make_state)
        self._timeline = lru_cache(maxsize=_DAYS_KEPT)(self._make_timeline)

    def state(self, today: date, as_of: date | None = None) -> tuple[Row, ...]:
        """The state of qualifications; with `as_of`, by what was published by that day."""
        return self._state(self._told(), as_of or today, as_of)

    def subjects(self, as_of: date | None = None) -> tuple[Subject, ...]:
        """The actors, laws and programmes that have a line of time."""
        return subjects_of(self._told(), self._entities, as_of)

    def timeline(self, name: str, today: date, as_of: date | None = None, language: Language = "fr") -> Timeline:
        """What happened to `name` and what was announced; quotes in `language` are preferred where several tell the same."""
        return self._timeline(name, self._told(), as_of or today, as_of, language)

    @property
    def empty(self) -> bool:
        """Whether the articles tell of no qualification and of nobody's course in time."""
        return not self.state(date.max) and not self.subjects()

    def _told(self) -> tuple[Told, ...]:
        """Read anew where a run has committed since; those who ask meanwhile wait for it."""
        with self._lock:
            generation = self._index.coverage().generation
            if self._read[0] != generation:
                self._read = self._index.read(self._survey)
                self._state.cache_clear()
                self._timeline.cache_clear()
            return self._read[1]

    def _survey(self, snapshot: Snapshot) -> tuple[int, tuple[Told, ...]]:
        return snapshot.generation, survey(_passages(snapshot), self._entities, self.market)

    def _make_state(self, told: tuple[Told, ...], today: date, as_of: date | None) -> tuple[Row, ...]:
        return state_of(told, self.market, today, as_of)

    def _make_timeline(
        self, name: str, told: tuple[Told, ...], today: date, as_of: date | None, language: Language
    ) -> Timeline:
        return timeline_of(name, told, today, as_of, language)


def _passages(snapshot: Snapshot) -> Iterator[Passage]:
    """Every chunk of the live articles; nothing was searched for, so that none comes before another."""
    for article in snapshot.catalog.newest():
        for stored in snapshot.catalog.chunks_of(article.article_id, article.version):
            nothing = (0.0,) * len(stored.chunk.sentences)
            yield Passage(stored.chunk, article, 1, 0.0, nothing)
