"""The index: three stores that show one generation.

`TCC_HOME/index/current` names the folder in use; a rebuild fills the next folder aside and swaps the name.
"""

from trusted_cloud_chat.index.address import ChromaServer
from trusted_cloud_chat.index.catalog import Catalog, ChunkVectors, StoredChunk
from trusted_cloud_chat.index.inheriting import Inheritance
from trusted_cloud_chat.index.lexical import LexicalDocument
from trusted_cloud_chat.index.reading import Index, Snapshot
from trusted_cloud_chat.index.run import open_writer
from trusted_cloud_chat.index.store import Fingerprint, Store
from trusted_cloud_chat.index.writing import IndexWriter

__all__ = [
    "Catalog",
    "ChromaServer",
    "ChunkVectors",
    "Fingerprint",
    "Index",
    "IndexWriter",
    "Inheritance",
    "LexicalDocument",
    "Snapshot",
    "Store",
    "StoredChunk",
    "open_writer",
]
