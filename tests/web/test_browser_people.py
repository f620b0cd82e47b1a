"""Signing in and saying what one thinks of an answer, in a real browser. Every request is watched."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import PATIENCE_MS, act
from netports import free_port
from playwright.sync_api import Browser, Page, Request, expect

from builders import environment
from conftest import wait_for_page
from trusted_cloud_chat.people.accounts import add_person
from trusted_cloud_chat.people.conversations import FILE as CONVERSATIONS
from trusted_cloud_chat.people.feedback import FILE, FeedbackStore

pytestmark = pytest.mark.browser

QUESTION = "Quand Bleu sera-t-il qualifié SecNumCloud ?"
PASSWORD = "des nuages au matin"


@pytest.fixture
def tab(tab: Page) -> Iterator[Page]:
    """Afterwards: no request left this machine."""
    elsewhere: list[str] = []

    def watch(request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            elsewhere.append(request.url)

    tab.on("request", watch)
    yield tab
    tab.remove_listener("request", watch)

    assert elsewhere == []


def question(page: Page):
    return page.get_by_role("textbox", name="Votre question")


def ask(page: Page, text: str, answers: int = 1) -> None:
    expect(page.locator("#tcc-stop")).to_be_hidden()
    question(page).fill(text)
    question(page).press("Enter")
    expect(page.locator(".tcc-meta")).to_have_count(answers, timeout=PATIENCE_MS)


@pytest.mark.slow
def test_what_is_said_of_an_answer_is_kept_with_its_comment(tab: Page, server_address: str, page_home: Path) -> None:
    """By the keyboard alone, once the answer is there; a second word takes the place of the first."""
    tab.goto(server_address)
    expect(question(tab)).to_be_visible(timeout=PATIENCE_MS)
    ask(tab, "Bonjour")
    expect(tab.locator("#answer-1 .tcc-acts")).to_be_visible()
    expect(tab.locator("#answer-1 [data-choice]")).to_have_count(0)
    ask(tab, QUESTION, 2)
    tab.locator("#answer-2 .tcc-acts summary").press("Enter")
    group = tab.get_by_role("group", name="Cette réponse est-elle juste ?")
    group.get_by_role("button", name="Juste").press("Enter")
    expect(tab.locator("#tcc-toast")).to_have_text("Merci, votre avis est noté.")
    group.get_by_role("button", name="À corriger").press("Enter")
    expect(group.get_by_role("button", pressed=True)).to_have_text("À corriger")
    comment = tab.get_by_role("textbox", name="Commentaire (facultatif)")
    comment.fill("L’article de mars le dit mieux.")
    comment.press("Enter")
    expect(tab.locator("#tcc-toast")).to_contain_text("commentaire est noté")
    expect(comment).to_be_hidden()
    expect(question(tab)).to_be_focused()

    ((_, said),) = FeedbackStore(page_home).rows()
    assert (said.choice, said.question) == ("wrong_answer", QUESTION)
    assert said.comment == "L’article de mars le dit mieux."
    assert said.citations
    (page_home / FILE).unlink()


@pytest.mark.slow
def test_a_long_question_is_counted_as_one_types(tab: Page, server_address: str) -> None:
    """Near the limit; beyond it is told at the field, and the question stays there."""
    tab.goto(server_address)
    counter = tab.locator("#tcc-counts")
    question(tab).fill("é" * 3500)
    expect(counter).to_be_empty()
    question(tab).fill("é" * 3999)
    expect(counter).to_contain_text("caractères sur 4")
    question(tab).fill("é" * 4001)
    expect(counter).to_contain_text("raccourcissez la question")
    question(tab).press("Enter")
    expect(tab.locator("#tcc-hint")).to_contain_text("au plus sont lus")
    expect(tab.locator(".tcc-question")).to_have_count(0)
    expect(question(tab)).to_have_value("é" * 4001)
    question(tab).fill("Qui ?")
    expect(counter).to_be_empty()


@pytest.fixture(scope="module")
def closed_address(tmp_path_factory: pytest.TempPathFactory, page_home: Path, page_corpus: Path) -> Iterator[str]:
    """A page of its own where Alice looks after the corpus and others must sign in too."""
    folder = tmp_path_factory.mktemp("closed")
    add_person(folder / "users", "alice", PASSWORD, role="admin")
    add_person(folder / "users", "bob", PASSWORD, role="reader")
    port = free_port()
    environ = environment(
        TCC_HOME=page_home, TCC_CORPUS=page_corpus, TCC_PORT=port, TCC_USERS=folder / "users", TCC_QUESTIONS_A_MINUTE=2,
        TCC_PROXIES="192.0.2.1",
    )  # fmt: skip
    log = folder / "serve.log"
    with log.open("w") as stderr:
        server = subprocess.Popen([sys.executable, "-m", "trusted_cloud_chat", "serve"], env=environ, stderr=stderr)
        try:
            wait_for_page(server, port, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(20)


def sign_in(page: Page, name: str) -> None:
    page.get_by_label("Nom").fill(name)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    expect(page.locator("#tcc-person")).to_contain_text(f"Connecté : {name}", timeout=PATIENCE_MS)


@pytest.mark.slow
def test_conversations_follow_who_has_signed_in(
    tab: Page, browser: Browser, closed_address: str, page_home: Path
) -> None:
    """Into another browser, deleted and brought back; nobody else sees them. A session that ends leads to the form and back."""
    talks = ".tcc-talk-open"
    tab.goto(closed_address)
    sign_in(tab, "bob")
    expect(tab.locator(".tcc-shelf-none")).to_contain_text("Le serveur les garde sous votre nom.")
    ask(tab, QUESTION)
    expect(tab.locator(talks)).to_contain_text("Quand Bleu")
    assert tab.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('tcc-talk'))") == []
    tab.reload()
    expect(tab.locator(".tcc-meta")).to_have_count(1, timeout=PATIENCE_MS)

    other = browser.new_context(locale="fr-FR").new_page()
    other.goto(closed_address)
    sign_in(other, "bob")
    other.get_by_role("searchbox").fill("secnumcloud")
    expect(other.locator(talks)).to_have_count(1)
    other.locator(".tcc-talk-remove").click()
    expect(other.locator(talks)).to_have_count(0)
    other.get_by_role("button", name="Annuler").click()
    other.locator(talks).click()
    expect(other.locator("#answer-1 .tcc-quote").first).to_be_visible(timeout=PATIENCE_MS)
    other.get_by_role("button", name="Se déconnecter").click()
    sign_in(other, "alice")
    expect(other.locator(".tcc-shelf-none")).to_contain_text("Le serveur les garde")
    expect(other.locator(talks)).to_have_count(0)
    other.context.close()

    tab.context.clear_cookies()
    question(tab).fill("Qui dirige Bleu ?")
    question(tab).press("Enter")
    expect(tab.get_by_role("alert")).to_contain_text("Votre session a expiré.")
    sign_in(tab, "bob")
    expect(question(tab)).to_have_value("Qui dirige Bleu ?", timeout=PATIENCE_MS)
    expect(tab.locator(".tcc-meta")).to_have_count(1)
    (page_home / CONVERSATIONS).unlink()


@pytest.mark.slow
def test_signing_in_asking_and_signing_out(tab: Page, closed_address: str, page_home: Path) -> None:
    """A wrong password first; then the page, with the name on it and on what is said of an answer; a third question waits."""
    tab.goto(f"{closed_address}/?from=mail")
    tab.get_by_label("Nom").fill("alice")
    tab.get_by_label("Mot de passe").fill("un mot de passe faux")
    tab.get_by_role("button", name="Se connecter").press("Enter")
    expect(tab.get_by_role("alert")).to_contain_text("ne vont pas ensemble")
    expect(tab.get_by_label("Nom")).to_have_value("alice")
    expect(tab.get_by_label("Mot de passe")).to_be_focused()
    tab.keyboard.type(PASSWORD)
    tab.keyboard.press("Enter")
    expect(tab).to_have_url(f"{closed_address}/?from=mail")
    expect(tab.locator("#tcc-person")).to_contain_text("Connecté : alice", timeout=PATIENCE_MS)
    ask(tab, QUESTION)
    act(tab, "Juste")
    expect(tab.locator("#tcc-toast")).to_contain_text("Merci")
    assert [said.person for _, said in FeedbackStore(page_home).rows()] == ["alice"]
    (page_home / FILE).unlink()
    ask(tab, "Qui détient S3NS ?", 2)
    expect(tab.locator("#tcc-stop")).to_be_hidden(timeout=PATIENCE_MS)
    question(tab).fill("Qui dirige Bleu ?")
    question(tab).press("Enter")
    expect(tab.locator("#tcc-hint")).to_contain_text("Vous posez beaucoup de questions")
    expect(tab.locator(".tcc-question")).to_have_count(2)
    expect(question(tab)).to_have_value("Qui dirige Bleu ?")
    tab.get_by_role("button", name="Se déconnecter").click()
    expect(tab.get_by_label("Mot de passe")).to_be_visible()
    tab.goto(closed_address)
    expect(tab.get_by_label("Mot de passe")).to_be_visible()
