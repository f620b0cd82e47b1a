"""Language models that run on this machine: found, named, never waited for, and never trusted."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from model_servers import model_server, ollama_list, openai_list
from trusted_cloud_chat import wiring
from trusted_cloud_chat.models import nearby
from trusted_cloud_chat.models.nearby import OLLAMA, SERVERS, Nearby, Server, look, told
from trusted_cloud_chat.settings import load_settings

_, LM_STUDIO, LLAMA_CPP, VLLM = SERVERS
PATIENT_S = 5.0
"""Where a test is about what is found, and not about how long that took."""


def found(server: Server, listed: bytes, **options: object) -> tuple[Nearby, ...]:
    with model_server(listed, **options) as (port, _):
        return look([replace(server, port=port)], PATIENT_S)


@pytest.mark.parametrize(
    ("server", "listed", "spec", "path"),
    [
        (OLLAMA, ollama_list("mistral:latest"), "ollama:mistral:latest", ""),
        (LM_STUDIO, openai_list("organization_owner", "google/gemma-3-12b"), "openai:google/gemma-3-12b", "/v1"),
        (LLAMA_CPP, openai_list("llamacpp", "/models/Qwen3 8B.gguf"), "openai:/models/Qwen3 8B.gguf", "/v1"),
        (VLLM, openai_list("vllm", "mistralai/Mistral-7B"), "openai:mistralai/Mistral-7B", "/v1"),
    ],
)
def test_each_server_is_named_with_the_settings_that_would_use_it(server, listed, spec, path):
    (one,) = found(server, listed)

    assert (one.server, one.spec) == (server.name, spec)
    assert one.name == spec.partition(":")[2]
    assert urlsplit(one.url).hostname == "127.0.0.1"
    assert urlsplit(one.url).path == path
    assert load_settings(chat_model=one.spec, chat_url=one.url).chat_model == spec


def test_several_servers_come_in_order_whichever_answers_first():
    with ExitStack() as stack:
        lists = [(OLLAMA, ollama_list("b", "a")), (LM_STUDIO, openai_list("", "c")), (VLLM, openai_list("vllm", "d"))]
        ports = [stack.enter_context(model_server(listed))[0] for _, listed in lists]
        servers = [replace(server, port=port) for (server, _), port in zip(lists, ports, strict=True)]

        assert [one.name for one in look(servers, PATIENT_S)] == ["b", "a", "c", "d"]


def test_a_server_that_does_not_say_which_it_is_goes_by_its_address():
    (one,) = found(LLAMA_CPP, openai_list("somebody", "m"))
    assert one.server == urlsplit(one.url).netloc

    (one,) = found(VLLM, openai_list("llamacpp", "m"))
    assert one.server == "llama.cpp"


def test_a_server_on_ipv6_loopback_is_found():
    try:
        (one,) = found(LM_STUDIO, openai_list("", "m"), host="::1")
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")

    assert urlsplit(one.url).hostname == "::1"


def test_a_server_on_both_addresses_is_named_once():
    with model_server(openai_list("", "m")) as (port, asked):
        twice = replace(LM_STUDIO, port=port)

        assert len(look([twice, twice], PATIENT_S)) == 1
        assert asked == ["GET /v1/models"] * 2


@pytest.mark.parametrize(
    "listed",
    [
        ollama_list("nomic-embed-text:latest"),
        ollama_list("all-minilm:latest", details={"family": "bert", "families": ["bert"]}),
        ollama_list("qwen3-embedding:0.6b"),
        ollama_list("gpt-oss:120b-cloud", remote_model="gpt-oss:120b", remote_host="https://ollama.com:443"),
    ],
)
def test_what_only_embeds_or_runs_elsewhere_is_not_offered(listed):
    """Ollama's own cloud models are in its list: a question to one would leave this machine."""
    assert found(OLLAMA, listed) == ()
    assert found(LM_STUDIO, openai_list("organization_owner", "text-embedding-nomic-embed-text-v1.5")) == ()


@pytest.mark.parametrize(
    "listed",
    [
        b"", b"<html>Jenkins</html>", b"null", b"[]", b"{}", b'{"models": null, "data": null}', b'{"models": {}, "data": {}}',
        b'{"models": ["m"], "data": ["m"]}', b'{"models": [{"name": 7}], "data": [{"id": 7}]}', b'{"models": [{}], "data": [{}]}',
        b"\xff\xfe\x00", b"[" * 200_000, b"9" * 100_000, b'{"models": [], "data": []}',
        ollama_list("", "   ", "a\x1b[2J", "a\nb", "m\u202e", "m" * 300), openai_list("", "", "a\x1b]0;x\x07", "m" * 300),
    ],
)  # fmt: skip
def test_what_is_no_list_of_models_is_nothing(listed):
    assert found(OLLAMA, listed) == found(LLAMA_CPP, listed) == ()


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_a_server_that_refuses_is_nothing(status):
    assert found(VLLM, openai_list("vllm", "m"), status=status) == ()


def test_nothing_listens():
    with model_server(b"") as (port, _):
        pass

    assert look([replace(server, port=port) for server in SERVERS]) == ()


def test_all_servers_are_given_a_third_of_a_second_together(silent_server):
    silent = urlsplit(silent_server).port
    with model_server(openai_list("vllm", "m" * 100), drips=0.05) as (drips, _):
        begun = time.monotonic()

        assert look([replace(OLLAMA, port=silent), replace(VLLM, port=drips), replace(LM_STUDIO, port=silent)]) == ()
        assert time.monotonic() - begun < 1.5  # of a machine that does something else too


def test_a_silent_server_does_not_hide_another(silent_server):
    with model_server(ollama_list("m")) as (port, _):
        servers = [replace(VLLM, port=urlsplit(silent_server).port), replace(OLLAMA, port=port)]

        assert [one.name for one in look(servers, 1.0)] == ["m"]


def test_an_endless_list_is_not_read_to_its_end():
    assert found(VLLM, openai_list("vllm", *(f"m{n}" for n in range(40_000)))) == ()
    assert len(found(VLLM, openai_list("vllm", *(f"m{n}" for n in range(1000))))) == 50


def test_no_redirect_is_followed():
    with model_server(openai_list("vllm", "m")) as (port, asked):
        location = {"location": f"http://127.0.0.1:{port}/v1/models"}

        assert found(VLLM, b"", status=302, headers=location) == ()
        assert asked == []


def test_no_proxy_is_asked(monkeypatch):
    with model_server(openai_list("vllm", "of the proxy")) as (port, asked):
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)

        assert [one.name for one in found(VLLM, openai_list("vllm", "m"))] == ["m"]
        assert asked == []


def test_what_is_told_can_be_pasted():
    names = ["Qwen3 8B's.gguf", "b", "c", "d"]
    models = [Nearby("llama.cpp", n, f"openai:{n}", "http://127.0.0.1:8080/v1") for n in names]
    (line,) = told(models)

    assert "llama.cpp runs on this machine with Qwen3 8B's.gguf, b, c and 1 more" in line
    assert line.endswith("""export TCC_CHAT_MODEL='openai:Qwen3 8B'"'"'s.gguf' TCC_CHAT_URL=http://127.0.0.1:8080/v1""")
    assert list(told([])) == []


def test_a_package_that_is_missing_is_told_with_its_command(monkeypatch):
    one = Nearby("Ollama", "m", "ollama:m", "http://127.0.0.1:11434")
    monkeypatch.setattr(nearby.importlib.util, "find_spec", lambda name: None)

    assert one.missing == "pip install 'trusted-cloud-chat[ollama]'"
    assert f"first {one.missing}, then choose" in next(told([one]))

    monkeypatch.setattr(nearby.importlib.util, "find_spec", lambda name: json)
    assert one.missing == ""


class TestWhenIsLooked:
    @pytest.fixture
    def looks(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
        made: list[int] = []
        monkeypatch.setattr(wiring, "look", lambda: made.append(1) or ())
        return made

    def test_not_where_a_model_is_named(self, looks):
        assert wiring.find_nearby(load_settings(chat_model="ollama:m")) == ()
        assert not looks

    def test_not_where_the_user_does_not_want_it(self, looks, monkeypatch):
        monkeypatch.setenv("TCC_LOOK_NEARBY", "0")
        assert wiring.find_nearby(load_settings()) == ()
        assert not looks
