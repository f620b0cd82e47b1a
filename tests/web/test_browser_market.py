"""The tab « Marché » in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def market(page: Page, request) -> Page:
    """The tab, open."""
    if size := getattr(request, "param", None):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.reload()
    page.get_by_role("tab", name="Marché").click()
    expect(rows(page)).to_have_count(3)
    return page


def rows(page: Page):
    return page.locator("#tcc-state tbody tr")


def shown(page: Page):
    return page.locator(".tcc-shown.tcc-open")


def test_a_cell_opens_its_quote_by_key_and_goes_back(market):
    cell = market.get_by_role("row", name="S3NS").get_by_role("button", name="17 décembre 2025", exact=True).first
    cell.focus()
    market.keyboard.press("Enter")

    expect(shown(market)).to_be_focused()
    expect(shown(market).locator("mark")).to_contain_text(
        "a obtenu la qualification SecNumCloud 3.2 le 17 décembre 2025"
    )
    expect(shown(market)).to_contain_text("Gazette du Nuage, 19 décembre 2025")
    market.keyboard.press("Escape")
    expect(shown(market)).to_have_count(0)
    expect(cell).to_be_focused()


@pytest.mark.slow
def test_columns_sort_and_what_is_not_found_stays_last(market):
    head = market.get_by_role("columnheader", name="Expire")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    first = rows(market).first.locator("th").inner_text()
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")

    assert (first, rows(market).first.locator("th").inner_text()) == ("3DS Outscale", "S3NS\nPREMI3NS")
    expect(rows(market).last.locator("th")).to_have_text("Bleu")


@pytest.mark.slow
def test_filters_and_the_day_narrow_the_table(market):
    market.get_by_role("textbox", name="Chercher").fill("premi3ns")
    expect(rows(market)).to_have_count(1)
    market.get_by_role("textbox", name="Chercher").fill("")
    expect(rows(market)).to_have_count(3)
    day = market.get_by_role("textbox", name="À la date du", exact=True)
    day.fill("2025-06")
    day.press("Enter")
    expect(rows(market)).to_have_count(2)
    expect(market.locator("#tcc-market-status")).to_contain_text("Tel qu’on le savait le 30 juin 2025")


@pytest.mark.slow
def test_what_is_typed_in_a_list_takes_the_place_of_what_is_chosen(market):
    field = market.locator("#tcc-market-provider input")
    field.click()
    market.keyboard.type("S3")
    market.get_by_role("option", name="S3NS").wait_for()
    market.keyboard.press("Enter")

    expect(field).to_have_value("S3NS")


def test_a_line_of_the_chronology_opens_its_quote(market):
    line = market.locator("#tcc-line .tcc-opens").last
    line.focus()
    market.keyboard.press("Enter")

    expect(shown(market).locator("mark")).not_to_be_empty()


@pytest.mark.slow
def test_both_are_exported_and_it_speaks_english(market):
    for place in (0, 1):
        with market.expect_download() as download:
            market.get_by_role("button", name="CSV").or_(market.get_by_role("link", name="CSV")).nth(place).click()

        assert download.value.suggested_filename.endswith(".csv")
        assert Path(download.value.path()).stat().st_size > 100

    rows(market).first.locator(".tcc-opens").first.click()
    market.get_by_text("English").click()

    expect(shown(market).get_by_role("button", name="Read the article")).to_be_visible()
    expect(market.get_by_role("tab", name="Market")).to_be_visible()
    expect(market.get_by_role("columnheader", name="Newest information")).to_be_visible()


@pytest.mark.parametrize("market", [(390, 844)], indirect=True)
@pytest.mark.slow
def test_on_a_phone_nothing_is_cut_and_the_quote_lies_below_what_opened_it(market):
    assert market.evaluate("document.documentElement.scrollWidth") == 390
    cell = rows(market).first.locator(".tcc-opens").first
    cell.click()
    expect(shown(market)).to_be_in_viewport()

    expect(cell).to_be_in_viewport()
    market.get_by_role("button", name="Fermer").click()
    expect(shown(market)).to_have_count(0)
