"""Each provider's library against a server on loopback that speaks its protocol: the answer streams, nothing else is asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from langchain_core.messages import HumanMessage, SystemMessage

from trusted_cloud_chat.models.chat import PROVIDERS, ends, load_chat_model
from trusted_cloud_chat.models.listening import listen
from trusted_cloud_chat.settings import ANSWER_TOKENS, CONTEXT_TOKENS

pytestmark = pytest.mark.slow

THOUGHT = "Voyons d’abord les passages."
PIECES = ["La qualification ", "est annoncée", " [1]."]
PATHS = {
    "ollama": ("", "/api/chat"),
    "openai": ("/v1", "/v1/chat/completions"),
    "mistral": ("/v1", "/v1/chat/completions"),
    "anthropic": ("", "/v1/messages"),
    "google": ("", "/models/a-model:streamGenerateContent"),
}
"""What is added to the server's address, and how the path that is to be asked ends (Google's begins with a version)."""


def openai_stream(manner: str) -> Iterator[str]:
    told: dict[str, Any] = {"content": "", "reasoning_content": THOUGHT}
    if manner == "thinks in blocks":  # Mistral's own
        told = {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": THOUGHT}]}]}
    deltas = [told] if manner.startswith("thinks") else []
    for delta in [*deltas, *({"content": piece} for piece in PIECES)]:
        choice = {"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": None}
        yield _event({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]})
    last = {"index": 0, "delta": {"content": ""}, "finish_reason": "length" if manner == "cut" else "stop"}
    yield _event({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [last]})
    yield "data: [DONE]\n\n"


def anthropic_stream(manner: str) -> Iterator[str]:
    usage = {"input_tokens": 1, "output_tokens": 1}
    message = {"id": "m", "type": "message", "role": "assistant", "content": [], "model": "m", "usage": usage}
    yield _event({"type": "message_start", "message": message}, "message_start")
    if manner.startswith("thinks"):
        block = {"type": "thinking", "thinking": "", "signature": ""}
        yield _event({"type": "content_block_start", "index": 0, "content_block": block}, "content_block_start")
        thought = {"type": "thinking_delta", "thinking": THOUGHT}
        yield _event({"type": "content_block_delta", "index": 0, "delta": thought}, "content_block_delta")
        yield _event({"type": "content_block_stop", "index": 0}, "content_block_stop")
    block = {"type": "text", "text": ""}
    yield _event({"type": "content_block_start", "index": 0, "content_block": block}, "content_block_start")
    for piece in PIECES:
        delta = {"type": "text_delta", "text": piece}
        yield _event({"type": "content_block_delta", "index": 0, "delta": delta}, "content_block_delta")
    yield _event({"type": "content_block_stop", "index": 0}, "content_block_stop")
    end = {"stop_reason": "max_tokens" if manner == "cut" else "end_turn", "stop_sequence": None}
    yield _event({"type": "message_delta", "delta": end, "usage": {"output_tokens": 3}}, "message_delta")
    yield _event({"type": "message_stop"}, "message_stop")


def google_stream(manner: str) -> Iterator[str]:
    parts: list[dict[str, Any]] = [{"text": piece} for piece in PIECES]
    if manner.startswith("thinks"):
        parts.insert(0, {"text": THOUGHT, "thought": True})
    for part in parts:
        content = {"role": "model", "parts": [part]}
        yield _event({"candidates": [{"index": 0, "content": content}], "modelVersion": "m"})
    reason = "MAX_TOKENS" if manner == "cut" else "STOP"
    yield _event({"candidates": [{"index": 0, "content": {"role": "model", "parts": []}, "finishReason": reason}]})


def ollama_stream(manner: str) -> Iterator[str]:
    common = {"model": "a-model", "created_at": "2026-11-24T00:00:00Z"}
    if manner.startswith("thinks"):
        thought = {"role": "assistant", "content": "", "thinking": THOUGHT}
        yield json.dumps({**common, "message": thought, "done": False}) + "\n"
    for piece in PIECES:
        yield json.dumps({**common, "message": {"role": "assistant", "content": piece}, "done": False}) + "\n"
    reason = "length" if manner == "cut" else "stop"
    end = {"message": {"role": "assistant", "content": ""}, "done": True, "done_reason": reason}
    yield json.dumps({**common, **end}) + "\n"


STREAMS = {
    "/api/chat": ollama_stream, "/v1/chat/completions": openai_stream, "/v1/messages": anthropic_stream,
    "/models/a-model:streamGenerateContent": google_stream,
}  # fmt: skip


class Speaker(BaseHTTPRequestHandler):
    """Answers with the protocol of the path, and keeps what it was asked."""

    asked: list[tuple[str, dict[str, Any]]]
    manner = ""

    def do_POST(self) -> None:
        path = self.path.partition("?")[0]
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.asked.append((path, body))
        stream = next((stream for ending, stream in STREAMS.items() if path.endswith(ending)), None)
        if stream is None:
            self.send_error(404)
            return
        if refusal := self._refusal(body):
            reply = json.dumps({"error": {"message": refusal, "code": 400, "type": "invalid_request_error"}}).encode()
            self.send_response(400)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)
            return
        self.send_response(200)
        self.send_header("content-type", "application/x-ndjson" if path == "/api/chat" else "text/event-stream")
        self.end_headers()
        for part in stream(self.manner):
            self.wfile.write(part.encode())
            self.wfile.flush()

    def _refusal(self, body: dict[str, Any]) -> str:
        if self.manner == "no temperature" and "temperature" in json.dumps(body):
            return "Unsupported value: 'temperature' does not support 0 with this model."
        if self.manner == "short" and most_tokens(body) > 2000:
            return "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens."
        return ""

    def log_message(self, *_: object) -> None:
        pass


def most_tokens(body: dict[str, Any]) -> int:
    flat = {**body, **body.get("options", {}), **body.get("generationConfig", {})}
    names = ("max_tokens", "max_completion_tokens", "num_predict", "maxOutputTokens")
    return next(int(flat[name]) for name in names if name in flat)


@pytest.fixture
def speaker(request: pytest.FixtureRequest) -> Iterator[tuple[str, list[tuple[str, dict[str, Any]]]]]:
    """Its address and what it was asked; a parameter says in what manner it answers or refuses."""
    asked: list[tuple[str, dict[str, Any]]] = []
    own = {"asked": asked, "manner": getattr(request, "param", "")}
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


@pytest.mark.parametrize("speaker", ["", "cut"], indirect=True, ids=["its own end", "most tokens"])
@pytest.mark.parametrize("provider", sorted(PROVIDERS))
def test_a_model_that_was_cut_short_is_known_for_it(
    provider: str, request: pytest.FixtureRequest, speaker: tuple[str, list[tuple[str, dict[str, Any]]]]
) -> None:
    pytest.importorskip(PROVIDERS[provider].module)
    model = load_chat_model(f"{provider}:a-model", speaker[0] + PATHS[provider][0], 10, environ={})

    pieces = list(model.stream([HumanMessage("Quand ?")]))

    cut = "most tokens" in request.node.name
    assert any("cut" in ends(piece) for piece in pieces) is cut


@pytest.mark.parametrize(
    ("provider", "speaker"),
    [*((provider, "thinks") for provider in sorted(PROVIDERS)), ("mistral", "thinks in blocks")],
    indirect=["speaker"],
)
def test_thoughts_are_never_text_and_no_silence(
    provider: str, speaker: tuple[str, list[tuple[str, dict[str, Any]]]]
) -> None:
    """Nor are they counted as the answer: a server is given room for both."""
    pytest.importorskip(PROVIDERS[provider].module)
    model = load_chat_model(f"{provider}:a-model", speaker[0] + PATHS[provider][0], 10, environ={})

    heard = list(listen(model, [HumanMessage("Quand ?")], 10))

    assert "".join(heard) == "".join(PIECES)
    assert heard[0] == ""
    assert most_tokens(speaker[1][0][1]) > 4 * ANSWER_TOKENS


@pytest.mark.parametrize("speaker", ["no temperature"], indirect=True)
@pytest.mark.parametrize("provider", sorted(PROVIDERS))
def test_a_refused_temperature_is_left_out_from_then_on(
    provider: str, speaker: tuple[str, list[tuple[str, dict[str, Any]]]]
) -> None:
    pytest.importorskip(PROVIDERS[provider].module)
    address, asked = speaker
    model = load_chat_model(f"{provider}:a-model", address + PATHS[provider][0], 10, environ={})

    answers = ["".join(listen(model, [HumanMessage("Quand ?")], 10)) for _ in range(2)]

    assert answers == ["".join(PIECES)] * 2
    refused = ["temperature" in json.dumps(body) for _, body in asked]
    assert refused == [False, False] if provider == "anthropic" else [True, False, False]


@pytest.mark.parametrize("speaker", ["short"], indirect=True)
@pytest.mark.parametrize("provider", ["anthropic", "google", "mistral", "openai"])
def test_a_server_with_a_short_context_is_asked_for_an_answer_alone(
    provider: str, speaker: tuple[str, list[tuple[str, dict[str, Any]]]]
) -> None:
    pytest.importorskip(PROVIDERS[provider].module)
    address, asked = speaker
    model = load_chat_model(f"{provider}:a-model", address + PATHS[provider][0], 10, environ={})

    assert "".join(listen(model, [HumanMessage("Quand ?")], 10)) == "".join(PIECES)
    assert [most_tokens(body) for _, body in asked][1:] == [ANSWER_TOKENS]


def test_ollama_is_told_how_much_to_make_room_for(speaker: tuple[str, list[tuple[str, dict[str, Any]]]]) -> None:
    """Its own default would cut the prompt's beginning, the rules, without a word."""
    pytest.importorskip("langchain_ollama")
    for options in ({}, {"context": 4096}):
        load_chat_model("ollama:a-model", speaker[0], 10, environ={}, **options).invoke("Quand ?")

    assert [body["options"]["num_ctx"] for _, body in speaker[1]] == [CONTEXT_TOKENS, 4096]


@pytest.mark.parametrize("provider", sorted(PROVIDERS))
def test_no_variable_sends_a_question_elsewhere(
    provider: str, speaker: tuple[str, list[tuple[str, dict[str, Any]]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip(PROVIDERS[provider].module)
    for name in (*PROVIDERS[provider].url_variables, "LANGSMITH_GATEWAY_BASE_URL"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("LANGSMITH_GATEWAY", "true")
    monkeypatch.setenv("LANGSMITH_API_KEY", "sk-elsewhere")
    model = load_chat_model(f"{provider}:a-model", speaker[0] + PATHS[provider][0], 10)

    assert "".join(listen(model, [HumanMessage("Quand ?")], 10)) == "".join(PIECES)
    assert len(speaker[1]) == 1


def _event(data: dict[str, Any], name: str = "") -> str:
    return (f"event: {name}\n" if name else "") + f"data: {json.dumps(data)}\n\n"
