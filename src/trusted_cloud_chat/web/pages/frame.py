"""Shared by all pages: texts, templates, the request, and the routers."""

import csv
import io
from collections.abc import Callable, Coroutine
from datetime import date
from typing import Any

import jinja2
from fastapi import APIRouter
from fastapi.routing import APIRoute
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from trusted_cloud_chat.answering.wording import colon, date_of
from trusted_cloud_chat.dates import spoken_day
from trusted_cloud_chat.errors import TrustedCloudChatError
from trusted_cloud_chat.language.normalise import printable
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.web.escaping import STRINGS, TEMPLATES, read_texts
from trusted_cloud_chat.web.handlers import Day, problem_of, read_day
from trusted_cloud_chat.web.signing_in import GUEST, name_of, role_of
from trusted_cloud_chat.web.sources import address

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
"""Stricter than the chat's: these pages have no inline scripts or styles."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


_TEMPLATES = TEMPLATES.overlay(
    loader=jinja2.PackageLoader("trusted_cloud_chat.web.pages"),
    # Plain HTML needs no character references, but foreign text loses its invisible characters.
    finalize=lambda value: printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value,
)


class Asked:
    """A request, with the texts of its language: those of the pages, and those of the chat."""

    def __init__(self, request: Request) -> None:
        self.request, self.administers = request, role_of(request) == "admin"
        self.language: Language = "en" if request.query_params.get("lang") == "en" else "fr"
        self.texts, self.strings = read_texts("pages", self.language), STRINGS[self.language]

    def field(self, name: str) -> str:
        """A query parameter; empty if missing."""
        return self.request.query_params.get(name, "").strip()

    def fields(self, name: str) -> list[str]:
        return [value for value in map(str.strip, self.request.query_params.getlist(name)) if value]

    def link(self, path: str, **query: Any) -> str:
        """One of our addresses, in the language of this page unless `query` has another `lang`."""
        return address(path, **{**query, "lang": query.get("lang", "en" * (self.language == "en"))})

    def here(self, path: str = "", **changed: Any) -> str:
        """This address, or `path` with its parameters; `changed` ones replaced, empty ones removed."""
        params = self.request.query_params
        kept = {key: params.getlist(key) for key in params if key not in ("lang", *changed)}
        return self.link(path or self.request.url.path, **kept, **changed)

    def day(self, name: str, today: date | None = None, *, last: bool = True) -> Day:
        return read_day(self.field(name), self.strings, today, last=last)

    def page(self, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
        html = _TEMPLATES.get_template(template).render(
            t=self.texts,
            asked=self,
            lang=self.language,
            person=name_of(self.request),
            guest=self.request.scope.get(GUEST),
            colon=colon(self.language),
            spoken_day=lambda day: spoken_day(day, self.language),
            date_of=lambda day: date_of(day, self.language),
            **context,
        )
        return HTMLResponse(html, status, {"Content-Security-Policy": POLICY, "Cache-Control": "private, no-cache"})

    def missing(self, text: str, status: int = 404, detail: str = "") -> HTMLResponse:
        """A page with a message instead of content: by default « not found »."""
        return self.page("problem.html", status=status, text=text, detail=detail)

    def csv(self, name: str, columns: list[str], lines: list[list[str]]) -> Response:
        """A CSV file for spreadsheets, with a byte order mark, semicolons in French, and no formulas."""
        text = io.StringIO("\ufeff")
        text.seek(0, io.SEEK_END)
        writer = csv.writer(text, delimiter=";" if self.language == "fr" else ",")
        writer.writerow(columns)
        writer.writerows([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in line] for line in lines)
        given = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
        return Response(text.getvalue(), media_type="text/csv; charset=utf-8", headers=given)


def page_router(prefix: str = "", *, administrators: bool = False) -> APIRouter:
    """A router that shows our errors as a page, and with `administrators` refuses other roles before it reads the request's body."""

    class Route(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            answered = super().get_route_handler()

            async def shown(request: Request) -> Response:
                asked = Asked(request)
                if administrators and not asked.administers:
                    return asked.missing(asked.texts["admin"]["refused"], 403)
                try:
                    return await answered(request)
                except TrustedCloudChatError as error:
                    problem = problem_of(error, "", asked.strings)
                    return asked.missing(problem.text, 503, problem.detail)

            return shown

    return APIRouter(prefix=prefix, include_in_schema=False, default_response_class=Response, route_class=Route)
