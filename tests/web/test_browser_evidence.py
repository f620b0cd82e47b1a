"""The evidence in a real browser: cards, the drawer of a phone."""

from __future__ import annotations

import pytest
from browsing import BLEU, DESK, PHONE, act, ask, faults
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(page: Page) -> Page:
    page.set_viewport_size({"width": 390, "height": 844})
    return page


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
@pytest.mark.slow
def test_cards_have_no_fault_that_axe_finds(context, server_address, scheme):
    somebody = context.browser.new_context(locale="fr-FR", color_scheme=scheme, viewport={"width": 1360, "height": 850})
    page = somebody.new_page()
    page.goto(server_address)
    expect(page.locator("body.dark")).to_have_count(int(scheme == "dark"))
    ask(page, BLEU)
    page.locator(".tcc-marker").first.click()
    found = [faults(page)]
    page.set_viewport_size({"width": 390, "height": 844})
    found.append(faults(page))
    page.locator(".tcc-marker").first.click()
    expect(page.get_by_role("dialog", name="Sources")).to_be_visible()
    found.append(faults(page))
    somebody.close()

    assert found == [[], [], []]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.slow
def test_no_state_of_an_answer_has_a_barrier(context, server_address, scheme):
    """By axe-core: the welcome, a comparison, a refusal and a failure, each with all of it open."""
    somebody = context.browser.new_context(locale="fr-FR", color_scheme=scheme, viewport=DESK)
    page = somebody.new_page()
    page.goto(server_address)
    expect(page.locator("body.dark")).to_have_count(int(scheme == "dark"))
    expect(page.locator(".tcc-hello")).to_be_visible()
    found = [faults(page)]
    for text in ("Compare Bleu et S3NS", "Quelle est la capitale du Pérou ?"):
        ask(page, text)
        page.locator(".tcc-to-sources").last.click()
        expect(page.locator("#tcc-side")).to_be_visible()
        page.evaluate("for (const one of document.querySelectorAll('#tcc-columns details')) one.open = true")
        found.append(faults(page))
    act(page, "Juste", 1)
    expect(page.locator("#tcc-toast")).to_be_visible()
    found.append(faults(page))
    page.keyboard.press("Escape")
    page.set_viewport_size(PHONE)
    found.append(faults(page))
    page.locator("#tcc-toggle").click()
    found.append(faults(page))
    somebody.close()

    assert found == [[]] * 6


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
def test_on_a_phone_the_keyboard_stays_in_the_drawer(phone):
    ask(phone, BLEU)
    phone.locator(".tcc-marker").first.click()
    expect(phone.locator(".tcc-card.tcc-lit")).to_be_focused()
    seen = set()
    for _ in range(30):
        phone.keyboard.press("Tab")
        seen.add(phone.evaluate("!!document.activeElement.closest('#tcc-side, body:focus')"))
    assert True in seen
    assert phone.locator("#tcc-question textarea").evaluate("e => !!e.closest('[inert]')")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.slow
def test_a_drawer_on_a_screen_that_grows_is_the_panel_again(phone):
    ask(phone, BLEU)
    phone.locator(".tcc-to-sources").click()
    expect(phone.get_by_role("dialog", name="Sources")).to_be_visible()
    phone.set_viewport_size({"width": 1360, "height": 850})

    expect(phone.locator("#tcc-side")).to_be_visible()
    expect(phone.get_by_role("dialog", name="Sources")).to_have_count(0)
    phone.locator("#tcc-question textarea").fill("Le champ répond")
