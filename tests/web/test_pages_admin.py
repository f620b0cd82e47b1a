"""What administrators do with the corpus on their page, and that nobody else does it."""

from __future__ import annotations

import ast
import re
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import get_args

import httpx
import pytest
from fastapi.testclient import TestClient
from sites import MOST_SENT, site_of, text_of
from starlette.datastructures import QueryParams

from builders import write
from fakes import HashedEmbedder
from made import article_of
from trusted_cloud_chat.doctor import Check, Name, articles
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.errors import NetworkError, UsageError
from trusted_cloud_chat.ingestion import IngestReport
from trusted_cloud_chat.library import OpenAssistant
from trusted_cloud_chat.models.embedder import Vectors
from trusted_cloud_chat.people.feedback import Feedback, FeedbackStore
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.web.escaping import read_texts
from trusted_cloud_chat.web.pages.admin import HOME, Desk, reason
from trusted_cloud_chat.web.pages.upkeep import Run, Runs, Upkeep, receive, safe_name
from trusted_cloud_chat.web.signing_in import ROLE
from trusted_cloud_chat.wiring import build_assistant, run_ingest

READER = {"x-forwarded-for": "203.0.113.9"}
"""What a proxy adds: who is behind it is not at this machine."""


def shown(upkeep: object, look: str = "", lang: str = "fr") -> str:
    """The page of administrators over `upkeep`."""
    request = SimpleNamespace(
        query_params=QueryParams({"look": look, "lang": lang}), url=SimpleNamespace(path=HOME), cookies={},
        scope={ROLE: "admin"},
    )  # fmt: skip
    return Desk(upkeep, SimpleNamespace()).page(request).body.decode()  # type: ignore[arg-type]


def over(run: Run | None = None, checks: Sequence[Check] = (), *, undoes: bool = False) -> SimpleNamespace:
    """What a page is made of, without an index."""
    return SimpleNamespace(
        runs=SimpleNamespace(now=run), before=lambda: (4, None, undoes), deletable=lambda path: path.endswith(".txt"), findings=lambda: list(checks), last_log=lambda: "",
        received=(), settings=SimpleNamespace(max_file_mb=20, allow_network=False),
    )  # fmt: skip


def reported(report: IngestReport, lang: str = "fr") -> str:
    return text_of(shown(over(Run("update", ended=True, report=report)), lang=lang))


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
    html = shown(over(during))
    assert 'value="3"' in html
    assert "fichiers lus : 3 sur 4" in text_of(html)
    assert "data-running" in html
    assert runs.start("update", job)
    ended(runs)


def test_a_run_that_fails_says_why_and_the_next_one_can_begin():
    def refuses(_tell: object) -> IngestReport:
        raise UsageError("no such <b>")

    def breaks(_tell: object) -> IngestReport:
        raise ZeroDivisionError("secret")

    runs = Runs()
    runs.start("update", refuses)
    assert "no such &lt;b&gt;" in shown(over(ended(runs)))
    runs.start("update", breaks)
    html = shown(over(ended(runs)))
    assert "secret" not in html
    assert "journal du serveur" in html


def test_a_report_says_what_failed_and_why():
    failed = [{"path": "x<y>.pdf", "reason": "protected by a password: save it"}, {"path": "z.txt", "reason": "odd"}]
    report = IngestReport(added=["a"], failed=failed, generation=4, seconds=1.25)
    report.new.append({"article_id": "a", "title": "Un titre", "publisher": None, "date": None})
    html = shown(over(Run("update", ended=True, report=report)))

    assert "en échec : 2" in text_of(html)
    assert "x&lt;y&gt;.pdf" in html
    assert "Protégé par un mot de passe" in html
    assert '<span lang="en">protected by a password: save it</span>' in html, "in the words of the command too"
    assert '<span lang="en">odd</span>' in html
    assert "Supprimer le fichier : z.txt" in html.replace("\u00a0", " ")
    assert "Supprimer le fichier : x" not in html.replace("\u00a0", " ")
    assert "Un titre" in html


def test_reasons_are_french_where_they_are_known_and_english_on_the_english_page():
    told = "the file is empty: expected the text of an article"

    assert reason(told, read_texts("pages", "fr"))[1] == "fr"
    assert reason(told, read_texts("pages", "en")) == (told, "en")
    assert reason("odd", read_texts("pages", "fr")) == ("odd", "en")


_ROOMS = ("corpus/**/*.py", "fetching/*.py", "ingestion/ingesting.py", "ingestion/candidates.py")
_SAID = ("ArticleError", "OfflineError", "kind")


def _told(node: ast.AST) -> list[str]:
    """The texts of an expression; what is put in stands as « x »."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=values):
            return ["".join(str(v.value) if isinstance(v, ast.Constant) else "x" for v in values)]
        case ast.IfExp(body=body, orelse=orelse):
            return [*_told(body), *_told(orelse)]
        case ast.BoolOp(values=values):
            return [text for value in values for text in _told(value)]
    return []


def test_every_reason_that_the_code_gives_is_said_in_french():
    package = Path(articles.__file__).parent.parent
    given = []
    for path in (path for room in _ROOMS for path in package.glob(room)):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args and getattr(node.func, "id", "") in _SAID:
                given += _told(node.args[0])
            if isinstance(node, ast.Dict):
                keys = [getattr(key, "value", None) for key in node.keys]
                given += [
                    t for key, value in zip(keys, node.values, strict=True) if key == "reason" for t in _told(value)
                ]
            names = {getattr(one, "id", "") for one in getattr(node, "targets", ())}
            if names & {"_NO_TEXT", "_NO_ROW", "_SCANNED", "_LOST", "_UNFINISHED", "_FOLDER_LINK", "reason"}:
                given += _told(node.value)  # type: ignore[attr-defined]
    given = [text for text in given if text.strip("x: ")]

    assert len(given) > 70
    assert [text for text in given if reason(text, read_texts("pages", "fr"))[1] != "fr"] == []


def test_findings_lead_with_faults_and_name_their_commands():
    checks = [
        Check("disk", "ok", "room"),
        Check("version", "ok", "1.2.3"),
        Check("dates", "advice", "2 articles (a, b) without a date", "ingest", "2 articles (a, b)"),
        Check("index", "fault", "lost", "do this"),
    ]
    html, english = (shown(over(checks=checks), "findings", lang) for lang in ("fr", "en"))
    told = text_of(html)

    assert told.index("Défaut : Index") < told.index("Conseil : Dates") < told.index("Place sur le disque")
    assert html.index('lang="en">lost') < html.index("2 articles (a, b)</p>")
    assert "Version : 1.2.3" in told
    assert "without" not in told
    assert "room" not in told
    assert "<code>do this</code>" in html
    assert "dates 2 articles (a, b) without a date" in text_of(english)


def test_whatever_doctor_looks_at_is_said_in_french():
    findings = read_texts("pages", "fr")["findings"]
    assert findings.keys() == set(get_args(Name))
    for finding in findings.values():
        for text in finding.values():
            assert not re.search(r" [:;?!»]|« |\w'\w", text)
        assert finding["title"]
    # What says « advice » in doctor's own files has a French sentence for it.
    sources = "".join(path.read_text("utf-8") for path in Path(articles.__file__).parent.glob("*.py"))
    advised = set(re.findall(r'Check\(\s*"([a-z -]+)",\s*"advice"', sources)) | {"dates", "publishers", "addresses"}
    assert len(advised) >= 10
    assert all(findings[name]["advice"] for name in advised)


def test_what_articles_lack_is_asked_for_in_the_language_of_the_page():
    report = IngestReport()
    report.ask_for(
        article_of("Un texte.", publisher=None, url=None, language="fr", article_id=f"a{n}") for n in range(5)
    )

    assert "Sans éditeur : " in reported(report)
    assert "Without an address: " in reported(report, "en")
    assert "a2 (+2)" in reported(report, "en")


def test_what_a_rollback_says_is_in_the_language_of_the_page():
    rolled = {"path": "index", "message": "generation 4 holds", "kind": "rolled_back", "before": "2", "forgotten": "3"}
    report = IngestReport(generation=4, notices=[rolled, {"path": "x.txt", "message": "read as cp1252"}])
    told = reported(report)

    assert "La génération 4 contient ce que contenait la génération 2." in told
    assert "oubliés depuis, qui manquent : 3." in told
    assert "holds" not in told
    assert "read as cp1252" in told
    assert "Generation 4 has the content of generation 2." in reported(report, "en")


def test_an_update_that_undoes_a_rollback_asks_first():
    assert "ce que le retour a défait reviendra" in text_of(shown(over(undoes=True)))
    assert "ce que le retour a défait" not in text_of(shown(over()))


@pytest.fixture
def upkeep(tmp_path, hashed) -> Upkeep:
    """Over a corpus of one article that is ingested, with an embedder that needs no model."""
    write(tmp_path / "corpus" / "a.txt", "date 2025-01 Un premier texte sur le nuage.\n")
    settings = load_settings(home=tmp_path / "home", corpus=tmp_path / "corpus")
    opened = OpenAssistant(settings, hashed, assistant=SimpleNamespace())  # type: ignore[arg-type]
    opened.ingest()
    return Upkeep(opened, lambda embedder: [Check("disk", "ok", "room")])


def test_files_are_added_with_their_date_and_a_rollback_takes_them_out_again(upkeep, tmp_path):
    sent = [
        ("b.txt", write(tmp_path / "sent" / "0", "Un second texte, sans date.\n")),
        ("c.exe", write(tmp_path / "sent" / "1", "x")),
    ]
    done = upkeep.add_files(sent, day="3 mars 2026", publisher="ANSSI")
    run = ended(upkeep.runs)

    assert [one.outcome for one in done] == ["added", "kind"]
    assert (run.report.added, run.report.failed) == (["b"], [])
    assert (run.report.new[0]["date"], run.report.new[0]["publisher"]) == ("2026-03-03", "ANSSI")
    generation, before, undoes = upkeep.before()
    assert (before.added, undoes) == (["b"], False)
    assert not upkeep.rollback(generation - 1)
    assert upkeep.rollback(generation)
    assert ended(upkeep.runs).report.deleted == ["b"]
    assert "rollback" in upkeep.last_log()
    assert upkeep.before()[2], "the folder still has b.txt"
    upkeep.update()
    assert "undone" in [one.get("kind") for one in ended(upkeep.runs).report.notices]
    assert not upkeep.before()[2]
    upkeep.rollback(upkeep.before()[0])
    ended(upkeep.runs)
    upkeep.rollback(upkeep.before()[0])
    ended(upkeep.runs)
    assert not upkeep.before()[2], "the second one undid the first"


def test_a_file_is_replaced_in_its_place_and_one_that_failed_is_deleted(upkeep, tmp_path):
    place = tmp_path / "corpus" / "a.txt"
    new = write(tmp_path / "sent" / "0", "date 2026-02 Un premier texte, corrigé.\n")
    held = upkeep.held("a")
    assert upkeep.replace_file(held, "a.pdf", new)[0].outcome == "unlike"
    assert upkeep.replace_file(held, "other name.TXT", new)[0].outcome == "replaced"
    assert ended(upkeep.runs).report.changed == ["a"]
    assert place.read_text() == new.read_text()

    early = write(tmp_path / "corpus" / "early.txt", "date 2999-01 Trop tôt.\n")
    assert not upkeep.delete_file("early.txt"), "nobody was told yet that it failed"
    upkeep.update()
    ended(upkeep.runs)
    assert not upkeep.delete_file("a.txt")
    assert not upkeep.delete_file("../home/users")
    assert upkeep.delete_file("early.txt")
    assert ended(upkeep.runs).report.failed == []
    assert not early.exists()


def test_the_whole_corpus_is_read_again_and_what_fails_is_told(upkeep, tmp_path):
    write(tmp_path / "corpus" / "early.txt", "date 2999-01 Trop tôt.\n")
    assert upkeep.update()

    assert [one["path"] for one in ended(upkeep.runs).report.failed] == ["early.txt"]


def test_no_address_is_fetched_unless_the_settings_allow_it(upkeep):
    assert not upkeep.settings.allow_network
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
    with pytest.raises(UsageError, match="is not an address"):
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
        sent = write(tmp_path / "sent", "date 2025-02 Bleu a lancé une seconde offre à Lyon.\n")
        upkeep.add_files([("b.txt", sent)])
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


def test_an_article_is_taken_out_and_its_file_too_where_that_is_asked_for(upkeep, tmp_path):
    write(tmp_path / "corpus" / "b.txt", "date 2025-02 Un second texte sur le nuage.\n")
    write(tmp_path / "corpus" / "b.txt.meta.yaml", "publisher: ANSSI\n")
    upkeep.update()
    ended(upkeep.runs)
    upkeep.remove("a", file=False)
    upkeep.remove("b", file=True)

    assert upkeep.held("a") is upkeep.held("b") is None
    assert [path.name for path in (tmp_path / "corpus").iterdir()] == ["a.txt"]
    with pytest.raises(UsageError):
        upkeep.remove("b", file=True)


FORMS = {
    "/corpus/fichiers": {"files": {"files": ("a.md", b"x")}},
    "/corpus/adresse": {"data": {"address": "https://example.org"}},
    "/corpus/index": {},
    "/corpus/retour": {"data": {"generation": "1"}},
    "/corpus/retrait": {"data": {"article": "a"}},
}


class TestOverHttp:
    """The pages, called without a browser."""

    @pytest.fixture
    def own(self, tmp_path: Path, hashed: HashedEmbedder) -> OpenAssistant:
        """Over a corpus of one article."""
        write(tmp_path / "corpus" / "a.txt", "date 2025-01 Un premier texte sur le nuage.\n")
        settings = load_settings(home=tmp_path / "home", corpus=tmp_path / "corpus")
        bare = SimpleNamespace(entities=EntityBook([]), articles_with=lambda _: set(), books=None, market=None)
        opened = OpenAssistant(settings, hashed, assistant=bare)  # type: ignore[arg-type]
        opened.ingest()
        return opened

    @pytest.mark.parametrize("path", FORMS)
    def test_a_reader_who_sends_a_form_is_refused(self, own: OpenAssistant, path: str) -> None:
        before = sorted(own.settings.corpus.iterdir())
        answer = site_of(own, "reader").post(path, **FORMS[path])

        assert answer.status_code == 403
        assert "Réservé aux administrateurs." in answer.text
        assert sorted(own.settings.corpus.iterdir()) == before

    @pytest.mark.parametrize("path", [HOME, f"{HOME}?look=findings", "/corpus/retrait?article=a"])
    def test_a_reader_sees_none_of_it(self, own: OpenAssistant, path: str) -> None:
        assert site_of(own, "reader").get(path).status_code == 403

    @pytest.mark.parametrize("path", FORMS)
    def test_a_page_of_another_site_sends_none(self, own: OpenAssistant, path: str) -> None:
        answer = site_of(own).post(path, **FORMS[path], headers={"sec-fetch-site": "cross-site"})

        assert answer.status_code == 403

    def test_a_file_is_sent_reported_and_taken_out_again(self, own: OpenAssistant) -> None:
        site = site_of(own)
        sent = {"files": ("Nuage neuf.md", "---\ndate: 2026-05-04\n---\nUne région à Lille.\n".encode())}
        answer = site.post("/corpus/fichiers", files=sent, data={"publisher": "ANSSI"})

        assert (answer.status_code, answer.headers["location"]) == (303, f"{HOME}#run")
        told = until_ended(site)
        assert "Nuage neuf.md : ajouté au corpus." in told
        assert "Ajoutés : 1" in told
        assert "Quittent l’index" in text_of(site.get(f"{HOME}?look=rollback").text)
        assert site.post("/corpus/retour", data={"generation": "1"}).status_code == 400
        assert site.post("/corpus/retour", data={"generation": "2"}).status_code == 303
        assert "retirés : 1" in until_ended(site)
        assert site.post("/corpus/index").status_code == 303
        assert "Ajoutés : 1" in until_ended(site)
        page = site.get("/corpus/retrait?article=Nuage neuf")
        assert "Nuage neuf.md" in page.text
        assert site.post("/corpus/retrait", data={"article": "Nuage neuf", "file": "true"}).status_code == 303
        assert [path.name for path in own.settings.corpus.iterdir() if path.suffix == ".md"] == []

    def test_what_a_form_lacks_is_told(self, own: OpenAssistant) -> None:
        site = site_of(own)

        assert "Choisissez d’abord un fichier." in site.post("/corpus/fichiers", files={"files": ("", b"")}).text
        assert "ce format n’est pas lu" in text_of(site.post("/corpus/fichiers", files={"files": ("a.exe", b"x")}).text)
        answer = site.post("/corpus/adresse", data={"address": "https://example.org"})
        assert answer.status_code == 400
        assert "TCC_ALLOW_NETWORK=1" in answer.text

    def test_nobody_sends_a_file_that_is_too_large(self, own: OpenAssistant) -> None:
        large = {"files": ("a.md", b"x" * (MOST_SENT + 1))}

        assert site_of(own).post("/corpus/fichiers", files=large).status_code == 413

    def test_what_readers_say_is_shown(self, own: OpenAssistant) -> None:
        said = Feedback(
            "wrong_answer", "Qui dirige <b> ?", "Personne.", "fr", "answered", 1, comment="Faux depuis mai."
        )
        FeedbackStore(own.settings.home).keep(said, "k")
        html = site_of(own).get(f"{HOME}?look=feedback").text

        assert "Qui dirige &lt;b&gt; ?" in html
        assert "Faux depuis mai." in html

    @pytest.mark.parametrize("path", ["/dev/zero", "/etc/hostname", "http://127.0.0.1:9/a.md"])
    def test_nobody_names_a_file_to_an_event_of_the_chat(self, server_address: str, path: str) -> None:
        """Gradio copies what an event names before a handler asks who calls: `/dev/zero` had no end."""
        named = {"path": path, "orig_name": "a.md", "meta": {"_type": "gradio.FileData"}}
        body = {"fn_index": 0, "data": [[named]], "session_hash": "named"}
        with httpx.Client(base_url=server_address, trust_env=False, timeout=60) as client:
            for route in ("queue/join", "run/predict", "api/predict", "call/ask", "call/v2/ask"):
                assert client.post(f"/gradio_api/{route}", json=body).status_code == 403
            assert client.get("/healthz").status_code == 200

    def test_a_reader_of_the_server_is_none_of_its_administrators(self, server_address: str) -> None:
        assert httpx.get(f"{server_address}{HOME}", headers=READER, trust_env=False, timeout=60).status_code == 403
        assert httpx.get(f"{server_address}{HOME}", trust_env=False, timeout=60).status_code == 200

    def test_gradio_takes_no_file_and_fetches_no_address(self, server_address: str) -> None:
        sent = httpx.post(
            f"{server_address}/gradio_api/upload", files={"files": ("a.md", b"x")}, trust_env=False, timeout=60
        )

        assert sent.status_code == 404
        assert (
            httpx.get(f"{server_address}/gradio_api/file=http://127.0.0.1:9/a", trust_env=False, timeout=60).status_code
            == 404
        )


def until_ended(site: TestClient) -> str:
    """The page once no run is under way."""
    deadline = time.monotonic() + 20
    while "data-running" in (html := site.get(HOME).text):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return text_of(html)
