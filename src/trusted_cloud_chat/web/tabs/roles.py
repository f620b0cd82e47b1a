"""Who may change what the index holds: whoever sits at this machine. The one place that says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from trusted_cloud_chat.web.guard import is_loopback

Role = Literal["admin", "reader"]
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


def role_of(request: Any) -> Role:
    """Of a Gradio or Starlette request: an administrator asks this machine by its loopback name, from it, and through no proxy."""
    headers: Mapping[str, str] = request.headers
    client = request.client.host if request.client else ""
    passed_on = any(name in headers for name in _FORWARDED)
    here = is_loopback(client) and is_loopback(_name(headers.get("host", "")))
    return "admin" if here and not passed_on else "reader"


def _name(host: str) -> str:
    """`localhost` of `localhost:7860`, `[::1]` of `[::1]:7860`."""
    return host.rpartition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
