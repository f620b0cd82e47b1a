"""`/api/v1/feedback`: readers give feedback on answers, administrators list it."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from trusted_cloud_chat.api.bodies import TurnBody
from trusted_cloud_chat.api.tokens import Gate, client_of, person_of
from trusted_cloud_chat.library import OpenAssistant
from trusted_cloud_chat.people.feedback import (
    MOST_COMMENT,
    Choice,
    FeedbackStore,
    feedback_of,
    feedback_to_dict,
    key_of,
)

_MOST_TEXT = 20_000
_MOST_CITED = 100


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
    choice: Choice
    comment: str = Field("", max_length=MOST_COMMENT)
    turns: list[TurnBody] = Field([], max_length=_MOST_CITED, description="what came before, oldest first")


def add_feedback(router: APIRouter, opened: OpenAssistant, gate: Gate) -> None:
    """The routes, on the router of `/api/v1`."""
    store = FeedbackStore(opened.settings.home)

    @router.post("/feedback", dependencies=[Depends(gate.asker)], status_code=201)
    def give(body: FeedbackBody, request: Request) -> dict[str, Any]:
        """Say that an answer is right, or what is wrong with it; later feedback on the same answer replaces earlier feedback."""
        person = person_of(request.scope)
        given = feedback_of(
            body.answer.model_dump(),
            body.choice,
            comment=body.comment,
            person=person.name if person else None,
            turns=[turn.model_dump() for turn in body.turns],
        )
        key = key_of(client_of(request.scope), given.question, given.generation, given.answer)
        store.keep(given, key)
        return {"id": key}

    @router.get("/feedback", dependencies=[Depends(gate.admin)])
    def listed(
        choice: Choice | None = None,
        limit: Annotated[int, Query(ge=1, le=10_000)] = 1000,
        offset: Annotated[int, Query(ge=0)] = 0,
    ) -> dict[str, Any]:
        """Readers' feedback, newest first. For administrators."""
        rows = store.rows(choice)
        return {"total": len(rows), "feedback": [feedback_to_dict(*row) for row in rows[offset : offset + limit]]}
