"""Remembers fetched documents in `TCC_HOME/fetched.json` for conditional requests, as long as the index holds them."""

import json
import time
from collections.abc import Collection, Mapping
from pathlib import Path

from pydantic import BaseModel, Field, ValidationError

from trusted_cloud_chat.errors import StorageError
from trusted_cloud_chat.index.home_files import write_through

FILE = "fetched.json"
LISTINGS_DEEP = 2
"""Maximum depth of nested sitemap indexes."""
_MOST = 50_000
"""Maximum addresses; the latest are kept."""
_LONGEST = 1000
"""Maximum characters of a header that is sent back."""
_HEADERS = {"etag": "if-none-match", "last-modified": "if-modified-since"}


class Remembered(BaseModel):
    conditions: dict[str, str] = Field(default_factory=dict)
    """Headers of the conditional request."""
    changed: str = ""
    """The last change according to its feed."""
    versions: list[str] = Field(default_factory=list)
    pages: list[str] = Field(default_factory=list)
    """The pages of a feed or a sitemap."""


class FetchState(BaseModel):
    documents: dict[str, Remembered] = Field(default_factory=dict)
    waits: dict[str, float] = Field(default_factory=dict)
    """Host → the Unix time until which it asked for no requests."""

    def still(self, url: str, held: Mapping[str, Collection[str]], deep: int = LISTINGS_DEEP + 1) -> Remembered | None:
        """The state of a document, if the index still holds its articles; for a feed, those of all its pages."""
        known = self.documents.get(url)
        if known is None or deep < 0:
            return None
        if known.pages:
            return known if all(self.still(page, held, deep - 1) for page in known.pages) else None
        return known if known.versions and sorted(known.versions) == sorted(held.get(url, ())) else None


def conditions_of(headers: Mapping[str, str]) -> dict[str, str]:
    """The conditional headers for the next request of a document that came with `headers`."""
    values = {ask: headers.get(name, "") for name, ask in _HEADERS.items()}
    return {ask: value for ask, value in values.items() if value and len(value) <= _LONGEST and value.isascii()}


def load(home: Path) -> FetchState:
    """The stored state; empty if it is damaged: everything is then requested again."""
    try:
        return FetchState.model_validate_json((home / FILE).read_bytes())
    except (OSError, ValidationError, RecursionError):
        return FetchState()


def save(home: Path, state: FetchState) -> None:
    """Write the file atomically. Raises StorageError."""
    state.documents = dict(list(state.documents.items())[-_MOST:])
    state.waits = {host: until for host, until in state.waits.items() if until > time.time()}
    path = home / FILE
    try:
        home.mkdir(parents=True, exist_ok=True)
        write_through(path, json.dumps(state.model_dump(exclude_defaults=True), ensure_ascii=False))
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror}; what was fetched is in the index") from error


def forget(home: Path, urls: Collection[str]) -> None:
    """Remove all traces of these addresses."""
    state = load(home)
    if not urls or not state.documents:
        return
    state.documents = {url: known for url, known in state.documents.items() if url not in urls}
    for known in state.documents.values():
        if not set(known.pages).isdisjoint(urls):
            known.pages = [page for page in known.pages if page not in urls]
            known.conditions = {}
    save(home, state)
