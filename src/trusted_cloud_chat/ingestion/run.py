"""Corpus → index: reads every file, embeds only what changed, commits once, reports."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing, suppress
from datetime import date
from pathlib import Path

from trusted_cloud_chat.chunking import CHUNKING
from trusted_cloud_chat.corpus import CorpusFile, corpus_files, files_at, passed_over, read_article
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.errors import ArticleError, IndexDamagedError
from trusted_cloud_chat.index import Fingerprint, IndexWriter, LexicalDocument, StoredChunk, open_writer
from trusted_cloud_chat.index.catalog import LiveVersion
from trusted_cloud_chat.index.store import StoreFolder, rules_of
from trusted_cloud_chat.ingestion.changes import Candidate, to_do
from trusted_cloud_chat.ingestion.newcomers import unknown_providers
from trusted_cloud_chat.ingestion.report import IngestReport
from trusted_cloud_chat.ingestion.staging import Progress, embed_and_stage
from trusted_cloud_chat.language.lexical import lexical_tokens
from trusted_cloud_chat.models.embedder import Embedder
from trusted_cloud_chat.schema import Article

_MADE_ANEW = (
    "made by an earlier version, which cut texts otherwise: all {n} articles are read anew, from what is stored"
)
_TEXTS_ADDED = (
    "made by an earlier version, whose vector store had no texts: they and their labels are added from what is stored, "
    "nothing is embedded again for it"
)
_REFILLED = "made anew from what is stored, nothing is embedded again for it: {why}"


def fingerprint_of(embedder: Embedder, chunk_tokens: int) -> Fingerprint:
    return Fingerprint(embedder.identity, embedder.dimensions, f"{CHUNKING}:{chunk_tokens}")


def ingest(
    *,
    home: Path,
    corpus: Path,
    embedder: Embedder,
    chunk_tokens: int,
    paths: Sequence[Path] = (),
    allow_undated: bool = False,
    today: date,
    chroma_url: str = "",
    rebuild: bool = False,
    entities: EntityBook | None = None,
    progress: Progress | None = None,
) -> IngestReport:
    """Bring the index up to date with `corpus`, or add and update `paths` only.

    One bad file never stops the others: it is listed under `failed`, and what is stored for it stays.
    Only a run without `paths` deletes, and only what came from `corpus`.
    """
    started, began = time.perf_counter(), time.time()
    tell = progress or (lambda _step, _done, _total: None)
    files, report = _files(paths, corpus)
    fingerprint = fingerprint_of(embedder, chunk_tokens)
    with open_writer(home, fingerprint, to_lexical, chroma_url=chroma_url, rebuild=rebuild) as writer:
        live = writer.inherited if writer.outdated else writer.catalog.versions("live")
        candidates = _read(files, report, allow_undated, today, tell)
        staged, relabelled, deleted = to_do(candidates, live, report, corpus, whole_corpus=not paths)
        _name_unknown(staged, entities, report)
        if writer.refilled:
            report.notices.append({"path": "index", "message": _REFILLED.format(why=writer.refilled)})
        if writer.outdated:
            report.notices.append({"path": "index", "message": _MADE_ANEW.format(n=len(live))})
        elif writer.lacks_texts:
            report.notices.append({"path": "index", "message": _TEXTS_ADDED})
        if writer.inherited:
            staged, relabelled, deleted = _anew(writer, staged, relabelled, report, whole_corpus=not paths), [], []
        report.embedded = embed_and_stage(staged, writer, embedder, chunk_tokens, tell)
        report.generation = writer.commit(staged, relabelled, deleted)
        if not paths and not report.failed:
            writer.mark_ingested(corpus, at=began)
        report.chunks = writer.catalog.count_chunks()
        writer.reclaim()
    report.seconds = round(time.perf_counter() - started, 3)
    return report


def foresee(
    *,
    home: Path,
    corpus: Path,
    paths: Sequence[Path] = (),
    allow_undated: bool = False,
    today: date,
    rebuild: bool = False,
    entities: EntityBook | None = None,
    progress: Progress | None = None,
) -> IngestReport:
    """What `ingest` would report; it reads and compares, and neither embeds nor writes. No index is an empty one."""
    started = time.perf_counter()
    files, report = _files(paths, corpus)
    report.dry_run = True
    live: dict[str, LiveVersion] = {}
    number = StoreFolder(home).named()
    if number is not None:
        with suppress(IndexDamagedError), closing(StoreFolder(home).store(number).catalog(read_only=True)) as catalog:
            report.generation, report.chunks = catalog.generation, catalog.count_chunks()
            live = {} if rebuild else catalog.versions("live")
            if live and rules_of(catalog.meta("fingerprint") or "") != CHUNKING:
                report.notices.append({"path": "index", "message": _MADE_ANEW.format(n=len(live))})
            elif live and not catalog.has_texts:
                report.notices.append({"path": "index", "message": _TEXTS_ADDED})
    candidates = _read(files, report, allow_undated, today, progress or (lambda _step, _done, _total: None))
    staged, _, _ = to_do(candidates, live, report, corpus, whole_corpus=not paths)
    _name_unknown(staged, entities, report)
    report.seconds = round(time.perf_counter() - started, 3)
    return report


def to_lexical(article: Article, stored: StoredChunk) -> LexicalDocument:
    """The words of a chunk and of its article's title, in the article's language."""
    text = article.text[stored.chunk.start : stored.chunk.end]
    return LexicalDocument(
        stored.chunk.chunk_id,
        lexical_tokens(article.title, article.language),
        lexical_tokens(text, article.language),
    )


def _anew(
    writer: IndexWriter,
    staged: list[LiveVersion],
    relabelled: list[LiveVersion],
    report: IngestReport,
    *,
    whole_corpus: bool,
) -> list[LiveVersion]:
    """What an index that is made anew holds: what this run brings, and what was live and this run does not delete."""
    brought = {version.article.article_id: version for version in [*relabelled, *staged]}
    unread = {failure["path"] for failure in report.failed}
    for article_id, version in writer.inherited.items():
        # A rebuild that was asked for compares with nothing: what no file of the corpus gave is gone.
        gone = whole_corpus and version.in_corpus and version.article.path not in unread
        if not (article_id in report.deleted if writer.outdated else gone):
            brought.setdefault(article_id, version)
    return list(brought.values())


def _files(paths: Sequence[Path], corpus: Path) -> tuple[list[CorpusFile], IngestReport]:
    """The files of a run, and its report with those that it passes over."""
    files = files_at(list(paths), corpus) if paths else corpus_files(corpus)
    folders = [path for path in paths if path.is_dir()] if paths else [corpus]
    return files, IngestReport(skipped=passed_over(folders))


def _name_unknown(staged: list[LiveVersion], entities: EntityBook | None, report: IngestReport) -> None:
    """Each name once, with the first article that has it."""
    first: dict[str, str] = {}
    for article in (version.article for version in staged):
        for name in unknown_providers(article, entities) if entities else ():
            first.setdefault(name, article.article_id)
    report.unknown_names = [{"name": name, "article_id": article_id} for name, article_id in first.items()]


def _read(
    files: Sequence[CorpusFile], report: IngestReport, allow_undated: bool, today: date, tell: Progress
) -> list[Candidate]:
    candidates: dict[str, Candidate] = {}
    for done, file in enumerate(files, start=1):
        notices: list[str] = []
        try:
            file.check()
            article = read_article(file.path, file.root, allow_undated=allow_undated, today=today, notices=notices)
            if article.article_id in candidates:
                other = candidates[article.article_id].file.name
                raise ArticleError(f"the id {article.article_id!r} is taken by {other}: give each article its own")
            candidates[article.article_id] = Candidate(article, file)
        except ArticleError as error:
            report.failed.append({"path": file.name, "reason": str(error)})
        report.notices.extend({"path": file.name, "message": notice} for notice in notices)
        tell("read", done, len(files))
    return list(candidates.values())
