"""`serve` with an assistant that takes its time over « lentement » and breaks at « panne ». Run by `server_address`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from trusted_cloud_chat.isolation import isolate

isolate()

from trusted_cloud_chat.answering.assistant import Assistant  # noqa: E402
from trusted_cloud_chat.schema import Answer  # noqa: E402
from trusted_cloud_chat.settings import load_settings  # noqa: E402
from trusted_cloud_chat.web import server  # noqa: E402
from trusted_cloud_chat.wiring import build_assistant  # noqa: E402

_STEPS = 40
_PAUSE_S = 0.5
NOTICES = {
    "fr": "Avis <b> : la question part pour chat.example.",
    "en": "Notice: the question leaves for chat.example.",
}


class Troubled:
    """The real assistant but for two words."""

    def __init__(self, real: Assistant) -> None:
        self._real = real

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def stream(self, question: str, **options: Any) -> Iterator[Answer]:
        if "panne" in question:
            raise RuntimeError("a fault that nobody foresaw")
        for answer in self._real.stream(question, **options):
            if "lentement" in question:
                for step in range(_STEPS):
                    yield replace(answer, answer=f"{answer.answer}\n\nétape {step}")
                    time.sleep(_PAUSE_S)
            yield answer


server.build_assistant = lambda settings, embedder=None: Troubled(build_assistant(settings, embedder))  # type: ignore[assignment]
server.serve_page(load_settings(), notice=lambda language: NOTICES[language])
