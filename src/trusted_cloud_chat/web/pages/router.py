"""Routes of the pages and their static assets."""

from __future__ import annotations

from collections.abc import Callable
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
from trusted_cloud_chat.web.pages.visit import Visits

_KINDS = {"pages.css": "text/css", "pages.js": "text/javascript"}


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
    for name, kind in _KINDS.items():
        router.add_api_route(f"/{name}", _asset(name, kind), methods=["GET"])
    return router


def _asset(name: str, kind: str) -> Callable[[], Response]:
    content = (files("trusted_cloud_chat.web.pages") / name).read_bytes()

    def asset() -> Response:
        return Response(content, media_type=kind, headers={"Cache-Control": "max-age=3600"})

    return asset
