"""From one catalog into a new one, row by row: what a rebuild, another release, an export and an import take over.

Each row is read as every row is, so that nothing that was damaged or altered comes along, nor a page of the file that it was in.
"""

from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from trusted_cloud_chat.errors import IndexDamagedError
from trusted_cloud_chat.index.catalog import Catalog
from trusted_cloud_chat.index.records import LiveVersion, chunk_version
from trusted_cloud_chat.index.store import Fingerprint, Store
from trusted_cloud_chat.index.trouble import REBUILD
from trusted_cloud_chat.progress import Progress
from trusted_cloud_chat.schema import Article, enrichment_of, version_of

_KEPT_META = ("generation", "fingerprint", "release", "before")


@dataclass(slots=True)
class Inheritance:
    """What was live in the index that is made anew, and what of it is lost."""

    live: dict[str, LiveVersion] = field(default_factory=dict)
    """By article id."""
    lost: dict[str, str] = field(default_factory=dict)
    """Article id → path, where the text is no longer what was stored."""
    unread: str = ""
    """Why there may be others, of which not even the names are left."""


def copied(source: Catalog, path: Path, *, abroad: bool) -> Catalog:
    """A new catalog at `path` with all that `source` has committed, in use once vectors and words are made from it; what is of one home
    stays there if it goes `abroad`.

    Raises IndexDamagedError where `source` is not whole.
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
            if not abroad:
                target.history.arrivals.keep(source.history.arrivals.all())
            target.note_counts()
            target.set_meta("aside", "1")
    except BaseException:
        target.close()
        raise
    return target


def _with_all(article: Article, source: Catalog) -> Article:
    """With its enrichment, once it is seen that the version is that of its text."""
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


def take_over(older: Store, store: Store, tell: Progress) -> None:
    """`store` with all that an earlier release's index held: nothing is embedded."""
    with closing(older.catalog(read_only=True)) as source:
        source.begin_read()
        with closing(copied(source, store.folder / "catalog.db", abroad=False)) as catalog:
            store.refill(catalog, tell)


def inherit(previous: Store, catalog: Catalog) -> Inheritance:
    """A rebuilt index keeps the texts that old citations point to, and goes on counting generations. Of a damaged one it keeps what
    is whole.
    """
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
            if catalog.generation == 0:  # else a killed run has brought them over
                catalog.set_meta("generation", str(old.generation))
                for key in old.keys("old", "again", "live"):
                    with suppress(IndexDamagedError):
                        if version := old.version(*key):
                            article = old.with_enrichment(version.article)
                            catalog.put_version(article, in_corpus=version.in_corpus, state="old")
                catalog.history.arrivals.keep(old.history.arrivals.all())
    return found
