"""Export of an index to one file, and import: a zip of the catalog, which holds every vector, and of a manifest.

An import fills vectors and words from the catalog. Its file may come from anybody: it must have exactly two entries and our tables, and not
unpack to far more than its size; each row is checked as it is copied into a new catalog.
"""

import hashlib
import zipfile
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import BaseModel, ConfigDict, Field

from trusted_cloud_chat import __version__
from trusted_cloud_chat.errors import IndexDamagedError, IndexMismatchError, IndexTooNewError, UsageError
from trusted_cloud_chat.index.catalog import Catalog
from trusted_cloud_chat.index.chroma import ChromaServer
from trusted_cloud_chat.index.database import SCHEMA_VERSION, connect
from trusted_cloud_chat.index.home_files import only_writer
from trusted_cloud_chat.index.records import chunk_version
from trusted_cloud_chat.index.snapshots import Index
from trusted_cloud_chat.index.store import Fingerprint, StoreFolder
from trusted_cloud_chat.index.trouble import REBUILD, told
from trusted_cloud_chat.progress import tell_nobody
from trusted_cloud_chat.schema import enrichment_of, version_of

FORMAT = 1
_MANIFEST, _CATALOG = "manifest.json", "catalog.db"
_LEAST, _DENSEST = 65_536, 100
"""Bytes to which any entry may unpack, and more for each compressed byte: our texts and vectors need five."""
_NOT_OURS = "expected a file that `trusted-cloud-chat export` wrote"
_KEPT_META = ("generation", "fingerprint", "release", "before")
_OURS = ("CREATE TABLE ", "CREATE INDEX ")
"""How the statements in the schema of our catalogs begin: no view, no trigger."""


class Manifest(BaseModel):
    """The manifest of an exported file; a later release may add fields."""

    model_config = ConfigDict(frozen=True)

    format: int
    release: str = Field(max_length=60)
    tables: int
    made: str = Field(max_length=60)
    generation: int = Field(ge=1)
    articles: int = Field(ge=0)
    chunks: int = Field(ge=0)
    embedder: str = Field(max_length=500)
    dimensions: int = Field(ge=1)
    chunking: str = Field(max_length=100)
    catalog_bytes: int = Field(ge=1)
    catalog_sha256: str = Field(max_length=64)


def export_index(home: Path, file: Path) -> Manifest:
    """Write the last commit to `file`, whole or not at all, without waiting for a run that is writing.

    Raises UsageError if `file` exists or its folder does not, IndexEmptyError, IndexDamagedError, StorageError.
    """
    if file.exists() or file.is_symlink():
        raise UsageError(f"{file} already exists: give another name, or delete it")
    if not file.parent.is_dir():
        raise UsageError(f"{file.parent} is not a folder: create it first")
    with (
        closing(StoreFolder(home).open()) as catalog,
        told(str(file), IndexDamagedError, ""),
        TemporaryDirectory(prefix=".exporting-", dir=file.parent) as folder,
    ):
        copy, packed = Path(folder, _CATALOG), Path(folder, "packed.zip")
        catalog.begin_read()
        _copy(catalog, copy)
        with closing(connect(copy, read_only=False).connection) as db:
            db.execute("PRAGMA journal_mode=DELETE")
        with copy.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        held = catalog.coverage()
        manifest = Manifest(
            format=FORMAT, release=__version__, tables=SCHEMA_VERSION, made=datetime.now(UTC).isoformat(timespec="seconds"),
            generation=held.generation, articles=held.articles, chunks=held.chunks, catalog_bytes=copy.stat().st_size,
            catalog_sha256=digest, **asdict(Fingerprint.of(catalog)),
        )  # fmt: skip
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(_MANIFEST, manifest.model_dump_json(indent=1))
            archive.write(copy, _CATALOG)
        packed.replace(file)
    return manifest


def left_behind(home: Path, file: Path) -> list[str]:
    """The files in `home`, except `file`, that an export leaves out: they are about people or this machine."""
    return sorted(path.name for path in home.iterdir() if path.is_file() and path != file and path.name[0] != ".")


def import_index(
    home: Path, file: Path, fingerprint: Fingerprint, *, replace: bool, chroma_url: str | ChromaServer = ""
) -> tuple[Manifest, bool]:
    """Import what `export_index` wrote; nothing is embedded. The current index stays in use until the new one opens. Returns whether there was
    one too.

    Raises UsageError if there is an index and `replace` is not given, or `file` is not an export; IndexMismatchError for another
    embedder's file, IndexTooNewError, IndexDamagedError, IndexBusyError, StorageError; nothing changes then.
    """
    stores = StoreFolder(home, chroma_url)
    with only_writer(stores.folder):
        there = stores.in_use() is not None
        if there and not replace:
            raise UsageError(f"{home} has an index: give --replace to replace it, or set TCC_HOME to another folder")
        number = stores.newest() + 1
        place = stores.place(number)
        try:
            with told(str(place), IndexDamagedError, ""):
                place.mkdir()
            with TemporaryDirectory(dir=place, prefix=".") as aside:
                manifest = read_archive(file, Path(aside), fingerprint, place / _CATALOG)
            with closing(stores.catalog(number, read_only=False)) as catalog:
                stores.refill(catalog, tell_nobody)
            with closing(Index(home, fingerprint, chroma_url)) as index:
                index.check()
        except BaseException:
            stores.remove(number)
            raise
        stores.remove_others(number)
    return manifest, there


def read_archive(file: Path, folder: Path, fingerprint: Fingerprint, target: Path) -> Manifest:
    """Check `file`, unpack it in `folder` and copy its rows into a new catalog at `target`. Raises as `import_index` does."""
    with told(str(file), UsageError, _NOT_OURS):
        if not file.is_file():
            raise UsageError(f"{file} is not a file: {_NOT_OURS}")
        with zipfile.ZipFile(file) as archive:
            manifest = _read_manifest(archive, file)
            archive.extract(_CATALOG, folder)
    try:
        with closing(connect(folder / _CATALOG, read_only=True).connection) as db:  # before any view in it is read
            schema = [str(row[0]) for row in db.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]
        if not all(sql.startswith(_OURS) for sql in schema):
            raise IndexDamagedError("its tables are not those of this product")
        with closing(Catalog(folder / _CATALOG, read_only=True)) as source:
            noted = {**asdict(Fingerprint.of(source)), "generation": source.generation}
            if not noted.items() <= manifest.model_dump().items():
                raise IndexDamagedError("its manifest describes another index")
            fingerprint.check(source)
            _copy(source, target)
    except IndexMismatchError as error:
        raise IndexMismatchError(f"{file} cannot be imported: {error}") from error
    except IndexDamagedError as error:
        why = str(error).removesuffix(f": {REBUILD}")
        raise IndexDamagedError(f"{file} is damaged or was altered ({why}): export it again") from error
    return manifest


def _read_manifest(archive: zipfile.ZipFile, file: Path) -> Manifest:
    """The manifest, once the list of entries is accepted; nothing else is unpacked yet."""
    entries = archive.infolist()
    if sorted(entry.filename for entry in entries) != [_CATALOG, _MANIFEST]:
        raise UsageError(f"{file} holds other files than {_MANIFEST} and {_CATALOG}: {_NOT_OURS}")
    for entry in entries:
        if entry.file_size > _LEAST + _DENSEST * entry.compress_size:
            raise UsageError(f"{file} unpacks to far more than its size ({entry.file_size:,} bytes): it is refused")
    manifest = Manifest.model_validate_json(archive.read(_MANIFEST))
    if manifest.format > FORMAT or manifest.tables > SCHEMA_VERSION:
        raise IndexTooNewError(
            f"{file} was written by trusted-cloud-chat {manifest.release}, a newer release than this one ({__version__}): "
            "update with `pip install --upgrade trusted-cloud-chat`"
        )
    return manifest


def _copy(source: Catalog, path: Path) -> None:
    """Copy what `source` has committed to a new catalog, which is not in use before its refill. Arrivals belong to one home and are left out.

    Raises IndexDamagedError if `source` is damaged, or a chunk or a text does not belong to its version.
    """
    source.check_counts()
    dimensions = Fingerprint.of(source).dimensions
    with closing(Catalog(path, read_only=False)) as target, target.transaction():
        for name in _KEPT_META:
            if (value := source.meta(name)) is not None:
                target.set_meta(name, value)
        for state in ("old", "live"):
            for article in source.every(state):
                key = (article.article_id, article.version)
                chunks = source.chunks_of(*key) if state == "live" else []  # an old version may have staged chunks
                of_it = version_of(article.text, article.title, article.date, enrichment_of(article.version))
                inside = (0 <= one.chunk.start < one.chunk.end <= len(article.text) for one in chunks)
                own = (chunk_version(one.chunk.chunk_id) == key and one.vector.size == dimensions for one in chunks)
                if of_it != article.version or not all(inside) or not all(own):
                    wrong = f"the text or a chunk of {article.article_id!r} has changed"
                    raise IndexDamagedError(f"the catalog is damaged ({wrong}): {REBUILD}")
                target.put_chunks(chunks, source.questions_of(*key) if chunks else [])
                target.put(source.with_enrichment(article), state=state)
        target.note_counts()
        target.set_meta("aside", "1")
