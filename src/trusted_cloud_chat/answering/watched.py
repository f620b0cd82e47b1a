"""Reports questions to whoever watches the assistant."""

from collections.abc import Callable, Generator, Iterator
from functools import wraps
from typing import Any, Protocol, TypeVar, cast

from trusted_cloud_chat.retrieval import Retrieved
from trusted_cloud_chat.schema import Answer


class Watcher(Protocol):
    """Sees each question from beginning to end; `operation.watching.Watch` in a server."""

    def answered(self, question: str, answers: Generator[Answer]) -> Iterator[Answer]:
        """`answers` as they come. Raises StoppingError while the server stops."""
        ...

    def found(self, question: str, find: Callable[[], Retrieved]) -> Retrieved:
        """The result of `find`. Raises StoppingError likewise."""
        ...


class _Watched(Protocol):
    watcher: Watcher | None


Asks = TypeVar("Asks", bound=Callable[..., Iterator[Answer]])
Finds = TypeVar("Finds", bound=Callable[..., Retrieved])


def answers(ask: Asks) -> Asks:
    """`ask`, a method that yields answers to its first argument, reported to the watcher."""

    @wraps(ask)
    def seen(self: _Watched, question: str, *given: Any, **named: Any) -> Iterator[Answer]:
        made = cast(Generator[Answer], ask(self, question, *given, **named))
        return made if self.watcher is None else self.watcher.answered(question, made)

    return cast(Asks, seen)


def finds(search: Finds) -> Finds:
    """`search`, a method that finds passages for its first argument, reported to the watcher."""

    @wraps(search)
    def seen(self: _Watched, question: str, *given: Any, **named: Any) -> Retrieved:
        def find() -> Retrieved:
            return search(self, question, *given, **named)

        return find() if self.watcher is None else self.watcher.found(question, find)

    return cast(Finds, seen)
