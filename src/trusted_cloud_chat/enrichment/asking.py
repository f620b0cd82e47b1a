"""Requests rows from a chat model: by LangChain's structured output, by a grammar, or as JSON text; retries with the server's delays."""

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
"""Number of tries after temporary failures."""
_LONGEST_WAIT_S = 120.0
_MOST_CHARACTERS = 60_000
"""Maximum characters of an answer; the rest is not read."""
_A_TOKEN = 3.5
"""Approximate characters of a token of French or English, if the server does not count."""


class Asker:
    """Safe to use from several threads; counts tokens."""

    def __init__(self, chat_model: BaseChatModel, sleep: Callable[[float], object] = time.sleep) -> None:
        self._chat_model, self._sleep = chat_model, sleep
        self._lock = threading.Lock()
        self._structured = True
        form = {"type": "json_schema", "json_schema": {"schema": ModelRows.model_json_schema()}}
        self._form = {"response_format": form} if isinstance(chat_model, GgufChatModel) else {}
        self.tokens = {"read": 0, "written": 0}
        self.left = threading.Event()
        """Set to stop sending requests."""

    def rows(self, messages: Sequence[BaseMessage]) -> tuple[list[dict[str, Any]], bool]:
        """The rows of the answer, and whether the server cut it after the first row; the last row is then left out. Raises ModelFailedError, also after two unreadable answers."""
        for _ in range(2):
            answer, cut = self._answer(messages)
            rows = _rows_of(answer)
            if rows is not None:
                more = cut and len(rows) > 1
                return (rows[:-1] if more else rows), more
        raise ModelFailedError("unreadable")

    def _answer(self, messages: Sequence[BaseMessage]) -> tuple[dict[str, Any] | str, bool]:
        """The object, or the text that may contain it, and whether it was cut."""
        tried = 0
        while not self.left.is_set():
            tried += 1
            try:
                return self._asked(list(messages))
            except Exception as error:  # each provider's library raises its own
                reason = error.reason if isinstance(error, ModelFailedError) else reason_of(error)
                if reason in ("refused", "failed") and self._structured:
                    self._structured = False  # the server refuses schemas, or the library refuses a truncated object
                    continue
                if tried >= _TRIES.get(reason, 1):
                    raise ModelFailedError(reason) from error
                self._sleep(min(retry_after(error) or 2.0**tried, _LONGEST_WAIT_S))
        raise ModelFailedError("stopped")

    def _asked(self, messages: list[BaseMessage]) -> tuple[dict[str, Any] | str, bool]:
        if self._structured:
            try:
                structured = self._chat_model.with_structured_output(ModelRows, include_raw=True)
            except (NotImplementedError, ValueError):
                self._structured = False
            else:
                answer: Any = structured.invoke(messages)
                raw, calls = answer["raw"], [call["args"] for call in answer["raw"].tool_calls]
                self._count(messages, raw, str(raw.text) or json.dumps(calls))
                if answer["parsed"] is not None:
                    return {"rows": [row.model_dump() for row in answer["parsed"].rows]}, False
                return calls[0] if calls else str(raw.text), "cut" in ends(raw)
        text, last, cut = "", None, False
        for piece in stream_of(self._chat_model, messages, **self._form):
            text, last, cut = text + str(piece.text), piece, cut or "cut" in ends(piece)
            if len(text) > _MOST_CHARACTERS or self.left.is_set():
                break
        self._count(messages, last, text)
        return text, cut

    def _count(self, messages: Sequence[BaseMessage], raw: Any, answer: str) -> None:
        usage = raw.usage_metadata if isinstance(raw, AIMessage) else None
        with self._lock:
            self.tokens["read"] += usage["input_tokens"] if usage else tokens_of(messages)
            self.tokens["written"] += usage["output_tokens"] if usage else round(len(answer) / _A_TOKEN)


def tokens_of(messages: Sequence[BaseMessage]) -> int:
    return round(sum(len(str(message.text)) for message in messages) / _A_TOKEN)


def _rows_of(answer: Any) -> list[dict[str, Any]] | None:
    """The rows of an object, a list, or a text that contains one, possibly truncated; None if it is unreadable."""
    if isinstance(answer, str):
        begins = [at for sign in "[{" if (at := answer.find(sign)) >= 0]
        if not begins:
            return None
        try:
            answer = parse_partial_json(answer[min(begins) : max(answer.rfind("]"), answer.rfind("}")) + 1])
        except ValueError:
            return None
    if isinstance(answer, dict):
        answer = answer.get("rows")
    return [row for row in answer if isinstance(row, dict)] if isinstance(answer, list) else None
