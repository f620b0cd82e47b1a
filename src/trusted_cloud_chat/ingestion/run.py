"""Corpus → index: reads every file, embeds only what changed, commits once, reports."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from trusted_cloud_chat.chunking import CHUNKING
from trusted_cloud_chat.corpus import (
    MOST_BYTES,
    CorpusFile,
    corpus_files,
    files_at,
    is_folder,
    kinds_of,
)
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.errors import ArticleError, DeletionsError, IndexDamagedError, shortened
from trusted_cloud_chat.fetching import Fetched
from trusted_cloud_chat.index import ChromaServer, Fingerprint, IndexWriter, Inheritance, open_writer
from trusted_cloud_chat.index.catalog import LiveVersion
from trusted_cloud_chat.index.known_files import KnownFile
from trusted_cloud_chat.index.live import Live
from trusted_cloud_chat.index.records import SCHEMA_VERSION
from trusted_cloud_chat.index.store import StoreFolder, rules_of
from trusted_cloud_chat.ingestion.changes import ToDo, to_do
from trusted_cloud_chat.ingestion.deletions import doubtful
from trusted_cloud_chat.ingestion.known import Known
from trusted_cloud_chat.ingestion.lexical import to_lexical
from trusted_cloud_chat.ingestion.newcomers import unknown_providers
from trusted_cloud_chat.ingestion.reading import read_files
from trusted_cloud_chat.ingestion.report import REFILLED, IngestReport
from trusted_cloud_chat.ingestion.staging import embed_and_stage
from trusted_cloud_chat.language.normalise import visible
from trusted_cloud_chat.models.embedder import Embedder
from trusted_cloud_chat.progress import Progress, tell_nobody

_KEPT = "; what it was is kept in TCC_HOME/backups, and docs/troubles.md says how to go back"
_MADE_ANEW = (
    "made by an earlier version, in another form: all {n} articles are embedded anew, from what is stored" + _KEPT
)
_UNFINISHED = "it is still being written: it is read once it stays as it is, and until then what is stored of it stays"
_FOLDER_LINK = "a link to a folder of the same corpus or PATH is not followed: its files are read where they lie, hidden ones apart"
_REBUILT = "made anew: every article is embedded again"
_LOST = (
    "the stored text of {id!r} is damaged, so it is no longer in the index: add its file again with `trusted-cloud-chat ingest`, by "
    "its path where it is not of the corpus"
)
_UNREAD = (
    "not all of what it held before could be read ({why}): what was added by its path and `trusted-cloud-chat list` no longer "
    "names is to be added again"
)
_TEXTS_ADDED = (
    "made by an earlier version, whose vector store had no texts: they and their labels are added from what is stored, "
    "nothing is embedded again for it" + _KEPT
)


def fingerprint_of(embedder: Embedder, chunk_tokens: int) -> Fingerprint:
    return Fingerprint(embedder.identity, embedder.dimensions, f"{CHUNKING}:{chunk_tokens}")


def ingest(
    *,
    home: Path,
    corpus: Path,
    embedder: Embedder,
    chunk_tokens: int,
    paths: Sequence[Path] = (),
    fetched: Fetched | None = None,
    allow_undated: bool = True,
    most_bytes: int = MOST_BYTES,
    today: date,
    chroma_url: str | ChromaServer = "",
    rebuild: bool = False,
    allow_deletions: bool = False,
    kept_versions: int | None = None,
    entities: EntityBook | None = None,
    progress: Progress | None = None,
    unfinished: Collection[Path] = (),
) -> IngestReport:
    """Bring the index up to date with `corpus`, or only add and update `paths` and what was `fetched`: then nothing is deleted.

    A bad file, or an `unfinished` one, never stops the others: it is listed under `failed`, and what is stored for it stays. A
    run that would delete much of what came from `corpus` raises DeletionsError before it embeds, unless `allow_deletions`.
    """
    started, began, tell = time.perf_counter(), time.time(), progress or tell_nobody
    files, report, whole = _files(paths, corpus, fetched, unfinished)
    how: dict[str, Any] = {"chroma_url": chroma_url, "rebuild": rebuild, "texts": whole, "embeds": True}
    with open_writer(home, fingerprint_of(embedder, chunk_tokens), to_lexical, **how) as writer:
        live = Live.of(writer.before.live) if writer.before.live else writer.live
        options = {"allow_undated": allow_undated, "today": today, "most_bytes": most_bytes}
        known = Known(writer.catalog.files.all(_asked(files, whole)), live, **options)
        todo = to_do(read_files(files, report, tell, known, **options), live, report, corpus, whole_corpus=whole)
        if not allow_deletions and (doubt := doubtful(todo, live, corpus)):
            raise DeletionsError(doubt)
        _note_index(report, live if writer.before.live else None, writer.outdated, writer.lacks_texts, writer.refilled)
        _look_at(todo.staged, entities, report)
        todo = _anew(writer.before, todo, report)
        report.embedded = embed_and_stage(todo.staged, writer, embedder, chunk_tokens, tell)
        report.generation = writer.commit(todo.staged, todo.relabelled, todo.deleted)
        known.note(writer.catalog, whole_corpus=whole)
        if whole and not report.failed:
            writer.mark_ingested(corpus, at=began)
        _tidy(writer, report, kept_versions)
    report.seconds = round(time.perf_counter() - started, 3)
    return report


def _tidy(writer: IndexWriter, report: IngestReport, kept_versions: int | None) -> None:
    """What comes last: old versions go, and vectors that are dead."""
    if kept_versions is not None:
        writer.catalog.history.prune(kept_versions)
    report.chunks = writer.catalog.count_chunks()
    writer.reclaim()


def foresee(
    *,
    home: Path,
    corpus: Path,
    paths: Sequence[Path] = (),
    fetched: Fetched | None = None,
    allow_undated: bool = True,
    most_bytes: int = MOST_BYTES,
    today: date,
    rebuild: bool = False,
    allow_deletions: bool = False,
    entities: EntityBook | None = None,
    progress: Progress | None = None,
) -> IngestReport:
    """What `ingest` would report; it reads and compares, and neither embeds nor writes. No index is an empty one."""
    started = time.perf_counter()
    files, report, whole = _files(paths, corpus, fetched)
    report.dry_run = True
    live = Live.of({})
    noted: dict[str, KnownFile] = {}
    number = StoreFolder(home).named()
    if number is not None:
        with suppress(IndexDamagedError), closing(StoreFolder(home).store(number).catalog(read_only=True)) as catalog:
            report.generation, report.chunks = catalog.generation, catalog.count_chunks()
            live = Live.of(catalog.versions("live"))
            noted = {} if rebuild else catalog.files.all(_asked(files, whole))
            outdated = rules_of(catalog.meta("fingerprint") or "") != CHUNKING or catalog.schema < SCHEMA_VERSION
            anew = live if rebuild or outdated else None
            _note_index(report, anew, not rebuild, bool(live) and not catalog.has_texts)
    options = {"allow_undated": allow_undated, "today": today, "most_bytes": most_bytes}
    candidates = read_files(files, report, progress or tell_nobody, Known(noted, live, **options), **options)
    todo = to_do(candidates, live, report, corpus, whole_corpus=whole)
    report.stopped = None if allow_deletions else doubtful(todo, live, corpus)
    _look_at(todo.staged, entities, report)
    report.seconds = round(time.perf_counter() - started, 3)
    return report


def _note_index(
    report: IngestReport, anew: Mapping[str, LiveVersion] | None, outdated: bool, lacks_texts: bool, refilled: str = ""
) -> None:
    """Say what becomes of the index itself: `anew` is what it held where all of it is made anew, `outdated` why."""
    if refilled:
        report.notices.append({"path": "index", "message": REFILLED.format(why=refilled)})
    if anew:
        report.notices.append({"path": "index", "message": _MADE_ANEW.format(n=len(anew)) if outdated else _REBUILT})
    elif lacks_texts and anew is None:
        report.notices.append({"path": "index", "message": _TEXTS_ADDED})


def _anew(before: Inheritance, todo: ToDo, report: IngestReport) -> ToDo:
    """What an index that is made anew holds: what this run brings, and what was live and this run does not delete.

    `report` names what it could not keep and no file of this run brings again.
    """
    if before.unread:
        report.notices.append({"path": "index", "message": _UNREAD.format(why=before.unread)})
    brought = {version.article.article_id: version for version in [*todo.relabelled, *todo.staged]}
    for article_id, path in before.lost.items():
        if article_id not in brought:
            reason = ArticleError(_LOST.format(id=shortened(article_id, 80)))
            report.failed.append({"path": visible(path), "reason": str(reason)})
    if not before.live:
        return todo
    for article_id, version in before.live.items():
        if article_id not in todo.deleted:
            brought.setdefault(article_id, version)
    return ToDo(list(brought.values()))


def _files(
    paths: Sequence[Path], corpus: Path, fetched: Fetched | None, unfinished: Collection[Path] = ()
) -> tuple[list[CorpusFile], IngestReport, bool]:
    """The files of a run, its report with those that it passes over, and whether it is one over the whole corpus."""
    whole, others = not paths and fetched is None, set[Path]()
    files = corpus_files(corpus, others) if whole else files_at(list(paths), corpus, others, some=fetched is None)
    files = [replace(file, fault=_UNFINISHED) if file.path in unfinished else file for file in files]
    links = {path for path in others if is_folder(path)}
    report = IngestReport(skipped=kinds_of(others - links))
    for link in sorted(links):
        name = CorpusFile(link, corpus, link.is_relative_to(corpus)).name
        report.notices.append({"path": name, "message": _FOLDER_LINK})
    if fetched is not None:
        files += fetched.files
        report.fetched, report.unchanged = len(fetched.files), len(fetched.unchanged)
        report.failed = list(fetched.failed)
        report.notices += fetched.notices
    return files, report, whole


def _asked(files: Sequence[CorpusFile], whole: bool) -> list[str] | None:
    """Of which files it is asked what they gave before; None for all that there ever were."""
    return None if whole else [file.name for file in files]


def _look_at(staged: list[LiveVersion], entities: EntityBook | None, report: IngestReport) -> None:
    """Ask for what no file said, and tell each unknown name once, with the first article that has it."""
    report.ask_for(version.article for version in staged)
    first: dict[str, str] = {}
    for article in (version.article for version in staged):
        for name in unknown_providers(article, entities) if entities else ():
            first.setdefault(name, article.article_id)
    report.unknown_names = [{"name": name, "article_id": article_id} for name, article_id in first.items()]
