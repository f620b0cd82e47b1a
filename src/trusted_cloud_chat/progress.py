"""How a long piece of work tells how far it is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Step, done, total."""


def tell_nobody(_step: str, _done: int, _total: int) -> None:
    pass
