"""The index: a catalog, which is the truth, and vectors and words derived from it, all showing one generation.

Of the numbered folders in `TCC_HOME/index` the newest with a commit is in use; its catalog names the folder of vectors and words. A
rebuild fills the next number, which its commit brings into use.
"""

from trusted_cloud_chat.index.catalog import Catalog
from trusted_cloud_chat.index.chroma import ChromaServer
from trusted_cloud_chat.index.index_writer import IndexWriter, open_writer
from trusted_cloud_chat.index.lexical import LexicalDocument, to_lexical
from trusted_cloud_chat.index.records import ChunkVectors, StoredChunk, StoredQuestion
from trusted_cloud_chat.index.snapshots import Index, Snapshot, Within
from trusted_cloud_chat.index.store import Fingerprint

__all__ = [
    "Catalog",
    "ChromaServer",
    "ChunkVectors",
    "Fingerprint",
    "Index",
    "IndexWriter",
    "LexicalDocument",
    "Snapshot",
    "StoredChunk",
    "StoredQuestion",
    "Within",
    "open_writer",
    "to_lexical",
]
