"""Helpers of the browser tests."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

PATIENCE_MS = 20_000
"""Timeout for a busy machine. Tests of immediate reactions use a timeout below the server's delay."""
DESK, PHONE = {"width": 1360, "height": 850}, {"width": 390, "height": 844}
"""Window sizes."""
expect.set_options(timeout=PATIENCE_MS)

BLEU = "Quand Bleu sera-t-il qualifié SecNumCloud ?"


def question(page: Page):
    return page.get_by_role("textbox", name="Votre question")


def ask(page: Page, text: str) -> None:
    """Asks, and waits for the whole answer and until the page accepts the next question."""
    before = page.locator(".tcc-meta").count()
    question(page).fill(text)
    question(page).press("Enter")
    expect(page.locator(".tcc-meta")).to_have_count(before + 1)
    expect(page.locator("#tcc-stop")).to_be_hidden()


def act(page: Page, name: str, answer: int = 1) -> None:
    """Chooses an entry in the menu of an answer."""
    menu = page.locator(f"#answer-{answer} .tcc-acts")
    if not menu.evaluate("menu => menu.open"):
        menu.locator("summary").click()
    menu.get_by_role("button", name=name, exact=True).click()


def faults(page: Page) -> list[tuple[str, list[str]]]:
    """The violations that axe finds, each with its elements and reasons. Waits for animations first, since fading changes the contrast."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.wait_for_function("""document.getAnimations().every(
        one => one.playState !== 'running' || one.effect.getComputedTiming().endTime === Infinity)""")
    return [
        (one["id"], [f"{node['html'][:150]} {node['failureSummary']}" for node in one["nodes"]])
        for one in axe.run(page).response["violations"]
    ]
