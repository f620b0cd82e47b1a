"""A home's index out to one file, and in again on this machine or another."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from trusted_cloud_chat.errors import IndexDamagedError, UsageError
from trusted_cloud_chat.index import ChromaServer, Fingerprint, Index, Store
from trusted_cloud_chat.index.archive import Manifest, read_archive, write_archive
from trusted_cloud_chat.index.home_files import only_writer
from trusted_cloud_chat.index.store import StoreFolder, open_catalog
from trusted_cloud_chat.index.trouble import told
from trusted_cloud_chat.progress import tell_nobody


@dataclass(frozen=True, slots=True)
class Imported:
    """What came in."""

    manifest: Manifest
    replaced: bool


def export_index(home: Path, file: Path) -> Manifest:
    """The last commit as `file`; a run that writes meanwhile is not waited for.

    Raises UsageError where there is something at `file` or no folder for it, IndexEmptyError, IndexDamagedError, StorageError.
    """
    if file.exists() or file.is_symlink():
        raise UsageError(f"{file} is there already: give another name, or delete it")
    if not file.parent.is_dir():
        raise UsageError(f"{file.parent} is no folder: make it first")
    with closing(open_catalog(home)) as catalog:
        return write_archive(catalog, file)


def left_behind(home: Path, file: Path) -> list[str]:
    """What lies in `home` and in no export, `file` itself apart: what people have said and asked, who may sign in, what was fetched.

    It is of persons or of this machine, and an export may be given to anybody.
    """
    return sorted(path.name for path in home.iterdir() if path.is_file() and path != file and path.name[0] != ".")


def import_index(
    home: Path, file: Path, fingerprint: Fingerprint, *, replace: bool, chroma_url: str | ChromaServer = ""
) -> Imported:
    """Take in what `export_index` wrote; nothing is embedded. The index that is there stays in use until the new one opens.

    Raises UsageError where there is an index and `replace` is not given, IndexMismatchError for another embedder's file,
    IndexTooNewError, IndexDamagedError, IndexBusyError, StorageError; then everything is as before.
    """
    if not file.exists():
        raise UsageError(f"{file} is not there: expected what `trusted-cloud-chat export` wrote")
    stores = StoreFolder(home, chroma_url)
    with only_writer(stores.folder):
        there = stores.in_use() is not None
        if there and not replace:
            raise UsageError(
                f"{home} has an index: give --replace to put this one in its place, or set TCC_HOME elsewhere"
            )
        number = stores.next_number()
        store = stores.store(number)
        try:
            manifest = _take_in(file, store, fingerprint)
            with closing(Index(home, fingerprint, chroma_url)) as index:
                index.check()  # raises what a question would meet
        except BaseException:
            store.remove()
            raise
        stores.remove_others(number)
    return Imported(manifest, replaced=there)


def _take_in(file: Path, store: Store, fingerprint: Fingerprint) -> Manifest:
    """A whole store of what is in `file`, which is in use then."""
    with told(str(store.folder), IndexDamagedError, ""):
        store.folder.mkdir()
    with TemporaryDirectory(dir=store.folder, prefix=".") as aside:
        manifest = read_archive(file, Path(aside), fingerprint, store.folder / "catalog.db")
    with closing(store.catalog(read_only=False)) as catalog:
        store.refill(catalog, tell_nobody)
    return manifest
