"""Whether Chroma and Tantivy hold what the catalog does: looked at once a generation, never at a question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from trusted_cloud_chat.errors import IndexDamagedError, StoreLostError
from trusted_cloud_chat.index.catalog import Catalog
from trusted_cloud_chat.index.dying import dying
from trusted_cloud_chat.index.exact import ExactVectors
from trusted_cloud_chat.index.lexical import LexicalIndex
from trusted_cloud_chat.index.power import WENT, power_went
from trusted_cloud_chat.index.row_sums import sum_of
from trusted_cloud_chat.index.trouble import REBUILD, REFILL, REINDEX, brief, decoding
from trusted_cloud_chat.schema import Article
from trusted_cloud_chat.versions import version_of

if TYPE_CHECKING:
    from trusted_cloud_chat.index.vectors import VectorIndex

_BY_ID = 5000
"""Chunks up to which every id is looked for; of more they are counted, since an opening may not take seconds."""
_ALL_FOUND = 100
"""Chunks up to which a search must find all; of more, it must find itself."""
_SAMPLES = 3
_SAME = 0.99
"""Cosine of a vector with itself, rounding left aside."""


def check_whole(
    catalog: Catalog,
    vectors: VectorIndex | ExactVectors,
    lexical: LexicalIndex,
    *,
    deep: bool = False,
) -> None:
    """All three. With `deep` every id and every page of the catalog, however many, and after a power cut every id.

    Raises IndexDamagedError for the catalog, StoreLostError for what is made from it.
    """
    check_articles(catalog, deep=deep)
    check_chunks(catalog, deep=deep)
    check_made(catalog, vectors, lexical, deep=deep)


def check_made(
    catalog: Catalog, vectors: VectorIndex | ExactVectors, lexical: LexicalIndex, *, deep: bool = False
) -> None:
    """What is made from the catalog. Raises StoreLostError."""
    cut = power_went(catalog)
    if deep:
        if cut:
            raise StoreLostError(f"{WENT}, and the vector store may be damaged: {REFILL}")
        vectors.check()
    count = catalog.count_chunks()
    live = catalog.contents.live_chunk_ids() if deep or cut or count <= _BY_ID else None
    for name, store in (("vector store", vectors), ("word index", lexical)):
        lost = count - store.count() if live is None else len(live - store.ids())
        if lost > 0:
            raise StoreLostError(f"the {name} holds {count - lost} of the {count} chunks of the index: {REFILL}")
    lexical.check()
    _check_search(catalog, vectors)


def check_articles(catalog: Catalog, *, deep: bool = False) -> None:
    """Raises IndexDamagedError where an article is gone, or is not what was stored: its version is a hash of its text."""
    for _ in whole_rows(catalog):
        pass
    if deep:
        check_file(catalog)


def check_file(catalog: Catalog) -> None:
    """Every page of the catalog; what rows are found by, which no checksum covers, against the rows. Raises IndexDamagedError."""
    if fault := catalog.contents.fault():
        raise IndexDamagedError(f"the catalog is damaged ({brief(ValueError(fault))}): {REINDEX}")


def check_chunks(catalog: Catalog, *, deep: bool = False) -> None:
    """The catalog's own chunks, with their vectors and words. Raises IndexDamagedError."""
    catalog.contents.sums.check_chunks(every=deep or catalog.count_chunks() <= _BY_ID)
    if deep and (lacking := catalog.contents.lacking()):  # since before there were sums
        raise IndexDamagedError(f"the catalog is damaged (chunks of {lacking!r} are gone): {REBUILD}")


def whole_rows(catalog: Catalog) -> Iterator[Sequence[Any]]:
    """Of every live article what `Contents.live_rows` gives. Raises what `check_articles` does."""
    whole, committed, labels = 0, catalog.contents.committed_articles, catalog.contents.sums.labels()
    with decoding("the catalog"):
        for row in catalog.contents.live_rows():
            article_id, version, title, text, published = row[:5]
            if version_of(text, title, published) != version:
                raise IndexDamagedError(f"the catalog is damaged (the text of {article_id!r} has changed): {REBUILD}")
            if labels and labels.get((article_id, version)) != sum_of([(*row[:3], *row[4:])]):
                raise IndexDamagedError(
                    f"the catalog is damaged (what it knows of {article_id!r} has changed): {REBUILD}"
                )
            whole += 1
            yield row
    if committed is not None and whole != committed:
        raise IndexDamagedError(f"the catalog is damaged ({whole} of its {committed} articles are left): {REBUILD}")


def whole(article: Article | None) -> Article | None:
    """The article. Raises IndexDamagedError where its text is not what was stored."""
    if article and version_of(article.text, article.title, article.date) != article.version:
        raise IndexDamagedError(f"the catalog is damaged (the text of {article.article_id!r} has changed): {REBUILD}")
    return article


def orphans(catalog: Catalog, vectors: VectorIndex | ExactVectors, lexical: LexicalIndex) -> set[str]:
    """Ids that Chroma or Tantivy has and the catalog has not: what a killed run left, found by no question; not what a server is
    to keep until the next run.
    """
    return (vectors.ids() | lexical.ids()) - catalog.chunk_ids() - set(dying(catalog))


def check_copied(catalog: Catalog, dimensions: int) -> None:
    """A catalog that came from elsewhere: texts that are what their version says, old ones too, and chunks with vectors.

    Raises IndexDamagedError.
    """
    check_articles(catalog, deep=True)
    for version in catalog.all_versions("old"):
        article = version.article
        if version_of(article.text, article.title, article.date) != article.version:
            raise IndexDamagedError(f"an old text of {article.article_id!r} has changed")
    for version in catalog.all_versions("live"):
        article = version.article
        for stored in catalog.chunks_of(article.article_id, article.version):
            same = stored.chunk.chunk_id.startswith(f"{article.article_id}@{article.version}#")
            if not same or stored.chunk.end > len(article.text) or stored.vector.size != dimensions:
                raise IndexDamagedError(f"the chunk {stored.chunk.chunk_id!r} is not one of its article")


def _check_search(catalog: Catalog, vectors: VectorIndex | ExactVectors) -> None:
    """Chroma counts and names what it has in a database, and searches in other files, which it does not check."""
    held = vectors.count()
    asked = catalog.chunk_vectors(catalog.contents.some_live_chunks(_SAMPLES))
    found = [vectors.query(vector, min(held, _ALL_FOUND)) for vector in asked.vectors.astype(np.float32)]
    for hits in found:
        if held <= _ALL_FOUND and not catalog.contents.live_chunk_ids() <= {chunk_id for chunk_id, _ in hits}:
            raise StoreLostError(f"the vector store finds only {len(hits)} of its {held} chunks: {REFILL}")
    if found and not any(_is_true(catalog, v, hits) for v, hits in zip(asked.vectors, found, strict=True)):
        raise StoreLostError(f"the vector store does not find the chunks that it holds: {REFILL}")


def _is_true(catalog: Catalog, vector: NDArray[np.float16], hits: Sequence[tuple[str, float]]) -> bool:
    """Whether a search found the vector itself, or tells of what it found how near it is: among hundreds of chunks that are alike an
    approximate search may miss the one that was asked for.
    """
    if hits and hits[0][1] > _SAME:
        return True
    near = catalog.chunk_vectors([chunk_id for chunk_id, _ in hits])
    told = dict(hits)
    cosines = near.vectors.astype(np.float32) @ vector.astype(np.float32)
    return bool(hits) and np.allclose(cosines, [told[chunk_id] for chunk_id in near.ids], atol=1 - _SAME)
