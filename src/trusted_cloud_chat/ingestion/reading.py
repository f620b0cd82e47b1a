"""The files of a run → their articles: a file that fails never stops the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from trusted_cloud_chat.corpus import MOST_BYTES, CorpusFile, close_readers, read_articles
from trusted_cloud_chat.enrichment import Enricher
from trusted_cloud_chat.errors import ArticleError
from trusted_cloud_chat.index.records import Held, held_of
from trusted_cloud_chat.ingestion.known import Known
from trusted_cloud_chat.ingestion.report import IngestReport
from trusted_cloud_chat.progress import Progress
from trusted_cloud_chat.schema import Article


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are read."""

    today: date
    allow_undated: bool = True
    most_bytes: int = MOST_BYTES
    enricher: Enricher | None = None
    """Reads what lies beside a file about its sentences; without one nothing does."""

    @property
    def rules(self) -> str:
        """What two readings of one file may differ by; the day counts for none that was read once."""
        enrichment = self.enricher.rules if self.enricher else ""
        return f"allow_undated={self.allow_undated}\x00most_bytes={self.most_bytes}\x00enrichment={enrichment}"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a file would have the index hold."""

    held: Held
    file: CorpusFile
    article: Article | None
    """None where it is as the index has it: its file was not read."""
    named: bool = False
    """Whether its id is written down, and not made of a path."""

    @property
    def article_id(self) -> str:
        return self.held.article_id


def read_files(
    files: Sequence[CorpusFile], report: IngestReport, tell: Progress, known: Known, how: Reading
) -> list[Candidate]:
    """The articles in `files`; a file that fails is listed, whatever its reader made of it."""
    candidates: dict[str, Candidate] = {}
    for done, file in enumerate(files, start=1):
        notices: list[str] = []
        reasons: list[str] = []
        try:
            file.check()
            recalled = known.recall(file)
            if recalled is not None:
                held, notices = recalled
                found = [Candidate(one, file, None) for one in held]
            else:
                found = _read(file, how, notices, reasons)
            found = [_take(one, candidates, known, report, reasons) for one in found]
            if recalled is None and not reasons:
                known.learn(file, [one.article for one in found if one.article], notices)
        except ArticleError as error:
            reasons.append(str(error))
        except Exception as error:  # of a library: it must not cost the other files their place
            reasons.append(
                f"its reader failed, which is our mistake, please report it: {type(error).__name__}: {error}"
            )
        report.failed.extend({"path": file.name, "reason": str(ArticleError(reason))} for reason in reasons)
        report.notices.extend({"path": file.name, "message": notice} for notice in notices)
        tell("read", done, len(files))
    close_readers()
    return list(candidates.values())


def _read(file: CorpusFile, how: Reading, notices: list[str], reasons: list[str]) -> list[Candidate]:
    named: set[str] = set()
    articles = read_articles(
        file.path, file.root, notices=notices, left_out=reasons, named=named, origin=file.origin,
        allow_undated=how.allow_undated, today=how.today, most_bytes=how.most_bytes,
    )  # fmt: skip
    if how.enricher and file.origin is None:
        articles = how.enricher(articles, file.path, file.root, notices)
    # Its place under a folder that was given says nothing later.
    told = articles if file.in_corpus else [replace(article, path=file.name) for article in articles]
    return [Candidate(held_of(a, in_corpus=file.in_corpus), file, a, a.article_id in named) for a in told]


def _take(
    one: Candidate, candidates: dict[str, Candidate], known: Known, report: IngestReport, reasons: list[str]
) -> Candidate:
    """Add it to `candidates`, and give what its file has then. Of two with one id and text the file that the index has it from is the
    article, else the first, and the other its copy. With another text `rapport.pdf` beside `rapport.docx` is called by its whole
    name, and any other is a reason.
    """
    other = candidates.setdefault(one.article_id, one)
    if other is one:
        return one
    if other.held.likeness == one.held.likeness:
        if known.came_from(one.held):
            candidates[one.article_id], one = one, other
        report.duplicates.append({"path": one.file.name, "duplicate_of": one.article_id})
        return one
    stays, goes = (one, other) if known.came_from(one.held) else (other, one)
    called = None if stays.named else _by_whole_name(goes)
    if called is None or not _one_stem(one.file, other.file) or called.article_id in candidates:
        reasons.append(f"the id {one.article_id!r} is taken by {other.file.name}: give each article its own")
        return one
    candidates[stays.article_id], candidates[called.article_id] = stays, called
    message = f"its id is {called.article_id!r}: {stays.article_id!r} is that of {stays.file.name}"
    report.notices.append({"path": goes.file.name, "message": message})
    return called if goes is one else one


def _by_whole_name(one: Candidate) -> Candidate | None:
    """It with its file's suffix in its id; None where the id is written down."""
    if one.named or one.article is None:
        return None
    own = f"{one.article_id}{one.file.path.suffix.lower()}"
    return replace(one, held=one.held._replace(article_id=own), article=replace(one.article, article_id=own))


def _one_stem(one: CorpusFile, other: CorpusFile) -> bool:
    return one.path != other.path and one.path.with_suffix("") == other.path.with_suffix("")
