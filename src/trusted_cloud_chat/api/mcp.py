"""`/mcp`: the tools over HTTP, if the package `mcp` is installed. Each request stands alone: no session is kept."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.util import find_spec
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from trusted_cloud_chat.api.answering import Answering, error_of
from trusted_cloud_chat.api.tokens import Gate
from trusted_cloud_chat.library import OpenAssistant

PATH = "/mcp"
MISSING = "tools for programs need the package `mcp`: `pip install 'trusted-cloud-chat[mcp]'`"
Lifespan = Callable[[Any], AbstractAsyncContextManager[None]]


def mcp_over(opened: OpenAssistant, gate: Gate, answering: Answering) -> tuple[APIRouter, Lifespan | None]:
    """The route, and the context to keep open while it is served."""
    router = APIRouter(dependencies=[Depends(gate.asker)])
    if find_spec("mcp") is None:

        @router.api_route(PATH, methods=["GET", "POST"], include_in_schema=False)
        async def missing() -> Response:
            return JSONResponse(error_of(ImportError(MISSING)), 501)

        return router, None

    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

    from trusted_cloud_chat.api.tools import build_tools

    server = build_tools(opened, answering)
    server.streamable_http_app(stateless_http=True, json_response=True, transport_security=None, host="")
    manager: StreamableHTTPSessionManager = server.session_manager

    class Handled(Response):
        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            await manager.handle_request(scope, receive, send)

    @router.post(PATH, include_in_schema=False)
    async def handle() -> Response:
        return Handled()

    @router.api_route(PATH, methods=["GET", "DELETE"], include_in_schema=False)
    async def no_session() -> Response:
        """As the protocol requires: the server sends nothing unsolicited, and there is no session to end."""
        return Response(status_code=405, headers={"Allow": "POST"})

    @asynccontextmanager
    async def served(_app: Any) -> AsyncIterator[None]:
        async with manager.run():
            yield

    return router, served
