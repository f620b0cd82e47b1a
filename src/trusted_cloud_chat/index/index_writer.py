"""A run: it begins alone, in the store in use or in a new one, and what it writes becomes visible in one step.

Pending versions are embedded and stored first, invisible. At the end their words are written, all is on the disk and sealed, and then
`commit` flips them live and raises the generation in one SQLite transaction. What died by it leaves Chroma and Tantivy with the next
run that changes something, for until then somebody may read the generation before. A killed run leaves the old generation; the next
one takes over what it still wants, and fills vectors and words anew.
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
    IndexTooNewError,
    ServerError,
    StorageError,
    StoreLostError,
    UnusableError,
)
from trusted_cloud_chat.index.catalog import Catalog
from trusted_cloud_chat.index.chroma import ChromaServer
from trusted_cloud_chat.index.database import SCHEMA_VERSION
from trusted_cloud_chat.index.derived import Derived, lasting
from trusted_cloud_chat.index.home_files import only_writer
from trusted_cloud_chat.index.inheriting import Inheritance, inherit, take_over
from trusted_cloud_chat.index.lexical import LexicalIndex, documents
from trusted_cloud_chat.index.records import Live, LiveVersion, StoredChunk, StoredQuestion
from trusted_cloud_chat.index.store import Fingerprint, Store, StoreFolder
from trusted_cloud_chat.index.trouble import REFILL, decoding
from trusted_cloud_chat.progress import Progress, tell_nobody
from trusted_cloud_chat.schema import Article

if TYPE_CHECKING:
    from trusted_cloud_chat.index.vectors import VectorIndex

OLDER = "an earlier release made the index in another form"
_DEAD_SHARE, _DEAD_AT_LEAST = 0.5, 2000
"""Chroma never reclaims deleted vectors: past this many, and this share, they are filled anew."""
_OF_STORES = (IndexDamagedError, StorageError, ServerError, IndexBusyError)
"""After which nobody knows what Chroma and Tantivy have written."""
_PARTIAL = "partial"
"""Under which the catalog says of which version not all is staged."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A version with all that is embedded of it."""

    version: LiveVersion
    chunks: Sequence[StoredChunk]
    questions: Sequence[StoredQuestion] = ()
    whole: bool = True
    """Whether nothing of it is to come; of a long text parts are staged one after the other."""


@contextmanager
def open_writer(
    home: Path,
    fingerprint: Fingerprint,
    *,
    chroma_url: str | ChromaServer = "",
    rebuild: bool = False,
    progress: Progress = tell_nobody,
) -> Iterator[IndexWriter]:
    """The only writer of `home` until it is left; `rebuild` fills a new store, seen when it commits, and so does a run over chunks
    that other rules made. What is lost of vectors and words is made anew first, as `progress` tells, and an earlier release's index is
    taken over.

    Raises IndexBusyError while another run writes, IndexMismatchError, HomeNotWritableError, IndexDamagedError where the catalog is
    not whole, StorageError, ServerError.
    """
    stores = StoreFolder(home, chroma_url)
    with only_writer(stores.folder):
        current = stores.in_use() if rebuild else stores.current()
        older = outdated = False
        if current is not None and not rebuild:
            older, outdated = _form(stores.store(current), fingerprint)
        anew = rebuild or outdated
        begun = _begun(stores, current, fingerprint) if not rebuild and (current is None or outdated) else None
        stores.remove_others(current, begun)
        number = begun or (stores.next_number() if anew or older or current is None else current)
        if older and not anew and current is not None:
            take_over(stores.store(current), stores.store(number), progress)
        writer = IndexWriter(stores.store(number), fingerprint, progress)
        if anew and current is not None:
            writer.before = inherit(stores.store(current), writer.catalog)
            writer.live = Live.of(writer.before.live) if writer.before.live else writer.live
        writer.outdated, writer.refilled = outdated, OLDER if older and not anew else writer.refilled
        try:
            with writer:
                yield writer
        except BaseException:
            if rebuild and stores.in_use() != number:  # no later run goes on with it
                stores.store(number).remove()
            raise
        stores.remove_others(number)


def _begun(stores: StoreFolder, current: int | None, fingerprint: Fingerprint) -> int | None:
    """The store that a killed first run has begun, or one that made everything anew by these rules: it is gone on with."""
    number = stores.newest()
    with suppress(IndexDamagedError):
        if number is not None and number != current:
            with closing(stores.store(number).catalog(read_only=True)) as catalog:
                return number if catalog.meta("fingerprint") == fingerprint.to_json() else None
    return None


def _form(store: Store, fingerprint: Fingerprint) -> tuple[bool, bool]:
    """Whether an earlier release made its tables, and whether other rules made its chunks.

    Raises IndexDamagedError, IndexMismatchError where more than that differs, since only a rebuild that is asked for embeds otherwise,
    and IndexTooNewError where a newer release made it by rules of its own.
    """
    with closing(store.catalog(read_only=True)) as catalog:
        made, release, older = catalog.meta("fingerprint"), catalog.meta("release"), catalog.schema < SCHEMA_VERSION
    fingerprint.check(made)
    outdated = fingerprint.outdated(made)
    with decoding("the catalog"):
        newer = release is not None and Version(release) > Version(__version__)
    if outdated and newer:
        raise IndexTooNewError(
            f"the index was made by trusted-cloud-chat {release}, which cuts texts by other rules than this one, {__version__}: "
            "update with `pip install --upgrade trusted-cloud-chat`, or point TCC_HOME elsewhere"
        )
    return older, outdated


class IndexWriter:
    """A run. Nothing that it does is seen before `commit`."""

    def __init__(self, store: Store, fingerprint: Fingerprint, tell: Progress = tell_nobody) -> None:
        self._store, self._tell = store, tell
        self.before = Inheritance()
        """What was in the index that this run makes anew."""
        self.outdated = False
        """Whether it is made anew because its chunks were made by other rules."""
        self.refilled = ""
        """Why vectors and words were made anew from the catalog, and how long that was to take."""
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
        """What answers questions as the run begins, or is in the index that it makes anew."""
        self._pending = set(self.catalog.pending())

    def _sound(self) -> Derived:
        """What is made from the catalog, made anew where it cannot be relied on."""
        self._store.sweep(self.catalog)
        derived = self._store.derived(self.catalog)
        if self.catalog.meta("made") is None and not self.catalog.chunk_ids(most=1):
            return self._store.refill(self.catalog, tell_nobody)  # the first run
        fault = derived.fault()
        return self._refill(fault) if fault else derived

    def _refill(self, why: str) -> Derived:
        self.refilled = f"{why} ({lasting(len(self.catalog.chunk_ids()))})"
        return self._store.refill(self.catalog, self._tell)

    def __enter__(self) -> IndexWriter:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        """What a run has written that did not commit is whole too, unless Chroma or Tantivy have failed."""
        if self._open is not None:
            self._open[0].close()
            if not isinstance(error, _OF_STORES):
                self._derived.seal()
        self.catalog.close()

    def is_pending(self, article: Article) -> bool:
        """Whether an interrupted run has embedded this version already."""
        key = (article.article_id, article.version)
        return key in self._pending and self.catalog.meta(_PARTIAL) != _named(article)

    def stage(self, batch: Sequence[Staged]) -> None:
        """Store versions with their chunks and vectors, unseen; a killed run keeps all of a batch or none of it."""
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
        """Make `staged` live, give `relabelled` their new labels, retire `deleted`; the new generation.

        With nothing to do the generation stays. What is `coming` is staged after it, by this run; other pending versions go.
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
        """Leave the dead vectors behind when there are too many, and all that was forgotten; to be called last."""
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
        """Take every version of these articles away; how many there were. `reclaim` then leaves nothing of them anywhere, and if this
        run is killed before, that of the next one does.
        """
        with self.catalog.transaction():
            self.catalog.set_meta("forgetting", "1")
            return self.catalog.history.forget(article_ids)

    def tidy(self) -> int:
        """Drop what an interrupted run had begun; how many versions."""
        begun = len(self._pending)
        self.commit([], [], [])
        return begun

    def mark_ingested(self, corpus: Path, *, at: float) -> None:
        """Remember that all of `corpus` was read, from `at` (seconds since 1970) on."""
        self.catalog.set_meta("ingested_at", str(at))
        self.catalog.set_meta("ingested_corpus", str(corpus))

    def _opened(self) -> tuple[VectorIndex, LexicalIndex]:
        """Vectors and words to write to; from now until they are sealed nobody relies on them."""
        if self._open is None:
            try:
                vectors = self._derived.vectors(home=self._store.home_id)
                words = self._derived.words()
            except StoreLostError as error:
                self._derived = self._refill(str(error).removesuffix(REFILL).rstrip(": "))
                vectors, words = self._derived.vectors(home=self._store.home_id), self._derived.words()
            self._derived.unseal()
            self._open = vectors, words
        return self._open

    def _flip(
        self, staged: Sequence[LiveVersion], relabelled: Sequence[LiveVersion], deleted: Sequence[str], left: int
    ) -> None:
        """The one transaction that readers see; `left` ids have left Chroma and Tantivy."""
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
