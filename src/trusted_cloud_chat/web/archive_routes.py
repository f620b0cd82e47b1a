"""Routes for the conversations of signed-in people; `keeper.js` calls them."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.exceptions import HTTPException
from pydantic import BaseModel, Field

from trusted_cloud_chat.people.conversations import Archive, KeptTalk
from trusted_cloud_chat.web.kept import MOST_CHARACTERS
from trusted_cloud_chat.web.people import name_of

TALKS = "/conversations"
_Name = Annotated[str, Path(max_length=64, pattern="^[A-Za-z0-9]+$")]
_Title = Annotated[str, Field(max_length=200)]


class Renamed(BaseModel):
    """A new title."""

    title: _Title


class Kept(Renamed):
    """A stored conversation."""

    at: Annotated[str, Field(max_length=40)]
    packed: Annotated[str, Field(max_length=MOST_CHARACTERS)]


def archive_router(archive: Archive) -> APIRouter:
    """Each route requires a signed-in person and reaches only their own conversations."""
    router = APIRouter(prefix=TALKS, include_in_schema=False)

    @router.get("")
    def all_of_them(request: Request, response: Response, texts: bool = False) -> list[dict[str, Any]] | None:
        """None without sign-in: the browser keeps them."""
        response.headers["Cache-Control"] = "no-store"
        person = name_of(request)
        return None if person is None else [asdict(talk) for talk in archive.talks(person, texts=texts)]

    @router.get("/{name}")
    def one(name: _Name, request: Request, response: Response) -> str | None:
        response.headers["Cache-Control"] = "no-store"
        return archive.get(_person(request), name)

    @router.put("/{name}")
    def put(name: _Name, given: Kept, request: Request) -> tuple[str, ...]:
        """Names of the evicted conversations."""
        return archive.put(_person(request), KeptTalk(name, given.title, given.at, given.packed))

    @router.patch("/{name}")
    def rename(name: _Name, given: Renamed, request: Request) -> None:
        archive.rename(_person(request), name, given.title)

    @router.delete("/{name}")
    def remove(name: _Name, request: Request) -> None:
        archive.remove(_person(request), name)

    return router


def _person(request: Request) -> str:
    person = name_of(request)
    if person is None:
        raise HTTPException(401, "expected somebody who has signed in")
    return person
