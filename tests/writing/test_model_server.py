"""A language model's server that is slow, refuses or breaks off, through each provider's own library."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from langchain.chat_models import init_chat_model

from trusted_cloud_chat.entities import load_entities
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.models.chat import PROVIDERS, load_chat_model
from trusted_cloud_chat.writing.writer import Writer

SENTENCES = (
    "PREMI3NS, l’offre de S3NS, est qualifiée SecNumCloud 3.2 depuis le 17 décembre 2025 [1].",
    " Bleu vise cette qualification SecNumCloud avant fin 2026 [2].",
)
NOTICES = {
    400: "requête refusée par son serveur",
    401: "a refusé la clé d’accès",
    403: "a refusé la clé d’accès",
    404: "n’a pas été trouvé sur son serveur (vérifiez TCC_CHAT_MODEL",
    422: "requête refusée par son serveur",
    429: "quota épuisé ou trop de requêtes",
    500: "erreur de son serveur",
    503: "erreur de son serveur",
}


@dataclass
class Server:
    """Answers with `status`; with 200 it says two sentences, then a word whenever `more` lets it, until it is left."""

    status: int = 200
    breaks: bool = False
    address: str = ""
    more: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    left: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            if state.status == 200 and self.path.endswith("/chat/completions") and not asked.get("stream"):
                message = {"role": "assistant", "content": "".join(SENTENCES)}
                choice = {"index": 0, "message": message, "finish_reason": "stop"}
                body = json.dumps({"id": "c", "object": "chat.completion", "model": "m", "choices": [choice]}).encode()
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                return
            if state.status != 200:
                body = json.dumps({"error": {"message": "sk-secret is wrong", "code": state.status}}).encode()
                self.send_response(state.status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                return
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            if state.breaks:
                self.send_header("content-length", "1000")
                self.end_headers()
                self.wfile.write(b":")
                return
            self.end_headers()
            self._speak()

        def _speak(self) -> None:
            try:
                for sentence in SENTENCES:
                    self._say(sentence)
                while state.more.acquire(timeout=20):
                    self._say(" mot")
            except OSError:
                state.left.set()

        def _say(self, text: str) -> None:
            choice = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": None}
            chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())

        def log_message(self, *_: object) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    state.address = f"http://127.0.0.1:{listening.server_port}"
    yield state
    state.more.release(1000)
    listening.shutdown()
    listening.server_close()
    thread.join()


def _writer(provider: str, address: str, embedder: Embedder) -> Writer:
    pytest.importorskip(PROVIDERS[provider].module)
    path = "/v1" if provider in ("openai", "mistral") else ""
    keys = {p.key: "sk-secret" for p in PROVIDERS.values() if p.key}
    model = load_chat_model(f"{provider}:x", address + path, 20, environ=keys)
    return Writer(model, f"{provider}:x", embedder=embedder, entities=load_entities(), timeout_s=20)


@pytest.mark.slow
@pytest.mark.parametrize("status", sorted(NOTICES))
@pytest.mark.parametrize("provider", sorted(PROVIDERS))
def test_a_refusal_is_told_by_its_kind(
    provider: str, status: int, server: Server, embedder: Embedder, query: Any, extractive: Any
) -> None:
    server.status = status
    stream = _writer(provider, server.address, embedder).stream(extractive.question, query, extractive)
    *_, answer = stream

    assert NOTICES[status] in answer.notices[0]
    assert "sk-secret" not in repr(answer)


@pytest.mark.parametrize("provider", sorted(PROVIDERS))
def test_a_connection_that_breaks_off_was_made(
    provider: str, server: Server, embedder: Embedder, query: Any, extractive: Any
) -> None:
    server.breaks = True
    stream = _writer(provider, server.address, embedder).stream(extractive.question, query, extractive)
    *_, answer = stream

    assert "n’a pas terminé sa réponse (connexion interrompue)" in answer.notices[0]


def test_a_model_without_streaming_writes_all_at_once(
    server: Server, embedder: Embedder, query: Any, extractive: Any
) -> None:
    """As a program's own `init_chat_model` may give it."""
    model = init_chat_model(
        "x", model_provider="openai", base_url=f"{server.address}/v1", api_key="none", disable_streaming=True
    )
    writer = Writer(model, "openai:x", embedder=embedder, entities=load_entities(), timeout_s=20)
    *_, answer = writer.stream(extractive.question, query, extractive)
    assert [sentence.citations for sentence in answer.sentences] == [(1,), (2,)]


def test_a_question_that_is_left_leaves_the_server(
    server: Server, embedder: Embedder, query: Any, extractive: Any
) -> None:
    """The thread that reads ends and closes the connection at the server's next word."""
    before = set(threading.enumerate())
    stream = _writer("openai", server.address, embedder).stream(extractive.question, query, extractive)
    next(answer for answer in stream if answer.evidence)
    (listener,) = (thread for thread in set(threading.enumerate()) - before if thread.name == "chat-model")
    stream.close()
    server.more.release()
    listener.join(20)
    assert not listener.is_alive()

    server.more.release(1000)
    assert server.left.wait(20)
