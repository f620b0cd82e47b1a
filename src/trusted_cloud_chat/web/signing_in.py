"""Authentication: ASGI middleware that identifies the client and requires sign-in where needed; roles and names."""

import asyncio
import hmac
import logging
import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from urllib.parse import parse_qs, quote, urlencode

import gradio as gr
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trusted_cloud_chat.api.tokens import FORWARDED, PERSON, Rate, address_of, person_of
from trusted_cloud_chat.errors import SettingsError
from trusted_cloud_chat.people.accounts import LONGEST_NAME, People, Person, Role, read_people
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.settings import Settings
from trusted_cloud_chat.web.escaping import STRINGS, TEMPLATES, Strings, part
from trusted_cloud_chat.web.guard import is_alone

LOGIN, LOGOUT = "/login", "/logout"
ROLE = "trusted_cloud_chat.role"
"""Key in a request's scope: the role of the client."""
GUEST = "trusted_cloud_chat.guest"
"""Key in a request's scope: the client may read without signing in, and may sign in."""
COOKIE = "tcc-session"
_SESSION = "trusted_cloud_chat.session"
_API = ("/api/v1", "/v1", "/mcp")
_OPERATED = ("/healthz", "/readyz", "/metrics")
"""Routes for monitoring, which check access themselves."""
_MOST_BYTES, _MOST_SIGNS = 8 * 1024, 7
"""Maximum bytes of a sign-in form, and separators (&) between its fields."""
_MOST_FAILED, _FORGOTTEN_S = 10, 600
"""Wrong passwords per address, and seconds until they are forgotten."""
_HASHED_AT_ONCE = 2
"""Passwords hashed at once: each takes 32 MB and a quarter of a second of a processor."""
_LOG = logging.getLogger(__name__)


class EndedSessions:
    """Revoked sessions, in a file shared by all servers of a home; in memory if it cannot be written."""

    def __init__(self, file: Path, now: float) -> None:
        """Drops sessions that have expired by `now`."""
        self._file, self._ended = file, dict[str, int]()
        self._look()
        valid = {session: until for session, until in self._ended.items() if until >= now}
        if valid != self._ended:
            self._ended = valid
            with suppress(OSError):
                file.unlink()
                self._write(valid.items())

    def add(self, session: str, until: int) -> None:
        """Revokes a session that would have expired at `until`."""
        self._ended[session] = until
        try:
            self._write([(session, until)])
        except OSError as error:
            _LOG.warning("%s cannot be written (%s): sign-outs are forgotten when this server stops", self._file, error)

    def __contains__(self, session: str) -> bool:
        self._look()
        return session in self._ended

    def _look(self) -> None:
        """Reads the sessions that other servers have revoked."""
        with suppress(OSError):
            lines = [line.split() for line in self._file.read_text("utf-8", "replace").splitlines()]
            self._ended |= {words[1]: int(words[0]) for words in lines if len(words) == 2 and words[0].isdecimal()}

    def _write(self, sessions: Iterable[tuple[str, int]]) -> None:
        with os.fdopen(os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w") as file:
            file.writelines(f"{until} {session}\n" for session, until in sessions)


def role_of(request: gr.Request | Request) -> Role:
    """The client's role; a reader if unknown. Without accounts the user of a local page is its administrator."""
    return "admin" if scope_of_event(request).get(ROLE) == "admin" else "reader"


def name_of(request: gr.Request | Request) -> str | None:
    """The name of a signed-in person; else None."""
    person = person_of(scope_of_event(request))
    return person.name if person else None


def person_html(request: gr.Request, strings: Strings) -> str:
    """The signed-in person with a sign-out link; a sign-in link if possible; else empty."""
    name, may_sign_in = name_of(request), scope_of_event(request).get(GUEST)
    return part("person", name=name, strings=strings) if name is not None or may_sign_in else ""


def scope_of_event(request: gr.Request | Request) -> Scope:
    """The scope of a request, or of the request behind an event of the page."""
    return getattr(getattr(request, "request", request), "scope", None) or {}


@dataclass(frozen=True, slots=True)
class _Session:
    people: People
    person: Person | None
    until: int
    name: str
    """The name of the session, which its renewed cookies keep."""


class SignIn:
    """Requires sign-in if there are accounts or others can reach the page; reads the accounts at each request."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        """Raises SettingsError for an unreadable file."""
        self._users, self._anybody = settings.users_file, settings.anybody_may_read
        self._alone, self._clock = is_alone(settings), clock
        self._needed = bool(read_people(self._users).entries) or not (self._alone or self._anybody)
        self._tokens = settings.api_tokens is not None
        self._seconds = int(settings.session_hours * 3600)
        self._ended = EndedSessions(settings.home / "sessions-ended", clock())
        self._failed = Rate(_MOST_FAILED, _FORGOTTEN_S)
        self._hashing = asyncio.Semaphore(_HASHED_AT_ONCE)

    def known(self, app: ASGIApp) -> ASGIApp:
        """`app` with the client's identity in the scope, for `role_of` and `name_of`."""

        async def knowing(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            try:
                people: People | None = read_people(self._users)
            except SettingsError:
                people = None  # nobody may enter
            if people is not None and not people.entries and not self._needed:
                role = "admin" if self._alone and FORWARDED not in scope else "reader"
                await app({**scope, ROLE: role}, receive, send)
                return
            people = people or People()
            session = self._session(people, Request(scope))
            person = session.person
            told = {PERSON: person, ROLE: person.role if person else "reader", GUEST: person is None}
            await app({**scope, **told, _SESSION: session}, receive, send)

        return knowing

    def required(self, app: ASGIApp) -> ASGIApp:
        """`app` for those who may enter, the sign-in form for all others. Must be wrapped in `known`."""

        async def requiring(scope: Scope, receive: Receive, send: Send) -> None:
            session: _Session | None = scope.get(_SESSION)
            if session is None:
                await app(scope, receive, send)
                return
            request = Request(scope, receive)
            answer = await self._answered(session, request)
            if answer is not None:
                await answer(scope, receive, send)
                return
            # Use of the page renews the session; inactivity ends it.
            renewed = None
            if session.person and session.until - self._clock() < self._seconds / 2:
                renewed = self._cookie(session.people, session.person, session.name, request)

            async def send_renewed(message: Message) -> None:
                if renewed and message["type"] == "http.response.start":
                    MutableHeaders(scope=message).append("set-cookie", renewed)
                await send(message)

            await app(scope, receive, send_renewed)

        return requiring

    async def _answered(self, session: _Session, request: Request) -> Response | None:
        """The response of sign-in; None if the page responds."""
        path, method = request.scope["path"], request.method
        if path == LOGIN:
            return await self._login(session.people, request) if method == "POST" else self._form(request)
        if path == LOGOUT and method == "POST":
            if session.person is not None:
                self._ended.add(session.name, int(self._clock()) + self._seconds)
            answer = RedirectResponse("/" if self._anybody else LOGIN, 303)
            answer.delete_cookie(COOKIE, secure=request.url.scheme == "https", httponly=True, samesite="lax")
            return answer
        if session.person is not None or self._anybody or path in _OPERATED or (self._tokens and _is_api(path)):
            return None
        if method == "GET" and "text/html" in request.headers.get("accept", "") and not _is_api(path):
            query = request.scope["query_string"].decode("latin-1")
            asked = quote(path) + (f"?{query}" if query else "")
            return RedirectResponse(f"{LOGIN}?{urlencode({'next': asked})}", 303)
        return _refused("not signed in: open the page in a browser", 401)

    def _form(self, request: Request, trouble: str = "", status: int = 200, name: str = "") -> Response:
        trouble = trouble or ("ended" if "ended" in request.query_params else "")
        strings = STRINGS[_spoken(request.headers.get("accept-language", ""))]
        told = getattr(strings, trouble) if trouble else ""
        html = TEMPLATES.get_template("login.html").render(
            wanted=_next(request), trouble=told, name=name, strings=strings
        )
        return HTMLResponse(html, status, {"Cache-Control": "no-store"})

    async def _login(self, people: People, request: Request) -> Response:
        client = address_of(request.client.host) if request.client else ""
        # An attempt counts before it is checked, so that concurrent guesses count too; success takes it back.
        if wait := self._failed.wait(client):
            answer = self._form(request, "often", 429)
            answer.headers["Retry-After"] = str(round(wait) or 1)
            return answer
        sent = await request.body()  # the guard has bounded it
        if len(sent) > _MOST_BYTES or sent.count(b"&") > _MOST_SIGNS:
            return _refused("expected a name and a password", 413)
        given = parse_qs(sent.decode("utf-8", "replace"))
        name, password = (given.get(field, [""])[0] for field in ("name", "password"))
        async with self._hashing:
            person = await asyncio.to_thread(people.known, name.strip(), password)
        if person is None:
            return self._form(request, "wrong", 401, name.strip()[:LONGEST_NAME])
        self._failed.take_back(client)
        answer = RedirectResponse(_next(request), 303)
        answer.headers.append("set-cookie", self._cookie(people, person, token_hex(16), request))
        return answer

    def _session(self, people: People, request: Request) -> _Session:
        """The signed-in person, and the end of the session."""
        nobody = _Session(people, None, 0, "")
        try:
            coded, given, session, signature = request.cookies.get(COOKIE, "").split(".")
            name, until = bytes.fromhex(coded).decode(), int(given)
        except ValueError:
            return nobody
        right = people.signature(name, until, session)
        if not right or not hmac.compare_digest(right.encode(), signature.encode()) or until < self._clock():
            return nobody
        return nobody if session in self._ended else _Session(people, people.entries[name][0], until, session)

    def _cookie(self, people: People, person: Person, session: str, request: Request) -> str:
        until = int(self._clock()) + self._seconds
        answer = Response()
        answer.set_cookie(
            COOKIE,
            f"{person.name.encode().hex()}.{until}.{session}.{people.signature(person.name, until, session)}",
            max_age=self._seconds,
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )
        return answer.headers["set-cookie"]


def _spoken(accepted: str) -> Language:
    """The browser's first language that the page has."""
    names = (part.strip()[:2].casefold() for part in accepted.split(","))
    return next(("en" if name == "en" else "fr" for name in names if name in ("fr", "en")), "fr")


def _is_api(path: str) -> bool:
    return path.startswith(tuple(f"{prefix}/" for prefix in _API)) or path in _API


def _next(request: Request) -> str:
    """Where to go after signing in: only a path of this page."""
    wanted = request.query_params.get("next", "/")
    inside = wanted.startswith("/") and wanted[1:2] not in ("/", "\\") and wanted.isprintable()
    return wanted if inside and not wanted.startswith((LOGIN, LOGOUT)) else "/"


def _refused(message: str, status: int) -> Response:
    return JSONResponse({"error": {"message": message, "type": "Denied", "code": None}}, status)
