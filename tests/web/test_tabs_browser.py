"""The tabs beside the questions in a real browser, at a desk and on a phone, for administrators and for readers; axe finds nothing."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import DESK, PHONE, faults
from netports import free_port
from playwright.sync_api import Page, expect

from builders import environment, write
from manners import page as article_page
from manners import web

pytestmark = pytest.mark.browser

READER = {"x-forwarded-for": "203.0.113.9"}


def load(page: Page, address: str) -> None:
    page.evaluate("localStorage.clear()")
    page.goto(address)
    # What is asked of the server when a page is loaded has come: before it Gradio loses what is clicked.
    page.wait_for_function("localStorage.getItem('tcc-visit') !== null")


def at(page: Page, name: str, size: dict[str, int] = DESK) -> None:
    """At a tab; on a phone loaded anew."""
    if size != DESK:
        page.set_viewport_size(size)
        load(page, page.url)
    page.get_by_role("tab", name=name).click()


def sound(page: Page) -> None:
    """Nothing that axe knows of is wrong, and nothing overflows."""
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


@pytest.mark.parametrize("size", [DESK, pytest.param(PHONE, marks=pytest.mark.soak)], ids=["desk", "phone"])
@pytest.mark.slow
def test_articles_are_found_sorted_and_opened(page, size):
    at(page, "Corpus", size)
    rows = page.locator("#tcc-listing [data-do=open]")
    expect(rows).to_have_count(7)
    expect(page.locator("#tcc-listing")).to_contain_text("Phrases citables")
    sound(page)

    # As people type: a single change may be lost while the list is still being drawn on a busy machine.
    page.get_by_role("textbox", name="Rechercher").press_sequentially("qualification thales", delay=20)
    expect(rows).to_have_count(1)
    expect(page.locator(".tcc-count-line")).to_have_text("1 sur 7 articles")
    rows.click()
    expect(page.locator(".tcc-open mark").first).to_be_in_viewport()
    page.locator("#tcc-language").get_by_text("English").evaluate("e => e.click()")
    expect(page.locator(".tcc-open").get_by_role("button", name="Close")).to_be_visible()
    page.locator("#tcc-language").get_by_text("Français").evaluate("e => e.click()")
    page.get_by_role("button", name="Fermer").click()
    page.get_by_role("button", name="Effacer les filtres").click()
    expect(rows).to_have_count(7)
    page.get_by_role("button", name="Titre", exact=True).click()
    expect(page.locator("th.tcc-col-title[aria-sort=ascending]")).to_have_count(1)

    row = page.get_by_role("button", name="S3NS obtient la qualification SecNumCloud")
    row.focus()
    page.keyboard.press("Enter")
    heading = page.get_by_role("heading", name="S3NS obtient la qualification SecNumCloud")
    expect(heading).to_be_focused()
    expect(page.locator(".tcc-open")).to_contain_text("Google Cloud fournit la technologie")
    sound(page)
    page.get_by_role("button", name="Fermer").click()
    expect(row).to_be_focused()


@pytest.mark.parametrize("size", [DESK, pytest.param(PHONE, marks=pytest.mark.soak)], ids=["desk", "phone"])
@pytest.mark.slow
def test_names_are_compared_and_each_cell_opens_its_quote(page, size, tmp_path: Path):
    at(page, "Comparer", size)
    page.locator("#tcc-compare-now").click()
    expect(page.locator("#tcc-compared .tcc-warning")).to_be_visible()
    for name in ("Bleu", "S3NS"):
        field = page.locator("#tcc-names-compared input")
        field.click()
        field.fill(name)
        page.get_by_role("option", name=name).click()
    expect(page.locator("#tcc-compared .tcc-warning")).to_have_count(0)
    page.keyboard.press("Escape")
    page.locator("#tcc-compare-now").click()
    expect(page.locator(".tcc-compared tbody tr")).to_have_count(4)
    expect(page.locator(".tcc-compared")).to_contain_text("PREMI3NS")
    sound(page)

    with page.expect_download() as download:
        page.locator("#tcc-compare-csv").click()
    download.value.save_as(tmp_path / "made.csv")
    lines = list(csv.reader(io.StringIO((tmp_path / "made.csv").read_text("utf-8-sig")), delimiter=";"))
    assert (lines[0][:2], len(lines)) == (["critère", "nom"], 9)

    cell = page.locator(".tcc-cited").first
    cell.click()
    expect(page.locator("#tcc-quoted mark")).to_be_in_viewport()
    sound(page)
    page.locator("#tcc-language").get_by_text("English").evaluate("e => e.click()")
    expect(page.locator("#tcc-quoted").get_by_role("button", name="Close")).to_be_visible()
    expect(page.locator(".tcc-compared")).to_contain_text("Ownership")
    page.locator("#tcc-language").get_by_text("Français").evaluate("e => e.click()")
    page.get_by_role("button", name="Fermer").click()
    expect(cell).to_be_focused()


@pytest.mark.slow
def test_a_pair_that_is_offered_is_compared_at_once(page):
    page.get_by_role("tab", name="Comparer").click()
    expect(page.locator("#tcc-names-compared input")).to_have_attribute("placeholder", "Choisir…")
    expect(page.get_by_label("Choisir le jour : À la date du", exact=True).locator("visible=true")).to_have_count(1)
    sound(page)
    page.locator("#tcc-pair-0").click()

    expect(page.locator("#tcc-names-compared .token")).to_have_count(2)
    expect(page.locator(".tcc-compared tbody tr").first).to_be_visible()


@pytest.mark.slow
def test_the_tabs_speak_english(page):
    page.get_by_role("tab", name="Corpus").click()
    page.get_by_text("English").click()

    expect(page.get_by_role("tab", name="Compare")).to_be_visible()
    expect(page.get_by_role("textbox", name="Search")).to_be_visible()
    expect(page.locator("#tcc-listing")).to_contain_text("Quotable sentences")
    page.get_by_role("button", name="Administration of the corpus").click()
    expect(page.locator("#tcc-address input")).to_be_disabled()


@pytest.mark.slow
def test_a_reader_sees_the_articles_and_nothing_to_change_them_with(page):
    page.set_extra_http_headers(READER)
    load(page, page.url)
    at(page, "Corpus")

    expect(page.locator("#tcc-listing [data-do=open]")).to_have_count(7)
    expect(page.locator("#tcc-admin")).to_have_count(0)


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
    page = tab
    page.goto(f"{own_address}/healthz")
    load(page, own_address)
    at(page, "Corpus")
    before = int(re.findall(r"génération (\d+)", page.locator(".tcc-coverage").inner_text())[0])
    page.get_by_role("button", name="Administration du corpus").click()
    page.locator("#tcc-files input[type=file]").set_input_files(sent)
    expect(page.locator("#tcc-files")).to_contain_text("early")
    sound(page)
    page.get_by_role("button", name="Ajouter au corpus").click()
    expect(page.locator(".tcc-received")).to_contain_text("Nuage neuf.md")
    expect(page.locator(".tcc-reasons").first).to_contain_text("early.txt")
    expect(page.locator(".tcc-count-line")).to_have_text("8 articles")
    expect(page.locator(".tcc-coverage")).to_contain_text(f"génération {before + 1}")
    sound(page)

    page.get_by_role("button", name=re.compile("^Revenir")).click()
    expect(page.locator("#tcc-roll-back-asks")).to_contain_text("Quittent l’index")
    sound(page)
    page.get_by_role("button", name="Confirmer le retour").click()
    expect(page.locator(".tcc-count-line")).to_have_text("7 articles")
    expect(page.locator(".tcc-coverage")).to_contain_text(f"génération {before + 2}")
    with web() as site:
        page.locator("#tcc-address input").fill(
            site.gives("/bleu", article_page("Bleu avance", "Bleu a franchi le jalon J0 le 17 avril 2025. " * 3))
        )
        page.get_by_role("button", name="Lire cette adresse").click()
        expect(page.locator("#tcc-run")).to_contain_text("Bleu avance")
    expect(page.locator(".tcc-count-line")).to_have_text("8 articles")
    page.get_by_role("button", name=re.compile("^Revenir")).click()
    page.get_by_role("button", name="Confirmer le retour").click()
    expect(page.locator(".tcc-count-line")).to_have_text("7 articles")
    page.get_by_role("button", name="Examiner").click()
    expect(page.locator("#tcc-findings .tcc-findings")).to_be_visible(timeout=60_000)
    sound(page)


@pytest.mark.slow
def test_who_comes_back_asks_for_what_is_new(page):
    page.get_by_role("tab", name="Corpus").click()
    expect(page.locator("#tcc-listing [data-do=open]")).to_have_count(7)
    page.wait_for_function("localStorage.getItem('tcc-visit')")
    page.reload()
    page.get_by_role("tab", name="Corpus").click()
    page.get_by_role("checkbox", name=re.compile("Arrivés depuis ma dernière visite")).check()

    expect(page.locator("#tcc-listing")).to_contain_text("Aucun article ne répond")


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


@pytest.mark.parametrize(
    "how",
    [
        {"viewport": {"width": 360, "height": 740}},
        {"viewport": {"width": 640, "height": 425}, "device_scale_factor": 2},
    ],
    ids=["phone", "zoom"],
)
@pytest.mark.slow
def test_nothing_is_cut_on_a_phone_or_at_twice_the_size(browser, server_address, how):
    page = browser.new_context(locale="fr-FR", **how).new_page()
    page.goto(f"{server_address}/healthz")
    load(page, server_address)
    at(page, "Corpus")
    page.get_by_role("button", name="Administration du corpus").click()
    for tab in ("Corpus", "Marché", "Comparer", "Questions"):
        page.get_by_role("tab", name=tab).click()
        page.wait_for_timeout(300)
        assert page.evaluate(_CUT) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    page.context.close()


@pytest.mark.slow
def test_paper_has_answers_then_sources_and_nothing_to_press_and_forced_colours_have_lines(page):
    at(page, "Questions", PHONE)
    page.locator("#tcc-question textarea").fill("Quand Bleu sera-t-il qualifié SecNumCloud ?")
    page.keyboard.press("Enter")
    expect(page.locator(".tcc-meta")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator("#tcc-side .tcc-card").first).to_be_visible()
    assert page.locator("#tcc-chat").bounding_box()["y"] < page.locator("#tcc-side").bounding_box()["y"]
    assert page.locator("button:visible, input:visible, textarea:visible").count() == 0
    for tab in ("Marché", "Corpus", "Comparer"):
        page.emulate_media(media="screen")
        page.get_by_role("tab", name=tab).click()
        page.emulate_media(media="print")
        expect(page.locator("#tcc-tabs h2").locator("visible=true").first).to_be_visible()
        # Words of a table that are buttons elsewhere stay; all that only does something is gone.
        pressed = page.locator("button:visible:not(th button, td button), input:visible, textarea:visible")
        assert pressed.evaluate_all("all => all.map((one) => one.outerHTML.slice(0, 100))") == []
    page.emulate_media(media="screen", forced_colors="active")
    page.get_by_role("tab", name="Questions").click()
    assert page.locator("#tcc-send").evaluate("e => getComputedStyle(e).borderTopWidth") != "0px"
    sound(page)
