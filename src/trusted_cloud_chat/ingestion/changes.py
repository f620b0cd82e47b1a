"""What a run has to do: the files that it read, held against what is live."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path

from trusted_cloud_chat.corpus import CorpusFile, id_of
from trusted_cloud_chat.index.catalog import LiveVersion
from trusted_cloud_chat.ingestion.report import IngestReport
from trusted_cloud_chat.schema import Article


@dataclass(frozen=True, slots=True)
class Candidate:
    article: Article
    file: CorpusFile


def to_do(
    candidates: list[Candidate],
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


def _keep_ids(
    candidates: list[Candidate], live: dict[str, LiveVersion], report: IngestReport, corpus: Path
) -> list[Candidate]:
    """A file that moved keeps its article id: the same content, under a path that is gone. Then that path keeps it."""
    present = {candidate.article.article_id for candidate in candidates}
    absent = [v.article for v in live.values() if v.in_corpus and v.article.article_id not in present]
    by_path = {article.path: article.article_id for article in absent}
    moved = {(a.text, a.date): a.article_id for a in absent if not os.path.lexists(corpus / a.path)}
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
    return article.article_id == id_of(article.path)


def _drop_duplicates(
    candidates: list[Candidate], live: dict[str, LiveVersion], report: IngestReport, *, whole_corpus: bool
) -> list[Candidate]:
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


def _changed_text(owner: str, article: Article, candidates: list[Candidate]) -> bool:
    """Whether the owner, live with this text, is being given another text by the same run."""
    return any(c.article.article_id == owner and c.article.text != article.text for c in candidates)


def _digest(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


def _compare(
    candidates: list[Candidate], live: dict[str, LiveVersion], report: IngestReport
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


def _deleted(candidates: list[Candidate], live: dict[str, LiveVersion], report: IngestReport) -> list[str]:
    """Live articles of the corpus that no file gives any more; a file that failed keeps what is stored for it."""
    present = {candidate.article.article_id for candidate in candidates}
    is_unread = report.unread()
    report.deleted = sorted(
        article_id
        for article_id, version in live.items()
        if version.in_corpus and article_id not in present and not is_unread(version.article.path)
    )
    return report.deleted
