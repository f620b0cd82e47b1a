"""Runs: read the files that changed, embed and commit what is new, and report; and roll back to the generation before."""

import logging
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from pathlib import Path

from trusted_cloud_chat.chunking import CHUNKING
from trusted_cloud_chat.corpus import CorpusFile, corpus_files, files_at, is_folder, kinds_of
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.errors import (
    DeletionsError,
    IndexDamagedError,
    IndexEmptyError,
    UnusableError,
    counted,
    shortened,
)
from trusted_cloud_chat.index.catalog import Catalog
from trusted_cloud_chat.index.database import SCHEMA_VERSION
from trusted_cloud_chat.index.index_writer import IndexWriter, open_writer
from trusted_cloud_chat.index.records import Live
from trusted_cloud_chat.index.store import Fingerprint, is_outdated, refill_time
from trusted_cloud_chat.ingestion.candidates import IngestRun, Reading
from trusted_cloud_chat.ingestion.report import IngestReport
from trusted_cloud_chat.ingestion.staging import Embedding, is_long
from trusted_cloud_chat.ingestion.to_do import ToDo, to_do
from trusted_cloud_chat.language.normalise import fold, visible
from trusted_cloud_chat.language.stems import STOPWORDS_EN, STOPWORDS_FR
from trusted_cloud_chat.language.words import Word, words
from trusted_cloud_chat.models.embedder import Embedder
from trusted_cloud_chat.schema import Article

_LOG = logging.getLogger(__name__)
_MADE_ANEW = "made by an earlier version, in another format: all {n} articles are embedded again, from stored text"
_REBUILT = "rebuilt: every article is embedded again"
_UNFINISHED = "it is still being written: it is read once it stops changing, and its stored article stays until then"
_FOLDER_LINK = "a link to a folder of the same corpus or PATH is not followed: its files are read where they are, except hidden ones"
_LOST = (
    "the stored text of {id!r} is damaged, so it is no longer in the index: add its file again with `trusted-cloud-chat ingest`, by "
    "its path if it is not in the corpus"
)
_UNDONE = "this run restored what the rollback (generation {n}) had undone, except what was corrected in the corpus"
ROLLED_BACK = "rolled_back"
"""The `meta` key with the generation that a rollback made, until a run over the whole corpus undoes it."""
_COMES_BACK = "the next `trusted-cloud-chat ingest` brings back the state of the corpus folder: fix that first"
_UNREAD = (
    "a part of the old index could not be read ({why}): add again, by their paths, the articles from outside the corpus that "
    "`trusted-cloud-chat list` no longer shows"
)

_NAMED_IN_TEXT, _WORDS_OF_A_NAME = 2, 3
"""Minimum occurrences of a provider's name in the text, and maximum words of the name."""


def fingerprint_of(embedder: Embedder, chunk_tokens: int) -> Fingerprint:
    return Fingerprint(embedder.identity, embedder.dimensions, f"{CHUNKING}:{chunk_tokens}")


def ingest(run: IngestRun, embedder: Embedder, chunk_tokens: int) -> IngestReport:
    """Bring the index up to date with the corpus, or add and update the given files, which deletes nothing.

    A bad or unfinished file never stops the others: it is listed under `failed`, and its stored article stays. Raises DeletionsError
    before anything is embedded if much of the corpus would be deleted, unless that is allowed.
    """
    started = time.perf_counter()
    files, report = _files(run)
    made, tell = fingerprint_of(embedder, chunk_tokens), run.progress
    with open_writer(run.stores, made, rebuild=run.rebuild, update=True, tell=tell) as writer:
        catalog, outdated, anew = writer.catalog, writer.outdated, len(writer.inherited)
        reading, todo = _plan(run, files, writer.live, catalog, report, writer.refilled, anew, outdated=outdated)
        if report.stopped:
            raise DeletionsError(report.stopped)
        if outdated:
            _LOG.warning("the index was %s; until then it answers as it is", _MADE_ANEW.format(n=anew))
        todo = _anew(writer, todo, report)
        embedding = Embedding(writer, embedder, chunk_tokens, todo.staged, tell)
        _carry_out(todo, writer, embedding, report, at_once=anew > 0)
        reading.note(catalog, whole_corpus=run.is_whole)
        if run.is_whole:
            rolled = catalog.meta(ROLLED_BACK)
            catalog.set_meta(ROLLED_BACK, "")
            if rolled and (report.added or report.changed or report.deleted):
                report.note("index", _UNDONE.format(n=rolled), kind="undone", before=rolled)
        if run.kept_versions is not None:
            catalog.history.prune(run.kept_versions)
    report.seconds = round(time.perf_counter() - started, 3)
    return report


def foresee(run: IngestRun) -> IngestReport:
    """The report that `ingest` would give, without embedding or writing. Raises as `ingest` does."""
    started = time.perf_counter()
    files, report = _files(run)
    report.dry_run = True
    live, catalog, refilled, anew = Live.of({}), None, "", 0
    mended = (IndexEmptyError, IndexDamagedError) if run.rebuild else (IndexEmptyError,)
    with ExitStack() as opened:
        with suppress(*mended):
            catalog = opened.enter_context(closing(run.stores.open()))
            report.generation, report.chunks = catalog.generation, catalog.count_chunks()
            live = catalog.outlines()
            anew = len(live) if run.rebuild or is_outdated(catalog, CHUNKING) else 0
            if not anew and (fault := run.stores.derived(catalog).fault()):
                refilled = f"{fault} ({refill_time(catalog)})"
        known = None if run.rebuild or (catalog and catalog.schema < SCHEMA_VERSION) else catalog
        _plan(run, files, live, known, report, refilled, anew, outdated=not run.rebuild)
    report.seconds = round(time.perf_counter() - started, 3)
    return report


def _plan(
    run: IngestRun, files: Sequence[CorpusFile], live: Live, catalog: Catalog | None, report: IngestReport,
    refilled: str, anew: int, *, outdated: bool,
) -> tuple[Reading, ToDo]:  # fmt: skip
    """The plan of the run; files that `catalog` knows as unchanged are not read. Also fills `report`: why vectors and words are `refilled`,
    how many articles are embedded `anew` (because they are `outdated`, or on request), missing metadata and unknown providers.
    """
    reading = Reading(catalog.history.files() if catalog else {}, live, run, report)
    todo = to_do(reading.read(files, run.progress), live, report, run.corpus, whole_corpus=run.is_whole)
    if run.allow_deletions:
        report.stopped = None
    report.note_refill(refilled)
    if anew:
        report.note("index", _MADE_ANEW.format(n=anew) if outdated else _REBUILT)
    report.ask_for(todo.staged)
    first: dict[str, str] = {}  # the first article that names it
    for article in todo.staged:
        for name in unknown_providers(article, run.entities) if run.entities else ():
            first.setdefault(name, article.article_id)
    report.unknown_names = [{"name": name, "article_id": article_id} for name, article_id in first.items()]
    return reading, todo


def unknown_providers(article: Article, entities: EntityBook) -> list[str]:
    """Providers that are missing from the aliases: questions that list or compare providers would miss them.

    « HexaCloud » for the title « HexaCloud obtient la qualification SecNumCloud ». Only if sure: the name leads a title that also
    names a qualification, and occurs twice in the text, in any letter case.
    """
    name = _first_name(article.title)
    of_scheme = any(mention.entity.kind == "scheme" for mention in entities.written(article.title))
    known = fold(name) in STOPWORDS_FR | STOPWORDS_EN | entities.related or entities.written(name)
    if not name or not of_scheme or known:
        return []
    wanted, said = ([word.folded for word in words(text)] for text in (name, article.text))
    count = sum(said[n : n + len(wanted)] == wanted for n in range(len(said)))
    return [name] if count >= _NAMED_IN_TEXT else []


def _first_name(title: str) -> str:
    """The capitalised words at the head of the title or after its first colon; may be empty."""
    head = title.partition(":")[2] or title
    run: list[Word] = []
    for word in words(head)[:_WORDS_OF_A_NAME]:
        if not word.has_capital or (run and word.start - run[-1].end > 1):
            break
        run.append(word)
    return head[run[0].start : run[-1].end] if run else ""


def _carry_out(todo: ToDo, writer: IndexWriter, embedding: Embedding, report: IngestReport, *, at_once: bool) -> None:
    """Embed and commit. Short texts are committed before long ones are embedded, unless all must become visible `at_once`."""
    short, long = ([article for article in todo.staged if is_long(article) is of] for of in (False, True))
    parts = [replace(todo, staged=short), ToDo(long)] if short and long and not at_once else [todo]
    for part in parts:
        embedding.stage(part.staged)
        report.generation = writer.commit([*part.staged, *part.relabelled], part.deleted, long)
    report.embedded, report.chunks = embedding.embedded, writer.catalog.count_chunks()


def _anew(writer: IndexWriter, todo: ToDo, report: IngestReport) -> ToDo:
    """Add to `todo` the inherited articles of a rebuilt index. Reports lost articles that no file of this run restores."""
    if writer.unread:
        report.note("index", _UNREAD.format(why=writer.unread))
    brought = {article.article_id: article for article in [*todo.relabelled, *todo.staged]}
    for article_id, path in writer.lost.items():
        if article_id not in brought:
            report.fail(visible(path), _LOST.format(id=shortened(article_id, 80)))
    kept = {article_id: article for article_id, article in writer.inherited.items() if article_id not in todo.deleted}
    return ToDo(list((kept | brought).values())) if writer.inherited else todo


def _files(run: IngestRun) -> tuple[list[CorpusFile], IngestReport]:
    """The files of a run, and its report of those that are skipped."""
    others = set[Path]()
    if run.is_whole:
        files = corpus_files(run.corpus, others)
    else:
        files = files_at(list(run.paths), run.corpus, others, some=run.fetched is None)
    files = [replace(file, fault=_UNFINISHED) if file.path in run.unfinished else file for file in files]
    links = {path for path in others if is_folder(path)}
    report = IngestReport(skipped=kinds_of(others - links))
    for link in sorted(links):
        report.note(CorpusFile(link, run.corpus, link.is_relative_to(run.corpus)).name, _FOLDER_LINK)
    if run.fetched is not None:
        files += run.fetched.files
        report.fetched, report.unchanged = len(run.fetched.files), len(run.fetched.unchanged)
        report.failed = list(run.fetched.failed)
        report.notices += run.fetched.notices
    return files, report


def rollback(run: IngestRun, embedder: Embedder, chunk_tokens: int) -> IngestReport:
    """Undo the last run that changed something; a second rollback undoes the first. Retired chunks are embedded again.

    Raises UnusableError if there is no generation to go back to.
    """
    started, report, made = time.perf_counter(), IngestReport(), fingerprint_of(embedder, chunk_tokens)
    with open_writer(run.stores, made, tell=run.progress) as writer:
        report.note_refill(writer.refilled)
        before = writer.catalog.history.before()
        if before is None:
            raise UnusableError("there is no generation before this one to go back to: nothing was changed")
        live, todo = writer.live, ToDo(deleted=[article_id for article_id in before.added if article_id in writer.live])
        for article in before.versions.values():
            todo.bring(article, live, report)
        report.deleted, report.unchanged = todo.deleted, len(live) - len(report.changed) - len(todo.deleted)
        for article_id in before.missing:
            report.note(article_id, "stays unchanged: its previous version is no longer kept", kind="not_kept")
        gone = (before.forgotten, "forgotten since"), (len(before.missing), "whose previous version is no longer kept")
        lacks = " and ".join(f"{counted(n, 'article')} {why}" for n, why in gone if n)
        if lacks and not (todo.staged or todo.relabelled or todo.deleted):
            raise UnusableError(
                f"nothing can be restored from generation {before.generation} ({lacks}): nothing was changed"
            )
        undone = writer.catalog.meta(ROLLED_BACK) == str(writer.catalog.generation)
        embedding = Embedding(writer, embedder, chunk_tokens, todo.staged, run.progress)
        _carry_out(todo, writer, embedding, report, at_once=True)
        writer.catalog.set_meta(ROLLED_BACK, "" if undone else str(report.generation))
        writer.catalog.history.forget_files()
    but = f", except {lacks}" if lacks else ""
    held = f"generation {report.generation} holds what generation {before.generation} held{but}; {_COMES_BACK}"
    report.note("index", held, kind="rolled_back", before=str(before.generation), forgotten=str(before.forgotten))
    report.seconds = round(time.perf_counter() - started, 3)
    return report
