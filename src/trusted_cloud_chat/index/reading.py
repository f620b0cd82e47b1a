"""Readers: each question sees one generation, whole."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.errors import (
    IndexBusyError,
    IndexEmptyError,
    StorageError,
    StoreLostError,
    TrustedCloudChatError,
)
from trusted_cloud_chat.index.address import ChromaServer
from trusted_cloud_chat.index.arrivals import News
from trusted_cloud_chat.index.catalog import Catalog, LiveVersions
from trusted_cloud_chat.index.exact import ExactVectors
from trusted_cloud_chat.index.health import check_chunks, check_file, check_whole, orphans
from trusted_cloud_chat.index.lexical import LexicalIndex
from trusted_cloud_chat.index.lock import is_written
from trusted_cloud_chat.index.records import chunk_version
from trusted_cloud_chat.index.store import Fingerprint, Store, StoreFolder
from trusted_cloud_chat.schema import Article, Coverage

if TYPE_CHECKING:
    from trusted_cloud_chat.index.vectors import VectorIndex

T = TypeVar("T")
_ATTEMPTS = 5
_LOOKED_AGAIN = 2
_PAUSES_S = (0.0, 0.1, 0.4, 1.0, 2.0)
"""Waits before an index that a run is writing is looked at again."""
_WIDEN = 4
Within = Collection[tuple[str, str]] | None
"""(article id, version) of what may be found; None: everything."""


@dataclass(slots=True)
class _Opened:
    """Chroma and Tantivy as opened for one generation, and what is live in it; closed after its last question."""

    key: tuple[int, int]
    vectors: VectorIndex | ExactVectors
    lexical: LexicalIndex
    live: LiveVersions
    users: int = 0
    retired: bool = False

    def close(self) -> None:
        self.vectors.close()
        self.lexical.close()


class Snapshot:
    """One generation during one question."""

    def __init__(self, catalog: Catalog, opened: _Opened, key: tuple[int, int]) -> None:
        self.catalog = catalog
        self.generation = key[1]
        self._opened = opened

    def nearest(
        self, vector: NDArray[np.float32], k: int, as_of: date | None = None, within: Within = None
    ) -> list[tuple[str, float]]:
        """Live chunk ids with their cosine, nearest first, at most `k`."""
        found = self._live(lambda n: self._opened.vectors.query(vector, n), k, as_of, within)
        self._opened.vectors.check_kept(self.generation)
        return found

    def matching(
        self, weights: Mapping[str, float], k: int, as_of: date | None = None, within: Within = None
    ) -> list[tuple[str, float]]:
        """Live chunk ids with their BM25 score, best first, at most `k`."""
        return self._live(lambda n: self._opened.lexical.query(weights, n), k, as_of, within)

    def articles_with(self, tokens: Iterable[str]) -> set[str]:
        """Ids of the live articles that have every one of `tokens`, each somewhere in title or text."""
        most = max(self.catalog.count_chunks(), 1)
        each = [{chunk_version(one)[0] for one, _ in self.matching({token: 1.0}, most)} for token in tokens]
        return set.intersection(*each) if each else set()

    def is_dated(self, chunk_id: str) -> bool:
        """Whether the chunk's article has a date."""
        return self._opened.live.is_dated(chunk_id)

    def coverage(self, as_of: date | None = None) -> Coverage:
        return self.catalog.coverage(as_of)

    def check(self) -> None:
        """Every chunk and every byte of the three stores, which takes a while. Raises IndexDamagedError."""
        check_whole(self.catalog, self._opened.vectors, self._opened.lexical, deep=True)

    def orphans(self) -> set[str]:
        """Ids that Chroma or Tantivy has and the catalog has not."""
        return orphans(self.catalog, self._opened.vectors, self._opened.lexical)

    def _live(
        self, search: Callable[[int], list[tuple[str, float]]], k: int, as_of: date | None, within: Within
    ) -> list[tuple[str, float]]:
        """Ask for more until `k` hits are live, or the store has no more to give."""
        asked = k
        while True:
            hits = search(asked)
            live = self._opened.live.among((chunk_id for chunk_id, _ in hits), as_of, within)
            kept = [hit for hit in hits if hit[0] in live]
            if len(kept) >= k or len(hits) < asked:
                return kept[:k]
            asked *= _WIDEN


class Index:
    """Opens the three stores for reading and follows the generation. Safe to use from several threads."""

    def __init__(
        self, home: Path, fingerprint: Fingerprint, chroma_url: str | ChromaServer = "", *, once: bool = False
    ) -> None:
        """`once`: it is opened for one question, and what is slow to load is done without."""
        self._once = once
        self._stores = StoreFolder(home, chroma_url)
        self._fingerprint = fingerprint
        self._lock = threading.Lock()
        self._opened: _Opened | None = None

    def ready(self) -> None:
        """Look whether there is something to answer from that this embedder made: no store is opened for it.

        Raises as `read` does.
        """
        _, catalog = self._open_catalog()
        with closing(catalog):
            self._fingerprint.check(catalog.meta("fingerprint"))
            if catalog.generation == 0:
                raise _empty()

    def read(self, use: Callable[[Snapshot], T]) -> T:
        """`use` on one generation; done again when a run commits meanwhile, so that it never sees a part.

        Raises IndexEmptyError when nothing is indexed, IndexMismatchError for another embedder's index, IndexDamagedError for
        one that is not whole, StorageError, ServerError.
        """
        for attempt in range(_ATTEMPTS):
            number, opening = self._stores.current(), list[tuple[int, int]]()
            key = None
            try:
                with self._snapshot(opening) as (snapshot, key):
                    result = use(snapshot)
                if self._key() == key:
                    return result
            except Exception as error:
                if isinstance(error, StoreLostError | StorageError):
                    self.close()  # what is mended meanwhile is seen by the next question
                # A store that was swapped may have been deleted while it was opened, or under a question.
                moved = self._key() != opening[0] if opening else self._stores.current() != number
                # What is lost is lost again; a store that a run was writing while it was opened is whole at the next look.
                writing = attempt < _LOOKED_AGAIN or (attempt + 1 < _ATTEMPTS and is_written(self._stores.folder))
                doubted = key is None and isinstance(error, StoreLostError) and writing
                if not moved and not doubted:
                    if not isinstance(error, TrustedCloudChatError):
                        self._look_for_damage()
                    raise
                time.sleep(_PAUSES_S[attempt] if doubted else 0.0)
        raise IndexBusyError("the index changes faster than it can be read: ask again in a moment")

    def coverage(self, as_of: date | None = None) -> Coverage:
        """What is held now; with `as_of`, the articles of it that were published by that day."""
        return self.read(lambda snapshot: snapshot.coverage(as_of))

    def news(self, since: str | None, most: int) -> News:
        """What came after `since`, at most `most` articles of it; None: nothing did, for somebody who was never here."""

        def use(snapshot: Snapshot) -> News:
            arrivals = snapshot.catalog.history.arrivals
            ids = [] if since is None else arrivals.since(since)
            found = snapshot.catalog.articles(ids[:most])
            return News(arrivals.newest(), len(ids), tuple(found[name] for name in ids[:most]))

        return self.read(use)

    def check(self) -> None:
        """Whether Chroma and Tantivy hold all that the catalog does; raises IndexDamagedError where they do not."""
        self.read(lambda snapshot: snapshot.check())

    def source_types(self) -> list[str]:
        """Of the articles that are held now, the most frequent first."""
        return self.read(lambda snapshot: snapshot.catalog.source_types())

    def titles(self) -> list[str]:
        """Of the articles that are held now."""
        return self.read(lambda snapshot: snapshot.catalog.titles())

    def article(self, article_id: str, version: str | None = None) -> Article | None:
        """The stored article; an old version too."""
        return self.read(lambda snapshot: snapshot.catalog.article(article_id, version))

    def live(self, article_id: str) -> Article | None:
        """The article as questions see it now; None where it is gone."""
        return self.read(lambda snapshot: snapshot.catalog.articles([article_id]).get(article_id))

    def close(self) -> None:
        with self._lock:
            if self._opened is not None:
                self._retire(self._opened)
                self._opened = None

    @contextmanager
    def _snapshot(self, opening: list[tuple[int, int]]) -> Iterator[tuple[Snapshot, tuple[int, int]]]:
        """`opening` gets the store and generation before they are looked at."""
        number, catalog = self._open_catalog()
        try:
            catalog.begin_read()
            self._fingerprint.check(catalog.meta("fingerprint"))
            key = (number, catalog.generation)
            opening.append(key)
            if key[1] == 0:
                raise _empty()
            opened = self._acquire(self._stores.store(number), catalog, key)
            try:
                yield Snapshot(catalog, opened, key), key
            finally:
                self._release(opened)
        finally:
            catalog.close()

    def _look_for_damage(self) -> None:
        """What nobody foresaw may come of a damaged row or page, of which a large index has too many for each opening to read.
        Raises IndexDamagedError where it does.
        """
        _, catalog = self._open_catalog()
        with closing(catalog):
            catalog.begin_read()
            check_file(catalog)
            check_chunks(catalog, deep=True)

    def _open_catalog(self) -> tuple[int, Catalog]:
        number = self._stores.current()
        if number is None:
            raise _empty()
        return number, self._stores.store(number).catalog(read_only=True)

    def _key(self) -> tuple[int, int]:
        number, catalog = self._open_catalog()
        try:
            return number, catalog.generation
        finally:
            catalog.close()

    def _acquire(self, store: Store, catalog: Catalog, key: tuple[int, int]) -> _Opened:
        with self._lock:
            if self._opened is None or self._opened.key != key:
                if self._opened is not None:
                    self._retire(self._opened)
                    self._opened = None
                self._opened = _open(store, catalog, key, once=self._once)
            self._opened.users += 1
            return self._opened

    def _release(self, opened: _Opened) -> None:
        with self._lock:
            opened.users -= 1
            if opened.retired and opened.users == 0:
                opened.close()

    def _retire(self, opened: _Opened) -> None:
        """An old Chroma client is closed after its last query: one in flight would fail."""
        opened.retired = True
        if opened.users == 0:
            opened.close()


def _open(store: Store, catalog: Catalog, key: tuple[int, int], *, once: bool) -> _Opened:
    """Both stores, once they hold what the catalog does. Raises StoreLostError where they do not."""
    vectors = store.vectors_to_read(catalog, once=once)
    try:
        vectors.check_kept(key[1])
        lexical = store.lexical()
        opened = _Opened(key, vectors, lexical, catalog.live_versions())
        check_whole(catalog, vectors, lexical)
    except BaseException:
        vectors.close()
        raise
    return opened


def _empty() -> IndexEmptyError:
    return IndexEmptyError(
        "nothing is indexed yet: run `trusted-cloud-chat ingest` (or `make chat`, which does it first)"
    )
