"""Prevents SSRF: checks IP addresses before a connection, and connects only to checked ones."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import httpx

from trusted_cloud_chat.errors import ArticleError, SettingsError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], Awaitable[list[str]]]
"""Host and port → all addresses of the host; raises OSError."""

PORTS = frozenset({80, 443, 8080, 8443})
"""Web ports: an HTTP request may confuse programs on other ports."""
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
"""With an IPv4 address in the last 32 bits."""


async def resolve(host: str, port: int) -> list[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


def networks_of(setting: str) -> tuple[Network, ...]:
    """`192.168.1.0/24, 127.0.0.1` as networks. Raises SettingsError."""
    try:
        return tuple(ip_network(part.strip()) for part in setting.split(",") if part.strip())
    except ValueError as error:
        raise SettingsError(
            f"TCC_PRIVATE_NETWORKS={setting!r} is refused: {error}; expected addresses such as 192.168.1.0/24, 127.0.0.1"
        ) from None


@dataclass(frozen=True, slots=True)
class AddressGuard:
    """Allows public addresses, and the private ones of a setting."""

    private: tuple[Network, ...] = ()
    resolve: Resolve = resolve

    def check(self, url: httpx.URL) -> None:
        """Raise ArticleError unless the URL is HTTP or HTTPS, with a host and without a password."""
        if url.scheme not in ("http", "https"):
            raise ArticleError(
                f"an address of scheme {url.scheme or '(none)'}: only http and https are fetched, such as https://example.org/page"
            )
        if not url.host:
            raise ArticleError("an address without a host: expected https://example.org/page")
        if url.userinfo:
            raise ArticleError(
                "an address with a name or a password in it: it would be shown with each quote; leave it out"
            )

    async def addresses(self, url: httpx.URL) -> list[str]:
        """The IP addresses of the URL's host, resolved once. Raises ArticleError if one is not allowed, OSError if there are none."""
        host, port = url.raw_host.decode("ascii"), url.port or (80 if url.scheme == "http" else 443)
        found = [ip_address(address) for address in await self.resolve(host, port)]
        named = [all(any(plain in network for network in self.private) for plain in embedded(ip)) for ip in found]
        refused = [str(ip) for ip, is_named in zip(found, named, strict=True) if not is_named and not is_public(ip)]
        if refused:
            raise ArticleError(
                f"{url.host} is at {refused[0]}, a private, local or reserved address, which is never fetched from: if it is yours "
                "and intended, add it to TCC_PRIVATE_NETWORKS"
            )
        if port not in PORTS and not all(named):
            raise ArticleError(f"port {port}: pages are fetched from {', '.join(map(str, sorted(PORTS)))}")
        return [str(address) for address in found]


def is_public(address: Address) -> bool:
    """Whether an address, and any IPv4 address embedded in it, is on the public internet."""
    return all(
        plain.is_global
        and (plain in _GLOBAL_UNICAST if plain.version == 6 else not plain.is_multicast and not plain.is_reserved)
        for plain in embedded(address)
    )


def embedded(address: Address) -> list[Address]:
    """The IPv4 address of a mapped (`::ffff:127.0.0.1`) or NAT64 address, both addresses of 6to4, else the address itself."""
    if isinstance(address, IPv4Address):
        return [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    if address in _NAT64:
        return [IPv4Address(int(address) & 0xFFFFFFFF)]
    return [address] if address.sixtofour is None else [address, address.sixtofour]


class NoHostError(httpx.ConnectError):
    """The host has no address, or no name server answers."""

    def __init__(self, error: OSError, request: httpx.Request) -> None:
        super().__init__(str(error.strerror or error), request=request)
        self.unknown = error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))


class PinnedTransport(httpx.AsyncBaseTransport):
    """Opens a connection for each request, to an address that `guard` allows; the certificate is checked for the host's name."""

    def __init__(self, guard: AddressGuard) -> None:
        self._guard = guard
        # A connection kept open could serve another name at the same address.
        self._inner = httpx.AsyncHTTPTransport(limits=httpx.Limits(max_keepalive_connections=0))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        name = request.url.raw_host.decode("ascii")
        try:
            addresses = await self._guard.addresses(request.url)
        except OSError as error:
            raise NoHostError(error, request) from error
        for n, address in enumerate(addresses, start=1):
            pinned = httpx.Request(
                request.method,
                request.url.copy_with(host=address),
                headers=request.headers,  # with the name as Host
                extensions={**request.extensions, "sni_hostname": name},
            )
            try:
                return await self._inner.handle_async_request(pinned)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if n == len(addresses):
                    raise
        raise AssertionError("a host without an address is an OSError")

    async def aclose(self) -> None:
        await self._inner.aclose()
