"""Fetches a document: checks redirects, obeys robots.txt, limits the rate of each host, and bounds time and size."""

import asyncio
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

import httpx
from protego import Protego

from trusted_cloud_chat import __version__
from trusted_cloud_chat.corpus import MOST_BYTES
from trusted_cloud_chat.errors import ArticleError, causes
from trusted_cloud_chat.fetching import answers
from trusted_cloud_chat.fetching.addresses import AddressGuard, NoHostError, PinnedTransport
from trusted_cloud_chat.fetching.answers import LONGEST_WAIT, Got, OfflineError, busy, joined

NAME = "trusted-cloud-chat"
"""Our name in robots.txt."""
_HEADERS = {
    "user-agent": f"{NAME}/{__version__} (a reader's own copy; obeys robots.txt)",
    "accept": "text/html, application/xhtml+xml, application/pdf, application/xml;q=0.9, */*;q=0.8",
    "accept-encoding": "gzip",
    "accept-language": "fr, en;q=0.8",
}
_REDIRECT = (301, 302, 303, 307, 308)
_REDIRECTS = 5
_HOSTS = 8
"""Concurrent hosts, each with one request at a time."""
_ROBOTS_BYTES = 512 * 1024
_OFFLINE = 8
"""Number of unreachable hosts, with none reached, after which no other is tried."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The limits of a run."""

    guard: AddressGuard = field(default_factory=AddressGuard)
    most_bytes: int = MOST_BYTES
    delay_s: float = 1.0
    """Minimum seconds between two requests to one host."""
    most_pages: int = 500
    """Maximum pages from the feeds and sitemaps of one run."""
    seconds: float = 60.0
    """Maximum time of a response, from the name look-up to the last byte."""
    silence: float = 20.0
    """Maximum time between two bytes."""


@dataclass
class _Host:
    """A host, which receives one request at a time."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0
    """When the next request may be sent."""
    delay: float = 0.0
    closed: ArticleError | None = None
    """Why no more requests are sent to it in this run."""
    robots: dict[str, Protego | ArticleError] = field(default_factory=dict)
    """Its robots.txt, by scheme and port; an error if the server fails to send it, in which case nothing may be read."""

    def close(self, reason: ArticleError) -> ArticleError:
        self.closed = reason
        return reason

    def check_open(self) -> None:
        if self.closed is not None:
            raise self.closed


class Client:
    """Used within `async with client.transport`; `waits` maps hosts to the Unix time until which they asked for no requests."""

    def __init__(self, rules: Rules, waits: Mapping[str, float]) -> None:
        self._rules = rules
        self.waits = {host: until for host, until in waits.items() if until > time.time()}
        self._hosts: dict[str, _Host] = {}
        self._slots = asyncio.Semaphore(_HOSTS)
        self._reached = False
        self._unreached = 0
        # An `httpx.AsyncClient` would follow redirects, keep cookies and use the environment's proxies.
        self.transport = PinnedTransport(rules.guard)

    async def get(self, url: str, conditions: Mapping[str, str]) -> Got:
        """The document at `url`, 304 if it is unchanged. Raises ArticleError."""
        here, been = answers.parsed(url), set[str]()
        while True:
            self._rules.guard.check(here)
            if str(here) in been or len(been) > _REDIRECTS:
                circle = "in a circle" if str(here) in been else f"more than {_REDIRECTS} times"
                raise ArticleError(
                    f"redirected {circle}, last to {here}: open it in a browser, and give the final address"
                )
            been.add(str(here))
            await self._check_allowed(here)
            got = await self._asked(here, conditions)
            location = got.headers.get("location", "")
            if got.status not in _REDIRECT or not location:
                return answers.checked(got, conditions)
            here = joined(here, location)

    async def _check_allowed(self, url: httpx.URL) -> None:
        """Raise ArticleError if the site's robots.txt does not allow `url`."""
        host = self._host(url)
        origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
        async with host.turn:
            host.check_open()
            if origin not in host.robots:
                try:
                    host.robots[origin] = await self._robots(url, host)
                except ArticleError as error:
                    host.robots[origin] = error
        robots = host.robots[origin]
        if isinstance(robots, ArticleError):
            raise robots
        if not robots.can_fetch(str(url), NAME):
            raise ArticleError(
                f"{origin}/robots.txt does not let programs read this page: save it as a file with your browser and give that"
            )

    async def _robots(self, url: httpx.URL, host: _Host) -> Protego:
        """The site's robots.txt: without one everything is allowed, on a server error nothing (RFC 9309)."""
        here = url.copy_with(raw_path=b"/robots.txt")
        for _ in range(_REDIRECTS):
            got = await self._once(host, here, {}, _ROBOTS_BYTES)
            location = got.headers.get("location", "")
            if got.status not in _REDIRECT or not location:
                break
            here = joined(here, location)
            self._rules.guard.check(here)
        if got.status >= 500 or got.status == HTTPStatus.TOO_MANY_REQUESTS:
            trouble = ArticleError(
                f"its server answers {got.status} to robots.txt, which says what may be read: try again later"
            )
            is_busy = got.status == HTTPStatus.TOO_MANY_REQUESTS or "retry-after" in got.headers
            raise host.close(trouble) if is_busy else trouble
        robots = Protego.parse(got.body.decode("utf-8", "replace") if got.status == HTTPStatus.OK else "")
        host.delay = max(host.delay, robots.crawl_delay(NAME) or 0.0)
        host.free_at = max(host.free_at, time.monotonic() + host.delay)
        if host.delay > LONGEST_WAIT:
            reason = f"its robots.txt asks for {host.delay:.0f} s between two pages: save the page with your browser"
            raise host.close(ArticleError(reason))
        return robots

    async def _asked(self, url: httpx.URL, conditions: Mapping[str, str]) -> Got:
        """The response, in its host's turn; a busy host is asked again once if it says when."""
        host = self._host(url)
        async with host.turn:
            retried = False
            while True:
                got = await self._once(host, url, conditions, self._rules.most_bytes)
                wait = answers.retry_after(got)
                if wait is None:
                    return got
                if retried or wait > LONGEST_WAIT:
                    self.waits[url.host] = time.time() + wait
                    raise host.close(busy(got.status, wait))
                host.free_at, retried = time.monotonic() + wait, True

    async def _once(self, host: _Host, url: httpx.URL, conditions: Mapping[str, str], most: int) -> Got:
        host.check_open()
        await asyncio.sleep(max(0.0, host.free_at - time.monotonic()))
        async with self._slots:
            if self._unreached >= _OFFLINE and not self._reached:
                raise OfflineError("no network")
            try:
                return await self._request(url, conditions, most)
            finally:
                host.free_at = max(host.free_at, time.monotonic() + max(self._rules.delay_s, host.delay))

    def _not_reached(self, error: httpx.TransportError) -> ArticleError:
        if any(isinstance(cause, ssl.SSLError) for cause in causes(error)):
            self._reached = True
            return ArticleError(f"its certificate is not valid: {error}; open it in a browser to see why")
        kind = ArticleError if self._reached else OfflineError
        # A name server's answer that the host is unknown proves that the network works.
        self._unreached += not (isinstance(error, NoHostError) and error.unknown)
        if isinstance(error, NoHostError):
            what = "is the address right?" if error.unknown else "is this machine online?"
            return kind(f"its host is not found ({error}): {what}")
        return kind(f"its host does not answer ({error or 'no connection in time'}): try again later")

    async def _request(self, url: httpx.URL, conditions: Mapping[str, str], most: int) -> Got:
        """Raises ArticleError for a host that is not reached, and for a response that takes too long, breaks off or is not HTTP."""
        patience = httpx.Timeout(self._rules.silence).as_dict()
        request = httpx.Request("GET", url, headers={**_HEADERS, **conditions}, extensions={"timeout": patience})
        try:
            async with asyncio.timeout(self._rules.seconds):
                response = await self.transport.handle_async_request(request)
                self._reached = True
                try:
                    body = await answers.read_body(response, most) if response.status_code == HTTPStatus.OK else b""
                finally:
                    await response.aclose()
                return Got(str(url), response.status_code, response.headers, body)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise self._not_reached(error) from error
        except (TimeoutError, httpx.TimeoutException) as error:
            seconds = f"{self._rules.silence:g} s without a byte, or {self._rules.seconds:g} s in all"
            raise ArticleError(f"its server is too slow ({seconds}): try again later") from error
        except httpx.HTTPError as error:
            raise ArticleError(f"its server breaks off, or does not speak HTTP: {error}; try again later") from error

    def _host(self, url: httpx.URL) -> _Host:
        if url.host not in self._hosts:
            until = self.waits.get(url.host)
            closed = busy(HTTPStatus.TOO_MANY_REQUESTS, until - time.time()) if until else None
            self._hosts[url.host] = _Host(closed=closed)
        return self._hosts[url.host]
