"""Plans a run: compares the files read with the live articles."""

import hashlib
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from trusted_cloud_chat.fetching import is_address
from trusted_cloud_chat.index.records import Live, Outline
from trusted_cloud_chat.ingestion.candidates import Candidate
from trusted_cloud_chat.ingestion.report import IngestReport
from trusted_cloud_chat.schema import Article

_SHARE, _HANDFUL = 1 / 3, 3
"""Up to this share of the corpus, or fewer articles than this, a run deletes without asking."""
_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class ToDo:
    staged: list[Article] = field(default_factory=list)
    """Versions to embed."""
    relabelled: list[Article] = field(default_factory=list)
    """Versions of which only labels have changed: publisher, URL, sources…"""
    deleted: list[str] = field(default_factory=list)
    """Ids of the articles to delete."""
    lost: list[str] = field(default_factory=list)
    """Those of `deleted` whose text no other article keeps."""


def to_do(candidates: list[Candidate], live: Live, report: IngestReport, corpus: Path, *, whole_corpus: bool) -> ToDo:
    """The plan of the run; also fills `report`."""
    return _Comparison(live, report, corpus, whole_corpus=whole_corpus).of(candidates)


def doubtful(todo: ToDo, live: Live, corpus: Path) -> str | None:
    """The question to ask before a run deletes so much of the corpus that it may be a mistake; None if it does not.

    Articles whose text stays under another id do not count.
    """
    whole = sum(held.in_corpus for held in live.values())
    if len(todo.lost) < _HANDFUL or len(todo.lost) <= _SHARE * whole:
        return None
    named = ", ".join(todo.lost[:_MOST_NAMED])
    more = len(todo.lost) - _MOST_NAMED
    return (
        f"this run would delete {len(todo.lost)} of the {whole} articles that the index has from the corpus: {named}"
        f"{f' and {more} more' if more > 0 else ''}. Their files are not in {corpus}. If you replaced the corpus, or removed "
        "them, it is right: go on with `trusted-cloud-chat ingest --allow-deletions` (with `--dry-run` it lists them all and "
        "changes nothing). If not, put the files back, or set TCC_CORPUS to the folder that has them"
    )


class _Comparison:
    def __init__(self, live: Live, report: IngestReport, corpus: Path, *, whole_corpus: bool) -> None:
        self._live, self._report, self._corpus, self._whole = live, report, corpus, whole_corpus

    def of(self, candidates: list[Candidate]) -> ToDo:
        candidates = self._keep_ids(candidates)
        for one in candidates:
            self._note_replaced(one)
        staying = self._staying(candidates)
        candidates = self._one_of_each(candidates, staying)
        todo = ToDo()
        for one in candidates:
            self._compare(one, todo)
        if self._whole:
            after = [*staying, *(one.outline for one in candidates)]
            ids, texts = {held.article_id for held in after}, {held.likeness for held in after}
            todo.deleted.extend(sorted(self._live.keys() - ids))
            todo.lost.extend(one for one in todo.deleted if self._live[one].likeness not in texts)
            self._report.deleted = todo.deleted
        return todo

    def _keep_ids(self, candidates: list[Candidate]) -> list[Candidate]:
        """An id follows its content: a moved file keeps it. A new file whose path would give it another file's id gets one of its own.

        Ids that are written in files are never changed.
        """
        free = {one.outline.path: one for one in candidates if one.file.in_corpus and one.is_called_by_path}
        written = {one.article_id for one in candidates if free.get(one.outline.path) is not one}
        ours = [held for held in self._live.values() if held.in_corpus and held.article_id not in written]
        ids = self._by_content(free, ours)
        taken = {*written, *ids.values()}
        wanted, read = {one.article_id for one in free.values()}, {one.outline.path for one in candidates}
        for held in ours:
            if held.path in free:
                if held.article_id not in taken and ids.setdefault(held.path, held.article_id) == held.article_id:
                    taken.add(held.article_id)
            elif held.article_id in wanted and held.path not in read and os.path.lexists(self._corpus / held.path):
                taken.add(held.article_id)  # its file failed or is not part of this run
        known = {*wanted, *self._live}
        return [
            one.called(ids.get(one.outline.path) or self._newcomer(one, taken, known), self._live)
            if free.get(one.outline.path) is one
            else one
            for one in candidates
        ]

    def _by_content(self, free: Mapping[str, Candidate], ours: list[Outline]) -> dict[str, str]:
        """Path → id for files with the content of an article of the corpus, at its path or moved from there."""
        at = {held.path: held for held in ours}
        stay = {path for path, one in free.items() if path in at and at[path].likeness == one.outline.likeness}

        @cache
        def moved() -> dict[tuple[str, str | None], str]:
            """(likeness, date) → id. Costs a look at every file, so it is computed only when a new article may have moved."""
            known = {held.likeness for held in ours}
            return {(held.likeness, held.date): held.article_id for held in ours if is_gone(held, known)}

        def is_gone(held: Outline, known: Collection[str]) -> bool:
            """Whether the article has left its path. New content there may be an edit, unless it is another article's content."""
            now = free.get(held.path)
            if now is None:
                return not os.path.lexists(self._corpus / held.path)
            return held.path not in stay and now.outline.likeness in known

        ids = {}
        for path, one in free.items():
            if path in stay:
                ids[path] = at[path].article_id
            elif (content := (one.outline.likeness, one.outline.date)) in moved():
                ids[path] = moved().pop(content)
                self._report.renamed.append({"path": one.file.name, "article_id": ids[path]})
        return ids

    def _newcomer(self, one: Candidate, taken: Collection[str], known: Collection[str]) -> str:
        """The id of its path; if another file has that, the same with letters from a digest of the text."""
        article_id = wanted = one.article_id
        while article_id in taken or (article_id != wanted and article_id in known):
            letters = hashlib.sha256(f"{article_id}\x00{one.outline.version}".encode()).hexdigest()[:8]
            article_id = f"{wanted}-{letters}"
        if article_id != wanted:
            message = f"its id is {article_id!r}: {wanted!r} stays with the file that was called so before"
            self._report.note(one.file.name, message)
        return article_id

    def _note_replaced(self, one: Candidate) -> None:
        """Report an article from elsewhere that replaces one whose file still exists."""
        known = self._live.get(one.article_id)
        if known is None or one.file.in_corpus or known.version == one.outline.version:
            return
        before = self._corpus / known.path  # an absolute path stays as it is
        if not is_address(known.path) and before != one.file.path and os.path.lexists(before):
            message = f"replaces {known.article_id!r}, which came from {before}: to have both, give it an `id`"
            self._report.note(one.file.name, message)

    def _staying(self, candidates: list[Candidate]) -> list[Outline]:
        """Live articles that this run leaves alone: it has none of their files, or their file failed."""
        present, is_unread = {one.article_id for one in candidates}, self._report.unread()
        return [
            held
            for article_id, held in self._live.items()
            if article_id not in present and not (self._whole and held.in_corpus and not is_unread(held.path))
        ]

    def _one_of_each(self, candidates: list[Candidate], staying: list[Outline]) -> list[Candidate]:
        """Of files with the same text keep one: whose article has that text already, else one with an article, else the first.

        So the next run chooses the same.
        """

        def rank(one: Candidate) -> int:
            known = self._live.get(one.article_id)
            return 2 if known is None else int(known.likeness != one.outline.likeness)

        owners: dict[str, str] = {}
        for held in (*staying, *(one.outline for one in sorted(candidates, key=rank))):
            owners.setdefault(held.likeness, held.article_id)
        for one in candidates:
            if (owner := owners[one.outline.likeness]) != one.article_id:
                self._report.duplicates.append({"path": one.file.name, "duplicate_of": owner})
        return [one for one in candidates if owners[one.outline.likeness] == one.article_id]

    def _compare(self, one: Candidate, todo: ToDo) -> None:
        """Decide whether it is embedded, relabelled or unchanged."""
        if one.article is None:
            self._report.unchanged += 1
            return
        held = self._live.get(one.article_id)
        if held is None:
            self._report.add(one.article)
            todo.staged.append(one.article)
        elif held.version != one.outline.version:
            self._report.changed.append(one.article_id)
            todo.staged.append(one.article)
        elif self._live.read(held.article_id) != replace(one.article, enrichment=None):
            self._report.changed.append(one.article_id)
            todo.relabelled.append(one.article)
        else:
            self._report.unchanged += 1
