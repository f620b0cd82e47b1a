"""The same run again: when files change, or at an interval, until it is told to stop.

A file that somebody still writes is waited for. A run that fails is tried again, later each time.
"""

from __future__ import annotations

import random
import signal
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from pathlib import Path
from types import FrameType

import watchfiles
from watchfiles.main import FileChange

from trusted_cloud_chat.corpus import CorpusFile, corpus_files, files_at
from trusted_cloud_chat.corpus.companion import places_of
from trusted_cloud_chat.errors import CorpusNotFoundError, UnusableError, UsageError

SHORTEST_S = 60
LONGEST_S = 366 * 86_400
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}

States = dict[Path, list[tuple[int, ...]]]
Run = Callable[[Collection[Path]], bool]
"""One run, given the files that are still being written; whether it was done, else it is tried again."""


class StoppedError(Exception):
    """A run was given up before it committed: the generation before goes on answering."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long things are waited for, in seconds."""

    tick: float = 0.5
    """Between two looks at the clock."""
    settled: float = 1.0
    """How long files must stay as they are, before they are read."""
    patience: float = 60.0
    """How long that is waited for."""
    after_failure: float = 5.0
    """Doubled with each failure that follows."""
    longest: float = 600.0
    """Between two tries."""


USUAL = Pace()


def interval(text: str) -> float:
    """Seconds of « 30m », « 6h », « 1d ». Raises UsageError."""
    number, unit = text[:-1].strip(), text[-1:].lower()
    if not (number.isascii() and number.isdecimal() and len(number) <= 9 and unit in _UNITS):
        raise UsageError(f"--every {text!r} is no duration: expected a number and m, h or d, such as 30m, 6h or 1d")
    seconds = int(number) * _UNITS[unit]
    if not SHORTEST_S <= seconds <= LONGEST_S:
        raise UsageError(f"--every {text} is out of bounds: expected 1m at least and 366d at most")
    return seconds


def keep_running(
    run: Run,
    files: Callable[[], Sequence[CorpusFile]],
    watched: Sequence[Path],
    *,
    every: float | None,
    stop: threading.Event,
    pace: Pace = USUAL,
) -> None:
    """`run` now, whenever one of `files`, which it reads, changes below `watched`, and `every` so many seconds, until `stop` is set.

    Raises what `run` does, and UnusableError where the system watches no more files.
    """
    due, soonest, failures, changed, states = 0.0, 0.0, 0, False, States()
    for moved in _ticks(watched, stop, pace):
        # What changed while the last run waited for it, or is no article, is nothing new.
        changed = changed or (moved and _states(files()) != states)
        now = time.monotonic()
        if now < due and not (changed and now >= soonest):
            continue
        states, unfinished = _settled(files, stop, pace)
        if stop.is_set():
            return
        changed = False
        failures = 0 if run(unfinished) else failures + 1
        now = time.monotonic()
        soonest = now + (pace.after_failure if failures else 0)
        due = now + _delay(failures, every, pace)
        if unfinished:
            due = min(due, now + pace.patience)


def files_of(paths: Sequence[Path], corpus: Path) -> list[CorpusFile]:
    """What a run over these reads; nothing where there is none yet."""
    try:
        return files_at(list(paths), corpus) if paths else corpus_files(corpus)
    except CorpusNotFoundError:
        return []


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """Set by the first Ctrl-C or SIGTERM; a second one ends the program where it stands."""
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


def _delay(failures: int, every: float | None, pace: Pace) -> float:
    """Seconds to the next run, where no file changes before."""
    usual = inf if every is None else every
    if not failures:
        return usual
    doubled: float = min(pace.after_failure * 2.0 ** min(failures - 1, 30), pace.longest)
    return min(usual, doubled * random.uniform(0.8, 1.2))


def _settled(files: Callable[[], Sequence[CorpusFile]], stop: threading.Event, pace: Pace) -> tuple[States, set[Path]]:
    """The files as they are once none changes any more, and those that still do after all patience."""
    deadline, before = time.monotonic() + pace.patience, _states(files())
    while not stop.wait(pace.settled):
        now = _states(files())
        moving = {path for path in before.keys() | now.keys() if before.get(path) != now.get(path)}
        if not moving or time.monotonic() >= deadline:
            return now, moving
        before = now
    return before, set()


def _states(files: Sequence[CorpusFile]) -> States:
    """Of each file and of what stands beside it about it: any write changes them."""
    of = ("st_size", "st_mtime_ns", "st_ctime_ns")
    return {file.path: [_state(Path(path), *of) for path in (str(file.path), *places_of(file.path))] for file in files}


def _state(path: Path, *of: str) -> tuple[int, ...]:
    """Empty for what is not there."""
    try:
        state = path.stat()
    except OSError:
        return ()
    return tuple(getattr(state, name) for name in of)


def _ticks(watched: Sequence[Path], stop: threading.Event, pace: Pace) -> Iterator[bool]:
    """Every tick whether something below `watched` has changed since the one before. Nothing watched: never.

    A watched file or folder that is replaced is watched anew: the system goes on watching the one that is gone.
    """
    seen, anew = _roots(watched), False
    while not stop.is_set():
        there = _roots(watched)
        anew, seen = anew or there != seen, there
        if not there:
            yield anew
            anew = False
            stop.wait(pace.tick)
            continue
        try:
            for changes in _changes(list(there), stop, pace):
                yield anew or bool(changes)
                anew = False
                if not there.keys().isdisjoint(Path(path) for _, path in changes) or _roots(watched) != there:
                    anew = True
                    break
        except FileNotFoundError:
            stop.wait(pace.tick)


def _changes(roots: list[Path], stop: threading.Event, pace: Pace) -> Iterator[set[FileChange]]:
    try:
        yield from watchfiles.watch(
            *roots,
            watch_filter=None,
            stop_event=stop,
            rust_timeout=int(pace.tick * 1000),
            yield_on_timeout=True,
            raise_interrupt=False,
            ignore_permission_denied=True,
        )
    except FileNotFoundError:
        raise
    except (OSError, RuntimeError) as error:
        raise UnusableError(
            f"the system does not watch these files ({error}): on Linux raise fs.inotify.max_user_watches, set "
            "WATCHFILES_FORCE_POLLING=1, or look at intervals with `--every 30m` in place of `--watch`"
        ) from error


def _roots(watched: Sequence[Path]) -> dict[Path, tuple[int, ...]]:
    """Those that are there, and which folder or file each is now."""
    states = {path: _state(path, "st_dev", "st_ino") for path in watched}
    return {path: state for path, state in states.items() if state}
