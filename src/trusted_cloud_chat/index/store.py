"""Where an index lies on disk, and with which embedder and chunks it was made."""

from __future__ import annotations

import hashlib
import json
from contextlib import ExitStack, closing, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from trusted_cloud_chat.errors import (
    IndexDamagedError,
    IndexEmptyError,
    IndexMismatchError,
    StoreLostError,
    UnusableError,
)
from trusted_cloud_chat.index.catalog import Catalog
from trusted_cloud_chat.index.chroma import NO_SERVER, ChromaServer
from trusted_cloud_chat.index.derived import PREFIX, Derived, drop_collection, fill
from trusted_cloud_chat.index.home_files import remove_tree
from trusted_cloud_chat.index.trouble import REBUILD, REBUILD_COMMAND, decoding
from trusted_cloud_chat.progress import Progress

_MACHINE = Path("/etc/machine-id")
_A_PAGE = 4096
"""The size in bytes of a SQLite file without tables."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The embedder and chunking of an index; vectors of two fingerprints are never mixed."""

    embedder: str
    dimensions: int | None
    """None before the embedder is loaded."""
    chunking: str

    def check(self, stored: str | None) -> None:
        """Raises IndexMismatchError for another embedder or another chunk size."""
        if stored is None:
            return
        made = Fingerprint.read(stored)
        if made.embedder != self.embedder or self.dimensions not in (None, made.dimensions):
            raise IndexMismatchError(
                f"the index was made by the embedder {made.embedder!r}, and TCC_EMBEDDER now gives "
                f"{self.embedder!r}: set it back, or rebuild the index with `{REBUILD_COMMAND}`"
            )
        if made.chunking.rpartition(":")[2] != self.chunking.rpartition(":")[2]:
            raise IndexMismatchError(
                f"the index was made with other chunks ({made.chunking}, now {self.chunking}): set "
                f"TCC_CHUNK_TOKENS back, or rebuild the index with `{REBUILD_COMMAND}`"
            )

    def outdated(self, stored: str | None) -> bool:
        """Whether the chunks were cut by other rules: they are read as they are, and the next run replaces them."""
        return stored is not None and Fingerprint.read(stored).rules != self.rules

    @property
    def rules(self) -> str:
        """The rules by which texts are cut, without the chunk size."""
        return self.chunking.rpartition(":")[0]

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, stored: str) -> Fingerprint:
        """Raises IndexDamagedError."""
        with decoding("the index's note of what it was made with"):
            return cls(**json.loads(stored))

    @classmethod
    def of(cls, catalog: Catalog) -> Fingerprint:
        """The fingerprint of an index. Raises IndexDamagedError if it has none."""
        made = catalog.meta("fingerprint")
        if made is None:
            raise IndexDamagedError(f"the index does not say what it was made with: {REBUILD}")
        return cls.read(made)


class Store:
    """One numbered folder: `catalog.db` and, beside it, vectors and words."""

    def __init__(self, folder: Path, server: ChromaServer = NO_SERVER) -> None:
        self.folder = folder
        self.server = server

    def catalog(self, *, read_only: bool) -> Catalog:
        """Raises IndexDamagedError if it is damaged or, for a reader, missing; IndexTooNewError, StorageError."""
        return Catalog(self.folder / "catalog.db", read_only=read_only)

    def derived(self, catalog: Catalog) -> Derived:
        """The vectors and words that `catalog` names; the folder may be missing."""
        return Derived(self.folder / (catalog.meta("made") or f"{PREFIX}0"), self.server)

    @property
    def is_bare(self) -> bool:
        """Whether a run has only just created it: its catalog has no tables yet."""
        shown = (path for path in self.folder.glob("[!.]*") if not path.name.endswith(("-wal", "-shm")))
        return all(path.is_file() and path.stat().st_size <= _A_PAGE for path in shown)

    def refill(self, catalog: Catalog, tell: Progress) -> Derived:
        """Fill new vectors and words and have the catalog name them; readers switch at their next question."""
        made = Derived.begin(self.folder, self.server)
        fill(made, catalog, self.home_id, tell)
        with catalog.transaction():
            catalog.set_meta("made", made.folder.name)
            catalog.set_meta("dead_vectors", "0")
            catalog.set_meta("aside", "")
        self.sweep(catalog)
        return made

    def sweep(self, catalog: Catalog) -> None:
        """Delete vectors and words that the catalog does not name."""
        for made in self._derived(but=catalog.meta("made")):
            made.remove(self.home_id)

    def leftovers(self) -> list[Path]:
        """The folders that `sweep` could not delete."""
        with suppress(UnusableError), closing(self.catalog(read_only=True)) as catalog:
            return [made.folder for made in self._derived(but=catalog.meta("made"))]
        return []

    def _derived(self, but: str | None = None) -> list[Derived]:
        return [Derived(path, self.server) for path in sorted(self.folder.glob(f"{PREFIX}*")) if path.name != but]

    @property
    def home_id(self) -> str:
        return home_id(self.folder.parent)

    def remove(self) -> None:
        """Delete its collections on a server, then the folder, which alone names them."""
        for made in self._derived():
            made.remove(self.home_id)
        if self.server:  # 1.0.0 named its collection in the catalog
            with suppress(StoreLostError, IndexDamagedError), closing(self.catalog(read_only=True)) as catalog:
                if name := catalog.meta("collection"):
                    drop_collection(self.server, name, self.home_id)
        if not self._derived():
            remove_tree(self.folder)


def home_id(folder: Path) -> str:
    """Identifies this home; a copy of it, on this machine or another, has a different id."""
    machine = _MACHINE.read_text().strip() if _MACHINE.is_file() else ""
    known = f"{machine} {folder.resolve()} {folder.stat().st_ino}"
    return hashlib.sha256(known.encode()).hexdigest()[:32]


def open_catalog(home: Path) -> Catalog:
    """The catalog in use, to read. Raises as `StoreFolder.open` does."""
    return StoreFolder(home).open()[1]


class StoreFolder:
    """`TCC_HOME/index`: numbered stores, of which the newest with a commit is in use."""

    def __init__(self, home: Path, server: str | ChromaServer = "") -> None:
        self.folder = home / "index"
        self._server = ChromaServer.of(server)

    def open(self) -> tuple[int, Catalog]:
        """The number of the store in use, and its catalog to read.

        Raises IndexEmptyError if nothing was ever committed, IndexDamagedError, IndexTooNewError, StorageError.
        """
        number, catalog = self._found()
        if number is None or catalog is None:
            raise IndexEmptyError(
                "nothing is indexed yet: run `trusted-cloud-chat ingest` (or `make chat`, which does it first)"
            )
        if isinstance(catalog, IndexDamagedError):
            raise catalog
        return number, catalog

    def current(self) -> int | None:
        """The number of the store in use; None if nothing was ever committed. Otherwise raises as `open` does."""
        try:
            number, catalog = self.open()
        except IndexEmptyError:
            return None
        catalog.close()
        return number

    def in_use(self) -> int | None:
        """As `current`, but also for a damaged catalog."""
        number, catalog = self._found()
        if isinstance(catalog, Catalog):
            catalog.close()
        return number

    def _found(self) -> tuple[int, Catalog | IndexDamagedError] | tuple[None, None]:
        """The newest store with a commit, or a newer one that is too damaged to tell."""
        for number in sorted(self._numbers(), reverse=True):
            store = self.store(number)
            try:
                with ExitStack() as opened:
                    catalog = store.catalog(read_only=True)
                    opened.callback(catalog.close)
                    if catalog.is_in_use:
                        opened.pop_all()
                        return number, catalog
            except IndexDamagedError as error:
                if not store.is_bare:
                    return number, error
        return None, None

    def store(self, number: int) -> Store:
        return Store(self.folder / str(number), self._server)

    def remove_others(self, *kept: int | None) -> None:
        """Delete every store but `kept`."""
        for number in self._numbers():
            if number not in kept:
                self.store(number).remove()

    def leftovers(self) -> list[Path]:
        """Folders that are not in use, which the next run deletes or resumes."""
        used = self.in_use()
        stores = [self.store(number).folder for number in sorted(self._numbers()) if number != used]
        return [*stores, *(self.store(used).leftovers() if used is not None else [])]

    def newest(self) -> int | None:
        """The number of the newest store, in use or not."""
        return max(self._numbers(), default=None)

    def next_number(self) -> int:
        return (self.newest() or 0) + 1

    def _numbers(self) -> list[int]:
        if not self.folder.is_dir():
            return []
        return [int(path.name) for path in self.folder.iterdir() if path.is_dir() and path.name.isdigit()]
