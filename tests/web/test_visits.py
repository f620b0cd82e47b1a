"""What the page says is new since the last visit, and what the browser remembers for it."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.errors import IndexEmptyError
from trusted_cloud_chat.index.history import News
from trusted_cloud_chat.schema import Article
from trusted_cloud_chat.web.escaping import ENGLISH, FRENCH
from trusted_cloud_chat.web.handlers import Handlers
from trusted_cloud_chat.web.visits import Visit, arrive, news_html

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
FIRST, LATER = "2026-11-01T08:00:00.000000+00:00", "2026-11-29T08:00:00.000000+00:00"


def article(number: int = 1, title: str = "Bleu ouvre un centre") -> Article:
    return Article(f"a{number}", "v1", title, "…", PartialDate(2026, 11, 2), "Gazette", None, "fr", "presse")


def test_a_visit_then_the_next() -> None:
    first = replace(arrive(None, NOON), until=FIRST)
    assert (first.since, first.until) == (None, FIRST)

    again = replace(arrive(first, NOON + timedelta(minutes=29)), until=LATER)
    assert (again.since, again.until) == (None, LATER)

    following = arrive(first, NOON + timedelta(days=1))
    assert (following.since, following.before) == (FIRST, "2026-11-28T12:00:00+00:00")
    reloaded = arrive(replace(following, until=LATER), NOON + timedelta(days=1, minutes=5))
    assert (reloaded.since, reloaded.before) == (following.since, following.before)


@pytest.mark.parametrize(
    "remembered",
    [
        None, 3, "x", [], {}, {"at": 3, "until": ""}, {"at": "2026", "until": ""}, {"at": "hier", "until": ""},
        {"at": "2026-11-28T12:00:00", "until": ""}, {"at": NOON.isoformat(), "until": None},
        {"at": NOON.isoformat(), "until": "", "since": ""}, {"at": NOON.isoformat(), "until": "", "more": 1},
        {"at": NOON.isoformat(), "until": "", "since": [], "before": NOON.isoformat()},
        {"at": NOON.isoformat(), "until": "", "since": "", "before": "<b>"},
    ],
)  # fmt: skip
def test_what_is_no_visit_is_a_first_one(remembered: Any) -> None:
    assert Visit.read(remembered) is None


def test_a_visit_comes_back_as_it_was() -> None:
    visit = arrive(arrive(None, NOON), NOON + timedelta(days=1))

    assert Visit.read(asdict(visit)) == visit
    assert visit.since == ""


class TestShown:
    BACK = Visit(LATER, LATER, before="2026-11-28T12:00:00+00:00", since=FIRST)

    def test_title_date_and_publisher(self) -> None:
        html = news_html(self.BACK, News(LATER, 1, (article(),)), FRENCH)

        assert "Nouveau depuis votre dernière visite &#40;28\u00a0novembre 2026&#41;\u00a0: 1 article<" in html
        assert "Bleu ouvre un centre" in html
        assert "Gazette, 2\u00a0novembre 2026" in html
        assert " open>" in html
        assert "autre" not in html

    def test_a_long_list_is_bounded_and_folded(self) -> None:
        html = news_html(self.BACK, News(LATER, 22, tuple(map(article, range(10)))), FRENCH)

        assert html.count("<li>") == 10
        assert "et 12 autres" in html
        assert " open>" not in html
        assert "et un autre" in news_html(self.BACK, News(LATER, 2, (article(),)), FRENCH)

    def test_in_english(self) -> None:
        html = news_html(self.BACK, News(LATER, 3, (article(),)), ENGLISH)

        assert "New since your last visit &#40;28 November 2026&#41;: 3 articles" in html
        assert "and 2 more" in html

    def test_a_first_visitor_and_one_who_missed_nothing_see_nothing(self) -> None:
        assert news_html(arrive(None, NOON), News(LATER, 0, ()), FRENCH) == ""
        assert news_html(self.BACK, News(LATER, 0, ()), FRENCH) == ""
        assert news_html(self.BACK, None, FRENCH) == ""
        assert news_html(None, News(LATER, 1, (article(),)), FRENCH) == ""

    def test_a_hostile_title_is_text(self) -> None:
        assert "<img" not in news_html(self.BACK, News(LATER, 1, (article(title="<img src=x>"),)), FRENCH)


def test_an_empty_index_has_no_news() -> None:
    class Empty:
        chat_model = None

        def news(self, since: str | None, most: int) -> News:
            raise IndexEmptyError("nothing")

    assert Handlers(Empty()).news("") is None  # type: ignore[arg-type]
