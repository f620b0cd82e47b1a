"""A few truths of our own corpus, read off the articles' text."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from trusted_cloud_chat.answering.market import load_market
from trusted_cloud_chat.corpus.articles import read_article
from trusted_cloud_chat.enrichment import Enricher
from trusted_cloud_chat.entities import load_entities
from trusted_cloud_chat.market.book import FactBook
from trusted_cloud_chat.market.offers import Offer, offers
from trusted_cloud_chat.market.tables import expiring
from trusted_cloud_chat.schema import Article

CORPUS = Path(__file__).parents[2] / "corpus"
TODAY = date(2026, 12, 1)


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    entities, told, found = load_entities(), [], []
    for path in sorted(CORPUS.rglob("*.md")):
        if path.name != "README.md":
            article = read_article(path, CORPUS, allow_undated=True, today=TODAY)
            found += Enricher(entities)([article], path, CORPUS, told)
    assert told == []
    return found


def known(articles: list[Article], as_of: date | None = None) -> FactBook:
    return FactBook(articles, load_entities(), load_market().vocabulary, TODAY, as_of)


@pytest.fixture(scope="module")
def rows(articles: list[Article]) -> dict[tuple[str, str | None], Offer]:
    return {(offer.provider, offer.service): offer for offer in offers(known(articles))}


def test_what_is_not_cross_checked_or_contradicted_says_so(rows: dict[tuple[str, str | None], Offer]) -> None:
    assert rows["Orange", "Cloud Avenue SecNum"].reported
    assert rows["Pi", None].stage is None  # an « homologation » of 2017 that is itself to be checked
    assert rows["S3NS", "PREMI3NS"].contradictions  # 17 or 19 December
    assert rows["Scaleway", None].contradictions  # a blog says that it is qualified
    assert rows["Free Pro", None].contradictions


def test_before_its_qualification_s3ns_was_late(articles: list[Article]) -> None:
    (offer,) = [
        offer for offer in offers(known(articles, date(2025, 12, 1))) if offer.provider == "S3NS" and not offer.service
    ]
    assert offer.stage is not None
    assert offer.stage.id == "not_qualified"
    (promise,) = [promise for promise in offer.promises if promise.attribute == "qualification"]
    assert (promise.due.spoken("fr"), promise.outcome) == ("été 2025", "missed")


def test_what_expires_within_six_months(articles: list[Article]) -> None:
    soon = expiring(offers(known(articles)), TODAY, date(2027, 6, 1))
    assert [(offer.provider, str(offer.expires and offer.expires.day)) for offer in soon] == [
        ("3DS Outscale", "2026-12"),
        ("OVHcloud", "2027-01"),
    ]
