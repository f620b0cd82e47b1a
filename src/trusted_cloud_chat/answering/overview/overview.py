"""The market at a glance, as the index holds it now: read once for each generation, then arranged for the day asked of."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from trusted_cloud_chat.answering.market import Market
from trusted_cloud_chat.answering.overview.events import Subject, Timeline, subjects_of, timeline_of
from trusted_cloud_chat.answering.overview.state import Row, so_by, state_of
from trusted_cloud_chat.answering.overview.told import Told, survey
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.index import Index, Snapshot
from trusted_cloud_chat.schema import Article, Language, Passage

Within = frozenset[tuple[str, str]] | None
"""(article id, version) of the articles that are looked at; None: all of them."""
_DAYS_KEPT = 64
"""Arrangements that are kept at hand: each takes milliseconds, and several readers look at the same ones."""


@dataclass(frozen=True, eq=False, slots=True)
class _Reading:
    """What the articles of one generation tell; each is known by itself, so that what was arranged from it is found at once."""

    generation: int = -1
    by_article: dict[tuple[str, str], tuple[Told, ...]] = field(default_factory=dict)
    """By article id and version."""
    told: tuple[Told, ...] = ()


class Overview:
    """Safe to use from several threads. Each method may raise what reading an index raises, such as IndexEmptyError."""

    def __init__(self, index: Index, entities: EntityBook, market: Market) -> None:
        self._index = index
        self._entities = entities
        self.market = market
        self._lock = threading.Lock()
        self._read = _Reading()
        self._state = lru_cache(maxsize=_DAYS_KEPT)(self._make_state)
        self._timeline = lru_cache(maxsize=_DAYS_KEPT)(self._make_timeline)

    def state(
        self, today: date, as_of: date | None = None, at: date | None = None, within: Within = None
    ) -> tuple[Row, ...]:
        """The state of qualifications; with `as_of`, by what was published by that day; with `at`, as it was then by what was
        published at any time.
        """
        return self._state(self._reading(), today if at else as_of or today, as_of, at, within)

    def subjects(self, as_of: date | None = None) -> tuple[Subject, ...]:
        """The actors, laws and programmes that have a line of time."""
        return subjects_of(self._reading().told, self._entities, as_of)

    def timeline(self, name: str, today: date, as_of: date | None = None, language: Language = "fr") -> Timeline:
        """What happened to `name` and what was announced; quotes in `language` are preferred where several tell the same."""
        return self._timeline(name, self._reading(), as_of or today, as_of, language)

    @property
    def empty(self) -> bool:
        """Whether the articles tell of no qualification and of nobody's course in time."""
        return not self.state(date.max) and not self.subjects()

    def _reading(self) -> _Reading:
        """Read anew where a run has committed since, what is new alone; those who ask meanwhile wait for it."""
        with self._lock:
            generation = self._index.coverage().generation
            if self._read.generation != generation:
                self._read = self._index.read(self._survey)
                self._state.cache_clear()
                self._timeline.cache_clear()
            return self._read

    def _survey(self, snapshot: Snapshot) -> _Reading:
        found: dict[tuple[str, str], tuple[Told, ...]] = {}
        for article in snapshot.catalog.newest():
            key = article.article_id, article.version
            told = self._read.by_article.get(key)
            if told is None or any(one.article != article for one in told[:1]):  # the same words, by another publisher
                told = survey(_passages(snapshot, article), self._entities, self.market)
            found[key] = told
        in_time = sorted((one for told in found.values() for one in told), key=lambda one: one.order)
        return _Reading(snapshot.generation, found, tuple(in_time))

    def _make_state(
        self, read: _Reading, today: date, as_of: date | None, at: date | None, within: Within
    ) -> tuple[Row, ...]:
        told = read.told if at is None else [one for one in read.told if so_by(one, at)]
        if within is not None:
            told = [one for one in told if (one.article.article_id, one.article.version) in within]
        return state_of(told, self.market, today, as_of)

    def _make_timeline(
        self, name: str, read: _Reading, today: date, as_of: date | None, language: Language
    ) -> Timeline:
        return timeline_of(name, read.told, today, as_of, language)


def _passages(snapshot: Snapshot, article: Article) -> Iterator[Passage]:
    """Its chunks; nothing was searched for, so that none comes before another."""
    for stored in snapshot.catalog.chunks_of(article.article_id, article.version):
        nothing = (0.0,) * len(stored.chunk.sentences)
        yield Passage(stored.chunk, article, 1, 0.0, nothing, nothing, nothing)
