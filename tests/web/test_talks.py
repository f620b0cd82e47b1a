"""Conversations that last, the keyboard and the filters, in a real browser."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from browsing import BLEU, act, ask, faults, question
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
S3NS = "Qui détient le capital de S3NS ?"


@pytest.fixture(autouse=True)
def _may_copy(context, server_address):
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server_address)


def talks(page: Page):
    return page.locator(".tcc-talk-open")


def ask_and_keep(page: Page, text: str) -> None:
    kept = page.evaluate("localStorage.length")
    ask(page, text)
    page.wait_for_function(
        "([kept, text]) => localStorage.length >= kept && Object.values(localStorage).some((v) => v.includes(text))",
        arg=[kept, text.split("?")[0].strip()],
    )


def button(page: Page, name: str):
    return page.get_by_role("button", name=name, exact=True)


def test_a_reload_brings_the_conversation_back_with_its_citations_and_panel(page):
    ask_and_keep(page, BLEU)
    answer, panel = page.locator("#answer-1 > div").first.inner_html(), page.locator(".tcc-panel").inner_html()
    question(page).fill("Et la suite")
    page.reload()

    expect(page.locator(".tcc-meta")).to_have_count(1)
    assert page.locator("#answer-1 > div").first.inner_html() == answer
    assert page.locator(".tcc-panel").inner_html() == panel
    expect(question(page)).to_have_value("Et la suite")
    page.locator(".tcc-marker").first.click()
    expect(page.locator(".tcc-card.tcc-lit mark.tcc-lit")).to_be_visible()


@pytest.mark.slow
def test_a_conversation_is_named_found_renamed_and_opened_again(page):
    ask_and_keep(page, BLEU)
    button(page, "Nouvelle conversation").click()
    expect(page.locator(".tcc-hello")).to_be_visible()
    ask_and_keep(page, S3NS)
    expect(talks(page)).to_have_count(2)
    expect(talks(page).first).to_contain_text(S3NS.replace(" ?", ""))
    page.locator(".tcc-talk-rename").first.click()
    page.keyboard.type("Le <b>capital</b>")
    page.keyboard.press("Enter")
    expect(talks(page).first).to_contain_text("Le <b>capital</b>")
    page.get_by_role("searchbox").fill("QUALIFIE")
    expect(talks(page)).to_have_count(1)
    page.get_by_role("searchbox").fill("")
    talks(page).nth(1).click()

    expect(page.locator(".tcc-question")).to_contain_text("Bleu")
    expect(page.locator(".tcc-talk [aria-current]")).to_contain_text("Bleu")


@pytest.mark.slow
def test_a_conversation_is_deleted_and_brought_back(page):
    ask_and_keep(page, BLEU)
    page.locator(".tcc-talk-remove").click()
    expect(page.locator(".tcc-hello")).to_be_visible()
    expect(talks(page)).to_have_count(0)
    button(page, "Annuler").click()
    expect(page.locator("#answer-1 .tcc-quote").first).to_be_visible()
    expect(talks(page)).to_have_count(1)


@pytest.mark.slow
def test_the_last_question_is_edited_and_asked_again(page):
    ask_and_keep(page, BLEU)
    act(page, "Modifier la question")
    expect(question(page)).to_have_value(BLEU)
    expect(page.locator("#tcc-hint")).to_contain_text("remplacera l’ancienne")
    page.keyboard.press("Escape")
    expect(question(page)).to_have_value("")
    act(page, "Modifier la question")
    expect(question(page)).to_have_value(BLEU)
    question(page).fill(S3NS)
    question(page).press("Enter")
    expect(page.locator(".tcc-question")).to_contain_text("S3NS")
    expect(page.locator(".tcc-question")).to_have_count(1)
    expect(page.locator(".tcc-meta")).to_have_count(1)
    expect(page.locator("#tcc-stop")).to_be_hidden()
    # The name was made from the question, so that it follows.
    expect(talks(page)).to_contain_text(S3NS.replace(" ?", ""))
    act(page, "Reposer")

    expect(page.locator("#answer-1 .tcc-meta")).to_be_visible()
    expect(page.locator(".tcc-question")).to_have_count(1)
    expect(page.locator(".tcc-question")).to_contain_text("S3NS")


@pytest.mark.slow
def test_an_answer_and_its_link_are_copied_and_the_link_shows_it_as_it_was(page, server_address):
    ask_and_keep(page, BLEU)
    said = {"Copier en Markdown": "### Sources", "Copier en texte": "Sources\n[1]"}
    for name, part in said.items():
        act(page, name)
        expect(page.locator("#tcc-toast")).to_contain_text("Réponse copiée")
        page.wait_for_function("part => navigator.clipboard.readText().then((t) => t.includes(part))", arg=part)
    act(page, "Copier le lien")
    expect(page.locator("#tcc-toast")).to_contain_text("Lien copié")
    page.wait_for_function("navigator.clipboard.readText().then((t) => t.startsWith('http'))")
    page.evaluate("window.tccSay(''), window.tccActed('1 text\\nof the act before')")
    expect(page.locator("#tcc-toast")).to_contain_text("Lien copié")
    page.evaluate("""window.tccSettled('0\\n{"name": "before", "exchanges": [{"question": "Avant ?"}]}')""")
    expect(talks(page)).to_have_count(1)
    page.goto(page.evaluate("navigator.clipboard.readText()"))
    assert page.url.startswith(f"{server_address}/reponses/")
    expect(page.get_by_role("heading", level=1)).to_have_text(BLEU)
    page.locator(".tcc-marker").first.click()
    expect(page.locator(".tcc-card mark").first).to_be_in_viewport()
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


@pytest.mark.slow
def test_a_stopped_question_returns_to_the_field_and_is_kept(page):
    question(page).fill(f"{BLEU} lentement")
    question(page).press("Enter")
    expect(page.locator(".tcc-answer")).to_contain_text("étape 1")
    page.keyboard.press("Escape")

    expect(page.locator(".tcc-stopped")).to_be_visible()
    expect(question(page)).to_have_value(f"{BLEU} lentement")
    expect(talks(page)).to_have_count(1)


@pytest.mark.slow
def test_what_a_browser_kept_is_text_whatever_stands_in_it(page):
    page.evaluate(
        """() => window.tccKeeper.put("a1", JSON.stringify({name: "a1", exchanges: [
        {number: 1, question: "<img src=x onerror=alert(1)>", status: "stopped", doing: "searching"}, {question: 4}]}),
        "<img src=x onerror=alert(2)>")"""
    )
    page.reload()
    expect(talks(page)).to_contain_text("<img src=x onerror=alert(2)>")
    talks(page).click()

    expect(page.locator(".tcc-question").first).to_contain_text("<img src=x onerror=alert(1)>")
    expect(page.locator("#answer-2 .tcc-problem")).to_contain_text("Reposez la question")
    expect(page.locator("#tcc-chat img, .tcc-shelf img")).to_have_count(0)


def test_keys(page):
    question(page).press("Shift+Enter")
    expect(question(page)).to_have_value("\n")
    question(page).fill("")
    ask_and_keep(page, BLEU)
    question(page).evaluate("e => e.blur()")
    page.keyboard.press("j")
    expect(page.locator(".tcc-marker").first).to_be_focused()
    expect(page.locator(".tcc-card.tcc-lit")).to_be_visible()
    page.keyboard.press("/")
    expect(question(page)).to_be_focused()
    expect(question(page)).to_have_value("")
    page.keyboard.type("? j /")
    expect(question(page)).to_have_value("? j /")
    question(page).evaluate("e => e.blur()")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Raccourcis clavier")
    expect(keys).to_be_visible()
    for _ in range(5):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || document.querySelector('#tcc-keys').contains(document.activeElement)"
        )
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()


def test_on_a_phone_the_list_is_a_drawer_one_tap_away(page):
    page.set_viewport_size({"width": 390, "height": 844})
    expect(button(page, "Conversations")).to_be_in_viewport(ratio=1)
    ask_and_keep(page, BLEU)
    expect(button(page, "Conversations")).to_be_in_viewport(ratio=1)
    button(page, "Conversations").click()
    expect(talks(page)).to_be_visible()
    expect(button(page, "Nouvelle conversation")).to_be_focused()
    assert faults(page) == []
    page.keyboard.press("Escape")

    expect(talks(page)).to_be_hidden()
    expect(button(page, "Conversations")).to_be_focused()
    for closes in (lambda: button(page, "Fermer").click(), lambda: page.mouse.click(380, 300)):
        button(page, "Conversations").click()
        expect(talks(page)).to_be_visible()
        closes()
        expect(talks(page)).to_be_hidden()


@pytest.mark.slow
def test_a_link_that_asks_needs_no_more_than_a_question(context, server_address):
    page = context.new_page()
    page.goto(f"{server_address}/?q={quote(BLEU)}&as_of=2024")

    expect(page.locator(".tcc-meta")).to_contain_text("31\u00a0décembre 2024")
    page.close()


@pytest.mark.slow
def test_filters_are_said_restrict_and_are_cleared_at_once(page):
    page.locator("#tcc-filters > button").click()
    page.get_by_role("textbox", name="Parus jusqu’à", exact=True).fill("2024")
    page.get_by_role("textbox", name="Parus jusqu’à", exact=True).press("Enter")
    expect(page.locator("#tcc-set-line")).to_contain_text("parus jusqu’au 31\u00a0décembre 2024")
    ask_and_keep(page, BLEU)
    expect(page.locator(".tcc-meta")).to_contain_text("parus jusqu’au 31\u00a0décembre 2024")
    button(page, "Effacer les filtres").click()

    expect(page.locator("#tcc-set-line")).not_to_contain_text("Filtres")
    expect(page.get_by_role("textbox", name="Parus jusqu’à", exact=True)).to_have_value("")


@pytest.mark.slow
def test_a_day_is_picked_in_a_calendar(page):
    page.locator("#tcc-filters > button").click()
    page.get_by_label("Choisir le jour : Parus depuis").fill("2025-03-14")

    expect(page.get_by_role("textbox", name="Parus depuis", exact=True)).to_have_value("2025-03-14")
    expect(page.locator("#tcc-set-line")).to_contain_text("14\u00a0mars 2025")


@pytest.mark.slow
def test_no_state_has_a_barrier(page):
    """By axe-core: the list with its conversation, filters set, the theme changed, the keys."""
    ask_and_keep(page, BLEU)
    page.locator("#tcc-filters > button").click()
    page.get_by_role("textbox", name="Parus depuis", exact=True).fill("2025")
    page.keyboard.press("Enter")
    expect(page.locator("#tcc-set-line")).to_contain_text("2025")
    assert faults(page) == []
    button(page, "Clair ou sombre").click()
    page.wait_for_timeout(500)  # colours change gradually
    assert faults(page) == []
    question(page).evaluate("e => e.blur()")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert faults(page) == []
