"""Who is who on the page: an ASGI application in front of it that has people sign in, and the role of whoever asks."""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlencode

import gradio as gr
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trusted_cloud_chat.api.tokens import PERSON, person_of
from trusted_cloud_chat.errors import SettingsError
from trusted_cloud_chat.people import People, Person, Role, read_people
from trusted_cloud_chat.rate import Rate, address_of
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.web.escaping import escape
from trusted_cloud_chat.web.limits import FORWARDED
from trusted_cloud_chat.web.login import login_html
from trusted_cloud_chat.web.people_strings import PEOPLE

COOKIE = "tcc-session"
LOGIN, LOGOUT = "/login", "/logout"
_ROLE = "trusted_cloud_chat.role"
_GUEST = "trusted_cloud_chat.guest"
"""In the scope of a request: whoever asks may read without signing in, and may sign in."""
_API = ("/api/v1", "/v1")
_MOST_BYTES = 8 * 1024
"""Of a name and a password as a browser sends them."""
_MOST_FIELDS = 8
_MOST_FAILED, _FORGOTTEN_S = 10, 600
"""Wrong passwords from one address, and seconds until they are forgotten."""
_HASHED_AT_ONCE = 2
"""Passwords: each takes 32 MB and a quarter of a second of a processor."""


def role_of(request: gr.Request | Request) -> Role:
    """Of whoever is behind an event of the page; a reader where nothing is known.

    Where no users are written down, the user of a page that only this machine reaches is its administrator.
    """
    return "admin" if _scope(request).get(_ROLE) == "admin" else "reader"


def name_of(request: gr.Request | Request) -> str | None:
    """Of who has signed in; None for anybody else."""
    person = person_of(_scope(request))
    return person.name if person else None


class SignIn:
    """ASGI middleware: only who has signed in goes through, where users are written down or others than this machine ask.

    The file is read at each request: who is added to it may sign in, who is taken out or gets another password is signed out.
    """

    def __init__(
        self,
        app: ASGIApp,
        users: Path,
        *,
        alone: bool = True,
        anybody: bool = False,
        tokens: bool = False,
        hours: float = 12,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`alone`: nobody but this machine's user reaches the page. `anybody` may read without signing in. `tokens`: the
        API has tokens of its own. Raises SettingsError for a file that cannot be read.
        """
        self._needed = bool(read_people(users).entries) or not (alone or anybody)
        self._app = app
        self._users = users
        self._alone = alone
        self._anybody = anybody
        self._tokens = tokens
        self._seconds = int(hours * 3600)
        self._clock = clock
        self._failed = Rate(_MOST_FAILED, _FORGOTTEN_S)
        self._hashing = asyncio.Semaphore(_HASHED_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        people, request = self._people(), Request(scope, receive)
        if people is not None and not people.entries and not self._needed:
            role = "admin" if self._alone and FORWARDED not in scope else "reader"
            await self._app({**scope, _ROLE: role}, receive, send)
            return
        people = people or People()
        person, until = self._session(people, request)
        answer = await self._answered(people, person, request)
        if answer is not None:
            await answer(scope, receive, send)
            return
        known = {**scope, PERSON: person, _ROLE: person.role if person else "reader", _GUEST: person is None}
        # Signed in anew while the page is used, and signed out once it is not.
        used = person is not None and until - self._clock() < self._seconds / 2
        renewed = self._cookie(people, person, request) if person and used else None

        async def send_renewed(message: Message) -> None:
            if renewed and message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("set-cookie", renewed)
            await send(message)

        await self._app(known, receive, send_renewed)

    async def _answered(self, people: People, person: Person | None, request: Request) -> Response | None:
        """What is answered here; None: the page answers."""
        path, method = request.scope["path"], request.method
        if path == LOGIN:
            return await self._login(people, request) if method == "POST" else self._form(request)
        if path == LOGOUT and method == "POST":
            return self._left(request)
        if person is not None or self._anybody or (self._tokens and _is_api(path)):
            return None
        if method == "GET" and "text/html" in request.headers.get("accept", "") and not _is_api(path):
            return RedirectResponse(f"{LOGIN}?{urlencode({'next': _asked(request)})}", 303)
        return _refused("expected somebody who has signed in: open the page in a browser", 401)

    def _form(self, request: Request, trouble: str = "", status: int = 200) -> Response:
        html = login_html(request.headers.get("accept-language", ""), _next(request), trouble)
        return HTMLResponse(html, status, {"Cache-Control": "no-store"})

    async def _login(self, people: People, request: Request) -> Response:
        client = address_of(request.client.host) if request.client else ""
        # A page of another site may not sign anybody in here. Browsers say where a form stands; programs say nothing.
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return self._form(request, status=403)
        if wait := self._failed.wait(client, count=False):
            answer = self._form(request, "often", 429)
            answer.headers["Retry-After"] = str(round(wait) or 1)
            return answer
        given = await _given(request)
        if given is None:
            return _refused("expected a name and a password", 413)
        # Counted before it is known, so that guesses sent at once are counted too; a right one is taken back.
        self._failed.wait(client)
        async with self._hashing:
            person = await asyncio.to_thread(people.known, *given)
        if person is None:
            return self._form(request, "wrong", 401)
        self._failed.take_back(client)
        answer = RedirectResponse(_next(request), 303)
        answer.headers.append("set-cookie", self._cookie(people, person, request))
        return answer

    def _left(self, request: Request) -> Response:
        answer = RedirectResponse(LOGIN if not self._anybody else "/", 303)
        answer.delete_cookie(COOKIE, secure=request.url.scheme == "https", httponly=True, samesite="lax")
        return answer

    def _people(self) -> People | None:
        """None while the file cannot be read: then nobody may come in."""
        try:
            return read_people(self._users)
        except SettingsError:
            return None

    def _session(self, people: People, request: Request) -> tuple[Person | None, int]:
        """Who has signed in, and until when."""
        try:
            coded, given, signature = request.cookies.get(COOKIE, "").split(".")
            name, until = bytes.fromhex(coded).decode(), int(given)
        except ValueError:
            return None, 0
        right = people.signature(name, until)
        if not right or not hmac.compare_digest(right.encode(), signature.encode()) or until < self._clock():
            return None, 0
        return people.entries[name].person, until

    def _cookie(self, people: People, person: Person, request: Request) -> str:
        until = int(self._clock()) + self._seconds
        answer = Response()
        answer.set_cookie(
            COOKIE,
            f"{person.name.encode().hex()}.{until}.{people.signature(person.name, until)}",
            max_age=self._seconds,
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )
        return answer.headers["set-cookie"]


async def _given(request: Request) -> tuple[str, str] | None:
    """Name and password of the form; None for more than a form holds."""
    sent = b""
    async for part in request.stream():
        sent += part
        if len(sent) > _MOST_BYTES:
            return None
    try:
        fields = parse_qs(sent.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return None
    return fields.get("name", [""])[0].strip(), fields.get("password", [""])[0]


def _is_api(path: str) -> bool:
    return path.startswith(tuple(f"{prefix}/" for prefix in _API)) or path in _API


def _asked(request: Request) -> str:
    query = request.scope["query_string"].decode("latin-1")
    return quote(request.scope["path"]) + (f"?{query}" if query else "")


def _next(request: Request) -> str:
    """Where to go after signing in: a place of this page alone."""
    wanted = request.query_params.get("next", "/")
    inside = wanted.startswith("/") and wanted[1:2] not in ("/", "\\") and wanted.isprintable()
    return wanted if inside and not wanted.startswith((LOGIN, LOGOUT)) else "/"


def _refused(message: str, status: int) -> Response:
    return JSONResponse({"error": {"message": message, "type": "Denied", "code": None}}, status)


def connect_person(page: gr.Blocks, person: gr.HTML, language: gr.Radio) -> None:
    """Show who has signed in, once a page is loaded and in its language."""

    def shown(spoken: str, request: gr.Request) -> Any:
        html = person_html(request, "en" if spoken == "en" else "fr")
        return gr.update(value=html, visible=bool(html))

    gr.on([page.load, language.change], shown, [language], person, show_progress="hidden", api_visibility="private")


def person_html(request: gr.Request, language: Language) -> str:
    """Who has signed in, and the way out; the way in where there is one; empty where nobody signs in."""
    name, strings = name_of(request), PEOPLE[language]
    if name is not None:
        return (
            f'<form method="post" action="{LOGOUT}" lang="{language}"><span>{escape(strings.signed_in.format(name=name))}</span> '
            f"<button>{escape(strings.leave)}</button></form>"
        )
    return f'<a href="{LOGIN}" lang="{language}">{escape(strings.enter)}</a>' if _scope(request).get(_GUEST) else ""


def _scope(request: gr.Request | Request) -> Scope:
    return getattr(request.request if isinstance(request, gr.Request) else request, "scope", None) or {}
