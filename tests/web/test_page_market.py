"""The tab « Marché » without a browser: its table, plot, quotes and files."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from trusted_cloud_chat.answering.overview.events import timeline_of
from trusted_cloud_chat.answering.overview.state import state_of
from trusted_cloud_chat.answering.overview.told import survey

from made import BOOK, MARKET, passage_of
from trusted_cloud_chat.web.strings import STRINGS
from trusted_cloud_chat.web.tabs import market_line, market_table
from trusted_cloud_chat.web.tabs.market_strings import MARKET_STRINGS
from trusted_cloud_chat.web.tabs.market_table import Filters, chosen

TODAY = date(2026, 11, 24)
FR, EN = MARKET_STRINGS["fr"], MARKET_STRINGS["en"]
ARTICLES = (
    ("2024-01-15", "Bleu espère la qualification SecNumCloud 3.2 en 2025 <b>${7*7}</b>."),
    ("2025-04-20", "Bleu a franchi le jalon J0 de la qualification SecNumCloud le 17 avril 2025. La qualification SecNumCloud de Bleu "
     "est attendue au premier semestre 2026."),
    ("2025-12-19", "S3NS a obtenu la qualification SecNumCloud 3.2 le 17 décembre 2025 pour son offre PREMI3NS."),
    ("2022-05-02", "=Cloud Temple a obtenu la qualification SecNumCloud en mars 2022."),
)  # fmt: skip


@pytest.fixture(scope="module")
def told():
    return survey([passage_of(text, day) for day, text in ARTICLES], BOOK, MARKET)


@pytest.fixture(scope="module")
def rows(told):
    return state_of(told, MARKET, TODAY)


@pytest.fixture(scope="module")
def line(told):
    return timeline_of("Bleu", told, TODAY)


def opened_by(html: str) -> set[str]:
    return set(re.findall(r'data-quote="([^"]+)"', html))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_whatever_opens_a_quote_has_one(rows, line, language):
    strings, said = STRINGS[language], MARKET_STRINGS[language]
    for html in (
        market_table.table_html(rows, len(rows), MARKET, strings, said),
        market_line.line_html(line, TODAY, MARKET, strings, said),
    ):
        cards = set(re.findall(r'<article class="tcc-card" id="([^"]+)"', html))
        assert opened_by(html) == cards != set()
        assert "<b>" not in html
        assert "${7" not in html


def test_what_no_article_tells_is_not_found(rows):
    html = market_table.table_html(rows, len(rows), MARKET, STRINGS["fr"], FR)

    # Of Bleu the service and the expiry, of Cloud Temple the service.
    assert html.count(FR.not_found + "</span>") == 3
    assert FR.lapsed in html
    assert html.count("calculé") == 2


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        (Filters(), ["Bleu", "Cloud Temple", "S3NS"]),
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
    assert FR.nothing in market_table.table_html([], len(rows), MARKET, STRINGS["fr"], FR)


def test_the_table_as_csv(rows):
    text = market_table.to_csv(rows, MARKET, FR)
    read = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))

    assert text.startswith("\ufeff")
    assert [row["fournisseur"] for row in read] == ["Bleu", "Cloud Temple", "S3NS"]
    assert read[2]["expire (calculé)"] == "2028-12-17"
    assert "provider,service," in market_table.to_csv(rows, MARKET, EN)
    assert read[0]["service"] == FR.not_found
    assert read[1]["preuve la plus récente"].startswith("'=")  # a spreadsheet would run it


def test_the_plot_is_well_formed_and_says_what_it_shows(line):
    html = market_line.line_html(line, TODAY, MARKET, STRINGS["en"], EN)
    drawn = ET.fromstring(re.search(r"<svg.*?</svg>", html, re.S)[0])  # type: ignore[index]
    points = [element for element in drawn.iter() if element.get("role") == "button"]

    assert len(points) == len(line.events) == 3
    assert all(point.get("tabindex") == "0" and point.get("aria-label") for point in points)
    assert len([element for element in drawn.iter() if element.get("class") == "tcc-slip"]) == 1
    assert html.count("<tr>") == 1 + len(line.events)
    assert "2025 → January – June 2026" in html


def test_the_line_as_csv(line):
    read = list(csv.DictReader(io.StringIO(market_line.to_csv(line, MARKET, FR).removeprefix("\ufeff")), delimiter=";"))

    assert [(row["début"], row["nature"]) for row in read] == [
        ("2025-04-17", "Étape"), ("2025-01-01", "Échéance passée"), ("2026-01-01", "Échéance passée"),
    ]  # fmt: skip
    assert read[1]["nouvelle échéance"] == "premier semestre 2026"


def test_both_languages_have_every_text_with_the_same_values():
    for name in FR.__dataclass_fields__:
        french, english = getattr(FR, name), getattr(EN, name)
        assert french
        assert english
        assert sorted(re.findall(r"{\w+}", str(french))) == sorted(re.findall(r"{\w+}", str(english)))
        assert not isinstance(french, tuple | dict) or len(french) == len(english)
