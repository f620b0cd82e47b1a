"""The vector index: a Chroma collection in a folder or on a server, with texts and labels for other programs."""

import os
import struct
import time
import warnings
import weakref
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

import chromadb
import httpx
import numpy as np
from chromadb.config import Settings
from chromadb.errors import AuthorizationError, ChromaAuthError, InternalError, NotFoundError, RateLimitError
from numpy.typing import NDArray

from trusted_cloud_chat.errors import IndexBusyError, ServerError, StoreLostError, TrustedCloudChatError, causes
from trusted_cloud_chat.index.catalog import Catalog
from trusted_cloud_chat.index.chroma import AT_ONCE, ChromaServer, day_label, labels_of
from trusted_cloud_chat.index.records import Pair
from trusted_cloud_chat.index.trouble import REFILL, brief, told

_HNSW: dict[str, Any] = {"space": "cosine", "ef_search": 200, "ef_construction": 200, "sync_threshold": 200}
"""`sync_threshold`: queued changes after which Chroma writes its search files; every opening replays the queue, 0.5 s for 500."""
_HOME = "home"
"""Metadata key: the home that owns the collection."""
_LOCKED_S = (0.1, 0.5, 1.0, 2.0, 5.0)
"""Pauses between attempts while a reader rolls back a killed run: SQLite then reports a locked database at once."""
_OLDEST = "oldest_generation"
"""Metadata key on a server: the oldest generation that is still whole."""
_COPY = "if another machine ingests, copy its TCC_HOME/index here again"
_HEADER = struct.Struct("<i4Q")
_OPENED = count()
PAUSES_S = (0.2, 0.5, 1.5)
"""Pauses before each further attempt to reach a server."""
_TIMEOUT = httpx.Timeout(60, connect=5)
_REFUSALS = (ChromaAuthError, AuthorizationError)
_PASSES = (httpx.TransportError, httpx.HTTPStatusError, InternalError, RateLimitError)
"""Errors that may pass: no server, a broken connection, an overload."""
_NOT_TRUSTED = "CERTIFICATE_VERIFY_FAILED"


class VectorIndex:
    """A cosine collection. A client does not see what another process writes until it is reopened.

    A reader (`create=False`) raises StoreLostError if the collection is missing or unreadable, ServerError, StorageError. A writer
    (`home`) raises StoreLostError if another home owns the collection.
    """

    def __init__(
        self, folder: Path, collection: str, server: str | ChromaServer = "", *, create: bool = True, home: str = ""
    ) -> None:
        self._server, self._folder = ChromaServer.of(server), folder
        self._name = f"the vector store {self._server or folder}"
        self._count: int | None = None
        if not self._server and not create and not (folder / "chroma.sqlite3").is_file():
            raise StoreLostError(f"{self._name} is missing: {REFILL}")
        self._client: Any = open_server(self._server) if self._server else self._call(_embedded, folder)
        # A server's client stays open for reuse; an embedded client is closed after the last reader's question at the latest.
        self.close = weakref.finalize(self, _close, None if self._server else self._client)
        self._collection = self._open(collection, create, home)

    def _open(self, name: str, create: bool, home: str) -> Any:
        if create:
            given = {"configuration": {"hnsw": dict(_HNSW)}, "metadata": {_HOME: home}}
            return self._call(self._client.get_or_create_collection, name, embedding_function=None, **given)
        try:
            found = self._call(self._client.get_collection, name, embedding_function=None)
        except StoreLostError as error:
            if not isinstance(error.__cause__, NotFoundError):
                raise
            copy = f"{_COPY}; else " if self._server else ""
            raise StoreLostError(f"{self._name} has no collection {name} of this index: {copy}{REFILL}") from error
        # An embedded collection is copied with its folder, a server's is not.
        if self._server and home and (found.metadata or {}).get(_HOME, home) != home:
            raise StoreLostError(
                f"{self._name} has the collection {name} of another home, of which this one is a copy: {REFILL}"
            )
        return found

    def put(self, pairs: Sequence[Pair]) -> None:
        """Add or replace at most `AT_ONCE` chunks with labels and with their texts verbatim, without the title and date that are embedded with them."""
        self._count = None
        self._call(
            self._collection.upsert,
            ids=[stored.chunk.chunk_id for _, stored in pairs],
            embeddings=np.array([stored.vector for _, stored in pairs], np.float32),
            documents=[article.text[stored.chunk.start : stored.chunk.end] for article, stored in pairs],
            metadatas=[labels_of(article, stored.chunk) for article, stored in pairs],
        )

    def delete(self, chunk_ids: Sequence[str]) -> None:
        self._count = None
        for start in range(0, len(chunk_ids), AT_ONCE):
            self._call(self._collection.delete, ids=list(chunk_ids[start : start + AT_ONCE]))

    def query(self, vector: NDArray[np.float32], k: int, as_of: date | None = None) -> list[tuple[str, float]]:
        """At most `k` chunk ids with their cosine, -1 to 1, nearest first; with `as_of`, of articles published by that day."""
        if self.count() == 0:
            return []
        day = {"where": {"last_day": {"$lte": day_label(as_of)}}} if as_of else {}
        asked = min(k, self.count())
        found = self._call(
            self._collection.query, query_embeddings=[vector], n_results=asked, include=["distances"], **day
        )
        return [
            (chunk_id, 1.0 - float(distance))
            for chunk_id, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        ]

    def ids(self) -> set[str]:
        return set(self._call(self._collection.get, include=[])["ids"])

    def count(self) -> int:
        """Cached until this client writes: counting takes as long as a search."""
        if self._count is None:
            self._count = int(self._call(self._collection.count))
        return self._count

    def check(self, catalog: Catalog) -> None:
        """Raises StoreLostError unless it has every live chunk."""
        live = set(catalog.chunk_ids())
        if lost := len(live - self.ids()):
            raise StoreLostError(
                f"{self._name} holds {len(live) - lost} of the {len(live)} chunks of the index: {REFILL}"
            )

    def keep_from(self, generation: int) -> None:
        """Record for readers on other machines that `generation` is the oldest that is whole."""
        known = self._collection.metadata or {}
        if self._server and generation > known.get(_OLDEST, 0):
            self._call(self._collection.modify, metadata={**known, _OLDEST: generation})

    def check_kept(self, generation: int) -> None:
        """Ask a server whether `generation` is still whole: another machine writes to it. Raises StoreLostError if not."""
        if not self._server:
            return
        found = self._call(self._client.get_collection, self._collection.name, embedding_function=None)
        oldest = (found.metadata or {}).get(_OLDEST, 0)
        if generation < oldest:
            raise StoreLostError(
                f"{self._name} holds the generations from {oldest} on, and this index is of generation {generation}: {_COPY}; else {REFILL}"
            )

    def drop(self) -> None:
        self._call(self._client.delete_collection, self._collection.name)

    def _call(self, function: Callable[..., Any], *given: Any, **named: Any) -> Any:
        return _retried(self._server or self._folder, function, *given, **named)


def scrub(folder: Path) -> bool:
    """Zero the unused space in the files of a Chroma that this process has not open; returns whether all files had the known layout.

    Chroma fills the space reserved behind a segment's vectors with uninitialised memory, which has held deleted texts.
    """
    known = True
    for header in folder.glob("*/header.bin"):
        try:
            form, _, room, count, size = _HEADER.unpack_from(header.read_bytes())
        except struct.error:
            form = 0
        ends = {header.with_name("data_level0.bin"): size, header.with_name("length.bin"): 4} if form == 1 else {}
        if not ends or not all(count * each <= path.stat().st_size <= room * each for path, each in ends.items()):
            known = False
            continue
        for path, each in ends.items():
            end = path.stat().st_size
            os.truncate(path, count * each)
            os.truncate(path, end)  # reads as zeros
    return known


def _embedded(folder: Path) -> Any:
    """A client under a new spelling of `folder`: « / » and « /. » for the bits of a number.

    All clients of one spelling share a state in Chroma, even after a failure, and it misses what other processes write.
    """
    folder.mkdir(parents=True, exist_ok=True)
    place = str(folder) + "".join("/" if bit == "0" else "/." for bit in f"{next(_OPENED):024b}")
    return chromadb.PersistentClient(place, Settings(anonymized_telemetry=False))


def _close(client: Any) -> None:
    if client:
        with suppress(TrustedCloudChatError), told("the vector store"):
            client.close()


def open_server(server: ChromaServer) -> Any:
    """The client of `server`. Raises ServerError."""
    return _retried(server, _client, server)


def _retried(place: ChromaServer | Path, function: Callable[..., Any], *given: Any, **named: Any) -> Any:
    """Call `function`, which may run twice, until the server at `place` answers or the database there is unlocked.

    Raises ServerError, IndexBusyError, StoreLostError for a missing collection.
    """
    for pause in (*(PAUSES_S if isinstance(place, ChromaServer) else _LOCKED_S), None):
        try:
            with told(f"the vector store {place}"):
                return function(*given, **named)
        except TrustedCloudChatError as error:
            trouble = _trouble(place, error) if isinstance(place, ChromaServer) else None
            may_pass = trouble[1] if trouble else isinstance(error, IndexBusyError)
            if pause is None or not may_pass:
                if trouble is None:
                    raise
                raise ServerError(trouble[0]) from error
        time.sleep(pause)
    raise AssertionError  # the last pause is None


def _trouble(server: ChromaServer, error: BaseException) -> tuple[str, bool] | None:
    """The message for a server error behind `error`, and whether it may pass; None if there is none. Chroma wraps errors in ValueError."""
    cause = next((one for one in causes(error) if isinstance(one, (*_PASSES, *_REFUSALS))), None)
    if cause is None:
        return None
    words, at = brief(cause), f"the Chroma server at {server}"
    refused = isinstance(cause, httpx.HTTPStatusError) and cause.response.status_code in (401, 403)
    if refused or isinstance(cause, _REFUSALS):
        mend = "set TCC_CHROMA_TOKEN, or TCC_CHROMA_URL with user and password (https://USER:PASSWORD@HOST), as the server requires"
        return f"{at} refuses access ({words}): {mend}", False
    if _NOT_TRUSTED in str(cause):
        mend = "set TCC_CHROMA_CA to the file with the certificate of the authority that signed it"
        return f"the certificate of {at} is not trusted ({words}): {mend}", False
    if isinstance(cause, httpx.TransportError):
        said = f"no Chroma server answers at {server} ({words})"
        return f"{said}: start one with `chroma run`, or unset TCC_CHROMA_URL", True
    return f"{at} fails ({words}): see its log and start it again, or unset TCC_CHROMA_URL", True


@lru_cache(maxsize=4)
def _client(server: ChromaServer) -> Any:
    """One client per server: Chroma 1.5 keeps every client and its connections for ever, even if it is closed."""
    settings = Settings(anonymized_telemetry=False, chroma_server_ssl_verify=server.ca or None)
    with warnings.catch_warnings():  # httpx prefers a context, which Chroma cannot pass on
        warnings.filterwarnings("ignore", "`verify=<str>` is deprecated", DeprecationWarning)
        client = chromadb.HttpClient(settings=settings, **server.options())
    session = getattr(getattr(client, "_server", None), "_session", None)
    if session is not None:  # Chroma sets no timeout
        session.timeout = _TIMEOUT
    return client
