"""What is remembered of what was fetched, so that the next run asks only for what has changed: `TCC_HOME/fetched.json`.

A condition is sent only while the index answers from the very version that came with it: whatever happened to the index since,
nothing is taken for known that is not there.
"""

import json
import os
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path

from pydantic import BaseModel, Field, ValidationError

from trusted_cloud_chat.errors import StorageError
from trusted_cloud_chat.fetching.rules import LISTINGS_DEEP

FILE = "fetched.json"
_MOST = 50_000
"""Addresses that are remembered, the last ones asked for."""
_LONGEST = 1000
"""Characters of a header that is sent back."""
_HEADERS = {"etag": "if-none-match", "last-modified": "if-modified-since"}


class Remembered(BaseModel):
    """One address."""

    conditions: dict[str, str] = Field(default_factory=dict)
    """Headers that ask whether it has changed."""
    changed: str = ""
    """What the feed said of its last change."""
    versions: list[str] = Field(default_factory=list)
    """Of the articles that it became."""
    pages: list[str] = Field(default_factory=list)
    """What it listed, where it is a feed or a sitemap."""


class State(BaseModel):
    """What `TCC_HOME` remembers; a file that is damaged or of another kind is as good as none: all is asked for again."""

    documents: dict[str, Remembered] = Field(default_factory=dict)
    waits: dict[str, float] = Field(default_factory=dict)
    """Host → until when it asked not to be asked, in seconds since 1970."""

    def still(self, url: str, held: Mapping[str, Collection[str]], deep: int = LISTINGS_DEEP + 1) -> Remembered | None:
        """What is remembered of an address, where the index still holds what it became; of a feed all its pages."""
        known = self.documents.get(url)
        if known is None or deep < 0:
            return None
        if known.pages:
            return known if all(self.still(page, held, deep - 1) for page in known.pages) else None
        return known if known.versions and sorted(known.versions) == sorted(held.get(url, ())) else None

    def forget(self, urls: Collection[str]) -> None:
        for url in urls:
            self.documents.pop(url, None)
        for known in self.documents.values():
            if not set(known.pages).isdisjoint(urls):
                known.pages = [page for page in known.pages if page not in urls]
                known.conditions = {}


def conditions_of(headers: Mapping[str, str]) -> dict[str, str]:
    """What asks next time whether the document that came with `headers` has changed."""
    said = {ask: headers.get(name, "") for name, ask in _HEADERS.items()}
    return {ask: value for ask, value in said.items() if value and len(value) <= _LONGEST and value.isascii()}


def load(home: Path) -> State:
    try:
        return State.model_validate_json((home / FILE).read_bytes())
    except (OSError, ValidationError, RecursionError):
        return State()


def save(home: Path, state: State) -> None:
    """Whole or not at all. Raises StorageError."""
    state.documents = dict(list(state.documents.items())[-_MOST:])
    state.waits = {host: until for host, until in state.waits.items() if until > time.time()}
    path = home / FILE
    beside = path.with_suffix(f".{os.getpid()}")
    try:
        home.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps(state.model_dump(exclude_defaults=True), ensure_ascii=False), "utf-8")
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise StorageError(f"{path} cannot be written: {error.strerror}; what was fetched is in the index") from error


def forget(home: Path, urls: Collection[str]) -> None:
    """Leave no trace of these addresses."""
    state = load(home)
    if urls and state.documents:
        state.forget(urls)
        save(home, state)
