"""Copies from one catalog into a new one, for a rebuild, an export and an import.

Rows are read and checked one by one, so that neither damaged rows nor pages of the old file come along.
"""

from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from trusted_cloud_chat.errors import IndexDamagedError
from trusted_cloud_chat.index.catalog import Catalog
from trusted_cloud_chat.index.records import LiveVersion, chunk_version
from trusted_cloud_chat.index.store import Fingerprint, Store
from trusted_cloud_chat.index.trouble import REBUILD
from trusted_cloud_chat.schema import Article, enrichment_of, version_of

_KEPT_META = ("generation", "fingerprint", "release", "before")


@dataclass(slots=True)
class Inheritance:
    """What was live in the index that is being rebuilt, and what of it is lost."""

    live: dict[str, LiveVersion] = field(default_factory=dict)
    """By article id."""
    lost: dict[str, str] = field(default_factory=dict)
    """Article id → path, where the stored text is damaged."""
    unread: str = ""
    """Why there may be more, whose names cannot be read."""


def copied(source: Catalog, path: Path) -> Catalog:
    """A new catalog at `path` with everything that `source` has committed, except arrivals, which belong to one home.

    It comes into use with its vectors and words. Raises IndexDamagedError if `source` is damaged.
    """
    source.check_counts()
    target = Catalog(path, read_only=False)
    try:
        with target.transaction():
            for key in _KEPT_META:
                if (value := source.meta(key)) is not None:
                    target.set_meta(key, value)
            for version in source.every("old", "again"):
                target.put_version(_with_all(version.article, source), in_corpus=version.in_corpus, state="old")
            for version in source.every("live"):
                _copy_live(version, source, target)
            target.note_counts()
            target.set_meta("aside", "1")
    except BaseException:
        target.close()
        raise
    return target


def _with_all(article: Article, source: Catalog) -> Article:
    """With its enrichment, once the version is verified against the text."""
    known = enrichment_of(article.version)
    if version_of(article.text, article.title, article.date, known) != article.version:
        raise IndexDamagedError(f"the catalog is damaged (the text of {article.article_id!r} has changed): {REBUILD}")
    return source.with_enrichment(article)


def _copy_live(version: LiveVersion, source: Catalog, target: Catalog) -> None:
    article = _with_all(version.article, source)
    key = (article.article_id, article.version)
    chunks, dimensions = source.chunks_of(*key), Fingerprint.of(source).dimensions
    for stored in chunks:
        chunk = stored.chunk
        if chunk_version(chunk.chunk_id) != key or chunk.end > len(article.text) or stored.vector.size != dimensions:
            raise IndexDamagedError(
                f"the catalog is damaged (the chunk {chunk.chunk_id!r} is not one of its article): {REBUILD}"
            )
    target.put_chunks(chunks)
    target.enrichments.put_questions(source.enrichments.questions_of(*key))
    target.put_version(article, in_corpus=version.in_corpus, state="live")


def inherit(previous: Store, catalog: Catalog) -> Inheritance:
    """A rebuilt index keeps old versions for old citations, and the count of generations; of a damaged index, what is whole."""
    found = Inheritance()
    try:
        old = previous.catalog(read_only=True)
    except IndexDamagedError as error:
        found.unread = str(error)
        return found
    with closing(old):
        try:
            for article_id, outline in old.outlines().items():
                try:
                    found.live.update(old.live([article_id]))
                except IndexDamagedError:
                    found.lost[article_id] = outline.path
        except IndexDamagedError as error:
            found.unread = str(error)
        with suppress(IndexDamagedError), catalog.transaction():
            if catalog.generation == 0:  # else a killed run has copied them
                catalog.set_meta("generation", str(old.generation))
                for key in old.keys("old", "again", "live"):
                    with suppress(IndexDamagedError):
                        if version := old.version(*key):
                            article = old.with_enrichment(version.article)
                            catalog.put_version(article, in_corpus=version.in_corpus, state="old")
                catalog.history.arrivals.keep(old.history.arrivals.all())
    return found
