"""What is made from the catalog, and can be made from it again at any time: vectors (Chroma) and words (Tantivy), in one folder.

A seal beside them says that the run which wrote them has ended, with all of it on the disk, and what their files were. A run breaks it
before it writes there; so does whoever finds that they do not hold what the catalog does. Without a true seal nobody relies on them:
readers answer from the catalog, and the next run fills a new folder, which the catalog then names.

A further store joins in by a folder and a method here, and a line where a run writes it (`index_writer.py`) and where all are filled.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from trusted_cloud_chat.errors import IndexDamagedError, StoreLostError, UnusableError
from trusted_cloud_chat.index.catalog import Catalog
from trusted_cloud_chat.index.chroma import ChromaServer
from trusted_cloud_chat.index.home_files import read_json, remove_tree, sync, write_through
from trusted_cloud_chat.index.lexical import LexicalDocument, LexicalIndex, to_lexical
from trusted_cloud_chat.index.trouble import INGEST_COMMAND, REFILL, told
from trusted_cloud_chat.progress import Progress

if TYPE_CHECKING:
    from trusted_cloud_chat.index.vectors import VectorIndex

FORM = 1
"""Of what is written: to be raised where labels, words or the rules by which they are made change; then all are filled again."""
PREFIX = "made-"
"""What the names of such folders begin with; a number follows."""
_WORDS, _MADE, _SEAL = "words", "made.json", "seal.json"
_OPEN = "a run that wrote to them has not ended"
_AT_ONCE = 500
"""Articles that are written in one go."""
_A_SECOND = 250
"""Chunks written per second: a core manages 330 (`docs/benchmark.md`), and the disk and other processes take their share."""
_PART = 1 << 20


@dataclass(frozen=True, slots=True)
class Derived:
    """The folder that the catalog names; `server` is the Chroma server of today's settings, if any."""

    folder: Path
    server: ChromaServer

    @classmethod
    def begin(cls, store: Path, server: ChromaServer) -> Derived:
        """A new one in the folder of an index, empty, and named by nobody yet. Several indexes may use one Chroma server."""
        numbers = [int(path.name[len(PREFIX) :]) for path in store.glob(f"{PREFIX}*") if path.name[5:].isdigit()]
        made = cls(store / f"{PREFIX}{max(numbers, default=0) + 1}", server)
        with told(str(made.folder), IndexDamagedError, ""):
            made.folder.mkdir(parents=True)
            note = {"form": FORM, "collection": f"chunks-{uuid4().hex}", "server": bool(server)}
            write_through(made.folder / _MADE, json.dumps(note))
        return made

    @property
    def collection(self) -> str:
        """The name of Chroma's collection; empty where it is lost."""
        return str(read_json(self.folder / _MADE).get("collection", ""))

    @property
    def chroma(self) -> Path:
        return self.folder / "chroma"

    def fault(self, *, deep: bool = False) -> str:
        """Why nobody may rely on it; empty where all is as the last run left it. With `deep` every byte is read, else what has
        another time or size than it was left with.
        """
        note, seal = read_json(self.folder / _MADE), read_json(self.folder / _SEAL)
        if not note.get("collection") or not isinstance(seal.get("files"), dict):
            return str(seal.get("doubt") or f"what was made from the catalog is missing in {self.folder}")
        if note.get("form") != FORM:
            return f"another release made what is in {self.folder}"
        if note.get("server") != bool(self.server):
            return self._elsewhere(on_server=bool(note.get("server")))
        for name, (size, changed, checksum) in seal["files"].items():
            with suppress(OSError):
                found = (self.folder / name).stat()
                as_left = found.st_size == size and found.st_mtime_ns == changed and not deep
                if size is None or as_left or (found.st_size == size and _sum(self.folder / name) == checksum):
                    continue
            return f"the file {self.folder / name} is damaged or missing"
        return ""

    def check(self, *, deep: bool = False) -> None:
        """Raises StoreLostError."""
        if fault := self.fault(deep=deep):
            raise StoreLostError(f"{fault}: {REFILL}")

    def _elsewhere(self, *, on_server: bool) -> str:
        taken = f"`{INGEST_COMMAND}` writes them anew, without embedding again"
        if on_server:
            return f"the vectors lie on a Chroma server, and TCC_CHROMA_URL is empty: set it to the server's address, or {taken}"
        return f"the vectors lie in {self.folder}, and TCC_CHROMA_URL names {self.server}: `unset TCC_CHROMA_URL`, or {taken}"

    @property
    def is_sealed(self) -> bool:
        return "files" in read_json(self.folder / _SEAL)

    def unseal(self, why: str = _OPEN) -> None:
        """From now on nobody relies on it. Raises StorageError."""
        with told(str(self.folder), IndexDamagedError, ""):
            write_through(self.folder / _SEAL, json.dumps({"doubt": why}))

    def seal(self) -> None:
        """All that was written is on the disk, and is what it is now. Raises StorageError."""
        with told(str(self.folder), IndexDamagedError, ""):
            # A file of SQLite's is not opened: to close it would drop the locks that this process has on it.
            files: dict[str, Any] = {} if self.server else {"chroma/chroma.sqlite3": (None, 0, 0)}
            for path in self._files():
                sync(path)
                found = path.stat()
                files[path.relative_to(self.folder).as_posix()] = (found.st_size, found.st_mtime_ns, _sum(path))
            for place in {path.parent for path in self._files()} | {self.folder, self.folder.parent}:
                sync(place)
            write_through(self.folder / _SEAL, json.dumps({"files": files}))

    def _files(self) -> list[Path]:
        """Those that nobody writes but a run: a folder of Chroma's without its pickle holds nothing yet, and every reader writes it."""
        segments = [marker.parent for marker in sorted(self.folder.glob("chroma/*/index_metadata.pickle"))]
        inside = [path for place in (*segments, self.folder / _WORDS) if place.is_dir() for path in place.iterdir()]
        return sorted(path for path in inside if path.is_file() and path.name[0] != ".")

    def vectors(self, *, create: bool = False, home: str = "") -> VectorIndex:
        """To be read, or written to by `home`. Raises StoreLostError, ServerError, StorageError."""
        from trusted_cloud_chat.index.vectors import VectorIndex

        return VectorIndex(self.chroma, self.collection or "none", self.server, create=create, home=home)

    def words(self, *, create: bool = False) -> LexicalIndex:
        """Raises StoreLostError, StorageError."""
        return LexicalIndex(self.folder / _WORDS, create=create)

    def remove(self, home: str) -> None:
        """Delete the folder, and first the collection that it has on a server: nothing else names it."""
        if self.server and read_json(self.folder / _MADE).get("server"):
            try:
                drop_collection(self.server, self.collection, home)
            except UnusableError as error:
                if not isinstance(error, StoreLostError):
                    return
        remove_tree(self.folder)


def drop_collection(server: ChromaServer, name: str, home: str) -> None:
    """Raises ServerError, StoreLostError where it is not there."""
    from trusted_cloud_chat.index.vectors import VectorIndex

    with closing(VectorIndex(Path(), name, server, create=False)) as vectors:
        vectors.drop(home)


def fill(made: Derived, catalog: Catalog, home: str, tell: Progress) -> None:
    """All that is in the catalog into an empty folder, sealed at the end: nothing is embedded. What is pending has its vectors, for a
    run that goes on with it.
    """
    from trusted_cloud_chat.index.vectors import VectorIndex  # noqa: F401  (loaded before it is told how long the rest takes)

    count, done = len(catalog.chunk_ids()), 0
    step = f"make vectors and words anew from what is stored, {lasting(count)}"
    vectors, words = made.vectors(create=True, home=home), made.words(create=True)

    def written() -> Iterator[LexicalDocument]:
        """Of each batch the vectors are written, then the words are given, so that each chunk is read once."""
        nonlocal done
        for state in ("live", "pending", "again"):
            versions = catalog.every(state)
            while batch := list(islice(versions, _AT_ONCE)):
                tell(step, done, count)
                chunks = [(v.article, catalog.chunks_of(v.article.article_id, v.article.version)) for v in batch]
                vectors.put(chunks)
                done += sum(len(stored) for _, stored in chunks)
                if state == "live":
                    yield from (to_lexical(article, one) for article, stored in chunks for one in stored)

    with closing(vectors):
        words.update(written())
        tell(step, count, count)
    made.seal()


def lasting(count: int) -> str:
    """« 404 chunks, about 1 s », as it is said before they are made."""
    seconds = count / _A_SECOND
    told_as = f"{max(seconds, 1):.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
    return f"{count:,} chunks, about {told_as}"


def _sum(path: Path) -> int:
    checksum = 0
    with path.open("rb") as file:
        while part := file.read(_PART):
            checksum = zlib.crc32(part, checksum)
    return checksum
