"""`/healthz`, `/readyz` and `/metrics`, for whoever runs the server (docs/operation.md)."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse, Response

from trusted_cloud_chat.api.tokens import DeniedError, Gate
from trusted_cloud_chat.errors import TrustedCloudChatError
from trusted_cloud_chat.library import OpenAssistant
from trusted_cloud_chat.operation.watching import Watch

_TEXT = "text/plain; version=0.0.4; charset=utf-8"


def health_router(opened: OpenAssistant, gate: Gate, watch: Watch) -> APIRouter:
    """The routes over `opened` and what `watch` has seen."""
    router = APIRouter(tags=["Operation"])

    @router.get("/healthz")
    async def healthz() -> dict[str, Any]:
        """The process lives."""
        return {"alive": True}

    @router.get("/readyz")
    def readyz(operates: bool = Depends(gate.operates)) -> Response:
        """Whether a question would be answered, and why not; its words, which may name files, for who may see `/metrics`."""
        try:
            watch.check()
            held = opened.coverage()
        except TrustedCloudChatError as error:
            reason = {"reason": type(error).__name__.removesuffix("Error")}
            return JSONResponse({"ready": False, **reason, **({"message": str(error)} if operates else {})}, 503)
        return JSONResponse({"ready": True, "generation": held.generation, "articles": held.articles})

    @router.get("/metrics", response_class=Response)
    def metrics(operates: bool = Depends(gate.operates)) -> Response:
        """Figures for Prometheus: from this machine, or with a token of an administrator."""
        if not operates:
            raise DeniedError(401, "figures are for this machine, and for a token `admin TOKEN` of TCC_API_TOKENS")
        return Response(watch.metrics.text(), media_type=_TEXT)

    return router
