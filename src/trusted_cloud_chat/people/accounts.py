"""Accounts: names, roles and hashed passwords, in a file that `trusted-cloud-chat users` writes."""

import hmac
import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import scrypt
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Literal, cast

from filelock import FileLock

from trusted_cloud_chat.errors import HomeNotWritableError, SettingsError, UsageError

Role = Literal["admin", "reader"]
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1000
"""Characters; longer passwords are not hashed."""
LONGEST_NAME = 64
_ROLES = ("admin", "reader")
_COST = (2**15, 8, 3)
"""scrypt's parameters, as OWASP advises for 32 MB: a quarter of a second per guess."""
_MEMORY = 64 * 2**20
_NOBODYS = f"scrypt:{':'.join(map(str, _COST))}:{'A' * 22}==:{'A' * 43}="
"""A hash that no password matches, as costly to check as any other."""
_HEADER = "# Made by `trusted-cloud-chat users`: role, name, hashed password. The secret signs sessions; let nobody read it.\n"


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class People:
    secret: bytes = b""
    entries: Mapping[str, tuple[Person, str]] = field(default_factory=dict)
    """Each person and the hashed password, by name."""

    def known(self, name: str, password: str) -> Person | None:
        """The person with this name and password. An unknown name takes as long as a wrong password."""
        person, against = self.entries.get(name, (None, _NOBODYS))
        if (parts := _parts(against)) is None:
            return None
        cost, salt, key = parts
        return person if hmac.compare_digest(_key(password[: LONGEST_PASSWORD + 1], salt, cost), key) else None

    def signature(self, name: str, until: int, session: str) -> str:
        """The signature of a session; it changes with the password. Empty for an unknown name."""
        person, against = self.entries.get(name, (None, ""))
        if person is None or not self.secret:
            return ""
        signed = f"{name}\n{until}\n{session}\n{person.role}\n{against}".encode()
        return hmac.new(self.secret, signed, "sha256").hexdigest()


def read_people(file: Path) -> People:
    """Empty if there is no file. Raises SettingsError if it cannot be read."""
    try:
        lines = [line.split() for line in file.read_text("utf-8").splitlines()]
    except FileNotFoundError:
        return People()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"the users in {file} cannot be read: {error}") from None
    secret, entries = b"", {}
    for number, words in enumerate(lines, 1):
        if not words or words[0].startswith("#"):
            continue
        if len(words) == 2 and words[0] == "secret":
            secret = words[1].encode()
        elif len(words) == 3 and words[0] in _ROLES and _parts(words[2]):
            entries[words[1]] = Person(words[1], cast(Role, words[0])), words[2]
        else:
            raise SettingsError(
                f"{file}, line {number} was not written by `trusted-cloud-chat users add NAME`: delete it"
            )
    return People(secret, entries)


def add_person(file: Path, name: str, password: str, *, role: Role) -> bool:
    """Add a person, or change role and password, which ends every session; returns whether the name is new.

    Raises UsageError for an invalid name or password, HomeNotWritableError.
    """
    if not (0 < len(name) <= LONGEST_NAME and all(letter.isalnum() or letter in "._-@" for letter in name)):
        raise UsageError(
            f"{name!r} is not a valid name: expected up to {LONGEST_NAME} letters, digits, dots, hyphens, underscores or @"
        )
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise UsageError(f"expected a password of {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")
    entry = Person(name, role), hashed(password)
    with _only_writer(file):
        before = read_people(file)
        _write(file, People(before.secret, {**before.entries, name: entry}))
    return name not in before.entries


def remove_person(file: Path, name: str) -> None:
    """Remove a person and end their sessions. Raises UsageError for an unknown name, HomeNotWritableError."""
    with _only_writer(file):
        before = read_people(file)
        if name not in before.entries:
            raise UsageError(f"nobody is called {name!r}: `trusted-cloud-chat users list` names who may sign in")
        _write(file, People(before.secret, {n: entry for n, entry in before.entries.items() if n != name}))


def hashed(password: str) -> str:
    """`scrypt:N:R:P:SALT:KEY`."""
    salt = secrets.token_bytes(16)
    key = _key(password, salt, _COST)
    return ":".join(["scrypt", *map(str, _COST), urlsafe_b64encode(salt).decode(), urlsafe_b64encode(key).decode()])


def _key(password: str, salt: bytes, cost: tuple[int, int, int]) -> bytes:
    n, r, p = cost
    return scrypt(password.encode("utf-8", "surrogatepass"), salt=salt, n=n, r=r, p=p, maxmem=_MEMORY, dklen=32)


def _parts(text: str) -> tuple[tuple[int, int, int], bytes, bytes] | None:
    """Cost, salt and key of a hashed password."""
    try:
        kind, n, r, p, salt, key = text.split(":")
        cost = (int(n), int(r), int(p))
        return (cost, urlsafe_b64decode(salt), urlsafe_b64decode(key)) if kind == "scrypt" else None
    except ValueError:
        return None


@contextmanager
def _only_writer(file: Path) -> Iterator[None]:
    """Holds the file's lock. Raises HomeNotWritableError for any file system error meanwhile."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(file.with_name(f".{file.name}.lock"), timeout=10):
            yield
    except OSError as error:
        raise HomeNotWritableError(f"{file} cannot be written ({error}): set TCC_USERS to another file") from None


def _write(file: Path, people: People) -> None:
    """Write the file atomically, readable by the server's user alone."""
    secret = people.secret.decode() or secrets.token_hex(32)
    rows = [f"{person.role} {person.name} {against}" for person, against in people.entries.values()]
    with NamedTemporaryFile("w", encoding="utf-8", dir=file.parent, prefix=f".{file.name}", delete=False) as aside:
        aside.write(_HEADER + "\n".join([f"secret {secret}", *rows]) + "\n")
        aside.flush()
        os.fsync(aside.fileno())
    Path(aside.name).replace(file)  # made with mode 600
