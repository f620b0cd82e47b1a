"""A client for the pages without a browser, behind the server's guard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from builders import TODAY
from trusted_cloud_chat.library import OpenAssistant
from trusted_cloud_chat.people.accounts import Role
from trusted_cloud_chat.web.application import pages_router
from trusted_cloud_chat.web.guard import Guard
from trusted_cloud_chat.web.handlers import Handlers
from trusted_cloud_chat.web.signing_in import ROLE

MOST_SENT = 1_000_000


def site_of(opened: OpenAssistant, role: Role = "admin") -> TestClient:
    """A client with the given role; the current day is `TODAY`."""
    app = FastAPI()
    app.include_router(pages_router(opened, Handlers(opened.assistant, clock=lambda: TODAY)))
    guarded = Guard(app, host="127.0.0.1", uploads=lambda _: MOST_SENT if role == "admin" else 0)
    return TestClient(_asked_by(guarded, role), base_url="http://127.0.0.1", follow_redirects=False)


def _asked_by(app: ASGIApp, role: Role) -> ASGIApp:
    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, ROLE: role}, receive, send)

    return asked


def text_of(html: str) -> str:
    """The visible text on one line, with ordinary spaces."""
    told = unescape(re.sub(r"<[^>]*>", " ", html))
    return " ".join(told.replace("\u00a0", " ").split())


def links_of(html: str, begin: str = "/articles/") -> Iterator[str]:
    """The distinct link targets of a page that match `begin`."""
    yield from dict.fromkeys(unescape(href) for href in re.findall(rf'href="({begin}[^"]*)"', html))
