"""Chroma and Tantivy from the catalog's own vectors and words; nothing is embedded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from uuid import uuid4

from trusted_cloud_chat.index.catalog import Catalog, LiveVersion, StoredChunk
from trusted_cloud_chat.index.lexical import LexicalDocument
from trusted_cloud_chat.index.power import write_out
from trusted_cloud_chat.index.store import Store
from trusted_cloud_chat.index.trouble import told
from trusted_cloud_chat.schema import Article

_AT_ONCE = 100
"""Articles whose chunks are written to Chroma in one go."""

ToLexical = Callable[[Article, StoredChunk], LexicalDocument]


def fill(store: Store, catalog: Catalog, to_lexical: ToLexical) -> None:
    """Make both anew in `store`, with all that is live in its `catalog`, and have them on the disk."""
    new_collection(catalog)
    catalog.set_meta("dead_vectors", "0")
    catalog.set_meta("dying", "[]")
    vectors, lexical = store.vectors(catalog, create=True), store.lexical(create=True)
    live = list(catalog.versions("live").values())
    try:
        for start in range(0, len(live), _AT_ONCE):
            articles = [version.article for version in live[start : start + _AT_ONCE]]
            vectors.put([(a, catalog.chunks_of(a.article_id, a.version)) for a in articles])
        lexical.update(documents(catalog, live, to_lexical))
    finally:
        vectors.close()
    with told(f"the index {store.folder}"):
        write_out(store.folder)


def new_collection(catalog: Catalog) -> None:
    """A name of its own, since several indexes may use one Chroma server; what is written to it has texts and labels."""
    catalog.set_meta("texts", "1")
    catalog.set_meta("collection", f"chunks-{uuid4().hex}")


def documents(catalog: Catalog, versions: Iterable[LiveVersion], to_lexical: ToLexical) -> Iterator[LexicalDocument]:
    """What Tantivy is given of these versions."""
    for version in versions:
        for chunk in catalog.chunks_of(version.article.article_id, version.article.version):
            yield to_lexical(version.article, chunk)
