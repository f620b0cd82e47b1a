"""How a run begins and ends: alone, in the store in use or in a new one, with a backup of an older release's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from trusted_cloud_chat.index.address import ChromaServer
from trusted_cloud_chat.index.backups import back_up, drop_backups
from trusted_cloud_chat.index.filling import ToLexical
from trusted_cloud_chat.index.inheriting import in_use, inherit, is_older, is_outdated, made_with
from trusted_cloud_chat.index.lock import only_writer
from trusted_cloud_chat.index.store import Fingerprint, StoreFolder
from trusted_cloud_chat.index.writing import IndexWriter


@contextmanager
def open_writer(
    home: Path,
    fingerprint: Fingerprint,
    to_lexical: ToLexical,
    *,
    chroma_url: str | ChromaServer = "",
    rebuild: bool = False,
    clean: bool = False,
    texts: bool = True,
    embeds: bool = False,
) -> Iterator[IndexWriter]:
    """The only writer of `home` until it is left; `rebuild` fills a new store, seen when it commits, and so does a run over chunks
    that other rules made, or, if it `embeds`, over older tables. With `clean` the stores no longer in use go at the end, not at the
    next run; with `texts` all is at hand.

    Raises IndexBusyError while another run writes, IndexMismatchError, HomeNotWritableError, IndexDamagedError where the catalog is
    not whole, StorageError, ServerError.
    """
    stores = StoreFolder(home, chroma_url)
    with only_writer(stores.folder):
        stores.sweep()
        current = in_use(stores, rebuild=rebuild)
        if current is not None and is_older(stores.store(current), fingerprint, tables=embeds or rebuild):
            back_up(home, stores.store(current))
        outdated = (
            not rebuild and current is not None and is_outdated(stores.store(current), fingerprint, tables=embeds)
        )
        number = _number(stores, current, fingerprint, rebuild=rebuild, outdated=outdated)
        writer = IndexWriter(stores, number, fingerprint, to_lexical, texts=texts)
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
        if writer.forgot or clean:
            stores.remove_others(stores.current())
        if writer.forgot:
            drop_backups(home)


def _number(
    stores: StoreFolder, current: int | None, fingerprint: Fingerprint, *, rebuild: bool, outdated: bool
) -> int:
    """Of the store to write to; all but that and the `current` one are deleted. Without a current one a killed first run's is gone
    on with, and so is what a killed run made anew because the current one is `outdated`.
    """
    number = stores.newest() if current is None else current
    begun = stores.newest() if outdated else None
    if begun is not None and (begun == current or not made_with(stores.store(begun), fingerprint)):
        begun = None
    stores.remove_others(number, begun)
    if rebuild or outdated or number is None:
        number = stores.next_number() if begun is None else begun
    return number
