"""Administrators' operations on the corpus and its index."""

import logging
import os
import threading
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from glob import escape
from pathlib import Path, PurePosixPath
from typing import Any, Literal

import yaml

from trusted_cloud_chat.corpus import MEGABYTE, SUFFIXES
from trusted_cloud_chat.corpus.front_matter import SUFFIX as COMPANION
from trusted_cloud_chat.doctor import Check, examine
from trusted_cloud_chat.errors import TrustedCloudChatError, UsageError
from trusted_cloud_chat.fetching import is_address
from trusted_cloud_chat.index.history import Before
from trusted_cloud_chat.index.store import StoreFolder
from trusted_cloud_chat.ingestion import IngestReport, logs_of
from trusted_cloud_chat.ingestion.ingesting import ROLLED_BACK
from trusted_cloud_chat.library import OpenAssistant
from trusted_cloud_chat.progress import Progress, TimeLeft
from trusted_cloud_chat.schema import Article
from trusted_cloud_chat.web.kept import GivenAnswers
from trusted_cloud_chat.wiring import check_network, run_remove, run_rollback

Outcome = Literal["added", "replaced", "same", "taken", "kind", "unlike", "large"]
Kind = Literal["add", "fetch", "update", "rollback"]
_LONGEST = 100
_KEPT = "-_. "
_MOST_LOG = 20_000
"""Maximum characters shown of a log."""
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Received:
    """The outcome for an uploaded file. `name`: in the corpus, else as uploaded."""

    name: str
    outcome: Outcome
    path: Path | None = None
    """Its path; None if it was refused."""


def safe_name(sent: str) -> str | None:
    """A safe file name, from the last part of the uploaded name; None for a format that is not read."""
    name = PurePosixPath(unicodedata.normalize("NFC", sent).replace("\\", "/")).name
    stem, suffix = name[: len(name) - len(PurePosixPath(name).suffix)], PurePosixPath(name).suffix.lower()
    if suffix not in SUFFIXES:
        return None
    kept = "".join(sign if sign.isalnum() or sign in _KEPT else "-" for sign in stem)
    kept = " ".join(kept.split()).strip(_KEPT)[:_LONGEST].rstrip(_KEPT)
    # READMEs in the corpus are not read.
    return f"{kept if kept and kept.upper() != 'README' else 'article'}{suffix}"


def receive(
    source: Path, sent: str, corpus: Path, *, replace: bool, most_bytes: int, name: str | None = None
) -> Received:
    """Copy `source`, sent as `sent`, into `corpus` (as `name`); an existing file stays unless `replace`. Raises OSError."""
    if name is not None and Path(sent).suffix.lower() != Path(name).suffix.lower():
        return Received(name, "unlike")
    name = name or safe_name(sent)
    if name is None:
        return Received(Path(sent).name, "kind")
    if source.stat().st_size > most_bytes:
        return Received(name, "large")
    target = corpus / name
    there = os.path.lexists(target)
    if there and not target.is_symlink() and target.is_file() and target.read_bytes() == source.read_bytes():
        return Received(name, "same", target)
    if there and (not replace or target.is_dir()):
        return Received(name, "taken")
    _put(target, source.read_bytes())
    return Received(name, "replaced" if there else "added", target)


def _put(target: Path, content: bytes) -> None:
    """Write atomically: readers of the folder never see a partial file."""
    part = target.with_name(f".{target.name}.part")
    try:
        part.write_bytes(content)
        os.replace(part, target)  # noqa: PTH105  (an existing link is replaced, not followed)
    finally:
        part.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Run:
    kind: Kind
    step: str = ""
    done: int = 0
    total: int = 0
    left: float | None = None
    """Remaining seconds of the step; None if unknown."""
    ended: bool = False
    report: IngestReport | None = None
    error: str | None = None
    """Why it failed; empty for an unexpected error, which is in the log."""


class Runs:
    """Background runs, one at a time. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.now: Run | None = None
        """The current run, or the last one."""
        self._left = TimeLeft()

    def start(self, kind: Kind, job: Callable[[Progress], IngestReport]) -> bool:
        """Start a run of `job` in the background; returns False while another run is in progress."""
        with self._lock:
            if self.now is not None and not self.now.ended:
                return False
            self.now, self._left = Run(kind), TimeLeft()
        threading.Thread(target=self._make, args=(job,), daemon=True, name="run").start()
        return True

    def _make(self, job: Callable[[Progress], IngestReport]) -> None:
        report, failed = None, None
        try:
            report = job(self._tell)
        except TrustedCloudChatError as error:
            failed = str(error)
        except Exception:
            _LOG.exception("a run started from the page failed")
            failed = ""
        self._change(ended=True, report=report, error=failed)

    def _tell(self, step: str, done: int, total: int) -> None:
        self._change(step=step, done=done, total=total, left=self._left.of(step, done, total))

    def _change(self, **state: Any) -> None:
        assert self.now is not None
        self.now = replace(self.now, **state)


class Upkeep:
    """The caller checks the administrator's role."""

    def __init__(self, opened: OpenAssistant, examination: Callable[..., list[Check]] = examine) -> None:
        self._opened, self.settings, self._examination = opened, opened.settings, examination
        self.runs = Runs()
        self.answers = GivenAnswers(self.settings.home)
        self.received: Sequence[Received] = ()
        """The outcomes for the files sent last."""

    def add_files(
        self, files: Sequence[tuple[str, Path]], *, replace: bool = False, day: str = "", publisher: str = ""
    ) -> Sequence[Received]:
        """Store uploaded files in the corpus folder and begin a run over the new ones. `day` and `publisher` apply to files
        that state none. Raises OSError, UsageError.
        """
        corpus, most = self.settings.corpus, self.settings.max_file_mb * MEGABYTE
        if not corpus.is_dir():
            raise UsageError(f"no corpus folder at {corpus}: create it, or set TCC_CORPUS to another one")
        self.received = [receive(file, sent, corpus, replace=replace, most_bytes=most) for sent, file in files]
        paths = [one.path for one in self.received if one.path is not None]
        fields = {"date": day.strip(), "publisher": publisher.strip()}
        for path in paths if any(fields.values()) else ():
            beside = path.with_name(path.name + COMPANION)
            if not os.path.lexists(beside):
                stated = {key: value for key, value in fields.items() if value}
                _put(beside, yaml.safe_dump(stated, allow_unicode=True).encode())
        if paths:
            self.runs.start("add", lambda tell: self._opened.ingest(*paths, progress=tell))
        return self.received

    def replace_file(self, held: Article, sent: str, file: Path) -> Sequence[Received]:
        """Replace the article's file in the corpus folder, and begin a run over the whole folder. Raises OSError."""
        path, most = self.settings.corpus / held.path, self.settings.max_file_mb * MEGABYTE
        self.received = [receive(file, sent, path.parent, replace=True, most_bytes=most, name=path.name)]
        if self.received[0].path is not None:
            self.runs.start("add", lambda tell: self._opened.ingest(progress=tell))
        return self.received

    def add_address(self, address: str) -> bool:
        """Start a run that fetches it; returns whether it started. Raises UsageError, NetworkError."""
        check_network(self.settings)
        if not is_address(address.strip()):
            raise UsageError(f"{address.strip()[:80]!r} is not an address: expected one that begins with https://")
        return self.runs.start("fetch", lambda tell: self._opened.ingest(address.strip(), progress=tell))

    def update(self) -> bool:
        """Start a run over the whole corpus; returns whether it started."""
        return self.runs.start("update", lambda tell: self._opened.ingest(progress=tell))

    def before(self) -> tuple[int, Before | None, bool]:
        """The generation, the changes of a rollback, and whether an update would undo a rollback. Raises IndexEmptyError."""
        with closing(StoreFolder(self.settings.home).open()) as catalog:
            return catalog.generation, catalog.history.before(), bool(catalog.meta(ROLLED_BACK))

    def rollback(self, generation: int) -> bool:
        """Start a rollback; returns whether it started: not if `generation`, which the user saw, is no longer current."""
        if self.before()[0] != generation:
            return False
        return self.runs.start(
            "rollback", lambda tell: run_rollback(self.settings, embedder=self._opened.embedder, progress=tell)
        )

    def held(self, article_id: str) -> Article | None:
        """The current version of an article, if any. Raises IndexEmptyError."""
        with closing(StoreFolder(self.settings.home).open()) as catalog:
            return catalog.articles().get(article_id)

    def remove(self, article_id: str, *, file: bool) -> None:
        """Remove an article from the index, and with `file` its files too. Raises UsageError, IndexBusyError, OSError."""
        done = run_remove(self.settings, [article_id], forget=False)
        for one in done.comes_back if file else ():
            self._unlink(one["path"])

    def deletable(self, path: str) -> bool:
        """Whether it is a file of the corpus folder that failed in the last run."""
        run, place = self.runs.now, self.settings.corpus / path
        failed = {one["path"] for one in run.report.failed} if run and run.report else set()
        return path in failed and place.is_file() and place.resolve().is_relative_to(self.settings.corpus.resolve())

    def delete_file(self, path: str) -> bool:
        """Delete the file with its sidecars and begin an update; False if it is not `deletable`. Raises OSError."""
        if not self.deletable(path):
            return False
        self._unlink(path)
        return self.update()

    def _unlink(self, path: str) -> None:
        place = self.settings.corpus / path
        for one in (place, *place.parent.glob(f"{escape(place.name)}.*")):
            one.unlink(missing_ok=True)

    def findings(self) -> list[Check]:
        """Doctor's findings, with the embedder that answers questions."""
        return self._examination(embedder=self._opened.embedder)

    def last_log(self) -> str:
        """The log of the last run, here or by a command; empty without one."""
        logs = logs_of(self.settings.home)
        try:
            return logs[-1].read_text("utf-8", errors="replace")[:_MOST_LOG] if logs else ""
        except OSError:
            return ""
