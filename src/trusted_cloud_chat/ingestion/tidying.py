"""What `doctor --fix` does to an index: mends from the catalog and sweeps what nothing owns. No article goes, nothing is embedded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from trusted_cloud_chat.errors import IndexEmptyError, counted
from trusted_cloud_chat.index import ChromaServer, Fingerprint, IndexWriter, open_writer
from trusted_cloud_chat.index.health import check_chunks, check_file
from trusted_cloud_chat.index.lock import only_writer
from trusted_cloud_chat.index.store import StoreFolder
from trusted_cloud_chat.ingestion.lexical import to_lexical


def tidy(home: Path, chroma_url: str | ChromaServer = "") -> list[str]:
    """What was done, a line each; nothing where nothing was ever committed.

    Raises IndexBusyError while a run writes, IndexDamagedError where the catalog itself is damaged, HomeNotWritableError, ServerError.
    """
    stores = StoreFolder(home, chroma_url)
    number = stores.named() or (stores.committed() if stores.folder.is_dir() else None)
    if number is None:
        return []
    named = stores.named()
    done = [*_reindexed(stores, number)]
    with closing(stores.store(number).catalog(read_only=True)) as catalog:
        check_chunks(catalog, deep=True)  # what has lost its chunk here is no orphan of the other stores
        made = catalog.meta("fingerprint")
    if made is None:
        raise IndexEmptyError("nothing is indexed yet: run `trusted-cloud-chat ingest`")
    left = stores.leftovers()
    with open_writer(home, Fingerprint.read(made), to_lexical, chroma_url=chroma_url, clean=True) as writer:
        done += _swept(writer)
    if named is None:
        done.append("index/current names the index again")
    done += [
        f"{folder.relative_to(home)} deleted, which no index in use needs" for folder in left if not folder.exists()
    ]
    return done


def _reindexed(stores: StoreFolder, number: int) -> Iterator[str]:
    with closing(stores.store(number).catalog(read_only=True)) as catalog:
        fault = catalog.contents.fault()
    if not fault:
        return
    with only_writer(stores.folder), closing(stores.store(number).catalog(read_only=False)) as catalog:
        catalog.contents.reindex()
        check_file(catalog)
    yield "made anew from the rows of the catalog: what they are found by"


def _swept(writer: IndexWriter) -> Iterator[str]:
    if writer.refilled:
        yield f"made anew from the catalog, nothing embedded: {writer.refilled.partition(': ')[0]}"
    pending, orphans = writer.tidy()
    if pending:
        yield f"dropped: {counted(pending, 'article')} that an interrupted run had begun; the next ingest reads them again"
    if orphans:
        yield f"deleted from Chroma and Tantivy: {counted(orphans, 'chunk')} that no article owns"
    if writer.lacks_texts:
        yield "texts and labels added to the vector store, nothing embedded"
    writer.reclaim()
