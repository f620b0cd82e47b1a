"""A Chroma server: one client an address, asked again where it does not answer at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import chromadb
import httpx
from chromadb.config import Settings
from chromadb.errors import AuthorizationError, ChromaAuthError, InternalError, RateLimitError

from trusted_cloud_chat.errors import ServerError, TrustedCloudChatError
from trusted_cloud_chat.index.trouble import brief, told

PAUSES_S = (0.2, 0.5, 1.5)
"""How long a server that does not answer is given before each further attempt."""
_TIMEOUT = httpx.Timeout(60, connect=5)
_REFUSALS = (ChromaAuthError, AuthorizationError)
_PASSES = (httpx.TransportError, httpx.HTTPStatusError, InternalError, RateLimitError)
"""What may be over in a moment: nobody there, a connection that broke, an overloaded server."""


def open_server(url: str) -> Any:
    """The client of the server at `url`. Raises ServerError."""
    return answered(url, _client, url)


def answered(url: str, function: Callable[..., Any], *given: Any, **named: Any) -> Any:
    """What `function` gives, asked again with longer and longer pauses while the server does not answer.

    Every call of ours may be made twice. Raises ServerError, StoreLostError for a collection that is not there.
    """
    for pause in (*PAUSES_S, None):
        try:
            with told(f"the vector store {url}"):
                return function(*given, **named)
        except TrustedCloudChatError as error:
            cause = _reason(error)
            if cause is None:
                raise
            if pause is None or isinstance(cause, _REFUSALS):
                raise ServerError(_told(url, cause)) from error
        time.sleep(pause)
    raise AssertionError  # the last pause is None


def _reason(error: BaseException) -> BaseException | None:
    """What of the server lies under what Chroma and we made of it: Chroma wraps a refused connection in ValueError."""
    below: BaseException | None = error
    while below is not None and not isinstance(below, (*_PASSES, *_REFUSALS)):
        below = below.__cause__ or below.__context__
    return below


def _told(url: str, cause: BaseException) -> str:
    if isinstance(cause, _REFUSALS):
        return f"the Chroma server at {url} refuses access ({brief(cause)}): see what it asks of its clients"
    if isinstance(cause, httpx.TransportError):
        said = f"no Chroma server answers at {url} ({brief(cause)})"
        return f"{said}: start one with `chroma run`, or unset TCC_CHROMA_URL"
    return f"the Chroma server at {url} fails ({brief(cause)}): see its log and start it again, or unset TCC_CHROMA_URL"


@lru_cache(maxsize=4)
def _client(url: str) -> Any:
    """One client an address: Chroma 1.5 keeps each for ever, closed or not, with its connections."""
    address = urlsplit(url)
    client = chromadb.HttpClient(
        host=address.hostname or url,
        port=address.port or (443 if address.scheme == "https" else 8000),
        ssl=address.scheme == "https",
        settings=Settings(anonymized_telemetry=False),
    )
    session = getattr(getattr(client, "_server", None), "_session", None)
    if session is not None:  # Chroma waits for ever
        session.timeout = _TIMEOUT
    return client
