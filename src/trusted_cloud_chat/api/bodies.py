"""Bodies of requests."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from trusted_cloud_chat.errors import UsageError
from trusted_cloud_chat.fetching.wanted import is_address
from trusted_cloud_chat.schema import Mode, Turn, scope_of

Day = Annotated[str | None, Field(examples=["2026-03-12"], description="a year, month or day; counts as its last day")]


class TurnBody(BaseModel):
    """An earlier turn; the whole object of an answer is accepted."""

    question: str
    answer: str = ""


class AskedBody(BaseModel):
    """A question and its options."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(examples=["Quand Bleu sera-t-il qualifié ?"])
    turns: list[TurnBody] = Field([], description="earlier questions and answers, oldest first")
    today: Day = None
    as_of: Day = None
    published_from: Day = None
    published_to: Day = None
    source_types: list[str] = Field([], description="only articles of these kinds of source")
    about: list[str] = Field([], description="only articles that mention one of these names, spelt as in the aliases")

    def said(self) -> dict[str, Any]:
        """The arguments for `OpenAssistant`. Raises QuestionError."""
        turns = [Turn(turn.question, turn.answer) for turn in self.turns]
        within = scope_of(self.published_from, self.published_to, self.source_types, self.about)
        days = {"today": self.today, "as_of": self.as_of}
        return {"question": self.question, "turns": turns, **days, "within": within}


class AskBody(AskedBody):
    mode: Mode | None = Field(
        None, description="what a language model does, if the server has one: by default it writes"
    )
    stream: bool = Field(False, description="send the growing answer as server-sent events")


class SearchBody(AskedBody):
    k: int = Field(8, ge=1, le=100, description="how many passages")


class IngestBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    paths: list[str] = Field([], description="files or folders in the corpus; default: all of it")
    urls: list[str] = Field([], description="pages, feeds or sitemaps to fetch")
    originals: bool = Field(False, description="fetch the pages that the articles name as their sources")
    rebuild: bool = Field(False, description="rebuild the index")
    dry_run: bool = Field(False, description="report what a run would do")
    allow_deletions: bool = Field(False, description="continue even if much of the corpus is gone")

    def given(self, corpus: Path) -> list[str]:
        """The paths and addresses. Raises UsageError for a file outside the corpus: an administrator must not see the whole machine."""
        root = corpus.resolve()
        paths = {given: (root / given).resolve() for given in self.paths}
        for given, path in paths.items():
            if not path.is_relative_to(root):
                raise UsageError(
                    f"{given!r} is not in the corpus: use `trusted-cloud-chat ingest PATH` for files elsewhere"
                )
        for url in self.urls:
            if not is_address(url):
                raise UsageError(f"{url!r} is not an address: expected https://…")
        return [*map(str, paths.values()), *self.urls]


class Part(BaseModel):
    """A part of a message; only text is read."""

    type: str
    text: str = ""


class Message(BaseModel):
    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        if isinstance(self.content, str):
            return self.content
        return "\n".join(part.text for part in self.content or () if part.type == "text")


class ChatBody(BaseModel):
    """A chat request in OpenAI's protocol; other fields (temperature, tools…) are ignored."""

    model: str
    messages: list[Message]
    stream: bool = False
