"""Limits per client: trusted proxies, question rates, abandoned answers, session expiry, timeouts of requests."""

import asyncio
import logging
import os
import time
from collections import Counter
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import gradio as gr
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from trusted_cloud_chat.api.tokens import FORWARDED, Rate, client_of
from trusted_cloud_chat.web.escaping import Strings
from trusted_cloud_chat.web.guard import SENDING
from trusted_cloud_chat.web.handlers import Voices
from trusted_cloud_chat.web.signing_in import scope_of_event

_AT_ONCE = 4
MOST_WAITING = 200
"""Length of the queue; beyond it the page says that the queue is full."""
MOST_SESSIONS = 500
"""Maximum sessions in memory (a third of a megabyte each), evicted least recently used first."""
KEPT = timedelta(hours=6)
"""Unused sessions are deleted after this time; those of closed tabs after an hour."""
_CLOSED = timedelta(hours=1)
_GRACE_S = 3.0
"""Seconds within which a browser starts listening for its answer."""
_LOOKS_S = 0.05
_FORWARDS = (b"x-forwarded-", b"forwarded", b"x-real-ip")
_JOINED = "trusted_cloud_chat.joined"
HEAD_S, BODY_S, TRANSFER_S = 15.0, 60.0, 1800.0
"""Timeouts in seconds for a request's head, its body, and a file transfer."""
_CHECKED_S = 1.0
_MOST = 1000
_RESERVED = 256
"""File descriptors reserved for stores and models."""
_TOLD_S = 60.0
_told = -_TOLD_S
_LOG = logging.getLogger(__name__)


def at_once(voices: Voices) -> int:
    """Maximum concurrent questions: each uses about one core, or waits for a language model."""
    return _AT_ONCE if voices.configured else min(_AT_ONCE, max(2, os.cpu_count() or 2))


def behind_proxies(app: ASGIApp, proxies: str = "") -> ASGIApp:
    """`app`, which receives X-Forwarded-… headers only from declared proxies: those of all other clients are removed."""
    believing = ProxyHeadersMiddleware(app, proxies) if proxies else None  # type: ignore[arg-type]

    async def told(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
        elif believing and (scope.get("client") or ("",))[0] in believing.trusted_hosts:
            await believing(scope, receive, send)  # type: ignore[arg-type]
        else:
            kept = [pair for pair in scope["headers"] if not pair[0].lower().startswith(_FORWARDS)]
            mark = {FORWARDED: True} if len(kept) < len(scope["headers"]) else {}
            await app({**scope, "headers": kept, **mark}, receive, send)

    return told


class Limits:
    """Tracks which sessions have a listener, and limits the rate of questions. One per server."""

    def __init__(self, rate: Rate | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate = rate or Rate(0)
        self._clock = clock
        self._listening: Counter[str] = Counter()

    def around(self, app: ASGIApp) -> ASGIApp:
        """`app` with its listeners counted."""

        async def counted(scope: Scope, receive: Receive, send: Send) -> None:
            session = _listens_to(scope)
            if session is None:
                await app({**scope, _JOINED: self._clock()}, receive, send)
                return
            self._listening[session] += 1
            try:
                await app(scope, receive, send)
            finally:
                self._listening[session] -= 1
                if not self._listening[session]:
                    del self._listening[session]

        return counted

    async def refusal(self, request: gr.Request, strings: Strings) -> str | None:
        """Why the question is refused now; empty if nobody listens, None if it may be asked."""
        while (listened := self.listened(request)) is None:
            await asyncio.sleep(_LOOKS_S)
        if not listened:
            return ""
        wait = self.rate.wait(client_of(scope_of_event(request)))
        return strings.slower.format(seconds=max(1, round(wait))) if wait else None

    def listened(self, request: gr.Request) -> bool | None:
        """Whether a browser listens to the session of an event; None while it may still begin to."""
        joined = scope_of_event(request).get(_JOINED)
        # The page runs in a test or in another program, without our server.
        if joined is None or self._listening.get(request.session_hash or ""):
            return True
        return False if self._clock() - joined > _GRACE_S else None


def _listens_to(scope: Scope) -> str | None:
    """The session whose events a request waits for; None for other requests."""
    if scope["type"] != "http" or str(scope["path"]).rstrip("/") != "/gradio_api/queue/data":
        return None
    return Request(scope).query_params.get("session_hash", "")


def forget_sessions(page: gr.Blocks, now: datetime) -> None:
    """Delete expired sessions; called at each load of the page. Gradio drops the values of a closed session, but keeps the rest forever."""
    holder = page.state_holder
    with holder.lock:
        for name, used in list(holder.time_last_used.items()):
            session = holder.session_data.get(name)
            if now - used > (_CLOSED if session is None or session.is_closed else KEPT):
                holder.session_data.pop(name, None)
                holder.time_last_used.pop(name, None)


class Connection(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
    """A connection of uvicorn. If there are too many, a new connection closes an idle one."""

    owes: tuple[object, float, float] | None = None
    """The pending request, its timeout in seconds, and since when."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.owes = (None, HEAD_S, time.monotonic())
        if len(self.connections) > most():
            _make_room(self.connections)


def most() -> int:
    """Maximum of simultaneous connections; lower if the process may open few files."""
    with suppress(ImportError):  # on Windows
        import resource

        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft != resource.RLIM_INFINITY:
            return min(_MOST, max(soft - _RESERVED, soft // 2))
    return _MOST


async def close_late(connections: Collection[Any]) -> None:
    """Close connections that exceed their timeout, until cancelled."""
    while True:
        await asyncio.sleep(_CHECKED_S)
        now = time.monotonic()
        for connection in list(connections):
            owed = _owed(connection)
            if owed is None or connection.owes is None or connection.owes[:2] != owed:
                connection.owes = owed and (*owed, now)
            elif now - connection.owes[2] > owed[1]:
                connection.transport.abort()


def _owed(connection: Any) -> tuple[object, float] | None:
    """The request that the client has yet to send, and its timeout; None while the client waits for us."""
    cycle = connection.cycle
    if cycle is None or cycle.response_complete:
        return cycle, TRANSFER_S if connection.transport.get_write_buffer_size() else HEAD_S
    if cycle.more_body:
        return cycle, TRANSFER_S if connection.scope["path"].lstrip("/") == SENDING else BODY_S
    return None


def _make_room(connections: Collection[Any]) -> None:
    """Close the connection that has been idle for longest, never the new one."""
    global _told
    if time.monotonic() - _told >= _TOLD_S:
        _told = time.monotonic()
        _LOG.warning("more than %d connections at once: idle ones are closed, the longest idle first", most())
    owing = [connection for connection in connections if connection.owes is not None and _owed(connection)]
    min(owing, key=lambda connection: connection.owes[2]).transport.abort()
