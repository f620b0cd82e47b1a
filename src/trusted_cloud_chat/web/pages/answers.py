"""`/reponses/NAME`: an answer as it was given, stored when its link is copied."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter
from fastapi import Path as InPath
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.people.conversations import Archive, KeptTalk
from trusted_cloud_chat.web.escaping import STRINGS
from trusted_cloud_chat.web.handlers import Exchange
from trusted_cloud_chat.web.kept import packed, unpacked
from trusted_cloud_chat.web.pages.frame import Asked, page_router
from trusted_cloud_chat.web.rendering import answer_html
from trusted_cloud_chat.web.sources import panel_html

_ALL = " "
"""Owner of the stored answers in the archive: no valid name."""
_Name = Annotated[str, InPath(max_length=64, pattern="^[a-f0-9]+$")]


class GivenAnswers:
    """In the file of conversations, for `remove --forget`. Raises HomeNotWritableError, StorageError."""

    def __init__(self, home: Path) -> None:
        archive = Archive(home, most=5_000, most_of_all=200_000_000)
        self._put, self.remove = partial(archive.put, _ALL), partial(archive.remove, _ALL)
        self.get, self.every = partial(archive.get, _ALL), partial(archive.talks, _ALL)

    def keep(self, exchange: Exchange) -> str:
        """Its address, which depends only on the answer."""
        alone = [replace(exchange, number=1)]
        name = sha256(packed("a", alone).encode()).hexdigest()[:24]
        at = datetime.now(UTC).isoformat(timespec="seconds")
        self._put(KeptTalk(name, exchange.question[:200], at, packed(name, alone)))
        return f"/reponses/{name}"


def answers_router(given: GivenAnswers, assistant: Assistant) -> APIRouter:
    router, administrators = page_router(), page_router(administrators=True)

    @router.get("/reponses/{name}")
    def answer(request: Request, name: _Name) -> Response:
        asked = Asked(request)
        strings, text = STRINGS[asked.language], given.get(name)
        talk = unpacked(text, assistant.article, strings) if text else None
        shown = talk.exchanges[0] if talk else None
        if shown is None or shown.answer is None:
            return asked.missing(asked.texts["answer"]["gone"])
        shown = replace(shown, answer=replace(shown.answer, next_questions=()))
        return asked.page(
            "answer.html", exchange=shown, answer=answer_html(shown, strings), sources=panel_html([shown], strings)
        )

    @administrators.post("/reponses/{name}")
    def remove(request: Request, name: _Name) -> Response:
        given.remove(name)
        return RedirectResponse(Asked(request).link("/corpus/administration", look="answers"), 303)

    router.include_router(administrators)
    return router
