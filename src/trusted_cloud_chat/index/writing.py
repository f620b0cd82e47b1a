"""The writer: one at a time, and what it writes becomes visible in one step.

Pending versions are embedded and stored first, invisible. `commit` flips them live and raises the generation in one SQLite transaction; only
then do dead chunks leave Chroma and Tantivy. A killed run leaves the old generation; the next one takes over what it still wants.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from contextlib import closing, suppress
from pathlib import Path

from trusted_cloud_chat import __version__
from trusted_cloud_chat.errors import StoreLostError, UnusableError
from trusted_cloud_chat.index.catalog import Catalog, LiveVersion, StoredChunk
from trusted_cloud_chat.index.dying import dying, put_off
from trusted_cloud_chat.index.filling import ToLexical, documents, fill, new_collection
from trusted_cloud_chat.index.health import check_chunks, check_made, orphans
from trusted_cloud_chat.index.inheriting import Inheritance
from trusted_cloud_chat.index.labels import labels_of
from trusted_cloud_chat.index.live import Live, read_live
from trusted_cloud_chat.index.power import WENT, note_end, note_run, power_went, run_is_open, write_out
from trusted_cloud_chat.index.scrubbing import scrub
from trusted_cloud_chat.index.store import Fingerprint, Store, StoreFolder
from trusted_cloud_chat.index.trouble import told
from trusted_cloud_chat.schema import Article

_DEAD_SHARE = 0.5
_DEAD_AT_LEAST = 2000
"""Chroma never reclaims deleted vectors: past this many, and this share, the store is rebuilt aside."""


class IndexWriter:
    """A run. Nothing that it does is seen before `commit`."""

    def __init__(
        self, stores: StoreFolder, number: int, fingerprint: Fingerprint, to_lexical: ToLexical, *, texts: bool = True
    ) -> None:
        self._stores, self._number, self._to_lexical, self._texts = stores, number, to_lexical, texts
        self.before = Inheritance()
        """What was in the index that this run makes anew."""
        self.outdated = False
        """Whether it is made anew because its chunks were made by other rules."""
        self.forgot = False
        """Whether nothing may be left of the stores before."""
        self.live = Live.of({})
        """What answers questions as the run begins."""
        self._finished = False
        """Whether all is committed: once it is on the disk, the end of the run is noted."""
        self.refilled = ""
        """What was lost of Chroma or Tantivy, and was made anew from the catalog."""
        self._fingerprint = fingerprint
        self._store: Store = stores.store(number)
        self.catalog: Catalog = self._store.catalog(read_only=False)
        try:
            fingerprint.check(self.catalog.meta("fingerprint"))
            self._interrupted, cut = run_is_open(self.catalog), power_went(self.catalog)
            note_run(self.catalog)
            self._open_stores(cut=cut)
        except BaseException:
            self.catalog.close()
            raise
        if not self.catalog.contents.sums.stand():
            with self.catalog.transaction():
                self.catalog.contents.sums.note_all()
        self.catalog.set_meta("fingerprint", fingerprint.to_json())
        self.catalog.set_meta("release", __version__)
        self._pending = {(v.article.article_id, v.article.version) for v in self.catalog.pending()}

    def _open_stores(self, *, cut: bool) -> None:
        """What lacks in them of what the catalog holds is written anew from it; nothing is embedded."""
        fresh = self.catalog.meta("collection") is None
        if fresh:
            new_collection(self.catalog)
        try:
            if cut:
                raise StoreLostError(WENT)
            self._open_both(create=fresh)
        except StoreLostError as error:
            self.refilled = str(error)
            number = self._rebuild_aside()
            self.catalog.close()
            self._number, self._store = number, self._stores.store(number)
            self.catalog = self._store.catalog(read_only=False)
            self._open_both(create=False)

    def _open_both(self, *, create: bool) -> None:
        self._vectors = self._store.vectors(self.catalog, create=create, bind=True)
        try:
            self._lexical = self._store.lexical(create=create)
            self._vectors.check_kept(self.catalog.generation)
            self.live = read_live(self.catalog, texts=self._texts)
            check_chunks(self.catalog)
            check_made(self.catalog, self._vectors, self._lexical)
            if self._interrupted and not self._stores.on_server:
                self._vectors.check_held(sorted(self.catalog.contents.live_chunk_ids()))
        except BaseException:
            self._vectors.close()
            raise

    def close(self) -> None:
        self._vectors.close()
        if self._finished:
            with suppress(OSError):  # then the next run takes this one for interrupted
                write_out(self._store.folder)
                note_end(self.catalog)
        self.catalog.close()

    def is_pending(self, article: Article) -> bool:
        """Whether an interrupted run has embedded this version already."""
        return (article.article_id, article.version) in self._pending

    def stage(self, batch: Sequence[tuple[LiveVersion, Sequence[StoredChunk]]]) -> None:
        """Store versions with their chunks and vectors, unseen; a killed run keeps all of a batch or none of it."""
        self._vectors.put([(version.article, chunks) for version, chunks in batch])
        with self.catalog.transaction():
            for version, chunks in batch:
                self.catalog.put_pending(version.article, in_corpus=version.in_corpus)
                self.catalog.put_chunks(chunks)

    def commit(self, staged: Sequence[LiveVersion], relabelled: Sequence[LiveVersion], deleted: Sequence[str]) -> int:
        """Make `staged` live, give `relabelled` their new labels, retire `deleted`; the new generation.

        With nothing to do the generation stays.
        """
        dead = self._sweep({v.article.article_id: v.article for v in staged})
        if staged or relabelled or deleted:
            self._lexical.update(documents(self.catalog, [*staged, *relabelled], self._to_lexical))
            dead += self._flip(staged, relabelled, deleted)
        self._relabel()
        if dead:
            # Words first: a killed run is swept by the vectors that it left, and no words are left without vectors.
            self._lexical.update([], dead)
            if self._stores.on_server:
                dead, oldest = put_off(self.catalog, dead)
                self._vectors.keep_from(oldest)
            self._vectors.delete(dead)
            self.catalog.set_meta("dead_vectors", str(int(self.catalog.meta("dead_vectors") or 0) + len(dead)))
        if self._stores.named() != self._number:
            self._stores.swap(self._number)
        self._finished = True
        return self.catalog.generation

    @property
    def lacks_texts(self) -> bool:
        """Whether an earlier version made the vector store, without texts and labels: `reclaim` adds them."""
        return not self.catalog.has_texts

    def reclaim(self) -> None:
        """Leave the dead vectors behind when there are too many, or a store without texts; to be called last."""
        leaving = len(dying(self.catalog))
        dead = int(self.catalog.meta("dead_vectors") or 0) + leaving
        # Chroma takes its time to count, so it is asked last.
        mostly_dead = dead >= _DEAD_AT_LEAST and dead >= _DEAD_SHARE * (self._vectors.count() - leaving)
        if self.catalog.meta("forgetting") == "1":
            self.forgot = True
            self.catalog.history.shrink()
        # Texts given to vectors that are there already cost Chroma six times as much as a new store does.
        if self.forgot or self.lacks_texts or mostly_dead:
            self._rebuild_aside()

    def forget(self, article_ids: Collection[str]) -> int:
        """Take every version of these articles away; how many there were. `reclaim` then leaves nothing of them in any store,
        and if this run is killed before, that of the next one does.
        """
        with self.catalog.transaction():
            self.catalog.set_meta("forgetting", "1")
            return self.catalog.history.forget(article_ids)

    def tidy(self) -> tuple[int, int]:
        """Sweep what no live version owns, in whichever store; how many versions a killed run had left, and how many ids only
        Chroma or Tantivy knew.
        """
        left = len(self.catalog.pending()), len(orphans(self.catalog, self._vectors, self._lexical))
        self._interrupted = True
        self.commit([], [], [])
        return left

    def mark_ingested(self, corpus: Path, *, at: float) -> None:
        """Remember that all of `corpus` was read, from `at` (seconds since 1970) on."""
        self.catalog.set_meta("ingested_at", str(at))
        self.catalog.set_meta("ingested_corpus", str(corpus))

    def _flip(
        self, staged: Sequence[LiveVersion], relabelled: Sequence[LiveVersion], deleted: Sequence[str]
    ) -> list[str]:
        """The one transaction that readers see; returns the chunk ids that died by it."""
        dead: list[str] = []
        live = self.catalog.contents.live_of([*(v.article.article_id for v in (*staged, *relabelled)), *deleted])
        gone = self.before.live.keys() - {v.article.article_id for v in staged} if self.before.live else deleted
        held = self.before.live or live
        with self.catalog.transaction():
            self.catalog.history.note(self.catalog.generation, held, [*staged, *relabelled], gone)
            self.catalog.history.arrivals.note({v.article.article_id for v in staged} - held.keys())
            replaced = [v.article.article_id for v in staged if v.article.article_id in live]
            for article_id in [*replaced, *deleted]:
                version = live[article_id].article.version
                self.catalog.set_state(article_id, version, "old")
                dead += self.catalog.delete_chunks(article_id, version)
            for version_ in [*staged, *relabelled]:
                self.catalog.put_version(version_.article, in_corpus=version_.in_corpus, state="live")
            self.catalog.contents.sums.note((v.article.article_id, v.article.version) for v in (*staged, *relabelled))
            due = {*self.catalog.relabelled, *(v.article.article_id for v in relabelled)}
            self.catalog.set_meta("relabelled", json.dumps(sorted(due)))
            self.catalog.set_meta("generation", str(self.catalog.generation + 1))
            self.catalog.contents.note_live()
            self.catalog.contents.sums.note_end()
        return dead

    def _relabel(self) -> None:
        """Labels in the vector store as in the catalog, also those that a killed run still owed."""
        due = self.catalog.relabelled
        for article in self.catalog.articles(due).values():
            chunks = [stored.chunk for stored in self.catalog.chunks_of(article.article_id, article.version)]
            self._vectors.relabel([c.chunk_id for c in chunks], [labels_of(article, c) for c in chunks])
        if due:
            self.catalog.set_meta("relabelled", "[]")

    def _sweep(self, wanted: dict[str, Article]) -> list[str]:
        """Forget pending versions that this run does not want, and chunks that no version owns; their ids."""
        dead: set[str] = set()
        for pending in self.catalog.pending():
            article = pending.article
            if article.article_id not in wanted or wanted[article.article_id].version != article.version:
                with self.catalog.transaction():
                    dead.update(self.catalog.forget_pending(article.article_id, article.version))
        if self._interrupted:
            there = self._vectors.ids()
            dead |= orphans(self.catalog, self._vectors, self._lexical)
            # Vectors of pending versions taken over may be missing: they were killed between two stores.
            for article_id, article in wanted.items():
                chunks = self.catalog.chunks_of(article_id, article.version)
                self._vectors.put([(article, [c for c in chunks if c.chunk.chunk_id not in there])])
        return sorted(dead)

    def _rebuild_aside(self) -> int:
        """A new store from the catalog's own vectors, by its number; readers of the old one move at their next question."""
        number = self._stores.next_number()
        store = self._stores.store(number)
        with told(f"the index {store.folder}"):
            store.folder.mkdir(parents=True)
        self.catalog.contents.copy_to(store.folder / "catalog.db")
        with closing(store.catalog(read_only=False)) as catalog:
            if self.forgot:
                catalog.set_meta("forgetting", "0")
            fill(store, catalog, self._to_lexical)
            if self._finished:
                note_end(catalog)
        clean = not self.forgot or scrub(store.folder / "chroma")
        if self._stores.named() == self._number:  # else it has yet to be committed
            self._stores.swap(number)
        if not clean:
            raise UnusableError(
                f"what was forgotten may still stand in {store.folder / 'chroma'}: Chroma's files are of a new form"
            )
        return number
