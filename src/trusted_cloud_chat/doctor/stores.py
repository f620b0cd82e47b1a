"""Checks of the index: whether its three stores agree, orphans, leftovers, its embedder and form; and `doctor --fix`."""

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from trusted_cloud_chat.chunking import CHUNKING
from trusted_cloud_chat.doctor.checks import FIX, INGEST, Check, Name, look
from trusted_cloud_chat.errors import IndexBusyError, counted
from trusted_cloud_chat.index.chroma import ChromaServer
from trusted_cloud_chat.index.home_files import busy, only_writer
from trusted_cloud_chat.index.index_writer import open_writer
from trusted_cloud_chat.index.snapshots import Index
from trusted_cloud_chat.index.store import Fingerprint, StoreFolder, is_outdated
from trusted_cloud_chat.ingestion import fingerprint_of
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.models.unpacking import abandoned
from trusted_cloud_chat.settings import Settings
from trusted_cloud_chat.wiring import chroma_of

NOT_MENDED = "not fixed"
"""The beginning of a line that reports a failure."""


def index_checks(settings: Settings, load: Callable[[], Embedder]) -> list[Check]:
    """Whether the index can be read, all stores agree, and this embedder made it."""

    def index() -> Index:
        return Index(settings.home, _made_by(settings.home), chroma_of(settings))

    def coverage() -> str:
        held = index().coverage()
        return (
            f"generation {held.generation}, {counted(held.articles, 'article')}, {counted(held.chunks, 'chunk')}, "
            f"from {held.first} to {held.last}"
        )

    def whole() -> str:
        index().check()
        return "catalog, vectors and words hold the same chunks"

    checks = [look("index", coverage)]
    if checks[0].ok:
        checks.append(look("stores", whole))
    if checks[-1].ok:  # else an apparent orphan may be what another store has lost
        checks.append(_look_alone("orphans", settings.home, lambda: _orphans(settings.home)))
    if StoreFolder(settings.home).in_use() is not None:
        checks.append(look("embedder of the index", lambda: _same_embedder(settings, load)))
        checks.append(look("form of the index", lambda: _form(settings.home)))
    checks.append(_look_alone("leftovers", settings.home, lambda: _leftovers(settings.home)))
    return checks


def _made_by(home: Path) -> Fingerprint:
    with closing(StoreFolder(home).open()) as catalog:
        return Fingerprint.of(catalog)


def _same_embedder(settings: Settings, load: Callable[[], Embedder]) -> str:
    """Raises IndexMismatchError, or the error of loading the embedder."""
    now = fingerprint_of(load(), settings.chunk_tokens)
    with closing(StoreFolder(settings.home).open()) as catalog:
        now.check(catalog)
    return f"{now.embedder}, {now.dimensions} dimensions: the embedder of TCC_EMBEDDER"


def _form(home: Path) -> Check:
    with closing(StoreFolder(home).open()) as catalog:
        release, rules = catalog.meta("release") or "an earlier release", Fingerprint.of(catalog).rules
        told = f"written by {release}, catalog schema {catalog.schema}, chunking rules {rules}"
        if not is_outdated(catalog, CHUNKING):
            return Check("form of the index", "ok", told)
    anew = f"{told}: the next run rebuilds it from what is stored"
    return Check("form of the index", "advice", anew, INGEST, release)


def _orphans(home: Path) -> Check:
    with closing(StoreFolder(home).open()) as catalog:
        staged = len(catalog.staged())
    if not staged:
        return Check("orphans", "ok", "none")
    told = f"{counted(staged, 'article')} that an interrupted run had begun"
    return Check("orphans", "advice", f"{told}; no question sees them", FIX, str(staged))


def _leftovers(home: Path) -> Check:
    stores = StoreFolder(home)
    begun, models = stores.leftovers(), abandoned(home / "models")
    if not begun and not models:
        return Check("leftovers", "ok", "none")
    folders = ", ".join(folder.relative_to(home).as_posix() for folder in (*begun, *models))
    told = f"folders of runs that were killed, or of an index that was replaced: {folders}"
    # The next run resumes a first run that was stopped; nothing needs any other folder.
    return Check("leftovers", "advice", told, INGEST if begun and stores.in_use() is None else FIX, folders)


def _look_alone(name: Name, home: Path, see: Callable[[], Check]) -> Check:
    """As `look`, but skipped while a run writes, whose unfinished work looks the same."""
    if writer := busy(StoreFolder(home).folder):
        return Check(name, "ok", f"skipped, since another run{writer} is writing")
    return look(name, see)


def tidy(home: Path, chroma_url: str | ChromaServer = "") -> list[str]:
    """Fix the index from its catalog and remove orphans; no article is removed, nothing embedded. Returns a line per
    step.

    Raises IndexBusyError while a run writes, IndexDamagedError if the catalog itself is damaged, HomeNotWritableError,
    ServerError.
    """
    stores = StoreFolder(home, chroma_url)
    if (number := stores.in_use()) is None:
        return []
    done = []
    with only_writer(stores.folder), closing(stores.catalog(number, read_only=False)) as catalog:
        if catalog.fault():
            catalog.reindex()
            done.append("rebuilt: the catalog's own indexes, from its rows")
        catalog.check()  # a chunk that is lost here must not pass for an orphan of the other stores
        made = Fingerprint.of(catalog)
    left = stores.leftovers()
    with open_writer(stores, made) as writer:
        if writer.refilled:
            done.append(f"rebuilt from the catalog, nothing embedded: {writer.refilled}")
        if begun := writer.tidy():
            articles = counted(begun, "article")
            done.append(f"dropped: {articles} that an interrupted run had begun; the next ingest reads them again")
    done += [
        f"deleted: {folder.relative_to(home)}, which no index in use needs" for folder in left if not folder.exists()
    ]
    return done


def mend(settings: Settings) -> list[str]:
    """What was fixed and what was not, a line each. Raises IndexBusyError while another run writes."""
    done: list[str] = []

    def index() -> str:
        try:
            done.extend(tidy(settings.home, chroma_of(settings)))
        except IndexBusyError as error:
            refused.append(error)
        return ""

    def models() -> str:
        for folder in abandoned(settings.home / "models"):
            shutil.rmtree(folder)
            done.append(f"deleted: {folder.relative_to(settings.home)}, left by a start that was killed")
        return ""

    refused: list[IndexBusyError] = []
    looked = [look("index", index)]
    if refused:
        raise refused[0]
    looked.append(look("leftovers", models))
    return [*done, *(f"{NOT_MENDED}: {check.found}" for check in looked if not check.ok)]
