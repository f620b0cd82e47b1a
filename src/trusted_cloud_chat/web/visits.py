"""News since the last visit. Only the browser remembers visits: those of the chat in its storage, those of the pages in a cookie."""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import Response

from trusted_cloud_chat.answering.assistant import Assistant
from trusted_cloud_chat.answering.wording import articles_count, attribution
from trusted_cloud_chat.dates import spoken_day
from trusted_cloud_chat.errors import TrustedCloudChatError
from trusted_cloud_chat.index.history import News
from trusted_cloud_chat.web.escaping import Strings, part

MOST_NAMED = 10
COOKIE = "tcc-pages"
_KEPT_S = 400 * 24 * 3600
_SAME_VISIT = timedelta(minutes=30)
"""A page that is loaded again within this time belongs to the same visit."""


@dataclass(frozen=True, slots=True)
class Visit:
    """All times are in ISO 8601."""

    at: str
    """When the page was last loaded."""
    until: str
    """When the newest article in the index at that time had arrived; empty if unknown."""
    before: str | None = None
    """The time of the previous visit; None at the first."""
    since: str | None = None
    """`until` of the previous visit: articles that arrived later are new."""

    @classmethod
    def read(cls, remembered: Any) -> "Visit | None":
        """Parse untrusted data of the browser; None if it is not a visit."""
        try:
            visit = cls(**remembered)
            moments = [datetime.fromisoformat(moment) for moment in (visit.at, visit.before or visit.at)]
        except (TypeError, ValueError):
            return None
        texts = isinstance(visit.until, str) and isinstance(visit.since, str | None)
        whole = texts and (visit.before is None) == (visit.since is None)
        return visit if whole and all(moment.tzinfo for moment in moments) else None

    @property
    def previous_day(self) -> date | None:
        """The day of the visit before this one; None at the first visit."""
        return datetime.fromisoformat(self.before).date() if self.before else None


def arrive(remembered: Visit | None, now: datetime | None = None) -> Visit:
    """The current visit; the caller updates `until`."""
    moment = now or datetime.now().astimezone()
    at = moment.isoformat(timespec="seconds")
    if remembered is None:
        return Visit(at, "")
    if moment - datetime.fromisoformat(remembered.at) < _SAME_VISIT:
        return replace(remembered, at=at)
    return Visit(at, remembered.until, before=remembered.at, since=remembered.until)


def news_html(visit: Visit | None, news: News | None, strings: Strings) -> str:
    """« Nouveau depuis votre dernière visite (28 novembre 2026) : 2 articles », foldable; empty if nothing is new."""
    if visit is None or visit.previous_day is None or news is None or not news.count:
        return ""
    day = spoken_day(visit.previous_day, strings.language)
    title = strings.news.format(day=day, articles=articles_count(news.count, strings.language))
    articles = [(article, attribution(article, strings.language)) for article in news.articles]
    others = news.count - len(news.articles)
    more = strings.news_one_more if others == 1 else strings.news_more.format(n=others)
    return part("news", title=title, articles=articles, more=more if others else "", strings=strings)


def visit_of(request: Request) -> Visit:
    """The current visit of the pages beside the chat."""
    try:
        return arrive(Visit.read(json.loads(unquote(request.cookies.get(COOKIE, "")))))
    except ValueError:
        return arrive(None)


def remember(assistant: Assistant, response: Response, request: Request, visit: Visit) -> Response:
    """`response` with a cookie that records the visit."""
    with suppress(TrustedCloudChatError):
        told = quote(json.dumps(asdict(replace(visit, until=assistant.news(visit.since, 0).until))))
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, told, max_age=_KEPT_S, secure=secure, httponly=True, samesite="lax")
    return response
