"""Chunk id ↔ vector, in Chroma: embedded in a folder, or on a server."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import chromadb
import numpy as np
from chromadb.config import Settings
from numpy.typing import NDArray

from trusted_cloud_chat.errors import UnusableError

_BATCH = 2000
_SEARCH_EF = 200


class VectorIndex:
    """A cosine collection. A Chroma client does not see another process's vectors until it is reopened."""

    def __init__(self, folder: Path, collection: str, server_url: str = "") -> None:
        self._client: Any = _connect(folder, server_url)
        self._collection = self._client.get_or_create_collection(
            collection,
            configuration={"hnsw": {"space": "cosine", "ef_search": _SEARCH_EF, "ef_construction": 200}},
            embedding_function=None,
        )

    def upsert(self, chunk_ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """`vectors` has shape `(len(chunk_ids), dim)`; a known id gets the new vector."""
        for start in range(0, len(chunk_ids), _BATCH):
            ids = list(chunk_ids[start : start + _BATCH])
            self._collection.upsert(ids=ids, embeddings=vectors[start : start + len(ids)])

    def delete(self, chunk_ids: Sequence[str]) -> None:
        """Ids that are not there are ignored."""
        for start in range(0, len(chunk_ids), _BATCH):
            self._collection.delete(ids=list(chunk_ids[start : start + _BATCH]))

    def query(self, vector: NDArray[np.float32], k: int) -> list[tuple[str, float]]:
        """At most `k` chunk ids with their cosine, -1 to 1, nearest first."""
        count = self._collection.count()
        if count == 0:
            return []
        found = self._collection.query(query_embeddings=[vector], n_results=min(k, count), include=["distances"])
        return [
            (chunk_id, 1.0 - float(distance))
            for chunk_id, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        ]

    def ids(self) -> set[str]:
        return set(self._collection.get(include=[])["ids"])

    def count(self) -> int:
        return int(self._collection.count())

    def drop(self) -> None:
        """Delete the collection itself."""
        self._client.delete_collection(self._collection.name)

    def close(self) -> None:
        self._client.close()


def _connect(folder: Path, server_url: str) -> Any:
    quiet = Settings(anonymized_telemetry=False)
    if not server_url:
        folder.mkdir(parents=True, exist_ok=True)
        return chromadb.PersistentClient(str(folder), settings=quiet)
    address = urlsplit(server_url)
    try:
        return chromadb.HttpClient(
            host=address.hostname or server_url,
            port=address.port or (443 if address.scheme == "https" else 8000),
            ssl=address.scheme == "https",
            settings=quiet,
        )
    except Exception as error:  # Chroma wraps the refused connection in ValueError
        raise UnusableError(
            f"no Chroma server answers at {server_url}: start one with `chroma run`, or unset TCC_CHROMA_URL"
        ) from error
