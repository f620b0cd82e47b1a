"""What `doctor --fix` does to an index: mends from the catalog and sweeps what nothing owns. No article goes, nothing is embedded."""

from contextlib import closing
from pathlib import Path

from trusted_cloud_chat.errors import counted
from trusted_cloud_chat.index import ChromaServer, Fingerprint, open_writer
from trusted_cloud_chat.index.home_files import only_writer
from trusted_cloud_chat.index.store import StoreFolder


def tidy(home: Path, chroma_url: str | ChromaServer = "") -> list[str]:
    """What was done, a line each; nothing where nothing was ever committed.

    Raises IndexBusyError while a run writes, IndexDamagedError where the catalog itself is damaged, HomeNotWritableError, ServerError.
    """
    stores = StoreFolder(home, chroma_url)
    if (number := stores.in_use()) is None:
        return []
    done = []
    with only_writer(stores.folder), closing(stores.store(number).catalog(read_only=False)) as catalog:
        if catalog.fault():
            catalog.reindex()
            done.append("made anew from the rows of the catalog: what they are found by")
        catalog.check()  # what has lost its chunk here is no orphan of the other stores
        made = Fingerprint.of(catalog)
    left = stores.leftovers()
    with open_writer(home, made, chroma_url=chroma_url) as writer:
        if writer.refilled:
            done.append(f"made anew from the catalog, nothing embedded: {writer.refilled}")
        if begun := writer.tidy():
            what = f"{counted(begun, 'article')} that"
            done.append(f"dropped: {what} an interrupted run had begun; the next ingest reads them again")
        writer.reclaim()
    done += [
        f"{folder.relative_to(home)} deleted, which no index in use needs" for folder in left if not folder.exists()
    ]
    return done
