"""The texts in all styles: their questions rest on them, and what measures is never what teaches."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from trusted_cloud_chat.schema import Answer, Article, Citation, Query, Span
from trusted_cloud_chat_evaluation.styles_run import StyleQuestion, read_texts, styled_shares

ROOT = Path(__file__).parents[1]
TAUGHT, DEV, TEST = ROOT / "training/texts", ROOT / "evaluation/styles/dev", ROOT / "evaluation/styles/test"
Read = tuple[list[Article], list[StyleQuestion]]


@pytest.fixture(scope="module")
def halves() -> dict[str, Read]:
    return {folder.name: read_texts(folder) for folder in (TAUGHT, DEV, TEST)}


def test_there_is_enough_of_it(halves: dict[str, Read]) -> None:
    """Three hundred texts of twenty domains, three questions or more each, a third of them or more near misses, a fifth kept apart."""
    asked = [one for _, questions in halves.values() for one in questions]
    articles = [article for found, _ in halves.values() for article in found]
    apart = sum(len(halves[name][0]) for name in ("dev", "test"))

    assert len(articles) >= 300
    assert len({article.article_id.partition("/")[0] for article in articles}) >= 20
    assert all(sum(one.article is article for one in asked) >= 3 for article in articles)
    assert len(asked) / 3 <= sum(not one.spans for one in asked) <= len(asked) / 2
    assert apart >= len(articles) / 5


def test_each_text_has_a_date_and_a_title(halves: dict[str, Read]) -> None:
    """Most as they were pasted: `Publié le…`, a heading, a time stamp; few state no day."""
    articles = [article for found, _ in halves.values() for article in found]

    assert all(article.title and "#" not in article.title for article in articles)
    assert sum(article.date is None for article in articles) <= len(articles) / 10


def test_whole_domains_and_styles_are_kept_apart(halves: dict[str, Read]) -> None:
    """Each text that measures is of a domain or a style that nothing is taught from; each half has a domain of its own."""
    taught = [article.article_id.split("/") for article in halves["texts"][0]]
    domains, styles = ({name[part] for name in taught} for part in (0, 1))
    apart = {half: [article.article_id.split("/") for article in halves[half][0]] for half in ("dev", "test")}

    assert all(domain not in domains or style not in styles for names in apart.values() for domain, style in names)
    assert {domain for domain, _ in apart["dev"]} - domains == {"cloud"}
    assert {domain for domain, _ in apart["test"]} - domains == {"histoire-locale"}


def test_no_question_is_asked_twice(halves: dict[str, Read]) -> None:
    texts = [one.text for _, questions in halves.values() for one in questions]

    assert len(texts) - len(set(texts)) <= 3


class TestShares:
    TEXT = "L’entrée coûte 5 €. Le carnet coûte 40 €."
    ARTICLE = Article("piscine/tarifs", "v", "Piscine", TEXT, None)

    def asked(self, halves: dict[str, Read], quoted: str | None) -> StyleQuestion:
        """A question that `quoted` answers, taken from a real one."""
        start = self.TEXT.index(quoted) if quoted else 0
        spans = (Span(start, start + len(quoted)),) if quoted else ()
        return replace(halves["dev"][1][0], article=self.ARTICLE, spans=spans, short=None)

    def answer(self, outcome: str, *quotes: str) -> Answer:
        cited = tuple(
            Citation(n, self.ARTICLE, self.TEXT.index(quote), self.TEXT.index(quote) + len(quote))
            for n, quote in enumerate(quotes, start=1)
        )
        query = Query("?", "fr", date(2026, 11, 24))
        return Answer("?", query, "", citations=cited, outcome=outcome)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("right", "outcome", "quotes", "told"),
        [
            ("L’entrée coûte 5 €.", "answered", ("L’entrée coûte 5 €.", "Le carnet coûte 40 €."), {"first_right": 1, "any_right": 1, "precision": 0.5, "error": 0}),
            ("L’entrée coûte 5 €.", "answered", ("Le carnet coûte 40 €.",), {"first_right": 0, "any_right": 0, "precision": 0, "error": 0}),
            ("L’entrée coûte 5 €.", "nearest", ("L’entrée coûte 5 €.",), {"first_right": 1, "error": 0, "nearest_answerable": 1}),
            ("L’entrée coûte 5 €.", "nearest", ("Le carnet coûte 40 €.",), {"any_right": 0, "error": 1}),
            ("L’entrée coûte 5 €.", "refused", (), {"first_right": 0, "error": 1}),
            (None, "answered", ("Le carnet coûte 40 €.",), {"hallucination": 1}),
            (None, "nearest", ("Le carnet coûte 40 €.",), {"hallucination": 0, "nearest_unanswerable": 1}),
        ],
    )  # fmt: skip
    def test_what_an_answer_gives(
        self, halves: dict[str, Read], right: str | None, outcome: str, quotes: tuple[str, ...], told: dict[str, float]
    ) -> None:
        shares = styled_shares(self.asked(halves, right), self.answer(outcome, *quotes))

        assert {name: shares[name][0] / shares[name][1] for name in told} == told
