"""Answer modes: quotes only, or written by a language model. No Gradio here."""

import threading
from collections.abc import Callable, Sequence

from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.errors import ChatModelError
from trusted_cloud_chat.models.nearby import Nearby
from trusted_cloud_chat.schema import Mode


class Voices:
    """The assistant in each mode, and with each model of this machine. Safe to use from several threads.

    A model is built when it is first chosen.
    """

    def __init__(
        self,
        assistant: Assistant,
        *,
        look: Callable[[], Sequence[Nearby]] = lambda: (),
        write: Callable[[Nearby], Assistant] | None = None,
    ) -> None:
        """`look` finds the models of this machine; `write` builds the assistant for a model."""
        self._assistant, self._look, self._write = assistant, look, write
        self._now: tuple[Nearby, ...] = ()
        self._ever: dict[str, Nearby] = {}
        self._built: dict[str, Assistant] = {}
        self._lock = threading.Lock()

    @property
    def configured(self) -> str | None:
        """The language model of the settings."""
        return self._assistant.chat_model

    @property
    def usual(self) -> Mode:
        """The default mode: written only if the settings name a model."""
        return "quotes" if self.configured is None else "written"

    @property
    def ready(self) -> tuple[Nearby, ...]:
        """The models that can be chosen."""
        return tuple(one for one in self._now if not one.missing)

    def look(self) -> None:
        self._now = tuple(self._look())
        self._ever.update((key_of(one), one) for one in self._now)

    def assistant(self, mode: str | None, key: str | None) -> Assistant:
        """The assistant for `mode` and the model with this `key`. Raises ChatModelError if the model is gone.

        Only models that the server has found can be named: a page cannot make the server connect to an address.
        """
        if mode is None or mode == self.usual:
            return self._assistant
        if mode == "chosen":
            return self.assistant("written", key).in_mode("chosen")
        if mode == "quotes":
            return self._assistant.written_by(None)
        found = self._ever.get(key) if key else next(iter(self.ready), None)
        if found is None or self._write is None:
            raise ChatModelError("the language model is no longer found on this machine: load the page again")
        with self._lock:
            named = key_of(found)
            self._built[named] = self._built.get(named) or self._write(found)
            return self._built[named]


def key_of(nearby: Nearby) -> str:
    return f"{nearby.spec} {nearby.url}"
