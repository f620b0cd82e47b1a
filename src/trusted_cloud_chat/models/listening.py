"""Listens to a chat model in a thread of its own, so that a silent one can be given up; tells its failures apart."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage

from trusted_cloud_chat.models.chat import was_cut_short

BEAT_S = 0.2
"""How often a silent model's listener is asked whether it goes on."""
_TOTAL = 5
"""A model may be slow but not endless: in all it has this many times the wait for its next word."""
_STATUSES = {401: "key", 403: "key", 404: "unknown", 429: "busy"}
_NAMES = {
    "unreachable": ("connecterror", "connecttimeout", "connectionrefused", "gaierror"),
    "timeout": ("timeout",),
    "broken": ("protocolerror", "readerror", "connectionreset", "connectionaborted", "brokenpipe", "disconnected"),
    "key": ("auth", "permission"),
}
"""Parts of class names, which all libraries choose alike, most telling first."""


class ModelFailedError(Exception):
    """`reason` is a key of `reasons` in `data/writing.toml`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CutShortError(Exception):
    """The model would have written more."""


@dataclass(frozen=True, slots=True)
class _Ended:
    error: Exception | None = None


_Received = queue.SimpleQueue[str | _Ended]


def listen(chat_model: BaseChatModel, prompt: list[BaseMessage], timeout_s: float) -> Generator[str]:
    """Pieces of text, empty ones while the model is silent; it is given up after `timeout_s`.

    Raises ModelFailedError, and CutShortError after the last piece of a model that its server stopped. Closing the
    iterator tells the thread to leave the model at its next word.
    """
    received: _Received = queue.SimpleQueue()
    left = threading.Event()
    threading.Thread(target=_pump, args=(chat_model, prompt, received, left), daemon=True, name="chat-model").start()
    heard = time.monotonic()
    deadline = heard + _TOTAL * timeout_s
    try:
        while True:
            wait = min(heard + timeout_s, deadline) - time.monotonic()
            try:
                item = received.get(timeout=max(min(wait, BEAT_S), 0.001))
            except queue.Empty:
                if wait <= BEAT_S:
                    raise ModelFailedError("timeout") from None
                yield ""
                continue
            heard = time.monotonic()
            if isinstance(item, str):
                yield item
            elif item.error is None:
                return
            elif isinstance(item.error, CutShortError):
                raise item.error
            else:
                raise ModelFailedError(_reason(item.error)) from item.error
    finally:
        left.set()


def _pump(chat_model: BaseChatModel, prompt: list[BaseMessage], received: _Received, left: threading.Event) -> None:
    cut = False
    try:
        for chunk in chat_model.stream(prompt):
            if left.is_set():
                return
            if chunk.text:
                received.put(str(chunk.text))
            cut = cut or was_cut_short(chunk)
        received.put(_Ended(CutShortError() if cut else None))
    except Exception as error:  # whatever a provider's library raises, the question must not be lost
        received.put(_Ended(error))


def _reason(error: BaseException) -> str:
    """By the HTTP status where the server gave one, else by the names of the errors."""
    causes = list(_causes(error))
    for status in filter(None, map(_status, causes)):
        return _STATUSES.get(status, "server" if status >= 500 else "refused")
    names = " ".join(type(cause).__name__.lower() for cause in causes)
    reasons = (reason for reason, parts in _NAMES.items() if any(part in names for part in parts))
    # Where only « APIConnectionError » is left, its library hides how far it came.
    return next(reasons, "unreachable" if "connection" in names else "failed")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _status(error: BaseException) -> int | None:
    """The HTTP status of a refusal, wherever the provider's library keeps it."""
    response = getattr(error, "response", None)
    found = (getattr(error, "status_code", None), getattr(response, "status_code", None), getattr(error, "code", None))
    return next((status for status in found if isinstance(status, int) and 400 <= status < 600), None)
