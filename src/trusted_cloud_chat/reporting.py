"""What the command line prints for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trusted_cloud_chat.answering.wording import attribution
from trusted_cloud_chat.indexing import IngestReport
from trusted_cloud_chat.schema import Passage

_MOST_LISTED = 10


def ingest_lines(report: IngestReport) -> Iterator[str]:
    """The report of a run: counts, then what needs attention."""
    yield (
        f"generation {report.generation}: {len(report.added)} added, {len(report.changed)} changed, "
        f"{report.unchanged} unchanged, {len(report.deleted)} deleted, {len(report.duplicates)} duplicates, "
        f"{len(report.failed)} failed; {report.chunks} chunks, {report.embedded} embedded, {report.seconds:.1f} s"
    )
    yield from _some("added", report.added)
    yield from _some("changed", report.changed)
    yield from _some("deleted", report.deleted)
    yield from (f"renamed: {r['path']} keeps the id {r['article_id']}" for r in report.renamed)
    yield from (f"duplicate: {d['path']} has the text of {d['duplicate_of']}" for d in report.duplicates)
    yield from (f"note: {n['path']}: {n['message']}" for n in report.notices)
    yield from (f"failed: {f['path']}: {f['reason']}" for f in report.failed)


def passage_lines(passages: Iterable[Passage]) -> Iterator[str]:
    """Rank, relevance, title and origin of each passage, then its text."""
    for passage in passages:
        article = passage.article
        yield f"{passage.rank}. [{passage.score:.2f}] {article.title} ({attribution(article, article.language)})"
        yield "   " + " ".join(passage.text.split())
        yield f"   {article.article_id}"


def _some(label: str, ids: list[str]) -> Iterator[str]:
    for article_id in ids[:_MOST_LISTED]:
        yield f"{label}: {article_id}"
    if len(ids) > _MOST_LISTED:
        yield f"{label}: and {len(ids) - _MOST_LISTED} more"
