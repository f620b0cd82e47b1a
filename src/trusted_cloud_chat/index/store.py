"""An index on disk: `TCC_HOME/index` has numbered stores, each a catalog and a folder with the vectors and words made from it."""

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from packaging.version import Version

from trusted_cloud_chat import __version__
from trusted_cloud_chat.errors import (
    IndexDamagedError,
    IndexEmptyError,
    IndexMismatchError,
    IndexTooNewError,
    StoreLostError,
    UnusableError,
)
from trusted_cloud_chat.index.catalog import Catalog
from trusted_cloud_chat.index.chroma import AT_ONCE, ChromaServer
from trusted_cloud_chat.index.database import SCHEMA_VERSION
from trusted_cloud_chat.index.home_files import read_json, remove_tree, sync, write_through
from trusted_cloud_chat.index.lexical import LexicalDocument, LexicalIndex, to_lexical
from trusted_cloud_chat.index.trouble import INGEST_COMMAND, REBUILD, REBUILD_COMMAND, REFILL, decoding, told
from trusted_cloud_chat.progress import Progress, followed, spoken_time
from trusted_cloud_chat.schema import Article

if TYPE_CHECKING:
    from trusted_cloud_chat.index.vectors import VectorIndex

FORM = 1
"""Version of the labels and words written; raise it when they change, and every index is refilled."""
_PREFIX = "made-"
_WORDS, _MADE, _SEAL = "words", "made.json", "seal.json"
_A_SECOND = 250
"""Chunks written per second: one core writes 330, or 240 in an index of 100,000 (`docs/benchmark.md`)."""
_PART = 1 << 20
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

    def check(self, catalog: Catalog) -> None:
        """Raises IndexMismatchError for another embedder or another chunk size."""
        made = Fingerprint.of(catalog) if catalog.meta("fingerprint") else self
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
    def of(cls, catalog: Catalog) -> "Fingerprint":
        """Raises IndexDamagedError if the index has none."""
        made = catalog.meta("fingerprint")
        if made is None:
            raise IndexDamagedError(f"the index has no note of its embedder: {REBUILD}")
        with decoding("the index's note of its embedder"):
            return cls(**json.loads(made))


def is_outdated(catalog: Catalog, rules: str) -> bool:
    """Whether its schema is older, or its chunks were cut by other rules: it is read as it is, and the next run replaces it.

    Raises IndexDamagedError, IndexTooNewError if a newer release cut the chunks.
    """
    other_rules, release = Fingerprint.of(catalog).rules != rules, catalog.meta("release")
    with decoding("the catalog"):
        newer = release is not None and Version(release) > Version(__version__)
    if other_rules and newer:
        raise IndexTooNewError(
            f"the index was made by trusted-cloud-chat {release}, which cuts texts by newer rules than this release, {__version__}: "
            "update with `pip install --upgrade trusted-cloud-chat`, or point TCC_HOME elsewhere"
        )
    return other_rules or catalog.schema < SCHEMA_VERSION


@dataclass(frozen=True, slots=True)
class Derived:
    """A folder of vectors (Chroma) and words (Tantivy); `server` is the Chroma server of the settings, if any.

    Its seal has the checksums of its files, once all is written and synced. `write` breaks the seal first; so does a reader that misses
    chunks. Without a valid seal readers answer from the catalog, and the next run fills a new folder.
    """

    folder: Path
    server: ChromaServer

    @classmethod
    def begin(cls, store: Path, server: ChromaServer) -> "Derived":
        """A new, empty folder that no catalog names yet. Several indexes may share a Chroma server."""
        made = cls(store / f"{_PREFIX}{max(_numbers(store, _PREFIX), default=0) + 1}", server)
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

    @property
    def is_sealed(self) -> bool:
        return "files" in read_json(self.folder / _SEAL)

    def fault(self, *, deep: bool = False) -> str:
        """Why it cannot be trusted; empty if it is unchanged since the last run. Reads files with another size or time; with `deep`, all."""
        note, seal = read_json(self.folder / _MADE), read_json(self.folder / _SEAL)
        if not note.get("collection") or not isinstance(seal.get("files"), dict):
            return str(seal.get("doubt") or f"vectors and words are missing in {self.folder}")
        if note.get("form") != FORM:
            return f"another release wrote {self.folder}"
        if note.get("server") != bool(self.server):
            anew = f"`{INGEST_COMMAND}` rewrites them, without embedding again"
            if note.get("server"):
                return f"the vectors are on a Chroma server, but TCC_CHROMA_URL is empty: set it to the server's address, or {anew}"
            return f"the vectors are in {self.folder}, but TCC_CHROMA_URL names {self.server}: `unset TCC_CHROMA_URL`, or {anew}"
        for name, (size, changed, checksum) in seal["files"].items():
            with suppress(OSError):
                found = (self.folder / name).stat()
                as_left = found.st_size == size and found.st_mtime_ns == changed and not deep
                if size is None or as_left or (found.st_size == size and _sum(self.folder / name) == checksum):
                    continue
            return f"the file {self.folder / name} is damaged or missing"
        return ""

    def check(self, *, deep: bool = False) -> None:
        if fault := self.fault(deep=deep):
            raise StoreLostError(f"{fault}: {REFILL}")

    def unseal(self, why: str = "a run that wrote to them has not ended") -> None:
        """Mark it as untrusted. Raises StorageError."""
        with told(str(self.folder), IndexDamagedError, ""):
            write_through(self.folder / _SEAL, json.dumps({"doubt": why}))

    def seal(self) -> None:
        """Sync every file that only a run writes, and note its checksum. Raises StorageError."""
        with told(str(self.folder), IndexDamagedError, ""):
            # SQLite's file is not opened here: closing it would drop this process's locks on it.
            files: dict[str, Any] = {} if self.server else {"chroma/chroma.sqlite3": (None, 0, 0)}
            # A Chroma segment without its pickle is empty, and every reader writes to it.
            segments = [marker.parent for marker in self.folder.glob("chroma/*/index_metadata.pickle")]
            inside = [path for place in (*segments, self.folder / _WORDS) if place.is_dir() for path in place.iterdir()]
            paths = [path for path in inside if path.is_file() and path.name[0] != "."]
            for path in paths:
                sync(path)
                found = path.stat()
                files[path.relative_to(self.folder).as_posix()] = (found.st_size, found.st_mtime_ns, _sum(path))
            for place in {path.parent for path in paths} | {self.folder, self.folder.parent}:
                sync(place)
            write_through(self.folder / _SEAL, json.dumps({"files": files}))

    def write(self, catalog: Catalog, brought: Iterable[Article], gone: Sequence[str] = ()) -> None:
        """Add or replace the chunks of `brought`, delete the chunks that are `gone`, then sync and seal.

        Raises StoreLostError if it cannot be opened or written, StorageError, ServerError; then its seal is broken.
        """
        pairs = ((one, stored) for one in brought for stored in catalog.chunks_of(one.article_id, one.version))

        def documents() -> Iterator[LexicalDocument]:
            """The words of the chunks, which are put into Chroma on the way, so that they are read once."""
            while some := list(islice(pairs, AT_ONCE)):
                vectors.put(some)
                yield from (to_lexical(article, stored) for article, stored in some)

        words = self.words()
        with closing(self.vectors(write=True)) as vectors:
            self.unseal()
            words.update(documents(), gone)
            vectors.keep_from(catalog.generation)
            vectors.delete(gone)
        self.seal()

    def vectors(self, *, create: bool = False, write: bool = False) -> "VectorIndex":
        from trusted_cloud_chat.index.vectors import VectorIndex

        home = home_id(self.folder.parents[1]) if write else ""
        return VectorIndex(self.chroma, self.collection or "none", self.server, create=create, home=home)

    def words(self, *, create: bool = False) -> LexicalIndex:
        return LexicalIndex(self.folder / _WORDS, create=create)

    def remove(self) -> None:
        """Delete its collection on a server, then the folder, which alone names the collection."""
        with suppress(UnusableError):
            if self.server and read_json(self.folder / _MADE).get("server"):
                _drop_collection(self.server, self.collection, self.folder.parents[1])
            remove_tree(self.folder)


def _drop_collection(server: ChromaServer, name: str, index: Path) -> None:
    """Delete it if the home with this folder of stores owns it. Raises ServerError."""
    from trusted_cloud_chat.index.vectors import VectorIndex

    with suppress(StoreLostError):  # another home owns it, or it is gone
        VectorIndex(Path(), name, server, create=False, home=home_id(index)).drop()


def home_id(folder: Path) -> str:
    """Identifies the home with this folder of stores; a copy of it, on this machine or another, has a different id."""
    machine = _MACHINE.read_text().strip() if _MACHINE.is_file() else ""
    known = f"{machine} {folder.resolve()} {folder.stat().st_ino}"
    return hashlib.sha256(known.encode()).hexdigest()[:32]


def refill_time(catalog: Catalog) -> str:
    """« 404 chunks, about 2 s », as announced before a refill."""
    count = catalog.count_chunks()
    return f"{count:,} chunks, about {spoken_time(count / _A_SECOND)}"


def _sum(path: Path) -> int:
    checksum = 0
    with path.open("rb") as file:
        while part := file.read(_PART):
            checksum = zlib.crc32(part, checksum)
    return checksum


def _numbers(folder: Path, prefix: str = "") -> list[int]:
    """The numbers that name folders in `folder`, after `prefix`."""
    names = [path.name.removeprefix(prefix) for path in folder.glob(f"{prefix}*") if path.is_dir()]
    return [int(name) for name in names if name.isdigit()]


class StoreFolder:
    """`TCC_HOME/index`. The newest store with a commit is in use."""

    def __init__(self, home: Path, server: str | ChromaServer = "") -> None:
        self.folder = home / "index"
        self.server = ChromaServer.of(server)

    def open(self, *, begun: bool = False) -> Catalog:
        """The catalog in use, to read; with `begun`, failing that, the catalog of a first run that was stopped.

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
        """The number of the store in use, even if it is damaged; None if nothing was ever committed."""
        number, catalog = self.found()
        if isinstance(catalog, Catalog):
            catalog.close()
        return number

    def found(self) -> tuple[int, Catalog | IndexDamagedError] | tuple[None, None]:
        """The newest store with a commit, its catalog open to read; or a newer store that is too damaged to tell."""
        for number in sorted(_numbers(self.folder), reverse=True):
            is_bare = self._is_bare(number)  # before a run fills it
            try:
                catalog = self.catalog(number, read_only=True)
            except IndexDamagedError as error:
                if not is_bare:
                    return number, error
                continue
            if catalog.is_in_use:
                return number, catalog
            catalog.close()
        return None, None

    def _is_bare(self, number: int) -> bool:
        """Whether a run has just created it: its catalog has no tables yet."""
        shown = (path for path in self.place(number).glob("[!.]*") if not path.name.startswith("catalog.db-"))
        return all(path.is_file() and path.stat().st_size <= _A_PAGE for path in shown)

    def place(self, number: int) -> Path:
        return self.folder / str(number)

    def catalog(self, number: int, *, read_only: bool) -> Catalog:
        """Raises IndexDamagedError if it is damaged or, for a reader, missing; IndexTooNewError, StorageError."""
        return Catalog(self.place(number) / "catalog.db", read_only=read_only)

    def derived(self, catalog: Catalog) -> Derived:
        """The vectors and words that `catalog` names; the folder may be missing."""
        return Derived(catalog.folder / (catalog.meta("made") or f"{_PREFIX}0"), self.server)

    def refill(self, catalog: Catalog, tell: Progress) -> None:
        """Fill new vectors and words and have the catalog name them; readers switch at their next question."""
        made, count = Derived.begin(catalog.folder, self.server), catalog.number("live_articles")
        step = f"rebuild vectors and words from the catalog, {refill_time(catalog)}"
        made.write(catalog, followed(catalog.every("live"), tell, step, count))
        with catalog.transaction():
            catalog.set_meta("made", made.folder.name)
            catalog.set_meta("dead_vectors", "0")
            catalog.set_meta("aside", "")
        self.sweep(catalog)

    def sweep(self, catalog: Catalog) -> None:
        """Delete vectors and words that the catalog does not name."""
        for made in self._derived(catalog.folder, catalog.meta("made")):
            made.remove()

    def _derived(self, place: Path, but: str | None = None) -> list[Derived]:
        return [Derived(path, self.server) for path in sorted(place.glob(f"{_PREFIX}*")) if path.name != but]

    def remove(self, number: int) -> None:
        """Delete its collections on a server, then the folder, which alone names them."""
        place = self.place(number)
        for made in self._derived(place):
            made.remove()
        if self.server:  # 1.0.0 named its collection in the catalog
            with suppress(IndexDamagedError), closing(self.catalog(number, read_only=True)) as catalog:
                if name := catalog.meta("collection"):
                    _drop_collection(self.server, name, self.folder)
        if not self._derived(place):
            remove_tree(place)

    def remove_others(self, *kept: int | None) -> None:
        for number in set(_numbers(self.folder)).difference(kept):
            self.remove(number)

    def leftovers(self) -> list[Path]:
        """Folders that are not in use, which the next run deletes or resumes."""
        used = self.in_use()
        left = [self.place(number) for number in sorted(_numbers(self.folder)) if number != used]
        with suppress(IndexDamagedError, IndexEmptyError), closing(self.open()) as catalog:
            left += [made.folder for made in self._derived(catalog.folder, catalog.meta("made"))]
        return left

    def newest(self) -> int:
        """The number of the newest store, in use or not; 0 if there is none."""
        return max(_numbers(self.folder), default=0)
