"""Homes whose files are damaged, lost, elsewhere or not to be written: a message or a whole answer, and a command that mends."""

from __future__ import annotations

import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import chromadb
import pytest

from builders import TODAY, found_texts, held, is_fresh, open_index, run, write_article, write_tiny_corpus
from damage import KINDS, QUESTION, damage, files_of
from fakes import HashedEmbedder
from processes import outcome
from trusted_cloud_chat import doctor
from trusted_cloud_chat.commands.batch import answer_lines
from trusted_cloud_chat.errors import (
    HomeNotWritableError,
    IndexBusyError,
    IndexDamagedError,
    ServerError,
    StorageError,
)
from trusted_cloud_chat.index import Index, vectors
from trusted_cloud_chat.index.store import StoreFolder
from trusted_cloud_chat.ingestion import fingerprint_of
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.wiring import build_assistant

slow = pytest.mark.slow
embedded = pytest.mark.embedded
SIX = {"live": 6, "catalog": 6, "vectors": 6, "lexical": 6, "pending": 0}
CHROMA = (
    "chroma.sqlite3", "data_level0.bin", "header.bin", "length.bin", "link_lists.bin", "index_metadata.pickle",
)  # fmt: skip
EVERY = (
    "/catalog.db", *CHROMA, "/made.json", "/seal.json", ".managed.json", "/meta.json", ".fast", ".fieldnorm", ".idx",
    ".pos", ".store", ".term",
)  # fmt: skip
"""How every file of a home ends, and those of them that are Chroma's own."""
SHARE = [
    pytest.param(file, KINDS[number % len(KINDS)], marks=embedded if file in CHROMA else ())
    for number, file in enumerate(EVERY)
]
"""Each file damaged in one way, and each way done to some files."""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_corpus(tmp_path_factory.mktemp("damage") / "corpus")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, corpus: Path) -> Path:
    """A home that is in order, to be copied; what it answers lies in `answer.json` beside it."""
    home = tmp_path_factory.mktemp("whole") / "home"
    outcome("ingest", home, corpus)
    answer = outcome("ask", home, corpus)
    assert len(answer["found"]["near"]) == len(answer["found"]["matching"]) == 6
    (home.parent / "answer.json").write_text(json.dumps(answer))
    return home


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def made(home: Path, corpus: Path, hashed: HashedEmbedder) -> Path:
    """A home in order, made in this process."""
    run(home, corpus, hashed)
    hashed.passages.clear()
    return home


def damaged(whole: Path, home: Path, file: str, kind: str) -> Path:
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(whole, home)
    damage(home / file, kind)
    return home


def check_damage(whole: Path, home: Path, corpus: Path, file: str, kind: str) -> None:
    """No command ends in a traceback, no answer is a part, and the mends that messages name do mend."""
    good = json.loads((whole.parent / "answer.json").read_text())
    told = {step: outcome(step, damaged(whole, home, file, kind), corpus) for step in ("ask", "doctor")}
    told["fix"] = outcome("fix", damaged(whole, home, file, kind), corpus)
    told["ask after fix"] = outcome("ask", home, corpus)
    told["ingest"] = outcome("ingest", damaged(whole, home, file, kind), corpus)
    told["ask after ingest"] = outcome("ask", home, corpus)
    told["rebuild"] = outcome("rebuild", damaged(whole, home, file, kind), corpus)
    told["ask after rebuild"] = outcome("ask", home, corpus)

    ended = {step: found["outcome"] for step, found in told.items()}
    assert set(ended.values()) <= {"answer", "message"}, {s: told[s]["found"] for s in ended}
    asked = ("ask", "ask after fix", "ask after ingest", "ask after rebuild")
    for step in asked:
        assert ended[step] == "message" or told[step] == good, step
    assert "trusted-cloud-chat ingest" in told["ask"]["found"] if ended["ask"] == "message" else True
    assert ended["rebuild"] == ended["ask after rebuild"] == "answer"
    if (
        "/made-" in file
    ):  # what is made from the catalog: whatever is wrong with it, all is answered, and mended without a rebuild
        assert {ended[step] for step in (*asked, "fix", "ingest")} == {"answer"}
        assert outcome("doctor", home, corpus)["found"]["ok"]
    if kind == "deleted":
        assert not told["doctor"]["found"]["ok"] or file.endswith(".managed.json")


class TestDamages:
    @slow
    @pytest.mark.parametrize(("file", "kind"), SHARE, ids=lambda value: value.rpartition("/")[2])
    def test_a_share(self, whole: Path, home: Path, corpus: Path, file: str, kind: str) -> None:
        check_every(whole, home, corpus, file, kind)

    @pytest.mark.soak
    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("file", [pytest.param(end, marks=embedded if end in CHROMA else ()) for end in EVERY])
    def test_all(self, whole: Path, home: Path, corpus: Path, file: str, kind: str) -> None:
        """Every file of a home, damaged in every way."""
        check_every(whole, home, corpus, file, kind)

    def test_no_file_is_left_out(self, whole: Path) -> None:
        for name in files_of(whole):
            assert sum(name.endswith(end) for end in EVERY) == 1, name


def check_every(whole: Path, home: Path, corpus: Path, end: str, kind: str) -> None:
    """Damage each file that ends so, in turn; Tantivy has one of a kind for each segment, or none."""
    for name in files_of(whole):
        if name.endswith(end):
            check_damage(whole, home, corpus, name, kind)


class TestLostStores:
    """What was made from the catalog is made from it again."""

    @pytest.mark.parametrize(
        "lost",
        [
            pytest.param("chroma", marks=embedded), pytest.param("chroma/chroma.sqlite3", marks=embedded), "words", "words/meta.json",
            "seal.json", "",
        ],
    )  # fmt: skip
    def test_the_next_run_makes_it_anew(
        self, made: Path, corpus: Path, hashed: HashedEmbedder, lost: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        """A reader answers from the catalog meanwhile, and says so; a run fills it again, embeds nothing and says so."""
        path = made / "index/1/made-1" / lost
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        index = open_index(made, hashed)

        assert len(found_texts(index, hashed, "nuage")) == 6
        assert "`trusted-cloud-chat ingest` rebuilds it" in caplog.text
        assert not path.exists()
        assert not is_fresh(made, corpus)

        report = run(made, corpus, hashed)

        assert (report.unchanged, report.embedded, hashed.passages) == (6, 0, [])
        assert [notice["path"] for notice in report.notices] == ["index"]
        assert "6 chunks, about 1 s" in report.notices[0]["message"]
        assert held(made) == SIX
        caplog.clear()
        assert len(found_texts(index, hashed, "nuage")) == 6
        index.close()
        assert caplog.text == ""
        assert run(made, corpus, hashed).notices == []
        assert is_fresh(made, corpus)

    def test_a_store_that_lacks_a_few(self, made: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """Chunks that another program took away are missed by readers, who answer without, by doctor and by the next run."""
        stores = StoreFolder(made)
        with closing(stores.open()) as catalog, closing(stores.derived(catalog).vectors()) as vectors:
            vectors.delete(sorted(vectors.ids())[:2])

        index = open_index(made, hashed)
        assert len(found_texts(index, hashed, "nuage")) == 6
        index.close()
        settings = load_settings(home=made, corpus=corpus, chunk_tokens=60)
        wrong = [check for check in doctor.index_checks(settings, lambda: hashed) if not check.ok]
        assert [(check.name, check.mend) for check in wrong] == [("stores", "trusted-cloud-chat doctor --fix")]

        report = run(made, corpus, hashed)
        assert "holds 4 of the 6 chunks" in report.notices[0]["message"]
        assert (report.embedded, held(made)) == (0, SIX)
        assert all(check.ok for check in doctor.index_checks(settings, lambda: hashed))

    def test_how_long_it_takes_is_told_before(self, made: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """And how far it is while it is made."""
        told: list[tuple[str, int, int]] = []
        (made / "index/1/made-1/seal.json").unlink()

        run(made, corpus, hashed, progress=lambda *step: told.append(step))

        steps = [step for step in told if step[0] == "rebuild vectors and words from the catalog, 6 chunks, about 1 s"]
        assert (steps[0][1:], steps[-1][1:]) == ((1, 6), (6, 6))

    def test_a_lost_catalog_is_not_begun_again(self, made: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """Without the catalog nothing can be told: a run says so, rather than forget what came from elsewhere."""
        (made / "index/1/catalog.db").unlink()

        with pytest.raises(IndexDamagedError, match="is missing.*ingest --rebuild"):
            run(made, corpus, hashed)
        assert not (made / "index/1/catalog.db").exists()
        assert run(made, corpus, hashed, rebuild=True).chunks == 6


class TestNoDamage:
    """Troubles that a rebuild would not mend, and does not need to."""

    @pytest.fixture
    def unwritable(self, made: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """A home on which nobody may write, root neither: a mount or, without the right to make one, the rights of files."""
        if os.geteuid() == 0:
            mounts = ["mount", "--bind", str(made), str(made)], ["mount", "-o", "remount,ro,bind", str(made)]
            if any(subprocess.run(command, capture_output=True, check=False).returncode for command in mounts):
                pytest.skip("root may write everywhere, and may mount nothing here")
        else:
            for path in sorted(made.rglob("*"), reverse=True):
                path.chmod(0o555 if path.is_dir() else 0o444)
            made.chmod(0o555)
        yield made
        if os.geteuid() == 0:
            subprocess.run(["umount", "-l", str(made)], check=False)
        else:
            for path in [made, *made.rglob("*")]:
                path.chmod(0o755 if path.is_dir() else 0o644)

    def test_a_home_that_may_not_be_written(self, unwritable: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """It answers from all articles and doctor finds nothing wrong; a run says what is to be set."""
        index = open_index(unwritable, hashed)
        near = index.read(lambda s: [hit for hit, _ in s.nearest(hashed.encode_queries(["Outscale 2019"])[0], 6)])
        texts = found_texts(index, hashed, "Outscale SecNumCloud")
        index.close()

        assert near[0].startswith("outscale-2019@")
        assert (len(near), len(texts)) == (6, 6)
        settings = load_settings(home=unwritable, corpus=corpus, chunk_tokens=60)
        assert all(check.ok for check in doctor.index_checks(settings, lambda: hashed))
        with pytest.raises(HomeNotWritableError, match="TCC_HOME") as caught:
            run(unwritable, corpus, hashed)
        assert "--rebuild" not in str(caught.value)

    @pytest.mark.parametrize("left", [0, 200_000, 1_000_000])
    def test_a_full_disk(self, made: Path, tmp_path: Path, corpus: Path, hashed: HashedEmbedder, left: int) -> None:
        """It answers from all articles, and a run says that space is missing; where it fills in the middle, Chroma says of it that its
        logs cannot be applied.
        """
        for number in range(40):
            write_article(tmp_path / "more", f"neuf{number}", f"Un nouvel article {number} du nuage. " * 60)
        disk = tmp_path / "disk"
        disk.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)]
        if subprocess.run(mount, capture_output=True, check=False).returncode:
            pytest.skip("a disk of its own is a matter of rights")
        try:
            home = shutil.copytree(made, disk / "home")
            _fill(disk / "filler", left)
            with closing(open_index(home, hashed)) as index:
                texts = found_texts(index, hashed, "Outscale SecNumCloud")
            with pytest.raises(StorageError, match="space|full") as caught:
                run(home, corpus, hashed, tmp_path / "more")
        finally:
            subprocess.run(["umount", "-l", str(disk)], check=False)

        assert len(texts) == 6
        assert "--rebuild" not in str(caught.value)


def _fill(file: Path, left: int = 0) -> None:
    """Leave no page of the disk that `file` is on, or so many bytes."""
    with suppress(OSError), file.open("wb", buffering=0) as filler:
        while True:
            filler.write(bytes(4096))
    os.truncate(file, file.stat().st_size - left)


def test_whoever_may_read_the_home_may_read_all_of_it(made: Path) -> None:
    """Tantivy lets nobody else read what names its files."""
    closed = [path for path in made.rglob("*") if path.is_file() and path.stat().st_mode & 0o444 != 0o444]

    assert [path for path in closed if "logs" not in path.parts] == []


class Failing:
    """An assistant that fails at the second question and at the third."""

    def __init__(self, assistant: Any) -> None:
        self._assistant, self._asked = assistant, 0

    def ask(self, question: str, **more: Any) -> Any:
        self._asked += 1
        if self._asked == 2:
            raise ServerError("no server answers")
        if self._asked == 3:
            raise ZeroDivisionError
        return self._assistant.ask(question, **more)


def test_a_batch_goes_on(assistant: Any) -> None:
    """A question that fails is told in its line, whatever failed, and the next is answered."""
    out = io.StringIO()

    good = answer_lines(Failing(assistant), [b"Qui dirige Bleu ?"] * 4, out, today=TODAY, as_of=None)  # type: ignore[arg-type]

    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert not good
    assert ["error" in line for line in lines] == [False, True, True, False]
    assert lines[1]["error"] == "no server answers"


class TestServer:
    """With TCC_CHROMA_URL."""

    @pytest.fixture(autouse=True)
    def _short_pauses(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(vectors, "PAUSES_S", (0.01, 0.01))

    @embedded
    def test_an_embedded_home_with_a_server_named(
        self, made: Path, corpus: Path, hashed: HashedEmbedder, chroma_server: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        """A reader says where the vectors lie, and does without; a run takes them there, and back, without embedding again."""

        def ask(url: str) -> int:
            with closing(Index(made, fingerprint_of(hashed, 60), url)) as index:
                return len(found_texts(index, hashed, "nuage"))

        assert ask(chroma_server) == 6
        assert "unset TCC_CHROMA_URL" in caplog.text

        assert run(made, corpus, hashed, chroma_url=chroma_server).unchanged == 6
        caplog.clear()
        assert (ask(chroma_server), caplog.text) == (6, "")
        assert ask("") == 6
        assert "TCC_CHROMA_URL is empty" in caplog.text

        assert run(made, corpus, hashed).unchanged == 6
        caplog.clear()
        assert (ask(""), caplog.text, hashed.passages) == (6, "", [])

    def test_a_server_that_lost_its_data(
        self, home: Path, corpus: Path, hashed: HashedEmbedder, chroma_server: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        """A collection that is gone is missed by whoever asks it, and made anew from the catalog by the next run."""
        run(home, corpus, hashed, chroma_url=chroma_server)
        stores = StoreFolder(home, chroma_server)
        with closing(stores.open()) as catalog:
            name = stores.derived(catalog).collection
        chromadb.HttpClient(host="127.0.0.1", port=int(chroma_server.rpartition(":")[2])).delete_collection(name)
        hashed.passages.clear()

        index = Index(home, fingerprint_of(hashed, 60), chroma_server)
        assert len(found_texts(index, hashed, "nuage")) == 6
        assert "has no collection" in caplog.text
        report = run(home, corpus, hashed, chroma_url=chroma_server)

        assert "has no collection" in report.notices[0]["message"]
        caplog.clear()
        assert len(index.read(lambda s: s.nearest(hashed.encode_queries(["nuage"])[0], 10))) == 6
        assert (hashed.passages, caplog.text) == ([], "")
        index.close()

    @pytest.mark.slow
    def test_a_server_that_comes_back(self, home: Path, corpus: Path, hashed: HashedEmbedder, tmp_path: Path) -> None:
        """While it is away a question ends in a message; once it is back it is answered by the same reader."""
        start, port = _chroma(tmp_path / "server")
        url = f"http://127.0.0.1:{port}"
        process = start()
        try:
            run(home, corpus, hashed, chroma_url=url)
            index = Index(home, fingerprint_of(hashed, 60), url)

            def ask() -> int:
                return len(index.read(lambda s: s.nearest(hashed.encode_queries(["x"])[0], 9)))

            assert ask() == 6
            _stop(process)
            with pytest.raises(ServerError, match="chroma run"):
                ask()
            process = start()
            assert ask() == 6
        finally:
            _stop(process)


def _chroma(folder: Path) -> tuple[Callable[[], subprocess.Popen[bytes]], int]:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).with_name("chroma")), "run", "--path", str(folder), "--port", str(port)]

    def start() -> subprocess.Popen[bytes]:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return process
            time.sleep(0.1)
        raise AssertionError("the server does not start")

    return start, port


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(timeout=20)


def _without_an_entry(home: Path, index: str, chunk: bool) -> None:
    """What SQLite finds rows by has lost one that the table still has: a page of it had a bit turned."""
    path = home / "index/1/catalog.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode=DELETE")
        pages = [page for (page,) in db.execute("SELECT pageno FROM dbstat WHERE name = ?", (index,))]
        size = db.execute("PRAGMA page_size").fetchone()[0]
        named = db.execute(f"SELECT {'chunk_id' if chunk else 'article_id'} FROM {'chunks' if chunk else 'versions'}")
        name = named.fetchone()[0].encode()
    raw = bytearray(path.read_bytes())
    for page in pages:
        within = raw.find(name, (page - 1) * size, page * size)
        if within >= 0:
            raw[within + len(name) - 1] ^= 1
    path.write_bytes(raw)


class TestWhatRowsAreFoundBy:
    """No checksum covers it, and passages that are not found were missing without a word."""

    @pytest.mark.parametrize(
        ("index", "chunk"), [("sqlite_autoindex_chunks_1", True), ("sqlite_autoindex_versions_1", False)]
    )
    def test_a_turned_bit_is_told_and_mended(
        self, made: Path, corpus: Path, hashed: HashedEmbedder, index: str, chunk: bool
    ) -> None:
        settings = load_settings(home=made, corpus=corpus, chunk_tokens=60)
        with closing(Index(made, fingerprint_of(hashed, 60))) as opened:
            before = found_texts(opened, hashed, QUESTION)
        _without_an_entry(made, index, chunk)

        with closing(build_assistant(settings, hashed)) as assistant, pytest.raises(IndexDamagedError, match="--fix"):
            assistant.search(QUESTION, 10)
        (told,) = [check for check in doctor.index_checks(settings, lambda: hashed) if not check.ok]
        assert told.mend == "trusted-cloud-chat doctor --fix"
        assert any("rebuilt" in line for line in doctor.mend(settings))
        assert all(check.ok for check in doctor.index_checks(settings, lambda: hashed))
        with closing(Index(made, fingerprint_of(hashed, 60))) as opened:
            assert found_texts(opened, hashed, QUESTION) == before


@embedded
@pytest.mark.parametrize("times", [1, 3, 9])
def test_a_run_waits_for_whoever_has_the_database(
    made: Path, tmp_path: Path, hashed: HashedEmbedder, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    """Beside a reader that takes back what a killed run had begun SQLite does not wait, but says at once that it is locked."""
    monkeypatch.setattr(vectors, "_LOCKED_S", (0.0,) * 5)
    opened, tried = vectors.chromadb.PersistentClient, list[str]()

    def locked(place: str, settings: object) -> object:
        tried.append(place)
        if len(tried) <= times:
            raise ValueError("error returned from database: (code: 5) database is locked")
        return opened(place, settings)

    monkeypatch.setattr(vectors.chromadb, "PersistentClient", locked)
    write_article(tmp_path / "more", "neuf", "Un nouvel article du nuage.")
    if times > 5:
        with pytest.raises(IndexBusyError, match="in use by another process"):
            run(made, tmp_path / "more", hashed, tmp_path / "more/neuf.md")
        return
    assert len(run(made, tmp_path / "more", hashed, tmp_path / "more/neuf.md").added) == 1
    assert len(set(tried)) == len(tried)
