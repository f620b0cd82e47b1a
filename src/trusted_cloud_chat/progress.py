"""How a long piece of work tells how far it is."""

from __future__ import annotations

import time
from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Step, done, total."""
_KNOWN_AFTER_S = 1.0


def tell_nobody(_step: str, _done: int, _total: int) -> None:
    pass


class Pace:
    """How long each step still takes, if it goes on as it has begun."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begun: dict[str, tuple[float, int]] = {}

    def minutes(self, step: str, done: int, total: int) -> int:
        """That are left; 0 where it is less than one, or not known yet."""
        began, first = self._begun.setdefault(step, (self._clock(), done))
        seconds = self._clock() - began
        return (
            round(seconds / (done - first) * (total - done) / 60) if done > first and seconds >= _KNOWN_AFTER_S else 0
        )
