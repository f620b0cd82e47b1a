"""An index as one file: a zip of the catalog, which is the truth and has every vector, and of a note that says what it is.

Chroma and Tantivy are made from the catalog where the file is read: nothing is embedded again, and no byte of their files travels.
What is read may be anybody's: two names and no others, no links, no more than was announced, tables as we make them, texts that are
what their version says.
"""

import hashlib
import shutil
import sqlite3
import stat
import struct
import zipfile
import zlib
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from trusted_cloud_chat import __version__
from trusted_cloud_chat.errors import IndexDamagedError, IndexMismatchError, IndexTooNewError, StorageError, UsageError
from trusted_cloud_chat.index.catalog import Catalog
from trusted_cloud_chat.index.database import SCHEMA_VERSION, connect
from trusted_cloud_chat.index.inheriting import copied
from trusted_cloud_chat.index.store import Fingerprint
from trusted_cloud_chat.index.trouble import REBUILD, brief, problem

FORMAT = 1
_NOTE, _CATALOG = "manifest.json", "catalog.db"
_LONGEST_NOTE = 65_536
_DENSEST = 100
"""Bytes that one compressed byte may stand for: texts and vectors have five, a bomb a thousand."""
_PART = 1 << 20
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, RuntimeError, EOFError, ValueError, LookupError, OverflowError)
"""What reading a zip raises that is damaged."""
_OURS = ("CREATE TABLE ", "CREATE INDEX ")
"""How all that our catalogs are made of begins: no view, no trigger."""


class Manifest(BaseModel):
    """What an exported file says of itself; a later release may say more."""

    model_config = ConfigDict(frozen=True)

    format: int
    release: str = Field(max_length=60)
    """The release that wrote the file."""
    tables: int
    """The format of the catalog's tables."""
    made: str = Field(max_length=60)
    generation: int = Field(ge=1)
    articles: int = Field(ge=0)
    chunks: int = Field(ge=0)
    embedder: str = Field(max_length=500)
    dimensions: int = Field(ge=1)
    chunking: str = Field(max_length=100)
    catalog_bytes: int = Field(ge=1)
    catalog_sha256: str = Field(max_length=64)

    @property
    def fingerprint(self) -> Fingerprint:
        return Fingerprint(self.embedder, self.dimensions, self.chunking)


def write_archive(catalog: Catalog, file: Path) -> Manifest:
    """What `catalog` holds committed, as `file`: whole or not at all. Raises StorageError, IndexDamagedError."""
    try:
        with TemporaryDirectory(prefix=".exporting-", dir=file.parent) as folder:
            copy, packed = Path(folder, _CATALOG), Path(folder, "packed.zip")
            catalog.begin_read()
            copied(catalog, copy, abroad=True).close()
            with closing(sqlite3.connect(copy)) as db:
                db.execute("PRAGMA journal_mode=DELETE")
            held, made = catalog.coverage(), datetime.now(UTC).isoformat(timespec="seconds")
            manifest = Manifest(
                format=FORMAT, release=__version__, tables=SCHEMA_VERSION, made=made, generation=held.generation,
                articles=held.articles, chunks=held.chunks, catalog_bytes=copy.stat().st_size, catalog_sha256=_sha256(copy),
                **asdict(Fingerprint.of(catalog)),
            )  # fmt: skip
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(_NOTE, manifest.model_dump_json(indent=1))
                archive.write(copy, _CATALOG)
            packed.replace(file)
    except OSError as error:
        raise problem(error, str(file), IndexDamagedError, "") from error
    return manifest


def read_archive(file: Path, folder: Path, fingerprint: Fingerprint, catalog: Path) -> Manifest:
    """The note of `file`, and all that it holds as a new `catalog`, checked; it is unpacked in `folder`.

    Raises UsageError for what is no such file, IndexTooNewError for a newer release's, IndexMismatchError for another embedder's,
    IndexDamagedError for one that is damaged or was tampered with, StorageError where there is no room.
    """
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            raise UsageError(f"{file} is no regular file: expected what `trusted-cloud-chat export` wrote")
        with zipfile.ZipFile(file) as archive:
            manifest, entry = _read_note(archive, file)
            fingerprint.check(manifest.fingerprint.to_json())
            _unpack(archive, entry, manifest, file, folder / _CATALOG)
    except IndexMismatchError as error:
        raise IndexMismatchError(f"{file} is not taken in: {error}") from error
    except _BROKEN as error:
        raise UsageError(
            f"{file} is no file that `trusted-cloud-chat export` wrote, or is damaged ({brief(error)})"
        ) from error
    except OSError as error:
        raise problem(error, str(file), IndexDamagedError, "export it again") from error
    try:
        _take(folder / _CATALOG, manifest, catalog)
    except IndexDamagedError as error:
        why = str(error).removesuffix(f": {REBUILD}")
        raise IndexDamagedError(f"{file} is damaged or was altered ({why}): export it again") from error
    return manifest


def _read_note(archive: zipfile.ZipFile, file: Path) -> tuple[Manifest, zipfile.ZipInfo]:
    """The note, and the entry that the catalog is; nothing of it is unpacked yet."""
    entries = {entry.filename: entry for entry in archive.infolist()}
    if set(entries) != {_NOTE, _CATALOG} or len(archive.infolist()) != len(entries):
        raise UsageError(
            f"{file} holds other files than {_NOTE} and {_CATALOG}: `trusted-cloud-chat export` did not write it"
        )
    for entry in entries.values():
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise UsageError(f"{file} holds a link: `trusted-cloud-chat export` did not write it")
        if entry.file_size > _LONGEST_NOTE + _DENSEST * entry.compress_size:
            raise UsageError(f"{file} unpacks to far more than it is ({entry.file_size:,} bytes): it is not read")
    if entries[_NOTE].file_size > _LONGEST_NOTE:
        raise UsageError(f"{file} has a note of {entries[_NOTE].file_size:,} bytes: it is not read")
    try:
        manifest = Manifest.model_validate_json(archive.read(_NOTE))
    except ValidationError as error:
        raise UsageError(f"{file} has a note that cannot be read: {brief(error)}") from None
    if manifest.format > FORMAT or manifest.tables > SCHEMA_VERSION:
        raise IndexTooNewError(
            f"{file} was written by trusted-cloud-chat {manifest.release}, a newer release than this one ({__version__}): "
            "update with `pip install --upgrade trusted-cloud-chat`"
        )
    return manifest, entries[_CATALOG]


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, manifest: Manifest, file: Path, path: Path) -> None:
    if entry.file_size != manifest.catalog_bytes:
        raise IndexDamagedError(f"{file} is damaged (its catalog is not as long as it says): export it again")
    # The catalog, Chroma's and Tantivy's files, and what they write while they are made.
    free = shutil.disk_usage(path.parent).free
    if free < 3 * entry.file_size:
        raise StorageError(
            f"{file} needs {3 * entry.file_size:,} bytes on the disk of {path.parent}, and {free:,} are free"
        )
    with archive.open(entry) as source, path.open("xb") as target:
        shutil.copyfileobj(source, target, _PART)
    if _sha256(path) != manifest.catalog_sha256:
        raise IndexDamagedError(f"{file} is damaged (its catalog has another checksum than it says): export it again")


def _take(path: Path, manifest: Manifest, catalog: Path) -> None:
    """Raises IndexDamagedError for what is not as we would have written it, or not what its note says."""
    with closing(connect(path, read_only=True).connection) as db:  # a view in place of a table is not even read
        made = [str(row[0]) for row in db.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]
        if not all(sql.startswith(_OURS) for sql in made):
            raise IndexDamagedError("its tables are not those of this product")
    with closing(Catalog(path, read_only=True)) as source:
        if Fingerprint.of(source) != manifest.fingerprint or source.generation != manifest.generation:
            raise IndexDamagedError("its note tells of another index")
        copied(source, catalog, abroad=True).close()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
