"""The pages beside the chat (market, corpus, articles, administration): plain HTML that works without scripts."""

from collections.abc import Callable, Sequence
from importlib.resources import files

from fastapi import APIRouter
from starlette.responses import Response

from trusted_cloud_chat.library import OpenAssistant
from trusted_cloud_chat.web.handlers import Handlers
from trusted_cloud_chat.web.pages.admin import admin_router
from trusted_cloud_chat.web.pages.answers import answers_router
from trusted_cloud_chat.web.pages.articles import reader_router, rows_router
from trusted_cloud_chat.web.pages.corpus import Shelf, corpus_router
from trusted_cloud_chat.web.pages.market import market_router
from trusted_cloud_chat.web.pages.upkeep import Upkeep

_ASSETS = {
    "pages.css": ("text/css", ["tokens.css", "pages/pages.css"]),
    "pages.js": ("text/javascript", ["pages/pages.js"]),
    "answer.css": ("text/css", ["style.css", "sources.css", "drawer.css"]),  # an answer is styled as in the chat
}


def pages_router(opened: OpenAssistant, handlers: Handlers) -> APIRouter:
    router, assistant = APIRouter(include_in_schema=False), opened.assistant
    shelf = Shelf(opened.settings.home, assistant.entities, assistant.articles_with)
    upkeep = Upkeep(opened)
    for pages in (
        market_router(handlers),
        corpus_router(shelf, assistant),
        admin_router(upkeep, shelf),
        rows_router(opened, upkeep.runs),
        answers_router(upkeep.answers, assistant),
        reader_router(assistant),
    ):
        router.include_router(pages)
    for name, (kind, parts) in _ASSETS.items():
        router.add_api_route(f"/{name}", _asset(kind, parts), methods=["GET"])
    return router


def _asset(kind: str, parts: Sequence[str]) -> Callable[[], Response]:
    content = "".join((files("trusted_cloud_chat.web") / part).read_text("utf-8") for part in parts)
    return lambda: Response(content, media_type=kind, headers={"Cache-Control": "max-age=3600"})
