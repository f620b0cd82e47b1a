"""What is asked of an assistant, told to whoever watches over it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from functools import wraps
from typing import Any, Protocol, TypeVar, cast

from trusted_cloud_chat.retrieval import Retrieved
from trusted_cloud_chat.schema import Answer


class Watcher(Protocol):
    """Sees what is asked from its beginning to its end; `operation.watching.Watch` in a server."""

    def answered(self, question: str, answers: Generator[Answer]) -> Iterator[Answer]:
        """`answers` as they come. Raises StoppingError where no new ones are made any more."""
        ...

    def found(self, question: str, find: Callable[[], Retrieved]) -> Retrieved:
        """What `find` finds. Raises StoppingError likewise."""
        ...


class Watched:
    """What can be asked under the eyes of a watcher; without one nothing is told to anybody."""

    watcher: Watcher | None = None

    def watch(self, watcher: Watcher) -> None:
        """Tell `watcher` of all that is asked from now on, also of copies that are made from now on."""
        self.watcher = watcher


Asks = TypeVar("Asks", bound=Callable[..., Iterator[Answer]])
Finds = TypeVar("Finds", bound=Callable[..., Retrieved])


def answers(ask: Asks) -> Asks:
    """`ask`, a method that yields answers to its first argument, seen by the watcher."""

    @wraps(ask)
    def seen(self: Watched, question: str, *given: Any, **named: Any) -> Iterator[Answer]:
        made = cast(Generator[Answer], ask(self, question, *given, **named))
        return made if self.watcher is None else self.watcher.answered(question, made)

    return cast(Asks, seen)


def finds(search: Finds) -> Finds:
    """`search`, a method that finds passages for its first argument, seen by the watcher."""

    @wraps(search)
    def seen(self: Watched, question: str, *given: Any, **named: Any) -> Retrieved:
        def find() -> Retrieved:
            return search(self, question, *given, **named)

        return find() if self.watcher is None else self.watcher.found(question, find)

    return cast(Finds, seen)
