"""Language models by name: what is missing is said with the command that mends it, and keys stay out of sight."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from trusted_cloud_chat.errors import ChatModelError
from trusted_cloud_chat.models.chat import PROVIDERS, chat_address, is_loopback, load_chat_model
from trusted_cloud_chat.output.reporting import privacy_notice

KEYS = {p.key: "sk-secret-0123456789" for p in PROVIDERS.values() if p.key}


@pytest.mark.parametrize("provider", sorted(PROVIDERS))
def test_each_provider_is_built_without_a_question(provider: str) -> None:
    pytest.importorskip(PROVIDERS[provider].module)
    model = load_chat_model(f"{provider}:a-model", environ=KEYS)
    assert "sk-secret" not in repr(model)


@pytest.mark.parametrize("provider", sorted(PROVIDERS))
def test_a_missing_extra_is_said_with_its_command(provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, PROVIDERS[provider].module, None)
    with pytest.raises(ChatModelError, match=rf"pip install 'trusted-cloud-chat\[{provider}\]'"):
        load_chat_model(f"{provider}:a-model", environ=KEYS)


@pytest.mark.parametrize("provider", ["mistral", "openai", "anthropic", "google"])
def test_a_missing_key_is_said_with_its_variable(provider: str) -> None:
    pytest.importorskip(PROVIDERS[provider].module)
    with pytest.raises(ChatModelError, match=f"export {PROVIDERS[provider].key}="):
        load_chat_model(f"{provider}:a-model", environ={})


def test_a_server_of_ones_own_needs_no_key() -> None:
    pytest.importorskip("langchain_openai")
    load_chat_model("openai:a-model", "http://127.0.0.1:8080/v1", environ={})


@pytest.mark.parametrize("spec", ["", "ollama", "ollama:", "nobody:x", "gguf:"])
def test_an_unknown_name_says_what_is_expected(spec: str) -> None:
    with pytest.raises(ChatModelError, match="PROVIDER:NAME"):
        load_chat_model(spec, environ={})


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("http://127.0.0.1:11434", True),
        ("http://localhost:8080/v1", True),
        ("http://[::1]:8080", True),
        ("http://[::ffff:127.0.0.1]:8080", True),
        ("http://127.9.9.9", True),
        ("http://192.168.1.4:11434", False),
        ("http://localhost.evil.example", False),
        ("http://127.0.0.1@evil.example/", False),
        ("https://api.mistral.ai/v1", False),
        ("http://ollama:11434", False),
        ("http://[bad", False),
    ],
)
def test_only_this_machine_is_loopback(address: str, local: bool) -> None:
    assert is_loopback(address) is local


def test_the_notice_names_the_host_in_the_readers_language() -> None:
    french = privacy_notice("mistral:mistral-small-latest", environ={})
    english = privacy_notice("mistral:mistral-small-latest", language="en", environ={})
    assert french is not None
    assert "api.mistral.ai" in french
    assert "«\u00a0mistral:mistral-small-latest\u00a0»" in french
    assert english is not None
    assert "leave this machine" in english


def test_no_notice_for_what_stays_here() -> None:
    assert privacy_notice("", environ={}) is None
    assert privacy_notice("gguf:/models/x.gguf", environ={}) is None
    assert privacy_notice("ollama:mistral", environ={}) is None
    assert privacy_notice("openai:x", "http://localhost:8080/v1", environ={}) is None


def test_the_providers_own_variable_is_told_too() -> None:
    notice = privacy_notice("ollama:mistral", environ={"OLLAMA_HOST": "gpu.example:11434"})
    assert notice is not None
    assert "gpu.example" in notice
    assert chat_address("ollama:x", environ={"OLLAMA_HOST": "0.0.0.0:11434"}) == "http://127.0.0.1:11434"


@pytest.mark.parametrize("content", [None, b"not a model"])
def test_what_is_no_gguf_file_is_refused(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "x.gguf"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ChatModelError, match="GGUF file"):
        load_chat_model(f"gguf:{path}")


def test_a_missing_gguf_extra_is_said_with_its_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.gguf").write_bytes(b"GGUF")
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with pytest.raises(ChatModelError, match=r"pip install 'trusted-cloud-chat\[gguf\]'"):
        load_chat_model(f"gguf:{tmp_path / 'x.gguf'}")
