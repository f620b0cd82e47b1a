"""What a run takes over from the index that was in use: how it was made, and what it held."""

from __future__ import annotations

from contextlib import closing, suppress

from trusted_cloud_chat.errors import IndexDamagedError
from trusted_cloud_chat.index.catalog import Catalog, LiveVersion
from trusted_cloud_chat.index.store import Fingerprint, Store, StoreFolder
from trusted_cloud_chat.index.trouble import REBUILD
from trusted_cloud_chat.schema import Article
from trusted_cloud_chat.versions import version_of


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


def is_outdated(store: Store, fingerprint: Fingerprint) -> bool:
    """Raises IndexDamagedError, and IndexMismatchError where more than the rules differs: only a rebuild that is asked for embeds
    otherwise.
    """
    with closing(store.catalog(read_only=True)) as catalog:
        made = catalog.meta("fingerprint")
    fingerprint.check(made)
    return fingerprint.outdated(made)


def made_with(store: Store, fingerprint: Fingerprint) -> bool:
    with suppress(IndexDamagedError), closing(store.catalog(read_only=True)) as catalog:
        return catalog.meta("fingerprint") == fingerprint.to_json()
    return False


def inherit(previous: Store, catalog: Catalog) -> dict[str, LiveVersion]:
    """A rebuilt index keeps the texts that old citations point to, and goes on counting generations; what was live, by id.

    From a damaged one nothing is kept.
    """
    live: dict[str, LiveVersion] = {}
    try:
        old = previous.catalog(read_only=True)
    except IndexDamagedError:
        return live
    with closing(old), suppress(IndexDamagedError), catalog.transaction():
        live = {name: version for name, version in old.versions("live").items() if _is_intact(version.article)}
        if catalog.generation == 0:  # else a killed run has brought them over
            for state in ("old", "again", "live"):
                for version in old.all_versions(state):
                    catalog.put_version(version.article, in_corpus=version.in_corpus, state="old")
            catalog.history.arrivals.keep(old.history.arrivals.all())
            catalog.set_meta("generation", str(old.generation))
    return live


def _is_intact(article: Article) -> bool:
    """Whether the text is the one that was stored: its version is a hash of it."""
    return version_of(article.text, article.title, article.date) == article.version
