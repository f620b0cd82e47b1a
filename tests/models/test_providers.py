"""Each provider's library against a server on loopback that speaks its protocol: the answer streams, nothing else is asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from langchain_core.messages import HumanMessage, SystemMessage

from trusted_cloud_chat.models.chat import PROVIDERS, load_chat_model, was_cut_short

PIECES = ["La qualification ", "est annoncée", " [1]."]
PATHS = {
    "ollama": ("", "/api/chat"),
    "openai": ("/v1", "/v1/chat/completions"),
    "mistral": ("/v1", "/v1/chat/completions"),
    "anthropic": ("", "/v1/messages"),
    "google": ("", "/models/a-model:streamGenerateContent"),
}
"""What is added to the server's address, and how the path that is to be asked ends (Google's begins with a version)."""


def openai_stream(cut: bool) -> Iterator[str]:
    for piece in PIECES:
        choice = {"index": 0, "delta": {"role": "assistant", "content": piece}, "finish_reason": None}
        yield _event({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]})
    last = {"index": 0, "delta": {"content": ""}, "finish_reason": "length" if cut else "stop"}
    yield _event({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [last]})
    yield "data: [DONE]\n\n"


def anthropic_stream(cut: bool) -> Iterator[str]:
    usage = {"input_tokens": 1, "output_tokens": 1}
    message = {"id": "m", "type": "message", "role": "assistant", "content": [], "model": "m", "usage": usage}
    yield _event({"type": "message_start", "message": message}, "message_start")
    block = {"type": "text", "text": ""}
    yield _event({"type": "content_block_start", "index": 0, "content_block": block}, "content_block_start")
    for piece in PIECES:
        delta = {"type": "text_delta", "text": piece}
        yield _event({"type": "content_block_delta", "index": 0, "delta": delta}, "content_block_delta")
    yield _event({"type": "content_block_stop", "index": 0}, "content_block_stop")
    end = {"stop_reason": "max_tokens" if cut else "end_turn", "stop_sequence": None}
    yield _event({"type": "message_delta", "delta": end, "usage": {"output_tokens": 3}}, "message_delta")
    yield _event({"type": "message_stop"}, "message_stop")


def google_stream(cut: bool) -> Iterator[str]:
    for piece in PIECES:
        content = {"role": "model", "parts": [{"text": piece}]}
        yield _event({"candidates": [{"index": 0, "content": content}], "modelVersion": "m"})
    reason = "MAX_TOKENS" if cut else "STOP"
    yield _event({"candidates": [{"index": 0, "content": {"role": "model", "parts": []}, "finishReason": reason}]})


def ollama_stream(cut: bool) -> Iterator[str]:
    common = {"model": "a-model", "created_at": "2026-11-24T00:00:00Z"}
    for piece in PIECES:
        yield json.dumps({**common, "message": {"role": "assistant", "content": piece}, "done": False}) + "\n"
    end = {"message": {"role": "assistant", "content": ""}, "done": True, "done_reason": "length" if cut else "stop"}
    yield json.dumps({**common, **end}) + "\n"


STREAMS = {
    "/api/chat": ollama_stream, "/v1/chat/completions": openai_stream, "/v1/messages": anthropic_stream,
    "/models/a-model:streamGenerateContent": google_stream,
}  # fmt: skip


class Speaker(BaseHTTPRequestHandler):
    """Answers with the protocol of the path, and keeps what it was asked."""

    asked: list[tuple[str, dict[str, Any]]]
    cut = False

    def do_POST(self) -> None:
        path = self.path.partition("?")[0]
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.asked.append((path, body))
        stream = next((stream for ending, stream in STREAMS.items() if path.endswith(ending)), None)
        if stream is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("content-type", "application/x-ndjson" if path == "/api/chat" else "text/event-stream")
        self.end_headers()
        for part in stream(self.cut):
            self.wfile.write(part.encode())
            self.wfile.flush()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def speaker(request: pytest.FixtureRequest) -> Iterator[tuple[str, list[tuple[str, dict[str, Any]]]]]:
    """Its address and what it was asked; with a parameter it says whether it stopped at the most tokens."""
    asked: list[tuple[str, dict[str, Any]]] = []
    own = {"asked": asked, "cut": getattr(request, "param", False)}
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Speaker,), own))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("provider", sorted(PROVIDERS))
def test_the_answer_streams(provider: str, speaker: tuple[str, list[tuple[str, dict[str, Any]]]]) -> None:
    """Through the provider's own library: pieces as they come, one request, with both messages in it."""
    pytest.importorskip(PROVIDERS[provider].module)
    address, asked = speaker
    added, path = PATHS[provider]
    model = load_chat_model(f"{provider}:a-model", address + added, 10, environ={})

    pieces = [str(chunk.text) for chunk in model.stream([SystemMessage("Cite les passages."), HumanMessage("Quand ?")])]

    assert [piece for piece in pieces if piece] == PIECES
    ((requested, body),) = asked
    assert requested.endswith(path)
    assert all(words in json.dumps(body, ensure_ascii=False) for words in ("Cite les passages.", "Quand ?"))


@pytest.mark.parametrize("speaker", [False, True], indirect=True, ids=["its own end", "most tokens"])
@pytest.mark.parametrize("provider", sorted(PROVIDERS))
def test_a_model_that_was_cut_short_is_known_for_it(
    provider: str, request: pytest.FixtureRequest, speaker: tuple[str, list[tuple[str, dict[str, Any]]]]
) -> None:
    """Each library calls it by another name."""
    pytest.importorskip(PROVIDERS[provider].module)
    model = load_chat_model(f"{provider}:a-model", speaker[0] + PATHS[provider][0], 10, environ={})

    pieces = list(model.stream([HumanMessage("Quand ?")]))

    cut = "most tokens" in request.node.name
    assert any(was_cut_short(piece) for piece in pieces) is cut


def _event(data: dict[str, Any], name: str = "") -> str:
    return (f"event: {name}\n" if name else "") + f"data: {json.dumps(data)}\n\n"
