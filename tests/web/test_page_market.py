"""The tab « Marché » without a browser: its table, lists, quotes and files."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import pytest

from made import BOOK, MARKET, NBSP, passage_of
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.market import FactBook, changes, chronology, offers
from trusted_cloud_chat.schema import Fact
from trusted_cloud_chat.web.strings import STRINGS
from trusted_cloud_chat.web.tabs import market_lists, market_table
from trusted_cloud_chat.web.tabs.market_strings import MARKET_STRINGS
from trusted_cloud_chat.web.tabs.market_table import Filters, Table, chosen

TODAY = date(2026, 11, 24)
FR, EN = MARKET_STRINGS["fr"], MARKET_STRINGS["en"]


def held(subject: str, day: str, **fields: str) -> Fact:
    return Fact(subject, "qualification", value="SecNumCloud 3.2", date=PartialDate.parse(day), **fields)  # type: ignore[arg-type]


PLAN = Fact("Bleu", "qualification", value="SecNumCloud 3.2", due=PartialDate(2025), status="planned")
OTHERWISE = "S3NS aurait obtenu la qualification le 19 décembre 2025."
MOVED = Fact("Bleu", "qualification", value="SecNumCloud 3.2", due=PartialDate(2026, 6), status="planned")
J0 = Fact("Bleu", "milestone", value="J0", date=PartialDate(2025, 4, 17))
ARTICLES = [
    passage_of(text, day, facts=facts).article
    for day, text, facts in (
        ("2024-01-15", "Bleu espère la qualification SecNumCloud 3.2 en 2025 <b>${7*7}</b>.", [PLAN]),
        ("2025-04-20", "Bleu a franchi le jalon J0 le 17 avril 2025 et vise le premier semestre 2026.", [J0, MOVED]),
        ("2025-12-19", "S3NS a obtenu la qualification le 17 décembre 2025 pour son offre PREMI3NS.",
         [held("S3NS", "2025-12-17", service="PREMI3NS"), Fact("S3NS", "ownership", object="Thales")]),
        ("2026-01-24", OTHERWISE, [held("S3NS", "2025-12-19", service="PREMI3NS", reported=True)]),  # type: ignore[arg-type]
        ("2022-05-02", "=Cloud Temple a obtenu la qualification SecNumCloud en mars 2022.",
         [held("Cloud Temple", "2022-03", reported=True)]),  # type: ignore[arg-type]
    )
]  # fmt: skip


def book(as_of: date | None = None) -> FactBook:
    return FactBook(ARTICLES, BOOK, MARKET.vocabulary, TODAY, as_of)


@pytest.fixture(scope="module")
def rows():
    return offers(book())


@pytest.mark.parametrize("language", ["fr", "en"])
def test_whatever_opens_a_quote_has_one(rows, language):
    strings, said = STRINGS[language], MARKET_STRINGS[language]
    news = changes(book(), book(date(2025, 1, 1)), date(2025, 1, 1))
    for html in (
        Table(MARKET, strings, said).html(rows, len(rows)),
        market_lists.chronology_html(chronology(book(), "Bleu"), MARKET, strings, said),
        market_lists.changes_html(news, MARKET, strings, said),
    ):
        cards = set(re.findall(r'<article class="tcc-card" id="([^"]+)"', html))
        assert set(re.findall(r'data-quote="([^"]+)"', html)) == cards != set()
        assert "<b>" not in html
        assert "${7" not in html


def test_a_row_says_who_says_it_what_is_calculated_and_what_became_of_promises(rows):
    html = Table(MARKET, STRINGS["fr"], FR).html(rows, len(rows)).split('<div hidden class="tcc-cards">')[0]
    html = html.replace(NBSP, " ")
    row = {name: html[html.index(f">{name}<") :].split("</tr>")[0] for name in ("Bleu", "S3NS", "Cloud Temple")}

    assert "La Gazette, 20 avril 2025" in row["Bleu"]
    assert "décalée" in row["Bleu"]
    assert "échéance passée" in row["Bleu"]
    assert all(
        text in row["S3NS"] for text in ("PREMI3NS", "17 décembre 2025", "17 décembre 2028", "calculé", "Thales")
    )
    assert FR.contradicted in row["S3NS"]
    assert "19 décembre 2025" in row["S3NS"]
    assert FR.contradicted not in row["Bleu"] + row["Cloud Temple"]
    assert FR.lapsed in row["Cloud Temple"]
    assert FR.reported in row["Cloud Temple"]
    assert FR.not_found in row["Cloud Temple"]


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        (Filters(), ["Cloud Temple", "S3NS", "Bleu"]),
        (Filters(provider="S3NS"), ["S3NS"]),
        (Filters(stage="qualified"), ["Cloud Temple", "S3NS"]),
        (Filters(text="premi3ns"), ["S3NS"]),
        (Filters(text="QUALIFIÉ décembre"), ["S3NS"]),
        (Filters(stage="J0", text="S3NS"), []),
    ],
)
def test_the_filters_meet_together(rows, filters, names):
    assert [row.provider for row in chosen(rows, filters, MARKET)] == names


def test_nothing_left_is_said(rows):
    assert FR.nothing in Table(MARKET, STRINGS["fr"], FR).html([], len(rows))


def test_the_table_as_csv(rows):
    text = market_table.to_csv(rows, MARKET, FR)
    read = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))

    assert text.startswith("\ufeff")
    assert [row["fournisseur"] for row in read] == ["Cloud Temple", "S3NS", "Bleu"]
    assert (read[1]["expire (calculé)"], read[1]["dit par"], read[1]["dit le"]) == (
        "2028-12-17",
        "La Gazette",
        "2025-12-19",
    )
    assert read[0]["recoupement"] == FR.reported
    assert read[0]["dernière information"].startswith("'=")  # a spreadsheet would run it
    assert "provider,service," in market_table.to_csv(rows, MARKET, EN)


def test_the_chronology_is_a_table_in_words_and_a_file():
    events = chronology(book(), "Bleu")
    html = market_lists.chronology_html(events, MARKET, STRINGS["fr"], FR)
    read = list(
        csv.DictReader(io.StringIO(market_lists.to_csv(events, MARKET, FR).removeprefix("\ufeff")), delimiter=";")
    )

    assert html.count("<tr>") == 1 + len(events) == 4
    assert [(row["jour"], row["nature"]) for row in read] == [
        ("2024-01-15", "promesse"), ("2025-04-17", "fait"), ("2025-04-20", "promesse"),
    ]  # fmt: skip
    assert "décalée" in read[0]["échéance"]


def test_where_nothing_has_changed_it_says_when_the_corpus_ends():
    day = date(2026, 11, 1)
    html = market_lists.changes_html(changes(book(), book(day), day), MARKET, STRINGS["fr"], FR)

    assert (
        "Rien de nouveau depuis le 1er novembre 2026 : l’article le plus récent est du 24 janvier 2026."
        in html.replace(NBSP, " ")
    )


def test_both_languages_have_every_text_with_the_same_values():
    for name in FR.__dataclass_fields__:
        french, english = getattr(FR, name), getattr(EN, name)
        assert french
        assert english
        assert sorted(re.findall(r"{\w+}", str(french))) == sorted(re.findall(r"{\w+}", str(english)))
        assert not isinstance(french, tuple | dict) or len(french) == len(english)
