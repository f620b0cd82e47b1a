"""The market view against cells that somebody who did not build it wrote from the articles (`evaluation/market.jsonl`)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from trusted_cloud_chat.answering.market import load_market
from trusted_cloud_chat.corpus.articles import read_article
from trusted_cloud_chat.enrichment import Enricher
from trusted_cloud_chat.entities import load_entities
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.market.book import FactBook
from trusted_cloud_chat.market.known import KnownFact
from trusted_cloud_chat.market.offers import Offer, offers
from trusted_cloud_chat.market.promises import promises

ROOT = Path(__file__).parents[2]
CELLS = [json.loads(line) for line in (ROOT / "evaluation" / "market.jsonl").read_text(encoding="utf-8").splitlines()]
WRITTEN = date(2026, 12, 1)
"""The day that the table was written for: what a promise has become depends on it."""


@cache
def book() -> FactBook:
    corpus, entities, told = ROOT / "corpus", load_entities(), []
    articles = []
    for path in sorted(corpus.rglob("*.md")):
        if path.name != "README.md":
            article = read_article(path, corpus, allow_undated=True, today=WRITTEN)
            articles += Enricher(entities)([article], path, corpus, told)
    return FactBook(articles, entities, load_market().vocabulary, WRITTEN)


@cache
def every() -> list[Offer]:
    return offers(book())


def of(cell: dict[str, Any]) -> list[Offer]:
    """The rows of the cell's provider: the one of its service where that has one."""
    rows = [offer for offer in every() if offer.provider == cell["provider"]]
    named = [offer for offer in rows if cell["service"] and words(cell["service"]) & words(offer.service or "")]
    return named or rows


def words(text: str) -> set[str]:
    """The words of a cell that say something, without what the table adds in brackets."""
    return {word.removesuffix("s") for word in re.findall(r"\w{3,}", fold(re.sub(r"\(.*?\)", "", text)))} - FILLERS


FILLERS = {"les", "des", "une", "sur", "plu", "plusieur", "service", "marche", "moin"}


def says(cell: dict[str, Any], facts: Iterable[KnownFact]) -> bool:
    """Whether one of the facts stands in the cell's article or says it on the same day."""
    return any(
        known.article.article_id == cell["article_id"] or (cell["said_on"] and str(known.said_on) == cell["said_on"])
        for known in facts
    )


def holds(cell: dict[str, Any]) -> bool:
    """Whether the view has the cell: its value, on its day, from its article."""
    kind, value = cell["cell"], cell["value"]
    rows = of(cell)
    if kind == "stage":
        stages = [stage for row in rows for stage in (row.stage, *row.milestones) if stage]
        shown = [stage for stage in stages if stage.id == value]
        return any(says(cell, stage.told.facts) for stage in shown) and bool(shown[0].told.reported) == cell["reported"]
    if kind == "since":
        return any(row.since is not None and str(row.since.best.since) == value for row in rows)
    if kind == "expires":
        return any(row.expires is not None and str(row.expires.day) == value for row in rows)
    if kind == "promise":
        _, due, outcome = (part.strip().removeprefix("due ") for part in value.split(";"))
        return any(
            promise.outcome == outcome and str(promise.fact.fact.due or "").startswith(due[:4])
            for promise in promises(book())
            if promise.subject == cell["provider"] and says(cell, promise.told.facts)
        )
    if kind == "customer":
        told = [sale for row in rows for sale in row.customers]
    else:
        told = [each for row in rows for each in getattr(row, kind)]
    shown_words: set[str] = set()
    for each in told:
        for known in each.facts:
            shown_words |= words(f"{known.fact.object or ''} {known.fact.value or ''} {known.quote}")
    shared = words(value) & shown_words  # the table has words of its own for some: « autofinancé »
    return 2 * len(shared) > len(words(value)) and says(cell, [known for each in told for known in each.facts])


@pytest.mark.parametrize(
    "cell",
    CELLS,
    ids=lambda cell: f"{cell['provider']}-{cell['service']}-{cell['cell']}-{cell['value']}",
)
def test_the_view_has_the_cell(cell: dict[str, Any]) -> None:
    assert holds(cell)
