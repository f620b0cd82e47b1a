"""The page over a small corpus: in this process for handler tests, as a separate server for browser tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import DESK, PATIENCE_MS, question
from fastapi.testclient import TestClient
from netports import free_port, wait_for_page
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from samples import HOSTILE
from sites import site_of

from builders import TODAY, environment, write, write_tiny_corpus, write_told
from trusted_cloud_chat.library import OpenAssistant
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.models.reader import Reader
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.wiring import build_assistant, run_ingest


@pytest.fixture(scope="session")
def page_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny corpus with its sidecars, and an article that attacks the page."""
    corpus = write_told(write_tiny_corpus(tmp_path_factory.mktemp("page") / "corpus"))
    # Plain text keeps every character; HTML in Markdown would be parsed.
    write(corpus / "attaque.txt", f"Le fournisseur Cumulonimbus chiffre ses données avec {HOSTILE} depuis 2026.\n")
    write(
        corpus / "attaque.meta.yaml",
        """title: "<img src=x onerror=alert(9)> Attaque [2] du nuage Cumulonimbus"
publisher: "Pirate [3] <b>gras</b>"
date: 2026-05-02
url: "javascript:alert(5)"
source_type: presse
""",
    )
    return corpus


@pytest.fixture(scope="session")
def page_home(
    tmp_path_factory: pytest.TempPathFactory, embedder_home: Path, embedder: Embedder, page_corpus: Path
) -> Path:
    """A `TCC_HOME` with the index of `page_corpus`."""
    home = tmp_path_factory.mktemp("page-home")
    (home / "models").symlink_to(embedder_home / "models")
    run_ingest(load_settings(home=home, corpus=page_corpus), embedder=embedder, today=TODAY)
    return home


@pytest.fixture(scope="module")
def opened(page_home: Path, page_corpus: Path, embedder: Embedder, reader: Reader) -> Iterator[OpenAssistant]:
    """The assistant behind the pages, in this process."""
    settings = load_settings(home=page_home, corpus=page_corpus)
    with OpenAssistant(settings, embedder, build_assistant(settings, embedder, reader=reader)) as assistant:
        yield assistant


@pytest.fixture
def site(opened: OpenAssistant) -> TestClient:
    """A client for the pages without a browser, as an administrator without cookies."""
    return site_of(opened)


@pytest.fixture(scope="session")
def server_address(page_home: Path, page_corpus: Path) -> Iterator[str]:
    """The address of a real page server in another process (`troubled_server.py`), whose assistant can be slow or fail."""
    port = free_port()
    environ = environment(TCC_HOME=page_home, TCC_CORPUS=page_corpus, TCC_PORT=port)
    log = page_home / "serve.log"
    with log.open("w") as stderr:
        command = [sys.executable, str(Path(__file__).with_name("troubled_server.py"))]
        with subprocess.Popen(command, env=environ, stdin=subprocess.PIPE, stderr=stderr) as server:
            try:
                wait_for_page(server, port, log)
                yield f"http://127.0.0.1:{port}"
            finally:
                server.terminate()
                server.wait(20)


@pytest.fixture(scope="session")
def browser_path() -> str:
    """The path of Chromium or Chrome. Without one, browser tests are skipped, but fail in CI."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("BROWSER_PATH") or next(filter(None, map(shutil.which, names)), None)
    if found is None:
        reason = f"no browser: none of {', '.join(names)} is on the PATH, and BROWSER_PATH is not set"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="module")
def browser(browser_path: str) -> Iterator[Browser]:
    """One browser per test file: while it runs, no other test can run an event loop."""
    with sync_playwright() as playwright:
        # The sandbox does not work for root, as in CI.
        launched = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One context per test file, to share the browser's cache."""
    made = browser.new_context(locale="fr-FR", viewport=DESK)
    yield made
    made.close()


@pytest.fixture(scope="module")
def kept_tab(context: BrowserContext) -> Page:
    """One tab per test file: another tab would compile the page's script again."""
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE_MS)
    return opened


@pytest.fixture
def tab(kept_tab: Page, server_address: str) -> Page:
    """A tab at an address without a page, reset after the previous test: storage (conversations, language, theme), cookies
    (sign-in), headers, window size.
    """
    kept_tab.goto(f"{server_address}/healthz")
    kept_tab.evaluate("localStorage.clear(); sessionStorage.clear()")
    kept_tab.context.clear_cookies()
    kept_tab.set_viewport_size(DESK)
    kept_tab.set_extra_http_headers({})
    kept_tab.emulate_media(media="null", forced_colors="null")
    return kept_tab


@pytest.fixture
def page(tab: Page, server_address: str) -> Iterator[Page]:
    """The page, open. Afterwards it checks that no request left this machine and that the console has no errors."""
    elsewhere: list[str] = []
    faults: list[str] = []
    watched: dict[str, Callable[[Any], object]] = {
        "request": lambda r: None if r.url.startswith((server_address, "data:", "blob:")) else elsewhere.append(r.url),
        "console": lambda m: faults.append(m.text) if m.type == "error" else None,
        "pageerror": lambda e: faults.append(str(e)),
        "dialog": lambda d: (faults.append(f"dialog: {d.message}"), d.dismiss()),
    }
    for event, seen in watched.items():
        tab.on(event, seen)
    tab.goto(server_address)
    expect(question(tab)).to_be_visible()
    # Wait until the first server events are handled and drawn: before that Gradio loses what is typed.
    tab.wait_for_function("localStorage.getItem('tcc-visit') && new Promise((drawn) => requestIdleCallback(drawn))")
    yield tab
    tab.goto(f"{server_address}/healthz")
    for event, seen in watched.items():
        tab.remove_listener(event, seen)

    assert elsewhere == []
    # Gradio logs these if a page is left while it waits for the server.
    assert [
        fault for fault in faults if not fault.startswith(("AbortError", "Unexpected error Connection errored"))
    ] == []
