"""Chunk id ↔ vector, in Chroma: embedded in a folder, or on a server. Text and labels lie beside for readers of other programs."""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any

import chromadb
import numpy as np
from chromadb.config import Settings
from chromadb.errors import NotFoundError
from numpy.typing import NDArray

from trusted_cloud_chat.errors import IndexBusyError, StoreLostError, TrustedCloudChatError
from trusted_cloud_chat.index.address import ChromaServer
from trusted_cloud_chat.index.labels import Labels, labels_of, quoted_text
from trusted_cloud_chat.index.queue import queued
from trusted_cloud_chat.index.records import StoredChunk
from trusted_cloud_chat.index.server import answered, open_server
from trusted_cloud_chat.index.sums import Noted, check_sums, drop_sums, has_sums, write_sums
from trusted_cloud_chat.index.trouble import REFILL, told
from trusted_cloud_chat.schema import Article

_BATCH = 2000
_HNSW: dict[str, Any] = {"space": "cosine", "ef_search": 200, "ef_construction": 200, "sync_threshold": 1000}
"""`sync_threshold`: changes that Chroma lets wait before it takes them into the files that it searches."""
_FEW_WAIT, _AT_ONCE = 100, 2
"""Changes that may wait when a run has ended, and the fewest of which Chroma takes in one at a time."""
_HOME = "home"
"""The label of a collection that names the home it is bound to."""
_LOCKED_S = (0.1, 0.5, 1.0, 2.0, 5.0)
"""Waits for a reader that takes back what a killed run had begun: then SQLite says at once that the database is locked."""
_OLDEST = "oldest_generation"
"""The label of a server's collection that names the oldest generation of which it still holds all."""
_COPY = "where another machine ingests, copy its TCC_HOME/index here again"
_PLACES: set[str] = set()
_PLACES_LOCK = Lock()


class VectorIndex:
    """A cosine collection. A Chroma client does not see another process's vectors until it is reopened.

    A reader (`create=False`) raises StoreLostError where there is none or it cannot be read, ServerError, StorageError. A writer
    (`home`) raises StoreLostError where the collection is bound to another home.
    """

    def __init__(
        self,
        folder: Path,
        collection: str,
        server: str | ChromaServer = "",
        *,
        create: bool = True,
        home: str = "",
    ) -> None:
        self._server, self._folder = ChromaServer.of(server), folder
        self._writes, self._changed, self._failed = create or bool(home), False, False
        self._name = f"the vector store {self._server or folder}"
        self._count: int | None = None
        self._place = ""
        self._sums: dict[str, Noted] = {}
        """Of the files as they were before this writer."""
        if not self._server:
            if not create and not (folder / "chroma.sqlite3").is_file():
                raise StoreLostError(f"{self._name} is missing: {REFILL}")
            check_sums(folder)
        try:
            self._client: Any = open_server(self._server) if self._server else self._call(self._embedded)
            self._collection = self._open(collection, create, home)
            self._failed = False
        except BaseException:
            self.close()
            raise

    def _embedded(self) -> Any:
        """By a spelling of its own each time: of one that did not open Chroma keeps what is of no use."""
        self._place = _take_place(self._folder)
        return _embedded(self._place)

    def _open(self, name: str, create: bool, home: str) -> Any:
        try:
            found = self._call(self._client.get_collection, name, embedding_function=None)
        except StoreLostError as error:
            if not isinstance(error.__cause__, NotFoundError):
                raise
            if not create:
                copy = f"{_COPY}; else " if self._server else ""
                raise StoreLostError(f"{self._name} has no collection {name} of this index: {copy}{REFILL}") from error
            bound = {"metadata": {_HOME: home}} if home else {}
            return self._call(
                self._client.create_collection,
                name,
                configuration={"hnsw": dict(_HNSW)},
                embedding_function=None,
                **bound,
            )
        owner = (found.metadata or {}).get(_HOME)
        if not self._server:
            if home:
                self._call(_let_wait, found, _HNSW["sync_threshold"])  # of a run that was killed as it settled
            return found  # a copy of the folder is a copy of the collection
        if home and owner is None:
            self._call(found.modify, metadata={**(found.metadata or {}), _HOME: home})
        elif home and owner != home:
            raise StoreLostError(
                f"{self._name} has the collection {name} of another home, of which this one is a copy: {REFILL}"
            )
        return found

    def upsert(
        self,
        chunk_ids: Sequence[str],
        vectors: NDArray[np.float32],
        texts: Sequence[str] | None = None,
        labels: Sequence[Labels] | None = None,
    ) -> None:
        """`vectors` has shape `(len(chunk_ids), dim)`; a known id gets the new vector, at six times the price of a new one."""
        self._will_write()
        for start in range(0, len(chunk_ids), _BATCH):
            part = slice(start, start + _BATCH)
            self._call(
                self._collection.upsert,
                ids=list(chunk_ids[part]),
                embeddings=vectors[part],
                documents=list(texts[part]) if texts is not None else None,
                metadatas=list(labels[part]) if labels is not None else None,
            )

    def put(self, versions: Iterable[tuple[Article, Sequence[StoredChunk]]]) -> None:
        """The chunks of these articles, with text and labels."""
        pairs = [(article, stored) for article, chunks in versions for stored in chunks]
        if pairs:
            self.upsert(
                [stored.chunk.chunk_id for _, stored in pairs],
                np.stack([stored.vector for _, stored in pairs]).astype(np.float32),
                [quoted_text(article, stored.chunk) for article, stored in pairs],
                [labels_of(article, stored.chunk) for article, stored in pairs],
            )

    def relabel(self, chunk_ids: Sequence[str], labels: Sequence[Labels]) -> None:
        """Other labels for chunks that are there; those that are not are passed over."""
        self._will_write()
        for start in range(0, len(chunk_ids), _BATCH):
            part = slice(start, start + _BATCH)
            self._call(self._collection.update, ids=list(chunk_ids[part]), metadatas=list(labels[part]))

    def delete(self, chunk_ids: Sequence[str]) -> None:
        """Ids that are not there are ignored."""
        self._will_write()
        for start in range(0, len(chunk_ids), _BATCH):
            self._call(self._collection.delete, ids=list(chunk_ids[start : start + _BATCH]))

    def query(self, vector: NDArray[np.float32], k: int) -> list[tuple[str, float]]:
        """At most `k` chunk ids with their cosine, -1 to 1, nearest first."""
        if self.count() == 0:
            return []
        found = self._call(
            self._collection.query, query_embeddings=[vector], n_results=min(k, self.count()), include=["distances"]
        )
        return [
            (chunk_id, 1.0 - float(distance))
            for chunk_id, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        ]

    def ids(self) -> set[str]:
        return set(self._call(self._collection.get, include=[])["ids"])

    def check_held(self, chunk_ids: Sequence[str]) -> None:
        """Each has its vector in the files that are searched: a kill may leave them other than the database that names them, which
        Chroma finds out only when it is asked for the vectors. Raises StoreLostError.
        """
        for start in range(0, len(chunk_ids), _BATCH):
            part = list(chunk_ids[start : start + _BATCH])
            found = self._call(self._collection.get, ids=part, include=["embeddings"])["ids"]
            if len(found) < len(part):
                raise StoreLostError(f"{self._name} has lost {len(part) - len(found)} of its vectors: {REFILL}")

    def count(self) -> int:
        """Counted once, until this client writes: Chroma counts rows, which takes as long as the search itself."""
        if self._count is None:
            self._count = int(self._call(self._collection.count))
        return self._count

    def check(self) -> None:
        """Every byte of the files that it searches in. Raises StoreLostError."""
        if self._place:
            check_sums(self._folder, deep=True)

    def keep_from(self, generation: int) -> None:
        """Tell readers on other machines that only what was live in `generation` or later is still whole here."""
        known = self._collection.metadata or {}
        if generation > known.get(_OLDEST, 0):
            self._call(self._collection.modify, metadata={**known, _OLDEST: generation})

    def check_kept(self, generation: int) -> None:
        """Asks a server each time: another machine writes to it. Raises StoreLostError where what was live then has been deleted."""
        if not self._server:
            return
        found = self._call(self._client.get_collection, self._collection.name, embedding_function=None)
        oldest = (found.metadata or {}).get(_OLDEST, 0)
        if generation < oldest:
            raise StoreLostError(
                f"{self._name} holds the generations from {oldest} on, and this index is of generation {generation}: {_COPY}; else {REFILL}"
            )

    def drop(self, home: str) -> None:
        """Delete the collection itself, unless it is bound to another home than `home`."""
        if (self._collection.metadata or {}).get(_HOME) in (None, home):
            self._call(self._client.delete_collection, self._collection.name)

    def close(self) -> None:
        """A server's client stays open for the next one: it is never stale."""
        if self._place:
            with suppress(TrustedCloudChatError, AttributeError), told(self._name):
                self._client.close()
            _PLACES.discard(self._place)
            if self._writes and not self._failed and (self._changed or not has_sums(self._folder)):
                if self._changed and queued(self._folder) > _FEW_WAIT:
                    self._settle()
                with suppress(OSError):
                    write_sums(self._folder, self._sums)

    def _settle(self) -> None:
        """Have Chroma take in what waits: until then every opening does so by itself, in memory, which is half a second of 500.

        Chroma reads its setting as it opens a collection, and takes in what is more than that before it answers.
        """
        place = _take_place(self._folder)
        client = self._call(_embedded, place)
        try:
            found = self._call(client.get_collection, self._collection.name, embedding_function=None)
            self._call(_let_wait, found, _AT_ONCE)
            self._call(found.count)
            self._call(_let_wait, found, _HNSW["sync_threshold"])
        finally:
            client.close()
            _PLACES.discard(place)

    def _will_write(self) -> None:
        self._count = None
        if self._place and not self._changed:
            self._changed = self._writes = True
            with told(self._name):
                self._sums = drop_sums(self._folder)

    def _call(self, function: Callable[..., Any], *given: Any, **named: Any) -> Any:
        if self._server:
            return answered(self._server, function, *given, **named)
        for pause in (*_LOCKED_S, None):
            try:
                with told(self._name):
                    return function(*given, **named)
            except TrustedCloudChatError as error:
                if pause is None or not isinstance(error, IndexBusyError):
                    self._failed = True
                    raise
            time.sleep(pause)
        raise AssertionError  # the last pause is None


def _take_place(folder: Path) -> str:
    """A spelling of `folder` that no open client has, nor one of the program that imports us, which spells it plainly.

    Chroma gives all clients of one spelling one state, and a state that is open already does not see what other
    processes wrote: a client opened beside a busy older one would be as stale as that one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _PLACES_LOCK:
        place = str(folder) + os.sep + "."
        while place in _PLACES:
            place += os.sep + "."
        _PLACES.add(place)
    return place


def _let_wait(collection: Any, changes: int) -> None:
    """From the next opening on."""
    if (collection.configuration_json.get("hnsw") or {}).get("sync_threshold") != changes:
        with warnings.catch_warnings():  # that the collection has no embedding function of Chroma's
            warnings.simplefilter("ignore", DeprecationWarning)
            collection.modify(configuration={"hnsw": {"sync_threshold": changes}})


def _embedded(place: str) -> Any:
    return chromadb.PersistentClient(place, Settings(anonymized_telemetry=False))
