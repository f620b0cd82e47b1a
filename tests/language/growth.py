"""Whether work grows in proportion to what it is given, told by ratios of a thread's own time: never by seconds alone."""

from __future__ import annotations

import time
from collections.abc import Callable

TIMES = 4
"""How much longer the long text is: linear work takes four times as long, quadratic work sixteen times."""
MOST_GROWTH = 9
NOTHING_S = 0.01
"""Time of the long text below which nothing can be told, and nothing need be: quadratic work on it takes far longer."""


def growth(work: Callable[[str], object], pump: str, length: int, before: str = "", after: str = "") -> float:
    """How many times longer `work` takes on a text that is four times as long; 0 where it takes next to no time."""
    short, long = (f"{before}{pump * (n * length // len(pump))}{after}" for n in (1, TIMES))
    if _took(work, long) < NOTHING_S:
        return 0.0
    # The least of several: what else the machine does can only add to it. A processor slows down for a while, too: what grows is measured anew.
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
