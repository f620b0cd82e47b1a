"""Fake servers of language models on loopback: they list models as the real servers do, and some misbehave."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


def ollama_list(*names: str, **more: Any) -> bytes:
    """The response of Ollama's `/api/tags`; `more` is added to every model."""
    details = {"format": "gguf", "family": "llama", "families": ["llama"], "parameter_size": "7.2B"}
    models = [
        {"name": n, "model": n, "size": 4_372_824_384, "digest": "6577", "details": details, **more} for n in names
    ]
    return json.dumps({"models": models}).encode()


def openai_list(owner: str, *names: str) -> bytes:
    """The response of an OpenAI-compatible `/v1/models`."""
    models = [{"id": n, "object": "model", "created": 1, "owned_by": owner} for n in names]
    return json.dumps({"object": "list", "data": models}).encode()


@contextmanager
def model_server(
    listed: bytes,
    *,
    status: int = 200,
    says: Sequence[str] = (),
    drips: float = 0.0,
    host: str = "127.0.0.1",
    headers: dict[str, str] | None = None,
) -> Iterator[tuple[int, list[str]]]:
    """Yields (port, log of requests: method, path, key) of a server that lists `listed` and streams the pieces `says`.

    `drips`: seconds between two bytes.
    """  # fmt: skip
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"GET {self.path}")
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("content-type", "application/json")
            self.end_headers()
            for piece in [bytes([byte]) for byte in listed] if drips else [listed]:
                self._write(piece)
                time.sleep(drips)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            asked.append(f"POST {self.path} {self.headers['authorization'] or ''}".strip())
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.end_headers()
            for text in says:
                choice = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": None}
                chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
                self._write(f"data: {json.dumps(chunk)}\n\n".encode())
            self._write(b"data: [DONE]\n\n")

        def _write(self, data: bytes) -> None:
            try:
                self.wfile.write(data)
            except OSError:  # the client has disconnected
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    class Listening(ThreadingHTTPServer):
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        daemon_threads = True
        block_on_close = False

    server = Listening((host, 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1], asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
