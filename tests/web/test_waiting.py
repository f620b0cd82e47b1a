"""What the server says of a page's own requests, in a real browser: the place in the queue, a full queue, a session that has ended."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from browsing import BLEU, question
from playwright.sync_api import BrowserContext, Page, expect

from trusted_cloud_chat.web.limits import at_once

pytestmark = pytest.mark.browser
SLOW = f"{BLEU} lentement"
JOIN = "**/gradio_api/queue/join*"


@pytest.fixture
def tabs(context: BrowserContext, server_address: str) -> Iterator[list[Page]]:
    """As many as are answered side by side, and two; each asks nothing yet."""
    side_by_side = at_once(SimpleNamespace(configured=None))  # type: ignore[arg-type]
    assert context.browser is not None
    # Each a browser of its own: one browser opens six connections to a server, and a page holds two.
    opened = [context.browser.new_context(locale="fr-FR").new_page() for _ in range(side_by_side + 2)]
    for tab in opened:
        tab.goto(server_address)
        expect(question(tab)).to_be_visible()
    yield opened
    for tab in opened:
        tab.context.close()


def send(tab: Page) -> None:
    question(tab).fill(SLOW)
    question(tab).press("Enter")


@pytest.mark.slow
def test_who_waits_is_told_the_place_in_the_language_of_the_page(tabs: list[Page]) -> None:
    *answered, next_one, last = tabs
    for tab in answered:
        send(tab)
        expect(tab.locator(".tcc-answer")).to_contain_text("étape")
    send(next_one)
    expect(next_one.locator("#tcc-queue")).to_have_text("Votre question est 1re dans la file d’attente.")
    last.get_by_label("English").check()
    last.get_by_role("textbox", name="Your question").fill(SLOW)
    last.get_by_role("textbox", name="Your question").press("Enter")
    expect(last.locator("#tcc-queue")).to_have_text("Your question is 2nd in the queue.")
    answered[0].locator("#tcc-stop").click()
    expect(next_one.locator(".tcc-answer")).to_contain_text("étape")
    expect(last.locator("#tcc-queue")).to_have_text("Your question is 1st in the queue.")
    expect(next_one.locator("#tcc-queue")).to_be_empty()
    expect(answered[0].locator("#tcc-queue")).to_be_empty()
    expect(last.locator("#tcc-queue-place")).not_to_contain_text("queue:", use_inner_text=True)


@pytest.mark.slow
def test_a_full_queue_is_told_until_there_is_room(context: BrowserContext, server_address: str) -> None:
    """In our words alone; what was asked stays in the field, and is taken afterwards."""
    tab = context.new_page()
    tab.goto(server_address)
    expect(question(tab)).to_be_visible()
    expect(tab.locator(".tcc-shelf-list[data-drawn]")).to_have_count(1)
    tab.route(JOIN, lambda route: route.fulfill(status=503, json={"detail": "Queue is full. Max size is 200."}))
    question(tab).fill(BLEU)
    question(tab).press("Enter")
    expect(tab.locator("#tcc-queue.tcc-warning")).to_contain_text("Trop de questions attendent leur tour.")
    expect(tab.locator(".toast-body")).to_have_count(0)
    expect(question(tab)).to_have_value(BLEU)
    tab.unroute(JOIN)
    question(tab).press("Enter")
    expect(tab.locator(".tcc-meta")).to_be_visible()
    expect(tab.locator("#tcc-queue")).to_be_empty()
    tab.close()
