"""The only writer of an index: stages versions unseen and commits them in one step.

Pending versions are stored first, with their vectors. At the end their words are written, everything is synced and sealed, and one
SQLite transaction makes them live and raises the generation. Chunks that it retires are deleted from Chroma and Tantivy by the next
run that changes something, since readers may still be on the generation before. A killed run leaves the old generation in use; the
next one reuses what it had staged, and refills vectors and words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.version import Version

from trusted_cloud_chat import __version__
from trusted_cloud_chat.errors import (
    IndexBusyError,
    IndexDamagedError,
    IndexMismatchError,
    IndexTooNewError,
    ServerError,
    StorageError,
    StoreLostError,
    UnusableError,
)
from trusted_cloud_chat.index.catalog import Catalog
from trusted_cloud_chat.index.chroma import ChromaServer
from trusted_cloud_chat.index.database import SCHEMA_VERSION
from trusted_cloud_chat.index.derived import Derived
from trusted_cloud_chat.index.home_files import only_writer
from trusted_cloud_chat.index.inheriting import Inheritance, inherit
from trusted_cloud_chat.index.lexical import LexicalIndex, documents
from trusted_cloud_chat.index.records import Live, LiveVersion, StoredChunk, StoredQuestion
from trusted_cloud_chat.index.store import Fingerprint, Store, StoreFolder
from trusted_cloud_chat.index.trouble import REFILL, decoding
from trusted_cloud_chat.progress import Progress, tell_nobody
from trusted_cloud_chat.schema import Article

if TYPE_CHECKING:
    from trusted_cloud_chat.index.vectors import VectorIndex

_DEAD_SHARE, _DEAD_AT_LEAST = 0.5, 2000
"""Chroma never reclaims deleted vectors: it is refilled once there are this many and they are this share of the live ones."""
_OF_STORES = (IndexDamagedError, StorageError, ServerError, IndexBusyError)
"""Errors after which the state of Chroma and Tantivy is unknown."""
_PARTIAL = "partial"
"""The `meta` key with the version that is only partly staged."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A version with its embedded chunks and stored questions."""

    version: LiveVersion
    chunks: Sequence[StoredChunk]
    questions: Sequence[StoredQuestion] = ()
    whole: bool = True
    """False if more chunks follow: a long text is staged in parts."""


@contextmanager
def open_writer(
    home: Path,
    fingerprint: Fingerprint,
    *,
    chroma_url: str | ChromaServer = "",
    rebuild: bool = False,
    update: bool = False,
    progress: Progress = tell_nobody,
) -> Iterator[IndexWriter]:
    """Lock `home` and open its index for writing; doubtful vectors and words are refilled first.

    A new store, visible once it commits, is filled if `rebuild` is set and, with `update`, if an earlier version made the index with
    another schema or other rules for chunks; without `update` that raises IndexMismatchError. Also raises IndexBusyError while another run writes, IndexMismatchError, HomeNotWritableError, IndexDamagedError if the catalog is
    damaged, StorageError, ServerError.
    """
    stores = StoreFolder(home, chroma_url)
    with only_writer(stores.folder):
        current = stores.in_use() if rebuild else stores.current()
        outdated = current is not None and not rebuild and _is_outdated(stores.store(current), fingerprint)
        if outdated and not update:
            raise IndexMismatchError(
                "the index was made by an earlier version, in another form: run `trusted-cloud-chat ingest` first"
            )
        anew = rebuild or outdated
        begun = _begun(stores, current, fingerprint) if not rebuild and (current is None or outdated) else None
        stores.remove_others(current, begun)
        number = begun or (stores.next_number() if anew or current is None else current)
        writer = IndexWriter(stores.store(number), fingerprint, progress)
        if anew and current is not None:
            writer.before = inherit(stores.store(current), writer.catalog)
            writer.live = Live.of(writer.before.live) if writer.before.live else writer.live
        writer.outdated = outdated
        try:
            with writer:
                yield writer
        except BaseException:
            if rebuild and stores.in_use() != number:  # no later run resumes it
                stores.store(number).remove()
            raise
        stores.remove_others(number)


def _begun(stores: StoreFolder, current: int | None, fingerprint: Fingerprint) -> int | None:
    """The store that a killed run has begun with this fingerprint, to be resumed."""
    number = stores.newest()
    with suppress(IndexDamagedError):
        if number is not None and number != current:
            with closing(stores.store(number).catalog(read_only=True)) as catalog:
                return number if catalog.meta("fingerprint") == fingerprint.to_json() else None
    return None


def _is_outdated(store: Store, fingerprint: Fingerprint) -> bool:
    """Whether its schema is older, or its chunks were cut by other rules.

    Raises IndexDamagedError, IndexMismatchError for another embedder or chunk size, which needs `--rebuild`, and IndexTooNewError if a
    newer release cut the chunks.
    """
    with closing(store.catalog(read_only=True)) as catalog:
        made, release, older = catalog.meta("fingerprint"), catalog.meta("release"), catalog.schema < SCHEMA_VERSION
    fingerprint.check(made)
    other_rules = fingerprint.outdated(made)
    with decoding("the catalog"):
        newer = release is not None and Version(release) > Version(__version__)
    if other_rules and newer:
        raise IndexTooNewError(
            f"the index was made by trusted-cloud-chat {release}, which cuts texts by other rules than this one, {__version__}: "
            "update with `pip install --upgrade trusted-cloud-chat`, or point TCC_HOME elsewhere"
        )
    return older or other_rules


class IndexWriter:
    """Nothing that it writes is visible before `commit`."""

    def __init__(self, store: Store, fingerprint: Fingerprint, tell: Progress = tell_nobody) -> None:
        self._store, self._tell = store, tell
        self.before = Inheritance()
        """What the index that is being rebuilt held."""
        self.outdated = False
        """Whether the index is rebuilt because its chunks were cut by other rules."""
        self.refilled = ""
        """Why vectors and words were refilled, and the estimated time; empty if they were not."""
        self._open: tuple[VectorIndex, LexicalIndex] | None = None
        self.catalog: Catalog = store.catalog(read_only=False)
        try:
            fingerprint.check(self.catalog.meta("fingerprint"))
            self.catalog.check_counts()
            self._derived = self._sound()
            self.catalog.set_meta("fingerprint", fingerprint.to_json())
            self.catalog.set_meta("release", __version__)
        except BaseException:
            self.catalog.close()
            raise
        self.live = self.catalog.outlines()
        """The live articles as the run begins, or those of the index that is being rebuilt."""
        self._pending = set(self.catalog.pending())

    def _sound(self) -> Derived:
        """Vectors and words, refilled if they cannot be trusted."""
        self._store.sweep(self.catalog)
        derived = self._store.derived(self.catalog)
        if self.catalog.meta("made") is None and not self.catalog.chunk_ids(most=1):
            return self._store.refill(self.catalog, tell_nobody)  # the first run
        return self._refill(derived) if derived.fault() else derived

    def _refill(self, derived: Derived, why: str = "") -> Derived:
        self.refilled = derived.refill_note(self.catalog, why)
        return self._store.refill(self.catalog, self._tell)

    def __enter__(self) -> IndexWriter:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        """Seal what a run wrote without committing, unless Chroma or Tantivy failed."""
        if self._open is not None:
            self._open[0].close()
            if not isinstance(error, _OF_STORES):
                self._derived.seal()
        self.catalog.close()

    def is_pending(self, article: Article) -> bool:
        """Whether an interrupted run has staged all of this version."""
        key = (article.article_id, article.version)
        return key in self._pending and self.catalog.meta(_PARTIAL) != _named(article)

    def stage(self, batch: Sequence[Staged]) -> None:
        """Store versions with their chunks and vectors, unseen; a killed run keeps a batch whole or not at all."""
        vectors, _ = self._opened()
        vectors.put([(one.version.article, one.chunks) for one in batch])
        with self.catalog.transaction():
            for one in batch:
                self.catalog.put_pending(one.version.article, in_corpus=one.version.in_corpus)
                self.catalog.put_chunks(one.chunks)
                self.catalog.enrichments.put_questions(one.questions)
            self.catalog.set_meta(_PARTIAL, next((_named(one.version.article) for one in batch if not one.whole), ""))

    def commit(
        self,
        staged: Sequence[LiveVersion],
        relabelled: Sequence[LiveVersion],
        deleted: Sequence[str],
        coming: Sequence[LiveVersion] = (),
    ) -> int:
        """Make `staged` live, update the labels of `relabelled`, retire `deleted`; returns the generation, raised if anything changed.

        This run stages `coming` later; all other pending versions are dropped.
        """
        done, later = ({(v.article.article_id, v.article.version) for v in some} for some in (staged, coming))
        with self.catalog.transaction():
            for key in self._pending - done - later:
                self.catalog.forget_pending(*key)
        self._pending &= later
        if staged or relabelled or deleted:
            leaving = self.catalog.leaving()
            vectors, words = self._opened()
            words.update(documents(self.catalog, [*staged, *relabelled]), leaving)
            vectors.relabel(
                (v.article, self.catalog.chunks_of(v.article.article_id, v.article.version)) for v in relabelled
            )
            vectors.keep_from(self.catalog.generation)
            vectors.delete(leaving)
            vectors.close()
            self._open = None
            self._derived.seal()
            self._flip(staged, relabelled, deleted, len(leaving))
        elif self.catalog.generation and not coming and not self.catalog.was_committed:  # a rebuild of nothing
            self.catalog.note_counts()
        return self.catalog.generation

    def reclaim(self) -> None:
        """Refill if too many vectors are dead or something was forgotten; to be called last."""
        dead = self.catalog.number("dead_vectors")
        forgetting = self.catalog.meta("forgetting") == "1"
        if forgetting or (dead >= _DEAD_AT_LEAST and dead >= _DEAD_SHARE * self.catalog.count_chunks()):
            self._derived = self._store.refill(self.catalog, self._tell)
        if forgetting:
            from trusted_cloud_chat.index.vectors import scrub

            clean = scrub(self._derived.chroma)
            self._derived.seal()
            self.catalog.set_meta("forgetting", "0")
            self.catalog.shrink()
            if not clean:
                raise UnusableError(
                    f"what was forgotten may still stand in {self._derived.folder}: Chroma's files are of a new form"
                )

    def forget(self, article_ids: Collection[str]) -> int:
        """Delete every version of these articles, and return how many there were.

        `reclaim` then erases their last bytes; if this run is killed before, the next one does.
        """
        with self.catalog.transaction():
            self.catalog.set_meta("forgetting", "1")
            return self.catalog.history.forget(article_ids)

    def tidy(self) -> int:
        """Drop what an interrupted run had staged, and return how many versions."""
        begun = len(self._pending)
        self.commit([], [], [])
        return begun

    def _opened(self) -> tuple[VectorIndex, LexicalIndex]:
        """Vectors and words to write to, unsealed until the run ends."""
        if self._open is None:
            try:
                vectors = self._derived.vectors(home=self._store.home_id)
                words = self._derived.words()
            except StoreLostError as error:
                self._derived = self._refill(self._derived, str(error).removesuffix(REFILL).rstrip(": "))
                vectors, words = self._derived.vectors(home=self._store.home_id), self._derived.words()
            self._derived.unseal()
            self._open = vectors, words
        return self._open

    def _flip(
        self, staged: Sequence[LiveVersion], relabelled: Sequence[LiveVersion], deleted: Sequence[str], left: int
    ) -> None:
        """The one transaction that readers see; `left` is the number of ids deleted from Chroma and Tantivy."""
        brought = [*staged, *relabelled]
        live = self.catalog.live([*(v.article.article_id for v in brought), *deleted])
        gone = self.before.live.keys() - {v.article.article_id for v in staged} if self.before.live else deleted
        held = self.before.live or live
        with self.catalog.transaction():
            self.catalog.left()
            self.catalog.history.note(self.catalog.generation, held, brought, gone)
            self.catalog.history.arrivals.note({v.article.article_id for v in staged} - held.keys())
            replaced = [v.article.article_id for v in staged if v.article.article_id in live]
            for article_id in [*replaced, *deleted]:
                self.catalog.retire(article_id, live[article_id].article.version)
            for version in brought:
                self.catalog.put_version(version.article, in_corpus=version.in_corpus, state="live")
            self.catalog.set_meta("dead_vectors", str(self.catalog.number("dead_vectors") + left))
            self.catalog.set_meta("generation", str(self.catalog.generation + 1))
            self.catalog.note_counts()


def _named(article: Article) -> str:
    return f"{article.version} {article.article_id}"
