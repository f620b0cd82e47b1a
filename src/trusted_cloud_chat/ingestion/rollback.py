"""A new generation that holds what the one before held."""

import time
from pathlib import Path

from trusted_cloud_chat.errors import IndexMismatchError, UnusableError, counted
from trusted_cloud_chat.index import ChromaServer, Fingerprint, LiveVersion, open_writer
from trusted_cloud_chat.index.history import Before
from trusted_cloud_chat.index.records import Live
from trusted_cloud_chat.ingestion.run_report import IngestReport
from trusted_cloud_chat.ingestion.staging import embed_and_stage
from trusted_cloud_chat.models.embedder import Embedder
from trusted_cloud_chat.progress import Progress, tell_nobody

ROLLED_BACK = "rolled_back"
"""In the catalog's `meta`: the generation that a rollback made, until the corpus folder is read again, which undoes it."""
_COMES_BACK = "the next `trusted-cloud-chat ingest` brings back the state of the corpus folder: mend that first"


def rollback(
    *,
    home: Path,
    embedder: Embedder,
    fingerprint: Fingerprint,
    chunk_tokens: int,
    chroma_url: str | ChromaServer = "",
    progress: Progress | None = None,
) -> IngestReport:
    """Undo the last run that changed something; done twice, it undoes itself. What is no longer embedded is embedded again.

    Raises UnusableError where there is nothing to go back to.
    """
    started, report, tell = time.perf_counter(), IngestReport(), progress or tell_nobody
    with open_writer(home, fingerprint, chroma_url=chroma_url, progress=tell) as writer:
        if writer.outdated:
            raise IndexMismatchError(
                "the index was made by an earlier version, which cut texts otherwise: run `trusted-cloud-chat ingest` first"
            )
        if writer.refilled:
            report.note_refill(writer.refilled)
        before = writer.catalog.history.before()
        if before is None:
            raise UnusableError("there is no generation before this one to go back to: nothing was changed")
        live = writer.live
        staged, relabelled = _told(before, live, report)
        lacks = _lacks(before)
        if lacks and not (staged or relabelled or report.deleted):
            raise UnusableError(
                f"nothing is left of what generation {before.generation} held otherwise ({lacks}): nothing was changed"
            )
        report.embedded = embed_and_stage(staged, writer, embedder, chunk_tokens, tell)
        undone = writer.catalog.meta(ROLLED_BACK) == str(writer.catalog.generation)
        report.generation = writer.commit(staged, relabelled, report.deleted)
        writer.catalog.history.files.clear()
        writer.catalog.set_meta("ingested_corpus", "")  # the index is no longer as new as the corpus
        writer.catalog.set_meta(ROLLED_BACK, "" if undone else str(report.generation))
        report.chunks = writer.catalog.count_chunks()
        writer.reclaim()
    but = f", but for {lacks}" if lacks else ""
    held = f"generation {report.generation} holds what generation {before.generation} held{but}; {_COMES_BACK}"
    values = {"before": str(before.generation), "forgotten": str(before.forgotten)}
    report.notices.append({"path": "index", "message": held, "kind": "rolled_back", **values})
    report.seconds = round(time.perf_counter() - started, 3)
    return report


def _lacks(before: Before) -> str:
    """What of that generation cannot come back; empty where all of it can."""
    counts = (
        (before.forgotten, "forgotten since"),
        (len(before.missing), "of which the version of then is not kept any more"),
    )
    return " and ".join(f"{counted(n, 'article')} {why}" for n, why in counts if n)


def _told(before: Before, live: Live, report: IngestReport) -> tuple[list[LiveVersion], list[LiveVersion]]:
    """What must be embedded again, and what only gets its labels back; the report is told of it."""
    staged: list[LiveVersion] = []
    relabelled: list[LiveVersion] = []
    for article_id, version in before.versions.items():
        known = live.get(article_id)
        if known:
            report.changed.append(article_id)
        else:
            report.add(version.article)
        same = known is not None and known.version == version.article.version
        (relabelled if same else staged).append(version)
    report.deleted = [article_id for article_id in before.added if article_id in live]
    report.unchanged = len(live) - len(report.changed) - len(report.deleted)
    for article_id in before.missing:
        message = "stays as it is: the version that it had is not kept any more"
        report.notices.append({"path": article_id, "message": message, "kind": "not_kept"})
    return staged, relabelled
