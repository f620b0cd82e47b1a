"""The page in a real browser, as a reader uses it. Every request is watched."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import BLEU, act, ask, question
from playwright.sync_api import Page, expect

from model_servers import model_server, openai_list

pytestmark = pytest.mark.browser

BLEU_SAYS = (
    "Bleu sera qualifié SecNumCloud au premier semestre 2026, selon le calendrier que l’entreprise annonce [1][2][3]."
)
"""What a language model writes: the words of an article, so that they stand whatever is checked."""


def test_a_marker_leads_to_the_card_with_the_quoted_words(page):
    ask(page, BLEU)
    marker = page.get_by_role("link", name="source [1]").first
    words = page.locator(".tcc-words").first
    quoted = words.locator("strong").or_(words).last.inner_text()
    marker.click()
    card = page.locator(".tcc-card.tcc-lit")

    expect(card).to_be_visible()
    expect(card).to_be_focused()
    expect(card.locator("mark.tcc-lit")).to_have_text(quoted)
    expect(card.locator(".tcc-badge").first).to_have_text("1")


def test_sources_open_beside_the_answer_on_demand_and_close_again(page):
    """The answer has the whole width until then, and 500 pixels of the height of a small screen."""
    page.set_viewport_size({"width": 1280, "height": 720})
    ask(page, BLEU)
    side, chat, marker = page.locator("#tcc-side"), page.locator("#tcc-chat"), page.locator(".tcc-marker").first
    expect(side).to_be_hidden()
    alone = chat.bounding_box()
    for close in (
        lambda: page.get_by_role("button", name="Fermer les sources").click(),
        lambda: page.keyboard.press("Escape"),
    ):
        marker.focus()
        page.keyboard.press("Enter")
        expect(page.locator(".tcc-card.tcc-lit")).to_be_focused()
        expect(page.locator(".tcc-card mark.tcc-lit").first).to_be_in_viewport(ratio=1)
        beside = chat.bounding_box()
        assert beside["x"] + beside["width"] <= side.bounding_box()["x"]
        assert beside["width"] < alone["width"]
        assert beside["height"] == alone["height"] >= 500
        close()
        expect(side).to_be_hidden()
        expect(marker).to_be_focused()


def test_the_keyboard_goes_to_a_card_and_back(page):
    ask(page, BLEU)
    marker = page.locator(".tcc-marker").first
    marker.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".tcc-card.tcc-lit")).to_be_focused()
    page.locator(".tcc-lit .tcc-back").focus()
    page.keyboard.press("Enter")

    expect(marker).to_be_focused()


def test_a_refusal_looks_different_and_shows_the_nearest_passages(page):
    ask(page, "Quelle est la capitale du Pérou ?")

    expect(page.locator(".tcc-refusal")).to_be_visible()
    expect(page.locator(".tcc-marker")).to_have_count(0)
    page.get_by_role("link", name="Voir les passages proches").click()
    expect(page.get_by_role("heading", name="Passages les plus proches")).to_be_visible()
    expect(page.locator("#tcc-panel .tcc-card").first).to_be_visible()


@pytest.mark.slow
def test_a_marker_of_an_older_answer_brings_its_own_sources(page):
    ask(page, BLEU)
    ask(page, "Qui détient le capital de S3NS ?")
    page.locator("#answer-1 .tcc-marker").first.click()

    expect(page.locator(".tcc-for:visible")).to_contain_text("Bleu")
    expect(page.locator(".tcc-card.tcc-lit")).to_be_visible()


def test_a_hostile_article_is_shown_as_it_is_written(page):
    """Scripts, images, Markdown, templates and forged markers are characters; the page's fixture sees what they try."""
    ask(page, "Comment le fournisseur Cumulonimbus chiffre-t-il ses données ?")
    page.locator(".tcc-to-sources").click()
    panel = page.locator("#tcc-panel")

    expect(panel).to_be_visible()
    expect(panel).to_contain_text("<script>alert(1)</script>")
    expect(panel).to_contain_text("<img src=x onerror=alert(2)>")
    expect(panel).to_contain_text("${7*7} {{7*7}}")
    expect(page.locator("#tcc-chat img, #tcc-panel img, #tcc-panel script, #tcc-chat strong")).to_have_count(0)
    assert page.locator(".tcc-marker").all_text_contents() == ["source [1]"] * page.locator(".tcc-quote").count()
    assert page.locator("#tcc-panel a[href^=javascript]").count() == 0


@pytest.mark.slow
def test_a_hostile_question_is_shown_as_it_is_written(page):
    text = "<img src=x onerror=alert(1)> **Bleu** ![x](http://evil.example/b.png) {{7*7}} ?"
    ask(page, text)

    expect(page.locator(".tcc-question")).to_contain_text(text)
    expect(page.locator("#tcc-chat img, #tcc-panel img")).to_have_count(0)


def test_a_slow_answer_can_be_stopped(page):
    question(page).fill(f"{BLEU} lentement")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator(".tcc-answer")).to_contain_text("étape 1")
    page.get_by_role("button", name="Arrêter").click()

    expect(page.locator(".tcc-stopped")).to_have_text("Réponse interrompue.")
    expect(page.get_by_role("button", name="Envoyer")).to_be_visible()
    expect(question(page)).to_have_value(f"{BLEU} lentement")
    ask(page, BLEU)


@pytest.mark.slow
def test_a_question_is_stopped_in_the_midst_of_a_long_step_and_the_next_one_sent_at_once(page):
    """As when a table is built: the fixture sees whether the server could leave the question."""
    question(page).fill(f"{BLEU} laborieux")
    question(page).press("Enter")
    page.get_by_role("button", name="Arrêter").click()
    expect(page.locator(".tcc-stopped")).to_have_text("Réponse interrompue.")
    expect(question(page)).to_have_value(f"{BLEU} laborieux")
    question(page).fill(BLEU)
    page.get_by_role("button", name="Envoyer").click()

    expect(page.locator(".tcc-question")).to_have_count(2, timeout=12_000)
    expect(page.locator(".tcc-meta")).to_have_count(1)
    expect(page.locator("#answer-2 .tcc-quote").first).to_be_visible()


@pytest.mark.slow
def test_a_question_is_stopped_and_the_next_one_asked_where_the_network_is_slow(page):
    """The question that waits in the field is still on its way when the one before it is stopped."""
    page.set_extra_http_headers({"X-Late": "800"})
    page.get_by_role("button", name="Quelles échéances").click()
    expect(page.locator(".tcc-answer")).to_contain_text("étape 1")
    question(page).fill(BLEU)
    question(page).press("Enter")
    page.get_by_role("button", name="Arrêter").click()
    expect(page.locator(".tcc-stopped")).to_have_text("Réponse interrompue.")
    page.wait_for_timeout(2_500)  # longer than a question is on its way
    page.get_by_role("button", name="Envoyer").click()

    expect(page.locator("#answer-2 .tcc-quote").first).to_be_visible()


@pytest.mark.slow
def test_what_is_done_and_for_how_long_is_said_but_the_seconds_not_aloud(page):
    question(page).fill("Compare Bleu et S3NS, travail laborieux")
    question(page).press("Enter")

    said = re.compile("Recherche dans les articles… [1-9]\u00a0s")
    expect(page.locator(".tcc-searching")).to_contain_text(said)
    expect(page.locator(".tcc-elapsed")).to_have_attribute("aria-hidden", "true")
    page.get_by_role("button", name="Arrêter").click()


@pytest.mark.slow
def test_what_is_typed_while_an_answer_is_made_stays(page):
    question(page).fill(f"{BLEU} lentement")
    question(page).press("Enter")
    expect(page.locator(".tcc-answer")).to_contain_text("étape 1")
    question(page).fill("Et S3NS ?")
    expect(page.locator(".tcc-answer")).to_contain_text("étape 3")
    page.get_by_role("button", name="Arrêter").click()
    expect(page.locator(".tcc-stopped")).to_be_visible()

    expect(question(page)).to_have_value("Et S3NS ?")


@pytest.mark.slow
def test_a_silent_language_model_can_be_stopped_and_the_next_question_asked(page):
    """A minute before the model would be given up: its silence holds up nobody."""
    pytest.importorskip("langchain_openai")
    question(page).fill(f"{BLEU} muet")
    question(page).press("Enter")
    page.get_by_role("button", name="Arrêter").click()
    expect(page.locator(".tcc-stopped")).to_have_text("Réponse interrompue.")
    expect(page.get_by_role("button", name="Envoyer")).to_be_visible()
    expect(question(page)).to_have_value(f"{BLEU} muet")
    ask(page, BLEU)

    expect(page.locator(".tcc-meta")).to_have_count(1)
    expect(page.locator("#answer-2 .tcc-quote").first).to_be_visible()


@pytest.mark.slow
def test_an_unforeseen_error_leaves_a_neutral_message_and_a_page_that_works(page):
    question(page).fill("Bleu panne")
    question(page).press("Enter")

    expect(page.locator(".tcc-problem")).to_contain_text("Une erreur inattendue")
    assert "nobody foresaw" not in page.content()
    expect(question(page)).to_have_value("Bleu panne")
    ask(page, BLEU)


@pytest.mark.slow
def test_what_is_typed_while_a_question_fails_stays(page):
    question(page).fill("Bleu panne lentement")
    question(page).press("Enter")
    expect(page.locator(".tcc-searching")).to_be_visible()
    question(page).fill("Et S3NS ?")
    expect(page.locator(".tcc-problem")).to_contain_text("Une erreur inattendue")
    expect(page.get_by_role("button", name="Envoyer")).to_be_visible()

    expect(question(page)).to_have_value("Et S3NS ?")


@pytest.mark.slow
def test_what_is_typed_as_soon_as_an_answer_is_whole_stays(page):
    """On a slow machine what follows an answer comes late: it has nothing to say about the next question."""
    ask(page, f"{BLEU} traînant")
    question(page).fill("Et S3NS ?")
    page.wait_for_timeout(3_500)  # longer than the fixture is late

    expect(question(page)).to_have_value("Et S3NS ?")


@pytest.mark.slow
def test_what_is_typed_as_soon_as_an_answer_is_stopped_stays(page):
    question(page).fill(f"{BLEU} lentement, traînant")
    question(page).press("Enter")
    expect(page.locator(".tcc-answer")).to_contain_text("étape 1")
    page.get_by_role("button", name="Arrêter").click()
    expect(page.locator(".tcc-stopped")).to_be_visible()
    question(page).fill("Et S3NS ?")
    page.wait_for_timeout(3_500)  # longer than the fixture is late

    expect(question(page)).to_have_value("Et S3NS ?")


@pytest.mark.slow
def test_as_of_says_what_is_not_read_and_says_what_is_no_date(page):
    page.locator("#tcc-filters > button").click()
    field = page.get_by_role("textbox", name="À la date du", exact=True)
    field.fill("hier")
    field.press("Enter")
    expect(page.locator("#tcc-as-of-status")).to_contain_text("n’est pas une date")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("2024")
    field.press("Enter")
    expect(page.locator("#tcc-as-of-status")).to_contain_text("À la date du 31".replace("À", "à"))
    ask(page, BLEU)

    expect(page.locator(".tcc-meta")).to_contain_text("À la date du 31\u00a0décembre 2024")


def test_the_page_changes_language_and_says_so(page):
    ask(page, BLEU)
    page.get_by_text("English").click()

    expect(page.get_by_role("button", name="New conversation")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#answer-1 > div[lang=fr]")).to_be_visible()
    expect(page.locator(".tcc-meta")).to_contain_text("See the")


@pytest.mark.slow
def test_a_conversation_is_exported_and_begun_anew(page, tmp_path: Path):
    ask(page, BLEU)
    with page.expect_download() as download:
        act(page, "Exporter la conversation")
    download.value.save_as(tmp_path / "out.md")
    assert download.value.suggested_filename.endswith(".md")
    page.get_by_role("button", name="Nouvelle conversation").click()

    assert f"## 1. {BLEU}" in (tmp_path / "out.md").read_text("utf-8")
    expect(page.locator(".tcc-of-quotes")).to_be_visible()
    expect(page.locator(".tcc-of-written")).to_be_hidden()
    expect(page.locator(".tcc-answer")).to_have_count(0)
    expect(question(page)).to_be_focused()


@pytest.mark.slow
def test_a_comparison_is_a_table_whose_markers_lead_to_the_cards(page):
    ask(page, "Qualification SecNumCloud et capital : compare Bleu et S3NS")
    table = page.locator(".tcc-table table")

    expect(table.get_by_role("columnheader")).to_have_text(["Critère", "Bleu", "S3NS"])
    expect(table.get_by_role("rowheader").first).to_have_text("Qualification")
    table.locator(".tcc-marker").first.click()
    expect(page.locator(".tcc-card.tcc-lit")).to_be_focused()


@pytest.mark.slow
def test_the_evidence_of_an_answer_is_shown_on_request(page):
    ask(page, BLEU)
    ask(page, "D’où tiens-tu cela ?")
    expect(page.locator("#answer-2")).to_contain_text("repose sur")
    expect(page.locator("#answer-2 .tcc-marker").first).to_be_visible()


@pytest.mark.slow
def test_two_readers_do_not_see_each_other(page, context, server_address):
    ask(page, BLEU)
    other = context.new_page()
    other.goto(server_address)
    ask(other, "Qui détient le capital de S3NS ?")

    expect(other.locator(".tcc-question")).to_have_count(1)
    ask(page, "et S3NS ?")
    expect(page.locator(".tcc-question")).to_have_count(2)
    expect(page.locator("#tcc-chat")).not_to_contain_text("Qui détient")
    other.close()


@pytest.mark.slow
def test_a_question_whose_tab_is_closed_is_given_up(context, server_address, page_home: Path):
    tab = context.new_page()
    tab.goto(server_address)
    text = f"{BLEU} lentement, puis plus personne"
    question(tab).fill(text)
    question(tab).press("Enter")
    expect(tab.locator(".tcc-answer")).to_contain_text("étape 1")
    tab.close()

    left, deadline = page_home / "left.txt", time.monotonic() + 30
    while time.monotonic() < deadline and not (left.exists() and left.read_text("utf-8") == text):
        time.sleep(0.1)
    assert left.read_text("utf-8") == text


@pytest.mark.slow
def test_an_example_is_asked_by_a_click(page):
    page.get_by_role("button", name="Quand Bleu").click()

    expect(page.locator(".tcc-meta")).to_have_count(1)
    expect(question(page)).to_be_focused()


@pytest.mark.slow
def test_a_question_sent_while_an_example_is_answered_waits_in_the_field(page):
    """Side by side each would take the other's place in the conversation."""
    page.get_by_role("button", name="Quelles échéances").click()
    expect(page.locator(".tcc-answer")).to_contain_text("étape 1")
    question(page).fill(BLEU)
    question(page).press("Enter")
    expect(page.locator(".tcc-answer")).to_contain_text("étape 4")

    expect(page.locator(".tcc-question")).to_have_count(1)
    expect(page.locator(".tcc-question")).to_contain_text("Quelles échéances")
    expect(question(page)).to_have_value(BLEU)
    page.get_by_role("button", name="Arrêter").click()
    expect(page.get_by_role("button", name="Envoyer")).to_be_visible()
    question(page).press("Enter")
    expect(page.locator("#answer-2 .tcc-quote").first).to_be_visible()


def test_the_empty_page_says_what_is_covered_and_the_notice_stays(page):
    expect(page.locator(".tcc-covers")).to_have_text("7 articles, de 2019 à 2\u00a0mai 2026".replace("à 2", "au 2"))
    expect(page.get_by_role("note")).to_have_text("Avis <b> : la question part pour chat.example.")
    ask(page, BLEU)
    expect(page.get_by_role("note")).to_be_visible()
    page.get_by_text("English").click()
    expect(page.get_by_role("note")).to_contain_text("Notice: the question leaves")
    expect(page.locator("body")).not_to_contain_text("Nothing is sent to an outside service")


@pytest.mark.slow
def test_a_visitor_who_comes_back_is_told_what_is_new(context, server_address, page_home: Path):
    browser = context.browser
    somebody = browser.new_context(locale="fr-FR")
    page = somebody.new_page()
    page.goto(server_address)
    expect(question(page)).to_be_visible()
    page.wait_for_function("localStorage.getItem('tcc-visit')")
    expect(page.locator(".tcc-news")).to_have_count(0)

    (page_home / "arrived.txt").touch()
    page.reload()
    news = page.locator(".tcc-news")
    expect(news.locator("summary")).to_have_text(
        re.compile(r"Nouveau depuis votre dernière visite \(\d.* \d{4}\)\s: 7 articles")
    )
    expect(news.locator("li").first).to_be_hidden()
    news.locator("summary").click()
    expect(news.locator("li")).to_have_count(7)
    expect(news.locator("li").first).to_contain_text("2 mai 2026")
    page.get_by_role("radio", name="English").check(force=True)
    expect(news.locator("summary")).to_contain_text("New since your last visit")

    (page_home / "arrived.txt").unlink()
    page.reload()
    expect(page.locator(".tcc-covers")).to_be_visible()
    expect(page.locator(".tcc-news")).to_have_count(0)
    somebody.close()


@pytest.mark.slow
def test_a_phone_has_a_header_of_one_line_and_compares_on_cards(page):
    page.set_viewport_size({"width": 360, "height": 740})
    pages, language, theme = (page.locator(s).bounding_box() for s in (".tcc-pages", "#tcc-language", "#tcc-theme"))
    assert page.locator("#tcc-top").bounding_box()["height"] < 60
    assert pages["x"] + pages["width"] <= language["x"]
    assert language["x"] + language["width"] <= theme["x"] <= 360 - theme["width"]
    ask(page, "Qualification SecNumCloud et capital : compare Bleu et S3NS")
    box = page.locator(".tcc-table")

    assert box.evaluate("e => e.scrollHeight <= e.clientHeight + 1 && e.scrollWidth <= e.clientWidth")
    expect(box.locator("tr:visible").first).to_contain_text("S3NS")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.fixture
def models_here(page_home: Path) -> Iterator[list[str]]:
    """Two models of a server that runs on this machine, for a page that is loaded from now on; what is asked of it."""
    pytest.importorskip("langchain_openai")
    listed = openai_list("organization_owner", "essai", "autre")
    with model_server(listed, says=[BLEU_SAYS]) as (port, asked):
        named = page_home / "nearby.txt"
        named.write_text(str(port))
        yield asked
        named.unlink()


def mode(page: Page, name: str):
    return page.get_by_role("radio", name=name, exact=True)


@pytest.mark.slow
def test_a_model_that_runs_here_writes_only_once_it_is_chosen(models_here, page):
    expect(mode(page, "Citations")).to_be_checked()
    ask(page, BLEU)
    assert not [request for request in models_here if request.startswith("POST")]
    page.locator("#tcc-mode").get_by_text("Rédigé").click()
    expect(mode(page, "Rédigé")).to_be_checked()
    ask(page, BLEU)
    expect(page.locator("#answer-2 .tcc-meta")).to_contain_text("Rédigé avec openai:essai")
    written = len(models_here)
    page.locator("#tcc-mode").get_by_text("Citations", exact=True).click()
    ask(page, BLEU)

    expect(page.locator("#answer-3 .tcc-quote").first).to_be_visible()
    expect(page.locator("#answer-3 .tcc-meta")).not_to_contain_text("Rédigé avec")
    assert len(models_here) == written


@pytest.mark.slow
def test_another_model_can_be_chosen(models_here, page):
    page.locator("#tcc-mode").get_by_text("Rédigé").click()
    page.get_by_role("combobox", name="Modèle de langage").click()
    page.get_by_role("option", name="autre (LM Studio)").click()
    ask(page, BLEU)

    expect(page.locator("#answer-1 .tcc-meta")).to_contain_text("Rédigé avec openai:autre")


@pytest.mark.slow
def test_the_switch_is_worked_by_the_keyboard_and_follows_the_language(models_here, page):
    page.set_extra_http_headers({"X-Late": "300"})  # keys come faster than what the page says of them
    expect(mode(page, "Rédigé")).to_have_attribute("name", "tcc-mode")
    mode(page, "Citations").focus()
    page.keyboard.press("ArrowRight")
    expect(mode(page, "Citations choisies")).to_be_checked()
    expect(mode(page, "Citations")).not_to_be_checked()
    expect(mode(page, "Citations")).to_have_attribute("name", "tcc-mode")
    page.keyboard.press("ArrowLeft")
    expect(mode(page, "Citations")).to_be_checked()
    expect(mode(page, "Rédigé")).to_have_attribute("name", "tcc-mode")
    page.keyboard.press("ArrowRight")
    expect(mode(page, "Citations choisies")).to_be_checked()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Un modèle de langage rédige les réponses")).to_be_visible()
    expect(page.get_by_text("Chaque réponse est faite de citations")).to_be_hidden()
    page.get_by_text("English").click()

    expect(mode(page, "Written")).to_be_checked()
    expect(page.locator("#tcc-model-says")).to_have_text("Models found on this machine:")
    expect(page.get_by_text("A language model writes the answers")).to_be_visible()


@pytest.mark.parametrize("width", [320, 360, 1360])
@pytest.mark.slow
def test_the_switch_fits_and_is_large_enough_to_touch(models_here, page, width):
    page.set_viewport_size({"width": width, "height": 740})
    expect(mode(page, "Rédigé")).to_have_count(1)

    for part in [*page.locator("#tcc-mode label").all(), page.locator("#tcc-model input")]:
        box = part.bounding_box()
        assert min(box["width"], box["height"]) >= 24
        assert 0 <= box["x"] <= box["x"] + box["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.slow
def test_a_word_without_end_stays_in_the_panel_of_sources(page):
    ask(page, "Bleu " + "x" * 500)
    page.locator(".tcc-to-sources").click()

    expect(page.locator("#tcc-side")).to_be_visible()
    assert page.locator("#tcc-side").evaluate("e => e.scrollWidth <= e.clientWidth")


@pytest.mark.slow
def test_on_a_narrow_screen_nothing_overflows_and_the_field_stays_in_sight(page):
    page.set_viewport_size({"width": 390, "height": 844})
    ask(page, BLEU)

    expect(page.locator("#tcc-question textarea")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".tcc-marker").first.click()
    expect(page.locator(".tcc-card.tcc-lit")).to_be_in_viewport()


def test_on_a_phone_the_field_stays_in_sight_after_an_answer(page):
    page.set_viewport_size({"width": 390, "height": 844})
    ask(page, BLEU)

    expect(question(page)).to_be_in_viewport(ratio=1)
    page.mouse.wheel(0, -2000)
    expect(question(page)).to_be_in_viewport(ratio=1)
