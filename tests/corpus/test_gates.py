"""What a site shows in the place of a page is no article; a short article about cookies or subscriptions is one."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from trusted_cloud_chat.corpus.origin import check_page
from trusted_cloud_chat.errors import ArticleError

PAGES = tomllib.loads(Path(__file__).with_name("gates.toml").read_text("utf-8"))


@pytest.mark.parametrize("wall", PAGES["walls"])
def test_a_wall_is_refused(wall: str) -> None:
    with pytest.raises(ArticleError, match="not the article, but a page shown before it or in its place"):
        check_page(wall)


@pytest.mark.parametrize("article", PAGES["articles"])
def test_a_short_article_is_not(article: str) -> None:
    assert 300 <= len(article) <= 600
    check_page(article)


def test_a_longer_text_may_say_anything() -> None:
    check_page(f"{PAGES['articles'][0]} {PAGES['articles'][1]} {PAGES['walls'][0]}")
