"""Connections to the very addresses that were checked: between the check and the connection no name is looked up again."""

from __future__ import annotations

import socket

import httpx

from trusted_cloud_chat.fetching.addresses import Guard


class NoHostError(httpx.ConnectError):
    """The host has no address, or no name server answers."""

    def __init__(self, error: OSError, request: httpx.Request) -> None:
        super().__init__(str(error.strerror or error), request=request)
        self.unknown = error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))


class PinnedTransport(httpx.AsyncBaseTransport):
    """Each request has a connection of its own, to an address that `guard` gives; the certificate is that of the name."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        # One that is kept open for an address could serve another name at the same address.
        self._inner = httpx.AsyncHTTPTransport(limits=httpx.Limits(max_keepalive_connections=0))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        name = request.url.raw_host.decode("ascii")
        try:
            addresses = await self._guard.addresses(request.url)
        except OSError as error:
            raise NoHostError(error, request) from error
        failure: httpx.TransportError | None = None
        for address in addresses:
            pinned = httpx.Request(
                request.method,
                request.url.copy_with(host=address),
                headers=request.headers,  # with the name as Host
                extensions={**request.extensions, "sni_hostname": name},
            )
            try:
                return await self._inner.handle_async_request(pinned)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failure = error
        assert failure is not None
        raise failure

    async def aclose(self) -> None:
        await self._inner.aclose()
