"""The application: its routes, error responses, and `/healthz`, `/readyz` and `/metrics` (docs/operation.md)."""

from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response

from trusted_cloud_chat import __version__
from trusted_cloud_chat.api.answering import Answering, error_of
from trusted_cloud_chat.api.mcp import mcp_over
from trusted_cloud_chat.api.openai import openai_router
from trusted_cloud_chat.api.own import PREFIX, own_router
from trusted_cloud_chat.api.tokens import DeniedError, Gate
from trusted_cloud_chat.errors import DeletionsError, IndexBusyError, TrustedCloudChatError, UsageError
from trusted_cloud_chat.library import OpenAssistant
from trusted_cloud_chat.operation.watching import Metrics, Watch
from trusted_cloud_chat.people.rate import Rate, TooOftenError


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
    app.include_router(health_router(opened, gate, watch or Watch(Metrics(opened.coverage))))
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
        return Response(watch.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return router
