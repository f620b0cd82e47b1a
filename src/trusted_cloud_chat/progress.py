"""Progress of long work, and the time of each stage of a question."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
_NBSP = "\u00a0"
_SURE_S, _LATELY = 2.0, 4
"""Seconds of work needed for an estimate, and the number of samples kept."""
Progress = Callable[[str, int, int], None]
"""Step, done, total."""


def tell_nobody(_step: str, _done: int, _total: int) -> None:
    pass


def followed(items: Iterable[T], tell: Progress, step: str, total: int) -> Iterator[T]:
    """Yield `items` and report each one when it is done."""
    for done, item in enumerate(items, start=1):
        yield item
        tell(step, done, total)


class TimeLeft:
    """Estimates the remaining time of a step from its recent speed: work already done by a stopped run passes fast."""

    def __init__(self) -> None:
        self._step, self._lately = "", deque[tuple[float, int]](maxlen=_LATELY)

    def of(self, step: str, done: int, total: int) -> float | None:
        """Seconds; None while it is unknown."""
        now = time.monotonic()
        if step != self._step or (self._lately and done < self._lately[-1][1]):
            self._step = step
            self._lately.clear()
        if not self._lately or now - self._lately[-1][0] > _SURE_S:
            self._lately.append((now, done))
        began, first = self._lately[0]
        return (now - began) * max(0, total - done) / (done - first) if done > first and now - began > _SURE_S else None


def spoken_time(seconds: float) -> str:
    """« 40 s », « 3 min », « 2 h 10 min »."""
    minutes = round(seconds / 60)
    if minutes < 2:
        return f"{max(1, round(seconds))}{_NBSP}s"
    hours = f"{minutes // 60}{_NBSP}h{_NBSP}" if minutes >= 60 else ""
    return f"{hours}{minutes % 60}{_NBSP}min"


class Clock:
    """Milliseconds: `laps` by stage, summed if a stage repeats; `total_ms` since the start."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._started = time.perf_counter()
        self.restart()

    def restart(self) -> None:
        """Discard the time since the last lap."""
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name] = round(self.laps.get(name, 0.0) + (now - self._last) * 1000, 3)
        self._last = now

    @property
    def total_ms(self) -> float:
        return round((time.perf_counter() - self._started) * 1000, 3)
