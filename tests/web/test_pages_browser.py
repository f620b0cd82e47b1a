"""The pages beside the chat in a real browser: at a desk and on a phone, light and dark, without a script, on paper; axe finds nothing."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import BLEU, PHONE, ask, faults
from netports import free_port
from playwright.sync_api import Browser, Page, expect

from builders import environment, write
from manners import page as article_page
from manners import web

pytestmark = pytest.mark.browser

VIEWS = [
    "/marche?since=2019", "/marche/offres", "/marche/comparer?offer=Bleu&offer=S3NS · PREMI3NS", "/marche/promesses",
    "/marche/chronologie", "/corpus", "/corpus/administration", "/articles/s3ns-qualification?quote=0-20",
]  # fmt: skip
STATES = [
    "/marche?since=jamais", "/marche?lang=en", "/marche/offres?q=rien", "/marche/comparer", "/marche/contrats", "/marche/prix",
    "/marche/promesses?as_of=2025", "/corpus?q=rien", "/corpus?first=jamais", "/corpus/administration?look=feedback",
    "/corpus/administration?look=answers", "/corpus/administration?look=findings&lang=en", "/corpus/retrait?article=s3ns-qualification",
    "/articles/none", "/articles/s3ns-qualification?words=qualification", "/reponses/0123456789abcdef",
]  # fmt: skip
"""Nothing found, wrong days, what is looked at: of each the page must be as sound."""
_CUT = """() => {
  const pen = document.createElement("canvas").getContext("2d");
  const cut = [...document.querySelectorAll("input, textarea")].filter((field) => {
    if (!field.placeholder || field.value || !field.checkVisibility()) return false;
    const style = getComputedStyle(field);
    pen.font = style.font;
    return pen.measureText(field.placeholder).width > field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) + 1;
  });
  const out = [...document.querySelectorAll("button, h1, h2, label, p")].filter((part) => {
    const box = part.getBoundingClientRect();
    return part.checkVisibility() && !part.closest(".tcc-table") && box.width > 1 && box.right > innerWidth + 1;
  });
  return [...cut.map((field) => field.placeholder), ...out.map((part) => part.textContent)];
}"""
"""What is cut: placeholders longer than their fields, and what stands out of the window."""


def sound(page: Page) -> None:
    """Nothing that axe knows of is wrong, nothing overflows and nothing is cut."""
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    assert page.evaluate(_CUT) == []


@pytest.mark.parametrize("view", [*VIEWS, *(pytest.param(state, marks=pytest.mark.slow) for state in STATES)])
@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_every_page_is_sound_at_a_desk_and_on_a_phone_with_all_of_it_open(tab: Page, server_address, view, scheme):
    tab.emulate_media(color_scheme=scheme)
    tab.goto(f"{server_address}{view}")
    sound(tab)
    tab.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    sound(tab)
    tab.set_viewport_size(PHONE)
    sound(tab)
    tab.set_viewport_size({"width": 360, "height": 740})
    sound(tab)


def test_a_cell_opens_its_sentence_and_the_article_at_it_by_key_and_back_leads_back(tab: Page, server_address):
    tab.goto(f"{server_address}/marche/offres?q=premi3ns")
    cell = tab.get_by_role("row", name="S3NS").locator("summary", has_text="17 décembre 2025").first
    cell.focus()
    tab.keyboard.press("Enter")
    sentence = tab.locator("details[open] blockquote").first
    expect(sentence).to_contain_text("a obtenu la qualification SecNumCloud 3.2 le 17 décembre 2025")
    sentence.get_by_role("link", name="Lire dans l’article").click()

    expect(tab.locator("mark").first).to_be_in_viewport()
    tab.go_back()
    expect(tab).to_have_url(f"{server_address}/marche/offres?q=premi3ns")
    expect(tab.locator("tbody tr")).to_have_count(1)


@pytest.mark.slow
def test_two_ticks_compare_and_a_form_keeps_language_and_day(tab: Page, server_address):
    tab.goto(f"{server_address}/marche/offres?lang=en&as_of=2026-01")
    for name in ("Bleu", "S3NS"):
        tab.get_by_role("checkbox", name=re.compile(name)).check()
    tab.get_by_role("button", name="Compare the ticked offers").click()

    expect(tab.get_by_role("columnheader")).to_have_count(3)
    expect(tab).to_have_url(re.compile("lang=en&as_of=2026-01&offer=.*&offer="))
    expect(tab.get_by_role("status")).to_contain_text("31 January 2026")


@pytest.mark.slow
def test_all_of_it_is_there_without_a_script(browser: Browser, server_address):
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(f"{server_address}/corpus?q=qualification+thales")
    page.get_by_role("link", name="S3NS obtient la qualification SecNumCloud").click()
    expect(page.locator("mark").first).to_be_visible()
    page.get_by_role("link", name="Marché").click()
    page.get_by_role("link", name="Offres").click()
    page.locator("summary", has_text="17 décembre 2025").first.click()
    expect(page.locator("details[open] blockquote").first).to_contain_text("17 décembre 2025")
    expect(page.get_by_role("button", name="Clair ou sombre")).to_have_count(0)
    context.close()


@pytest.mark.slow
def test_light_or_dark_is_chosen_once_for_the_chat_and_the_pages(tab: Page, server_address):
    tab.emulate_media(color_scheme="light")
    tab.goto(f"{server_address}/marche")
    tab.get_by_role("button", name="Clair ou sombre").click()
    expect(tab.locator("html[data-theme=dark]")).to_have_count(1)
    tab.goto(server_address)
    expect(tab.locator("body.dark")).to_have_count(1)


def test_the_chat_leads_to_the_pages_and_a_quote_to_its_article(page: Page):
    ask(page, BLEU)
    page.locator(".tcc-marker").first.click()
    card = page.locator(".tcc-card", has=page.locator("mark")).first
    quoted = card.locator("mark").first.inner_text()
    with page.context.expect_page() as opened:
        card.get_by_role("link", name="Lire l’article").click()
    article = opened.value
    expect(article.locator("mark").first).to_have_text(quoted)
    expect(article.locator("mark").first).to_be_in_viewport()
    article.close()
    page.get_by_role("link", name="Corpus", exact=True).click()
    expect(page.get_by_role("heading", name="Les articles du corpus")).to_be_visible()


@pytest.mark.slow
def test_paper_has_facts_and_nothing_to_press(tab: Page, server_address):
    tab.emulate_media(media="print")
    for view in VIEWS[:6]:
        tab.goto(f"{server_address}{view}")
        expect(tab.locator("h1")).to_be_visible()
        assert tab.locator("button:visible, input:visible, select:visible").count() == 0


@pytest.fixture
def own_address(page_home: Path, page_corpus: Path, tmp_path: Path) -> Iterator[str]:
    """A server over a corpus of its own, which may change, and which may fetch from this machine."""
    shutil.copytree(page_home, tmp_path / "home", symlinks=True)
    shutil.copytree(page_corpus, tmp_path / "corpus")
    port, log = free_port(), tmp_path / "log"
    fetches = {"TCC_ALLOW_NETWORK": 1, "TCC_PRIVATE_NETWORKS": "127.0.0.1", "TCC_FETCH_DELAY_S": 0}
    environ = environment(TCC_HOME=tmp_path / "home", TCC_CORPUS=tmp_path / "corpus", TCC_PORT=port, **fetches)
    with log.open("w") as stderr:
        server = subprocess.Popen([sys.executable, "-m", "trusted_cloud_chat", "serve"], env=environ, stderr=stderr)
        deadline = time.monotonic() + 240
        while "Page:" not in log.read_text():
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
        told = log.read_text()
        server.terminate()
        server.wait(20)
    assert "Traceback" not in told, told


@pytest.mark.slow
def test_an_administrator_adds_a_file_and_an_address_is_told_what_failed_and_goes_back(
    tab: Page, own_address, tmp_path: Path
):
    sent = [
        write(tmp_path / "sent" / "Nuage neuf.md", "---\ndate: 2026-05-04\n---\nNuageNeuf ouvre une région à Lille.\n"),
        write(tmp_path / "sent" / "early.txt", "date 2999-01 Un texte de plus tard.\n"),
    ]
    page, run = tab, tab.locator("#run")
    page.goto(f"{own_address}/corpus")
    page.get_by_role("link", name="Administration du corpus").click()
    chooser = page.locator(".choose")
    expect(chooser).to_have_text("Choisir… aucun fichier choisi")
    page.locator("input[type=file]").set_input_files(sent)
    expect(chooser).to_contain_text("2 fichiers")
    page.get_by_role("button", name="Ajouter au corpus").click()
    expect(run).to_contain_text("Nuage neuf.md")
    expect(run.get_by_role("table").first).to_contain_text("early.txt")
    expect(page.locator("#index")).to_contain_text("génération 2")
    sound(page)
    page.goto(f"{own_address}/corpus")
    expect(page.get_by_role("status")).to_have_text("8 articles")

    page.goto(f"{own_address}/corpus/administration")
    page.get_by_role("link", name=re.compile("^Revenir à la génération")).click()
    expect(page.locator("#look")).to_contain_text("Quittent l’index")
    sound(page)
    page.get_by_role("button", name="Confirmer le retour").click()
    expect(run).to_contain_text("retirés\u00a0: 1")
    with web() as site:
        page.get_by_label("Adresse d’une page").fill(
            site.gives("/bleu", article_page("Bleu avance", "Bleu a franchi le jalon J0 le 17 avril 2025. " * 3))
        )
        page.get_by_role("button", name="Lire cette adresse").click()
        expect(run).to_contain_text("Bleu avance")
    page.get_by_role("link", name="Examiner").click()
    expect(page.locator("#look")).to_be_visible(timeout=60_000)
    sound(page)
    page.goto(f"{own_address}/articles/bleu/jalon-j0")
    page.get_by_role("link", name="Remplacer ou retirer").click()
    page.get_by_role("button", name="Retirer cet article").click()
    page.goto(f"{own_address}/articles/bleu/jalon-j0")
    expect(page.get_by_role("heading")).to_have_text("Cette page ne peut pas être affichée")


@pytest.mark.slow
def test_paper_has_answers_then_sources_and_nothing_to_press_and_forced_colours_have_lines(page):
    page.set_viewport_size(PHONE)
    ask(page, BLEU)
    page.emulate_media(media="print")
    expect(page.locator("#tcc-side .tcc-card").first).to_be_visible()
    assert page.locator("#tcc-chat").bounding_box()["y"] < page.locator("#tcc-side").bounding_box()["y"]
    assert page.locator("button:visible, input:visible, textarea:visible").count() == 0
    page.emulate_media(media="screen", forced_colors="active")
    assert page.locator("#tcc-send").evaluate("e => getComputedStyle(e).borderTopWidth") != "0px"
    sound(page)
