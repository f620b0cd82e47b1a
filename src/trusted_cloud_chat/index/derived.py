"""Vectors (Chroma) and words (Tantivy): derived from the catalog, and refilled from it on any doubt.

They lie in one folder with a seal, which records that all was written and synced, and the checksums of the files. `write` breaks the seal
first; so does a reader that finds chunks missing. Without a valid seal readers answer from the catalog, and the next run fills a new
folder, which the catalog then names.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from trusted_cloud_chat.errors import IndexDamagedError, StoreLostError, UnusableError
from trusted_cloud_chat.index.catalog import Catalog
from trusted_cloud_chat.index.chroma import ChromaServer
from trusted_cloud_chat.index.home_files import read_json, remove_tree, sync, write_through
from trusted_cloud_chat.index.lexical import LexicalDocument, LexicalIndex, to_lexical
from trusted_cloud_chat.index.records import StoredChunk
from trusted_cloud_chat.index.trouble import INGEST_COMMAND, REFILL, told
from trusted_cloud_chat.schema import Article

if TYPE_CHECKING:
    from trusted_cloud_chat.index.vectors import VectorIndex

FORM = 1
"""Version of the labels and words written; raise it when they change, and every index is refilled."""
PREFIX = "made-"
"""Prefix of the folders' names; a number follows."""
_WORDS, _MADE, _SEAL = "words", "made.json", "seal.json"
_OPEN = "a run that wrote to them has not ended"
Batch = list[tuple[Article, list[StoredChunk]]]
_AT_ONCE = 2000
"""Chunks per batch."""
_MACHINE = Path("/etc/machine-id")
_A_SECOND = 250
"""Chunks written per second: a core manages 330, of 100,000 chunks 240 (`docs/benchmark.md`)."""
_PART = 1 << 20


@dataclass(frozen=True, slots=True)
class Derived:
    """A folder of vectors and words; `server` is the Chroma server of the present settings, if any."""

    folder: Path
    server: ChromaServer

    @classmethod
    def begin(cls, store: Path, server: ChromaServer) -> Derived:
        """A new, empty one that no catalog names yet. Several indexes may share a Chroma server."""
        numbers = [int(path.name[len(PREFIX) :]) for path in store.glob(f"{PREFIX}*") if path.name[5:].isdigit()]
        made = cls(store / f"{PREFIX}{max(numbers, default=0) + 1}", server)
        with told(str(made.folder), IndexDamagedError, ""):
            made.folder.mkdir(parents=True)
            note = {"form": FORM, "collection": f"chunks-{uuid4().hex}", "server": bool(server)}
            write_through(made.folder / _MADE, json.dumps(note))
        made.vectors(create=True, write=True).close()
        made.words(create=True)
        return made

    @property
    def collection(self) -> str:
        """The name of the Chroma collection; empty if it is lost."""
        return str(read_json(self.folder / _MADE).get("collection", ""))

    @property
    def chroma(self) -> Path:
        return self.folder / "chroma"

    def fault(self, *, deep: bool = False) -> str:
        """Why it cannot be trusted; empty if it is unchanged since the last run. Reads files whose size or time changed; with `deep`, all."""
        note, seal = read_json(self.folder / _MADE), read_json(self.folder / _SEAL)
        if not note.get("collection") or not isinstance(seal.get("files"), dict):
            return str(seal.get("doubt") or f"what was made from the catalog is missing in {self.folder}")
        if note.get("form") != FORM:
            return f"another release made what is in {self.folder}"
        if note.get("server") != bool(self.server):
            anew = f"`{INGEST_COMMAND}` writes them anew, without embedding again"
            if note.get("server"):
                return f"the vectors lie on a Chroma server, and TCC_CHROMA_URL is empty: set it to the server's address, or {anew}"
            return f"the vectors lie in {self.folder}, and TCC_CHROMA_URL names {self.server}: `unset TCC_CHROMA_URL`, or {anew}"
        for name, (size, changed, checksum) in seal["files"].items():
            with suppress(OSError):
                found = (self.folder / name).stat()
                as_left = found.st_size == size and found.st_mtime_ns == changed and not deep
                if size is None or as_left or (found.st_size == size and _sum(self.folder / name) == checksum):
                    continue
            return f"the file {self.folder / name} is damaged or missing"
        return ""

    def refill_note(self, catalog: Catalog, why: str = "") -> str:
        """Why the next run refills it, `why` or its fault, and how long that takes; empty if nothing is wrong."""
        why = why or self.fault()
        return why and f"{why} ({lasting(catalog.count_chunks())})"

    def check(self, *, deep: bool = False) -> None:
        """Raises StoreLostError."""
        if fault := self.fault(deep=deep):
            raise StoreLostError(f"{fault}: {REFILL}")

    @property
    def is_sealed(self) -> bool:
        return "files" in read_json(self.folder / _SEAL)

    def unseal(self, why: str = _OPEN) -> None:
        """Mark it as not to be trusted. Raises StorageError."""
        with told(str(self.folder), IndexDamagedError, ""):
            write_through(self.folder / _SEAL, json.dumps({"doubt": why}))

    def seal(self) -> None:
        """Sync every file and record its checksum. Raises StorageError."""
        with told(str(self.folder), IndexDamagedError, ""):
            # SQLite's file is not opened here: closing it would drop this process's locks on it.
            files: dict[str, Any] = {} if self.server else {"chroma/chroma.sqlite3": (None, 0, 0)}
            for path in self._files():
                sync(path)
                found = path.stat()
                files[path.relative_to(self.folder).as_posix()] = (found.st_size, found.st_mtime_ns, _sum(path))
            for place in {path.parent for path in self._files()} | {self.folder, self.folder.parent}:
                sync(place)
            write_through(self.folder / _SEAL, json.dumps({"files": files}))

    def _files(self) -> list[Path]:
        """The files that only a run writes. A Chroma segment without its pickle is empty, and every reader writes to it."""
        segments = [marker.parent for marker in sorted(self.folder.glob("chroma/*/index_metadata.pickle"))]
        inside = [path for place in (*segments, self.folder / _WORDS) if place.is_dir() for path in place.iterdir()]
        return sorted(path for path in inside if path.is_file() and path.name[0] != ".")

    def write(
        self, catalog: Catalog, brought: Iterable[Article], relabelled: Iterable[Article] = (), gone: Sequence[str] = ()
    ) -> None:
        """Add the chunks of `brought`, update the labels of `relabelled`, delete the chunks that are `gone`, then sync and seal.

        Raises StoreLostError if it cannot be opened or written, StorageError, ServerError; it is unsealed then.
        """

        def handed(articles: Iterable[Article], put: Callable[[Batch], None]) -> Iterator[LexicalDocument]:
            """Hands the chunks to `put` in batches and yields their words, so that they are read once."""
            batch: Batch = []
            size = 0
            for article in articles:
                stored = catalog.chunks_of(article.article_id, article.version)
                yield from (to_lexical(article, one) for one in stored)
                batch.append((article, stored))
                size += len(stored)
                if size >= _AT_ONCE:
                    put(batch)
                    batch, size = [], 0
            put(batch)

        words = self.words()
        with closing(self.vectors(write=True)) as vectors:
            self.unseal()
            words.update(chain(handed(brought, vectors.put), handed(relabelled, vectors.relabel)), gone)
            vectors.keep_from(catalog.generation)
            vectors.delete(gone)
        self.seal()

    def vectors(self, *, create: bool = False, write: bool = False) -> VectorIndex:
        """Raises StoreLostError, ServerError, StorageError."""
        from trusted_cloud_chat.index.vectors import VectorIndex

        home = home_id(self.folder.parents[1]) if write else ""
        return VectorIndex(self.chroma, self.collection or "none", self.server, create=create, home=home)

    def words(self, *, create: bool = False) -> LexicalIndex:
        """Raises StoreLostError, StorageError."""
        return LexicalIndex(self.folder / _WORDS, create=create)

    def remove(self) -> None:
        """Delete its collection on a server, then the folder, which alone names the collection."""
        if self.server and read_json(self.folder / _MADE).get("server"):
            try:
                drop_collection(self.server, self.collection, home_id(self.folder.parents[1]))
            except UnusableError as error:
                if not isinstance(error, StoreLostError):
                    return
        remove_tree(self.folder)


def drop_collection(server: ChromaServer, name: str, home: str) -> None:
    """Raises ServerError, StoreLostError where it is not there."""
    from trusted_cloud_chat.index.vectors import VectorIndex

    with closing(VectorIndex(Path(), name, server, create=False)) as vectors:
        vectors.drop(home)


def home_id(folder: Path) -> str:
    """Identifies the home with this folder of indexes; a copy of it, on this machine or another, has a different id."""
    machine = _MACHINE.read_text().strip() if _MACHINE.is_file() else ""
    known = f"{machine} {folder.resolve()} {folder.stat().st_ino}"
    return hashlib.sha256(known.encode()).hexdigest()[:32]


def lasting(count: int) -> str:
    """« 404 chunks, about 2 s », as announced before a refill."""
    seconds = count / _A_SECOND
    told_as = f"{max(seconds, 1):.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
    return f"{count:,} chunks, about {told_as}"


def _sum(path: Path) -> int:
    checksum = 0
    with path.open("rb") as file:
        while part := file.read(_PART):
            checksum = zlib.crc32(part, checksum)
    return checksum
