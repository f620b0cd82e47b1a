"""The client of a Chroma server, one for each, asked again where it does not answer at once."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import chromadb
import httpx
from chromadb.config import Settings
from chromadb.errors import AuthorizationError, ChromaAuthError, InternalError, RateLimitError

from trusted_cloud_chat.errors import ServerError, TrustedCloudChatError
from trusted_cloud_chat.index.address import ChromaServer
from trusted_cloud_chat.index.trouble import brief, told

PAUSES_S = (0.2, 0.5, 1.5)
"""How long a server that does not answer is given before each further attempt."""
_TIMEOUT = httpx.Timeout(60, connect=5)
_REFUSALS = (ChromaAuthError, AuthorizationError)
_PASSES = (httpx.TransportError, httpx.HTTPStatusError, InternalError, RateLimitError)
"""What may be over in a moment: nobody there, a connection that broke, an overloaded server."""
_NOT_TRUSTED = "CERTIFICATE_VERIFY_FAILED"


def open_server(server: ChromaServer) -> Any:
    """The client of `server`. Raises ServerError."""
    return answered(server, _client, server)


def answered(server: ChromaServer, function: Callable[..., Any], *given: Any, **named: Any) -> Any:
    """What `function` gives, asked again with longer and longer pauses while the server does not answer.

    Every call of ours may be made twice. Raises ServerError, StoreLostError for a collection that is not there.
    """
    for pause in (*PAUSES_S, None):
        try:
            with told(f"the vector store {server}"):
                return function(*given, **named)
        except TrustedCloudChatError as error:
            cause = _reason(error)
            if cause is None:
                raise
            if pause is None or _refuses(cause) or _NOT_TRUSTED in str(cause):
                raise ServerError(_told(server, cause)) from error
        time.sleep(pause)
    raise AssertionError  # the last pause is None


def _reason(error: BaseException) -> BaseException | None:
    """What of the server lies under what Chroma and we made of it: Chroma wraps a refused connection in ValueError."""
    below: BaseException | None = error
    while below is not None and not isinstance(below, (*_PASSES, *_REFUSALS)):
        below = below.__cause__ or below.__context__
    return below


def _refuses(cause: BaseException) -> bool:
    """Whether the server, or a proxy before it, wants to know who asks."""
    refused = isinstance(cause, httpx.HTTPStatusError) and cause.response.status_code in (401, 403)
    return refused or isinstance(cause, _REFUSALS)


def _told(server: ChromaServer, cause: BaseException) -> str:
    if _refuses(cause):
        return (
            f"the Chroma server at {server} refuses access ({brief(cause)}): set TCC_CHROMA_TOKEN, or TCC_CHROMA_URL with user "
            "and password (https://USER:PASSWORD@HOST), as it asks of its clients"
        )
    if _NOT_TRUSTED in str(cause):
        return (
            f"the certificate of the Chroma server at {server} is not trusted ({brief(cause)}): set TCC_CHROMA_CA to the file "
            "with the certificate of the authority that signed it"
        )
    if isinstance(cause, httpx.TransportError):
        said = f"no Chroma server answers at {server} ({brief(cause)})"
        return f"{said}: start one with `chroma run`, or unset TCC_CHROMA_URL"
    return (
        f"the Chroma server at {server} fails ({brief(cause)}): see its log and start it again, or unset TCC_CHROMA_URL"
    )


@lru_cache(maxsize=4)
def _client(server: ChromaServer) -> Any:
    """One client a server: Chroma 1.5 keeps each for ever, closed or not, with its connections."""
    settings = Settings(anonymized_telemetry=False, chroma_server_ssl_verify=server.ca or None)
    with warnings.catch_warnings():  # httpx would rather have a context than the file, for which Chroma has no place
        warnings.filterwarnings("ignore", "`verify=<str>` is deprecated", DeprecationWarning)
        client = chromadb.HttpClient(settings=settings, **server.options())
    session = getattr(getattr(client, "_server", None), "_session", None)
    if session is not None:  # Chroma waits for ever
        session.timeout = _TIMEOUT
    return client
