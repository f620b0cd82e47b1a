"""Who may ask the page, how much may be sent to it, and who may read its answers."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from trusted_cloud_chat.web import guard
from trusted_cloud_chat.web.guard import HEADERS, MOST_BYTES, SENDING, Guard

STRANGER = "https://evil.example"


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers how many bytes came, and lets every origin read it."""
    size, more = 0, True
    while more:
        message = await receive()
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    origin = dict(scope["headers"]).get(b"origin", b"*")
    headers = [(b"access-control-allow-origin", origin), (b"Access-Control-Allow-Credentials", b"true")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": str(size).encode()})


def ask(
    host: str, named: str, *, content: bytes | AsyncIterator[bytes] | None = None, **headers: str
) -> httpx.Response:
    """What a page that is served on `host` answers to a request for the name `named`."""

    async def post() -> httpx.Response:
        transport = httpx.ASGITransport(Guard(echo, host=host))
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.post("/", content=content, headers={"host": named, **headers})

    return asyncio.run(post())


class TestWhoMayAsk:
    @pytest.fixture(autouse=True)
    def _named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(socket, "gethostname", lambda: "Poste7.corp.example")

    @pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.20", "chat.corp.example"])
    @pytest.mark.parametrize(
        "named",
        ["localhost:7860", "127.0.0.1:7860", "[::1]:7860", "192.168.1.20:7860", "10.0.0.4", "[fd00::4]:7860",
         "poste7:7860", "POSTE7.corp.example", "poste7.local:7860", "poste7.local."],
    )  # fmt: skip
    def test_this_machine_is_asked_for_on_the_network(self, host: str, named: str) -> None:
        """By any address, by its own name, or as loopback: whatever the server listens on."""
        assert ask(host, named).status_code == 200

    @pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.20", "chat.corp.example", "127.0.0.1", "localhost"])
    @pytest.mark.parametrize(
        "named",
        ["evil.example", "evil.example:7860", "192.168.1.20.evil.example", "poste7.evil.example", "localhost.evil.example",
         "local", ".local", "", ":7860", "127.0.0.1@evil.example"],
    )  # fmt: skip
    def test_a_name_of_somebody_else_is_refused(self, host: str, named: str) -> None:
        """A web page whose name points here is told nothing, on whatever address the server listens."""
        assert ask(host, named).status_code == 421

    def test_the_name_that_is_served_is_taken(self) -> None:
        """`--host` with a name of the company's own name server."""
        assert ask("Chat.corp.example", "chat.corp.example:7860").status_code == 200

    @pytest.mark.parametrize("named", ["192.168.1.20", "poste7", "poste7.local", "0.0.0.0"])
    def test_a_page_of_this_machine_alone_has_no_other_name(self, named: str) -> None:
        """On 127.0.0.1 nobody else asks."""
        assert ask("127.0.0.1", named).status_code == 421


class TestHowMuchMayBeSent:
    def test_as_much_as_the_limit_arrives_whole(self) -> None:
        assert ask("127.0.0.1", "localhost", content=b"x" * MOST_BYTES).text == str(MOST_BYTES)

    def test_more_is_refused(self) -> None:
        answer = ask("127.0.0.1", "localhost", content=b"x" * (MOST_BYTES + 1))

        assert (answer.status_code, answer.text) == (413, "request too large")

    def test_what_is_announced_is_refused_unread(self) -> None:

        async def never() -> Message:
            raise AssertionError("the body was read")

        for announced in (b"200000000", b"9" * 5000, b"-1", b"many"):
            assert asyncio.run(_status({"content-length": announced.decode()}, never)) == 413

    def test_what_is_not_announced_is_counted(self) -> None:
        read = []

        async def endless() -> Message:
            read.append(2**16)
            return {"type": "http.request", "body": b"x" * 2**16, "more_body": True}

        assert asyncio.run(_status({"transfer-encoding": "chunked"}, endless)) == 413
        assert sum(read) <= MOST_BYTES + 2**16

    def test_a_client_that_goes_away_leaves_nothing_behind(self) -> None:

        async def gone() -> Message:
            return {"type": "http.disconnect"}

        assert asyncio.run(_status({"content-length": "7"}, gone)) == 413  # which nobody reads


class TestFiles:
    """Taken from whoever may send some, in pieces, and no further than the bound."""

    @staticmethod
    def send(most: int, content: bytes, **headers: str) -> httpx.Response:
        async def post() -> httpx.Response:
            transport = httpx.ASGITransport(Guard(echo, host="127.0.0.1", uploads=lambda _: most))
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                return await client.post(f"/{SENDING}", content=content, headers=headers)

        return asyncio.run(post())

    def test_nobody_else(self) -> None:
        """To whom nothing is allowed sends no more than a question; Gradio's own route is closed to all."""
        assert self.send(0, b"x" * (MOST_BYTES + 1)).status_code == 413

    def test_more_than_a_question_may_have(self) -> None:
        answer = self.send(MOST_BYTES + 10, b"x" * (MOST_BYTES + 5))

        assert (answer.status_code, answer.text) == (200, str(MOST_BYTES + 5))
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS

    def test_what_is_announced_to_be_more_is_refused(self) -> None:
        assert self.send(10, b"x" * 11).status_code == 413

    def test_what_is_not_announced_is_cut_off(self) -> None:

        async def pieces() -> AsyncIterator[bytes]:
            for _ in range(4):
                yield b"x" * 5

        assert self.send(10, pieces()).text == "10"  # type: ignore[arg-type]


class TestNamedFiles:
    """No event may name a file, whoever sends it."""

    @staticmethod
    def status(body: object, most: int = 10) -> int:
        async def post() -> httpx.Response:
            guarded = Guard(echo, host="127.0.0.1", uploads=lambda _: most)
            async with httpx.AsyncClient(transport=httpx.ASGITransport(guarded), base_url="http://localhost") as client:
                return await client.post("/gradio_api/queue/join", json=body)

        return asyncio.run(post()).status_code

    @pytest.mark.parametrize(
        "within", [lambda file: file, lambda file: [[{"value": file}]], lambda file: {"a": [1, file]}]
    )
    @pytest.mark.parametrize("path", ["/dev/zero", "http://127.0.0.1:9/x", "", None, 7])
    def test_any(self, path: object, within: Callable[[object], object]) -> None:
        named = {"path": path, "meta": {"_type": "gradio.FileData"}}

        assert self.status({"data": within(named)}) == self.status({"data": within(named)}, most=0) == 403

    def test_what_only_looks_like_one(self) -> None:
        """A conversation about paths, a text that is no JSON, one that is all brackets."""
        for body in ({"data": ["path", {"path": "/etc/passwd"}]}, "[" * 50_000):
            assert self.status(body, most=0) == 200


class TestOtherSites:
    @pytest.mark.parametrize(
        ("said", "status"),
        [
            ({}, 200),
            ({"origin": "http://127.0.0.1:7860"}, 200),
            ({"origin": "http://127.0.0.1"}, 403),
            ({"origin": "http://127.0.0.1:8000"}, 403),
            ({"origin": STRANGER}, 403),
            ({"origin": "null"}, 403),
            ({"origin": "http://[evil"}, 403),
            ({"sec-fetch-site": "same-origin", "origin": STRANGER}, 200),  # a proxy that passes a name of its own
            ({"sec-fetch-site": "none"}, 200),
            ({"sec-fetch-site": "cross-site"}, 403),
            ({"sec-fetch-site": "same-site"}, 403),
            ({"x-forwarded-host": "chat.example", "origin": "https://chat.example"}, 200),
        ],
    )
    def test_send_nothing(self, said: dict[str, str], status: int) -> None:
        """A form of theirs would reach the page with the cookie of whoever reads it."""
        assert ask("0.0.0.0", "127.0.0.1:7860", **said).status_code == status

    def test_may_be_where_a_link_is_followed_from(self) -> None:

        async def get() -> httpx.Response:
            transport = httpx.ASGITransport(Guard(echo, host="127.0.0.1"))
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                return await client.get("/", headers={"sec-fetch-site": "cross-site"})

        assert asyncio.run(get()).status_code == 200


async def _status(headers: dict[str, str], receive: Receive) -> int:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    raw = [(name.encode(), value.encode()) for name, value in {"host": "localhost", **headers}.items()]
    await Guard(echo, host="127.0.0.1")({"type": "http", "method": "POST", "path": "/", "headers": raw}, receive, send)
    return int(sent[0]["status"])


class TestWhoMayRead:
    @pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
    @pytest.mark.parametrize("origin", [STRANGER, "null", "http://localhost:3000"])
    def test_no_other_origin(self, host: str, origin: str) -> None:
        answer = ask(host, "127.0.0.1:7860", origin=origin)

        assert not [name for name in answer.headers if name.startswith("access-control-")]
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS


class TestTheRealServer:
    """Gradio's own CORS echoes any origin, with credentials, where the request names no loopback."""

    @pytest.fixture
    def client(self, server_address: str) -> Iterator[httpx.Client]:
        with httpx.Client(base_url=server_address, trust_env=False, timeout=60) as ready:
            yield ready

    def test_a_preflight_allows_nothing(self, client: httpx.Client) -> None:
        """The browser of somebody who reads another page sends no question from there."""
        asked = {"origin": STRANGER, "access-control-request-method": "POST"}
        for answer in (client.options("/gradio_api/queue/join", headers=asked), client.get("/config", headers=asked)):
            assert not [name for name in answer.headers if name.startswith("access-control-")]

    def test_a_large_body_is_refused(self, client: httpx.Client) -> None:
        pieces = (b"x" * 2**16 for _ in range(2 * MOST_BYTES // 2**16))
        for content in (b"x" * (2 * MOST_BYTES), pieces):
            assert client.post("/gradio_api/queue/join", content=content).status_code == 413
        assert client.get("/config").status_code == 200


def test_own_names_ask_no_name_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "")

    assert guard._own_names() == set()
