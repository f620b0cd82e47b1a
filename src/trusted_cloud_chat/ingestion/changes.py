"""What a run has to do: the files that it read, held against what is live."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from trusted_cloud_chat.corpus import CorpusFile, id_of
from trusted_cloud_chat.index.catalog import LiveVersion
from trusted_cloud_chat.index.live import Held, Live, beginning_of
from trusted_cloud_chat.ingestion.report import IngestReport
from trusted_cloud_chat.schema import Article


@dataclass(frozen=True, slots=True)
class Candidate:
    article: Article
    file: CorpusFile
    named: bool = False
    """Whether its id is written down, and not made of a path."""


@dataclass(frozen=True, slots=True)
class ToDo:
    staged: list[LiveVersion] = field(default_factory=list)
    """What must be embedded."""
    relabelled: list[LiveVersion] = field(default_factory=list)
    """What only gets new labels: publisher, URL, sources…"""
    deleted: list[str] = field(default_factory=list)
    """Ids of the articles that go."""
    lost: list[str] = field(default_factory=list)
    """Those of `deleted` whose text no article has afterwards."""


def to_do(
    candidates: list[Candidate],
    live: Live,
    report: IngestReport,
    corpus: Path,
    *,
    whole_corpus: bool,
) -> ToDo:
    """What the run has to do; `report` is told of it too."""
    texts = _Texts([candidate.article for candidate in candidates], live)
    candidates = _keep_ids(candidates, live, report, corpus, texts)
    _name_replaced(candidates, live, report, corpus)
    staying = _staying(candidates, live, report, whole_corpus=whole_corpus)
    candidates = _one_of_each(candidates, live, staying, report, texts)
    staged, relabelled = _compare(candidates, live, report)
    if not whole_corpus:
        return ToDo(staged, relabelled)
    present = {candidate.article.article_id for candidate in candidates}
    present.update(held.article_id for held in staying)
    report.deleted = sorted(article_id for article_id in live if article_id not in present)
    stays = {*map(texts.of, staying), *(texts.of(candidate.article) for candidate in candidates)}
    lost = [article_id for article_id in report.deleted if texts.of(live.held[article_id]) not in stays]
    return ToDo(staged, relabelled, report.deleted, lost)


class _Texts:
    """What a text is, white space apart: its beginning where no other begins with it, else a digest of it all."""

    def __init__(self, articles: Iterable[Article], live: Live) -> None:
        new = {article.version: article.text for article in articles}
        held = {held.version: held for held in live.held.values() if held.version not in new}
        self._known = {version: beginning_of(text) for version, text in new.items()}
        self._known |= {version: one.beginning for version, one in held.items()}
        times = Counter(self._known.values())
        for version in [version for version, begin in self._known.items() if times[begin] > 1]:
            text = new[version] if version in new else live[held[version].article_id].article.text
            self._known[version] = _digest(text)

    def of(self, article: Article | Held) -> str:
        return self._known[article.version]


def _digest(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


def _keep_ids(
    candidates: list[Candidate], live: Live, report: IngestReport, corpus: Path, texts: _Texts
) -> list[Candidate]:
    """An id goes with its content: a file that moved keeps it, and the path where it lies from then on. A newcomer whose name would
    give it the id of another file gets one of its own. Ids that are written down stay what they are.
    """
    free = {one.article.path: one for one in candidates if one.file.in_corpus and not one.named and _from_path(one)}
    written = {one.article.article_id for one in candidates if free.get(one.article.path) is not one}
    ours = [held for held in live.held.values() if held.in_corpus and held.article_id not in written]
    ids = _by_content(free, ours, report, corpus, texts)
    taken = {*written, *ids.values()}
    wanted, read = {one.article.article_id for one in free.values()}, {one.article.path for one in candidates}
    for held in ours:
        if held.path in free:
            if held.article_id not in taken and ids.setdefault(held.path, held.article_id) == held.article_id:
                taken.add(held.article_id)
        elif held.article_id in wanted and held.path not in read and os.path.lexists(corpus / held.path):
            taken.add(held.article_id)  # its file failed, or is not of this run
    kept = []
    for one in candidates:
        if free.get(one.article.path) is one:
            article_id = ids.get(one.article.path) or _newcomer(one, taken, {*wanted, *live.held}, report)
            one = replace(one, article=replace(one.article, article_id=article_id))
        kept.append(one)
    return kept


def _from_path(one: Candidate) -> bool:
    return one.article.article_id == id_of(one.article.path)


def _by_content(
    free: Mapping[str, Candidate], ours: list[Held], report: IngestReport, corpus: Path, texts: _Texts
) -> dict[str, str]:
    """Path → id of the files whose content an article of ours has: where it lay, else where it is gone from."""
    at = {held.path: held for held in ours}
    stay = {path for path, one in free.items() if path in at and texts.of(at[path]) == texts.of(one.article)}

    @cache
    def moved() -> dict[tuple[str, str | None], str]:
        """By text and date. Every file is looked for, so it is asked only where a new article may be one of them."""
        known = {texts.of(held) for held in ours}
        return {(texts.of(held), held.date): held.article_id for held in ours if is_gone(held, known)}

    def is_gone(held: Held, known: Collection[str]) -> bool:
        """Of a name with new content nobody can tell an edited article, of which a copy was made, from another one; with
        the content of another article it is no edited one.
        """
        now = free.get(held.path)
        if now is None:
            return not os.path.lexists(corpus / held.path)
        return held.path not in stay and texts.of(now.article) in known

    ids = {}
    for path, one in free.items():
        if path in stay:
            ids[path] = at[path].article_id
        elif (content := (texts.of(one.article), str(one.article.date) if one.article.date else None)) in moved():
            ids[path] = moved().pop(content)
            report.renamed.append({"path": one.file.name, "article_id": ids[path]})
    return ids


def _newcomer(one: Candidate, taken: Collection[str], known: Collection[str], report: IngestReport) -> str:
    """The id that its path gives; where that is another file's, the same with a few letters more, made of the text, so that no
    chance is in them.
    """
    article_id = wanted = one.article.article_id
    while article_id in taken or (article_id != wanted and article_id in known):
        letters = hashlib.sha256(f"{article_id}\x00{one.article.version}".encode()).hexdigest()[:8]
        article_id = f"{wanted}-{letters}"
    if article_id != wanted:
        message = f"its id is {article_id!r}: {wanted!r} stays with the file that was called so before"
        report.notices.append({"path": one.file.name, "message": message})
    return article_id


def _name_replaced(candidates: list[Candidate], live: Live, report: IngestReport, corpus: Path) -> None:
    """Say of an article from elsewhere that it takes the place of another one whose file is still there."""
    for candidate in candidates:
        known = live.held.get(candidate.article.article_id)
        if known is None or candidate.file.in_corpus or known.version == candidate.article.version:
            continue
        before = corpus / known.path  # an absolute path stays what it is
        told = known.in_corpus or Path(known.path).is_absolute()
        if told and before != candidate.file.path and os.path.lexists(before):
            message = f"replaces {known.article_id!r}, which came from {before}: to have both, give it an `id`"
            report.notices.append({"path": candidate.file.name, "message": message})


def _staying(candidates: list[Candidate], live: Live, report: IngestReport, *, whole_corpus: bool) -> list[Held]:
    """Live articles that this run does not touch: none of its files is theirs, or their file failed."""
    present = {candidate.article.article_id for candidate in candidates}
    is_unread = report.unread()
    return [
        held
        for article_id, held in live.held.items()
        if article_id not in present and not (whole_corpus and held.in_corpus and not is_unread(held.path))
    ]


def _one_of_each(
    candidates: list[Candidate],
    live: Live,
    staying: Iterable[Held],
    report: IngestReport,
    texts: _Texts,
) -> list[Candidate]:
    """Of files with the same text one becomes an article: one that has that text already, else one that is an article
    already, else the first. So the next run chooses the same.
    """

    def rank(candidate: Candidate) -> int:
        known = live.held.get(candidate.article.article_id)
        if known is None:
            return 2
        return 0 if texts.of(known) == texts.of(candidate.article) else 1

    owners: dict[str, str] = {}
    for held in staying:
        owners.setdefault(texts.of(held), held.article_id)
    for candidate in sorted(candidates, key=rank):
        owners.setdefault(texts.of(candidate.article), candidate.article.article_id)
    kept = []
    for candidate in candidates:
        owner = owners[texts.of(candidate.article)]
        if owner == candidate.article.article_id:
            kept.append(candidate)
        else:
            report.duplicates.append({"path": candidate.file.name, "duplicate_of": owner})
    return kept


def _compare(
    candidates: list[Candidate], live: Live, report: IngestReport
) -> tuple[list[LiveVersion], list[LiveVersion]]:
    """What must be embedded, and what only gets new labels."""
    staged: list[LiveVersion] = []
    relabelled: list[LiveVersion] = []
    for candidate in candidates:
        version = LiveVersion(candidate.article, candidate.file.in_corpus)
        held = live.held.get(candidate.article.article_id)
        if held is None:
            report.add(candidate.article)
            staged.append(version)
        elif held.version != candidate.article.version:
            report.changed.append(candidate.article.article_id)
            staged.append(version)
        elif live[held.article_id] != version:
            report.changed.append(candidate.article.article_id)
            relabelled.append(version)
        else:
            report.unchanged += 1
    return staged, relabelled
