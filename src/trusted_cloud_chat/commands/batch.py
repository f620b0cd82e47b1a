"""`ask --batch`: reads one question per line and writes one JSON object per line."""

import json
import logging
from collections.abc import Iterable
from datetime import date
from typing import Any, TextIO

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.api.bodies import TurnBody
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.errors import IndexEmptyError, TrustedCloudChatError
from trusted_cloud_chat.output.serialise import answer_to_dict
from trusted_cloud_chat.schema import Turn

_LOG = logging.getLogger(__name__)


class _BatchLine(BaseModel):
    model_config = ConfigDict(extra="allow")

    question: str
    turns: list[TurnBody] = Field(default_factory=list)
    as_of: str | None = None


def answer_lines(
    assistant: Assistant, lines: Iterable[bytes], out: TextIO, *, today: date | None, as_of: date | None
) -> bool:
    """Answer each line independently, one line out for each line in. Returns whether all succeeded.

    An invalid or empty line, or a question that fails, gives `question` and `error`. Unknown keys are listed in `unread`.
    """
    good = True
    for line in lines:
        result = _answer_line(assistant, line.strip(), today, as_of)
        good = good and "error" not in result
        out.write(json.dumps(result, ensure_ascii=False) + "\n")
        out.flush()
    return good


def _answer_line(assistant: Assistant, line: bytes, today: date | None, as_of: date | None) -> dict[str, Any]:
    try:
        asked = _parse(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return {"question": line.decode(errors="replace"), "error": "the line is not UTF-8"}
    except ValueError as error:
        return {"question": line.decode(), "error": str(error)}
    unread = {"unread": sorted(asked.model_extra)} if asked.model_extra else {}
    try:
        day = PartialDate.parse(asked.as_of).last_day if asked.as_of else as_of
    except ValueError as error:
        return {"question": asked.question, "error": f"as_of: {error}", **unread}
    try:
        turns = [Turn(turn.question, turn.answer) for turn in asked.turns]
        return {**answer_to_dict(assistant.ask(asked.question, turns=turns, today=today, as_of=day)), **unread}
    except IndexEmptyError:
        raise  # no line can be answered
    except TrustedCloudChatError as error:
        return {"question": asked.question, "error": str(error), **unread}
    except Exception as error:
        _LOG.exception("a question failed")
        return {"question": asked.question, "error": f"unexpected: {type(error).__name__}: {error}", **unread}


def _parse(line: str) -> _BatchLine:
    """Parse a plain question, or an object with `question`. Raises ValueError."""
    if not line.startswith("{"):
        return _BatchLine(question=line)
    try:
        return _BatchLine.model_validate_json(line)
    except ValidationError as error:
        detail = error.errors()[0]
        field = ".".join(str(part) for part in detail["loc"])
        raise ValueError(f"expected an object with `question`: {field} {detail['msg']}".strip()) from None
