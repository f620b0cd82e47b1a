"""The tools of the Model Context Protocol (docs/mcp.md). They are all read-only."""

from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from datetime import date
from typing import Annotated, Any

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import Tool, ToolAnnotations
from pydantic import Field

from trusted_cloud_chat import __version__
from trusted_cloud_chat.api.answering import Answering
from trusted_cloud_chat.errors import TrustedCloudChatError
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.library import OpenAssistant, day_of
from trusted_cloud_chat.output.market import offer_to_dict
from trusted_cloud_chat.output.serialise import answer_to_dict, article_to_dict, found_to_dict

_INSTRUCTIONS = (
    "Answers about the French and European trusted-cloud market (SecNumCloud, EUCS, sovereign offers), from dated articles. "
    "`ask` first: its citations are word for word and dated; quote them with publisher and date. A refusal "
    "(`outcome` other than `answered`) means that the articles do not say it: say so, and do not answer from memory."
)
_READS = {"read_only_hint": True, "destructive_hint": False, "idempotent_hint": True, "open_world_hint": False}
_LONG = ("passages", "trace", "timings_ms")
"""Keys of `ask --json` that a reader of the answer does not need."""
_MOST_TEXT = 20_000

AsOf = Annotated[
    str | None,
    Field(description="A year, a month or a day (2025, 2025-03, 2026-03-12): nothing published later is seen."),
]


class _Strict(MCPServer):
    """Refuses unknown arguments: a misspelt `as_of` would silently be answered as of today."""

    async def list_tools(self) -> list[Tool]:
        tools = await super().list_tools()
        return [t.model_copy(update={"input_schema": {**t.input_schema, "additionalProperties": False}}) for t in tools]

    async def call_tool(self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None) -> Any:
        known = {tool.name: tool.input_schema.get("properties", {}) for tool in await self.list_tools()}
        unknown = sorted(arguments.keys() - known.get(name, arguments).keys())
        if unknown:
            raise ToolError(f"{name} takes no {', '.join(map(repr, unknown))}: it takes {', '.join(known[name])}")
        return await super().call_tool(name, arguments, context)


def build_tools(opened: OpenAssistant, answering: Answering) -> MCPServer:
    server: MCPServer = _Strict(
        "trusted-cloud-chat",
        title="Trusted Cloud Chat",
        version=__version__,
        instructions=_INSTRUCTIONS,
        log_level="WARNING",
        subscriptions=False,
    )
    _questions(server, opened, answering)
    _texts(server, opened, answering)
    return server


def _reads(title: str) -> dict[str, Any]:
    return {"title": title, "annotations": ToolAnnotations(title=title, **_READS)}


def _questions(server: MCPServer, opened: OpenAssistant, answering: Answering) -> None:
    @server.tool(**_reads("Ask the articles"))
    async def ask(
        question: Annotated[str, Field(description="In French or English, a question that stands alone.")],
        as_of: AsOf = None,
    ) -> dict[str, Any]:
        """Answer a question about the trusted-cloud market with dated quotes, or say why the articles do not answer it."""
        with _told():
            answers = answering.growing(lambda left: opened.stream(question, as_of=as_of, left=left))
            async with aclosing(answers):
                *_, last = [answer async for answer in answers]
        return {key: value for key, value in answer_to_dict(last).items() if key not in _LONG}

    @server.tool(**_reads("Search the articles"))
    async def search(
        question: str, k: Annotated[int, Field(ge=1, le=50, description="How many passages.")] = 8, as_of: AsOf = None
    ) -> dict[str, Any]:
        """The passages nearest to a question, best first, without an answer."""
        with _told():
            return found_to_dict(question, await answering.done(lambda: opened.search(question, k, as_of=as_of)))


def _texts(server: MCPServer, opened: OpenAssistant, answering: Answering) -> None:
    @server.tool(**_reads("Read an article"))
    async def article(
        article_id: Annotated[str, Field(description="As in citations and passages.")],
        version: Annotated[str | None, Field(description="As in a citation; default: the current version.")] = None,
        start: Annotated[int, Field(ge=0, description="Offset of the first character.")] = 0,
    ) -> dict[str, Any]:
        """The stored text of an article, to which the offsets of citations refer, at most 20,000 characters from `start`."""
        with _told():
            found = await answering.done(lambda: opened.article(article_id, version))
        if found is None:
            raise ToolError(f"no article {article_id!r} in that version: `search` and `ask` name those that exist")
        told = article_to_dict(found)
        text = told.pop("text")
        return {**told, "length": len(text), "start": start, "text": text[start : start + _MOST_TEXT]}

    @server.tool(**_reads("State of the market"))
    async def market_state(
        as_of: AsOf = None,
        provider: Annotated[str | None, Field(description="Only this provider, such as OVHcloud.")] = None,
    ) -> dict[str, Any]:
        """The state of each provider's qualification (SecNumCloud) on a day: stage, since when, steps, and the sentences that prove it."""
        with _told():
            day, books = day_of(as_of), opened.assistant.books
            rows = await answering.done(lambda: books.offers(books.book(date.today(), day)))
        named = [row for row in rows if row.stage and (provider is None or fold(row.provider) == fold(provider))]
        told = sorted(named, key=lambda row: (fold(row.provider), fold(row.service or "")))
        return {"as_of": as_of, "states": [offer_to_dict(row) for row in told]}


@contextmanager
def _told() -> Iterator[None]:
    """Pass errors that the user can fix to the model; others appear only in the log."""
    try:
        yield
    except TrustedCloudChatError as error:
        raise ToolError(str(error)) from None
