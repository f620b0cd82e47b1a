"""How far a long piece of work is, and how long each stage of a question took."""

from __future__ import annotations

import time
from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Step, done, total."""


def tell_nobody(_step: str, _done: int, _total: int) -> None:
    pass


class Clock:
    """Milliseconds by stage. `laps` by name; a stage that comes again is added to. `total_ms` counts from the start."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._started = time.perf_counter()
        self.restart()

    def restart(self) -> None:
        """What went by since the last lap is nobody's."""
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name] = round(self.laps.get(name, 0.0) + (now - self._last) * 1000, 3)
        self._last = now

    @property
    def total_ms(self) -> float:
        return round((time.perf_counter() - self._started) * 1000, 3)
