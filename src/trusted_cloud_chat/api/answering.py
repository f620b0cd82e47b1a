"""Computes answers for requests: a few at once, each in its own thread, which stops when the client has gone."""

import asyncio
import json
import logging
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterator
from contextlib import aclosing, suppress
from contextvars import copy_context
from typing import Any, TypeVar

from fastapi.sse import format_sse_event
from starlette.requests import Request
from starlette.responses import StreamingResponse

from trusted_cloud_chat.api.tokens import TooOftenError
from trusted_cloud_chat.errors import TrustedCloudChatError
from trusted_cloud_chat.schema import Answer

T = TypeVar("T")
_LOG = logging.getLogger(__name__)
_AT_ONCE = 4
"""Questions answered concurrently; each uses about one core."""
_MOST_WAITING = 100
"""Maximum waiting questions; beyond it clients are told when to retry."""
_AGAIN_S = 5
GONE = 499
"""nginx's status for a client that has gone."""
_UNBUFFERED = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}


class Left(threading.Event):
    """Set once nobody is waiting; calls `wake`."""

    wake: Callable[[], None] | None = None

    def set(self) -> None:
        super().set()
        if self.wake is not None:
            self.wake()


async def aside(steps: Generator[T], left: Left) -> AsyncGenerator[T]:
    """Yield and raise what `steps` does; end at once when `left` is set.

    Closing this generator sets `left` and does not wait; the thread closes `steps` after its current step.
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
    # The thread runs in the consumer's context, so that a tracer knows the request.
    threading.Thread(target=copy_context().run, args=(make,), daemon=True, name="question").start()
    try:
        while isinstance(item := await made.get(), tuple):
            yield item[0]
        if item is not None:
            raise item
    finally:
        left.set()


class Answering:
    def __init__(self) -> None:
        self._at_once = asyncio.Semaphore(_AT_ONCE)
        self._inside = 0

    async def growing(self, steps: Callable[[threading.Event], Iterator[T]]) -> AsyncGenerator[T]:
        """Yield the values of `steps`, which gets an event that is set once the client has gone. Raises TooOftenError."""

        def made_aside() -> Generator[T]:
            yield from steps(left)

        if self._inside >= _AT_ONCE + _MOST_WAITING:
            raise TooOftenError(_AGAIN_S)
        self._inside += 1
        try:
            left = Left()
            async with self._at_once, aclosing(aside(made_aside(), left)) as made:
                async for step in made:
                    yield step
        finally:
            self._inside -= 1

    async def last(self, request: Request, answers: AsyncGenerator[T]) -> T | None:
        """The last of `answers`; once the client has gone, None, and no more are computed."""
        last = None
        async with aclosing(answers):
            async for answer in answers:
                last = answer
                if await request.is_disconnected():
                    return None
        return last

    async def done(self, work: Callable[[], T]) -> T:
        async with aclosing(self.growing(lambda _left: iter([work()]))) as made:
            return await anext(made)


def is_whole(answer: Answer) -> bool:
    return bool(answer.timings_ms)


def error_of(error: Exception) -> dict[str, Any]:
    """The error in OpenAI's format."""
    return {"error": {"message": str(error), "type": type(error).__name__.removesuffix("Error"), "code": None}}


def event(data: Any, name: str | None = None) -> bytes:
    return format_sse_event(
        data_str=data if isinstance(data, str) else json.dumps(data, ensure_ascii=False), event=name
    )


async def event_stream(events: AsyncGenerator[bytes]) -> StreamingResponse:
    """Server-sent events. An error before the first event is raised, and gets an HTTP status; a later one becomes an `error` event."""
    first = await anext(events)

    async def all_of_them() -> AsyncIterator[bytes]:
        async with aclosing(events):
            yield first
            try:
                async for one in events:
                    yield one
            except TrustedCloudChatError as error:
                yield event(error_of(error), "error")
            except Exception:
                _LOG.exception("a question failed")
                yield event(error_of(RuntimeError("unexpected error: see the server's log")), "error")

    return StreamingResponse(all_of_them(), media_type="text/event-stream", headers=_UNBUFFERED)
