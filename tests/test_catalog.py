from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.index.catalog import Catalog
from trusted_cloud_chat.index.records import StoredChunk
from trusted_cloud_chat.schema import Article, Chunk, Source, Span

ARTICLE = Article(
    article_id="presse/bleu", version="v1", title="Bleu « démarre »", text="Bleu démarre. Été 2024\u00a0: 1,2\u202fMd€. 😀",
    date=PartialDate(2024, 1), publisher="Gazette", url="https://gazette.example", language="fr", source_type="presse",
    sources=(Source("LeMagIT", "Un titre", "https://lemagit.example", PartialDate(2023)), Source("Orange")),
    path="presse/bleu.md",
)  # fmt: skip


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = Catalog(tmp_path / "catalog.db", read_only=False)
    yield opened
    opened.close()


def stored(article: Article, *spans: tuple[int, int]) -> list[StoredChunk]:
    """A chunk for each span, of one sentence each."""
    return [
        StoredChunk(
            Chunk(f"{article.article_id}@{article.version}#{n}", article.article_id, article.version, n, a, b, (Span(a, b),)),
            np.full(4, n, dtype=np.float16),
            np.full((1, 4), n + 0.5, dtype=np.float16),
        )
        for n, (a, b) in enumerate(spans)
    ]  # fmt: skip


def put(catalog: Catalog, article: Article, *, state: str = "live") -> list[StoredChunk]:
    chunks = stored(article, (0, 13), (14, 30))
    with catalog.transaction():
        catalog.put_chunks(chunks)
        catalog.put(article, state=state)
        catalog.note_counts()
    return chunks


class TestArticles:
    def test_coverage(self, catalog: Catalog) -> None:
        """Coverage counts live articles and chunks, from the first date to the last; undated ones have none; syntheses apart."""
        put(catalog, ARTICLE)
        put(catalog, replace(ARTICLE, article_id="b", date=PartialDate(2026, 2, 3)))
        put(catalog, replace(ARTICLE, article_id="c", date=None, source_type="synthese"))
        put(catalog, replace(ARTICLE, article_id="d", date=PartialDate(2030)), state="old")

        coverage = catalog.coverage()

        assert (coverage.articles, coverage.chunks) == (3, 6)
        assert (str(coverage.first), str(coverage.last)) == ("2024-01", "2026-02-03")
        assert coverage.syntheses == 1


class TestChunks:
    @pytest.mark.parametrize(
        ("published", "as_of", "seen"),
        [
            (PartialDate(2024, 1, 15), date(2024, 1, 15), True),
            (PartialDate(2024, 1, 16), date(2024, 1, 15), False),
            (PartialDate(2024, 1), date(2024, 1, 30), False),
            (PartialDate(2024, 1), date(2024, 1, 31), True),
            (PartialDate(2024), date(2024, 12, 30), False),
            (PartialDate(2024), date(2024, 12, 31), True),
            (None, date(2024, 12, 31), False),
        ],
    )
    def test_as_of_hides_what_came_later(
        self, catalog: Catalog, published: PartialDate | None, as_of: date, seen: bool
    ) -> None:
        """A partial date counts as its last day; what has no date is hidden from a question about the past."""
        put(catalog, replace(ARTICLE, date=published))

        assert bool(catalog.live_among(["presse/bleu@v1#0"], as_of)) is seen


@pytest.mark.parametrize("as_of", [None, date(2024, 6, 30)])
def test_the_newest_first(catalog: Catalog, as_of: date | None) -> None:
    """By the middle of what is said of the day; what has no date last, and with a day not at all."""
    days = {"b": PartialDate(2024), "c": PartialDate(2024, 6), "d": PartialDate(2024, 8, 1), "e": PartialDate(2023, 12)}
    put(catalog, replace(ARTICLE, article_id="a", date=None))
    for article_id, day in days.items():
        put(catalog, replace(ARTICLE, article_id=article_id, date=day))

    assert [article.article_id for article in catalog.newest(as_of)] == list("ce" if as_of else "dbcea")
