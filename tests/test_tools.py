"""The tools as a client of the Model Context Protocol calls them: within this process, and over standard input and output."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from fastapi.testclient import TestClient
from mcp import Client, StdioServerParameters
from mcp_types import CallToolResult

from builders import environment
from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.api.answering import Answering
from trusted_cloud_chat.api.application import build_api
from trusted_cloud_chat.api.tools import build_tools
from trusted_cloud_chat.commands.mcp import mcp
from trusted_cloud_chat.errors import SettingsError
from trusted_cloud_chat.library import OpenAssistant
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.models.reader import Reader
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.wiring import build_assistant

T = TypeVar("T")
QUESTION = "Quand S3NS a-t-il été qualifié ?"
TOOLS = ["ask", "search", "article", "market_state"]


def spoken(server: Any, speak: Callable[[Client], Awaitable[T]]) -> T:
    """What `speak` gives, spoken with a client of the protocol's own makers."""

    async def connected() -> T:
        async with Client(server) as client:
            return await speak(client)

    return asyncio.run(connected())


def data(result: CallToolResult) -> dict[str, Any]:
    """What a program reads; the model reads the same as text."""
    assert not result.is_error, result.content
    assert result.structured_content == json.loads(result.content[0].text)  # type: ignore[union-attr]
    return result.structured_content or {}


@pytest.fixture
def call(tiny_home: Path, tiny_corpus: Path, embedder: Embedder, assistant: Assistant) -> Callable[..., CallToolResult]:
    """Calls one tool over the tiny corpus."""
    opened = OpenAssistant(load_settings(home=tiny_home, corpus=tiny_corpus), embedder, assistant)
    return lambda name, **given: spoken(build_tools(opened, Answering()), lambda client: client.call_tool(name, given))


def test_ask(call: Callable[..., CallToolResult]) -> None:
    """The object of `ask --json` without what only its makers read; a refusal is one too."""
    told = data(call("ask", question="Qui détient S3NS ?"))
    before = data(call("ask", question="Qui détient S3NS ?", as_of="2024"))

    assert told["outcome"] == "answered"
    assert " ".join(told["citations"][0]["quote"].split()) in told["answer"]
    assert (told["citations"][0]["publisher"], told["citations"][0]["date"]) == ("Gazette du Nuage", "2025-12-19")
    assert not {"passages", "trace", "timings_ms"} & set(told)
    assert before["outcome"] != "answered"


def test_search_and_article(call: Callable[..., CallToolResult]) -> None:
    """A passage names the article that it is of, and its offsets count in the text."""
    found = data(call("search", question=QUESTION, k=2))["passages"]
    article = data(call("article", article_id=found[0]["article_id"]))
    rest = data(call("article", article_id=found[0]["article_id"], start=found[0]["start"]))

    assert len(found) == 2
    assert article["text"][found[0]["start"] : found[0]["end"]] == found[0]["text"]
    assert rest["text"].startswith(found[0]["text"])
    assert article["length"] == len(article["text"])


def test_market_state(told_home: Path, embedder: Embedder, reader: Reader) -> None:
    """Of each provider's service the newest, each with its sentence; of a day what was known by then."""
    settings = load_settings(home=told_home)
    opened = OpenAssistant(settings, embedder, build_assistant(settings, embedder, reader=reader))

    def call(name: str, **given: Any) -> CallToolResult:
        return spoken(build_tools(opened, Answering()), lambda client: client.call_tool(name, given))

    now = data(call("market_state"))["states"]
    (s3ns,) = [row for row in now if row["provider"] == "S3NS"]
    bleu = [data(call("market_state", provider="bleu", as_of=day))["states"] for day in ("2024", "2025")]
    opened.close()

    assert (s3ns["service"], s3ns["stage"], s3ns["since"]) == ("PREMI3NS", "qualified", "17 December 2025")
    assert s3ns["quote"] == s3ns["citation"]["quote"]
    assert "17 décembre 2025" in s3ns["quote"]
    assert s3ns["expires_calculated"] == "2028-12-17"
    assert [row["provider"] for row in now] == sorted((row["provider"] for row in now), key=str.casefold)
    assert (s3ns["said_by"], s3ns["said_on"]) == ("Gazette du Nuage", "2025-12-19")
    assert [[row["stage"] for row in rows] for rows in bleu] == [[], ["J0"]]
    assert [promise["outcome"] for promise in bleu[1][0]["promises"]] == ["open"]


def test_without_enriched_articles_no_state_is_told(call: Callable[..., CallToolResult]) -> None:
    assert data(call("market_state")) == {"as_of": None, "states": []}


@pytest.mark.parametrize(
    ("tool", "given", "said"),
    [("ask", {"question": " "}, "empty"), ("ask", {"question": "x", "as_of": "hier"}, "hier"), ("ask", {}, "question"), ("ask", {"question": "x", "asof": "2024"}, "takes no 'asof': it takes question, as_of"),
     ("search", {"question": "x", "k": 0}, "k"), ("article", {"article_id": "none"}, "no article 'none'")],
)  # fmt: skip
def test_what_cannot_be_done_is_told_to_the_model(
    call: Callable[..., CallToolResult], tool: str, given: dict[str, Any], said: str
) -> None:
    told = call(tool, **given)
    assert told.is_error
    assert said in told.content[0].text  # type: ignore[union-attr]


def test_without_its_package(
    tiny_home: Path, tiny_corpus: Path, embedder: Embedder, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trusted_cloud_chat.api.application.find_spec", lambda _: None)
    monkeypatch.setattr("trusted_cloud_chat.commands.mcp.find_spec", lambda _: None)
    opened = OpenAssistant(load_settings(home=tiny_home, corpus=tiny_corpus), embedder, assistant)
    with TestClient(build_api(opened), client=("127.0.0.1", 50000)) as client:
        told = client.post("/mcp", json={})
        assert client.get("/v1/models").status_code == 200

    assert (told.status_code, "pip install" in told.text) == (501, True)
    with pytest.raises(SettingsError, match="pip install"):
        mcp()


@pytest.mark.slow
def test_over_standard_input_and_output(tiny_home: Path, tiny_corpus: Path) -> None:
    environ = environment(TCC_HOME=tiny_home, TCC_CORPUS=tiny_corpus)
    command = StdioServerParameters(command=sys.executable, args=["-m", "trusted_cloud_chat", "mcp"], env=environ)

    async def speak(client: Client) -> tuple[Any, CallToolResult]:
        return await client.list_tools(), await client.call_tool("ask", {"question": QUESTION})

    offered, told = spoken(command, speak)
    assert [tool.name for tool in offered.tools] == TOOLS
    assert all(tool.annotations.read_only_hint and not tool.annotations.destructive_hint for tool in offered.tools)
    assert "17 décembre 2025" in data(told)["answer"]


@pytest.mark.slow
def test_a_signal_ends_it_once_it_has_answered(tiny_home: Path, tiny_corpus: Path) -> None:
    """Standard output has the protocol alone; status 0 while the client still holds the other end."""
    environ = environment(TCC_HOME=tiny_home, TCC_CORPUS=tiny_corpus, TCC_LOG_FORMAT="json")
    said = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    asked = {"name": "ask", "arguments": {"question": QUESTION}}
    messages = [
        {"id": 1, "method": "initialize", "params": said},
        {"method": "notifications/initialized"},
        {"id": 2, "method": "tools/call", "params": asked},
    ]
    slowly = (
        "import time; from trusted_cloud_chat.retrieval import Retriever\n"
        "real = Retriever.retrieve\n"
        "def slow(*given):\n"
        "    print('a library that prints', flush=True)\n"
        "    time.sleep(2)\n"
        "    return real(*given)\n"
        "Retriever.retrieve = slow\n"
        "from trusted_cloud_chat.cli import main; import sys; sys.argv[1:] = ['mcp']; main()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", slowly], env=environ, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as server:  # fmt: skip
        assert server.stdin is not None
        assert server.stdout is not None
        assert server.stderr is not None
        server.stdin.write("".join(json.dumps({"jsonrpc": "2.0", **message}) + "\n" for message in messages))
        server.stdin.flush()
        first = json.loads(server.stdout.readline())
        while "prints" not in (line := server.stderr.readline()):
            assert line, "the server ended before it was asked"
        server.send_signal(signal.SIGTERM)
        second = json.loads(server.stdout.readline())
        log = server.stderr.read()
        assert server.wait(20) == 0
        assert server.stdout.read() == ""

    assert first["result"]["serverInfo"]["name"] == "trusted-cloud-chat"
    assert "17 décembre 2025" in second["result"]["structuredContent"]["answer"]
    assert [json.loads(line)["message"].partition(":")[0] for line in log.splitlines()] == ["Stopping", "question"]
    assert QUESTION not in log
