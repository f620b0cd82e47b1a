"""What each run did, as a text file in `TCC_HOME/logs`. Nothing that goes wrong with it ever makes a run fail."""

import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from trusted_cloud_chat import __version__
from trusted_cloud_chat.errors import TrustedCloudChatError, counted
from trusted_cloud_chat.ingestion.run_report import IngestReport
from trusted_cloud_chat.language.normalise import visible

KEPT = 100
"""Files; with a new one the oldest goes. Not `.txt`: a home inside the corpus must not become its articles."""
_KIND = ".log"


class Logbook:
    """A file a run."""

    def __init__(self, home: Path, *, only_news: bool = False) -> None:
        """With `only_news` no file is written for a run that changed nothing, and failed as the one before did."""
        self._home = home
        self._only_news = only_news
        self._trouble: object = None

    def keep(self, what: str, run: Callable[[], IngestReport]) -> IngestReport:
        """What `run` returns or raises, once it is written down as `what`."""
        began = datetime.now().astimezone()
        try:
            report = run()
        except BaseException as error:
            # A home that is not there is not made for a log.
            if self._is_news(False, str(error)) and self._home.is_dir():
                self._write(began, what, _told_of(error))
            raise
        changed = bool(report.added or report.changed or report.deleted or report.renamed or report.embedded)
        if self._is_news(changed, report.failed):
            self._write(began, what, _lines(report))
        return report

    def _is_news(self, changed: bool, trouble: object) -> bool:
        again, self._trouble = trouble == self._trouble, trouble
        return changed or not again or not self._only_news

    def _write(self, began: datetime, what: str, lines: Iterable[str]) -> None:
        title = f"trusted-cloud-chat {__version__}, {what}, {began.isoformat(sep=' ', timespec='seconds')}"
        path = logs_of(self._home) / f"{began:%Y-%m-%d_%H-%M-%S.%f}{_KIND}"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join(map(visible, [title, *lines])) + "\n", encoding="utf-8", errors="replace")
        except OSError:
            with suppress(OSError):  # half of it says the wrong thing
                path.unlink(missing_ok=True)
        _drop(sorted(_files(self._home))[:-KEPT])


def logs_of(home: Path) -> Path:
    return home / "logs"


def clear(home: Path) -> None:
    """Take every log away: each may name what is to be forgotten."""
    _drop(_files(home))


def _files(home: Path) -> list[Path]:
    return list(logs_of(home).glob(f"*{_KIND}"))


def _drop(paths: Iterable[Path]) -> None:
    for path in paths:
        with suppress(OSError):
            path.unlink()


def _lines(report: IngestReport) -> Iterator[str]:
    yield f"generation {report.generation}, {counted(report.chunks, 'chunk')}, {report.embedded} embedded, {report.seconds:.1f} s"
    yield (
        f"{len(report.added)} added, {len(report.changed)} changed, {report.unchanged} unchanged, "
        f"{len(report.deleted)} deleted, {len(report.duplicates)} duplicates, {len(report.failed)} failed"
    )
    for new in report.new:
        yield f"added: {new['article_id']}: {new['title']} ({new['publisher'] or 'no publisher'}, {new['date'] or 'no date'})"
    yield from (f"changed: {article_id}" for article_id in report.changed)
    yield from (f"deleted: {article_id}" for article_id in report.deleted)
    yield from (f"renamed: {r['path']} keeps the id {r['article_id']}" for r in report.renamed)
    yield from (f"duplicate: {d['path']} has the text of {d['duplicate_of']}" for d in report.duplicates)
    yield from (f"failed: {f['path']}: {f['reason']}" for f in report.failed)
    yield from (f"note: {n['path']}: {n['message']}" for n in report.notices)


def _told_of(error: BaseException) -> Iterator[str]:
    """Its message; of one that nobody foresaw, where it came from too."""
    kind = type(error).__name__
    yield f"error: {kind}: {error}" if str(error) else f"error: {kind}"
    if isinstance(error, Exception) and not isinstance(error, TrustedCloudChatError):
        yield from "".join(traceback.format_exception(error)).splitlines()
