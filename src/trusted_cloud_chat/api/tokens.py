"""Who may ask, and how often: tokens from a file, or this machine alone; rate limits per client."""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, MutableMapping
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from secrets import compare_digest
from typing import Annotated, Any, Literal, cast

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from trusted_cloud_chat.errors import SettingsError
from trusted_cloud_chat.models.chat import is_loopback
from trusted_cloud_chat.people.accounts import Person, Role

PERSON = "trusted_cloud_chat.person"
"""In the scope of a request: the person who has signed in on the page."""
FORWARDED = "trusted_cloud_chat.forwarded"
"""In the scope of a request from an undeclared proxy: it may come from anywhere."""
_ROLES = ("admin", "reader")
_SHORTEST = 16
_FORM = "expected lines such as `reader TOKEN` or `admin TOKEN`, each token of 16 characters or more"
_BEARER = HTTPBearer(auto_error=False, description="A token from the file that TCC_API_TOKENS names.")
_Given = Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]
_MOST_CLIENTS = 10_000
"""Maximum clients that are remembered; the least recent is forgotten first."""


class TooOftenError(Exception):
    """`seconds` until the next attempt."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"too many questions: ask again in {round(seconds) or 1} s")
        self.seconds = round(seconds) or 1


class Rate:
    """At most `most` times within `within_s` seconds. Safe to use from several threads."""

    def __init__(self, most: int, within_s: float = 60, *, clock: Callable[[], float] = time.monotonic) -> None:
        """`most` 0: no limit."""
        self._most, self._within_s, self._clock = most, within_s, clock
        self._times: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, client: str) -> float:
        """Seconds that `client` must wait; 0 allows it and counts it."""
        if not self._most:
            return 0.0
        with self._lock:
            times, now = self._times.setdefault(client, deque()), self._clock()
            self._times.move_to_end(client)
            while times and now - times[0] >= self._within_s:
                times.popleft()
            if len(times) >= self._most:
                return self._within_s - (now - times[0])
            times.append(now)
            while len(self._times) > _MOST_CLIENTS:
                self._times.popitem(last=False)
            return 0.0

    def take_back(self, client: str) -> None:
        with self._lock:
            if times := self._times.get(client):
                times.pop()


def address_of(host: str) -> str:
    """Identifies an anonymous client: its address, or for IPv6 its /64 network."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return f"{IPv6Address(int(address) >> 64 << 64)}/64"
    return str(address)


def person_of(scope: MutableMapping[str, Any]) -> Person | None:
    found = scope.get(PERSON)
    return found if isinstance(found, Person) else None


def client_of(scope: MutableMapping[str, Any]) -> str:
    """The client for rate limits: a person, else an address."""
    person, client = person_of(scope), scope.get("client")
    return f"person {person.name}" if person else address_of(client[0]) if client else ""


class DeniedError(Exception):
    """`status` 401: unknown; 403: known, but not allowed."""

    def __init__(self, status: Literal[401, 403], message: str) -> None:
        super().__init__(message)
        self.status = status


def read_tokens(file: Path) -> dict[str, Role]:
    """The role of each token; empty lines and comments (#) are skipped. Raises SettingsError."""
    try:
        lines = [line.split() for line in file.read_text("utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"TCC_API_TOKENS={file} cannot be read ({error}): {_FORM}") from None
    roles: dict[str, Role] = {}
    for number, words in enumerate(lines, 1):
        if not words or words[0].startswith("#"):
            continue
        if len(words) != 2 or words[0] not in _ROLES or len(words[1]) < _SHORTEST:
            raise SettingsError(f"TCC_API_TOKENS={file}, line {number}: {_FORM}")  # never print a token
        roles[words[1]] = cast(Role, words[0])
    return roles


class Gate:
    """Authorises requests. The file is read for each request, so that a removed token is refused at once."""

    def __init__(self, file: Path | None, rate: Rate | None = None) -> None:
        """Raises SettingsError."""
        self._file, self._rate = file, rate or Rate(0)
        if file is not None:
            read_tokens(file)

    def asker(self, request: Request, given: _Given) -> None:
        """Raises DeniedError if the client may not ask, TooOftenError if it asks too often."""
        self.reader(request, given)
        named = bool(given and self._file)
        wait = self._rate.wait(f"token {hash(given.credentials)}" if given and named else client_of(request.scope))
        if wait:
            raise TooOftenError(wait)

    def admin(self, request: Request, given: _Given) -> None:
        """Raises DeniedError if the client may not ingest."""
        if self.reader(request, given) != "admin":
            line = "an `admin TOKEN` from the TCC_API_TOKENS file"
            raise DeniedError(403, f"only an administrator may do this, with {line}")

    def operates(self, request: Request, given: _Given) -> bool:
        """Whether the request comes from this machine or an administrator."""
        try:
            return _is_here(request) or self.reader(request, given) == "admin"
        except DeniedError:
            return False

    def reader(self, request: Request, given: _Given) -> Role:
        """The client's role. Raises DeniedError if it may not read."""
        person = person_of(request.scope)
        if person is not None and given is None:
            return person.role
        if self._file is None:
            # Any token is accepted: some clients always send one.
            if _is_here(request):
                return "reader"
            raise DeniedError(401, "only this machine may ask: set TCC_API_TOKENS to a file of tokens for others")
        sent = given.credentials.encode() if given else b""
        roles = [role for token, role in read_tokens(self._file).items() if compare_digest(token.encode(), sent)]
        if not roles:
            raise DeniedError(401, "expected `Authorization: Bearer TOKEN` with a token from the TCC_API_TOKENS file")
        return roles[0]


def _is_here(request: Request) -> bool:
    """Whether the client is on this machine, and not behind a proxy on it."""
    client = request.client.host if request.client else ""
    here = is_loopback(f"http://[{client}]" if ":" in client else f"http://{client}")
    return here and FORWARDED not in request.scope
