"""Readers: each question sees one generation, whole, and is answered from the catalog alone where nothing else is sound."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.errors import (
    IndexBusyError,
    StorageError,
    StoreLostError,
    TrustedCloudChatError,
    UnusableError,
)
from trusted_cloud_chat.index.catalog import Catalog
from trusted_cloud_chat.index.chroma import ChromaServer
from trusted_cloud_chat.index.derived import Derived
from trusted_cloud_chat.index.history import News
from trusted_cloud_chat.index.home_files import is_written
from trusted_cloud_chat.index.lexical import LexicalIndex, documents
from trusted_cloud_chat.index.records import QuestionKind, StoredQuestion, chunk_version
from trusted_cloud_chat.index.store import Fingerprint, StoreFolder
from trusted_cloud_chat.index.trouble import REFILL
from trusted_cloud_chat.schema import Article, Coverage

if TYPE_CHECKING:
    from trusted_cloud_chat.index.vectors import VectorIndex

T = TypeVar("T")
_LOG = logging.getLogger(__name__)
_ATTEMPTS = 5
_WIDEN = 4
_FEW = 5000
"""Chunks up to which one question is compared with each: a hundredth of a second."""
_SMALL_SHARE, _SMALL = 20, 200
"""Of a scope that has less than one article in twenty, or 200 of them, every chunk is compared."""
Within = Collection[tuple[str, str]] | None
"""(article id, version) of what may be found; None: everything."""
Search = Callable[[int], list[tuple[str, float]]]


class Exact:
    """The nearest vectors without Chroma, from the catalog's own, each compared: where there is no Chroma that is sound, and where
    loading it is not worth it. Answers as `VectorIndex` does.
    """

    def __init__(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        self._ids, self._vectors = ids, vectors

    def query(self, vector: NDArray[np.float32], k: int, _as_of: date | None = None) -> list[tuple[str, float]]:
        """At most `k` ids with their cosine, -1 to 1, nearest first; of any day, which costs nothing here."""
        if not self._ids:
            return []
        cosines = self._vectors @ vector / max(float(np.linalg.norm(vector)), 1e-12)
        k = min(k, len(self._ids))
        first = np.argpartition(-cosines, k - 1)[:k]
        return [(self._ids[row], float(cosines[row])) for row in first[np.argsort(-cosines[first], kind="stable")]]

    def check_kept(self, generation: int) -> None:
        """They are of one generation with the catalog."""

    def close(self) -> None:
        """Nothing is held open."""


class _Key(NamedTuple):
    """What a reader opens: where it lies, which generation it is, and the folder of what was made from it."""

    number: int
    generation: int
    made: str | None


class _Opened:
    """Vectors and words of one key, each opened when it is first asked for; closed after the last question."""

    def __init__(self, key: _Key, derived: Derived, *, once: bool, index: Path) -> None:
        self.key, self.derived, self._once, self._index = key, derived, once, index
        self.users = 0
        self._lock = threading.RLock()
        self._vectors: VectorIndex | Exact | None = None
        self._words: LexicalIndex | None = None
        self._questions: dict[str, Exact] = {}

    def vectors(self, catalog: Catalog) -> VectorIndex | Exact:
        with self._lock:
            if self._vectors is None and self._once and catalog.count_chunks() <= _FEW:
                self._vectors = Exact(*catalog.live_vectors())  # they are the same, and to load Chroma takes longer
            if self._vectors is None:
                try:
                    self._vectors = self._sound_vectors(catalog)
                except (StoreLostError, StorageError) as error:
                    return self.exact(catalog, error)
            return self._vectors

    def questions(self, catalog: Catalog, kind: str) -> Exact:
        with self._lock:
            if kind not in self._questions:
                self._questions[kind] = Exact(*catalog.enrichments.live(kind))
            return self._questions[kind]

    def exact(self, catalog: Catalog, error: UnusableError) -> Exact:
        """Vectors in the place of those that are lost."""
        with self._lock:
            self.close()
            self._vectors = exact = Exact(*catalog.live_vectors())
            self._do_without(error)
            return exact

    def words(self, catalog: Catalog) -> LexicalIndex:
        with self._lock:
            if self._words is None:
                try:
                    self._words = self._sound_words(catalog)
                except (StoreLostError, StorageError) as error:
                    self._words = LexicalIndex(None)
                    self._words.update(documents(catalog, catalog.every("live")))
                    self._do_without(error)
            return self._words

    def check(self, catalog: Catalog) -> None:
        """Every byte and every id. Raises StoreLostError."""
        self.derived.check(deep=True)
        with suppress(StorageError):  # both write as they open, even to read
            self._sound_words(catalog)
            self._sound_vectors(catalog, deep=True).close()

    def close(self) -> None:
        if self._vectors is not None:
            self._vectors.close()

    def _sound_vectors(self, catalog: Catalog, *, deep: bool = False) -> VectorIndex:
        """Raises StoreLostError, and then nobody relies on them any more."""
        self.derived.check()
        with self._doubting():
            vectors = self.derived.vectors()
        try:
            vectors.check_kept(self.key.generation)
            with self._doubting():
                vectors.check(catalog, deep=deep)
        except BaseException:
            vectors.close()
            raise
        return vectors

    def _sound_words(self, catalog: Catalog) -> LexicalIndex:
        self.derived.check()
        with self._doubting():
            words = self.derived.words()
            if words.count() < (count := catalog.count_chunks()):
                raise StoreLostError(
                    f"the word index holds {words.count()} of the {count} chunks of the index: {REFILL}"
                )
        return words

    @contextmanager
    def _doubting(self) -> Iterator[None]:
        """What is found lost is relied on by nobody any more; a run that has begun meanwhile has broken the seal itself."""
        try:
            yield
        except StoreLostError as error:
            if self.derived.is_sealed and not is_written(self._index):
                with suppress(UnusableError):
                    self.derived.unseal(str(error).removesuffix(REFILL).rstrip(": "))
            raise

    def _do_without(self, error: UnusableError) -> None:
        if isinstance(error, StoreLostError) and not is_written(self._index):
            _LOG.warning("%s. Until then answers come from the catalog alone, more slowly", error)


class Snapshot:
    """One generation during one question."""

    def __init__(self, catalog: Catalog, opened: _Opened) -> None:
        self.catalog = catalog
        self.generation = opened.key.generation
        self._opened = opened

    def nearest(
        self, vector: NDArray[np.float32], k: int, as_of: date | None = None, within: Within = None
    ) -> list[tuple[str, float]]:
        """Live chunk ids with their cosine, nearest first, at most `k`."""
        if within is not None and len(within) <= max(_SMALL, self._articles() // _SMALL_SHARE):
            few = Exact(*self.catalog.live_vectors(within))
            return self._kept(lambda n: few.query(vector, n), k, as_of, within)
        vectors = self._opened.vectors(self.catalog)
        try:
            found = self._kept(lambda n: vectors.query(vector, n, as_of), k, as_of, within)
            vectors.check_kept(self.generation)
        except StoreLostError as error:
            exact = self._opened.exact(self.catalog, error)
            found = self._kept(lambda n: exact.query(vector, n), k, as_of, within)
        return found

    def matching(
        self, weights: Mapping[str, float], k: int, as_of: date | None = None, within: Within = None
    ) -> list[tuple[str, float]]:
        """Live chunk ids with their BM25 score, best first, at most `k`."""
        words = self._opened.words(self.catalog)
        return self._kept(lambda n: words.query(weights, n, as_of), k, as_of, within)

    def asked(
        self, vector: NDArray[np.float32], k: int, kind: QuestionKind, as_of: date | None = None, within: Within = None
    ) -> list[tuple[StoredQuestion, float]]:
        """Stored questions of live articles with their cosine, nearest first, at most `k`; `vector` is a mapped one."""
        questions = self._opened.questions(self.catalog, kind)
        near = self._kept(lambda n: questions.query(vector, n), k, as_of, within)
        found = self.catalog.enrichments.questions([question_id for question_id, _ in near])
        return [(found[question_id], cosine) for question_id, cosine in near]

    def articles_with(self, tokens: Iterable[str]) -> set[str]:
        """Ids of the live articles that have every one of `tokens`, each somewhere in title or text."""
        most = max(self.catalog.count_chunks(), 1)
        each = [{chunk_version(one)[0] for one, _ in self.matching({token: 1.0}, most)} for token in tokens]
        return set.intersection(*each) if each else set()

    def is_dated(self, chunk_id: str) -> bool:
        """Whether the chunk's article has a date."""
        return bool(self.catalog.live_among([chunk_id], date.max))

    def check(self) -> None:
        """Every row and every byte, which takes a while. Raises IndexDamagedError."""
        self.catalog.check()
        self._opened.check(self.catalog)

    def _kept(self, search: Search, k: int, as_of: date | None, within: Within) -> list[tuple[str, float]]:
        """Ask for more until `k` hits are live, or the store has no more to give; of a scope for its share at once."""
        asked = k if not within else max(k, k * self._articles() // len(within))
        while True:
            hits = search(asked)
            live = self.catalog.live_among((chunk_id for chunk_id, _ in hits), as_of, within)
            kept = [hit for hit in hits if hit[0] in live]
            if len(kept) >= k or len(hits) < asked:
                return kept[:k]
            asked *= _WIDEN

    def _articles(self) -> int:
        return self.catalog.number("live_articles")


class Index:
    """Opens what questions need and follows the generation. Safe to use from several threads."""

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
        """Look whether there is something to answer from that this embedder made. Raises as `read` does."""
        _, catalog = self._stores.open()
        with closing(catalog):
            self._fingerprint.check(catalog.meta("fingerprint"))

    def read(self, use: Callable[[Snapshot], T]) -> T:
        """`use` on one generation, as it is when it begins; done again where runs have taken away of it meanwhile.

        Raises IndexEmptyError when nothing is indexed, IndexMismatchError for another embedder's index, IndexDamagedError for
        one that is not whole, StorageError, ServerError.
        """
        for attempt in range(_ATTEMPTS):
            opened = None
            try:
                with self._snapshot() as snapshot:
                    opened = snapshot._opened
                    result = use(snapshot)
                if self._is_whole(opened):
                    return result
            except Exception as error:
                # Where nothing could be opened, a rebuild may just have put another store in its place.
                if self._key() == opened.key if opened else attempt > 0:
                    self._look_for_damage(error)
                    raise
        raise IndexBusyError("the index changes faster than it can be read: ask again in a moment")

    def coverage(self, as_of: date | None = None) -> Coverage:
        """What is held now; with `as_of`, the articles of it that were published by that day."""
        return self.read(lambda snapshot: snapshot.catalog.coverage(as_of))

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

    def article(self, article_id: str, version: str | None = None) -> Article | None:
        """The stored article; an old version too."""
        return self.read(lambda snapshot: snapshot.catalog.article(article_id, version))

    def close(self) -> None:
        with self._lock:
            self._move(None)

    @contextmanager
    def _snapshot(self) -> Iterator[Snapshot]:
        number, catalog = self._stores.open()
        with closing(catalog):
            catalog.begin_read()
            self._fingerprint.check(catalog.meta("fingerprint"))
            opened = self._acquire(_key_of(number, catalog), catalog)
            try:
                yield Snapshot(catalog, opened)
            finally:
                self._release(opened)

    def _is_whole(self, opened: _Opened) -> bool:
        """What dies by a run leaves with the next one, before that commits."""
        now = self._key()
        behind = now.generation - opened.key.generation
        return now[::2] == opened.key[::2] and (behind == 0 or (behind == 1 and opened.derived.is_sealed))

    def _look_for_damage(self, error: Exception) -> None:
        """What nobody foresaw may come of a damaged catalog. Raises IndexDamagedError where it does."""
        if not isinstance(error, TrustedCloudChatError):
            _, catalog = self._stores.open()
            with closing(catalog):
                catalog.check()

    def _key(self) -> _Key:
        number, catalog = self._stores.open()
        with closing(catalog):
            return _key_of(number, catalog)

    def _acquire(self, key: _Key, catalog: Catalog) -> _Opened:
        with self._lock:
            opened = self._opened
            if opened is None or opened.key != key:
                catalog.check_counts()
                derived = self._stores.store(key.number).derived(catalog)
                opened = _Opened(key, derived, once=self._once, index=self._stores.folder)
                self._move(opened)
            opened.users += 1
            return opened

    def _release(self, opened: _Opened) -> None:
        """An old Chroma client is closed after its last query: one in flight would fail."""
        with self._lock:
            opened.users -= 1
            if opened.users == 0 and opened is not self._opened:
                opened.close()

    def _move(self, opened: _Opened | None) -> None:
        before, self._opened = self._opened, opened
        if before is not None and before.users == 0:
            before.close()


def _key_of(number: int, catalog: Catalog) -> _Key:
    return _Key(number, catalog.generation, catalog.meta("made"))
