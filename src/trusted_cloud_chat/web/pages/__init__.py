"""The pages beside the chat (market, corpus, articles, administration): plain HTML that works without scripts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.resources import files

from fastapi import APIRouter
from starlette.responses import Response

from trusted_cloud_chat.library import OpenAssistant
from trusted_cloud_chat.web.handlers import Handlers
from trusted_cloud_chat.web.pages.admin import admin_router
from trusted_cloud_chat.web.pages.answers import answers_router
from trusted_cloud_chat.web.pages.corpus import corpus_router
from trusted_cloud_chat.web.pages.market import market_router
from trusted_cloud_chat.web.pages.reader import reader_router
from trusted_cloud_chat.web.pages.rows import rows_router
from trusted_cloud_chat.web.pages.shelf import Shelf
from trusted_cloud_chat.web.pages.upkeep import Upkeep
from trusted_cloud_chat.web.visits import Visits

_ASSETS = {
    "pages.css": ("text/css", ("pages/pages.css",)),
    "pages.js": ("text/javascript", ("pages/pages.js",)),
    "answer.css": (
        "text/css",
        ("style.css", "sources.css", "drawer.css"),
    ),  # the chat's own, of which an answer is made
}


def pages_router(opened: OpenAssistant, handlers: Handlers) -> APIRouter:
    """All pages over what `opened` answers from."""
    router = APIRouter(include_in_schema=False)
    visits = Visits(opened.assistant)
    router.include_router(market_router(handlers, visits))
    assistant = opened.assistant
    shelf = Shelf(opened.settings.home, assistant.entities, assistant.articles_with)
    router.include_router(corpus_router(shelf, visits))
    upkeep = Upkeep(opened)
    router.include_router(admin_router(upkeep, shelf))
    router.include_router(rows_router(opened, upkeep.runs))
    router.include_router(answers_router(upkeep.answers, assistant))
    router.include_router(reader_router(assistant))
    for name, (kind, parts) in _ASSETS.items():
        router.add_api_route(f"/{name}", _asset(kind, parts), methods=["GET"])
    return router


def _asset(kind: str, parts: Sequence[str]) -> Callable[[], Response]:
    content = "".join((files("trusted_cloud_chat.web") / part).read_text("utf-8") for part in parts)
    return lambda: Response(content, media_type=kind, headers={"Cache-Control": "max-age=3600"})
