"""`/api/v1`: the commands `ask`, `search`, `list`, `article` and `ingest` over HTTP, and a page that lists the routes."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from html import escape
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from trusted_cloud_chat.api.answering import GONE, Answering, error_of, event, event_stream, is_whole
from trusted_cloud_chat.api.bodies import AskBody, IngestBody, SearchBody, TurnBody
from trusted_cloud_chat.api.tokens import Gate, client_of, person_of
from trusted_cloud_chat.ingestion import held
from trusted_cloud_chat.library import OpenAssistant
from trusted_cloud_chat.output.serialise import answer_to_dict, article_to_dict, found_to_dict, held_to_dict
from trusted_cloud_chat.people import feedback
from trusted_cloud_chat.schema import Answer

PREFIX = "/api/v1"
_MOST_TEXT = 20_000
_MOST_CITED = 100
_EVENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The object of `ask --json`; with `stream`, events `answer` with the growing object, then `done` with the complete one.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


def own_router(opened: OpenAssistant, gate: Gate, answering: Answering) -> APIRouter:
    router = APIRouter(prefix=PREFIX, tags=["Trusted Cloud Chat"])
    _questions(router, opened, [Depends(gate.asker)], answering)

    @router.get("/articles", dependencies=[Depends(gate.reader)])
    def articles(
        limit: Annotated[int, Query(ge=1, le=10_000)] = 1000, offset: Annotated[int, Query(ge=0)] = 0
    ) -> dict[str, Any]:
        """The articles of the index, by id, without their texts."""
        generation, versions = held(opened.settings.home)
        shown = versions[offset : offset + limit]
        return {"generation": generation, "total": len(versions), "articles": [held_to_dict(one) for one in shown]}

    @router.get("/articles/{article_id:path}", dependencies=[Depends(gate.reader)])
    def article(article_id: str, version: str | None = None) -> Response:
        """The stored text to which offsets refer; `version` as in a citation."""
        found = opened.article(article_id, version)
        if found is None:
            return JSONResponse(error_of(LookupError(f"no article {article_id!r} in that version")), status_code=404)
        return JSONResponse(article_to_dict(found))

    @router.post("/ingest", dependencies=[Depends(gate.admin)])
    async def ingest(body: IngestBody) -> dict[str, Any]:
        """Bring the index up to date with the server's corpus; responds at the end of the run. For administrators."""
        given = body.given(opened.settings.corpus)
        options = body.model_dump(exclude={"paths", "urls"})
        return (await answering.done(lambda: opened.ingest(*given, **options))).to_dict()

    add_feedback(router, opened, gate)

    @router.get("", include_in_schema=False)
    async def listing(request: Request) -> HTMLResponse:
        description = request.app.openapi()
        rows = "".join(
            f"<tr><td><code>{method.upper()} {escape(path)}</code></td><td>{escape(route.get('description', ''))}</td></tr>"
            for path, methods in description["paths"].items()
            for method, route in methods.items()
        )
        title = escape(description["info"]["title"])
        return HTMLResponse(
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1>'
            '<p>Requests and responses: <a href="/api/v1/openapi.json">OpenAPI</a>.</p>'
            f"<table><tr><th>Route</th><th>Description</th></tr>{rows}</table></html>"
        )

    return router


def _questions(router: APIRouter, opened: OpenAssistant, may: list[Any], answering: Answering) -> None:
    @router.post("/ask", dependencies=may, responses=_EVENTS)
    async def ask(body: AskBody, request: Request) -> Response:
        """The answer with its citations, or a refusal with its reason."""
        answers = answering.growing(lambda left: opened.stream(left=left, mode=body.mode, **body.said()))
        if body.stream:
            return await event_stream(_events(answers))
        last = await answering.last(request, answers)
        return JSONResponse(answer_to_dict(last)) if last else Response(status_code=GONE)

    @router.post("/search", dependencies=may)
    async def search(body: SearchBody) -> dict[str, Any]:
        """The nearest passages, best first."""
        return found_to_dict(body.question, await answering.done(lambda: opened.search(k=body.k, **body.said())))


async def _events(answers: AsyncGenerator[Answer]) -> AsyncGenerator[bytes]:
    shown = ""
    async with aclosing(answers):
        async for answer in answers:
            if is_whole(answer):
                yield event(answer_to_dict(answer), "done")
            elif answer.answer != shown:
                yield event(answer_to_dict(answer), "answer")
            shown = answer.answer


class CitedBody(BaseModel):
    n: int
    article_id: str = Field(max_length=1000)
    version: str = Field(max_length=100)
    start: int
    end: int
    quote: str = Field(max_length=_MOST_TEXT)


class QueryBody(BaseModel):
    kind: str = Field("fact", max_length=40)
    as_of: str | None = Field(None, max_length=10)


class AnswerBody(BaseModel):
    """An answer as `/api/v1/ask` gives it; other fields are ignored."""

    question: str = Field(min_length=1, max_length=_MOST_TEXT)
    answer: str = Field("", max_length=_MOST_TEXT)
    language: Literal["fr", "en"] = "fr"
    outcome: Literal["answered", "nearest", "refused"] = "answered"
    refusal_reason: str | None = Field(None, max_length=40)
    generation: int = 0
    query: QueryBody | None = None
    citations: list[CitedBody] = Field([], max_length=_MOST_CITED)


class FeedbackBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    answer: AnswerBody
    choice: feedback.Choice
    comment: str = Field("", max_length=feedback.MOST_COMMENT)
    turns: list[TurnBody] = Field([], max_length=_MOST_CITED, description="what came before, oldest first")


def add_feedback(router: APIRouter, opened: OpenAssistant, gate: Gate) -> None:
    store = feedback.FeedbackStore(opened.settings.home)

    @router.post("/feedback", dependencies=[Depends(gate.asker)], status_code=201)
    def give(body: FeedbackBody, request: Request) -> dict[str, Any]:
        """Say that an answer is right, or what is wrong with it; later feedback on the same answer replaces earlier feedback."""
        person = person_of(request.scope)
        by, told = person.name if person else None, body.model_dump()
        given = feedback.feedback_of(told["answer"], body.choice, comment=body.comment, person=by, turns=told["turns"])
        key = feedback.key_of(client_of(request.scope), given.question, given.generation, given.answer)
        store.keep(given, key)
        return {"id": key}

    @router.get("/feedback", dependencies=[Depends(gate.admin)])
    def listed(
        choice: feedback.Choice | None = None,
        limit: Annotated[int, Query(ge=1, le=10_000)] = 1000,
        offset: Annotated[int, Query(ge=0)] = 0,
    ) -> dict[str, Any]:
        """Readers' feedback, newest first. For administrators."""
        rows = store.rows(choice)
        shown = [feedback.feedback_to_dict(*row) for row in rows[offset : offset + limit]]
        return {"total": len(rows), "feedback": shown}
