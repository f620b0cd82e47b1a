"""What an assistant can be given beside its parts: who writes its answers, who watches over them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Protocol

from trusted_cloud_chat.retrieval import Retrieved
from trusted_cloud_chat.schema import Answer, Language, Query, Turn


class AnswerWriter(Protocol):
    """What has a language model write; `writing.writer.Writer` in the product."""

    name: str

    def may_try(self, extractive: Answer) -> bool:
        """Whether a model is asked at all."""
        ...

    def stream(self, question: str, query: Query, extractive: Answer, turns: Sequence[Turn] = ()) -> Iterator[Answer]:
        """`extractive`, then the answer over it as its sentences are verified; `extractive` again where none is proved."""
        ...

    def rework(
        self, question: str, query: Query, before: Answer, plain: Answer, turns: Sequence[Turn] = ()
    ) -> Iterator[Answer]:
        """`before` said otherwise; `plain` where that fails."""
        ...

    def make_whole(self, question: str, language: Language, turns: Sequence[Turn]) -> str | None:
        """A follow-up as a question that stands alone, if it can be made one."""
        ...


class Watcher(Protocol):
    """Sees what is asked from its beginning to its end; `operation.watching.Watch` in a server."""

    def answered(self, question: str, answers: Generator[Answer]) -> Iterator[Answer]:
        """`answers` as they come. Raises StoppingError where no new ones are made any more."""
        ...

    def found(self, question: str, find: Callable[[], Retrieved]) -> Retrieved:
        """What `find` finds."""
        ...
