"""A few truths of our own corpus, read off the articles' text."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from trusted_cloud_chat import market
from trusted_cloud_chat.corpus.articles import read_article
from trusted_cloud_chat.enrichment import Enricher
from trusted_cloud_chat.entities import load_entities
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


def known(articles: list[Article], as_of: date | None = None) -> market.FactBook:
    return market.FactBook(articles, load_entities(), market.load_vocabulary(), TODAY, as_of)


@pytest.fixture(scope="module")
def rows(articles: list[Article]) -> dict[tuple[str, str | None], market.Offer]:
    return {(offer.provider, offer.service): offer for offer in market.offers(known(articles))}


@pytest.mark.parametrize(
    ("provider", "service", "since", "expires"),
    [
        ("S3NS", "PREMI3NS", "2025-12-17", "2028-12-17"),
        ("OVHcloud", "Hosted Private Cloud", "2024-01", "2027-01"),
        ("3DS Outscale", "infrastructure de cloud public", "2023-12", "2026-12"),
        ("Cloud Temple", "IaaS", "2022", "2025"),
    ],
)
def test_who_is_qualified_since_when(
    rows: dict[tuple[str, str | None], market.Offer], provider: str, service: str, since: str, expires: str
) -> None:
    offer = rows[provider, service]
    assert offer.stage is not None
    assert offer.stage.id == "qualified"
    assert offer.since is not None
    assert offer.expires is not None
    assert (str(offer.since.best.since), str(offer.expires.day)) == (since, expires)
    assert not offer.reported


def test_bleu_is_not_qualified_and_has_moved_its_date_twice(rows: dict[tuple[str, str | None], market.Offer]) -> None:
    bleu = rows["Bleu", None]
    assert bleu.stage is not None
    assert (bleu.stage.id, str(bleu.stage.fact.said_on), bleu.stage.fact.says) == (
        "not_qualified",
        "2026-03-19",
        "Cloudmagazin",
    )
    passed = {stage.id: stage for stage in bleu.milestones}
    assert str(passed["J0"].fact.since) == "2025-04-17"
    assert passed["J1"].told.reported
    assert [(str(p.due.last), p.outcome) for p in bleu.promises if p.attribute == "qualification"] == [
        ("2025-12-31", "moved"),
        ("2026-06-30", "moved"),
        ("2026-12-31", "open"),
    ]
    assert len(bleu.contradictions) == 1  # September or November 2025, of J1


@pytest.mark.parametrize(
    ("provider", "service", "stage"),
    [
        ("NumSpot", None, "not_qualified"),
        ("OVHcloud", "cloud public", "not_qualified"),
        ("OVHcloud", "Bare Metal Pod", "qualified"),
        ("Free Pro", None, "in_progress"),
        ("Whaller", None, "in_progress"),
        ("Cegedim.cloud", None, "in_progress"),
        ("Index Education", None, "in_progress"),
        ("Scalingo", None, "in_progress"),
        ("Scaleway", None, "not_qualified"),
        ("Delos", None, "not_qualified"),
        ("Oodrive", None, "qualified"),
        ("Docaposte", None, "qualified"),
    ],
)
def test_how_far_the_others_are(
    rows: dict[tuple[str, str | None], market.Offer], provider: str, service: str | None, stage: str
) -> None:
    offer = rows[provider, service]
    assert offer.stage is not None
    assert offer.stage.id == stage


def test_what_is_not_cross_checked_or_contradicted_says_so(rows: dict[tuple[str, str | None], market.Offer]) -> None:
    assert rows["Orange", "Cloud Avenue SecNum"].reported
    assert rows["Pi", None].reported
    assert rows["S3NS", "PREMI3NS"].contradictions  # 17 or 19 December
    assert rows["Scaleway", None].contradictions  # a blog says that it is qualified
    assert rows["Free Pro", None].contradictions


def test_before_its_qualification_s3ns_was_late(articles: list[Article]) -> None:
    (offer,) = [
        offer
        for offer in market.offers(known(articles, date(2025, 12, 1)))
        if offer.provider == "S3NS" and not offer.service
    ]
    assert offer.stage is not None
    assert offer.stage.id == "not_qualified"
    (promise,) = [promise for promise in offer.promises if promise.attribute == "qualification"]
    assert (promise.due.spoken("fr"), promise.outcome) == ("été 2025", "missed")


def test_what_expires_within_six_months(articles: list[Article]) -> None:
    soon = market.expiring(known(articles), TODAY, date(2027, 6, 1))
    assert [(offer.provider, str(offer.expires and offer.expires.day)) for offer in soon] == [
        ("3DS Outscale", "2026-12"),
        ("OVHcloud", "2027-01"),
    ]


def test_who_bought_what(articles: list[Article]) -> None:
    sales = {(sale.buyer, sale.supplier): sale for sale in market.buyers(known(articles))}
    paid = sales["Health Data Hub", "Microsoft"].amount
    assert paid is not None
    assert paid.fact.value is not None
    assert paid.fact.value.replace(",", ".").endswith("10.547")
    assert str(sales["Commission européenne", "Scaleway"].day) == "2026-04-17"
    assert {("EDF", "Bleu"), ("EDF", "S3NS"), ("Dassault Aviation", "Bleu")} <= set(sales)
