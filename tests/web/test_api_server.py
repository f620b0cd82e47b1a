"""The API of the running server, as the clients that people use speak to it."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from mcp import Client as ToolClient
from mcp_types import CallToolResult

from trusted_cloud_chat.web.guard import MOST_BYTES

PAGES = [Path(__file__).parents[2] / "docs" / name for name in ("api.md", "mcp.md")]
QUESTION = "Quand S3NS a-t-il été qualifié ?"
MODEL = "trusted-cloud-chat"


@pytest.fixture(scope="module")
def client(server_address: str) -> Iterator[openai.OpenAI]:
    with (
        httpx.Client(trust_env=False, timeout=60) as http,
        openai.OpenAI(base_url=f"{server_address}/v1", api_key="none", http_client=http, max_retries=0) as ready,
    ):
        yield ready


class TestOpenAI:
    def test_a_completion(self, client: openai.OpenAI) -> None:
        """With its citations as annotations."""
        told = client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": QUESTION}])
        message = told.choices[0].message

        assert [model.id for model in client.models.list()] == [MODEL]
        assert "17 décembre 2025" in (message.content or "")
        assert message.annotations
        assert message.annotations[0].url_citation.url == "https://gazette.example/s3ns"

    def test_a_stream(self, client: openai.OpenAI) -> None:
        """Adds up to the same answer, and ends."""
        asked = [{"role": "user", "content": QUESTION}]
        chunks = list(client.chat.completions.create(model=MODEL, messages=asked, stream=True))
        whole = client.chat.completions.create(model=MODEL, messages=asked)

        assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == whole.choices[0].message.content
        assert chunks[-1].choices[0].finish_reason == "stop"
        assert sum(bool(getattr(chunk.choices[0].delta, "annotations", None)) for chunk in chunks) == 1

    def test_an_error(self, client: openai.OpenAI) -> None:
        """Is one that the client knows."""
        with pytest.raises(openai.NotFoundError) as told:
            client.chat.completions.create(model="gpt-5", messages=[{"role": "user", "content": QUESTION}])
        assert told.value.code == "model_not_found"


class TestTools:
    @pytest.mark.parametrize("mode", ["auto", "legacy"])
    def test_a_call(self, server_address: str, mode: str) -> None:
        """In the protocol's newest version, and as clients of before open a connection."""

        async def called() -> CallToolResult:
            async with ToolClient(f"{server_address}/mcp", mode=mode) as tools:
                assert "ask" in {tool.name for tool in (await tools.list_tools()).tools}
                return await tools.call_tool("ask", {"question": QUESTION})

        told = asyncio.run(called())
        assert told.structured_content is not None
        assert "17 décembre 2025" in told.structured_content["answer"]

    def test_who_may_not(self, server_address: str) -> None:
        """A page of another origin, a foreign name; there is no session to open or end."""
        with httpx.Client(base_url=server_address, trust_env=False, timeout=60) as http:
            foreign = {"origin": "https://evil.example"}
            assert http.post("/mcp", json={}, headers=foreign).status_code == 403
            assert http.post("/mcp", json={}, headers={"host": "evil.example"}).status_code == 421
            assert http.get("/mcp").status_code == http.delete("/mcp").status_code == 405


def test_what_is_asked_is_counted(server_address: str) -> None:
    counted = 'tcc_questions_total{outcome="answered",reason=""} '
    with httpx.Client(base_url=server_address, trust_env=False, timeout=60) as http:
        http.post("/api/v1/ask", json={"question": QUESTION})
        before = http.get("/metrics").text.partition(counted)[2]
        http.post("/v1/chat/completions", json={"model": MODEL, "messages": [{"role": "user", "content": QUESTION}]})
        read = http.get("/metrics")

    assert read.headers["content-type"].startswith("text/plain")
    assert float(read.text.partition(counted)[2].split()[0]) == float(before.split()[0]) + 1
    assert "S3NS" not in read.text


def test_the_guard_stands_around_it(server_address: str) -> None:
    """No foreign name, no large body, no page of another origin."""
    with httpx.Client(base_url=server_address, trust_env=False, timeout=60) as http:
        assert http.post("/api/v1/ask", headers={"host": "evil.example"}).status_code == 421
        assert http.post("/api/v1/ask", content=b"x" * (MOST_BYTES + 1)).status_code == 413
        answer = http.get("/api/v1/articles", headers={"origin": "https://evil.example"})
        assert answer.status_code == 200
        assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_a_stream_that_is_left(server_address: str, page_home: Path) -> None:
    """The question is given up: nobody waits for it."""
    question, left = "Qui a qualifié S3NS, lentement et par programme ?", page_home / "left.txt"
    with (
        httpx.Client(base_url=server_address, trust_env=False, timeout=60) as http,
        http.stream("POST", "/api/v1/ask", json={"question": question, "stream": True}) as sent,
    ):
        next(sent.iter_lines())
    deadline = time.monotonic() + 20
    while not (left.exists() and left.read_text("utf-8") == question) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert left.read_text("utf-8") == question


def test_the_examples_of_the_page(server_address: str) -> None:
    """What `docs/api.md` and `docs/mcp.md` show runs as it stands, but for the port."""
    shown = "".join(page.read_text("utf-8") for page in PAGES)
    for block in re.findall(r"^```python\n(.*?)^```", shown, re.MULTILINE | re.DOTALL):
        names: dict[str, Any] = {}
        exec(block.replace("http://127.0.0.1:7860", server_address), names)
        told = names["reply"]
        assert "Bleu" in (told["answer"] if isinstance(told, dict) else told.choices[0].message.content)
