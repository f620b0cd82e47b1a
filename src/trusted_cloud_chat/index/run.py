"""How a run begins and ends: alone, in the store in use or in a new one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from packaging.version import Version

from trusted_cloud_chat import __version__
from trusted_cloud_chat.errors import IndexDamagedError, IndexTooNewError
from trusted_cloud_chat.index.address import ChromaServer
from trusted_cloud_chat.index.lock import only_writer
from trusted_cloud_chat.index.records import SCHEMA_VERSION
from trusted_cloud_chat.index.store import Fingerprint, Store, StoreFolder
from trusted_cloud_chat.index.taking_over import OLDER, inherit, take_over
from trusted_cloud_chat.index.trouble import REBUILD, decoding
from trusted_cloud_chat.index.writing import IndexWriter
from trusted_cloud_chat.progress import Progress, tell_nobody


@contextmanager
def open_writer(
    home: Path,
    fingerprint: Fingerprint,
    *,
    chroma_url: str | ChromaServer = "",
    rebuild: bool = False,
    progress: Progress = tell_nobody,
) -> Iterator[IndexWriter]:
    """The only writer of `home` until it is left; `rebuild` fills a new store, seen when it commits, and so does a run over chunks
    that other rules made. What is lost of vectors and words is made anew first, as `progress` tells, and an earlier release's index is
    taken over.

    Raises IndexBusyError while another run writes, IndexMismatchError, HomeNotWritableError, IndexDamagedError where the catalog is
    not whole, StorageError, ServerError.
    """
    stores = StoreFolder(home, chroma_url)
    with only_writer(stores.folder):
        current = stores.in_use()
        if current is None and stores.was_named() and not rebuild:
            raise IndexDamagedError(f"nothing is left of the index in {stores.folder}: {REBUILD}")
        older = outdated = False
        if current is not None and not rebuild:
            older, outdated = _form(stores.store(current), fingerprint)
        anew = rebuild or outdated
        begun = _begun(stores, current, fingerprint) if not rebuild and (current is None or outdated) else None
        stores.remove_others(current, begun)
        number = begun or (stores.next_number() if anew or older or current is None else current)
        if older and not anew and current is not None:
            take_over(stores.store(current), stores.store(number), progress)
            stores.swap(number)
        writer = IndexWriter(stores, number, fingerprint, progress)
        if anew and current is not None:
            writer.before = inherit(stores.store(current), writer.catalog)
        elif rebuild and stores.was_named():
            writer.before.unread = f"nothing is left of the index in {stores.folder}"
        writer.outdated, writer.refilled = outdated, OLDER if older and not anew else writer.refilled
        try:
            with closing(writer):
                yield writer
        except BaseException:
            if rebuild and stores.named() != number:  # no later run goes on with it
                stores.store(number).remove()
            raise
        stores.remove_others(stores.current())


def _begun(stores: StoreFolder, current: int | None, fingerprint: Fingerprint) -> int | None:
    """The store that a killed first run has begun, or one that made everything anew by these rules: it is gone on with."""
    number = stores.newest()
    with suppress(IndexDamagedError):
        if number is not None and number != current:
            with closing(stores.store(number).catalog(read_only=True)) as catalog:
                return number if catalog.meta("fingerprint") == fingerprint.to_json() else None
    return None


def _form(store: Store, fingerprint: Fingerprint) -> tuple[bool, bool]:
    """Whether an earlier release made its tables, and whether other rules made its chunks.

    Raises IndexDamagedError, IndexMismatchError where more than that differs, since only a rebuild that is asked for embeds otherwise,
    and IndexTooNewError where a newer release made it by rules of its own.
    """
    with closing(store.catalog(read_only=True)) as catalog:
        made, release, older = catalog.meta("fingerprint"), catalog.meta("release"), catalog.schema < SCHEMA_VERSION
    fingerprint.check(made)
    outdated = fingerprint.outdated(made)
    with decoding("the catalog"):
        newer = release is not None and Version(release) > Version(__version__)
    if outdated and newer:
        raise IndexTooNewError(
            f"the index was made by trusted-cloud-chat {release}, which cuts texts by other rules than this one, {__version__}: "
            "update with `pip install --upgrade trusted-cloud-chat`, or point TCC_HOME elsewhere"
        )
    return older, outdated
