"""Measures a real `serve` process over loopback: start, questions as a browser sends them, new generations."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from bench.cases import write_article
from bench.worker import environ, peak_mb

_STARTS_WITHIN_S = 120
_GENERATIONS = 3
_LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=None)


def serve(home: Path, corpus: Path, questions: Sequence[str]) -> dict[str, Any]:
    """Peak memory before and after new generations, MB, and seconds until the page opened."""
    started = time.perf_counter()
    with running(home, corpus) as (process, client):
        opened = time.perf_counter() - started
        page = Page(client)
        for question in questions:
            page.ask(question)
        before = peak_mb(process.pid)
        for number in range(_GENERATIONS):
            text = f"Le nuage d’essai numéro {number} est hébergé à Lille depuis janvier 2026."
            added = write_article(home / "served", f"servi-{number}", f"Nuage d’essai {number}", text, "2026-02-01")
            ingest = [sys.executable, "-m", "trusted_cloud_chat", "ingest", str(added)]
            subprocess.run(ingest, check=True, env=_environ(home, corpus), capture_output=True)
            answer = page.ask(f"Où est hébergé le nuage d’essai numéro {number} ?")
            if "Lille" not in answer:
                raise RuntimeError(f"the server does not see generation {number}: {answer[:300]}")
            for question in questions[:5]:
                page.ask(question)
        return {"serve_opened_s": opened, "serve_mb": before, "serve_reopened_mb": peak_mb(process.pid)}


class Page:
    """Sends questions as the script of the chat page does: through Gradio's queue, in one session."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        events = client.get("/config").raise_for_status().json()["dependencies"]
        self._ask = next(event["id"] for event in events if event["api_name"] == "_ask")
        self._session = uuid4().hex

    def ask(self, question: str) -> str:
        """All outputs that the page received, as JSON text. Raises RuntimeError if the handler fails."""
        sent = self.messages(question, self._session)
        return "".join(json.dumps(message.get("output"), ensure_ascii=False) for message in sent)

    def join(self, question: str, session: str) -> httpx.Response:
        """Puts a question into the queue without waiting for its answer."""
        body = {
            "data": [question, "", None, "fr", None, None, "", "", None, None, False],
            "fn_index": self._ask,
            "session_hash": session,
        }
        return self._client.post("/gradio_api/queue/join", json=body)

    def messages(self, question: str, session: str) -> Iterator[dict[str, Any]]:
        """Yields the server's messages for one question. Raises RuntimeError if the handler fails."""
        self.join(question, session).raise_for_status()
        with self._client.stream("GET", f"/gradio_api/queue/data?session_hash={session}") as stream:
            for line in stream.iter_lines():
                if not line.startswith("data: "):
                    continue
                message = json.loads(line.removeprefix("data: "))
                yield message
                if message["msg"] == "process_completed":
                    if not message["success"]:
                        raise RuntimeError(f"the page could not answer {question!r}: {message.get('output')}")
                    break


@contextmanager
def running(home: Path, corpus: Path) -> Iterator[tuple[subprocess.Popen[bytes], httpx.Client]]:
    """Starts a `serve` process and yields it with an HTTP client."""
    port = _free_port()
    command = [sys.executable, "-m", "trusted_cloud_chat", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=_environ(home, corpus), stdout=sys.stderr)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120, trust_env=False, limits=_LIMITS) as client:
            _wait(process, client)
            yield process, client
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def _wait(process: subprocess.Popen[bytes], client: httpx.Client) -> None:
    deadline = time.monotonic() + _STARTS_WITHIN_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with exit status {process.returncode}")
        try:
            client.get("/").raise_for_status()
            return
        except httpx.TransportError:
            time.sleep(0.05)
    raise RuntimeError(f"the server did not open within {_STARTS_WITHIN_S} s")


def _environ(home: Path, corpus: Path) -> dict[str, str]:
    return environ(TCC_HOME=str(home), TCC_CORPUS=str(corpus))


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
