"""Requests rows from a chat model: by LangChain's structured output, by a grammar in process, else as JSON in its text; waits if the server
asks.
"""

import json
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.utils.json import parse_partial_json

from trusted_cloud_chat.enrichment.answers import ModelRows
from trusted_cloud_chat.models.chat import ends
from trusted_cloud_chat.models.gguf import GgufChatModel
from trusted_cloud_chat.models.listening import ModelFailedError, reason_of, retry_after, stream_of

_TRIES = {"busy": 8, "server": 4, "timeout": 3, "broken": 3}
"""Failures that are retried, and the number of tries."""
_LONGEST_WAIT_S = 120.0
_MOST_CHARACTERS = 60_000
"""Of an answer: a longer one is cut off and read so far."""
_A_TOKEN = 3.5
"""Approximate characters a token of French or English, if the server does not count."""

_FORM = {"type": "json_schema", "json_schema": {"schema": ModelRows.model_json_schema()}}


class Asker:
    """Safe to use from several threads; counts tokens."""

    def __init__(self, chat_model: BaseChatModel, sleep: Callable[[float], object] = time.sleep) -> None:
        self._chat_model, self._sleep = chat_model, sleep
        self._lock = threading.Lock()
        self._structured = True
        self._form = {"response_format": _FORM} if isinstance(chat_model, GgufChatModel) else {}
        self.tokens = {"read": 0, "written": 0}
        self.left = threading.Event()
        """Set when no more requests should be sent."""

    def rows(self, messages: Sequence[BaseMessage]) -> tuple[list[dict[str, Any]], bool]:
        """The whole rows of its answer, as written, and whether its server stopped it before the others. Raises ModelFailedError, also if two
        answers are unreadable.
        """
        for _ in range(2):
            said, cut = self._said(messages)
            found = _rows_of(said)
            if found is not None:
                more = cut and len(found) > 1
                return (found[:-1] if more else found), more
        raise ModelFailedError("unreadable")

    def _said(self, messages: Sequence[BaseMessage]) -> tuple[dict[str, Any] | str, bool]:
        tried = 0
        while not self.left.is_set():
            tried += 1
            try:
                return self._asked(list(messages))
            except Exception as error:  # each provider's library has its own
                reason = error.reason if isinstance(error, ModelFailedError) else reason_of(error)
                if reason in ("refused", "failed") and self._structured:
                    self._structured = False  # a server that knows no schema, a library that reads no unfinished object
                    continue
                if tried >= _TRIES.get(reason, 1):
                    raise ModelFailedError(reason) from error
                self._sleep(min(retry_after(error) or 2.0**tried, _LONGEST_WAIT_S))
        raise ModelFailedError("stopped")

    def _asked(self, messages: list[BaseMessage]) -> tuple[dict[str, Any] | str, bool]:
        """The object, or the text that may contain it, and whether it was cut short."""
        if self._structured:
            try:
                structured = self._chat_model.with_structured_output(ModelRows, include_raw=True)
            except (NotImplementedError, ValueError):
                self._structured = False
            else:
                answer: Any = structured.invoke(messages)
                raw = answer["raw"]
                self._count(messages, raw, str(raw.text) or json.dumps([call["args"] for call in raw.tool_calls]))
                if answer["parsed"] is not None:
                    return {"rows": [row.model_dump() for row in answer["parsed"].rows]}, False
                calls = [call["args"] for call in raw.tool_calls]
                return calls[0] if calls else str(raw.text), "cut" in ends(raw)
        said, last, cut = "", None, False
        for piece in stream_of(self._chat_model, messages, **self._form):
            said, last, cut = said + str(piece.text), piece, cut or "cut" in ends(piece)
            if len(said) > _MOST_CHARACTERS or self.left.is_set():
                break
        self._count(messages, last, said)
        return said, cut

    def _count(self, messages: Sequence[BaseMessage], raw: Any, said: str) -> None:
        usage = raw.usage_metadata if isinstance(raw, AIMessage) else None
        with self._lock:
            read = usage["input_tokens"] if usage else tokens_of("".join(str(message.text) for message in messages))
            self.tokens["read"] += read
            self.tokens["written"] += usage["output_tokens"] if usage else tokens_of(said)


def tokens_of(text: str) -> int:
    """The approximate number of tokens of a text."""
    return round(len(text) / _A_TOKEN)


def _rows_of(said: dict[str, Any] | str) -> list[dict[str, Any]] | None:
    """The rows, also of a truncated answer, one with text around it, or a bare list; None if it is unreadable."""
    found: Any = said
    if isinstance(said, str):
        begins = [at for sign in "[{" if (at := said.find(sign)) >= 0]
        if not begins:
            return None
        try:
            found = parse_partial_json(said[min(begins) : max(said.rfind("]"), said.rfind("}")) + 1])
        except ValueError:
            return None
    if isinstance(found, dict):
        found = found.get("rows")
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else None
