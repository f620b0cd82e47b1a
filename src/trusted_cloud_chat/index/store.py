"""Where an index lies on disk, and what it was made with."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import time
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trusted_cloud_chat.errors import (
    IndexDamagedError,
    IndexMismatchError,
    ServerError,
    StorageError,
    StoreLostError,
    UnusableError,
)
from trusted_cloud_chat.index.address import NO_SERVER, ChromaServer
from trusted_cloud_chat.index.catalog import Catalog
from trusted_cloud_chat.index.exact import ExactVectors
from trusted_cloud_chat.index.lexical import LexicalIndex
from trusted_cloud_chat.index.power import power_went, sync_folder
from trusted_cloud_chat.index.sums import check_sums
from trusted_cloud_chat.index.trouble import INGEST_COMMAND, REBUILD_COMMAND, REFILL, decoding, problem, told

if TYPE_CHECKING:
    from trusted_cloud_chat.index.vectors import VectorIndex

_MACHINE = Path("/etc/machine-id")
IMPORTING = ".importing-"
"""What the name of a folder begins with in which an import is unpacked."""
_FEW = 5000
"""Chunks up to which one question is compared with each: a hundredth of a second."""
_PAUSES_S = (0.05, 0.1, 0.2, 0.4, 0.0)
"""Waits between attempts to remove a folder."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What the vectors depend on; vectors of two fingerprints are never mixed."""

    embedder: str
    dimensions: int | None
    """None where it is not known yet, since the embedder is not loaded."""
    chunking: str

    def check(self, stored: str | None) -> None:
        """Raises IndexMismatchError when the index was made by another embedder, or with chunks of another size."""
        if stored is None:
            return
        made = asdict(Fingerprint.read(stored))
        if made["embedder"] != self.embedder or self.dimensions not in (None, made["dimensions"]):
            raise IndexMismatchError(
                f"the index was made by the embedder {made['embedder']!r}, and TCC_EMBEDDER now gives "
                f"{self.embedder!r}: set it back, or rebuild the index with `{REBUILD_COMMAND}`"
            )
        if _size(made["chunking"]) != _size(self.chunking):
            raise IndexMismatchError(
                f"the index was made with other chunks ({made['chunking']}, now {self.chunking}): set "
                f"TCC_CHUNK_TOKENS back, or rebuild the index with `{REBUILD_COMMAND}`"
            )

    def outdated(self, stored: str | None) -> bool:
        """Whether the chunks were made by other rules: they are read as they are, and the next run makes them anew."""
        return stored is not None and rules_of(stored) != self.chunking.rpartition(":")[0]

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, stored: str) -> Fingerprint:
        """Raises IndexDamagedError for what is none."""
        with decoding("the index's note of what it was made with"):
            return cls(**json.loads(stored))


def rules_of(stored: str) -> str:
    """The rules of chunking that a stored fingerprint names; empty where there is none."""
    with decoding("the index's note of what it was made with"):
        return str(json.loads(stored)["chunking"]).rpartition(":")[0] if stored else ""


def _size(chunking: str) -> str:
    return chunking.rpartition(":")[2]


class Store:
    """The folders of one complete index: `catalog.db`, `chroma/`, `lexical/`."""

    def __init__(self, folder: Path, server: ChromaServer = NO_SERVER) -> None:
        self.folder = folder
        self.server = server

    def catalog(self, *, read_only: bool) -> Catalog:
        """Raises IndexDamagedError where it is missing (for a reader) or damaged, IndexTooNewError, StorageError."""
        return Catalog(self.folder / "catalog.db", read_only=read_only)

    def vectors(self, catalog: Catalog, *, create: bool = False, bind: bool = False) -> VectorIndex:
        """Those that `catalog` speaks of; with `create` a new collection, with `bind` one that no other home writes to.

        Raises StoreLostError where they are missing, damaged, elsewhere or another home's, ServerError, StorageError.
        """
        from trusted_cloud_chat.index.vectors import VectorIndex

        folder, server = self.folder / "chroma", self.server
        if create:
            catalog.set_meta("vectors_at", "server" if server else "folder")
        else:
            _check_place(self._place(catalog), folder, server)
        home = home_id(self.folder.parent) if create or bind else ""
        return VectorIndex(folder, catalog.meta("collection") or "chunks", server, create=create, home=home)

    def vectors_to_read(self, catalog: Catalog, *, once: bool = False) -> VectorIndex | ExactVectors:
        """Chroma writes as it opens, even to read: where it may not, the catalog's own vectors are compared one by one.

        So they are where few of them are asked `once`: they are the same, and to load Chroma takes longer than the answer. And so
        they are after a power cut, when Chroma's files may be of different ages, until the next run has made them anew.
        """
        try:
            if not self.server and power_went(catalog):
                return ExactVectors(catalog)
            folder = self.folder / "chroma"
            files = [folder, folder / "chroma.sqlite3"]
            if once and self._place(catalog) == "folder" and not self.server and catalog.count_chunks() <= _FEW:
                if not files[1].is_file():
                    raise StoreLostError(f"the vector store {folder} is missing: {REFILL}")
                check_sums(folder)
                return ExactVectors(catalog)
            if not self.server and any(path.exists() and not os.access(path, os.W_OK) for path in files):
                return ExactVectors(catalog)
            return self.vectors(catalog)
        except StorageError:
            return ExactVectors(catalog)

    def lexical(self, *, create: bool = False) -> LexicalIndex:
        """Raises StoreLostError where the words are missing or damaged, StorageError."""
        return LexicalIndex(self.folder / "lexical", create=create)

    def has_files(self, catalog: Catalog) -> bool:
        """Whether the files are there that both stores begin with; those of a server are its own affair."""
        begun = [self.folder / "lexical" / "meta.json"]
        if self._place(catalog) == "folder":
            begun.append(self.folder / "chroma" / "chroma.sqlite3")
        return all(path.is_file() for path in begun)

    def _place(self, catalog: Catalog) -> str:
        """Where the vectors lie; an index of an earlier version has not noted it."""
        return catalog.meta("vectors_at") or ("folder" if (self.folder / "chroma").exists() else "server")

    def remove(self) -> None:
        """Delete the folder, and the collection that it has on a server: first, since nothing else names it."""
        if self.server:
            try:
                with closing(self.catalog(read_only=True)) as catalog:
                    self.vectors(catalog).drop(home_id(self.folder.parent))
            except ServerError:
                return
            except UnusableError:
                pass
        remove_tree(self.folder)


def remove_tree(folder: Path) -> None:
    """Delete `folder`, tried again where what is open in it still writes there; what cannot be removed is left."""
    for pause in _PAUSES_S:
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(pause)


def _check_place(at: str, folder: Path, server: ChromaServer) -> None:
    """Raises StoreLostError where the vectors lie in the folder and a server is named, or the other way round."""
    refill = (
        f"run `{INGEST_COMMAND}`, which writes them {'there' if server else 'into TCC_HOME'} without embedding again"
    )
    if at == "folder" and server:
        raise StoreLostError(
            f"the vectors lie in {folder}, and TCC_CHROMA_URL names {server}: `unset TCC_CHROMA_URL`, or {refill}"
        )
    if at == "server" and not server:
        raise StoreLostError(
            f"the vectors lie on a Chroma server, and TCC_CHROMA_URL is empty: set it to the server's address, or {refill}"
        )


def home_id(folder: Path) -> str:
    """A name of this very home: a copy of it, elsewhere on this machine or on another one, has another name."""
    machine = _MACHINE.read_text().strip() if _MACHINE.is_file() else ""
    known = f"{machine} {folder.resolve()} {folder.stat().st_ino}"
    return hashlib.sha256(known.encode()).hexdigest()[:32]


class StoreFolder:
    """`TCC_HOME/index`: numbered stores and the name of the one in use."""

    def __init__(self, home: Path, server: str | ChromaServer = "") -> None:
        self.folder = home / "index"
        self._pointer = self.folder / "current"
        self._server = ChromaServer.of(server)

    @property
    def on_server(self) -> bool:
        """Whether the vectors lie on a Chroma server."""
        return bool(self._server)

    def current(self) -> int | None:
        """The number in use; None where nothing was ever committed. Raises StoreLostError for what is no number."""
        try:
            if not stat.S_ISREG(self._pointer.stat().st_mode):
                raise ValueError("a folder, or a pipe that nobody writes to")
            return int(self._pointer.read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise problem(error, str(self._pointer), StoreLostError, REFILL) from error
        except ValueError:
            raise StoreLostError(
                f"{self._pointer} is damaged (expected the number of a folder beside it): `{INGEST_COMMAND}` writes it anew"
            ) from None

    def named(self) -> int | None:
        """The number in use, where one is named and its folder is there."""
        try:
            number = self.current()
        except IndexDamagedError:
            return None
        return number if number is not None and self.store(number).folder.is_dir() else None

    def was_named(self) -> bool:
        """Whether one was ever in use."""
        try:
            return self._pointer.exists()
        except OSError:  # what may not be looked at is there
            return True

    def committed(self) -> int | None:
        """The newest store that a run has committed to: the one in use, where its name is lost."""
        for number in sorted(self._numbers(), reverse=True):
            with suppress(UnusableError), closing(self.store(number).catalog(read_only=True)) as catalog:
                # One that a rebuild has begun goes on counting generations, and nothing of it is live before it commits.
                if catalog.generation > 0 and catalog.contents.was_committed:
                    return number
        return None

    def store(self, number: int) -> Store:
        return Store(self.folder / str(number), self._server)

    def swap(self, number: int | None) -> None:
        """Make `number` the store in use, in one step; with None no store is."""
        if number is None:
            self._pointer.unlink(missing_ok=True)
            return
        aside = self.folder / ".current"
        with told(str(self._pointer), IndexDamagedError), aside.open("w") as file:
            file.write(str(number))
            file.flush()
            os.fsync(file.fileno())
        if self._pointer.is_dir():
            remove_tree(self._pointer)
        aside.replace(self._pointer)
        sync_folder(self.folder)

    def remove_others(self, *kept: int | None) -> None:
        """Delete every store but `kept`: what a rebuild left, or an interrupted one began."""
        for number in self._numbers():
            if number not in kept:
                self.store(number).remove()

    def sweep(self) -> None:
        """Delete what a killed import left half unpacked; for who holds the lock."""
        for leftover in self.folder.glob(f"{IMPORTING}*"):
            remove_tree(leftover)

    def leftovers(self) -> list[Path]:
        """Folders that belong to no index in use, which the next run deletes or goes on with."""
        if not self.folder.is_dir():
            return []
        stores = [self.store(number).folder for number in sorted(self._numbers()) if number != self.named()]
        return [*stores, *sorted(self.folder.glob(f"{IMPORTING}*"))]

    def newest(self) -> int | None:
        """The store made last, named or not."""
        return max(self._numbers(), default=None)

    def next_number(self) -> int:
        return max(self._numbers(), default=0) + 1

    def _numbers(self) -> list[int]:
        return [int(path.name) for path in self.folder.iterdir() if path.is_dir() and path.name.isdigit()]
