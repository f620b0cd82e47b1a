"""The end of a server: what is being answered is let finish, for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from trusted_cloud_chat.operation.logs import say
from trusted_cloud_chat.operation.watching import Watch

_LOOKS_EVERY_S = 0.05


async def let_finish(watch: Watch, within_s: float, hurried: Callable[[], bool] = lambda: False) -> None:
    """Refuse what is new and wait for what is under way, `within_s` at most, and no longer once `hurried`."""
    watch.stop()
    if watch.running and within_s:
        say(f"Stopping: {watch.running} under way may finish within {within_s:g} seconds.")
    clock = asyncio.get_running_loop()
    until = clock.time() + within_s
    while watch.running and clock.time() < until and not hurried():
        await asyncio.sleep(_LOOKS_EVERY_S)
