"""Clients that connect and say little or nothing, on a real server."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn

from trusted_cloud_chat.web import limits
from trusted_cloud_chat.web.limits import Connection, close_late

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Says how much came; `/slow` takes its time first."""
    size, more = 0, True
    while more:
        message = await receive()
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    await asyncio.sleep(2.0 if scope["path"] == "/slow" else 0)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"3")]})
    await send({"type": "http.response.body", "body": b"%3d" % min(size, 999)})


@asynccontextmanager
async def served() -> AsyncIterator[int]:
    """The port of a server with our limits."""
    config = uvicorn.Config(
        app, port=0, http=Connection, ws="none", log_config=None, lifespan="off", timeout_keep_alive=60
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    closing = asyncio.create_task(close_late(server.server_state.connections))
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        closing.cancel()
        await serving


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HEAD_S", "BODY_S"):
        monkeypatch.setattr(limits, name, 0.5)
    monkeypatch.setattr(limits, "_CHECKED_S", 0.05)


async def lasts(port: int, *parts: bytes, every: float = 0.1, within: float = 4) -> tuple[float, bytes]:
    """How many seconds it is until the server closes a connection over which `parts` come one by one, and what it answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    began, answer = time.monotonic(), b""
    try:
        for part in parts:
            writer.write(part)
            await asyncio.sleep(every)
        async with asyncio.timeout(within):
            answer = await reader.read()
    except TimeoutError:
        return within, answer
    except ConnectionError:
        pass
    finally:
        writer.close()
    return time.monotonic() - began, answer


@pytest.mark.parametrize(
    "parts",
    [
        (),
        (b"GET / HT",),
        (GET,),
        (GET, b"GET / HTTP/1.1\r\nHo"),
        (b"GET / HTTP/1.1\r\n", *[b"X-%d: y\r\n" % n for n in range(30)]),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n", *[b"x"] * 30),
    ],
    ids=["silent", "half a head", "idle after a request", "half a second head", "slow head", "slow body"],
)
def test_who_says_little_is_not_waited_for(parts: tuple[bytes, ...]) -> None:

    async def seconds() -> float:
        async with served() as port:
            return (await lasts(port, *parts))[0]

    assert asyncio.run(seconds()) < 3.5


def test_who_waits_for_an_answer_is_not_closed() -> None:

    async def answers() -> list[bytes]:
        async with served() as port:
            slow = (b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n",)
            post = (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n", b"x", b"x", b"x")
            return [answer for _, answer in await asyncio.gather(lasts(port, *slow), lasts(port, *post))]

    slow, post = asyncio.run(answers())
    assert slow.endswith(b"  0")
    assert post.endswith(b"  3")


def test_those_that_say_nothing_keep_nobody_out(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The longest silent are closed for whoever comes, and the log says so once; 1,500 of them ended the service without a word."""
    monkeypatch.setattr(limits, "HEAD_S", 60.0)
    monkeypatch.setattr(limits, "most", lambda: 20)
    monkeypatch.setattr(limits, "_told", -1000.0)

    async def answered() -> list[bytes]:
        async with served() as port:
            silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(100)]
            waiting = asyncio.create_task(lasts(port, b"GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
            await asyncio.sleep(0.5)
            silent += [await asyncio.open_connection("127.0.0.1", port) for _ in range(100)]
            quick = await lasts(port, GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
            found = [quick[1], (await waiting)[1]]
            for _, writer in silent:
                writer.close()
            return found

    with caplog.at_level(logging.WARNING):
        assert all(answer.endswith(b"  0") for answer in asyncio.run(answered()))
    assert caplog.text.count("more than 20 connections at once") == 1


def test_fewer_where_a_process_may_open_few_files(monkeypatch: pytest.MonkeyPatch) -> None:
    resource = pytest.importorskip("resource")
    for soft, expected in ((256, 128), (1024, 768), (1_000_000, 1000), (resource.RLIM_INFINITY, 1000)):
        monkeypatch.setattr(resource, "getrlimit", lambda _, soft=soft: (soft, soft))
        assert limits.most() == expected
