"""The reader's last visit, kept in a cookie."""

from __future__ import annotations

import json
from datetime import date, datetime
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import Response

from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.errors import TrustedCloudChatError
from trusted_cloud_chat.web.visits import Visit, arrive, seen

COOKIE = "tcc-pages"
_KEPT_S = 400 * 24 * 3600
_MOST = 10_000
"""Most articles counted."""


class Visits:
    """Visits to an assistant, which knows new articles."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def arrive(self, request: Request) -> Visit:
        """The current visit."""
        try:
            remembered = Visit.read(json.loads(unquote(request.cookies.get(COOKIE, ""))))
        except ValueError:
            remembered = None
        return arrive(remembered)

    def before(self, visit: Visit) -> date | None:
        """The day of the previous visit; None at the first."""
        return datetime.fromisoformat(visit.before).date() if visit.before else None

    def arrived(self, visit: Visit) -> frozenset[str]:
        """Ids of the articles new since the previous visit. Raises IndexEmptyError."""
        return frozenset(one.article_id for one in self._assistant.news(visit.since, _MOST).articles)

    def remember(self, response: Response, request: Request, visit: Visit) -> Response:
        """`response` with the visit's cookie."""
        try:
            visit = seen(visit, self._assistant.news(visit.since, 0))
        except TrustedCloudChatError:
            return response
        told = quote(json.dumps(visit.to_dict()))
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, told, max_age=_KEPT_S, secure=secure, httponly=True, samesite="lax")
        return response
