"""Trusted Cloud Chat in a Python program: `with open_assistant() as assistant:` and `assistant.ask(…)` (docs/python.md).

The same `Assistant`, `Answer` and `IngestReport` as on the page and the command line.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage

from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.errors import QuestionError
from trusted_cloud_chat.fetching.wanted import parted
from trusted_cloud_chat.ingestion import IngestReport
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.progress import Progress
from trusted_cloud_chat.retrieval import Retrieved
from trusted_cloud_chat.schema import EVERYTHING, Answer, Article, Coverage, Mode, Scope, Turn
from trusted_cloud_chat.settings import Settings, load_settings
from trusted_cloud_chat.wiring import build_assistant, build_embedder, run_ingest

Day = date | str | None
"""A date, or a year, month or day as text (`2024`, `2024-03`), which counts as its last day."""


class OpenAssistant(AbstractContextManager["OpenAssistant"]):
    """An assistant and its index, until it is closed. Safe to use from several threads."""

    def __init__(
        self, settings: Settings, embedder: Embedder | None = None, assistant: Assistant | None = None
    ) -> None:
        """`embedder` and `assistant`: built from `settings` by default."""
        self.settings = settings
        self.embedder = embedder or build_embedder(settings)
        self.assistant = assistant or build_assistant(settings, self.embedder)

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Release the index; nothing can be asked afterwards."""
        self.assistant.close()

    def ask(
        self,
        question: str,
        *,
        turns: Sequence[Turn] = (),
        today: Day = None,
        as_of: Day = None,
        within: Scope = EVERYTHING,
        mode: Mode | None = None,
    ) -> Answer:
        """The answer, or a refusal that says why. Raises QuestionError, IndexEmptyError.

        `turns` came before in the conversation; `today` is the question's day; nothing published after `as_of` is seen, and
        nothing outside `within` (docs/python.md); `mode` says what a language model does, if there is one.
        """
        *_, last = self.stream(question, turns=turns, today=today, as_of=as_of, within=within, mode=mode)
        return last

    def stream(
        self,
        question: str,
        *,
        turns: Sequence[Turn] = (),
        today: Day = None,
        as_of: Day = None,
        within: Scope = EVERYTHING,
        mode: Mode | None = None,
        left: threading.Event | None = None,
    ) -> Iterator[Answer]:
        """The growing answer, complete each time; only the last has timings. Ends when `left` is set."""
        (day, seen), answering = (day_of(today), day_of(as_of)), self.assistant.in_mode(mode)
        return answering.stream(question, turns=turns, today=day, as_of=seen, within=within, left=left)

    def search(
        self,
        question: str,
        k: int = 8,
        *,
        turns: Sequence[Turn] = (),
        today: Day = None,
        as_of: Day = None,
        within: Scope = EVERYTHING,
    ) -> Retrieved:
        """The `k` passages nearest to a question, best first, without an answer. Raises QuestionError, IndexEmptyError."""
        day, seen = day_of(today), day_of(as_of)
        return self.assistant.search(question, k, turns=turns, today=day, as_of=seen, within=within)

    def article(self, article_id: str, version: str | None = None) -> Article | None:
        """The stored text to which offsets refer; default: the current version. None if there is none."""
        return self.assistant.article(article_id, version)

    def coverage(self, as_of: Day = None) -> Coverage:
        """The number of articles and their period. Raises IndexEmptyError."""
        return self.assistant.coverage(day_of(as_of))

    def ingest(
        self,
        *given: str | Path,
        originals: bool = False,
        rebuild: bool = False,
        dry_run: bool = False,
        allow_deletions: bool = False,
        progress: Progress | None = None,
    ) -> IngestReport:
        """Update the index from the corpus, or add the files, folders and addresses `given`. Embeds only what changed; the next
        question sees it. Unusable files are in `failed`.

        Raises UsageError, CorpusNotFoundError, IndexBusyError.
        """
        paths, urls = parted(list(map(str, given)))
        return run_ingest(
            self.settings, paths, urls=urls, originals=originals, embedder=self.embedder, rebuild=rebuild, dry_run=dry_run,
            allow_deletions=allow_deletions, progress=progress,
        )  # fmt: skip


def open_assistant(**settings: Any) -> OpenAssistant:
    """An assistant over the index in `home`. Each setting is a keyword (`home=…`, `chat_model=…`; docs/settings.md); default: its `TCC_…`
    variable.

    The index may still be empty: `ingest` fills it. Raises SettingsError, EmbedderError, ChatModelError.
    """
    return OpenAssistant(load_settings(**settings))


def day_of(value: date | str | None) -> date | None:
    """A partial date counts as its last day. Raises QuestionError for an invalid date."""
    return PartialDate.parse(value).last_day if isinstance(value, str) else value


def conversation(messages: Sequence[BaseMessage]) -> tuple[str, list[Turn]]:
    """The last question and the turns before it; messages by others than user and assistant are ignored.

    Raises QuestionError if the last message is not the user's.
    """
    said: list[tuple[str, list[str]]] = []
    for message in messages:
        if isinstance(message, HumanMessage):
            said.append((str(message.text), []))
        elif isinstance(message, AIMessage) and said:
            said[-1][1].append(str(message.text))
    turns = [Turn(question, "\n\n".join(answers).strip()) for question, answers in said]
    if not turns or turns[-1].answer:
        raise QuestionError("expected a question, `question`, or messages that end with the user's")
    return turns[-1].question, turns[:-1]
