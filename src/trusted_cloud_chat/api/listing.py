"""The routes as a plain page, made from the OpenAPI description: it loads nothing from anywhere."""

from __future__ import annotations

from html import escape
from typing import Any


def listing_html(description: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{method.upper()} {escape(path)}</code></td><td>{escape(route.get('description', ''))}</td></tr>"
        for path, methods in description["paths"].items()
        for method, route in methods.items()
    )
    title = escape(description["info"]["title"])
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1>'
        '<p>Bodies and answers: <a href="/api/v1/openapi.json">OpenAPI</a>.</p>'
        f"<table><tr><th>Route</th><th>What it gives</th></tr>{rows}</table></html>"
    )
