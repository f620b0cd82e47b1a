"""Every article of the shipped corpus: schema, identity, dates, length, sources, no near-duplicates."""

from __future__ import annotations

import re
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest

from trusted_cloud_chat.corpus import corpus_files, read_article
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.schema import Article

CORPUS = Path(__file__).parents[2] / "corpus"
TODAY = date(2026, 11, 24)
UNCITABLE = re.compile(
    r"\bgithub\b(?!\.io)|non identifie|unidentified|assiste par ia|redaction ia|article fourni|depot non nomme|veille personnel"
)
"""In the folded publisher, title or address of a source that nobody can cite: no article leads with one."""
MOST_SHARED = 0.25
"""Share of five-word runs that two articles may have in common."""


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    return [read_article(f.path, f.root, allow_undated=False, today=TODAY) for f in corpus_files(CORPUS)]


def test_there_are_enough_articles_over_the_years(articles: list[Article]) -> None:
    """At least 120 articles, ten of them in English, from 2014 to 2026."""
    years = {article.date.year for article in articles if article.date}
    assert len(articles) >= 120
    assert sum(article.language == "en" for article in articles) >= 10
    assert {2014, 2026} <= years


def test_ids_and_titles_are_unique(articles: list[Article]) -> None:
    """An id is the file's name and begins with its date; no two titles are the same."""
    assert len({article.article_id for article in articles}) == len(articles)
    assert len({fold(article.title) for article in articles}) == len(articles)
    for article in articles:
        assert article.article_id == Path(article.path).stem
        assert article.article_id.startswith(f"{article.date}-")
        assert article.path.startswith(f"{article.date.year}/" if article.date else "")


def test_articles_say_whose_words_they_are(articles: list[Article]) -> None:
    """Each is a synthesis of ours that names sources, none of them later than itself."""
    for article in articles:
        assert article.publisher == "Trusted Cloud Chat"
        assert article.source_type == "synthese"
        assert article.sources, article.article_id
        for source in article.sources:
            assert source.url is None or re.match(r"https?://\S+$", source.url), article.article_id
            if source.date and article.date:
                assert source.date.first_day <= article.date.last_day, (article.article_id, source.publisher)


def test_the_original_opens_from_every_article(articles: list[Article]) -> None:
    """`url` is the address of a source of the article, and its first source is one that can be cited."""
    for article in articles:
        first = article.sources[0]
        lead = fold(f"{first.publisher} {first.title} {first.url}")
        assert article.url in [source.url for source in article.sources], article.article_id
        assert not UNCITABLE.search(fold(article.url or "")), article.article_id
        assert not UNCITABLE.search(lead), article.article_id


@pytest.mark.parametrize(
    "lead",
    [
        "GitHub, dossier d’enquête assisté par IA",
        "Article d’origine non identifiée",
        "The Machine Herald (rédaction IA)",
        "https://github.com/intuitem/ciso-assistant-community",
    ],
)
def test_forms_that_nobody_can_cite(lead: str) -> None:
    assert UNCITABLE.search(fold(lead))


def test_length_is_that_of_a_brief(articles: list[Article]) -> None:
    """120 to 600 words, no Markdown but paragraphs."""
    for article in articles:
        assert 115 <= len(article.text.split()) <= 600, article.article_id
        assert not re.search(r"^(#|[-*] |\|)|\*\*|\]\(", article.text, re.MULTILINE), article.article_id


def test_french_typography(articles: list[Article]) -> None:
    """Typographic apostrophes, and a no-break space inside « guillemets » and before double punctuation."""
    for article in articles:
        if article.language == "fr":
            body = article.text
            assert not re.search(r"\w'\w", body), article.article_id
            assert not re.search(r"«[^\u00a0]|[^\u00a0]»", body), article.article_id
            assert not re.search(r"[^\u00a0\u202f\d][;!?%]", body), article.article_id


def test_no_article_repeats_another(articles: list[Article]) -> None:
    runs = {article.article_id: _runs(article.text) for article in articles}
    close = [
        (first, second)
        for first, second in combinations(sorted(runs), 2)
        if len(runs[first] & runs[second]) > MOST_SHARED * min(len(runs[first]), len(runs[second]))
    ]
    assert close == []


def _runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", fold(text))
    return set(zip(*(words[start:] for start in range(5)), strict=False))
