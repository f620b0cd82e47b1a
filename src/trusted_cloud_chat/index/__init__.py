"""The index: a catalog, which is the truth, and what is made from it, that show one generation.

`TCC_HOME/index/current` names the folder in use, and the catalog in it the folder of vectors and words; a rebuild fills the next folder
aside and swaps the name.
"""

from trusted_cloud_chat.index.address import ChromaServer
from trusted_cloud_chat.index.catalog import Catalog, ChunkVectors, LiveVersion, StoredChunk
from trusted_cloud_chat.index.lexical import LexicalDocument, to_lexical
from trusted_cloud_chat.index.reading import Index, Snapshot, Within
from trusted_cloud_chat.index.records import StoredQuestion
from trusted_cloud_chat.index.run import open_writer
from trusted_cloud_chat.index.store import Fingerprint, Store
from trusted_cloud_chat.index.taking_over import Inheritance
from trusted_cloud_chat.index.writing import IndexWriter, Staged

__all__ = [
    "Catalog",
    "ChromaServer",
    "ChunkVectors",
    "Fingerprint",
    "Index",
    "IndexWriter",
    "Inheritance",
    "LexicalDocument",
    "LiveVersion",
    "Snapshot",
    "Staged",
    "Store",
    "StoredChunk",
    "StoredQuestion",
    "Within",
    "open_writer",
    "to_lexical",
]
