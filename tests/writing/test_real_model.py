"""A real, small local model that invents in French, dead servers and silent ones, through the answerer."""

from __future__ import annotations

import socket
from dataclasses import replace
from typing import Any

import pytest

from fakes import smollm
from trusted_cloud_chat.entities import load_entities
from trusted_cloud_chat.language.blocks import article_sentences
from trusted_cloud_chat.models.chat import ends, load_chat_model
from trusted_cloud_chat.schema import Turn
from trusted_cloud_chat.writing.writer import Writer


@pytest.fixture(scope="module")
def gguf() -> Any:
    model: Any = load_chat_model(f"gguf:{smollm()}")
    model.max_tokens = 120  # it would loop on to the end of its limit
    return model


def _writer(model: Any, embedder: Any, **options: Any) -> Writer:
    return Writer(model, "a-model", embedder=embedder, entities=load_entities(), **options)


@pytest.mark.soak
def test_what_the_small_model_writes_points_at_real_sentences_or_says_that_it_does_not(
    gguf, embedder, query, extractive
) -> None:
    *_, answer = _writer(gguf, embedder).stream(extractive.question, query, extractive)

    assert answer.answer
    for sentence in answer.sentences:
        assert sentence.citations or sentence.reason or sentence.status == "connective"
    for citation in answer.citations:
        assert citation.quote == citation.article.text[citation.start : citation.end]


@pytest.mark.slow
def test_the_small_model_streams_and_stops(gguf) -> None:
    stream = gguf.stream("Raconte une très longue histoire.")
    said = (piece.text for piece in stream if piece.text)  # others tell that it reads
    first = [next(said) for _ in range(3)]
    stream.close()

    assert len(first) == 3
    assert gguf.invoke("Dis bonjour.").text  # it is free for the next question


@pytest.mark.slow
def test_the_small_model_says_that_it_was_cut_short(gguf, monkeypatch) -> None:
    monkeypatch.setattr(gguf, "max_tokens", 3)
    assert any("cut" in ends(piece) for piece in gguf.stream("Raconte une très longue histoire."))


def test_a_prompt_too_long_for_the_small_model_gives_way_to_the_quotes(
    gguf,
    embedder,
    query,
    passages,
    extractive,
) -> None:
    turns = [Turn("Mot ? " * 150, "Mot. " * 150)] * 2
    long = replace(passages[0].article, text="Œuf à l’œuf. " * 150)
    chunk = replace(passages[0].chunk, end=1900, sentences=tuple(article_sentences(long.text)))
    many = replace(extractive, passages=(replace(passages[0], article=long, chunk=chunk),) * 8)
    *_, answer = _writer(gguf, embedder).stream(extractive.question, query, many, turns)
    assert "a échoué" in answer.notices[0]


@pytest.mark.parametrize("provider", ["ollama", "openai"])
def test_a_dead_server_gives_way_to_the_quotes(provider, embedder, query, extractive) -> None:
    pytest.importorskip(f"langchain_{provider}")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    model = load_chat_model(f"{provider}:x", f"http://127.0.0.1:{port}/v1", 5, environ={})
    *_, answer = _writer(model, embedder).stream(extractive.question, query, extractive)
    assert "est injoignable" in answer.notices[0]


@pytest.mark.parametrize("provider", ["ollama", "openai"])
def test_a_silent_server_gives_way_to_the_quotes(
    provider,
    silent_server,
    embedder,
    query,
    extractive,
) -> None:
    pytest.importorskip(f"langchain_{provider}")
    model = load_chat_model(f"{provider}:x", f"{silent_server}/v1", 0.4, environ={})
    *_, answer = _writer(model, embedder, timeout_s=0.4).stream(extractive.question, query, extractive)
    assert "dans le délai imparti" in answer.notices[0]
