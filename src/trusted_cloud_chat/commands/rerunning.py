"""`ingest --watch` and `--every`: the same run again when files change, or at an interval, until Ctrl-C or SIGTERM.

The files are compared with their last state every few seconds, which works on every file system.
A run waits for files that are still being written. A failed run is retried after increasing delays.
"""

import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from math import inf
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, TextIO

from trusted_cloud_chat import wiring
from trusted_cloud_chat.corpus import CorpusFile, corpus_files, files_at
from trusted_cloud_chat.errors import CorpusNotFoundError, IndexBusyError, ServerError, UsageError
from trusted_cloud_chat.ingestion import IngestReport, Logbook
from trusted_cloud_chat.output.reporting import ingest_lines
from trusted_cloud_chat.output.terminal import print_json, progress_bars, say, unpacking
from trusted_cloud_chat.progress import Progress
from trusted_cloud_chat.settings import Settings

if TYPE_CHECKING:
    from trusted_cloud_chat.models import Embedder

SHORTEST_S, LONGEST_S = 60, 366 * 86_400
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_REST = 50
"""Pause after a comparison, as a multiple of its duration: comparisons use at most 2 % of a processor."""
_WAITED_FOR = (IndexBusyError, ServerError, CorpusNotFoundError)
"""Errors after which even the first run is retried; before the first success all other errors end the command."""

States = dict[Path, tuple[tuple[int, ...], ...]]


class StoppedError(Exception):
    """A run was abandoned before it committed; the previous generation keeps answering."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Waiting times, in seconds."""

    tick: float = 2.0
    """Pause between two comparisons."""
    settled: float = 1.0
    """How long files must stay unchanged before they are read."""
    patience: float = 60.0
    """Maximum wait for unchanged files."""
    after_failure: float = 5.0
    """Wait after a failure, doubled with each further failure."""
    longest: float = 600.0
    """Longest wait after a failure."""


def keep_ingesting(
    settings: Settings, paths: Sequence[Path], fetched: Sequence[str], run: Callable[..., IngestReport], *,
    watch: bool, every: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Call `run` again when files change (`watch`), at the interval `every`, or both; it rebuilds the index at most once."""
    seconds = None if every is None else interval(every)
    local = paths or ([] if fetched else [settings.corpus])
    roots = [path.expanduser().absolute() for path in local]
    if watch and not roots:
        raise UsageError("--watch is for files and folders: use --every 6h to fetch addresses again")
    if missing := [root for root in roots if not root.exists()]:
        files_at(missing, settings.corpus) if paths else corpus_files(settings.corpus)  # raises the right error
    with _stopping() as stop:
        named = ", ".join([*map(str, roots), *fetched])
        say(f"{'watching' if watch else 'ingesting'} {named} (Ctrl-C stops it)", sys.stderr)
        runs = _Runs(settings, run, stop, as_json=as_json)
        files = partial(files_of, paths, settings.corpus) if roots else list
        keep_running(runs.run, files, watch=watch, every=seconds, stop=stop)
    say("stopped", sys.stderr)


def interval(text: str) -> float:
    """Seconds of « 30m », « 6h », « 1d ». Raises UsageError."""
    number, unit = text[:-1].strip(), text[-1:].lower()
    if not (number.isascii() and number.isdecimal() and len(number) <= 9 and unit in _UNITS):
        raise UsageError(f"--every {text!r} is not a duration: expected a number and m, h or d, such as 30m, 6h or 1d")
    seconds = int(number) * _UNITS[unit]
    if not SHORTEST_S <= seconds <= LONGEST_S:
        raise UsageError(f"--every {text} is out of bounds: expected 1m to 366d")
    return seconds


def keep_running(
    run: Callable[[Collection[Path]], bool],
    files: Callable[[], Sequence[CorpusFile]],
    *,
    watch: bool,
    every: float | None,
    stop: threading.Event,
    pace: Pace = Pace(),
) -> None:
    """Call `run` now, every `every` seconds, and with `watch` when one of its `files` changes, until `stop` is set.

    `run` gets the files that are still being written, and returns whether it succeeded; if not, it is retried.
    """
    due = soonest = 0.0
    failures, seen = 0, States()
    while not stop.is_set():
        now = time.monotonic()
        changed = watch and soonest <= now < due and _states(files()) != seen
        took = time.monotonic() - now
        if changed or now >= due:
            seen, unfinished = _settled(files, stop, pace)
            if stop.is_set():
                return
            failures = 0 if run(unfinished) else failures + 1
            now = time.monotonic()
            soonest = now + (pace.after_failure if failures else 0)
            wait = every or inf
            if failures:
                doubled = min(pace.after_failure * 2.0 ** min(failures - 1, 30), pace.longest)
                wait = min(wait, doubled * random.uniform(0.8, 1.2))
            due = now + min(wait, pace.patience if unfinished else inf)
        stop.wait(max(pace.tick, _REST * took))


def files_of(paths: Sequence[Path], corpus: Path) -> list[CorpusFile]:
    """The files that a run over these paths reads; empty if the corpus has none yet."""
    try:
        return files_at(list(paths), corpus) if paths else corpus_files(corpus)
    except CorpusNotFoundError:
        return []


@contextmanager
def _stopping() -> Iterator[threading.Event]:
    """An event, set by the first Ctrl-C or SIGTERM; the second ends the program at once."""
    stop = threading.Event()

    def handle(number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            signal.signal(number, signal.SIG_DFL)
            raise KeyboardInterrupt
        stop.set()

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _states(files: Sequence[CorpusFile]) -> States:
    return {file.path: file.state() for file in files}


def _settled(files: Callable[[], Sequence[CorpusFile]], stop: threading.Event, pace: Pace) -> tuple[States, set[Path]]:
    """The states once the files have stopped changing, and the files that still change after `pace.patience` seconds."""
    deadline, before = time.monotonic() + pace.patience, _states(files())
    while not stop.wait(pace.settled):
        now = _states(files())
        moving = {path for path in before.keys() | now.keys() if before.get(path) != now.get(path)}
        if not moving or time.monotonic() >= deadline:
            return now, moving
        before = now
    return before, set()


class _Runs:
    """Repeated runs with one embedder and one logbook."""

    def __init__(
        self, settings: Settings, run: Callable[..., IngestReport], stop: threading.Event, *, as_json: bool
    ) -> None:
        self._settings, self._run, self._stop, self._as_json = settings, run, stop, as_json
        self._logbook = Logbook(settings.home, only_news=True)
        self._embedder: Embedder | None = None
        self._succeeded = False

    def run(self, unfinished: Collection[Path]) -> bool:
        """One run and its report; returns whether it succeeded. A run that a signal stops is not reported."""
        try:
            with progress_bars() as tell:
                report = self._ingest(unfinished, tell)
        except StoppedError:
            return True
        except Exception as error:  # an error of a later run does not end the watch
            if not self._succeeded and not isinstance(error, _WAITED_FOR):
                raise
            if self._as_json:
                print_json({"error": str(error)})
            _say_when(f"failed, will be retried: {error or type(error).__name__}", sys.stderr)
        else:
            self._succeeded, self._run = True, partial(self._run, rebuild=False)
            if self._as_json:
                print_json(report.to_dict())
            else:
                _say_when("\n".join(ingest_lines(report)))
            return True
        finally:
            sys.stdout.flush()
        return False

    def _ingest(self, unfinished: Collection[Path], tell: Progress) -> IngestReport:
        def tell_or_stop(step: str, done: int, total: int) -> None:
            # All steps come before the commit; the next run continues with the vectors made by then.
            if self._stop.is_set():
                raise StoppedError("stopped before it committed: the previous generation keeps answering")
            tell(step, done, total)

        self._embedder = self._embedder or wiring.build_embedder(self._settings, unpacking(tell))
        more = {"progress": tell_or_stop, "logbook": self._logbook, "unfinished": unfinished}
        return self._run(embedder=self._embedder, **more)


def _say_when(text: str, out: TextIO | None = None) -> None:
    say(f"{datetime.now():%Y-%m-%d %H:%M:%S}  {text}", out)
