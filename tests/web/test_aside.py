"""Steps made in a thread of their own."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Generator

import pytest

from trusted_cloud_chat.api.answering import Left, aside


def _steps(going_on: threading.Event, error: Exception | None = None) -> Generator[int]:
    yield 1
    going_on.wait(10)
    if error is not None:
        raise error
    yield 2


def test_steps_come_in_order_and_their_error_is_raised() -> None:
    going_on, left = threading.Event(), Left()
    going_on.set()

    async def wait() -> list[int]:
        return [step async for step in aside(_steps(going_on), left)]

    assert asyncio.run(wait()) == [1, 2]
    with pytest.raises(ValueError, match="broken"):
        asyncio.run(_all(_steps(going_on, ValueError("broken"))))


def test_whoever_waits_leaves_in_the_midst_of_a_step() -> None:
    going_on, left = threading.Event(), Left()

    async def leave() -> list[int]:
        steps = aside(_steps(going_on), left)
        first = await anext(steps)
        asyncio.get_running_loop().call_later(0.05, left.set)
        return [first] + [step async for step in steps]

    assert asyncio.run(asyncio.wait_for(leave(), 5)) == [1]
    going_on.set()


async def _all(steps: Generator[int]) -> list[int]:
    return [step async for step in aside(steps, Left())]


def test_an_error_that_nobody_waits_for_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    going_on, left = threading.Event(), Left()

    async def leave() -> None:
        steps = aside(_steps(going_on, ValueError("broken")), left)
        assert await anext(steps) == 1
        await steps.aclose()
        going_on.set()
        for _ in range(500):
            if caplog.records:
                return
            await asyncio.sleep(0.01)

    with caplog.at_level(logging.ERROR):
        asyncio.run(leave())
    assert left.is_set()
    assert "broken" in caplog.text
