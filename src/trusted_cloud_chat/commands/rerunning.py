"""`ingest --watch` and `--every`: run after run as files change and time passes."""

from __future__ import annotations

import sys
import threading
from collections.abc import Collection, Sequence
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trusted_cloud_chat.errors import CorpusNotFoundError, IndexBusyError, ServerError, UsageError
from trusted_cloud_chat.output.terminal import print_json, progress_bars, say
from trusted_cloud_chat.progress import Progress, tell_nobody

if TYPE_CHECKING:
    from trusted_cloud_chat.ingestion import IngestReport
    from trusted_cloud_chat.models import Embedder
    from trusted_cloud_chat.settings import Settings

_WAITED_FOR = (IndexBusyError, ServerError, CorpusNotFoundError)
"""What is waited for from the first run on. What else a run meets before one was done is told and ends the command."""


def keep_ingesting(
    paths: Sequence[Path], urls: Sequence[str], *, watch: bool, every: str | None, as_json: bool, **options: Any
) -> None:
    """The same run until Ctrl-C or SIGTERM: when files change (`watch`), at the interval `every`, or both.

    `options` are those of `run_ingest`; `rebuild` is for the first run alone.
    """
    from trusted_cloud_chat.corpus import corpus_files, files_at
    from trusted_cloud_chat.ingestion import watching
    from trusted_cloud_chat.settings import load_settings
    from trusted_cloud_chat.wiring import check_network

    settings, fetches = load_settings(), bool(urls) or options["originals"]
    seconds = None if every is None else watching.interval(every)
    if fetches:
        check_network(settings)
    local = [] if fetches and not paths else paths or [settings.corpus]
    roots = [path.expanduser().absolute() for path in local]
    if watch and not roots:
        raise UsageError("--watch is for files and folders: what is fetched is looked at again with --every 6h")
    if missing := [root for root in roots if not root.exists()]:
        files_at(missing, settings.corpus) if paths else corpus_files(settings.corpus)  # raises, and says what mends it
    with watching.stopping() as stop:
        told = ", ".join([*map(str, roots), *urls, *(["the articles' sources"] if options["originals"] else [])])
        say(f"{'watching' if watch else 'ingesting'} {told} (Ctrl-C stops it)", sys.stderr)
        watching.keep_running(
            _Runs(settings, paths, urls, stop, as_json=as_json, **options).run,
            lambda: watching.files_of(paths, settings.corpus) if roots else [],
            roots if watch else [],
            every=seconds,
            stop=stop,
        )
    say("stopped", sys.stderr)


class _Runs:
    """Run after run, with one embedder and one logbook."""

    def __init__(
        self,
        settings: Settings,
        paths: Sequence[Path],
        urls: Sequence[str],
        stop: threading.Event,
        *,
        as_json: bool,
        enriched: bool,
        **options: Any,
    ) -> None:
        from trusted_cloud_chat.ingestion.logbook import Logbook

        self._settings, self._paths, self._stop = settings, paths, stop
        self._urls = urls
        self._as_json, self._enriched, self._options = as_json, enriched, options
        self._logbook = Logbook(settings.home, only_news=True)
        self._embedder: Embedder | None = None
        self._done = False

    def run(self, unfinished: Collection[Path]) -> bool:
        """One run, told; whether it was done. One that is given up because of a signal is told of nowhere."""
        from trusted_cloud_chat.ingestion.watching import StoppedError

        try:
            with progress_bars() if sys.stderr.isatty() else nullcontext(tell_nobody) as tell:
                report = self._ingest(unfinished, tell)
        except StoppedError:
            return True
        except Exception as error:  # nothing that one run meets ends the watch
            if not self._done and not isinstance(error, _WAITED_FOR):
                raise
            self._say_failed(error)
            return False
        self._done, self._options = True, {**self._options, "rebuild": False}
        self._say(report)
        return True

    def _ingest(self, unfinished: Collection[Path], tell: Progress) -> IngestReport:
        from trusted_cloud_chat.commands.enrich import enrich_what_is_new
        from trusted_cloud_chat.ingestion.watching import StoppedError
        from trusted_cloud_chat.wiring import build_embedder, run_ingest

        def tell_or_stop(step: str, done: int, total: int) -> None:
            # Every step is told before the commit: what was embedded by then is kept for the next run.
            if self._stop.is_set():
                raise StoppedError("stopped before it committed: the generation before goes on answering")
            tell(step, done, total)

        if self._enriched:
            enrich_what_is_new(self._settings, self._paths, tell_or_stop)
        if self._embedder is None:
            self._embedder = build_embedder(
                self._settings, lambda _step, share: tell("unpack the embedder", round(share * 100), 100)
            )
        return run_ingest(
            self._settings, self._paths, urls=self._urls, embedder=self._embedder, progress=tell_or_stop,
            logbook=self._logbook, unfinished=unfinished, **self._options,
        )  # fmt: skip

    def _say(self, report: IngestReport) -> None:
        if self._as_json:
            print_json(report.to_dict())
        else:
            from trusted_cloud_chat.output.reporting import ingest_lines

            say(f"{_now()}  " + "\n".join(ingest_lines(report)))
        sys.stdout.flush()

    def _say_failed(self, error: Exception) -> None:
        """A line of JSON for this run too; people read it once, on standard error."""
        if self._as_json:
            print_json({"error": str(error)})
            sys.stdout.flush()
        say(f"{_now()}  not done, tried again later: {error or type(error).__name__}", sys.stderr)


def _now() -> str:
    return f"{datetime.now():%Y-%m-%d %H:%M:%S}"
