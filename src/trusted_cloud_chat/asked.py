"""What a program asks with: days as it may write them, and a conversation as its messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.errors import QuestionError
from trusted_cloud_chat.schema import Turn


def day_of(value: date | str | None) -> date | None:
    """A partial date counts as its last day. Raises QuestionError for what is no date."""
    try:
        return PartialDate.parse(value).last_day if isinstance(value, str) else value
    except ValueError as error:
        raise QuestionError(str(error)) from None


def conversation(messages: Sequence[BaseMessage]) -> tuple[str, list[Turn]]:
    """The question that it ends with, and the turns before; what neither the user nor the assistant said is passed over.

    Raises QuestionError where the last word is not the user's.
    """
    said: list[tuple[str, list[str]]] = []
    for message in messages:
        if isinstance(message, HumanMessage):
            said.append((str(message.text), []))
        elif isinstance(message, AIMessage) and said:
            said[-1][1].append(str(message.text))
    turns = [Turn(question, "\n\n".join(answers).strip()) for question, answers in said]
    if not turns or turns[-1].answer:
        raise QuestionError("expected a question, `question`, or messages of which the last is the user's")
    return turns[-1].question, turns[:-1]
