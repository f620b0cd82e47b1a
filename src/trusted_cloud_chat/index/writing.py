"""The writer: one at a time, and what it writes becomes visible in one step.

Pending versions are embedded and stored first, invisible. At the end their words are written, all is on the disk and sealed, and then
`commit` flips them live and raises the generation in one SQLite transaction. What died by it leaves Chroma and Tantivy with the next
run that changes something, for until then somebody may read the generation before. A killed run leaves the old generation; the next
one takes over what it still wants, and fills vectors and words anew.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trusted_cloud_chat import __version__
from trusted_cloud_chat.errors import StoreLostError, UnusableError
from trusted_cloud_chat.index.catalog import Catalog, LiveVersion, StoredChunk
from trusted_cloud_chat.index.derived import Derived, lasting
from trusted_cloud_chat.index.lexical import LexicalIndex, documents
from trusted_cloud_chat.index.records import StoredQuestion
from trusted_cloud_chat.index.store import Fingerprint, Store, StoreFolder
from trusted_cloud_chat.index.taking_over import Inheritance
from trusted_cloud_chat.index.trouble import REFILL
from trusted_cloud_chat.progress import Progress, tell_nobody
from trusted_cloud_chat.schema import Article

if TYPE_CHECKING:
    from trusted_cloud_chat.index.vectors import VectorIndex

_DEAD_SHARE = 0.5
_DEAD_AT_LEAST = 2000
"""Chroma never reclaims deleted vectors: past this many, and this share, they are filled anew."""


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


def _named(article_id: str, version: str) -> str:
    return f"{version} {article_id}"


class IndexWriter:
    """A run. Nothing that it does is seen before `commit`."""

    def __init__(
        self, stores: StoreFolder, number: int, fingerprint: Fingerprint, tell: Progress = tell_nobody
    ) -> None:
        self._stores, self._number, self._tell = stores, number, tell
        self.before = Inheritance()
        """What was in the index that this run makes anew."""
        self.outdated = False
        """Whether it is made anew because its chunks were made by other rules."""
        self.forgot = False
        """Whether nothing may be left of what was before."""
        self.refilled = ""
        """Why vectors and words were made anew from the catalog, and how long that was to take."""
        self._store: Store = stores.store(number)
        self._open: tuple[VectorIndex, LexicalIndex] | None = None
        self.catalog: Catalog = self._store.catalog(read_only=False)
        try:
            fingerprint.check(self.catalog.meta("fingerprint"))
            self.catalog.check_counts()
            self._derived = self._sound()
            self.catalog.set_meta("fingerprint", fingerprint.to_json())
            self.catalog.set_meta("release", __version__)
        except BaseException:
            self.catalog.close()
            raise
        self.live = self.catalog.held_live()
        """What answers questions as the run begins."""
        self._pending = set(self.catalog.pending())

    def _sound(self) -> Derived:
        """What is made from the catalog, made anew where it cannot be relied on."""
        self._store.sweep(self.catalog)
        derived = self._store.derived(self.catalog)
        if self.catalog.meta("made") is None and not self.catalog.chunk_ids():
            return self._store.refill(self.catalog, tell_nobody)  # the first run
        fault = derived.fault()
        return self._refill(fault) if fault else derived

    def _refill(self, why: str) -> Derived:
        self.refilled = f"{why} ({lasting(len(self.catalog.chunk_ids()))})"
        return self._store.refill(self.catalog, self._tell)

    def close(self) -> None:
        """What a run has written that did not commit is whole too, unless Chroma or Tantivy have failed."""
        self._seal()
        self.catalog.close()

    def is_pending(self, article: Article) -> bool:
        """Whether an interrupted run has embedded this version already."""
        key = (article.article_id, article.version)
        return key in self._pending and self.catalog.meta(_PARTIAL) != _named(*key)

    def stage(self, batch: Sequence[Staged]) -> None:
        """Store versions with their chunks and vectors, unseen; a killed run keeps all of a batch or none of it."""
        vectors, _ = self._opened()
        vectors.put([(one.version.article, one.chunks) for one in batch])
        with self.catalog.transaction():
            for one in batch:
                self.catalog.put_pending(one.version.article, in_corpus=one.version.in_corpus)
                self.catalog.put_chunks(one.chunks)
                self.catalog.enrichments.put_questions(one.questions)
            parts = [
                _named(one.version.article.article_id, one.version.article.version) for one in batch if not one.whole
            ]
            self.catalog.set_meta(_PARTIAL, next(iter(parts), ""))

    def commit(
        self,
        staged: Sequence[LiveVersion],
        relabelled: Sequence[LiveVersion],
        deleted: Sequence[str],
        coming: Sequence[LiveVersion] = (),
    ) -> int:
        """Make `staged` live, give `relabelled` their new labels, retire `deleted`; the new generation.

        With nothing to do the generation stays. What is `coming` is staged after it, by this run.
        """
        done, wanted = (
            {(v.article.article_id, v.article.version) for v in some} for some in (staged, [*staged, *coming])
        )
        self._drop_unwanted(wanted)
        self._pending = (self._pending & wanted) - done
        if staged or relabelled or deleted:
            leaving = self.catalog.leaving()
            vectors, words = self._opened()
            words.update(documents(self.catalog, [*staged, *relabelled]), leaving)
            vectors.relabel(
                (v.article, self.catalog.chunks_of(v.article.article_id, v.article.version)) for v in relabelled
            )
            vectors.keep_from(self.catalog.generation)
            vectors.delete(leaving)
            self._seal()
            self._flip(staged, relabelled, deleted, len(leaving))
        if self._stores.named() != self._number:
            self._stores.swap(self._number)
        return self.catalog.generation

    def reclaim(self) -> None:
        """Leave the dead vectors behind when there are too many, and all that was forgotten; to be called last."""
        dead, live = self.catalog.number("dead_vectors"), self.catalog.count_chunks()
        if self.catalog.meta("forgetting") == "1":
            self.forgot = True
            self._derived = self._store.refill(self.catalog, self._tell)
            clean = self._derived.scrub()
            self._derived.seal()
            self.catalog.set_meta("forgetting", "0")
            self.catalog.shrink()
            if not clean:
                raise UnusableError(
                    f"what was forgotten may still stand in {self._derived.folder}: Chroma's files are of a new form"
                )
        elif dead >= _DEAD_AT_LEAST and dead >= _DEAD_SHARE * live:
            self._derived = self._store.refill(self.catalog, self._tell)

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

    def _seal(self) -> None:
        if self._open is not None:
            (vectors, words), self._open = self._open, None
            vectors.close()
            if not vectors.failed and not words.failed:
                self._derived.seal()

    def _drop_unwanted(self, wanted: Collection[tuple[str, str]]) -> None:
        """Forget pending versions that this run does not want."""
        with self.catalog.transaction():
            for article_id, version in self._pending - set(wanted):
                self.catalog.forget_pending(article_id, version)

    def _flip(
        self, staged: Sequence[LiveVersion], relabelled: Sequence[LiveVersion], deleted: Sequence[str], left: int
    ) -> None:
        """The one transaction that readers see; `left` ids have left Chroma and Tantivy."""
        live = self.catalog.live([*(v.article.article_id for v in (*staged, *relabelled)), *deleted])
        gone = self.before.live.keys() - {v.article.article_id for v in staged} if self.before.live else deleted
        held = self.before.live or live
        with self.catalog.transaction():
            self.catalog.left()
            self.catalog.history.note(self.catalog.generation, held, [*staged, *relabelled], gone)
            self.catalog.history.arrivals.note({v.article.article_id for v in staged} - held.keys())
            replaced = [v.article.article_id for v in staged if v.article.article_id in live]
            for article_id in [*replaced, *deleted]:
                self.catalog.retire(article_id, live[article_id].article.version)
            for version in [*staged, *relabelled]:
                self.catalog.make_live(version)
            self.catalog.set_meta("dead_vectors", str(self.catalog.number("dead_vectors") + left))
            self.catalog.set_meta("generation", str(self.catalog.generation + 1))
            self.catalog.note_counts()
