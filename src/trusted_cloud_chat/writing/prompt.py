"""What the chat model reads (rules, numbered and dated passages, question), and what the reader is told about it."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from trusted_cloud_chat.answering.wording import attribution
from trusted_cloud_chat.dates import spoken_day
from trusted_cloud_chat.schema import Language, Passage
from trusted_cloud_chat.writing.drafts import neutralise

_MAX_PASSAGE = 1600
"""Characters of one passage: eight of them fit the 8,192 tokens of a small model."""


@cache
def texts(name: str) -> dict[str, Any]:
    """A table of `data/writing.toml`, by language."""
    text = resources.files("trusted_cloud_chat.data").joinpath("writing.toml").read_text("utf-8")
    found: dict[str, Any] = tomllib.loads(text)[name]
    return found


def notice(key: str, language: Language, **fields: object) -> str:
    """What the reader is told; a key of `notices`."""
    return str(texts("notices")[language][key]).format(**fields)


def build_prompt(question: str, passages: Sequence[Passage], language: Language, today: date) -> list[BaseMessage]:
    """The messages; passage n of `passages` is cited as [n], from 1."""
    rules = texts("rules")[language].strip().format(not_found=texts("not_found")[language])
    asked = texts("asked")[language].format(
        passages="\n".join(_block(n, passage, language) for n, passage in enumerate(passages, start=1)),
        day=spoken_day(today, language).replace("\u00a0", " "),
        question=neutralise(question),
    )
    return [SystemMessage(rules), HumanMessage(asked)]


def _block(n: int, passage: Passage, language: Language) -> str:
    text = neutralise(passage.text)
    if len(text) > _MAX_PASSAGE:
        text = text[:_MAX_PASSAGE].rsplit(" ", 1)[0] + " (…)"
    source = neutralise(attribution(passage.article, language)).replace('"', "'")
    return f'<passage n="{n}" source="{source}">\n{text}\n</passage>'
