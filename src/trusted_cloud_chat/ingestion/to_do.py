"""Plans a run: compares the files read with the live articles."""

import hashlib
import os
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path

from trusted_cloud_chat.corpus import id_of
from trusted_cloud_chat.fetching import is_address
from trusted_cloud_chat.index.records import Live, Outline
from trusted_cloud_chat.ingestion.candidates import Candidate
from trusted_cloud_chat.ingestion.report import IngestReport
from trusted_cloud_chat.schema import Article

_SHARE, _HANDFUL = 1 / 3, 3
"""A run deletes up to this share of the corpus, or fewer articles than this, without asking."""
_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class ToDo:
    staged: list[Article] = field(default_factory=list)
    relabelled: list[Article] = field(default_factory=list)
    """Versions of which only labels have changed: publisher, URL, sources…"""
    deleted: list[str] = field(default_factory=list)

    def bring(self, article: Article, live: Live, report: IngestReport) -> None:
        """Plan and report a new or changed article."""
        known = live.get(article.article_id)
        if known is None:
            report.add(article)
        else:
            report.changed.append(article.article_id)
        same = known is not None and known.version == article.version
        (self.relabelled if same else self.staged).append(article)


def to_do(candidates: list[Candidate], live: Live, report: IngestReport, corpus: Path, *, whole_corpus: bool) -> ToDo:
    """The plan of the run; also fills `report`, with the reason to stop if the run would delete much of the corpus."""
    candidates = _keep_ids(candidates, live, report, corpus)
    for one in candidates:
        _note_replaced(one, live, report, corpus)
    present, is_unread = {one.article_id for one in candidates}, report.unread()
    staying = [  # their files are not part of this run, or failed
        held
        for article_id, held in live.items()
        if article_id not in present and not (whole_corpus and held.in_corpus and not is_unread(held.path))
    ]
    candidates = _one_of_each(candidates, staying, live, report)
    todo = ToDo()
    for one in candidates:
        held = live.get(one.article_id)
        same = held is not None and held.version == one.outline.version
        if one.article is None or (same and live.read(one.article_id) == replace(one.article, enrichment=None)):
            report.unchanged += 1
        else:
            todo.bring(one.article, live, report)
    if whole_corpus:
        after = [*staying, *(one.outline for one in candidates)]
        todo.deleted.extend(sorted(live.keys() - {held.article_id for held in after}))
        report.deleted = todo.deleted
        texts = {held.likeness for held in after}
        report.stopped = _doubt([one for one in todo.deleted if live[one].likeness not in texts], live, corpus)
    return todo


def _doubt(lost: list[str], live: Live, corpus: Path) -> str | None:
    """The question to ask before deleting `lost`, articles whose text no other article has; None for a small part of the corpus."""
    whole = sum(held.in_corpus for held in live.values())
    if len(lost) < _HANDFUL or len(lost) <= _SHARE * whole:
        return None
    named, more = ", ".join(lost[:_MOST_NAMED]), len(lost) - _MOST_NAMED
    return (
        f"this run would delete {len(lost)} of the {whole} articles that the index has from the corpus: {named}"
        f"{f' and {more} more' if more > 0 else ''}. Their files are not in {corpus}. If you replaced the corpus, or removed "
        "them on purpose, run `trusted-cloud-chat ingest --allow-deletions` (with `--dry-run` it lists them all and changes "
        "nothing). If not, put the files back, or set TCC_CORPUS to the folder that has them"
    )


def _keep_ids(candidates: list[Candidate], live: Live, report: IngestReport, corpus: Path) -> list[Candidate]:
    """An id follows its content: a moved file keeps it. A new file whose path would give it another file's id gets a new id.

    Ids that are written in files are never changed.
    """
    by_path = [one for one in candidates if not one.named and one.article_id == id_of(one.outline.path)]
    free = {one.outline.path: one for one in by_path if one.file.in_corpus}
    written = {one.article_id for one in candidates if free.get(one.outline.path) is not one}
    ours = [held for held in live.values() if held.in_corpus and held.article_id not in written]
    at, texts = {held.path: held for held in ours}, {held.likeness for held in ours}
    by_content = {(held.likeness, held.date): held for held in ours}

    def has_left(held: Outline) -> bool:
        """Whether the article is no longer at its path. New content there may be an edit, unless it is another article's."""
        now = free.get(held.path)
        if now is None:
            return not os.path.lexists(corpus / held.path)
        return now.outline.likeness != held.likeness and now.outline.likeness in texts

    ids: dict[str, str] = {}  # by path
    for path, one in free.items():
        content = (one.outline.likeness, one.outline.date)
        if path in at and at[path].likeness == one.outline.likeness:
            ids[path] = at[path].article_id
        elif content in by_content and has_left(by_content[content]):
            ids[path] = by_content.pop(content).article_id
            report.renamed.append({"path": one.file.name, "article_id": ids[path]})
    taken, wanted = {*written, *ids.values()}, {one.article_id for one in free.values()}
    read = {one.outline.path for one in candidates}
    for held in ours:
        if held.path in free and held.path not in ids and held.article_id not in taken:
            ids[held.path] = held.article_id  # edited
            taken.add(held.article_id)
        elif held.article_id in wanted and held.path not in read and os.path.lexists(corpus / held.path):
            taken.add(held.article_id)  # its file failed or is not part of this run
    known = {*wanted, *live}
    return [
        one.called(ids.get(one.outline.path) or _newcomer(one, taken, known, report), live)
        if free.get(one.outline.path) is one
        else one
        for one in candidates
    ]


def _newcomer(one: Candidate, taken: Collection[str], known: Collection[str], report: IngestReport) -> str:
    """The id of its path; if another file has that, the same with letters from a digest of the text."""
    article_id = wanted = one.article_id
    while article_id in taken or (article_id != wanted and article_id in known):
        letters = hashlib.sha256(f"{article_id}\x00{one.outline.version}".encode()).hexdigest()[:8]
        article_id = f"{wanted}-{letters}"
    if article_id != wanted:
        message = f"its id is {article_id!r}: {wanted!r} stays with the file that had this name before"
        report.note(one.file.name, message)
    return article_id


def _note_replaced(one: Candidate, live: Live, report: IngestReport, corpus: Path) -> None:
    """Report an article from elsewhere that replaces one whose file still exists."""
    known = live.get(one.article_id)
    if known is None or one.file.in_corpus or known.version == one.outline.version:
        return
    before = corpus / known.path  # an absolute path stays as it is
    if not is_address(known.path) and before != one.file.path and os.path.lexists(before):
        message = f"replaces {known.article_id!r}, which came from {before}: to have both, give it an `id`"
        report.note(one.file.name, message)


def _one_of_each(
    candidates: list[Candidate], staying: list[Outline], live: Live, report: IngestReport
) -> list[Candidate]:
    """Of files with the same text keep one, the same in each run: the file whose article has it already, else any with an article, else
    the first.
    """

    def rank(one: Candidate) -> int:
        known = live.get(one.article_id)
        return 2 if known is None else int(known.likeness != one.outline.likeness)

    owners: dict[str, str] = {}
    for held in (*staying, *(one.outline for one in sorted(candidates, key=rank))):
        owners.setdefault(held.likeness, held.article_id)
    kept = []
    for one in candidates:
        if (owner := owners[one.outline.likeness]) == one.article_id:
            kept.append(one)
        else:
            report.duplicates.append({"path": one.file.name, "duplicate_of": owner})
    return kept
