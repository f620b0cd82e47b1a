"""Where an index lies on disk, and what it was made with."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from trusted_cloud_chat.errors import IndexMismatchError
from trusted_cloud_chat.index.catalog import Catalog
from trusted_cloud_chat.index.lexical import LexicalIndex
from trusted_cloud_chat.index.vectors import VectorIndex

REBUILD_COMMAND = "trusted-cloud-chat ingest --rebuild"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What the vectors depend on; vectors of two fingerprints are never mixed."""

    embedder: str
    dimensions: int
    chunking: str

    def check(self, stored: str | None) -> None:
        """Raises IndexMismatchError when the index was made with something else."""
        if stored is None:
            return
        made = json.loads(stored)
        if made["embedder"] != self.embedder or made["dimensions"] != self.dimensions:
            raise IndexMismatchError(
                f"the index was made by the embedder {made['embedder']!r}, and TCC_EMBEDDER now gives "
                f"{self.embedder!r}: set it back, or rebuild the index with `{REBUILD_COMMAND}`"
            )
        if made["chunking"] != self.chunking:
            raise IndexMismatchError(
                f"the index was made with other chunks ({made['chunking']}, now {self.chunking}): set "
                f"TCC_CHUNK_TOKENS back, or rebuild the index with `{REBUILD_COMMAND}`"
            )

    def to_json(self) -> str:
        return json.dumps(asdict(self))


class Store:
    """The folders of one complete index: `catalog.db`, `chroma/`, `lexical/`."""

    def __init__(self, folder: Path, server_url: str = "") -> None:
        self.folder = folder
        self.server_url = server_url

    def catalog(self, *, read_only: bool) -> Catalog:
        return Catalog(self.folder / "catalog.db", read_only=read_only)

    def vectors(self, catalog: Catalog) -> VectorIndex:
        return VectorIndex(self.folder / "chroma", catalog.meta("collection") or "chunks", self.server_url)

    def lexical(self) -> LexicalIndex:
        return LexicalIndex(self.folder / "lexical")


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

    def remove_others(self) -> None:
        """Delete every store but the one in use: what a rebuild left, or an interrupted one began."""
        current = self.current()
        for path in self.folder.iterdir():
            if path.is_dir() and path.name.isdigit() and int(path.name) != current:
                shutil.rmtree(path, ignore_errors=True)

    def next_number(self) -> int:
        taken = [int(path.name) for path in self.folder.iterdir() if path.name.isdigit()]
        return max(taken, default=0) + 1
