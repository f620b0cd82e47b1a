"""The server around the page: its port, who may ask, what it lets a browser load."""

from __future__ import annotations

import errno
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest
from netports import free_port

from builders import environment
from trusted_cloud_chat.answering.quoted_from import corpus_quoted
from trusted_cloud_chat.errors import PortInUseError, SettingsError
from trusted_cloud_chat.schema import Coverage
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.web import server
from trusted_cloud_chat.web.escaping import FRENCH, STRINGS
from trusted_cloud_chat.web.guard import HEADERS, is_loopback
from trusted_cloud_chat.web.handlers import Problem
from trusted_cloud_chat.web.layout import said, welcome_html
from trusted_cloud_chat.web.server import serve_page


@pytest.fixture
def client(server_address: str) -> Iterator[httpx.Client]:
    """A program that speaks to the real server."""
    with httpx.Client(base_url=server_address, trust_env=False, timeout=60) as ready:
        yield ready


def test_a_port_in_use_is_refused_before_anything_is_loaded(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(PortInUseError, match=rf"port {port} of 127\.0\.0\.1 is in use.*serve --port {port + 1}"):
            serve_page(load_settings(home=tmp_path, corpus=tmp_path, port=port))


def test_a_question_that_waits_for_its_turn_is_dropped_with_its_conversation(client):
    """Gradio runs `cancels` at a click, and says nothing where it never will: after another event."""
    config = client.get("/config").json()
    leave = {one["id"] for one in config["components"] if one["props"].get("elem_id") in ("tcc-new", "tcc-do-reopen")}
    dropping = {tuple(target) for one in config["dependencies"] if one["cancels"] for target in one["targets"]}

    assert {(button, "click") for button in leave} == dropping
    assert len(leave) == 2


def test_an_address_of_another_machine_is_refused(tmp_path):
    settings = load_settings(
        home=tmp_path, corpus=tmp_path, host="203.0.113.7", port=free_port(), anybody_may_read=True
    )

    with pytest.raises(SettingsError, match=r"cannot listen on '203\.0\.113\.7'.*--host 127\.0\.0\.1"):
        serve_page(settings)


def test_a_port_of_the_system_is_refused_with_an_example():
    refused = server._refused("127.0.0.1", 80, OSError(errno.EACCES, "Permission denied"))

    assert isinstance(refused, SettingsError)
    assert "above 1023" in str(refused)


def test_the_browser_is_opened_only_where_there_is_a_display(monkeypatch, capsys):
    opened = []
    monkeypatch.setattr(server.webbrowser, "open", opened.append)
    monkeypatch.setattr(server, "_has_display", lambda: False)
    server._announce("http://127.0.0.1:1", load_settings(), open_browser=True)

    assert opened == []
    assert capsys.readouterr().err.startswith("Page: http://127.0.0.1:1")


def test_an_open_address_is_said_to_be_open(capsys):
    server._announce("http://127.0.0.1:1", load_settings(host="0.0.0.0", anybody_may_read=True), open_browser=False)

    assert "Anyone who reaches 0.0.0.0" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("host", "local"),
    [("localhost", True), ("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("[::1]", True), ("0.0.0.0", False),
     ("evil.example", False), ("", False)],
)  # fmt: skip
def test_what_is_this_machine(host, local):
    assert is_loopback(host) is local


def test_the_page_names_no_other_server_to_load_from(client):
    """No font, script, style or image of anyone else's; the policy says so to the browser too."""
    answer = client.get("/")
    loads = re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=\"([^\"]+)\"", answer.text)

    assert not [url for url in loads if url.startswith(("http:", "https:", "//"))]
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS


def test_the_policy_lets_nothing_come_from_elsewhere():
    for rule in HEADERS["Content-Security-Policy"].split("; "):
        assert not re.search(r"https?:|\*|//", rule)


def test_a_name_that_only_points_here_is_refused(client):
    """A web page whose name resolves to 127.0.0.1 reads nothing."""
    assert client.get("/", headers={"host": "evil.example:7860"}).status_code == 421
    assert client.get("/", headers={"host": "localhost:7860"}).status_code == 200
    assert client.get("/", headers={"host": "[::1]:7860"}).status_code == 200


@pytest.mark.parametrize(
    "path", ["proxy=https://evil.example/", "component_server", "runs", "run-history/records", "dev/reload"]
)
def test_routes_without_use_are_closed(client, path):
    assert client.post(f"/gradio_api/{path}").status_code == 404
    assert client.get(f"/gradio_api/{path}").status_code == 404


@pytest.mark.parametrize("path", ["/monitoring", "/docs", "/openapi.json", "/redoc"])
def test_nothing_is_told_about_the_server(client, path):
    answer = client.get(path)

    assert answer.status_code in (403, 404) or "text/html" in answer.headers["content-type"]
    assert "openapi" not in answer.text[:200]


def test_no_handler_can_be_called_by_name(client):
    events = client.get("/config").json()["dependencies"]

    assert [event["api_name"] for event in events if event["api_visibility"] != "private"] == []


def test_the_notice_is_on_the_page_and_is_text(client):
    shown = [
        c["props"]["value"]
        for c in client.get("/config").json()["components"]
        if c["props"].get("elem_id") == "tcc-privacy"
    ]

    assert shown == ['<p role="note">Avis &#60;b&#62; : la question part pour chat.example.</p>']


@pytest.mark.parametrize("strings", STRINGS.values())
def test_the_welcome_has_the_texts_of_quotes_and_of_written_answers(strings):
    """The style sheet shows the one of the chosen mode, as the browser tests look at."""
    covered = Coverage(1, 7, 9, None, None, 7)
    quotes, written = (
        text.format(origin=corpus_quoted(covered, strings.language))
        for text in (strings.welcome_text, strings.welcome_written)
    )

    html = welcome_html(covered, strings)

    assert f'<p class="tcc-of-quotes">{quotes}</p>' in html
    assert f'<p class="tcc-of-written">{written}</p>' in html


def test_the_welcome_says_what_is_quoted_word_for_word():
    ours, theirs = Coverage(1, 7, 9, None, None, 7), Coverage(1, 7, 9, None, None)

    assert "mot pour mot de nos synthèses, avec" in welcome_html(ours, FRENCH)
    assert "mot pour mot de textes d’origine, avec" in welcome_html(theirs, FRENCH)
    assert "mot pour mot des articles, avec" in welcome_html(Problem(FRENCH.index_empty), FRENCH)


def test_figures_stand_on_the_welcome_alone_and_nothing_is_said_of_a_machine_that_is_not_the_readers():
    ours = Coverage(1, 7, 9, None, None, 7)

    assert f"7 articles · {FRENCH.local_only}" in welcome_html(ours, FRENCH).replace("&#183;", "·")
    assert FRENCH.local_only not in welcome_html(ours, FRENCH, local=False)
    assert "7" not in said(FRENCH)["header"]["value"]


def test_without_an_index_the_welcome_says_who_adds_articles_and_leads_an_administrator_there():
    empty = Problem(FRENCH.index_empty)
    html = welcome_html(empty, FRENCH)

    assert "Un administrateur peut en ajouter" in html
    assert "<code>" not in html
    assert "/corpus/administration" not in html
    assert 'href="/corpus/administration"' in welcome_html(empty, FRENCH, administers=True)
    assert FRENCH.examples[0][:20] not in html


def _heeds_interrupts() -> None:
    """As a terminal starts it: a shell has what runs in the background ignore SIGINT, and children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.slow
def test_a_signal_ends_the_server_and_leaves_no_file(page_home, page_corpus, tmp_path):
    """Ctrl-C and `kill` alike, with a page open: a word, no traceback, status 0; what was exported is gone."""
    environ = environment(TCC_HOME=page_home, TCC_CORPUS=page_corpus, TMPDIR=tmp_path)
    port = free_port()
    for ending in (signal.SIGINT, signal.SIGTERM):
        with subprocess.Popen(
            [sys.executable, "-m", "trusted_cloud_chat", "serve", "--port", str(port)],
            env=environ, stderr=subprocess.PIPE, text=True, preexec_fn=_heeds_interrupts,
        ) as server:  # fmt: skip
            assert server.stderr is not None
            said = ""
            while "Page:" not in said and (line := server.stderr.readline()):
                said += line
            # What an open page keeps.
            with httpx.stream(
                "GET", f"http://127.0.0.1:{port}/gradio_api/heartbeat/open", trust_env=False, timeout=60
            ) as open_page:
                assert open_page.status_code == 200
                server.send_signal(ending)
                _, rest = server.communicate(timeout=20)

        assert f"Page: http://127.0.0.1:{port}" in said
        assert rest.strip() == "Page closed."
        assert server.returncode == 0
        assert not [path for path in tmp_path.iterdir() if path.name.startswith(("trusted-cloud-chat", "gradio"))]
