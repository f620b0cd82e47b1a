"""The only writer of an index: stages versions unseen and commits them in one step.

Chunks are staged in the catalog alone. At the end they are written to Chroma and Tantivy, and one SQLite transaction makes their versions
live and raises the generation. The next run that changes something deletes retired chunks from Chroma and Tantivy, since readers may
still use the generation before. A killed run leaves the old generation in use; the next run reuses what it staged.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from functools import partial

from trusted_cloud_chat import __version__
from trusted_cloud_chat.errors import IndexDamagedError, IndexMismatchError, StoreLostError, UnusableError
from trusted_cloud_chat.index.catalog import Catalog
from trusted_cloud_chat.index.home_files import only_writer
from trusted_cloud_chat.index.records import Live, StoredChunk, StoredQuestion
from trusted_cloud_chat.index.store import Fingerprint, StoreFolder, is_outdated, refill_time
from trusted_cloud_chat.index.trouble import REFILL
from trusted_cloud_chat.progress import Progress, followed, tell_nobody
from trusted_cloud_chat.schema import Article

_DEAD_SHARE, _DEAD_AT_LEAST = 0.5, 2000
"""Chroma never reclaims deleted vectors: it is refilled once dead vectors reach this share of the live ones and this number."""


@contextmanager
def open_writer(
    stores: StoreFolder, made: Fingerprint, *, rebuild: bool = False, update: bool = False, tell: Progress = tell_nobody
) -> "Iterator[IndexWriter]":
    """Lock an index and open it for writing; vectors and words that cannot be trusted are refilled first.

    A new store, visible once it commits, is filled if `rebuild` is set and, with `update`, if an earlier version made the index with
    another schema or other rules for chunks; without `update` that raises IndexMismatchError, as other settings do. Also raises
    IndexBusyError while another run writes, HomeNotWritableError, IndexDamagedError if the catalog is damaged, StorageError, ServerError.
    """
    with only_writer(stores.folder):
        (current, catalog), outdated = stores.found(), False
        if isinstance(catalog, Catalog):
            with closing(catalog):
                if not rebuild:
                    made.check(catalog)
                    outdated = is_outdated(catalog, made.rules)
        elif catalog is not None and not rebuild:
            raise catalog
        if outdated and not update:
            raise IndexMismatchError(
                "the index was made by an earlier version, in another format: run `trusted-cloud-chat ingest` first"
            )
        number = None if rebuild or outdated else current
        number = number or _begun(stores, current, made) or stores.newest() + 1
        stores.remove_others(current, number)
        resumed: int | None = number
        try:
            with closing(stores.catalog(number, read_only=False)) as catalog:
                writer = IndexWriter(stores, catalog, made, tell)
                if current not in (None, number):
                    writer.inherit(current, outdated=outdated)
                try:
                    yield writer
                    writer.reclaim()
                finally:
                    resumed = number if catalog.staged() else None
        finally:
            if number != current:
                stores.remove_others(stores.in_use(), resumed)


def _begun(stores: StoreFolder, current: int | None, fingerprint: Fingerprint) -> int | None:
    """The store that a killed run began with this fingerprint, which this run resumes."""
    number = stores.newest()
    with suppress(IndexDamagedError):
        if number not in (0, current):
            with closing(stores.catalog(number, read_only=True)) as catalog:
                made = catalog.meta("fingerprint") == fingerprint.to_json()
                return number if made and not catalog.was_committed else None  # a killed import is not resumed
    return None


class IndexWriter:
    """Nothing that it writes is visible before `commit`."""

    def __init__(self, stores: StoreFolder, catalog: Catalog, fingerprint: Fingerprint, tell: Progress) -> None:
        self._stores, self.catalog, self._tell = stores, catalog, tell
        self.inherited: dict[str, Article] = {}
        """The live articles of the index that is being rebuilt, by id."""
        self.lost: dict[str, str] = {}
        """Article id → path, where the text stored in that index is damaged."""
        self.unread = ""
        """Why that index could not be read completely; empty if it could."""
        self.outdated = False
        """Whether the index is rebuilt because an earlier version made it."""
        self.refilled = ""
        """Why vectors and words were refilled, and the estimated time; empty if they were not."""
        fingerprint.check(catalog)
        catalog.check_counts()
        stores.sweep(catalog)
        if fault := stores.derived(catalog).fault():
            self._refill(fault)
        catalog.set_meta("fingerprint", fingerprint.to_json())
        catalog.set_meta("release", __version__)
        self.live = catalog.outlines()
        """The live articles as the run begins, or those of the index that is being rebuilt."""

    def _refill(self, why: str) -> None:
        """Refill vectors and words; for a new catalog, create them."""
        if self.catalog.count_chunks():
            self.refilled = f"{why} ({refill_time(self.catalog)})"
        self._stores.refill(self.catalog, self._tell)

    def inherit(self, current: int, *, outdated: bool) -> None:
        """Take over the versions of store `current` that can be read, all of them for old citations; its arrivals and its generation."""
        self.outdated, is_begun = outdated, self.catalog.generation > 0  # a killed run has copied them
        try:
            with closing(self._stores.catalog(current, read_only=True)) as old, self.catalog.transaction():
                live = {(one.article_id, one.version): one.path for one in old.outlines().values()}
                for key in old.all_keys():
                    try:
                        article = old.article(*key)
                        if article and key in live:
                            self.inherited[article.article_id] = article
                        if article and not is_begun:
                            self.catalog.put(old.with_enrichment(article), state="old")
                    except IndexDamagedError:  # of the text; an article without its enrichment is kept
                        if key in live and key[0] not in self.inherited:
                            self.lost[key[0]] = live[key]
                if not is_begun:
                    self.catalog.set_meta("generation", str(old.generation))
                    self.catalog.history.arrive(old.history.arrivals())
        except IndexDamagedError as error:
            self.unread = str(error)
        self.live = Live.of(self.inherited) if self.inherited else self.live

    def stage(self, chunks: Iterable[StoredChunk], questions: Iterable[StoredQuestion] = ()) -> None:
        """Store embedded chunks and stored questions that no question sees yet; a killed run keeps all or none of a call."""
        with self.catalog.transaction():
            self.catalog.put_chunks(chunks, questions)

    def commit(self, brought: Sequence[Article], deleted: Sequence[str], coming: Sequence[Article] = ()) -> int:
        """Make `brought` live, whose chunks are stored, and retire `deleted`; returns the generation, raised if anything changed.

        This run stages `coming` later; whatever else is staged is dropped.
        """
        self.tidy((*brought, *coming))
        watched = partial(followed, brought, self._tell, "write", len(brought))
        if brought or deleted:
            try:
                self._stores.derived(self.catalog).write(self.catalog, watched(), self.catalog.leaving())
            except StoreLostError as error:
                self._refill(str(error).removesuffix(REFILL).rstrip(": "))
                self._stores.derived(self.catalog).write(self.catalog, watched())
            self._flip(brought, deleted)
        elif self.catalog.generation and not self.catalog.was_committed:  # a rebuild of nothing
            self.catalog.note_counts()
        return self.catalog.generation

    def reclaim(self) -> None:
        """The end of a run: refill if too many vectors are dead or something was forgotten."""
        dead = self.catalog.number("dead_vectors")
        forgetting = self.catalog.meta("forgetting") == "1"
        if forgetting or (dead >= _DEAD_AT_LEAST and dead >= _DEAD_SHARE * self.catalog.count_chunks()):
            self._stores.refill(self.catalog, self._tell)
        if forgetting:
            from trusted_cloud_chat.index.vectors import scrub

            made = self._stores.derived(self.catalog)
            clean = scrub(made.chroma)
            made.seal()
            self.catalog.set_meta("forgetting", "0")
            self.catalog.shrink()
            if not clean:
                raise UnusableError(
                    f"forgotten text may remain in {made.folder}: Chroma's files have an unknown format"
                )

    def forget(self, article_ids: Collection[str]) -> int:
        """Delete every version of these articles; returns their number. `reclaim`, of this run or the next, erases the last bytes."""
        with self.catalog.transaction():
            self.catalog.set_meta("forgetting", "1")
            return self.catalog.history.forget(article_ids)

    def tidy(self, kept: Iterable[Article] = ()) -> int:
        """Drop all staged versions but those `kept`; returns their number."""
        dropped = self.catalog.staged().difference((one.article_id, one.version) for one in kept)
        with self.catalog.transaction():
            for key in dropped:
                self.catalog.drop_chunks(*key)
        return len(dropped)

    def _flip(self, brought: Sequence[Article], deleted: Sequence[str]) -> None:
        """The one transaction that readers see."""
        ids = {one.article_id for one in brought}
        stays = {(one.article_id, one.version) for one in brought}
        live = self.catalog.articles([*ids, *deleted])
        gone = self.inherited.keys() - ids if self.inherited else deleted
        held = self.inherited or live
        with self.catalog.transaction():
            self.catalog.left()
            self.catalog.history.note(self.catalog.generation, held, brought, gone)
            now = datetime.now(UTC).isoformat(timespec="microseconds")
            self.catalog.history.arrive(dict.fromkeys(ids - held.keys(), now))
            for key in {(one.article_id, one.version) for one in live.values()} - stays:
                self.catalog.retire(*key)
            for article in brought:
                self.catalog.put(article, state="live")
            dead = len(self.catalog.leaving())  # only live chunks: staged ones never reached Chroma
            self.catalog.set_meta("dead_vectors", str(self.catalog.number("dead_vectors") + dead))
            self.catalog.set_meta("generation", str(self.catalog.generation + 1))
            self.catalog.note_counts()
