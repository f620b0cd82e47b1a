"""What administrators do in the tab « Corpus », and that nobody else does it."""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from collections.abc import Callable, Sequence
from contextvars import copy_context
from pathlib import Path
from types import SimpleNamespace
from typing import get_args

import gradio as gr
import httpx
import pytest
from fastapi import FastAPI
from gradio.context import LocalContext
from gradio.exceptions import InvalidPathError
from gradio.processing_utils import _check_allowed

from builders import write
from fakes import HashedEmbedder
from made import article_of
from trusted_cloud_chat.doctor import Check, Name, articles
from trusted_cloud_chat.errors import NetworkError, UsageError
from trusted_cloud_chat.ingestion import IngestReport
from trusted_cloud_chat.library import OpenAssistant
from trusted_cloud_chat.models.embedder import Vectors
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.web.application import build_app
from trusted_cloud_chat.web.limits import Limits
from trusted_cloud_chat.web.people import ROLE
from trusted_cloud_chat.web.tabs.corpus_admin import AdminTab
from trusted_cloud_chat.web.tabs.finding_strings import FINDINGS
from trusted_cloud_chat.web.tabs.receiving import receive, safe_name
from trusted_cloud_chat.web.tabs.reports import findings_html, report_html, run_html
from trusted_cloud_chat.web.tabs.runs import Run, Runs
from trusted_cloud_chat.web.tabs.upkeep import Upkeep
from trusted_cloud_chat.wiring import build_assistant, run_ingest

READER = {"x-forwarded-for": "203.0.113.9"}
"""What a proxy adds: who is behind it is not at this machine."""
BUTTONS = ("tcc-add-files", "tcc-add-address", "tcc-update", "tcc-roll-back", "tcc-confirm", "tcc-examine")


def request(role: str = "reader") -> SimpleNamespace:
    """An event of the page, as far as who is behind it goes."""
    return SimpleNamespace(scope={ROLE: role})


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("note.md", "note.md"), ("../../etc/passwd.txt", "passwd.txt"), ("C:\\temp\\Étude 2026.PDF", "Étude 2026.pdf"),
        (".hidden.md", "hidden.md"), ("a/b\0c?.html", "b-c.html"), ("README.md", "article.md"), ("…….txt", "article.txt"),
        ("x" * 300 + ".txt", "x" * 100 + ".txt"), ("run.sh", None), ("note", None), ("", None), (".md", None),
    ],
)  # fmt: skip
def test_names_are_made_safe_and_other_kinds_refused(sent, kept):
    assert safe_name(sent) == kept


def test_nothing_is_overwritten_unless_it_is_asked_for(tmp_path):
    corpus, sent = tmp_path / "corpus", write(tmp_path / "sent.md", "neuf")
    corpus.mkdir()

    def again(**options: bool) -> str:
        return receive(sent, "note.md", corpus, replace=options.get("replace", False), most_bytes=100).outcome

    assert (again(), again()) == ("added", "same")
    write(corpus / "note.md", "ancien")
    assert again() == "taken"
    assert (corpus / "note.md").read_text() == "ancien"
    assert again(replace=True) == "replaced"
    assert (corpus / "note.md").read_text() == "neuf"
    assert sorted(path.name for path in corpus.iterdir()) == ["note.md"]
    assert receive(sent, "note.md", corpus, replace=True, most_bytes=1).outcome == "large"


def test_a_link_is_never_followed(tmp_path):
    outside, corpus = write(tmp_path / "outside.md", "secret"), tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "note.md").symlink_to(outside)
    sent = write(tmp_path / "sent.md", "neuf")

    assert receive(sent, "note.md", corpus, replace=False, most_bytes=100).outcome == "taken"
    assert receive(sent, "note.md", corpus, replace=True, most_bytes=100).outcome == "replaced"
    assert outside.read_text() == "secret"


def ended(runs: Runs) -> Run:
    deadline = time.monotonic() + 20
    while (run := runs.now) is None or not run.ended:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return run


def test_one_run_at_a_time_and_its_progress_is_seen():
    runs, seen = Runs(), []

    def job(tell: Callable[[str, int, int], None]) -> IngestReport:
        tell("read", 3, 4)
        seen.append((runs.now, runs.start("update", job)))
        return IngestReport(generation=7)

    assert runs.start("update", job)
    run = ended(runs)

    (during, begun_again), report = seen[0], run.report
    assert (during.step, during.done, during.total, begun_again, report.generation) == ("read", 3, 4, False, 7)
    assert 'value="3"' in run_html(during, "fr")
    assert "3 sur 4" in run_html(during, "fr")
    assert runs.start("update", job)
    ended(runs)


def test_a_run_that_fails_says_why_and_the_next_one_can_begin():
    def refuses(_tell: object) -> IngestReport:
        raise UsageError("no such <b>")

    def breaks(_tell: object) -> IngestReport:
        raise ZeroDivisionError("secret")

    runs = Runs()
    runs.start("update", refuses)
    assert "no such &#60;b&#62;" in run_html(ended(runs), "fr")
    runs.start("update", breaks)
    html = run_html(ended(runs), "fr")
    assert "secret" not in html
    assert "journal du serveur" in html


def test_a_report_says_what_failed_and_why():
    report = IngestReport(added=["a"], failed=[{"path": "x<y>.pdf", "reason": "no text"}], generation=4, seconds=1.25)
    report.new.append({"article_id": "a", "title": "Un titre", "publisher": None, "date": None})
    html = report_html(report, "fr")

    assert "en échec\N{NO-BREAK SPACE}: 1" in html
    assert "x&#60;y&#62;.pdf" in html
    assert "no text" in html
    assert "Un titre" in html


def test_findings_lead_with_faults_and_name_their_commands():
    checks = [
        Check("disk", "ok", "room"),
        Check("version", "ok", "1.2.3"),
        Check("dates", "advice", "2 articles (a, b) without a date", "ingest", "2 articles (a, b)"),
        Check("index", "fault", "lost", "do this"),
    ]
    html, english = (
        findings_html(checks, language).replace("&#40;", "(").replace("&#41;", ")") for language in ("fr", "en")
    )

    assert html.index("Index</strong>") < html.index("Dates</strong>") < html.index("Place sur le disque")
    assert (
        html.index('lang="en">lost')
        < html.index("2 articles (a, b)</p>")
        < html.index("Version\N{NO-BREAK SPACE}: 1.2.3")
    )
    assert "without" not in html
    assert "room" not in html
    assert "<code>do this</code>" in html
    assert "dates</strong>: 2 articles (a, b) without a date" in english


def test_whatever_doctor_looks_at_is_said_in_french():
    assert FINDINGS.keys() == set(get_args(Name))
    for finding in FINDINGS.values():
        for text in (finding.title, finding.fault, finding.advice):
            assert not re.search(r" [:;?!»]|« |\w'\w", text)
        assert finding.title
        assert finding.fault
    # What says « advice » in doctor's own files has a French sentence for it.
    sources = "".join(path.read_text("utf-8") for path in Path(articles.__file__).parent.glob("*.py"))
    advised = set(re.findall(r'Check\(\s*"([a-z -]+)",\s*"advice"', sources)) | {"orphans", "leftovers"}
    assert len(advised) >= 10
    assert all(FINDINGS[name].advice for name in advised)


def test_what_articles_lack_is_asked_for_in_the_language_of_the_page():
    report = IngestReport()
    report.ask_for(
        article_of("Un texte.", publisher=None, url=None, language="fr", article_id=f"a{n}") for n in range(5)
    )

    assert "Sans éditeur\N{NO-BREAK SPACE}: " in report_html(report, "fr")
    assert "Without an address: " in report_html(report, "en")
    assert "a2 &#40;+2&#41;" in report_html(report, "en")


def test_what_a_rollback_says_is_in_the_language_of_the_page():
    rolled = {"path": "index", "message": "generation 4 holds", "kind": "rolled_back", "before": "2", "forgotten": "3"}
    report = IngestReport(generation=4, notices=[rolled, {"path": "x.txt", "message": "read as cp1252"}])
    html = report_html(report, "fr")

    assert "La génération 4 contient ce que contenait la génération 2." in html
    assert "oubliés depuis, qui manquent\N{NO-BREAK SPACE}: 3." in html
    assert "holds" not in html
    assert '<td lang="en">read as cp1252' in html
    assert "Generation 4 holds what generation 2 held." in report_html(report, "en")


@pytest.fixture
def upkeep(tmp_path, hashed) -> Upkeep:
    """Over a corpus of one article that is ingested, with an embedder that needs no model."""
    write(tmp_path / "corpus" / "a.txt", "date 2025-01 Un premier texte sur le nuage.\n")
    settings = load_settings(home=tmp_path / "home", corpus=tmp_path / "corpus")
    opened = OpenAssistant(settings, hashed, assistant=SimpleNamespace())  # type: ignore[arg-type]
    opened.ingest()
    return Upkeep(opened, lambda: [Check("disk", "ok", "room")])


def test_files_are_added_with_their_date_and_a_rollback_takes_them_out_again(upkeep, tmp_path):
    sent = [
        write(tmp_path / "sent" / "b.txt", "Un second texte, sans date.\n"),
        write(tmp_path / "sent" / "c.exe", "x"),
    ]
    done = upkeep.add_files(sent, date="3 mars 2026", publisher="ANSSI")
    run = ended(upkeep.runs)

    assert [one.outcome for one in done] == ["added", "kind"]
    assert (run.report.added, run.report.failed) == (["b"], [])
    assert (run.report.new[0]["date"], run.report.new[0]["publisher"]) == ("2026-03-03", "ANSSI")
    generation, before = upkeep.before()
    assert before.added == ["b"]
    assert not upkeep.rollback(generation - 1)
    assert upkeep.rollback(generation)
    assert ended(upkeep.runs).report.deleted == ["b"]
    assert "rollback" in upkeep.last_log()


def test_the_whole_corpus_is_read_again_and_what_fails_is_told(upkeep, tmp_path):
    write(tmp_path / "corpus" / "early.txt", "date 2999-01 Trop tôt.\n")
    assert upkeep.update()

    assert [one["path"] for one in ended(upkeep.runs).report.failed] == ["early.txt"]


def test_no_address_is_fetched_unless_the_settings_allow_it(upkeep):
    assert not upkeep.may_fetch
    with pytest.raises(NetworkError, match="TCC_ALLOW_NETWORK=1"):
        upkeep.add_address("https://example.org/")
    assert upkeep.runs.now is None


def test_an_address_is_handed_to_a_run_where_that_is_allowed(tmp_path):
    given = []

    def ingest(*paths: str, progress: object) -> IngestReport:
        given.extend(paths)
        return IngestReport()

    settings = load_settings(home=tmp_path, corpus=tmp_path, allow_network=True)
    upkeep = Upkeep(SimpleNamespace(settings=settings, ingest=ingest))  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="no address"):
        upkeep.add_address("file:///etc/passwd")
    assert upkeep.add_address(" https://example.org/page ")
    ended(upkeep.runs)
    assert given == ["https://example.org/page"]


class GatedEmbedder(HashedEmbedder):
    """Embeds no passage while the gate is shut."""

    def __init__(self) -> None:
        super().__init__()
        self.waits, self.gate = threading.Event(), threading.Event()
        self.gate.set()

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.waits.set()
        assert self.gate.wait(20)
        return super().encode_passages(texts)


@pytest.mark.slow
def test_a_reader_gets_an_answer_while_a_run_goes_on(tmp_path, reader):
    embedder, question = GatedEmbedder(), "Quelle offre Bleu a-t-il lancée ?"
    write(tmp_path / "corpus" / "a.txt", "date 2025-01 Bleu a lancé son offre de nuage de confiance à Lille.\n")
    settings = load_settings(home=tmp_path / "home", corpus=tmp_path / "corpus")
    run_ingest(settings, embedder=embedder)
    with OpenAssistant(settings, embedder, build_assistant(settings, embedder, reader=reader)) as opened:
        upkeep = Upkeep(opened)
        embedder.waits.clear()
        embedder.gate.clear()
        upkeep.add_files([write(tmp_path / "sent" / "b.txt", "date 2025-02 Bleu a lancé une seconde offre à Lyon.\n")])
        assert embedder.waits.wait(20)

        during = opened.ask(question)
        assert not upkeep.runs.now.ended
        assert during.generation == 1
        assert {one.article.article_id for one in during.passages} == {"a"}

        embedder.gate.set()
        assert ended(upkeep.runs).report.added == ["b"]
        after = opened.ask(question)
        assert after.generation == 2
        assert {one.article.article_id for one in after.passages} == {"a", "b"}


def test_every_handler_refuses_a_reader(upkeep):
    """Called as Gradio would, whatever is hidden on the page."""
    tab, reader = AdminTab(None, upkeep, None), request()
    calls = [
        lambda: tab._add_files(["/etc/passwd"], "", "", False, "fr", reader),
        lambda: tab._add_address("https://example.org", "fr", reader),
        lambda: tab._update("fr", reader),
        lambda: tab._ask_to_roll_back("fr", reader),
        lambda: tab._roll_back(1, "fr", reader),
        lambda: list(tab._examine("fr", reader)),
    ]
    for call in calls:
        with pytest.raises(gr.Error, match="Réservé aux administrateurs"):
            call()

    async def followed() -> list[object]:
        return [step async for step in tab._follow("fr", reader)]

    assert len(asyncio.run(followed())) == 1
    assert upkeep.runs.now is None
    assert tab._greet("fr", reader)[0]["visible"] is False
    assert tab._greet("fr", request("admin"))[0]["visible"] is True


class TestOverHttp:
    """The real server, called without its page."""

    @pytest.fixture
    def config(self, server_address: str) -> dict:
        return httpx.get(f"{server_address}/config", trust_env=False).json()

    @pytest.mark.parametrize("button", BUTTONS)
    def test_a_reader_who_calls_an_administrator_s_handler_is_refused(self, server_address, config, button):
        event = _event(config, button)
        before = _generation(server_address, config)

        assert _called(server_address, event, READER)["success"] is False
        assert _generation(server_address, config) == before

    def test_an_administrator_is_not(self, server_address, config):
        done = _called(server_address, _event(config, "tcc-roll-back"), {})

        assert done["success"] is True
        assert "génération" in json.dumps(done, ensure_ascii=False)

    def test_a_reader_sends_no_file(self, server_address):
        files = {"files": ("a.md", b"x")}
        url = f"{server_address}/gradio_api/upload"

        assert httpx.post(url, files=files, headers=READER, trust_env=False).status_code == 404
        taken = httpx.post(url, files=files, trust_env=False)
        assert taken.status_code == 200
        assert Path(taken.json()[0]).name == "a.md"

    @pytest.mark.parametrize("path", ["/dev/zero", "/etc/hostname", "http://127.0.0.1:9/a.md"])
    @pytest.mark.parametrize("headers", [READER, {}])
    def test_nobody_names_a_file_that_was_not_sent(self, server_address, config, path, headers):
        """Gradio copies what an event names before a handler asks who calls: `/dev/zero` had no end."""
        event = _event(config, "tcc-add-files")
        named = {"path": path, "orig_name": "a.md", "meta": {"_type": "gradio.FileData"}}
        body = {"fn_index": event["id"], "data": [[named], *_data(event)[1:]], "session_hash": "named"}
        with httpx.Client(base_url=server_address, headers=headers, trust_env=False, timeout=10) as client:
            for route in ("queue/join", "run/predict", "api/predict", "call/ask", "call/v2/ask"):
                assert client.post(f"/gradio_api/{route}", json=body).status_code == 403
            assert client.get("/healthz").status_code == 200

    def test_gradio_looks_too(self, tmp_path, monkeypatch):
        """Whatever the guard lets through: what is mounted it takes for not begun, and then it does not look."""
        page = SimpleNamespace(has_launched=False, allowed_paths=[], blocked_paths=[], state_holder=SimpleNamespace())
        monkeypatch.setattr(gr, "mount_gradio_app", lambda *_args, **_options: None)
        build_app(page, FastAPI(), load_settings(home=tmp_path), Limits(), exports=tmp_path)

        def looks() -> None:
            LocalContext.blocks.set(page)
            _check_allowed("/etc/hostname", check_in_upload_folder=True)

        with pytest.raises(InvalidPathError):
            copy_context().run(looks)

    def test_the_server_fetches_no_address_for_a_browser(self, server_address):
        assert httpx.get(f"{server_address}/gradio_api/file=http://127.0.0.1:9/a", trust_env=False).status_code == 404

    def test_nobody_sends_a_file_that_is_too_large(self, server_address):
        """The corpus takes 20 MB by default."""
        large = {"files": ("a.md", b"x" * 20_000_001)}

        assert httpx.post(f"{server_address}/gradio_api/upload", files=large, trust_env=False).status_code == 413


def _event(config: dict, button: str) -> dict:
    (part,) = [c["id"] for c in config["components"] if c["props"].get("elem_id") == button]
    return next(e for e in config["dependencies"] if [part, "click"] in [list(t) for t in e["targets"]])


def _called(address: str, event: dict, headers: dict[str, str]) -> dict:
    """What comes back at the end of an event."""
    session = f"s{event['id']}{len(headers)}"
    with httpx.Client(base_url=address, headers=headers, trust_env=False, timeout=30) as client:
        body = {"fn_index": event["id"], "data": _data(event), "session_hash": session}
        assert client.post("/gradio_api/queue/join", json=body).status_code == 200
        with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as told:
            for line in told.iter_lines():
                message = json.loads(line.removeprefix("data: ")) if line.startswith("data: ") else {}
                if message.get("msg") == "process_completed":
                    return message
    raise AssertionError("nothing came back")


def _data(event: dict) -> list:
    return [None] * len(event["inputs"])


def _generation(address: str, config: dict) -> str:
    return httpx.get(f"{address}/api/v1/articles", params={"limit": 1}, trust_env=False).json()["generation"]
