"""Runs a generator in its own thread, so that its consumer can leave at any time. No Gradio here."""

import asyncio
import logging
import threading
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import suppress
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")
_LOG = logging.getLogger(__name__)


class Left(threading.Event):
    """Set once nobody is waiting; calls `wake`."""

    wake: Callable[[], None] | None = None

    def set(self) -> None:
        super().set()
        if self.wake is not None:
            self.wake()


async def aside(steps: Generator[T], left: Left) -> AsyncGenerator[T]:
    """Yield and raise what `steps` does; end at once when `left` is set.

    Leaving sets `left` without waiting; the thread closes `steps` after its current step.
    """
    loop = asyncio.get_running_loop()
    made: asyncio.Queue[tuple[T] | BaseException | None] = asyncio.Queue()

    def put(item: tuple[T] | BaseException | None) -> None:
        with suppress(RuntimeError):  # the server has stopped meanwhile
            loop.call_soon_threadsafe(made.put_nowait, item)

    def make() -> None:
        try:
            for step in steps:
                if left.is_set():
                    break
                put((step,))
            steps.close()
            put(None)
        except BaseException as error:  # raised again in the consumer
            if left.is_set():
                _LOG.exception("an abandoned question failed")
            put(error)

    left.wake = lambda: put(None)
    # In the consumer's context, so that a tracer knows the request.
    threading.Thread(target=copy_context().run, args=(make,), daemon=True, name="question").start()
    try:
        while isinstance(item := await made.get(), tuple):
            yield item[0]
        if item is not None:
            raise item
    finally:
        left.set()
