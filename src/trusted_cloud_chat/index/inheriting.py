"""What a run takes over from the index that was in use: how it was made, and what it held."""

from __future__ import annotations

from contextlib import closing, suppress
from dataclasses import dataclass, field

from packaging.version import Version

from trusted_cloud_chat import __version__
from trusted_cloud_chat.errors import IndexDamagedError, IndexTooNewError
from trusted_cloud_chat.index.catalog import Catalog, LiveVersion
from trusted_cloud_chat.index.records import SCHEMA_VERSION
from trusted_cloud_chat.index.store import Fingerprint, Store, StoreFolder
from trusted_cloud_chat.index.trouble import REBUILD, decoding
from trusted_cloud_chat.schema import Article, version_of


def in_use(stores: StoreFolder, *, rebuild: bool) -> int | None:
    """The store in use, or the newest that was, where its name is lost; None where none ever was.

    Raises IndexDamagedError where none is left, unless all is made anew.
    """
    number = stores.named()
    if number is None:
        number = stores.committed()
    if number is None and stores.was_named() and not rebuild:
        raise IndexDamagedError(f"nothing is left of the index in {stores.folder}: {REBUILD}")
    return number


def is_outdated(store: Store, fingerprint: Fingerprint, *, tables: bool) -> bool:
    """Whether other rules made its chunks, or, with `tables`, an earlier release its tables.

    Raises IndexDamagedError, and IndexMismatchError where more than that differs: only a rebuild that is asked for embeds otherwise.
    """
    with closing(store.catalog(read_only=True)) as catalog:
        made, older = catalog.meta("fingerprint"), tables and catalog.schema < SCHEMA_VERSION
    fingerprint.check(made)
    return older or fingerprint.outdated(made)


def is_older(store: Store, fingerprint: Fingerprint, *, tables: bool) -> bool:
    """Whether an earlier release made it in a form that this run changes, that of its `tables` too; a damaged one is not asked.

    Raises IndexTooNewError for one that a newer release made by rules of its own.
    """
    with suppress(IndexDamagedError), closing(store.catalog(read_only=True)) as catalog:
        other_rules, release = fingerprint.outdated(catalog.meta("fingerprint")), catalog.meta("release")
        with decoding("the catalog"):
            newer = release is not None and Version(release) > Version(__version__)
        if other_rules and newer:
            raise IndexTooNewError(
                f"the index was made by trusted-cloud-chat {release}, which cuts texts by other rules than this one, {__version__}: "
                "update with `pip install --upgrade trusted-cloud-chat`, or point TCC_HOME elsewhere"
            )
        return other_rules or not catalog.has_texts or (tables and catalog.schema < SCHEMA_VERSION)
    return False


def made_with(store: Store, fingerprint: Fingerprint) -> bool:
    with suppress(IndexDamagedError), closing(store.catalog(read_only=True)) as catalog:
        return catalog.meta("fingerprint") == fingerprint.to_json()
    return False


@dataclass(slots=True)
class Inheritance:
    """What was live in the index that is made anew, and what of it is lost."""

    live: dict[str, LiveVersion] = field(default_factory=dict)
    """By article id."""
    lost: dict[str, str] = field(default_factory=dict)
    """Article id → path, where the text is no longer what was stored."""
    unread: str = ""
    """Why there may be others, of which not even the names are left."""


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
            for article_id, path, in_corpus in old.contents.live_names():
                _take(found, old, article_id, path, in_corpus=in_corpus)
        except IndexDamagedError as error:
            found.unread = str(error)
        with suppress(IndexDamagedError), catalog.transaction():
            if catalog.generation == 0:  # else a killed run has brought them over
                for state in ("old", "again", "live"):
                    for version in old.all_versions(state):
                        catalog.put_version(version.article, in_corpus=version.in_corpus, state="old")
                catalog.history.arrivals.keep(old.history.arrivals.all())
                catalog.set_meta("generation", str(old.generation))
    return found


def _take(found: Inheritance, old: Catalog, article_id: str, path: str, *, in_corpus: bool) -> None:
    with suppress(IndexDamagedError):
        article = old.article(article_id)
        if article is not None and _is_intact(article):
            found.live[article_id] = LiveVersion(article, in_corpus)
            return
    found.lost[article_id] = path


def _is_intact(article: Article) -> bool:
    """Whether the text is the one that was stored: its version is a hash of it."""
    return version_of(article.text, article.title, article.date) == article.version
