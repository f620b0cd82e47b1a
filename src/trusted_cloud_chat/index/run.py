"""How a run begins and ends: alone, in the store in use or in a new one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from trusted_cloud_chat.errors import IndexDamagedError
from trusted_cloud_chat.index.address import ChromaServer
from trusted_cloud_chat.index.lock import only_writer
from trusted_cloud_chat.index.store import Fingerprint, Store, StoreFolder
from trusted_cloud_chat.index.taking_over import OLDER, inherit, is_older, is_outdated, take_over
from trusted_cloud_chat.index.trouble import REBUILD
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
        stores.sweep()
        current = stores.in_use()
        if current is None and stores.was_named() and not rebuild:
            raise IndexDamagedError(f"nothing is left of the index in {stores.folder}: {REBUILD}")
        outdated = not rebuild and current is not None and is_outdated(stores.store(current), fingerprint)
        older = current is not None and not rebuild and not outdated and is_older(stores.store(current))
        number = _number(stores, current, fingerprint, rebuild=rebuild, outdated=outdated, progress=progress)
        writer = IndexWriter(stores, number, fingerprint, progress)
        writer.refilled = OLDER if older else writer.refilled
        if (rebuild or outdated) and current is not None:
            writer.before = inherit(stores.store(current), writer.catalog)
            writer.outdated = outdated
        elif rebuild and stores.was_named():
            writer.before.unread = f"nothing is left of the index in {stores.folder}"
        try:
            with closing(writer):
                yield writer
        except BaseException:
            if rebuild and stores.named() != number:  # no later run goes on with it
                stores.store(number).remove()
            raise
        stores.remove_others(stores.current())


def _number(
    stores: StoreFolder,
    current: int | None,
    fingerprint: Fingerprint,
    *,
    rebuild: bool,
    outdated: bool,
    progress: Progress,
) -> int:
    """Of the store to write to; all but that and the `current` one are deleted. Without a current one a killed first run's is gone
    on with, and so is what a killed run made anew because the current one is `outdated`.
    """
    kept = stores.newest() if not rebuild and (current is None or outdated) else None
    begun = kept if kept != current and kept is not None and _made_with(stores.store(kept), fingerprint) else None
    stores.remove_others(current, begun)
    if begun is not None:
        return begun
    if current is None or rebuild or outdated:
        return stores.next_number()
    if not is_older(stores.store(current)):
        return current
    number = stores.next_number()
    take_over(stores.store(current), stores.store(number), progress)
    stores.swap(number)
    stores.remove_others(number)
    return number


def _made_with(store: Store, fingerprint: Fingerprint) -> bool:
    with suppress(IndexDamagedError), closing(store.catalog(read_only=True)) as catalog:
        return catalog.meta("fingerprint") == fingerprint.to_json()
    return False
