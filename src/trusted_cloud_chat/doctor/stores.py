"""Checks of the index: whether its three stores agree, orphans, leftovers, its embedder and form; and `doctor --fix`."""

import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from trusted_cloud_chat.chunking import CHUNKING
from trusted_cloud_chat.doctor.checks import FIX, INGEST, Check, Name, look
from trusted_cloud_chat.errors import IndexBusyError, counted
from trusted_cloud_chat.index import Fingerprint, Index
from trusted_cloud_chat.index.database import SCHEMA_VERSION
from trusted_cloud_chat.index.home_files import busy
from trusted_cloud_chat.index.store import StoreFolder, open_catalog
from trusted_cloud_chat.ingestion import fingerprint_of, tidy
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.models.unpacking import abandoned
from trusted_cloud_chat.settings import Settings
from trusted_cloud_chat.wiring import chroma_of


@dataclass(frozen=True, slots=True)
class _Made:
    """What the index records about itself."""

    fingerprint: Fingerprint
    release: str
    tables: int


def index_checks(settings: Settings, load: Callable[[], Embedder]) -> list[Check]:
    """Whether the index can be read, all stores agree, and this embedder made it."""
    found: list[Index] = []

    def coverage() -> str:
        found.append(Index(settings.home, _made(settings).fingerprint, chroma_of(settings)))
        held = found[0].coverage()
        return (
            f"generation {held.generation}, {counted(held.articles, 'article')}, {counted(held.chunks, 'chunk')}, "
            f"from {held.first} to {held.last}"
        )

    def whole() -> str:
        found[0].check()
        return "catalog, vectors and words hold the same chunks"

    checks = [look("index", coverage)]
    if checks[0].ok:
        checks.append(look("stores", whole))
    if checks[-1].ok:  # else apparent orphans may be what is missing elsewhere
        checks.append(look("orphans", lambda: _orphans(settings, found[0])))
    for opened in found:
        opened.close()
    if StoreFolder(settings.home).in_use() is not None:
        checks.append(look("embedder of the index", lambda: _same_embedder(settings, load)))
        checks.append(look("form of the index", lambda: _form(settings)))
    checks.append(look("leftovers", lambda: _leftovers(settings)))
    return checks


def _made(settings: Settings) -> _Made:
    with closing(open_catalog(settings.home)) as catalog:
        release = catalog.meta("release") or "an earlier release"
        return _Made(Fingerprint.of(catalog), release, catalog.schema)


def _same_embedder(settings: Settings, load: Callable[[], Embedder]) -> str:
    """Raises IndexMismatchError, or the error of loading the embedder."""
    made, now = _made(settings), fingerprint_of(load(), settings.chunk_tokens)
    now.check(made.fingerprint.to_json())
    return f"{now.embedder}, {now.dimensions} dimensions: the one that TCC_EMBEDDER gives"


def _form(settings: Settings) -> Check:
    made = _made(settings)
    rules = made.fingerprint.rules
    told = f"written by {made.release}, tables {made.tables}, texts cut by {rules}"
    if rules == CHUNKING and made.tables == SCHEMA_VERSION:
        return Check("form of the index", "ok", told)
    return Check(
        "form of the index",
        "advice",
        f"{told}: the next run makes it anew from what is stored",
        INGEST,
        made.release,
    )


def _orphans(settings: Settings, index: Index) -> Check:
    name: Name = "orphans"
    if writer := busy(StoreFolder(settings.home).folder):
        return Check(name, "ok", f"not looked for, since another run{writer} is writing")
    pending = index.read(lambda snapshot: len(snapshot.catalog.pending()))
    if not pending:
        return Check(name, "ok", "none")
    told = f"{counted(pending, 'article')} that an interrupted run had begun"
    return Check(name, "advice", f"{told}; no question sees them", FIX, str(pending))


def _leftovers(settings: Settings) -> Check:
    name: Name = "leftovers"
    home = settings.home
    if writer := busy(StoreFolder(home).folder):
        return Check(name, "ok", f"not looked for, since another run{writer} is writing")
    left = [*StoreFolder(home).leftovers(), *abandoned(home / "models")]
    if not left:
        return Check(name, "ok", "none")
    folders = ", ".join(folder.relative_to(home).as_posix() for folder in left)
    return Check(
        name, "advice", f"folders of runs that were killed, or of an index that was replaced: {folders}", FIX, folders
    )


NOT_MENDED = "not mended"
"""The beginning of a line that reports a failure."""


def mend(settings: Settings) -> list[str]:
    """What was mended and what could not be, one line each. Raises IndexBusyError while another run writes: then nothing is changed."""
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
            done.append(f"{folder.relative_to(settings.home)} deleted, which a killed start left")
        return ""

    refused: list[IndexBusyError] = []
    looked = [look("index", index)]
    if refused:
        raise refused[0]
    looked.append(look("leftovers", models))
    return [*done, *(f"{NOT_MENDED}: {check.found}" for check in looked if not check.ok)]
