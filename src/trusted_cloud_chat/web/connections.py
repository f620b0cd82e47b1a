"""Request timeouts and the connection limit: idle clients cannot lock others out."""

import asyncio
import logging
import time
from collections.abc import Collection
from contextlib import suppress
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

from trusted_cloud_chat.web.guard import SENDING

HEAD_S, BODY_S, TRANSFER_S = 15.0, 60.0, 1800.0
"""Timeouts in seconds for a request's head, its body, and a file transfer."""
_SWEPT_S = 1.0
_MOST = 1000
_RESERVED = 256
"""File descriptors reserved for stores and models."""
_TOLD_S = 60.0
_LOG = logging.getLogger(__name__)


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
        await asyncio.sleep(_SWEPT_S)
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


_told = -_TOLD_S


def _make_room(connections: Collection[Any]) -> None:
    """Close the connection that has been idle for longest, never the new one."""
    global _told
    if time.monotonic() - _told >= _TOLD_S:
        _told = time.monotonic()
        _LOG.warning("more than %d connections at once: those that say nothing are closed, the longest first", most())
    owing = [connection for connection in connections if connection.owes is not None and _owed(connection)]
    min(owing, key=lambda connection: connection.owes[2]).transport.abort()
