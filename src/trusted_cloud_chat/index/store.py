"""The location of an index on disk, and the embedder and chunking that made it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from packaging.version import Version

from trusted_cloud_chat import __version__
from trusted_cloud_chat.errors import (
    IndexDamagedError,
    IndexEmptyError,
    IndexMismatchError,
    IndexTooNewError,
    StoreLostError,
)
from trusted_cloud_chat.index.catalog import Catalog
from trusted_cloud_chat.index.chroma import ChromaServer
from trusted_cloud_chat.index.database import SCHEMA_VERSION
from trusted_cloud_chat.index.derived import PREFIX, Derived, drop_collection, home_id, lasting
from trusted_cloud_chat.index.home_files import remove_tree
from trusted_cloud_chat.index.trouble import REBUILD, REBUILD_COMMAND, decoding
from trusted_cloud_chat.progress import Progress
from trusted_cloud_chat.schema import Article

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


def is_outdated(catalog: Catalog, rules: str) -> bool:
    """Whether its schema is older, or its chunks were cut by other rules: it is read as it is, and the next run replaces it.

    Raises IndexDamagedError, IndexTooNewError if a newer release cut the chunks.
    """
    other_rules, release = Fingerprint.of(catalog).rules != rules, catalog.meta("release")
    with decoding("the catalog"):
        newer = release is not None and Version(release) > Version(__version__)
    if other_rules and newer:
        raise IndexTooNewError(
            f"the index was made by trusted-cloud-chat {release}, which cuts texts by other rules than this one, {__version__}: "
            "update with `pip install --upgrade trusted-cloud-chat`, or point TCC_HOME elsewhere"
        )
    return other_rules or catalog.schema < SCHEMA_VERSION


def open_catalog(home: Path) -> Catalog:
    """The catalog in use, to read. Raises as `StoreFolder.open` does."""
    return StoreFolder(home).open()


class StoreFolder:
    """`TCC_HOME/index`: numbered folders with `catalog.db` and, beside it, vectors and words. The newest with a commit is in use."""

    def __init__(self, home: Path, server: str | ChromaServer = "") -> None:
        self.folder = home / "index"
        self.server = ChromaServer.of(server)

    def open(self, *, begun: bool = False) -> Catalog:
        """The catalog in use, to read; with `begun`, failing that, the one of a first run that was stopped.

        Raises IndexEmptyError if nothing was ever committed, IndexDamagedError, IndexTooNewError, StorageError.
        """
        _, catalog = self.found()
        if catalog is None and begun and (newest := self.newest()) and not self._is_bare(newest):
            return self.catalog(newest, read_only=True)
        if catalog is None:
            raise IndexEmptyError(
                "nothing is indexed yet: run `trusted-cloud-chat ingest` (or `make chat`, which does it first)"
            )
        if isinstance(catalog, IndexDamagedError):
            raise catalog
        return catalog

    def in_use(self) -> int | None:
        """The number of the store in use, be it damaged; None if nothing was ever committed."""
        number, catalog = self.found()
        if isinstance(catalog, Catalog):
            catalog.close()
        return number

    def found(self) -> tuple[int, Catalog | IndexDamagedError] | tuple[None, None]:
        """The newest store with a commit, its catalog open to read; or a newer one that is too damaged to tell."""
        for number in sorted(self._numbers(), reverse=True):
            try:
                with ExitStack() as opened:
                    catalog = self.catalog(number, read_only=True)
                    opened.callback(catalog.close)
                    if catalog.is_in_use:
                        opened.pop_all()
                        return number, catalog
            except IndexDamagedError as error:
                if not self._is_bare(number):
                    return number, error
        return None, None

    def _is_bare(self, number: int) -> bool:
        """Whether a run has only just created it: its catalog has no tables yet."""
        shown = (path for path in self.place(number).glob("[!.]*") if not path.name.endswith(("-wal", "-shm")))
        return all(path.is_file() and path.stat().st_size <= _A_PAGE for path in shown)

    def place(self, number: int) -> Path:
        """The folder of that store."""
        return self.folder / str(number)

    def catalog(self, number: int, *, read_only: bool) -> Catalog:
        """Raises IndexDamagedError if it is damaged or, for a reader, missing; IndexTooNewError, StorageError."""
        return Catalog(self.place(number) / "catalog.db", read_only=read_only)

    def derived(self, catalog: Catalog) -> Derived:
        """The vectors and words that `catalog` names; the folder may be missing."""
        return Derived(catalog.folder / (catalog.meta("made") or f"{PREFIX}0"), self.server)

    def refill(self, catalog: Catalog, tell: Progress) -> Derived:
        """Fill new vectors and words and have the catalog name them; readers switch at their next question."""
        made, count = Derived.begin(catalog.folder, self.server), catalog.number("live_articles")
        step = f"make vectors and words anew from what is stored, {lasting(catalog.count_chunks())}"

        def live() -> Iterator[Article]:
            for done, article in enumerate(catalog.every("live")):
                tell(step, done, count)
                yield article

        made.write(catalog, live())
        tell(step, count, count)
        with catalog.transaction():
            catalog.set_meta("made", made.folder.name)
            catalog.set_meta("dead_vectors", "0")
            catalog.set_meta("aside", "")
        self.sweep(catalog)
        return made

    def sweep(self, catalog: Catalog) -> None:
        """Delete vectors and words that the catalog does not name."""
        for made in self._unnamed(catalog):
            made.remove()

    def _unnamed(self, catalog: Catalog) -> list[Derived]:
        named = catalog.meta("made")
        return [made for made in self._derived(catalog.folder) if made.folder.name != named]

    def _derived(self, folder: Path) -> list[Derived]:
        return [Derived(path, self.server) for path in sorted(folder.glob(f"{PREFIX}*"))]

    def remove(self, number: int) -> None:
        """Delete its collections on a server, then the folder, which alone names them."""
        for made in self._derived(self.place(number)):
            made.remove()
        if self.server:  # 1.0.0 named its collection in the catalog
            with suppress(StoreLostError, IndexDamagedError), closing(self.catalog(number, read_only=True)) as catalog:
                if name := catalog.meta("collection"):
                    drop_collection(self.server, name, home_id(self.folder))
        if not self._derived(self.place(number)):
            remove_tree(self.place(number))

    def remove_others(self, *kept: int | None) -> None:
        """Delete every store but `kept`."""
        for number in self._numbers():
            if number not in kept:
                self.remove(number)

    def leftovers(self) -> list[Path]:
        """Folders that are not in use, which the next run deletes or resumes."""
        used, catalog = self.found()
        left = [self.place(number) for number in sorted(self._numbers()) if number != used]
        if isinstance(catalog, Catalog):
            with closing(catalog):
                left += [made.folder for made in self._unnamed(catalog)]
        return left

    def newest(self) -> int:
        """The number of the newest store, in use or not; 0 if there is none."""
        return max(self._numbers(), default=0)

    def _numbers(self) -> list[int]:
        if not self.folder.is_dir():
            return []
        return [int(path.name) for path in self.folder.iterdir() if path.is_dir() and path.name.isdigit()]
