"""Reads a chat model's stream in a separate thread, so that a silent model can be abandoned, and classifies its failures."""

import queue
import threading
import time
from collections.abc import Generator, Iterator
from contextvars import copy_context
from functools import partial
from typing import Any, NamedTuple

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage, BaseMessageChunk

from trusted_cloud_chat.errors import causes
from trusted_cloud_chat.models.chat import ends
from trusted_cloud_chat.settings import ANSWER_TOKENS

BEAT_S = 0.2
"""Interval of empty pieces while the model is silent."""
_TOTAL = 5
"""Time limit of a whole answer, as a multiple of the timeout of a piece."""
_GO_ON = tuple(",;:-–—(«'’")
"""A complete answer ends neither with these nor with a letter or digit."""
_STATUSES = {401: "key", 403: "key", 404: "unknown", 429: "busy"}
_NAMES = {
    "unreachable": ("connecterror", "connecttimeout", "connectionrefused", "gaierror"),
    "timeout": ("timeout",),
    "broken": ("protocolerror", "readerror", "connectionreset", "connectionaborted", "brokenpipe", "disconnected"),
    "key": ("auth", "permission"),
}
"""Reason → parts of class names, most specific first."""
_GIVES_WAY: tuple[tuple[tuple[str, ...], tuple[str, ...], int | None], ...] = (
    (("temperature",), ("temperature",), None),
    (("context length", "max_tokens", "max_completion_tokens", "maxoutputtokens"),
     ("max_tokens", "max_output_tokens"), ANSWER_TOKENS),
)  # fmt: skip
"""Words of an error, the fields of the chat model that they concern, and the replacement value."""


class ModelFailedError(Exception):
    """`reason` is a key of `reasons` in `data/writing.toml`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CutShortError(Exception):
    """The model was stopped before it finished."""


class Heard(NamedTuple):
    """A model's text so far, and why it failed (`ModelFailedError.reason`), if it did."""

    said: str
    failed: str = ""


_Received = queue.SimpleQueue[str | Exception | None]
"""Text, a failure, or None at the end."""


def listen(chat_model: BaseChatModel, prompt: list[BaseMessage], timeout_s: float) -> Generator[str]:
    """Pieces of text; empty ones while the model is silent or thinks. After `timeout_s` of silence the model is abandoned.

    Raises ModelFailedError, and CutShortError if the server stopped the model. After closing, the thread ends at the next piece.
    """
    received: _Received = queue.SimpleQueue()
    left = threading.Event()
    # LangChain finds its callbacks in the caller's context.
    pump = partial(copy_context().run, _pump, chat_model, prompt, received, left)
    threading.Thread(target=pump, daemon=True, name="chat-model").start()
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
            if item is None:
                return
            if isinstance(item, CutShortError | ModelFailedError):
                raise item
            if isinstance(item, Exception):
                raise ModelFailedError(reason_of(item)) from item
            yield item
    finally:
        left.set()


def heard(chat_model: BaseChatModel, prompt: list[BaseMessage], timeout_s: float, most: int) -> Generator[Heard]:
    """The text so far, after each piece; it ends after `most` characters or where the server cuts it short."""
    said, failed, listening = "", "", listen(chat_model, prompt, timeout_s)
    try:
        for piece in listening:
            said += piece
            yield Heard(said)
            if len(said) > most:
                break
    except CutShortError:
        pass
    except ModelFailedError as failure:
        failed = failure.reason
    finally:
        listening.close()
    yield Heard(said, failed)


def stream_of(chat_model: BaseChatModel, prompt: list[BaseMessage], **options: Any) -> Iterator[BaseMessageChunk]:
    """The model's pieces. If the server refuses a parameter, it is dropped for the rest of the process and the request is repeated."""
    begun = False
    try:
        for chunk in chat_model.stream(prompt, **options):
            begun = True
            yield chunk
        return
    except Exception as error:
        if begun or not _gave_way(chat_model, error):
            raise
    yield from stream_of(chat_model, prompt, **options)


def _gave_way(chat_model: BaseChatModel, error: Exception) -> bool:
    """Changes an optional parameter that the server refused; returns whether there was one."""
    if not any(_status(cause) in (400, 422) for cause in causes(error)):
        return False
    said = " ".join(map(_said, causes(error))).lower()
    for words, fields, instead in _GIVES_WAY:
        if any(word in said for word in words):
            for name in fields:
                value = getattr(chat_model, name, None)
                if value is not None and (instead is None or value > instead):
                    setattr(chat_model, name, instead)
                    return True
    return False


def _said(error: BaseException) -> str:
    """The server's message, from the error or its response. It is never shown."""
    try:
        return f"{error} {getattr(getattr(error, 'response', None), 'text', '')}"
    except RuntimeError:  # a response whose body was never read
        return str(error)


def _pump(chat_model: BaseChatModel, prompt: list[BaseMessage], received: _Received, left: threading.Event) -> None:
    said, named, last = set[str](), False, ""
    try:
        for chunk in stream_of(chat_model, prompt):
            if left.is_set():
                return
            text = str(chunk.text)
            received.put(text)  # empty for a thought: the model is not silent
            said, last = said | ends(chunk), text.strip() or last
            named = named or "model_provider" in chunk.response_metadata
        # Without a stop reason the connection may have broken in the middle of an answer.
        broken = named and not said and (last[-1:].isalnum() or last.endswith(_GO_ON))
        failed = "filtered" if "filtered" in said else "broken" if broken else ""
        received.put(CutShortError() if "cut" in said else ModelFailedError(failed) if failed else None)
    except Exception as error:  # raised in the reader's thread
        received.put(error)


def retry_after(error: BaseException) -> float | None:
    for cause in causes(error):
        headers = getattr(getattr(cause, "response", None), "headers", None) or {}
        told = str(headers.get("retry-after", "")).strip()
        if told.replace(".", "", 1).isdecimal():
            return float(told)
    return None


def reason_of(error: BaseException) -> str:
    """A key of `reasons` in `data/writing.toml`, from the HTTP status, else from the class names of the errors."""
    every = list(causes(error))
    for status in filter(None, map(_status, every)):
        return _STATUSES.get(status, "server" if status >= 500 else "refused")
    names = " ".join(type(cause).__name__.lower() for cause in every)
    reasons = (reason for reason, parts in _NAMES.items() if any(part in names for part in parts))
    # « APIConnectionError » does not tell whether the connection was established.
    return next(reasons, "unreachable" if "connection" in names else "failed")


def _status(error: BaseException) -> int | None:
    """The HTTP status of an error, from any of the libraries' attributes."""
    response = getattr(error, "response", None)
    found = (getattr(error, "status_code", None), getattr(response, "status_code", None), getattr(error, "code", None))
    return next((status for status in found if isinstance(status, int) and 400 <= status < 600), None)
