"""Measures whether a function takes linear time, by ratios of a thread's CPU time instead of seconds."""

from __future__ import annotations

import time
from collections.abc import Callable

TIMES = 4
"""Ratio of the lengths of the two texts: linear work takes four times as long, quadratic work sixteen times."""
MOST_GROWTH = 9
NOTHING_S = 0.01
"""Time for the long text below which the ratio is unreliable; quadratic work takes far longer."""


def growth(work: Callable[[str], object], pump: str, length: int, before: str = "", after: str = "") -> float:
    """Ratio of the times of `work` on the long and on the short text; 0 below `NOTHING_S`."""
    short, long = (f"{before}{pump * (n * length // len(pump))}{after}" for n in (1, TIMES))
    if _took(work, long) < NOTHING_S:
        return 0.0
    # The minimum of several runs, since other load only adds time. A processor may also slow down for a while: a bad ratio is measured again.
    found = float("inf")
    for _ in range(3):
        slow = min(_took(work, long) for _ in range(4))
        found = min(found, 0.0 if slow < NOTHING_S else slow / min(_took(work, short) for _ in range(4)))
        if found <= MOST_GROWTH:
            break
    return found


def _took(work: Callable[[str], object], text: str) -> float:
    began = time.thread_time()
    work(text)
    return time.thread_time() - began
