"""The files of a run → their articles: a file that fails never stops the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from trusted_cloud_chat.corpus import CorpusFile, close_readers, read_articles
from trusted_cloud_chat.errors import ArticleError
from trusted_cloud_chat.ingestion.changes import Candidate
from trusted_cloud_chat.ingestion.known import Known
from trusted_cloud_chat.ingestion.report import IngestReport
from trusted_cloud_chat.progress import Progress


def read_files(
    files: Sequence[CorpusFile], report: IngestReport, tell: Progress, known: Known, **options: Any
) -> list[Candidate]:
    """The articles in `files`, read with those `options`; a file that fails is listed, whatever its reader made of it."""
    candidates: dict[str, Candidate] = {}
    for done, file in enumerate(files, start=1):
        notices: list[str] = []
        reasons: list[str] = []
        named: set[str] = set()
        try:
            file.check()
            recalled = known.recall(file)
            if recalled is None:
                articles = read_articles(
                    file.path, file.root, notices=notices, left_out=reasons, named=named, origin=file.origin, **options
                )
            else:
                articles, notices = recalled
            for article in articles:
                # Its place under a folder that was given says nothing later.
                told = article if file.in_corpus else replace(article, path=file.name)
                _take(Candidate(told, file, article.article_id in named), candidates, known, report, reasons)
            if recalled is None and not reasons:
                known.learn(file, articles, notices)
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


def _take(
    one: Candidate, candidates: dict[str, Candidate], known: Known, report: IngestReport, reasons: list[str]
) -> None:
    """Add it to `candidates`. Of two with one id and text the file that the index has it from is the article, else the first, and
    the other its copy; with another text that is a reason.
    """
    article_id = one.article.article_id
    other = candidates.setdefault(article_id, one)
    if other is one:
        return
    if other.article.text.split() == one.article.text.split():
        if known.came_from(one.article):
            candidates[article_id], one = one, other
        report.duplicates.append({"path": one.file.name, "duplicate_of": article_id})
    else:
        reasons.append(f"the id {article_id!r} is taken by {other.file.name}: give each article its own")
