"""`/api/v1`: the JSON of the commands `ask`, `search`, `list`, `article` and `ingest`."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing
from html import escape
from threading import Event
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from trusted_cloud_chat.api.answering import GONE, Answering, error_of, event, event_stream, is_whole
from trusted_cloud_chat.api.bodies import AskBody, IngestBody, SearchBody
from trusted_cloud_chat.api.feedback import add_feedback
from trusted_cloud_chat.api.tokens import Gate
from trusted_cloud_chat.ingestion import held
from trusted_cloud_chat.library import OpenAssistant
from trusted_cloud_chat.output.serialise import answer_to_dict, article_to_dict, found_to_dict, held_to_dict
from trusted_cloud_chat.schema import Answer

PREFIX = "/api/v1"
_EVENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The object of `ask --json`; with `stream` events `answer` with it as it grows, `done` with the whole.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


def own_router(opened: OpenAssistant, gate: Gate, answering: Answering) -> APIRouter:
    """The routes over `opened`."""
    router = APIRouter(prefix=PREFIX, tags=["Trusted Cloud Chat"])
    _questions(router, opened, [Depends(gate.asker)], answering)
    _articles(router, opened, [Depends(gate.reader)])
    _runs(router, opened, [Depends(gate.admin)], answering)
    add_feedback(router, opened, gate)

    @router.get("", include_in_schema=False)
    async def listing(request: Request) -> HTMLResponse:
        return HTMLResponse(listing_html(request.app.openapi()))

    return router


def _questions(router: APIRouter, opened: OpenAssistant, may: list[Any], answering: Answering) -> None:
    @router.post("/ask", dependencies=may, responses=_EVENTS)
    async def ask(body: AskBody, request: Request) -> Response:
        """The answer with its citations, or a refusal that says why."""
        answers = answering.growing(lambda left: _answers(opened, body, left))
        if body.stream:
            return await event_stream(_events(answers))
        last = await answering.last(request, answers)
        return JSONResponse(answer_to_dict(last)) if last else Response(status_code=GONE)

    @router.post("/search", dependencies=may)
    async def search(body: SearchBody) -> dict[str, Any]:
        """The passages nearest to a question, best first."""
        return found_to_dict(body.question, await answering.done(lambda: opened.search(k=body.k, **body.said())))


def _articles(router: APIRouter, opened: OpenAssistant, may: list[Any]) -> None:
    @router.get("/articles", dependencies=may)
    def articles(
        limit: Annotated[int, Query(ge=1, le=10_000)] = 1000, offset: Annotated[int, Query(ge=0)] = 0
    ) -> dict[str, Any]:
        """What the index answers from, by id, without the texts."""
        generation, versions = held(opened.settings.home)
        shown = versions[offset : offset + limit]
        return {"generation": generation, "total": len(versions), "articles": [held_to_dict(one) for one in shown]}

    @router.get("/articles/{article_id:path}", dependencies=may)
    def article(article_id: str, version: str | None = None) -> Response:
        """The stored text that offsets count in; `version` as a citation names it."""
        found = opened.article(article_id, version)
        if found is None:
            return JSONResponse(error_of(LookupError(f"no article {article_id!r} in that version")), status_code=404)
        return JSONResponse(article_to_dict(found))


def _runs(router: APIRouter, opened: OpenAssistant, may: list[Any], answering: Answering) -> None:
    @router.post("/ingest", dependencies=may)
    async def ingest(body: IngestBody) -> dict[str, Any]:
        """Bring the index up to date with the corpus of the server; comes back when the run has ended. For administrators."""
        given = body.given(opened.settings.corpus)
        options = body.model_dump(exclude={"paths", "urls"})
        return (await answering.done(lambda: opened.ingest(*given, **options))).to_dict()


def _answers(opened: OpenAssistant, body: AskBody, left: Event) -> Generator[Answer]:
    yield from opened.stream(left=left, **body.said())


async def _events(answers: AsyncGenerator[Answer]) -> AsyncGenerator[bytes]:
    shown = ""
    async with aclosing(answers):
        async for answer in answers:
            if is_whole(answer):
                yield event(answer_to_dict(answer), "done")
            elif answer.answer != shown:
                yield event(answer_to_dict(answer), "answer")
            shown = answer.answer


def listing_html(description: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{method.upper()} {escape(path)}</code></td><td>{escape(route.get('description', ''))}</td></tr>"
        for path, methods in description["paths"].items()
        for method, route in methods.items()
    )
    title = escape(description["info"]["title"])
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1>'
        '<p>Bodies and answers: <a href="/api/v1/openapi.json">OpenAPI</a>.</p>'
        f"<table><tr><th>Route</th><th>What it gives</th></tr>{rows}</table></html>"
    )
