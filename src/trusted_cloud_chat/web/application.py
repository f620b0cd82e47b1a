"""The ASGI application: page, API, guard and static assets."""

from collections.abc import Callable
from functools import partial
from importlib.resources import files

import gradio as gr
from fastapi import APIRouter
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from trusted_cloud_chat.api.application import build_api
from trusted_cloud_chat.api.tokens import Rate
from trusted_cloud_chat.corpus import MEGABYTE
from trusted_cloud_chat.library import OpenAssistant
from trusted_cloud_chat.models.nearby import Nearby
from trusted_cloud_chat.operation.watching import Watch
from trusted_cloud_chat.people.conversations import Archive
from trusted_cloud_chat.people.feedback import FeedbackStore
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.settings import Settings
from trusted_cloud_chat.web.guard import Guard, is_alone
from trusted_cloud_chat.web.handlers import Handlers, Voices
from trusted_cloud_chat.web.kept import GivenAnswers, answers_router, archive_router
from trusted_cloud_chat.web.limits import Limits, behind_proxies
from trusted_cloud_chat.web.page import build_page
from trusted_cloud_chat.web.pages.admin import admin_router
from trusted_cloud_chat.web.pages.articles import reader_router, rows_router
from trusted_cloud_chat.web.pages.corpus import Shelf, corpus_router
from trusted_cloud_chat.web.pages.market import market_router
from trusted_cloud_chat.web.pages.upkeep import Upkeep
from trusted_cloud_chat.web.signing_in import SignIn, role_of
from trusted_cloud_chat.wiring import build_written, find_nearby

_STYLES = ("style.css", "sources.css", "drawer.css", "people.css", "talks.css")
_AROUND = {"tokens.css": "all", "frame.css": "all", "contrast.css": "(forced-colors: active)", "print.css": "print"}
_SCRIPTS = ("waiting.js", "page.js", "drawer.js", "keeper.js", "talks.js", "fields.js", "keys.js")
_ASSETS = {
    "pages.css": ("text/css", ["tokens.css", "pages/pages.css"]),
    "pages.js": ("text/javascript", ["pages/pages.js"]),
    "answer.css": ("text/css", ["style.css", "sources.css", "drawer.css"]),  # an answer is styled as in the chat
}


def build_application(opened: OpenAssistant, *, watch: Watch, notice: Callable[[Language], str | None]) -> ASGIApp:
    """`notice` is always shown on the page. Nothing is loaded from other hosts."""
    settings, assistant = opened.settings, opened.assistant
    limits = Limits(Rate(0 if is_alone(settings) else settings.questions_a_minute))
    write = partial(build_written, settings, assistant, opened.embedder)
    voices = Voices(assistant, look=lambda: nearby_of(settings), write=write)
    handlers = Handlers(assistant, voices=voices, keep=GivenAnswers(settings.home).keep)
    page = build_page(handlers, notice=notice, limits=limits, feedback=FeedbackStore(settings.home))
    api = build_api(opened, watch, limits.rate)
    api.include_router(archive_router(Archive(settings.home)))
    api.include_router(pages_router(opened, handlers))
    # A mounted page counts as not launched, and then Gradio does not check whether a file that an event names was uploaded.
    page.has_launched = True
    gr.mount_gradio_app(
        api,
        page,
        path="/",
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=settings.max_file_mb * MEGABYTE,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        favicon_path=str(files("trusted_cloud_chat.web") / "icon.svg"),
        # Gradio's plainest theme over the system's own fonts: nothing is fetched.
        theme=gr.themes.Base(
            font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "Liberation Sans", "sans-serif"],
            font_mono=["ui-monospace", "Consolas", "Liberation Mono", "monospace"],
        ).set(body_background_fill="#f4f5f7", body_background_fill_dark="#11151b"),
        css="".join(map(_asset, _STYLES)),
        # Gradio scopes `css` to its own container: styles for the rest go into the head.
        head="".join(
            [f'<style media="{media}">{_asset(name)}</style>' for name, media in _AROUND.items()]
            + [f"<script>{_asset(name)}</script>" for name in _SCRIPTS]
        ),
    )
    people = SignIn(settings)
    most = 10 * settings.max_file_mb * MEGABYTE  # ten of the largest files in one request
    guarded = Guard(
        people.required(limits.around(api)),
        host=settings.host,
        uploads=lambda scope: most if role_of(Request(scope)) == "admin" else 0,
    )
    return behind_proxies(people.known(GZipMiddleware(guarded, compresslevel=5)), settings.proxies)


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
        # A response is an ASGI application, which `add_route` accepts in place of a function.
        sent = Response("".join(map(_asset, parts)), media_type=kind, headers={"Cache-Control": "max-age=3600"})
        router.add_route(f"/{name}", sent, methods=["GET"])  # type: ignore[arg-type]
    return router


def nearby_of(settings: Settings) -> tuple[Nearby, ...]:
    """The local models that the page offers; none if anybody but this machine's user can open it."""
    return find_nearby(settings) if is_alone(settings) else ()


def _asset(name: str) -> str:
    return (files("trusted_cloud_chat.web") / name).read_text(encoding="utf-8")
