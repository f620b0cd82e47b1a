"""`serve` with an assistant that reacts to words of the question; the fixture `server_address` runs it.

« lentement » and one example: the answer grows slowly. « panne »: the assistant fails. « traînant »: the step after the answer is
slow. « laborieux »: a single step takes long, as a table on a slow machine. « muet »: the question goes to a language model whose
server accepts the connection and never answers. An abandoned question is written to `LEFT` in the home. Each load of the page is a
new visit; if `ARRIVED` exists in the home, all articles are new since the last one. The local language models are those of the
ports listed in `NEARBY`. A POST with the header « X-Late » is received and answered that many milliseconds later.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trusted_cloud_chat.isolation import isolate

isolate()

from trusted_cloud_chat import library  # noqa: E402
from trusted_cloud_chat.answering.assistant import Assistant  # noqa: E402
from trusted_cloud_chat.index.history import News  # noqa: E402
from trusted_cloud_chat.models import Embedder  # noqa: E402
from trusted_cloud_chat.models.nearby import Nearby, Server, look  # noqa: E402
from trusted_cloud_chat.schema import Answer, Mode  # noqa: E402
from trusted_cloud_chat.settings import Settings, load_settings  # noqa: E402
from trusted_cloud_chat.web import application, page, server, visits  # noqa: E402
from trusted_cloud_chat.web.handlers import Exchange  # noqa: E402
from trusted_cloud_chat.wiring import build_assistant  # noqa: E402

_SLOWLY = ("lentement", "Quelles échéances Bleu a-t-il manquées")
_STEPS = 400
_PAUSE_S = 0.25
_LABOUR_S = 30
_FAILS_AFTER_S = 3
_LATE_S = 3
LEFT = "left.txt"
NEARBY = "nearby.txt"
ARRIVED = "arrived.txt"
NOTICES = {
    "fr": "Avis <b> : la question part pour chat.example.",
    "en": "Notice: the question leaves for chat.example.",
}


class Troubled:
    """The real assistant, except for questions with certain words."""

    def __init__(self, real: Assistant, mute: Assistant, silent: socket.socket, home: Path) -> None:
        self._real = real
        self._mute = mute
        self._silent = silent
        self._home = home

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def in_mode(self, mode: Mode | None) -> Assistant | Troubled:
        return self._real.in_mode(mode) if mode else self

    def news(self, since: str | None, most: int) -> News:
        return self._real.news("" if since and (self._home / ARRIVED).exists() else since, most)

    def stream(self, question: str, **options: Any) -> Iterator[Answer]:
        if "panne" in question:
            time.sleep(_FAILS_AFTER_S if "lentement" in question else 0)
            raise RuntimeError("a fault that nobody foresaw")
        if "muet" in question:
            yield from self._mute.stream(question, **options)
        if "laborieux" in question:
            time.sleep(_LABOUR_S)
        try:
            for answer in self._real.stream(question, **options):
                if any(words in question for words in _SLOWLY):
                    grown = answer.answer
                    for step in range(_STEPS):
                        grown += f"\n\nétape {step}"  # steps accumulate, so that a late check sees them too
                        yield replace(answer, answer=grown)
                        time.sleep(_PAUSE_S)
                yield answer
        except GeneratorExit:
            (self._home / LEFT).write_text(question, encoding="utf-8")
            raise


def _build(settings: Settings, embedder: Embedder | None = None) -> Troubled:
    silent = socket.create_server(("127.0.0.1", 0))  # the kernel accepts the connections
    address = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
    mute = settings.model_copy(update={"chat_model": "openai:mute", "chat_url": address})
    return Troubled(build_assistant(settings, embedder), build_assistant(mute, embedder), silent, settings.home)


def _nearby(settings: Settings) -> tuple[Nearby, ...]:
    named = settings.home / NEARBY
    ports = named.read_text().split() if named.exists() else []
    return look([Server("LM Studio", int(port)) for port in ports], within_s=5)


class Late:
    """ASGI middleware that simulates a slow network for requests with the header X-Late."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        late = int(dict(scope.get("headers", ())).get(b"x-late", 0)) / 1000 if scope.get("method") == "POST" else 0

        async def answer(message: Message) -> None:
            await asyncio.sleep(late if message["type"] == "http.response.start" else 0)
            await send(message)

        await asyncio.sleep(late)
        await self._app(scope, receive, answer)


def _far(*given: Any, **options: Any) -> ASGIApp:
    return Late(_build_application(*given, **options))


_build_application = application.build_application
_packed = page.packed


def _late(name: str, exchanges: Sequence[Exchange]) -> str:
    time.sleep(_LATE_S if exchanges and "traînant" in exchanges[-1].question else 0)
    return _packed(name, exchanges)


page.packed = _late
visits._SAME_VISIT = timedelta(0)
library.build_assistant = _build  # type: ignore[assignment]
application.find_nearby = _nearby
application.build_application = _far
# Ends this process when the test run ends, even if killed: that closes the pipe.
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(1)), daemon=True).start()
server.serve_page(load_settings(), notice=lambda language: NOTICES[language])
