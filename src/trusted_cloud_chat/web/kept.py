"""A conversation in its stored form, without the texts of articles, and back; the routes that store it.

The input is untrusted: it is checked, and articles come from the index, so that quotes are stored text. The browser
stores it (`keeper.js`), or the server for signed-in people (`archive_router`). `/reponses/NAME` shows an answer as it was given, stored when
its link is copied.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi import Path as InPath
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from starlette.responses import RedirectResponse

from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.people.conversations import Archive, KeptTalk
from trusted_cloud_chat.schema import Answer, Article
from trusted_cloud_chat.trace import rules
from trusted_cloud_chat.web.escaping import STRINGS, Strings
from trusted_cloud_chat.web.handlers import Exchange, Problem
from trusted_cloud_chat.web.pages.frame import Asked, page_router
from trusted_cloud_chat.web.rendering import answer_html, messages
from trusted_cloud_chat.web.signing_in import name_of
from trusted_cloud_chat.web.sources import panel_html

MOST_CHARACTERS = 1_200_000
"""Maximum characters of a stored conversation: some two hundred answers, below the limit of a request."""
_MOST_OF_A_QUESTION = 20_000
_FORM = 1
_EXCHANGE = TypeAdapter(Exchange)
_NAMED = {"article_id", "version"}
_REST = {field.name for field in fields(Article)} - _NAMED
_LEFT_OUT: Any = {
    "answer": {
        "citations": {"__all__": {"article": _REST}},
        "passages": {"__all__": {"article": _REST, "reprints": {"__all__": _REST}}},
    }
}
TALKS = "/conversations"
_Name = Annotated[str, InPath(max_length=64, pattern="^[A-Za-z0-9]+$")]
_ALL = " "
"""Owner of the stored answers in the archive: no valid name."""
_Digest = Annotated[str, InPath(max_length=64, pattern="^[a-f0-9]+$")]
Held = Callable[[str, str], Article | None]
"""Looks up an article by id and version; None if the index does not have it."""


class _Packed(BaseModel):
    name: Annotated[str, Field(pattern="^[A-Za-z0-9]+$")]
    exchanges: Annotated[list[Any], Field(min_length=1)]


class Talk(NamedTuple):
    name: str
    exchanges: tuple[Exchange, ...]


def packed(name: str, exchanges: Sequence[Exchange]) -> str:
    """The conversation as JSON; articles by id and version only. Empty without questions."""
    if not exchanges:
        return ""
    kept = [_EXCHANGE.dump_python(one, mode="json", exclude=_LEFT_OUT) for one in exchanges]
    return json.dumps({"form": _FORM, "name": name, "exchanges": kept}, ensure_ascii=False)


def unpacked(text: str, held: Held, strings: Strings) -> Talk | None:
    """The inverse of `packed`; None for anything else. An answer that cannot be restored becomes a message."""
    if len(text) > MOST_CHARACTERS:
        return None
    try:
        read = _Packed.model_validate_json(text)
    except ValidationError:
        return None
    found = cache(held)
    return Talk(read.name, tuple(_exchange(n, one, found, strings) for n, one in enumerate(read.exchanges, start=1)))


def _exchange(number: int, one: Any, held: Held, strings: Strings) -> Exchange:
    try:
        exchange = replace(_EXCHANGE.validate_python(_with_articles(one, held)), number=number)
        if exchange.status == "searching":
            exchange = replace(exchange, status="stopped")
        if exchange.answer is not None:
            exchange = replace(exchange, answer=_sound(exchange.answer))
        # Rendering reveals all other faults of an answer.
        for spoken in STRINGS.values():
            messages([exchange], spoken)
            panel_html([exchange], spoken)
    except (ValidationError, LookupError, ValueError, TypeError, AttributeError, RecursionError):
        asked = one.get("question") if isinstance(one, dict) else None
        question = asked[:_MOST_OF_A_QUESTION] if isinstance(asked, str) else "…"
        return Exchange(number, question, "failed", problem=Problem(strings.not_reopened))
    return exchange


def _with_articles(value: Any, held: Held) -> Any:
    """`value` with its articles; passages of removed articles are left out; a citation of one raises LookupError."""
    if isinstance(value, list):
        return [_with_articles(one, held) for one in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == _NAMED:
        article = held(str(value["article_id"]), str(value["version"]))
        if article is None:
            raise LookupError(value["article_id"])
        return article
    return {
        key: list(_of_those_held(one, held)) if key in ("passages", "reprints") else _with_articles(one, held)
        for key, one in value.items()
    }


def _of_those_held(values: Any, held: Held) -> Iterator[Any]:
    for one in values:
        try:
            yield _with_articles(one, held)
        except LookupError:
            continue


def _sound(answer: Answer) -> Answer:
    """The answer, if all its offsets lie in its articles. Raises ValueError otherwise."""
    if not all(0 <= one.start < one.end <= len(one.article.text) for one in answer.citations):
        raise ValueError("a quote outside its article")
    for passage in answer.passages:
        chunk, article = passage.chunk, passage.article
        same = (chunk.article_id, chunk.version) == (article.article_id, article.version)
        if not (same and 0 <= chunk.start < chunk.end <= len(article.text)):
            raise ValueError("a passage outside its article")
    numbers = {citation.n for citation in answer.citations}
    cells = (cell for row in answer.table.rows for cell in row) if answer.table else ()
    cited = {n for part in (*answer.sentences, *cells) for n in part.citations}
    if not cited <= numbers or len(numbers) != len(answer.citations):
        raise ValueError("a marker without its quote")
    known = rules()  # another version may have had other rules
    return replace(answer, trace=tuple(line for line in answer.trace if line.rule in known))


class Renamed(BaseModel):
    title: Annotated[str, Field(max_length=200)]


class Kept(Renamed):
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
        raise HTTPException(401, "not signed in")
    return person


class GivenAnswers:
    """Stored in the file of conversations, where `remove --forget` finds them. Raises HomeNotWritableError, StorageError."""

    def __init__(self, home: Path) -> None:
        archive = Archive(home, most=5_000, most_of_all=200_000_000)
        self._put, self.remove = partial(archive.put, _ALL), partial(archive.remove, _ALL)
        self.get, self.every = partial(archive.get, _ALL), partial(archive.talks, _ALL)

    def keep(self, exchange: Exchange) -> str:
        """Stores the answer; returns its address, which depends only on the exchange."""
        alone = [replace(exchange, number=1)]
        name = sha256(packed("a", alone).encode()).hexdigest()[:24]
        at = datetime.now(UTC).isoformat(timespec="seconds")
        self._put(KeptTalk(name, exchange.question[:200], at, packed(name, alone)))
        return f"/reponses/{name}"


def answers_router(given: GivenAnswers, assistant: Assistant) -> APIRouter:
    router, administrators = page_router(), page_router(administrators=True)

    @router.get("/reponses/{name}")
    def answer(request: Request, name: _Digest) -> Response:
        asked = Asked(request)
        strings, text = asked.strings, given.get(name)
        talk = unpacked(text, assistant.article, strings) if text else None
        shown = talk.exchanges[0] if talk else None
        if shown is None or shown.answer is None:
            return asked.missing(asked.texts["answer"]["gone"])
        shown = replace(shown, answer=replace(shown.answer, next_questions=()))
        return asked.page(
            "answer.html", exchange=shown, answer=answer_html(shown, strings), sources=panel_html([shown], strings)
        )

    @administrators.post("/reponses/{name}")
    def remove(request: Request, name: _Digest) -> Response:
        given.remove(name)
        return RedirectResponse(Asked(request).link("/corpus/administration", look="answers"), 303)

    router.include_router(administrators)
    return router
