"""What the index holds, and what is taken out of it by name."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from trusted_cloud_chat.errors import IndexEmptyError, UnusableError, UsageError
from trusted_cloud_chat.fetching import forget as forget_addresses
from trusted_cloud_chat.fetching import is_address
from trusted_cloud_chat.index import Catalog, ChromaServer, Fingerprint, IndexWriter, LiveVersion, open_writer
from trusted_cloud_chat.index.files import remove_tree
from trusted_cloud_chat.index.live import Live
from trusted_cloud_chat.index.store import StoreFolder
from trusted_cloud_chat.ingestion import logbook
from trusted_cloud_chat.ingestion.forgetting import Words, alike, files_with
from trusted_cloud_chat.ingestion.reading import Reading
from trusted_cloud_chat.people.conversations import Archive
from trusted_cloud_chat.people.feedback import FeedbackStore
from trusted_cloud_chat.schema import Article


@dataclass(slots=True)
class Removal:
    """What `remove` did."""

    removed: list[str] = field(default_factory=list)
    """Ids of articles that answered questions until now."""
    comes_back: list[dict[str, str]] = field(default_factory=list)
    """`path`: files from which the next run over the corpus has it again, unless they go; `article_id`: what went."""
    forgotten: int = 0
    """Versions of which nothing is left."""
    backups: int = 0
    """Files of `backups` deleted with them, which 1.0.0 made and which held what was in the index once."""
    alike: list[str] = field(default_factory=list)
    """Ids of other articles of which nearly the same text is stored."""
    feedback: int = 0
    """What readers had said of answers with it, deleted too,"""
    answers: int = 0
    """and such answers in the conversations that the server keeps."""
    generation: int = 0

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def held(home: Path) -> tuple[int, list[LiveVersion]]:
    """The generation, and every article that answers questions, by id. Raises IndexEmptyError."""
    with closing(open_catalog(home)) as catalog:
        catalog.begin_read()
        return catalog.generation, list(catalog.versions("live").values())


def stored(home: Path, article_id: str, version: str | None = None) -> Article | None:
    """The stored article, an old version too; neither an embedder nor a store of words and vectors is opened for it.

    Raises IndexEmptyError, IndexDamagedError where it is not what was stored.
    """
    with closing(open_catalog(home)) as catalog:
        if catalog.generation == 0:
            raise _nothing()
        return catalog.article(article_id, version)


def kept(home: Path) -> tuple[int, list[tuple[LiveVersion, int]]]:
    """The generation, and the newest version of every article that answers no more, by id, with how many are stored of it."""
    with closing(open_catalog(home)) as catalog:
        catalog.begin_read()
        names = {held.article_id for held in catalog.held()}
        found: dict[str, tuple[LiveVersion, int]] = {}
        for version in (version for state in ("old", "again", "pending") for version in catalog.every(state)):
            article_id = version.article.article_id
            if article_id not in names:
                found[article_id] = (version, found[article_id][1] + 1 if article_id in found else 1)
        return catalog.generation, [found[article_id] for article_id in sorted(found)]


def remove(
    home: Path,
    article_ids: Sequence[str],
    corpus: Path,
    *,
    forget: bool,
    chroma_url: str | ChromaServer = "",
    how: Reading | None = None,
) -> Removal:
    """Take articles out of the index, wherever they came from; `forget` leaves no version and no trace of them in the home, also
    where answers were kept that cite them. `how` files are read says which bring them back.

    Nothing is embedded. Raises UsageError for an id that is not there, and then removes none.
    """
    with closing(open_catalog(home)) as catalog:
        if catalog.generation == 0:
            raise _nothing()
        made = Fingerprint.of(catalog)
    how = how or Reading(date.today(), allow_undated=True)
    with open_writer(home, made, chroma_url=chroma_url) as writer:
        done = _remove(writer, home, list(dict.fromkeys(article_ids)), corpus, how, forget=forget)
    if forget:
        logbook.clear(home)
        done.backups = len(_backups(home))
        remove_tree(home / "backups")
        _check_gone(home)
    return done


def _remove(
    writer: IndexWriter, home: Path, article_ids: list[str], corpus: Path, how: Reading, *, forget: bool
) -> Removal:
    live = writer.live
    _check_known(article_ids, live, writer.catalog, forget=forget)
    done = Removal(removed=[article_id for article_id in article_ids if article_id in live])
    words = Words(_versions(article_ids, done.removed, writer.catalog, forget=forget))
    done.comes_back = _coming_back(done.removed, words, writer.catalog, live, corpus, how)
    if forget:
        done.alike = alike(words, writer.catalog)
        # Before the index, which knows the words by which a killed one finds them again.
        done.feedback = FeedbackStore(home).forget(article_ids, words.said_in)
        done.answers = Archive(home).forget_articles(article_ids, words.said_in)
    done.generation = writer.commit([], [], done.removed)
    if done.comes_back:
        writer.catalog.set_meta("ingested_corpus", "")  # the index is no longer as new as the corpus
    if forget:
        paths = [known.path for one in article_ids if (known := writer.catalog.article(one))]
        forget_addresses(home, [path for path in paths if is_address(path)])
        done.forgotten = writer.forget(article_ids)
    writer.reclaim()
    return done


def _versions(article_ids: list[str], removed: list[str], catalog: Catalog, *, forget: bool) -> list[Article]:
    """What goes: with `forget` every version, else the live ones."""
    if not forget:
        return list(catalog.articles(removed).values())
    stored = (version.article for state in ("live", "old", "again", "pending") for version in catalog.every(state))
    return [article for article in stored if article.article_id in article_ids]


def _coming_back(
    removed: list[str], words: Words, catalog: Catalog, live: Live, corpus: Path, how: Reading
) -> list[dict[str, str]]:
    """The files of `Removal.comes_back`: where the articles lay, whatever lies there now, and all that have their texts."""
    places = [(one, corpus / live.held[one].path) for one in removed if live.held[one].in_corpus]
    found = {path: one for one, path in places if os.path.lexists(path)}
    for article_id, path in files_with(words, catalog, live, corpus, how):
        found.setdefault(path, article_id)
    return [{"article_id": found[path], "path": str(path)} for path in sorted(found)]


def _check_known(article_ids: list[str], live: Live, catalog: Catalog, *, forget: bool) -> None:
    kept = catalog.history.ids()
    for article_id in article_ids:
        if article_id not in kept:
            raise UsageError(
                f"no article {article_id!r} in the index: `trusted-cloud-chat list` prints the ids that exist"
            )
        if article_id not in live and not forget:
            raise UsageError(
                f"the article {article_id!r} is out of the index already; what old citations of it point to is kept: "
                "`remove --forget` takes that away too"
            )


def _check_gone(home: Path) -> None:
    """Raise UnusableError where a store that still has what was forgotten could not be removed."""
    stores = StoreFolder(home)
    for path in [*stores.leftovers(), *_backups(home)]:
        if path.exists():
            raise UnusableError(
                f"{path} holds what was to be forgotten, or names where it lies on a Chroma server, and could not be removed: stop the "
                "page or what else uses it, see that the server answers, and run `trusted-cloud-chat ingest`, which tries again"
            )


def _backups(home: Path) -> list[Path]:
    return sorted((home / "backups").glob("*.zip"))


def open_catalog(home: Path) -> Catalog:
    """To read. Raises IndexEmptyError."""
    stores = StoreFolder(home)
    number = stores.current()
    if number is None:
        raise _nothing()
    return stores.store(number).catalog(read_only=True)


def _nothing() -> IndexEmptyError:
    return IndexEmptyError("nothing is indexed yet: run `trusted-cloud-chat ingest`")
