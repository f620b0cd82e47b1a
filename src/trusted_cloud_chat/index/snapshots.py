"""Readers: each question sees one whole generation; if vectors or words are damaged, the catalog alone answers it."""

import logging
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.errors import IndexBusyError, StorageError, StoreLostError, TrustedCloudChatError, UnusableError
from trusted_cloud_chat.index.catalog import Catalog
from trusted_cloud_chat.index.chroma import ChromaServer
from trusted_cloud_chat.index.history import News
from trusted_cloud_chat.index.home_files import is_written
from trusted_cloud_chat.index.lexical import LexicalIndex
from trusted_cloud_chat.index.nearest import Exact, Hits, Signs
from trusted_cloud_chat.index.records import QuestionKind, StoredQuestion, chunk_version
from trusted_cloud_chat.index.store import Derived, Fingerprint, StoreFolder
from trusted_cloud_chat.index.trouble import REFILL
from trusted_cloud_chat.schema import Article, Coverage

if TYPE_CHECKING:
    from trusted_cloud_chat.index.vectors import VectorIndex

T = TypeVar("T")
_LOG = logging.getLogger(__name__)
_ATTEMPTS = 5
_WIDEN = 4
_FEW = 5000
"""Up to this many chunks a single question is compared with every chunk, in 10 ms."""
_SMALL_SHARE, _SMALL = 20, 200
"""A scope of at most one article in 20, or of 200 articles, is searched exhaustively."""
Within = Collection[tuple[str, str]] | None
"""The (article id, version) pairs to search; None means all."""


class _Opened:
    """Vectors and words of one generation, each opened at its first use."""

    def __init__(self, derived: Derived, generation: int, *, once: bool) -> None:
        self.derived, self.generation, self._once = derived, generation, once
        self.key = derived.folder, generation
        self._lock = threading.RLock()
        self._vectors: VectorIndex | Exact | None = None
        self._words: LexicalIndex | None = None
        self._questions: dict[str, Signs] = {}

    def vectors(self, catalog: Catalog) -> "VectorIndex | Exact":
        with self._lock:
            if self._vectors is None and not (self._once and catalog.count_chunks() <= _FEW):
                self._vectors = self._or_warn(lambda: self._sound_vectors(catalog))
            return self._vectors or self.exact(catalog)

    def exact(self, catalog: Catalog) -> Exact:
        """Switch from lost vectors to exhaustive search."""
        with self._lock:
            self._vectors = exact = Exact(*catalog.live_vectors())
            return exact

    def words(self, catalog: Catalog) -> LexicalIndex:
        with self._lock:
            if self._words is None:
                self._words = self._or_warn(lambda: self._sound_words(catalog)) or LexicalIndex.of(catalog)
            return self._words

    def questions(self, catalog: Catalog, kind: str) -> Signs:
        with self._lock:
            if kind not in self._questions:
                self._questions[kind] = Signs(*catalog.question_vectors(kind))
            return self._questions[kind]

    def check(self, catalog: Catalog) -> None:
        """Check every row, byte and id."""
        catalog.check()
        self.derived.check(deep=True)
        with suppress(StorageError):  # both write when they are opened, even to read
            self._sound_words(catalog)
            self._sound_vectors(catalog)

    def _sound_vectors(self, catalog: Catalog) -> "VectorIndex":
        with self._doubting():
            vectors = self.derived.vectors()
        vectors.check_kept(self.generation)
        with self._doubting():
            vectors.check(catalog)
        return vectors

    def _sound_words(self, catalog: Catalog) -> LexicalIndex:
        with self._doubting():
            words, count = self.derived.words(), catalog.count_chunks()
            if words.count() < count:
                raise StoreLostError(
                    f"the word index holds {words.count()} of the {count} chunks of the index: {REFILL}"
                )
        return words

    @contextmanager
    def _doubting(self) -> Iterator[None]:
        """On StoreLostError break the seal, so that the next run refills the folder, unless a run is writing now."""
        try:
            yield
        except StoreLostError as error:
            if self.derived.is_sealed and not is_written(self.derived.folder.parents[1]):
                with suppress(UnusableError):
                    self.derived.unseal(str(error).removesuffix(REFILL).rstrip(": "))
            raise

    def _or_warn(self, opened: Callable[[], T]) -> T | None:
        try:
            self.derived.check()
            return opened()
        except (StoreLostError, StorageError) as error:
            self.warn(error)
            return None

    def warn(self, error: UnusableError) -> None:
        if isinstance(error, StoreLostError) and not is_written(self.derived.folder.parents[1]):
            _LOG.warning("%s. Until then answers come from the catalog alone, more slowly", error)


class Snapshot:
    """One generation during one question."""

    def __init__(self, catalog: Catalog, opened: _Opened) -> None:
        self.catalog = catalog
        self.generation = opened.generation
        self.opened = opened

    def nearest(self, vector: NDArray[np.float32], k: int, as_of: date | None = None, within: Within = None) -> Hits:
        """At most `k` live chunk ids with their cosine."""
        few = within is not None and len(within) <= max(_SMALL, self.catalog.number("live_articles") // _SMALL_SHARE)
        vectors = Exact(*self.catalog.live_vectors(within)) if few else self.opened.vectors(self.catalog)
        try:
            found = self._kept(lambda n: vectors.query(vector, n, as_of), k, as_of, within)
            vectors.check_kept(self.generation)
            return found
        except StoreLostError as error:  # not of an exhaustive search
            self.opened.warn(error)
            self.opened.exact(self.catalog)
            return self.nearest(vector, k, as_of, within)

    def matching(self, weights: Mapping[str, float], k: int, as_of: date | None = None, within: Within = None) -> Hits:
        """At most `k` live chunk ids with their BM25 score."""
        words = self.opened.words(self.catalog)
        return self._kept(lambda n: words.query(weights, n, as_of), k, as_of, within)

    def asked(
        self, vector: NDArray[np.float32], k: int, kind: QuestionKind, as_of: date | None = None, within: Within = None
    ) -> list[tuple[StoredQuestion, float]]:
        """At most `k` stored questions of live articles with their cosine to `vector`, which is mapped; nearest first."""
        questions = self.opened.questions(self.catalog, kind)
        near = self._kept(lambda n: questions.query(vector, n), k, as_of, within)
        found = self.catalog.questions([question_id for question_id, _ in near])
        return [(found[question_id], cosine) for question_id, cosine in near]

    def asked_of(
        self, vector: NDArray[np.float32], article_id: str, version: str
    ) -> list[tuple[StoredQuestion, float]]:
        """The answered stored questions of one article with their cosine to `vector`, nearest first."""
        stored = [one for one in self.catalog.questions_of(article_id, version) if one.kind == "answered"]
        cosines = (float(one.vector.astype(np.float32) @ vector) for one in stored)
        return sorted(zip(stored, cosines, strict=True), key=lambda one: -one[1])

    def articles_with(self, tokens: Iterable[str]) -> set[str]:
        """Ids of the live articles that have every one of `tokens` in title or text."""
        most = max(self.catalog.count_chunks(), 1)
        each = [{chunk_version(chunk_id)[0] for chunk_id, _ in self.matching({token: 1.0}, most)} for token in tokens]
        return set.intersection(*each) if each else set()

    def is_dated(self, chunk_id: str) -> bool:
        return bool(self.catalog.live_among([chunk_id], date.max))

    def _kept(self, search: Callable[[int], Hits], k: int, as_of: date | None, within: Within) -> Hits:
        """Search more widely until `k` hits are live or there are no more; within a scope start with its share."""
        asked = k if not within else max(k, k * self.catalog.number("live_articles") // len(within))
        while True:
            hits = search(asked)
            live = self.catalog.live_among((chunk_id for chunk_id, _ in hits), as_of, within)
            kept = [hit for hit in hits if hit[0] in live]
            if len(kept) >= k or len(hits) < asked:
                return kept[:k]
            asked *= _WIDEN


class Index:
    """Opens catalog, vectors and words for questions, and follows the generation. Thread-safe."""

    def __init__(
        self, home: Path, fingerprint: Fingerprint, chroma_url: str | ChromaServer = "", *, once: bool = False
    ) -> None:
        """`once`: opened for a single question, so whatever is slow to load is avoided."""
        self._once = once
        self._stores = StoreFolder(home, chroma_url)
        self._fingerprint = fingerprint
        self._lock = threading.Lock()
        self._opened: _Opened | None = None

    def read(self, use: Callable[[Snapshot], T]) -> T:
        """Call `use` on the current generation; again if runs have meanwhile removed some of it.

        Raises IndexEmptyError if nothing is indexed, IndexMismatchError for another embedder's index, IndexDamagedError, StorageError,
        ServerError.
        """
        for attempt in range(_ATTEMPTS):
            opened = None
            try:
                with self._snapshot() as snapshot:
                    opened = snapshot.opened
                    result = use(snapshot)
                if self._is_whole(opened):
                    return result
            except Exception as error:
                # If nothing could be opened, a rebuild may just have replaced the store.
                if self._key() == opened.key if opened else attempt > 0:
                    if not isinstance(error, TrustedCloudChatError):  # a damaged catalog may explain it
                        with closing(self._stores.open()) as catalog:
                            catalog.check()
                    raise
        raise IndexBusyError("the index changes faster than it can be read: ask again in a moment")

    def coverage(self, as_of: date | None = None) -> Coverage:
        """The current coverage; with `as_of`, counting articles published by that day."""
        return self.read(lambda snapshot: snapshot.catalog.coverage(as_of))

    def news(self, since: str | None, most: int) -> News:
        """The articles that arrived after `since`, at most `most` of them; none for a first visit (None)."""

        def use(snapshot: Snapshot) -> News:
            until, ids = snapshot.catalog.history.arrived_since(since)
            found = snapshot.catalog.articles(ids[:most])
            return News(until, len(ids), tuple(found[name] for name in ids[:most]))

        return self.read(use)

    def check(self) -> None:
        """Check every row and byte of catalog, vectors and words, which takes a while. Raises IndexDamagedError."""
        self.read(lambda snapshot: snapshot.opened.check(snapshot.catalog))

    def article(self, article_id: str, version: str | None = None) -> Article | None:
        """The stored article, of an old version too."""
        return self.read(lambda snapshot: snapshot.catalog.article(article_id, version))

    def close(self) -> None:
        self._opened = None

    @contextmanager
    def _snapshot(self) -> Iterator[Snapshot]:
        with closing(self._stores.open()) as catalog:
            catalog.begin_read()
            self._fingerprint.check(catalog)
            derived, generation = self._stores.derived(catalog), catalog.generation
            with self._lock:
                if self._opened is None or self._opened.key != (derived.folder, generation):
                    catalog.check_counts()
                    self._opened = _Opened(derived, generation, once=self._once)
                opened = self._opened
            yield Snapshot(catalog, opened)

    def _is_whole(self, opened: _Opened) -> bool:
        """Whether all of its generation is still there: a run deletes from Chroma and Tantivy what the run before retired."""
        folder, generation = self._key()
        behind = generation - opened.generation
        return folder == opened.derived.folder and (behind == 0 or (behind == 1 and opened.derived.is_sealed))

    def _key(self) -> tuple[Path, int]:
        with closing(self._stores.open()) as catalog:
            return self._stores.derived(catalog).folder, catalog.generation
