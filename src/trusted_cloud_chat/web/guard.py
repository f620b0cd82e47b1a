"""Guards Gradio's application: allowed hosts and origins, closed routes, Content-Security-Policy."""

import json
import socket
from collections.abc import Callable
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from math import inf
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trusted_cloud_chat.settings import Settings

_CLOSED = (
    "upload",
    "proxy=",
    "component_server",
    "stream",
    "process_recording",
    "run-history",
    "runs",
    "vibe",
    "dev",
    "deep_link",
    "file=http",
    "openapi.json",
)
"""Gradio routes that the page does not need: they accept files, run code or connect to other servers."""
SENDING = "corpus/fichiers"
"""The address to which administrators send files."""
MOST_BYTES = 2 * 1024 * 1024
"""Maximum size of a request's body: a question and its fields. The conversation stays on the server."""
_MOST_DIGITS = 12
_CORS = b"access-control-"
_POLICY = "; ".join(
    (
        "default-src 'self'",
        # Gradio's page starts from inline scripts, and its HTML component compiles a template.
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_POLICY_NAME = "Content-Security-Policy"
HEADERS = {_POLICY_NAME: _POLICY, "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    address = _address(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def is_alone(settings: Settings) -> bool:
    """Whether only the user of this machine reaches the page."""
    return is_loopback(settings.host) and not settings.proxies


class Guard:
    """ASGI middleware around the page on `host`.

    A request must name this machine in its Host header, against DNS rebinding. Large bodies, requests from other sites, and events that
    name a file are refused. No other origin may read a response, and each response forbids outside content.
    """

    def __init__(self, app: ASGIApp, *, host: str, uploads: Callable[[Scope], int] = lambda _: 0) -> None:
        """`uploads`: maximum bytes of files in a request to `SENDING`; 0: the limit of other requests applies."""
        self._app, self._uploads = app, uploads
        self._names = set() if is_loopback(host) else {host.casefold(), *_own_names()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [pair for pair in message.get("headers", ()) if not pair[0].lower().startswith(_CORS)]
                message = {**message, "headers": kept}
                headers = MutableHeaders(scope=message)
                # Our other pages set a stricter policy.
                headers.update({**HEADERS, _POLICY_NAME: headers.get(_POLICY_NAME, _POLICY)})
            await send(message)

        uploads = self._uploads(scope) if _path(scope) == SENDING else 0
        most = uploads or MOST_BYTES
        refused, given = self._refusal(scope, most), _bounded(receive, most)
        if refused is None and not uploads:
            try:
                sent = [await Request(scope, given).body()]
            except ClientDisconnect:  # the body is too large, or the client has gone
                refused = _too_large()
            else:
                if _names_file(sent[0]):
                    # Gradio copies any file that an event names; our events never name one.
                    refused = PlainTextResponse("no such file was sent here", status_code=403)

                async def given() -> Message:
                    return {"type": "http.request", "body": sent.pop()} if sent else await receive()

        if refused is not None:
            await refused(scope, receive, send_guarded)
        else:
            await self._app(scope, given, send_guarded)

    def _refusal(self, scope: Scope, most: int) -> PlainTextResponse | None:
        if not self._is_here(_name(Headers(scope=scope).get("host", ""))):
            return PlainTextResponse("unknown host", status_code=421)
        if scope["method"] not in ("GET", "HEAD", "OPTIONS") and _is_of_another_site(Headers(scope=scope)):
            return PlainTextResponse("requests from other sites are refused", status_code=403)
        if _path(scope).startswith(_CLOSED):
            return PlainTextResponse("not found", status_code=404)
        return _too_large() if _announced(scope) > most else None

    def _is_here(self, name: str) -> bool:
        """Whether `name` is this machine's; if others can reach the page, any IP address is accepted: it cannot be rebound."""
        return is_loopback(name) or name in self._names or (bool(self._names) and _address(name) is not None)


def _is_of_another_site(headers: Headers) -> bool:
    """Browsers send `Sec-Fetch-Site`, or only `Origin` (older ones, unencrypted pages); programs send neither.

    `X-Forwarded-Host` only comes from a declared proxy.
    """
    if site := headers.get("sec-fetch-site"):
        return site not in ("same-origin", "none")
    origin, named = headers.get("origin"), {headers.get("host", ""), headers.get("x-forwarded-host", "")} - {""}
    with suppress(ValueError):
        return origin is not None and urlsplit(origin).netloc.casefold() not in {name.casefold() for name in named}
    return True


def _names_file(body: bytes) -> bool:
    """Whether a JSON body names a file in Gradio's form. Gradio reads nothing but JSON."""
    named: list[bool] = []
    with suppress(ValueError, RecursionError):
        json.loads(body, object_hook=lambda one: named.append("path" in one and "meta" in one))
    return any(named)


def _announced(scope: Scope) -> float:
    """The Content-Length; infinite if it is not a number."""
    announced = Headers(scope=scope).get("content-length", "0")
    return int(announced) if announced.isdecimal() and len(announced) <= _MOST_DIGITS else inf


def _bounded(receive: Receive, most: int) -> Receive:
    """Passes the body on in pieces; beyond `most` bytes it reports a disconnected client."""
    size = 0

    async def receive_some() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        return message if size <= most else {"type": "http.disconnect"}

    return receive_some


def _path(scope: Scope) -> str:
    """The path below Gradio's common prefix."""
    return str(scope["path"]).removeprefix("/gradio_api").lstrip("/")


def _too_large() -> PlainTextResponse:
    """Also closes the connection, without reading the rest of the body."""
    return PlainTextResponse("request too large", status_code=413, headers={"Connection": "close"})


def _own_names() -> set[str]:
    """The names of this machine on its network, without DNS."""
    name = socket.gethostname().casefold()
    short = name.partition(".")[0]
    return {name, short, f"{short}.local"} - {".local", ""}


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None


def _name(host: str) -> str:
    """The name in a Host header, without port and final dot."""
    name = host[: host.index("]") + 1] if host.startswith("[") and "]" in host else host.partition(":")[0]
    return name.removesuffix(".").casefold()
