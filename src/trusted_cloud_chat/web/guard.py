"""Guards Gradio's application: allowed hosts and origins, closed routes, Content-Security-Policy."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from math import inf
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
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
"""Gradio routes that the page has no use for: they take files, run code or reach other servers."""
SENDING = "corpus/fichiers"
"""The address to which administrators send files."""
MOST_BYTES = 2 * 1024 * 1024
"""Most bytes of a request's body. The page sends a question and its fields; the conversation stays on the server."""
_MOST_DIGITS = 12
_READING = ("GET", "HEAD", "OPTIONS")
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
HEADERS = {
    _POLICY_NAME: _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    if host == "localhost":
        return True
    address = _address(host)
    return address is not None and address.is_loopback


def is_alone(settings: Settings) -> bool:
    """Whether only the user of this machine reaches the page."""
    return is_loopback(settings.host) and not settings.proxies


class Guard:
    """ASGI middleware around the page on `host`.

    A request must name this machine, so that no other name can be made to point here. Refused are unknown bodies
    (unread), requests of other sites, and events that name a file. No answer may be read by other origins, and each
    forbids outside content.
    """

    def __init__(self, app: ASGIApp, *, host: str, uploads: Callable[[Scope], int] = lambda _: 0) -> None:
        """`uploads`: the bytes of files that a request may send; 0: no more than any other."""
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
                # A page of ours may have a stricter one.
                headers.update({**HEADERS, _POLICY_NAME: headers.get(_POLICY_NAME, _POLICY)})
            await send(message)

        most = self._uploads(scope) if _path(scope) == SENDING else 0
        refused, body = self._refusal(scope, most), None
        if refused is None and not most:
            body = await _body(scope, receive)
            refused = _too_large() if body is None else _refusal_of_files(body)
        if refused is not None:
            await refused(scope, receive, send_guarded)
            return

        async def receive_again() -> Message:
            return body.pop() if body else await receive()

        given = receive_again if body is not None else _bounded(receive, most)
        await self._app(scope, given, send_guarded)

    def _refusal(self, scope: Scope, most: int) -> PlainTextResponse | None:
        if not self._is_here(_name(Headers(scope=scope).get("host", ""))):
            return PlainTextResponse("unknown host", status_code=421)
        if scope["method"] not in _READING and _is_of_another_site(Headers(scope=scope)):
            return PlainTextResponse("no page of another site may send this", status_code=403)
        if most and _announced(scope) > most:
            return _too_large()
        if _path(scope).startswith(_CLOSED):
            return PlainTextResponse("not found", status_code=404)
        return None

    def _is_here(self, name: str) -> bool:
        """Whether `name` is this machine's; for a page for others any address, which cannot be faked, is."""
        if is_loopback(name) or name in self._names:
            return True
        return bool(self._names) and _address(name) is not None


def _refusal_of_files(body: list[Message]) -> PlainTextResponse | None:
    """Gradio copies any file that an event names; no event of ours names one."""
    if any(True for _ in _files_in(body[0].get("body", b""))):
        return PlainTextResponse("no such file was sent here", status_code=403)
    return None


def _is_of_another_site(headers: Headers) -> bool:
    """Browsers state where a request begins, older ones and unencrypted pages only by its origin; programs do not.

    A proxy's own name is only in the headers of a declared proxy.
    """
    if site := headers.get("sec-fetch-site"):
        return site not in ("same-origin", "none")
    origin, named = headers.get("origin"), {headers.get("host", ""), headers.get("x-forwarded-host", "")} - {""}
    with suppress(ValueError):
        return origin is not None and urlsplit(origin).netloc.casefold() not in {name.casefold() for name in named}
    return True


def _files_in(body: bytes) -> Iterator[object]:
    """The files named in JSON, in Gradio's form; none if it is no JSON, which Gradio does not read either."""
    waiting: list[Any] = []
    with suppress(ValueError, RecursionError):
        waiting.append(json.loads(body))
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if "path" in one and "meta" in one:
                yield one["path"]
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)


async def _body(scope: Scope, receive: Receive) -> list[Message] | None:
    """The request's body as one message; empty if the client has gone, None if it is too large."""
    if _announced(scope) > MOST_BYTES:
        return None
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return [message]
        parts.append(message.get("body", b""))
        size, more = size + len(parts[-1]), message.get("more_body", False)
        if size > MOST_BYTES:
            return None
    return [{"type": "http.request", "body": b"".join(parts), "more_body": False}]


def _announced(scope: Scope) -> float:
    """The announced number of bytes; infinite if it is no number."""
    announced = Headers(scope=scope).get("content-length", "0")
    return int(announced) if announced.isdecimal() and len(announced) <= _MOST_DIGITS else inf


def _bounded(receive: Receive, most: int) -> Receive:
    """Passes the body on in pieces; beyond `most` bytes the client seems to have gone."""
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
    """Closes the connection too, without reading the rest of the body."""
    return PlainTextResponse("request too large", status_code=413, headers={"Connection": "close"})


def _own_names() -> set[str]:
    """The names of this machine on its network, without asking a name server."""
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
