"""The application: its routes, error responses, `/healthz`, `/readyz` and `/metrics` (docs/operation.md), and `/mcp`: the tools over HTTP, if
the package `mcp` is installed. There each request stands alone: no session is kept.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.util import find_spec
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from trusted_cloud_chat import __version__
from trusted_cloud_chat.api.answering import Answering, error_of
from trusted_cloud_chat.api.openai import openai_router
from trusted_cloud_chat.api.own import PREFIX, own_router
from trusted_cloud_chat.api.tokens import DeniedError, Gate, Rate, TooOftenError
from trusted_cloud_chat.errors import DeletionsError, IndexBusyError, TrustedCloudChatError, UsageError
from trusted_cloud_chat.library import OpenAssistant
from trusted_cloud_chat.operation.watching import Watch

_MCP = "/mcp"
MISSING = "tools for programs need the package `mcp`: `pip install 'trusted-cloud-chat[mcp]'`"
Lifespan = Callable[[Any], AbstractAsyncContextManager[None]]


def mcp_over(opened: OpenAssistant, gate: Gate, answering: Answering) -> tuple[APIRouter, Lifespan | None]:
    """The route, and the context to keep open while it is served."""
    router = APIRouter(dependencies=[Depends(gate.asker)])
    if find_spec("mcp") is None:

        @router.api_route(_MCP, methods=["GET", "POST"], include_in_schema=False)
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

    @router.post(_MCP, include_in_schema=False)
    async def handle() -> Response:
        return Handled()

    @router.api_route(_MCP, methods=["GET", "DELETE"], include_in_schema=False)
    async def no_session() -> Response:
        """As the protocol requires: the server sends nothing unsolicited, and there is no session to end."""
        return Response(status_code=405, headers={"Allow": "POST"})

    @asynccontextmanager
    async def served(_app: Any) -> AsyncIterator[None]:
        async with manager.run():
            yield

    return router, served


def build_api(opened: OpenAssistant, watch: Watch | None = None, rate: Rate | None = None) -> FastAPI:
    """The API over an assistant, which the caller closes. Raises SettingsError for an invalid file of tokens."""
    gate, answering = Gate(opened.settings.api_tokens, rate), Answering()
    mcp, served = mcp_over(opened, gate, answering)
    app = FastAPI(
        title="Trusted Cloud Chat",
        version=__version__,
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,  # these pages load scripts from another host
        redoc_url=None,
        lifespan=served,
    )
    app.include_router(own_router(opened, gate, answering))
    app.include_router(openai_router(opened, gate, answering))
    app.include_router(health_router(opened, gate, watch or Watch(opened.coverage)))
    app.include_router(mcp)
    for kind in (TrustedCloudChatError, DeniedError, TooOftenError, RequestValidationError):
        app.add_exception_handler(kind, _told)
    return app


async def _told(_request: Request, error: Exception) -> JSONResponse:
    match error:
        case DeniedError(status=status):
            return JSONResponse(error_of(error), status, {"WWW-Authenticate": "Bearer"} if status == 401 else None)
        case TooOftenError(seconds=seconds):
            return JSONResponse(error_of(error), 429, {"Retry-After": str(seconds)})
        case RequestValidationError():
            lines = (f"{'.'.join(map(str, detail['loc']))}: {detail['msg']}" for detail in error.errors())
            return JSONResponse(error_of(ValueError("; ".join(lines))), 422)
        case IndexBusyError() | DeletionsError():
            return JSONResponse(error_of(error), 409)
        case _:
            return JSONResponse(error_of(error), 400 if isinstance(error, UsageError) else 503)


def health_router(opened: OpenAssistant, gate: Gate, watch: Watch) -> APIRouter:
    router = APIRouter(tags=["Operation"])

    @router.get("/healthz")
    async def healthz() -> dict[str, Any]:
        """The process is alive."""
        return {"alive": True}

    @router.get("/readyz")
    def readyz(operates: bool = Depends(gate.operates)) -> Response:
        """Whether questions can be answered, or why not; only those who may see `/metrics` get the message, which may name files."""
        try:
            watch.check()
            held = opened.coverage()
        except TrustedCloudChatError as error:
            reason = {"reason": type(error).__name__.removesuffix("Error")}
            return JSONResponse({"ready": False, **reason, **({"message": str(error)} if operates else {})}, 503)
        return JSONResponse({"ready": True, "generation": held.generation, "articles": held.articles})

    @router.get("/metrics", response_class=Response)
    def metrics(operates: bool = Depends(gate.operates)) -> Response:
        """Metrics for Prometheus, for requests from this machine or with an administrator's token."""
        if not operates:
            raise DeniedError(401, "metrics are only for this machine, or for an `admin TOKEN` of TCC_API_TOKENS")
        return Response(watch.metrics(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return router
