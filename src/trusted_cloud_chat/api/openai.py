"""`/v1`: OpenAI's protocol, so that chat programs can use this server as a model."""

import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from threading import Event
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage

from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.api.answering import GONE, Answering, error_of, event, event_stream, is_whole
from trusted_cloud_chat.api.bodies import ChatBody
from trusted_cloud_chat.api.tokens import Gate
from trusted_cloud_chat.fetching.wanted import is_address
from trusted_cloud_chat.library import OpenAssistant, conversation
from trusted_cloud_chat.output.pieces import pieces
from trusted_cloud_chat.output.serialise import citation_to_dict
from trusted_cloud_chat.schema import Answer, Citation

MODEL = "trusted-cloud-chat"
QUOTES, CHOSEN = f"{MODEL}-quotes", f"{MODEL}-chosen"
"""Further models if there is a language model: quotes found without it, and quotes that it chooses."""


def openai_router(opened: OpenAssistant, gate: Gate, answering: Answering) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["As OpenAI"], dependencies=[Depends(gate.reader)])
    usual = opened.assistant
    models = {MODEL: usual}
    if usual.chat_model:
        models |= {QUOTES: usual.in_mode("quotes"), CHOSEN: usual.in_mode("chosen")}
    began = int(time.time())

    @router.get("/models")
    async def list_models() -> dict[str, Any]:
        """The values of `model`."""
        return {"object": "list", "data": [_model(name, began) for name in models]}

    @router.get("/models/{model}")
    async def one_model(model: str) -> Response:
        return JSONResponse(_model(model, began)) if model in models else _no_model(model)

    @router.post("/chat/completions", dependencies=[Depends(gate.asker)])
    async def complete(body: ChatBody, request: Request) -> Response:
        """An answer to the last message; its citations are `annotations`. System messages are ignored."""
        if body.model not in models:
            return _no_model(body.model)
        answers = answering.growing(lambda left: _answers(models[body.model], body, left))
        base = str(request.base_url)
        told = {"id": f"chatcmpl-{uuid4().hex}", "created": int(time.time()), "model": body.model}
        if body.stream:
            return await event_stream(_chunks(answers, base, {**told, "object": "chat.completion.chunk"}))
        last = await answering.last(request, answers)
        if last is None:
            return Response(status_code=GONE)
        message = {"role": "assistant", "content": last.answer, "refusal": None, "annotations": cited_in(last, base)}
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        return JSONResponse({**told, "object": "chat.completion", "choices": [choice]})

    return router


def cited_in(answer: Answer, base: str, before: int = 0) -> list[dict[str, Any]]:
    """An annotation per marker: its place in the text, which starts at `before`, its article, and the citation of `ask --json`."""
    cited, found, place = {citation.n: citation for citation in answer.citations}, [], before
    for piece in pieces(answer.answer, answer):
        end = place + len(piece.text) + (2 if piece.kind == "marker" else 0)
        if piece.kind == "marker":
            one = cited[int(piece.text)]
            where = {"start_index": place, "end_index": end, "title": one.article.title, "url": _address(one, base)}
            found.append({"type": "url_citation", "url_citation": {**where, "citation": citation_to_dict(one)}})
        place = end
    return found


def _address(citation: Citation, base: str) -> str:
    article = citation.article
    if article.url and is_address(article.url):
        return article.url
    return f"{base}api/v1/articles/{quote(article.article_id)}?version={article.version}"


def _answers(assistant: Assistant, body: ChatBody, left: Event) -> Iterator[Answer]:
    kinds: dict[str, type[BaseMessage]] = {"user": HumanMessage, "assistant": AIMessage}
    said = [kinds[message.role](message.text) for message in body.messages if message.role in kinds]
    question, turns = conversation(said)
    return assistant.stream(question, turns=turns, left=left)


async def _chunks(answers: AsyncGenerator[Answer], base: str, told: dict[str, Any]) -> AsyncGenerator[bytes]:
    def chunk(delta: dict[str, Any], finish: str | None = None) -> bytes:
        return event({**told, "choices": [{"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}]})

    sent, began = "", False
    async with aclosing(answers):
        async for answer in answers:
            new = _continued(sent, answer)
            if new or not began:
                yield chunk({"content": new, **({} if began else {"role": "assistant"})})
            sent, began = sent + new, True
            if is_whole(answer):
                yield chunk({"annotations": cited_in(answer, base, len(sent) - len(answer.answer))})
                yield chunk({}, "stop")
    yield event("[DONE]")


def _continued(sent: str, answer: Answer) -> str:
    """The text to append to `sent`, which the client already has.

    While a model writes, only its own text is sent; the quotes follow at the end. If it retracts text, the whole answer follows at the end.
    """
    text = answer.answer
    if not is_whole(answer) and answer.chat_model:
        text = text.removesuffix(answer.evidence).rstrip() if answer.evidence else ""
    if text.startswith(sent):
        return text[len(sent) :]
    return f"\n\n{text}" if is_whole(answer) else ""


def _model(name: str, created: int) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": created, "owned_by": MODEL}


def _no_model(name: str) -> JSONResponse:
    told = error_of(LookupError(f"no model {name!r}: GET /v1/models lists them"))
    told["error"]["code"] = "model_not_found"
    return JSONResponse(told, status_code=404)
