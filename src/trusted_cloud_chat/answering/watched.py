"""Reports the questions to an assistant to its watcher."""

from collections.abc import Callable, Generator, Iterator
from functools import wraps
from typing import Any, Protocol, TypeVar, cast

from trusted_cloud_chat.retrieval import Retrieved
from trusted_cloud_chat.schema import Answer


class Watcher(Protocol):
    """Observes each question from start to end; implemented by `operation.watching.Watch`."""

    def answered(self, question: str, answers: Generator[Answer]) -> Iterator[Answer]:
        """Passes `answers` on as they come. Raises StoppingError while the server stops."""
        ...

    def found(self, question: str, find: Callable[[], Retrieved]) -> Retrieved:
        """Returns the result of `find`. Raises StoppingError while the server stops."""
        ...


class _Watched(Protocol):
    watcher: Watcher | None


Asks = TypeVar("Asks", bound=Callable[..., Iterator[Answer]])
Finds = TypeVar("Finds", bound=Callable[..., Retrieved])


def answers(ask: Asks) -> Asks:
    """Decorator: reports `ask`, a method that yields answers to its first argument, to the watcher."""

    @wraps(ask)
    def seen(self: _Watched, question: str, *given: Any, **named: Any) -> Iterator[Answer]:
        made = cast(Generator[Answer], ask(self, question, *given, **named))
        return made if self.watcher is None else self.watcher.answered(question, made)

    return cast(Asks, seen)


def finds(search: Finds) -> Finds:
    """Decorator: reports `search`, a method that finds passages for its first argument, to the watcher."""

    @wraps(search)
    def seen(self: _Watched, question: str, *given: Any, **named: Any) -> Retrieved:
        def find() -> Retrieved:
            return search(self, question, *given, **named)

        return find() if self.watcher is None else self.watcher.found(question, find)

    return cast(Finds, seen)
