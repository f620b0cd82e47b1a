"""Around Gradio's own application: who may ask, which of its routes exist, what the browser may load."""

from __future__ import annotations

from ipaddress import ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
    "openapi.json",
)
"""Gradio routes that the page has no use for: they take files, run code or reach other servers."""
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
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Guard:
    """ASGI middleware: with `local_only` a request must name this machine, so that no web page can reach the chat by a
    name of its own that points here. Every answer forbids the browser to load anything from elsewhere.
    """

    def __init__(self, app: ASGIApp, *, local_only: bool) -> None:
        self._app = app
        self._local_only = local_only

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._local_only and not is_loopback(_name(Headers(scope=scope).get("host", ""))):
            await PlainTextResponse("unknown host", status_code=421)(scope, receive, send)
            return
        if scope["path"].removeprefix("/gradio_api").lstrip("/").startswith(_CLOSED):
            await PlainTextResponse("not found", status_code=404)(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _name(host: str) -> str:
    """The name in a Host header, without its port."""
    return host[: host.index("]") + 1] if host.startswith("[") and "]" in host else host.partition(":")[0]
