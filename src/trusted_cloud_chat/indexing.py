"""Corpus → index: reads every file, embeds only what changed, commits once, reports."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from trusted_cloud_chat.chunking import CHUNKING
from trusted_cloud_chat.corpus import CorpusFile, corpus_files, files_at, passed_over, read_article
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.errors import ArticleError, IndexEmptyError
from trusted_cloud_chat.index import Fingerprint, LexicalDocument, StoredChunk, open_writer
from trusted_cloud_chat.index.catalog import LiveVersion
from trusted_cloud_chat.index.store import StoreFolder
from trusted_cloud_chat.language.lexical import lexical_tokens
from trusted_cloud_chat.models.embedder import Embedder
from trusted_cloud_chat.newcomers import unknown_providers
from trusted_cloud_chat.schema import Article
from trusted_cloud_chat.staging import Progress, embed_and_stage


@dataclass(slots=True)
class IngestReport:
    """What a run did; lists hold article ids."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    deleted: list[str] = field(default_factory=list)
    duplicates: list[dict[str, str]] = field(default_factory=list)
    """`path`, and `duplicate_of`: the article id that has the same text."""
    failed: list[dict[str, str]] = field(default_factory=list)
    """`path` and `reason`."""
    notices: list[dict[str, str]] = field(default_factory=list)
    """`path` and `message`: read, but worth a look."""
    renamed: list[dict[str, str]] = field(default_factory=list)
    """`path`, and the `article_id` that it keeps."""
    skipped: dict[str, int] = field(default_factory=dict)
    """Files of a kind that is not read, by kind: `.docx`."""
    unknown_names: list[dict[str, str]] = field(default_factory=list)
    """`name` of a provider that no list of names has, and `article_id`: an added or changed article about it."""
    chunks: int = 0
    embedded: int = 0
    """Chunks embedded by this run."""
    generation: int = 0
    seconds: float = 0.0
    dry_run: bool = False
    """What a run would do; nothing was embedded or written."""

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Candidate:
    article: Article
    file: CorpusFile


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
        live = writer.catalog.versions("live")
        candidates = _read(files, report, allow_undated, today, tell)
        staged, relabelled, deleted = _to_do(candidates, live, report, corpus, whole_corpus=not paths)
        _name_unknown(staged, entities, report)
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
    number = StoreFolder(home).current()
    if number is not None:
        with suppress(IndexEmptyError), closing(StoreFolder(home).store(number).catalog(read_only=True)) as catalog:
            report.generation, report.chunks = catalog.generation, catalog.count_chunks()
            live = {} if rebuild else catalog.versions("live")
    candidates = _read(files, report, allow_undated, today, progress or (lambda _step, _done, _total: None))
    staged, _, _ = _to_do(candidates, live, report, corpus, whole_corpus=not paths)
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


def _files(paths: Sequence[Path], corpus: Path) -> tuple[list[CorpusFile], IngestReport]:
    """The files of a run, and its report with those that it passes over."""
    files = files_at(list(paths), corpus) if paths else corpus_files(corpus)
    folders = [path for path in paths if path.is_dir()] if paths else [corpus]
    return files, IngestReport(skipped=passed_over(folders))


def _to_do(
    candidates: list[_Candidate],
    live: dict[str, LiveVersion],
    report: IngestReport,
    corpus: Path,
    *,
    whole_corpus: bool,
) -> tuple[list[LiveVersion], list[LiveVersion], list[str]]:
    """What must be embedded, what only gets new labels, and the ids to delete."""
    candidates = _keep_ids(candidates, live, report, corpus)
    candidates = _drop_duplicates(candidates, live, report, whole_corpus=whole_corpus)
    staged, relabelled = _compare(candidates, live, report)
    return staged, relabelled, _deleted(candidates, live, report) if whole_corpus else []


def _name_unknown(staged: list[LiveVersion], entities: EntityBook | None, report: IngestReport) -> None:
    """Each name once, with the first article that has it."""
    first: dict[str, str] = {}
    for article in (version.article for version in staged):
        for name in unknown_providers(article, entities) if entities else ():
            first.setdefault(name, article.article_id)
    report.unknown_names = [{"name": name, "article_id": article_id} for name, article_id in first.items()]


def _read(
    files: Sequence[CorpusFile], report: IngestReport, allow_undated: bool, today: date, tell: Progress
) -> list[_Candidate]:
    candidates: dict[str, _Candidate] = {}
    for done, file in enumerate(files, start=1):
        notices: list[str] = []
        try:
            file.check()
            article = read_article(file.path, file.root, allow_undated=allow_undated, today=today, notices=notices)
            if article.article_id in candidates:
                other = candidates[article.article_id].file.name
                raise ArticleError(f"the id {article.article_id!r} is taken by {other}: give each article its own")
            candidates[article.article_id] = _Candidate(article, file)
        except ArticleError as error:
            report.failed.append({"path": file.name, "reason": str(error)})
        report.notices.extend({"path": file.name, "message": notice} for notice in notices)
        tell("read", done, len(files))
    return list(candidates.values())


def _keep_ids(
    candidates: list[_Candidate], live: dict[str, LiveVersion], report: IngestReport, corpus: Path
) -> list[_Candidate]:
    """A file that moved keeps its article id: the same content, under a path that is gone. Then that path keeps it."""
    present = {candidate.article.article_id for candidate in candidates}
    absent = [v.article for v in live.values() if v.in_corpus and v.article.article_id not in present]
    by_path = {article.path: article.article_id for article in absent}
    moved = {(a.text, a.date): a.article_id for a in absent if not (corpus / a.path).exists()}
    kept = []
    for candidate in candidates:
        article = candidate.article
        content = (article.text, article.date)
        if candidate.file.in_corpus and _id_from_path(article):
            if article.path in by_path:
                article = replace(article, article_id=by_path[article.path])
            elif content in moved and article.article_id not in live:
                article = replace(article, article_id=moved.pop(content))
                report.renamed.append({"path": candidate.file.name, "article_id": article.article_id})
        kept.append(replace(candidate, article=article))
    return kept


def _id_from_path(article: Article) -> bool:
    return article.article_id == Path(article.path).with_suffix("").as_posix()


def _drop_duplicates(
    candidates: list[_Candidate], live: dict[str, LiveVersion], report: IngestReport, *, whole_corpus: bool
) -> list[_Candidate]:
    """Of files with the same text one becomes an article: the one that is live already, else the first."""
    owners: dict[str, str] = {}
    ids = {candidate.article.article_id for candidate in candidates}
    for version in live.values():
        elsewhere = not version.in_corpus or not whole_corpus
        if version.article.article_id in ids or elsewhere:
            owners.setdefault(_digest(version.article.text), version.article.article_id)
    kept = []
    for candidate in candidates:
        article = candidate.article
        owner = owners.setdefault(_digest(article.text), article.article_id)
        if owner == article.article_id or (owner in ids and _changed_text(owner, article, candidates)):
            kept.append(candidate)
        else:
            report.duplicates.append({"path": candidate.file.name, "duplicate_of": owner})
    return kept


def _changed_text(owner: str, article: Article, candidates: list[_Candidate]) -> bool:
    """Whether the owner, live with this text, is being given another text by the same run."""
    return any(c.article.article_id == owner and c.article.text != article.text for c in candidates)


def _digest(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


def _compare(
    candidates: list[_Candidate], live: dict[str, LiveVersion], report: IngestReport
) -> tuple[list[LiveVersion], list[LiveVersion]]:
    """What must be embedded, and what only gets new labels (publisher, URL, sources…)."""
    staged: list[LiveVersion] = []
    relabelled: list[LiveVersion] = []
    for candidate in candidates:
        version = LiveVersion(candidate.article, candidate.file.in_corpus)
        known = live.get(candidate.article.article_id)
        if known is None:
            report.added.append(candidate.article.article_id)
            staged.append(version)
        elif known.article.version != candidate.article.version:
            report.changed.append(candidate.article.article_id)
            staged.append(version)
        elif known != version:
            report.changed.append(candidate.article.article_id)
            relabelled.append(version)
        else:
            report.unchanged += 1
    return staged, relabelled


def _deleted(candidates: list[_Candidate], live: dict[str, LiveVersion], report: IngestReport) -> list[str]:
    """Live articles of the corpus that no file gives any more; a file that failed keeps what is stored for it."""
    present = {candidate.article.article_id for candidate in candidates}
    unread = {failure["path"] for failure in report.failed}
    report.deleted = sorted(
        article_id
        for article_id, version in live.items()
        if version.in_corpus and article_id not in present and version.article.path not in unread
    )
    return report.deleted
