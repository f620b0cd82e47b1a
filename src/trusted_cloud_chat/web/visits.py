"""News since the last visit, which only the browser remembers: in its storage that of the chat, in a cookie that of the pages."""

from __future__ import annotations

import json
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
from trusted_cloud_chat.web.escaping import part
from trusted_cloud_chat.web.strings import Strings

MOST_NAMED = 10
COOKIE = "tcc-pages"
_KEPT_S = 400 * 24 * 3600
_MOST = 10_000
"""Articles that are looked at."""
_SAME_VISIT = timedelta(minutes=30)
"""Within which a page that is loaded again belongs to the visit that is under way."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Moments as ISO 8601 writes them."""

    at: str
    """When the page was last loaded."""
    until: str
    """When the newest article had come by then; empty where none was noted."""
    before: str | None = None
    """When the visitor was here before this visit; None at the first one."""
    since: str | None = None
    """`until` of then: what has come since is new."""

    @classmethod
    def read(cls, remembered: Any) -> Visit | None:
        """From what the browser sent, which may be anything; None for what is no visit."""
        try:
            visit = cls(**remembered)
            moments = [datetime.fromisoformat(moment) for moment in (visit.at, visit.before or visit.at)]
        except (TypeError, ValueError):
            return None
        texts = isinstance(visit.until, str) and isinstance(visit.since, str | None)
        whole = texts and (visit.before is None) == (visit.since is None)
        return visit if whole and all(moment.tzinfo for moment in moments) else None

    def goes_on(self, now: datetime) -> bool:
        return now - datetime.fromisoformat(self.at) < _SAME_VISIT

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def arrive(remembered: Visit | None, now: datetime | None = None) -> Visit:
    """The visit that is under way; `seen` afterwards says what there was."""
    moment = now or datetime.now().astimezone()
    at = moment.isoformat(timespec="seconds")
    if remembered is None:
        return Visit(at, "")
    if remembered.goes_on(moment):
        return replace(remembered, at=at)
    return Visit(at, remembered.until, before=remembered.at, since=remembered.until)


def seen(visit: Visit, news: News) -> Visit:
    return replace(visit, until=news.until)


def news_html(visit: Visit | None, news: News | None, strings: Strings) -> str:
    """« Nouveau depuis votre dernière visite (28 novembre 2026) : 2 articles », to be folded; empty where nothing is new."""
    if visit is None or visit.before is None or news is None or not news.count:
        return ""
    day = spoken_day(datetime.fromisoformat(visit.before).date(), strings.language)
    title = strings.news.format(day=day, articles=articles_count(news.count, strings.language))
    articles = [(article, attribution(article, strings.language)) for article in news.articles]
    others = news.count - len(news.articles)
    more = strings.news_one_more if others == 1 else strings.news_more.format(n=others)
    return part("news", title=title, articles=articles, more=more if others else "", strings=strings)


class Visits:
    """Those of the pages beside the chat, over an assistant, which knows what has come."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def arrive(self, request: Request) -> Visit:
        """The visit that is under way."""
        try:
            remembered = Visit.read(json.loads(unquote(request.cookies.get(COOKIE, ""))))
        except ValueError:
            remembered = None
        return arrive(remembered)

    def before(self, visit: Visit) -> date | None:
        """The day of the visit before this one; None at the first."""
        return datetime.fromisoformat(visit.before).date() if visit.before else None

    def arrived(self, visit: Visit) -> frozenset[str]:
        """Ids of the articles that came since the visit before. Raises IndexEmptyError."""
        return frozenset(one.article_id for one in self._assistant.news(visit.since, _MOST).articles)

    def remember(self, response: Response, request: Request, visit: Visit) -> Response:
        """`response`, with which the browser remembers the visit."""
        try:
            visit = seen(visit, self._assistant.news(visit.since, 0))
        except TrustedCloudChatError:
            return response
        told = quote(json.dumps(visit.to_dict()))
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, told, max_age=_KEPT_S, secure=secure, httponly=True, samesite="lax")
        return response
