"""Whether the index is as new as the corpus, told from file times alone: no embedder, no parsing."""

from contextlib import closing
from pathlib import Path

from trusted_cloud_chat.chunking import CHUNKING
from trusted_cloud_chat.corpus import corpus_files
from trusted_cloud_chat.errors import UnusableError
from trusted_cloud_chat.index import ChromaServer
from trusted_cloud_chat.index.database import SCHEMA_VERSION
from trusted_cloud_chat.index.store import Fingerprint, StoreFolder


def is_fresh(home: Path, corpus: Path, server: str | ChromaServer = "") -> bool:
    """True when a run committed after the last change of any file or folder of the corpus.

    An ingest run is cheap when nothing changed, so a doubt is answered with False.
    """
    stores = StoreFolder(home, server)
    try:
        number, catalog = stores.open()
        with closing(catalog):
            made = catalog.meta("fingerprint")
            ran_at, ran_on = catalog.meta("ingested_at"), catalog.meta("ingested_corpus")
            owed = catalog.schema < SCHEMA_VERSION or stores.store(number).derived(catalog).fault()
    except UnusableError:
        return False
    if owed or ran_at is None or ran_on != str(corpus) or made is None or Fingerprint.read(made).rules != CHUNKING:
        return False
    files = corpus_files(corpus)
    if any(file.fault for file in files):  # to be told at each run
        return False
    folders = {parent for file in files for parent in file.path.parents if parent.is_relative_to(corpus)}
    newest = max([*(file.changed_at for file in files), *(folder.stat().st_mtime for folder in folders)])
    return newest < float(ran_at)
