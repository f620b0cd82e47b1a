"""The evidence in a real browser: cards, the reader, the drawer of a phone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browsing import BLEU, ask, faults
from playwright.sync_api import Page, expect

from builders import TODAY
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.wiring import run_ingest

pytestmark = pytest.mark.browser

FIRST = "Quel est le premier fournisseur à avoir obtenu la qualification SecNumCloud ?"


@pytest.fixture
def phone(page: Page) -> Page:
    page.set_viewport_size({"width": 390, "height": 844})
    return page


@pytest.fixture
def edited(page_corpus: Path, page_home: Path, embedder: Embedder) -> Iterator[Callable[[], None]]:
    """What edits an article, which is as it was afterwards."""
    written = page_corpus / "outscale.md"
    before = written.read_text("utf-8")
    settings = load_settings(home=page_home, corpus=page_corpus)

    def change(text: str) -> None:
        written.write_text(text, "utf-8")
        run_ingest(settings, embedder=embedder, today=TODAY)

    yield lambda: change(before.replace("le premier fournisseur", "le tout premier fournisseur"))
    change(before)


def reader(page: Page):
    return page.get_by_role("dialog").filter(has=page.locator("#tcc-reader-title"))


def test_the_article_is_read_over_the_page_with_its_quotes_marked_and_closed_by_escape(page):
    ask(page, BLEU)
    card = page.locator(".tcc-card", has=page.locator("mark")).first
    quoted = card.locator("mark").first.inner_text()
    button = card.get_by_role("button", name="Lire l’article")
    button.focus()
    page.keyboard.press("Enter")

    expect(page.locator("#tcc-reader-title")).to_be_focused()
    expect(reader(page).locator("mark").first).to_have_text(quoted)
    expect(reader(page).locator("mark").first).to_be_in_viewport()
    expect(reader(page)).to_contain_text(re.compile(r"Article .*, version [0-9a-f]{12}"))
    reader(page).locator(".tcc-jumps button").first.click()
    expect(reader(page).locator("mark.tcc-lit").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(reader(page)).to_have_count(0)
    expect(button).to_be_focused()
    button.click()
    reader(page).get_by_role("button", name="Fermer").click()
    expect(button).to_be_focused()


@pytest.mark.slow
def test_an_article_that_changed_since_says_so_and_shows_both_versions(page, edited):
    ask(page, FIRST)
    edited()
    card = page.locator(".tcc-card", has_text="premier qualifié").filter(has=page.locator("mark"))
    card.get_by_role("button", name="Lire l’article").click()
    note = reader(page).get_by_role("note")

    expect(note).to_contain_text("Cet article a changé depuis")
    expect(reader(page).locator("mark").first).to_contain_text("le premier fournisseur")
    note.get_by_role("button", name="Lire la version actuelle").click()
    expect(note).to_contain_text("Version actuelle")
    expect(note).to_contain_text("Aucune citation n’y figure plus mot pour mot")
    expect(reader(page)).to_contain_text("le tout premier fournisseur")
    note.get_by_role("button", name="Lire la version citée").click()
    expect(note).to_contain_text("Cet article a changé depuis")
    page.keyboard.press("Escape")
    expect(card.get_by_role("button", name="Lire l’article")).to_be_focused()


@pytest.mark.slow
def test_a_hostile_article_is_read_as_it_is_written(page):
    ask(page, "Comment le fournisseur Cumulonimbus chiffre-t-il ses données ?")
    page.locator(".tcc-card .tcc-read-button").first.click()

    expect(reader(page)).to_contain_text("<script>alert(1)</script>")
    expect(reader(page)).to_contain_text("${7*7} {{7*7}}")
    expect(reader(page).locator("img, script, a[href^=javascript]")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
@pytest.mark.slow
def test_cards_and_reader_have_no_fault_that_axe_finds(context, server_address, scheme):
    somebody = context.browser.new_context(locale="fr-FR", color_scheme=scheme, viewport={"width": 1360, "height": 850})
    page = somebody.new_page()
    page.goto(server_address)
    expect(page.locator("body.dark")).to_have_count(int(scheme == "dark"))
    ask(page, BLEU)
    page.locator(".tcc-marker").first.click()
    found = [faults(page)]
    page.locator(".tcc-card.tcc-lit .tcc-read-button").click()
    expect(reader(page)).to_be_visible()
    found.append(faults(page))
    page.set_viewport_size({"width": 390, "height": 844})
    found.append(faults(page))
    page.keyboard.press("Escape")
    page.locator(".tcc-marker").first.click()
    expect(page.get_by_role("dialog", name="Sources")).to_be_visible()
    found.append(faults(page))
    somebody.close()

    assert found == [[], [], [], []]


def test_on_a_phone_a_marker_opens_the_drawer_at_the_quote_and_closing_leads_back(phone):
    ask(phone, BLEU)
    side, marker = phone.locator("#tcc-side"), phone.locator(".tcc-marker").first
    expect(side).to_be_hidden()
    expect(phone.locator("#tcc-question textarea")).to_be_in_viewport(ratio=1)
    for close in (
        lambda: phone.keyboard.press("Escape"),
        lambda: phone.get_by_role("button", name="Fermer les sources").click(),
        lambda: phone.mouse.click(195, 40),  # beside the drawer
    ):
        marker.click()
        expect(phone.get_by_role("dialog", name="Sources")).to_be_visible()
        expect(phone.locator(".tcc-card.tcc-lit")).to_be_focused()
        expect(phone.locator(".tcc-card mark.tcc-lit").first).to_be_in_viewport(ratio=1)
        close()
        expect(side).to_be_hidden()
        expect(marker).to_be_focused()
    expect(phone.locator("#tcc-question textarea")).to_be_in_viewport(ratio=1)


@pytest.mark.slow
def test_on_a_phone_the_keyboard_stays_in_the_drawer_and_the_reader_leads_back_to_it(phone):
    ask(phone, BLEU)
    phone.locator(".tcc-marker").first.click()
    expect(phone.locator(".tcc-card.tcc-lit")).to_be_focused()
    seen = set()
    for _ in range(30):
        phone.keyboard.press("Tab")
        seen.add(phone.evaluate("!!document.activeElement.closest('#tcc-side, body:focus')"))
    assert True in seen
    assert phone.locator("#tcc-question textarea").evaluate("e => !!e.closest('[inert]')")
    button = phone.locator(".tcc-card.tcc-lit .tcc-read-button")
    button.click()
    expect(reader(phone)).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(phone.get_by_role("dialog", name="Sources")).to_be_visible()


@pytest.mark.slow
def test_a_drawer_on_a_screen_that_grows_is_the_panel_again(phone):
    ask(phone, BLEU)
    phone.locator(".tcc-to-sources").click()
    expect(phone.get_by_role("dialog", name="Sources")).to_be_visible()
    phone.set_viewport_size({"width": 1360, "height": 850})

    expect(phone.locator("#tcc-side")).to_be_visible()
    expect(phone.get_by_role("dialog", name="Sources")).to_have_count(0)
    phone.locator("#tcc-question textarea").fill("Le champ répond")
