"""What one client may take: questions, answers that nobody waits for, sessions and files."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import httpx
import pytest
from gradio.state_holder import SessionState, StateHolder
from starlette.types import Message, Scope

from trusted_cloud_chat.api.tokens import Rate, TooOftenError, address_of
from trusted_cloud_chat.web.escaping import FRENCH
from trusted_cloud_chat.web.layout import said
from trusted_cloud_chat.web.limits import Limits, at_once, behind_proxies, forget_sessions

QUESTION = "Quand S3NS a-t-il été qualifié ?"


class TestRate:
    def test_so_many_and_then_a_wait(self) -> None:
        now = [0.0]
        rate = Rate(2, 60, clock=lambda: now[0])
        waits = [rate.wait("a") for _ in range(3)]
        now[0] = 20
        other = rate.wait("b")
        later = rate.wait("a")
        now[0] = 60

        assert (waits, other, later) == ([0, 0, 60], 0, 40)
        assert rate.wait("a") == 0

    def test_what_is_taken_back_does_not_count(self) -> None:
        rate = Rate(1)
        rate.wait("a")
        rate.take_back("a")

        assert rate.wait("a") == 0
        assert rate.wait("a") > 0

    def test_none_is_no_bound(self) -> None:
        assert not any(Rate(0).wait("a") for _ in range(1000))

    def test_it_forgets_who_came_longest_ago(self) -> None:
        rate = Rate(1)
        for number in range(10_001):
            rate.wait(str(number))

        assert rate.wait("0") == 0
        assert rate.wait("10000") > 0

    @pytest.mark.parametrize(
        ("host", "name"),
        [("192.168.1.9", "192.168.1.9"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("poste", "poste"),
         ("2001:db8:1:2::9", "2001:db8:1:2::/64")],
    )  # fmt: skip
    def test_a_house_is_one_client(self, host: str, name: str) -> None:
        assert address_of(host) == name

    def test_the_wait_is_told_in_seconds(self) -> None:
        assert "again in 1 s" in str(TooOftenError(0.2))


def through(proxies: str, client: str, *headers: tuple[bytes, bytes]) -> Scope:
    """The scope of a request as it comes out behind `proxies`."""
    seen: list[Scope] = []

    async def app(scope: Scope, _receive: Any, _send: Any) -> None:
        seen.append(scope)

    async def nothing(_message: Message | None = None) -> Any:
        return None

    scope = {"type": "http", "client": (client, 5000), "scheme": "http", "headers": [(b"host", b"localhost"), *headers]}
    asyncio.run(behind_proxies(app, proxies)(scope, nothing, nothing))
    return seen[0]


class TestProxies:
    FORWARDED = (
        (b"x-forwarded-for", b"203.0.113.9"),
        (b"X-Forwarded-Proto", b"https"),
        (b"X-Forwarded-Host", b"evil.example"),
    )

    def test_nobody_is_believed_by_default(self) -> None:
        scope = through("", "127.0.0.1", *self.FORWARDED)

        assert scope["client"] == ("127.0.0.1", 5000)
        assert scope["scheme"] == "http"
        assert scope["headers"] == [(b"host", b"localhost")]

    def test_a_declared_one_speaks_for_its_clients(self) -> None:
        pairs = [(name.lower(), value) for name, value in self.FORWARDED]
        scope = through("10.0.0.0/8, 127.0.0.1", "10.1.2.3", *pairs)

        assert (scope["client"], scope["scheme"]) == (("203.0.113.9", 0), "https")

    def test_another_one_does_not(self) -> None:
        assert through("10.0.0.0/8", "192.168.1.9", *self.FORWARDED)["client"] == ("192.168.1.9", 5000)


def event(limits: Limits, session: str, *, wait_s: float = 0) -> Any:
    """An event of a session as Gradio hands it over, `wait_s` seconds after it was sent."""
    seen: list[Scope] = []

    async def app(scope: Scope, _receive: Any, _send: Any) -> None:
        seen.append(scope)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/gradio_api/queue/join",
        "query_string": b"",
        "client": ("::1", 1),
    }
    asyncio.run(limits.around(app)(scope, None, None))  # type: ignore[arg-type]
    return SimpleNamespace(request=SimpleNamespace(scope=seen[0]), session_hash=session)


class TestWhoWaits:
    def test_a_question_is_answered_while_somebody_listens(self) -> None:
        now = [0.0]
        limits = Limits(clock=lambda: now[0])
        asked = event(limits, "abc")
        said: list[bool | None] = [limits.listened(asked)]

        async def listen(_scope: Scope, _receive: Any, _send: Any) -> None:
            said.append(limits.listened(asked))

        scope = {"type": "http", "method": "GET", "path": "/gradio_api/queue/data", "query_string": b"session_hash=abc"}
        now[0] = 60
        asyncio.run(limits.around(listen)(scope, None, None))  # type: ignore[arg-type]
        said.append(limits.listened(asked))

        assert said == [None, True, False]
        assert asyncio.run(limits.refusal(asked, FRENCH)) == ""

    def test_who_asks_too_often_is_told_how_long_to_wait(self) -> None:
        limits = Limits(Rate(1))
        asked = SimpleNamespace(request=SimpleNamespace(scope={"client": ("192.168.1.9", 1)}), session_hash="a")

        assert asyncio.run(limits.refusal(asked, FRENCH)) is None  # type: ignore[arg-type]
        assert "60 s" in str(asyncio.run(limits.refusal(asked, FRENCH)))  # type: ignore[arg-type]

    @pytest.mark.parametrize(("cores", "configured", "most"), [(1, None, 2), (2, None, 2), (64, None, 4), (2, "x", 4)])
    def test_as_many_at_once_as_there_are_cores(
        self, monkeypatch: pytest.MonkeyPatch, cores: int, configured: str | None, most: int
    ) -> None:
        monkeypatch.setattr(os, "cpu_count", lambda: cores)

        assert at_once(SimpleNamespace(configured=configured)) == most  # type: ignore[arg-type]


class TestWhatExpires:
    def test_sessions_that_nobody_uses(self) -> None:
        now = datetime(2026, 11, 29, 12)
        opened, closed = SimpleNamespace(is_closed=False), SimpleNamespace(is_closed=True)
        used = {
            "now": (opened, 0),
            "idle": (opened, 7),
            "open": (opened, 5),
            "left": (closed, 2),
            "just": (closed, 0.5),
        }
        holder = SimpleNamespace(
            lock=threading.Lock(),
            session_data={name: session for name, (session, _) in used.items()},
            time_last_used={name: now - timedelta(hours=hours) for name, (_, hours) in used.items()},
        )
        forget_sessions(SimpleNamespace(state_holder=holder), now)  # type: ignore[arg-type]

        assert set(holder.session_data) == set(holder.time_last_used) == {"now", "open", "just"}

    def test_gradio_keeps_them_where_we_look(self) -> None:
        holder = StateHolder()
        holder.session_data["abc"] = SessionState(SimpleNamespace(default_config=SimpleNamespace(blocks={}), blocks={}))  # type: ignore[arg-type]
        _ = holder["abc"]
        forget_sessions(SimpleNamespace(state_holder=holder), datetime.now())  # type: ignore[arg-type]

        assert set(holder.time_last_used) == {"abc"} == set(holder.session_data)
        assert holder.capacity > 0


def test_the_counter_knows_the_limit() -> None:
    assert 'data-most="4000"' in said(FRENCH)["count"]["value"]
    assert "4\u00a0000 au plus" in said(FRENCH)["count"]["value"]


class TestTheRealServer:
    @pytest.fixture
    def client(self, server_address: str) -> Iterator[httpx.Client]:
        with httpx.Client(base_url=server_address, trust_env=False, timeout=60) as ready:
            yield ready

    def _join(self, client: httpx.Client, question: str, session: str) -> httpx.Response:
        asks = next(e["id"] for e in client.get("/config").json()["dependencies"] if e["api_name"] == "_ask")
        body = {
            "data": [question, "", None, "fr", None, None, "", "", None, None, False],
            "fn_index": asks,
            "session_hash": session,
        }
        return client.post("/gradio_api/queue/join", json=body)

    @pytest.mark.slow
    def test_questions_that_nobody_waits_for_delay_no_visitor(self, client: httpx.Client) -> None:
        for _ in range(12):
            assert self._join(client, "lentement : Quand Bleu sera-t-il qualifié ?", uuid4().hex).status_code == 200
        began, session = time.monotonic(), uuid4().hex
        assert self._join(client, QUESTION, session).status_code == 200
        with client.stream("GET", f"/gradio_api/queue/data?session_hash={session}") as stream:
            lines = [line for line in stream.iter_lines() if "process_completed" in line or '"rank"' in line]

        assert any("process_completed" in line and '"success":true' in line for line in lines)
        assert any('"rank"' in line for line in lines)
        assert time.monotonic() - began < 30
