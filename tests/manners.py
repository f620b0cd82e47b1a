"""A loopback web server whose behaviour (`Manner`) a test sets per path."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from trusted_cloud_chat.fetching import Fetched

Manner = Callable[["Request"], None]
"""Handles a request."""
Fetch = Callable[..., Fetched]
"""`fetching(url, …)` of the fixtures."""


class Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        self.server.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        manner = self.server.manners.get(self.path) or self.server.manners.get(self.path.partition("?")[0])
        if manner is None:
            self.answer(404, b"")
        else:
            manner(self)

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        """Sends a response; the keyword `content_type` sets the header Content-Type, and so on."""
        self.send_response(status)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in {"content-length": str(len(body)), **named}.items():
            self.send_header(name, value)
        self.end_headers()
        self.write(body)

    def write(self, body: bytes) -> bool:
        """Sends bytes; False if the client has closed the connection."""
        try:
            self.wfile.write(body)
            self.wfile.flush()
        except OSError:
            return False
        return True

    def log_message(self, *_: object) -> None:
        """Logs nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    manners: dict[str, Manner]
    asked: list[tuple[str, dict[str, str]]]

    def handle_error(self, *_: object) -> None:
        """Ignores clients that disconnect, as these tests expect."""


@dataclass
class Web:
    """A running server. `manners`: path → behaviour; other paths get 404."""

    server: _Server
    manners: dict[str, Manner] = field(default_factory=dict)

    @property
    def asked(self) -> list[str]:
        """The requested paths, without robots.txt."""
        return [path for path, _ in self.server.asked if path != "/robots.txt"]

    def headers(self, path: str) -> dict[str, str]:
        """The headers of the last request for `path`."""
        return [headers for asked, headers in self.server.asked if asked == path][-1]

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.server.server_port}{path}"

    def gives(
        self, path: str, body: str | bytes, content_type: str = "text/html; charset=utf-8", **headers: str
    ) -> str:
        """Sets the response for `path`; returns its URL."""
        raw = body if isinstance(body, bytes) else body.encode()
        self.manners[path] = lambda request: request.answer(200, raw, content_type=content_type, **headers)
        return self.url(path)

    def does(self, path: str, manner: Manner) -> str:
        self.manners[path] = manner
        return self.url(path)


@contextmanager
def web(host: str = "127.0.0.1") -> Iterator[Web]:
    server = _Server((host, 0), Request)
    found = Web(server)
    server.manners, server.asked = found.manners, []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


def page(title: str, text: str, *, day: str = "2025-04-17", site: str = "Gazette du Nuage", head: str = "") -> str:
    published = f'<meta property="article:published_time" content="{day}T08:00:00+02:00">' if day else ""
    named = f'<meta property="og:site_name" content="{site}">' if site else ""
    return (
        f'<!doctype html><html lang="fr"><head><title>{title}</title>{published}{named}{head}</head><body>'
        f"<nav>Accueil</nav><article><h1>{title}</h1><p>{text}</p></article></body></html>"
    )


def status(code: int, **headers: str) -> Manner:
    return lambda request: request.answer(code, b"", **headers)


def redirect(to: str) -> Manner:
    return status(302, location=to)


def conditional(body: str, etag: str) -> Manner:
    """Answers 304 if the client has this ETag."""

    def manner(request: Request) -> None:
        if request.headers.get("if-none-match") == etag:
            request.answer(304, b"", etag=etag)
        else:
            request.answer(200, body.encode(), content_type="text/html", etag=etag)

    return manner


def dripping(head: bool) -> Manner:
    """Sends headers (with `head`) or body byte by byte, without end."""

    def manner(request: Request) -> None:
        request.close_connection = True
        going = request.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + (b"X: " if head else b"\r\n"))
        while going:
            time.sleep(0.05)
            going = request.write(b"x")

    return manner


def endless(request: Request) -> None:
    request.close_connection = True
    going = request.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while going:
        going = request.write(b"<p>encore</p>" * 10_000)


def lying(announced: int, body: bytes) -> Manner:
    """Announces another content length than it sends."""

    def manner(request: Request) -> None:
        request.close_connection = True
        request.answer(200, body, content_type="text/html", content_length=str(announced))

    return manner


def bomb(megabytes: int) -> bytes:
    return gzip.compress(b"\0" * megabytes * 1_000_000, 9)


def mute(request: Request) -> None:
    """Closes the connection without a response."""
    request.close_connection = True
    request.connection.shutdown(socket.SHUT_RDWR)
