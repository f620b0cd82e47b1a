"""Where an index lies on disk, and what it was made with."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import time
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from trusted_cloud_chat.errors import IndexEmptyError, IndexMismatchError, UnusableError
from trusted_cloud_chat.index.catalog import Catalog
from trusted_cloud_chat.index.lexical import LexicalIndex
from trusted_cloud_chat.index.vectors import VectorIndex

_PAUSES_S = (0.05, 0.1, 0.2, 0.4, 0.0)
"""Waits between attempts to remove a folder."""
REBUILD_COMMAND = "trusted-cloud-chat ingest --rebuild"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What the vectors depend on; vectors of two fingerprints are never mixed."""

    embedder: str
    dimensions: int
    chunking: str

    def check(self, stored: str | None) -> None:
        """Raises IndexMismatchError when the index was made by another embedder, or with chunks of another size."""
        if stored is None:
            return
        made = json.loads(stored)
        if made["embedder"] != self.embedder or made["dimensions"] != self.dimensions:
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
        return cls(**json.loads(stored))


def rules_of(stored: str) -> str:
    """The rules of chunking that a stored fingerprint names; empty where there is none."""
    return str(json.loads(stored)["chunking"]).rpartition(":")[0] if stored else ""


def _size(chunking: str) -> str:
    return chunking.rpartition(":")[2]


class Store:
    """The folders of one complete index: `catalog.db`, `chroma/`, `lexical/`."""

    def __init__(self, folder: Path, server_url: str = "") -> None:
        self.folder = folder
        self.server_url = server_url

    def catalog(self, *, read_only: bool) -> Catalog:
        """Raises IndexEmptyError where it is missing (for a reader) or damaged, IndexTooNewError."""
        try:
            return Catalog(self.folder / "catalog.db", read_only=read_only)
        except sqlite3.DatabaseError as error:
            raise IndexEmptyError(
                f"the index at {self.folder} cannot be opened ({error}): make it anew with `{REBUILD_COMMAND}`"
            ) from error

    def vectors(self, catalog: Catalog) -> VectorIndex:
        return VectorIndex(self.folder / "chroma", catalog.meta("collection") or "chunks", self.server_url)

    def lexical(self) -> LexicalIndex:
        return LexicalIndex(self.folder / "lexical")

    def remove(self) -> None:
        """Delete the folder, and the collection that it has on a server."""
        if self.server_url:
            with suppress(UnusableError), closing(self.catalog(read_only=True)) as catalog:
                self.vectors(catalog).drop()
        remove_tree(self.folder)


def remove_tree(folder: Path) -> None:
    """Delete `folder`, tried again where what is open in it still writes there; what cannot be removed is left."""
    for pause in _PAUSES_S:
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(pause)


class StoreFolder:
    """`TCC_HOME/index`: numbered stores and the name of the one in use."""

    def __init__(self, home: Path, server_url: str = "") -> None:
        self.folder = home / "index"
        self._pointer = self.folder / "current"
        self._server_url = server_url

    def current(self) -> int | None:
        """The number in use; None where nothing was ever committed."""
        try:
            return int(self._pointer.read_text())
        except (FileNotFoundError, NotADirectoryError):
            return None

    def store(self, number: int) -> Store:
        return Store(self.folder / str(number), self._server_url)

    def swap(self, number: int) -> None:
        """Make `number` the store in use, in one step."""
        aside = self.folder / ".current"
        with aside.open("w") as file:
            file.write(str(number))
            file.flush()
            os.fsync(file.fileno())
        aside.replace(self._pointer)
        with suppress(OSError):  # not every system opens a folder, nor every file system writes one out
            folder = os.open(self.folder, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def remove_others(self, *kept: int | None) -> None:
        """Delete every store but `kept`: what a rebuild left, or an interrupted one began."""
        for number in self._numbers():
            if number not in kept:
                self.store(number).remove()

    def newest(self) -> int | None:
        """The store made last, named or not."""
        return max(self._numbers(), default=None)

    def next_number(self) -> int:
        return max(self._numbers(), default=0) + 1

    def _numbers(self) -> list[int]:
        return [int(path.name) for path in self.folder.iterdir() if path.is_dir() and path.name.isdigit()]
