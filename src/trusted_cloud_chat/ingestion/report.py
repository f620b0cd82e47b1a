"""The report of a run, and its log in `TCC_HOME/logs`. A log that cannot be written never fails a run."""

import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from trusted_cloud_chat import __version__
from trusted_cloud_chat.errors import ArticleError, TrustedCloudChatError, counted, shortened
from trusted_cloud_chat.language.normalise import visible
from trusted_cloud_chat.schema import Article

_NAMED = 3
"""Maximum number of articles that are named for lacking a date, a publisher or an address."""
KEPT = 100
_KIND = ".log"
"""Not `.txt`: logs of a home inside the corpus must not become articles."""


@dataclass(slots=True)
class IngestReport:
    """The result of a run; lists of text hold article ids."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    deleted: list[str] = field(default_factory=list)
    duplicates: list[dict[str, str]] = field(default_factory=list)
    """`path`, and `duplicate_of`: the article id that has the same text."""
    failed: list[dict[str, str]] = field(default_factory=list)
    """`path` and `reason`."""
    notices: list[dict[str, str]] = field(default_factory=list)
    """`path` and `message` of a file that was read but deserves a look; notices of the run itself have a `kind` and its values."""
    renamed: list[dict[str, str]] = field(default_factory=list)
    """`path`, and the `article_id` that it keeps."""
    skipped: dict[str, int] = field(default_factory=dict)
    """The number of files of each suffix that is not read."""
    unknown_names: list[dict[str, str]] = field(default_factory=list)
    """`name` of a provider that is missing from the aliases, and `article_id` of an added or changed article about it."""
    chunks: int = 0
    embedded: int = 0
    generation: int = 0
    seconds: float = 0.0
    fetched: int = 0
    """Documents fetched from the web."""
    dry_run: bool = False
    """The report is a forecast: nothing was embedded or written."""
    stopped: str | None = None
    """Why a run would stop, in a `dry_run`."""
    new: list[dict[str, str | None]] = field(default_factory=list)
    """`article_id`, `title`, `publisher` and `date` of each article in `added`."""

    def add(self, article: Article) -> None:
        self.added.append(article.article_id)
        day = article.date.iso if article.date else None
        self.new.append(
            {"article_id": article.article_id, "title": article.title, "publisher": article.publisher, "date": day}
        )

    def note(self, path: str, message: str, **more: str) -> None:
        self.notices.append({"path": path, "message": message, **more})

    def fail(self, path: str, reason: str) -> None:
        self.failed.append({"path": path, "reason": str(ArticleError(reason))})

    def ask_for(self, articles: Iterable[Article]) -> None:
        """Report which of `articles` lack a date, a publisher or an address, which each quote shows."""
        for key, ids in lacking(articles).items():
            if ids:
                named = ", ".join(shortened(one, 60) for one in ids[:_NAMED])
                named += f" (+{len(ids) - _NAMED})" if len(ids) > _NAMED else ""
                many = f"{counted(len(ids), 'article')} {'has' if len(ids) == 1 else 'have'} no {key}: {named}"
                message = f"{many}; add `{key}:` to the front matter, or to NAME.meta.yaml beside the file"
                self.note("articles", message, kind=f"lacks_{key}", named=named)

    def note_refill(self, why: str) -> None:
        if why:
            self.note("index", f"vectors and words rebuilt from the catalog, nothing is embedded again for it: {why}")

    @property
    def is_idle(self) -> bool:
        """Whether the run changed nothing, and reports no failure and nothing about the index."""
        done = (self.added, self.changed, self.deleted, self.renamed, self.failed)
        return not any(done) and all(notice["path"] != "index" for notice in self.notices)

    @property
    def counts(self) -> str:
        return (
            f"{len(self.added)} added, {len(self.changed)} changed, {self.unchanged} unchanged, {len(self.deleted)} deleted, "
            f"{counted(len(self.duplicates), 'duplicate')}, {len(self.failed)} failed"
        )

    @property
    def work(self) -> str:
        return f"{counted(self.chunks, 'chunk')}, {self.embedded} embedded, {self.seconds:.1f} s"

    def of_copies(self) -> Iterator[str]:
        """A line for each renamed or duplicate file."""
        yield from (f"renamed: {r['path']} keeps the id {r['article_id']}" for r in self.renamed)
        yield from (f"duplicate: {d['path']} has the text of {d['duplicate_of']}" for d in self.duplicates)

    def of_failures(self) -> Iterator[str]:
        """A line for each failed file."""
        yield from (f"failed: {f['path']}: {f['reason']}" for f in self.failed)

    def unread(self) -> Callable[[str], bool]:
        """A test of whether a path under the corpus, or a folder above it, has failed; its stored article stays."""
        failed = {failure["path"] for failure in self.failed}
        return lambda path: not failed.isdisjoint(map(visible, (path, *map(str, PurePosixPath(path).parents))))

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def lacking(articles: Iterable[Article]) -> dict[str, list[str]]:
    """The ids of articles without a date, a publisher, or a URL of their own or of a source."""
    every = tuple(articles)
    return {
        "date": [a.article_id for a in every if not a.date],
        "publisher": [a.article_id for a in every if not a.publisher],
        "url": [a.article_id for a in every if not (a.url or any(source.url for source in a.sources))],
    }


class Logbook:
    """Writes one log file per run."""

    def __init__(self, home: Path, *, only_news: bool = False) -> None:
        """`only_news`: skip runs that changed nothing and had the same failures as the run before."""
        self._home, self._only_news = home, only_news
        self._trouble: object = None

    def keep(self, what: str, run: Callable[[], IngestReport]) -> IngestReport:
        """Call `run`, and log its report or error under the title `what`."""
        began = datetime.now().astimezone()
        try:
            report = run()
        except BaseException as error:
            if self._home.is_dir():  # no home is created for a log
                self._write(began, what, _lines_of_error(error), str(error))
            raise
        changed = bool(report.added or report.changed or report.deleted or report.renamed or report.embedded)
        self._write(began, what, _lines(report), report.failed, changed=changed)
        return report

    def _write(
        self, began: datetime, what: str, lines: Iterable[str], trouble: object, *, changed: bool = False
    ) -> None:
        again, self._trouble = trouble == self._trouble, trouble
        if self._only_news and again and not changed:
            return
        title = f"trusted-cloud-chat {__version__}, {what}, {began.isoformat(sep=' ', timespec='seconds')}"
        path = self._home / "logs" / f"{began:%Y-%m-%d_%H-%M-%S.%f}{_KIND}"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join(map(visible, [title, *lines])) + "\n", encoding="utf-8", errors="replace")
        except OSError:
            drop([path])  # half a log would mislead
        drop(logs_of(self._home)[:-KEPT])


def logs_of(home: Path) -> list[Path]:
    """The oldest first."""
    return sorted((home / "logs").glob(f"*{_KIND}"))


def drop(paths: Iterable[Path]) -> None:
    """Delete files; one that cannot be deleted stays."""
    for path in paths:
        with suppress(OSError):
            path.unlink()


def _lines(report: IngestReport) -> Iterator[str]:
    yield f"generation {report.generation}, {report.work}"
    yield report.counts
    for new in report.new:
        yield f"added: {new['article_id']}: {new['title']} ({new['publisher'] or 'no publisher'}, {new['date'] or 'no date'})"
    yield from (f"changed: {article_id}" for article_id in report.changed)
    yield from (f"deleted: {article_id}" for article_id in report.deleted)
    yield from report.of_copies()
    yield from report.of_failures()
    yield from (f"note: {n['path']}: {n['message']}" for n in report.notices)


def _lines_of_error(error: BaseException) -> Iterator[str]:
    """The error's message, with a traceback unless the error is ours."""
    kind = type(error).__name__
    yield f"error: {kind}: {error}" if str(error) else f"error: {kind}"
    if isinstance(error, Exception) and not isinstance(error, TrustedCloudChatError):
        yield from "".join(traceback.format_exception(error)).splitlines()
