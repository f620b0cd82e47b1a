"""Chunk id ↔ vector, in Chroma: embedded in a folder, or on a server. Text and labels lie beside for readers of other programs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import chromadb
import numpy as np
from chromadb.config import Settings
from numpy.typing import NDArray

from trusted_cloud_chat.errors import UnusableError
from trusted_cloud_chat.index.labels import Labels

_BATCH = 2000
_SEARCH_EF = 200
_PLACES: set[str] = set()
_PLACES_LOCK = Lock()


class VectorIndex:
    """A cosine collection. A Chroma client does not see another process's vectors until it is reopened."""

    def __init__(self, folder: Path, collection: str, server_url: str = "") -> None:
        self._place = "" if server_url else _take_place(folder)
        self._client: Any = _server(server_url) if server_url else _embedded(self._place)
        self._collection = self._client.get_or_create_collection(
            collection,
            configuration={"hnsw": {"space": "cosine", "ef_search": _SEARCH_EF, "ef_construction": 200}},
            embedding_function=None,
        )
        self._count: int | None = None

    def upsert(
        self,
        chunk_ids: Sequence[str],
        vectors: NDArray[np.float32],
        texts: Sequence[str] | None = None,
        labels: Sequence[Labels] | None = None,
    ) -> None:
        """`vectors` has shape `(len(chunk_ids), dim)`; a known id gets the new vector, at six times the price of a new one."""
        self._count = None
        for start in range(0, len(chunk_ids), _BATCH):
            part = slice(start, start + _BATCH)
            self._collection.upsert(
                ids=list(chunk_ids[part]),
                embeddings=vectors[part],
                documents=list(texts[part]) if texts is not None else None,
                metadatas=list(labels[part]) if labels is not None else None,
            )

    def relabel(self, chunk_ids: Sequence[str], labels: Sequence[Labels]) -> None:
        """Other labels for chunks that are there; those that are not are passed over."""
        for start in range(0, len(chunk_ids), _BATCH):
            part = slice(start, start + _BATCH)
            self._collection.update(ids=list(chunk_ids[part]), metadatas=list(labels[part]))

    def delete(self, chunk_ids: Sequence[str]) -> None:
        """Ids that are not there are ignored."""
        self._count = None
        for start in range(0, len(chunk_ids), _BATCH):
            self._collection.delete(ids=list(chunk_ids[start : start + _BATCH]))

    def query(self, vector: NDArray[np.float32], k: int) -> list[tuple[str, float]]:
        """At most `k` chunk ids with their cosine, -1 to 1, nearest first."""
        if self.count() == 0:
            return []
        found = self._collection.query(query_embeddings=[vector], n_results=min(k, self.count()), include=["distances"])
        return [
            (chunk_id, 1.0 - float(distance))
            for chunk_id, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        ]

    def ids(self) -> set[str]:
        return set(self._collection.get(include=[])["ids"])

    def count(self) -> int:
        """Counted once, until this client writes: Chroma counts rows, which takes as long as the search itself."""
        if self._count is None:
            self._count = int(self._collection.count())
        return self._count

    def drop(self) -> None:
        """Delete the collection itself."""
        self._client.delete_collection(self._collection.name)

    def close(self) -> None:
        """A server's client stays open for the next one: it is never stale."""
        if self._place:
            self._client.close()
            _PLACES.discard(self._place)


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


def _embedded(place: str) -> Any:
    try:
        return chromadb.PersistentClient(place, Settings(anonymized_telemetry=False))
    except BaseException:
        _PLACES.discard(place)
        raise


@lru_cache(maxsize=4)
def _server(url: str) -> Any:
    """One client an address: Chroma 1.5 keeps each for ever, closed or not, with its connections."""
    address = urlsplit(url)
    try:
        return chromadb.HttpClient(
            host=address.hostname or url,
            port=address.port or (443 if address.scheme == "https" else 8000),
            ssl=address.scheme == "https",
            settings=Settings(anonymized_telemetry=False),
        )
    except Exception as error:  # Chroma wraps the refused connection in ValueError
        raise UnusableError(
            f"no Chroma server answers at {url}: start one with `chroma run`, or unset TCC_CHROMA_URL"
        ) from error
