"""What readers see while runs come, go and are killed: all of a run or none of it."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from builders import foreseen as foreseen_by
from builders import found_texts, held, is_fresh, open_index, run, write_article
from fakes import HashedEmbedder
from processes import SCRIPT, ReaderElsewhere, ingest_elsewhere
from trusted_cloud_chat.errors import IndexBusyError, IndexDamagedError, IndexEmptyError, IndexMismatchError
from trusted_cloud_chat.index import index_writer
from trusted_cloud_chat.index.snapshots import Index
from trusted_cloud_chat.index.store import StoreFolder

NAMES = ("un", "deux", "trois", "quatre")
slow = pytest.mark.slow
"""A few of the points at which a run is killed stand for all in the fast run."""
CLEAN = {"live": 4, "catalog": 4, "vectors": 4, "lexical": 4, "pending": 0}


def write_all(corpus: Path, marker: str, names: tuple[str, ...] = NAMES) -> Path:
    """One short article a name, each with the word `marker`."""
    for name in names:
        write_article(corpus, name, f"L’article {name} du nuage dit {marker}.", title=f"Titre {name}")
    return corpus


def markers(texts: dict[str, str]) -> list[str]:
    """The last word of each text, sorted."""
    return sorted(text.rstrip(".").split()[-1] for text in texts.values())


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_all(tmp_path / "corpus", "premier")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def index(home: Path, corpus: Path, hashed: HashedEmbedder) -> Iterator[Index]:
    """A reader, open since the first generation."""
    run(home, corpus, hashed)
    opened = open_index(home, hashed)
    assert opened.coverage().generation == 1
    yield opened
    opened.close()


class TestReaders:
    def test_reading_makes_no_index(self, home: Path, hashed: HashedEmbedder) -> None:
        """A reader of an index that is not there says which command makes one, and leaves nothing behind."""
        with pytest.raises(IndexEmptyError, match="trusted-cloud-chat ingest"):
            open_index(home, hashed).coverage()

        assert not home.exists()

    def test_a_store_that_a_run_is_just_creating_is_not_damaged(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A reader that meets no tables yet, and then sees what the run has made since."""
        stores = StoreFolder(home)
        stores.place(1).mkdir(parents=True)

        def opened(*_: object, **__: object) -> None:
            (stores.place(1) / "made-1").mkdir()
            raise IndexDamagedError("no such table: meta")

        monkeypatch.setattr(StoreFolder, "catalog", opened)
        assert stores.in_use() is None

    def test_another_process_sees_it_at_its_next_question(
        self, home: Path, corpus: Path, hashed: HashedEmbedder
    ) -> None:
        """A reader in another process sees a run of this one at its next question, vectors and words alike."""
        run(home, corpus, hashed)
        with ReaderElsewhere(home) as reader:
            before = reader.ask("nuage premier")
            run(home, write_all(corpus, "second"), hashed)
            after = reader.ask("nuage second")

        assert (before["generation"], after["generation"]) == (1, 2)
        assert all("premier" in text for text in before["texts"])
        assert [("second" in text) for text in after["texts"]] == [True] * 4

    def test_a_busy_question_does_not_make_the_next_one_stale(
        self, index: Index, home: Path, corpus: Path, hashed: HashedEmbedder
    ) -> None:
        """While a question of the old generation is in flight, the next one finds the new vectors all the same."""
        vector = hashed.encode_queries(["nuage second"])[0]
        started, finish = threading.Event(), threading.Event()
        slow: list[int] = []

        def wait(snapshot: object) -> None:
            started.set()
            slow.append(snapshot.generation)  # type: ignore[attr-defined]
            assert finish.wait(20)

        thread = threading.Thread(target=lambda: index.read(wait))
        thread.start()
        started.wait(20)
        ingest_elsewhere(home, write_all(corpus, "second"))
        near = index.read(lambda s: len(s.nearest(vector, 10)))
        finish.set()
        thread.join()

        assert near == 4
        assert slow == [1]

    @pytest.mark.parametrize("runs", [1, 2])
    def test_a_question_that_runs_overtake(
        self, index: Index, home: Path, corpus: Path, hashed: HashedEmbedder, runs: int
    ) -> None:
        """It is answered from all of the generation that it began with, or done again: what dies by a run leaves with the next one."""
        seen: list[int] = []

        def use(snapshot: Any) -> list[str]:
            seen.append(snapshot.generation)
            for n in range(runs if len(seen) == 1 else 0):
                run(home, write_all(corpus, f"mot{n}"), hashed)
            near = [hit for hit, _ in snapshot.nearest(hashed.encode_queries(["nuage"])[0], 9)]
            return [snapshot.catalog.articles([one.split("@")[0]])[one.split("@")[0]].text for one in near]

        texts = index.read(use)

        assert len(texts) == 4
        assert {text.split()[-1] for text in texts} == {"premier." if runs == 1 else "mot1."}
        assert seen == ([1] if runs == 1 else [1, 3])

    def test_an_index_that_never_rests(self, index: Index, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """A reader gives up with a message when every attempt is overtaken, and does not loop for ever."""
        words = iter(range(100))

        def use(_: object) -> None:
            for _ in range(2):
                run(home, write_all(corpus, f"mot{next(words)}"), hashed)

        with pytest.raises(IndexBusyError, match="ask again"):
            index.read(use)

    def test_an_error_of_the_question_is_its_own(self, index: Index) -> None:
        """What a question raises by itself comes out as it is, at once."""
        calls: list[int] = []

        def use(_: object) -> None:
            calls.append(1)
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            index.read(use)
        assert len(calls) == 1

    def test_as_of_hides_what_came_later(self, home: Path, tmp_path: Path, hashed: HashedEmbedder) -> None:
        """Both searches leave out what was published after the day, and still fill up with what was before."""
        for n in range(40):
            write_article(tmp_path / "dated", f"a{n}", f"Le nuage numero{n} avance.", date=f"20{n % 20 + 10}-06")
        run(home, tmp_path / "dated", hashed)
        index = open_index(home, hashed)
        vector, day = hashed.encode_queries(["nuage"])[0], date(2012, 1, 1)

        near = index.read(lambda s: s.nearest(vector, 3, day))
        words = index.read(lambda s: s.matching({"nuag": 1.0}, 3, day))
        everything = index.read(lambda s: s.nearest(vector, 100, day))
        index.close()

        early = {f"a{n}" for n in range(40) if n % 20 + 10 <= 11}
        assert len(near) == len(words) == 3
        assert {hit.split("@")[0] for hit, _ in everything} == early
        assert {hit.split("@")[0] for hit, _ in near + words} <= early


class TestVersions:
    def test_an_old_version_is_still_read(self, index: Index, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """What an old citation points to can be read after the article changed, and after it is gone."""
        old = index.article("un")
        assert old is not None
        run(home, write_all(corpus, "second"), hashed)
        changed = index.article("un")
        (corpus / "un.md").unlink()
        run(home, corpus, hashed)

        assert changed is not None
        assert "second" in changed.text
        assert index.article("un", old.version) == old
        assert index.article("un", changed.version) == changed
        assert index.article("un") == changed

    def test_old_versions_survive_a_rebuild(
        self, index: Index, home: Path, corpus: Path, hashed: HashedEmbedder
    ) -> None:
        """After `--rebuild` old citations still open, and generations go on counting."""
        old = index.article("un")
        assert old is not None
        run(home, write_all(corpus, "second"), hashed)

        report = run(home, corpus, hashed, rebuild=True)

        assert report.generation == 3
        assert index.article("un", old.version) == old

    @slow
    def test_a_text_that_comes_back(self, index: Index, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """The run that stages an old text anew does not hide it from the citations that point to it; then it is live, once."""
        first = index.article("un")
        assert first is not None
        run(home, write_all(corpus, "second", ("un",)), hashed)
        ingest_elsewhere(home, write_all(corpus, "premier", ("un",)), die="all-staged")
        assert index.article("un", first.version) == first

        run(home, corpus, hashed)
        assert index.article("un") == first
        assert held(home) == CLEAN


class TestRefusals:
    def test_another_embedder(self, index: Index, home: Path, corpus: Path) -> None:
        """Vectors of two embedders are never mixed: reading and writing both name the command that rebuilds."""
        other = HashedEmbedder("another")

        with pytest.raises(IndexMismatchError, match="`trusted-cloud-chat ingest --rebuild`") as caught:
            open_index(home, other).coverage()
        assert "'hashed-words'" in str(caught.value)
        assert "'another'" in str(caught.value)
        with pytest.raises(IndexMismatchError, match="ingest --rebuild"):
            run(home, corpus, other)
        assert held(home) == CLEAN

    def test_other_chunks(self, index: Index, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """Another chunk size is refused in the same way, and names its setting."""
        with pytest.raises(IndexMismatchError, match="TCC_CHUNK_TOKENS.*ingest --rebuild"):
            run(home, corpus, hashed, chunk_tokens=80)

    def test_a_rebuild_takes_the_new_embedder(self, index: Index, home: Path, corpus: Path) -> None:
        """`--rebuild` makes the index with today's embedder; a reader that holds the old one is told."""
        other = HashedEmbedder("another")

        assert run(home, corpus, other, rebuild=True).embedded == 4
        assert open_index(home, other).coverage().generation == 2
        with pytest.raises(IndexMismatchError, match="'another'"):
            index.coverage()

    def test_two_writers(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """While one process writes, a second run is refused at once; afterwards it works."""
        run(home, corpus, hashed)
        holder = subprocess.Popen(
            [sys.executable, str(SCRIPT), "hold", str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"

        with pytest.raises(IndexBusyError, match="another ingest run"):
            run(home, corpus, hashed)
        holder.communicate(timeout=20)
        assert run(home, corpus, hashed).unchanged == 4


class TestKilledRuns:
    @pytest.mark.parametrize(
        "point",
        [
            pytest.param("staged", marks=slow),
            pytest.param("all-staged", marks=slow),
            "vectors-written",
            pytest.param("words-written", marks=slow),
            pytest.param("cleaned", marks=slow),
            "sealed",
            "in-transaction",
        ],
    )
    def test_before_the_commit_the_old_generation_answers(
        self, index: Index, home: Path, corpus: Path, hashed: HashedEmbedder, point: str
    ) -> None:
        """A run killed before its commit is not seen at all; the next one completes it and leaves no orphan."""
        ingest_elsewhere(home, write_all(corpus, "second"), die=point)

        assert markers(found_texts(index, hashed, "nuage premier second")) == ["premier"] * 4
        assert index.coverage().generation == 1

        report = run(home, corpus, hashed)

        assert (sorted(report.changed), report.generation) == (sorted(NAMES), 2)
        assert markers(found_texts(index, hashed, "nuage premier second")) == ["second"] * 4
        assert held(home) == CLEAN

    @pytest.mark.parametrize("rebuild", [False, True])
    def test_after_the_commit_the_new_generation_answers(
        self, index: Index, home: Path, corpus: Path, hashed: HashedEmbedder, rebuild: bool
    ) -> None:
        """A run killed after its commit is seen whole; nothing is left to do for the next one."""
        ingest_elsewhere(home, write_all(corpus, "second"), die="live", rebuild=rebuild)

        assert markers(found_texts(index, hashed, "nuage premier second")) == ["second"] * 4
        assert index.coverage().generation == 2

        report = run(home, corpus, hashed)

        assert (report.unchanged, report.embedded, report.generation) == (4, 0, 2)
        assert held(home) == CLEAN

    def test_what_was_never_live_is_not_an_article(
        self, index: Index, home: Path, corpus: Path, hashed: HashedEmbedder
    ) -> None:
        """What only a killed run has staged, and whose file is gone or another one since, was never there."""
        write_article(corpus, "cinq", "L’article cinq du nuage dit cinquième.")
        ingest_elsewhere(home, write_all(corpus, "second"), die="all-staged")
        (corpus / "cinq.md").unlink()

        run(home, write_all(corpus, "troisième"), hashed)

        assert index.article("cinq") is None
        assert markers(found_texts(index, hashed, "nuage premier second")) == ["troisième"] * 4
        assert held(home) == CLEAN

    @pytest.mark.parametrize(("point", "embedded"), [("staged", 2), pytest.param("all-staged", 0, marks=slow)])
    def test_a_first_run_that_was_killed(
        self, home: Path, corpus: Path, hashed: HashedEmbedder, point: str, embedded: int
    ) -> None:
        """A killed first run answers nothing, and the next run takes over all that it embedded."""
        ingest_elsewhere(home, corpus, die=point)

        with pytest.raises(IndexEmptyError):
            open_index(home, hashed).coverage()
        assert run(home, corpus, hashed).embedded == embedded
        assert held(home) == CLEAN


class TestRebuilds:
    def test_a_rebuild_beside_an_open_reader(
        self, index: Index, home: Path, corpus: Path, hashed: HashedEmbedder
    ) -> None:
        """A reader that is open moves to the rebuilt index at its next question; the old store goes later."""
        report = run(home, corpus, hashed, rebuild=True)

        assert (report.embedded, report.generation) == (4, 2)
        assert markers(found_texts(index, hashed, "nuage")) == ["premier"] * 4
        run(home, corpus, hashed)
        assert markers(found_texts(index, hashed, "nuage")) == ["premier"] * 4
        assert [path.name for path in (home / "index").iterdir() if path.is_dir()] == ["2"]

    def test_an_index_made_by_other_rules_is_made_anew(
        self, home: Path, corpus: Path, tmp_path: Path, hashed: HashedEmbedder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It answers as it is; the next run, of whatever files, makes all of it anew from what is stored, and says so."""
        with monkeypatch.context() as before:
            before.setattr("trusted_cloud_chat.ingestion.ingesting.CHUNKING", "sentences-2")
            run(home, corpus, hashed)
            run(home, corpus, hashed, write_article(tmp_path, "dehors", "Un article du nuage dit dehors."))
        index = open_index(home, hashed)
        assert len(found_texts(index, hashed, "nuage")) == 5
        assert not is_fresh(home, corpus)
        (corpus / "quatre.md").unlink()
        write_article(corpus, "un", "L’article un du nuage dit second.", title="Titre un")

        foreseen = foreseen_by(home, corpus)
        report = run(home, corpus, hashed)

        assert foreseen.notices == report.notices
        assert (report.embedded, report.changed, report.unchanged, report.deleted) == (4, ["un"], 2, ["quatre"])
        assert report.notices[0]["path"] == "index"
        assert markers(found_texts(index, hashed, "nuage")) == ["dehors", "premier", "premier", "second"]
        assert run(home, corpus, hashed).embedded == 0
        assert is_fresh(home, corpus)

    def test_too_many_dead_vectors_are_left_behind(
        self, index: Index, home: Path, corpus: Path, hashed: HashedEmbedder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Past a share of dead vectors they are filled anew: nothing is embedded, readers notice nothing, old citations open, and nothing
        of the vectors before is on the disk, however often.
        """
        monkeypatch.setattr(index_writer, "_DEAD_AT_LEAST", 6)
        old = index.article("un")
        run(home, write_all(corpus, "second"), hashed)
        run(home, write_all(corpus, "troisième"), hashed)
        hashed.passages.clear()
        report = run(home, write_all(corpus, "quatrième"), hashed)

        assert made_of(home) == ["made-2"]
        assert (report.generation, report.embedded, len(hashed.passages)) == (4, 4, 8)
        assert markers(found_texts(index, hashed, "nuage")) == ["quatrième"] * 4
        assert held(home) == CLEAN
        assert is_fresh(home, corpus)
        assert run(home, corpus, hashed).unchanged == 4
        for n in range(4):
            run(home, write_all(corpus, f"mot{n}"), hashed)
        assert made_of(home) == ["made-4"]
        assert old is not None
        assert index.article("un", old.version) == old


class TestManyGenerations:
    @pytest.mark.parametrize("runs", [12, pytest.param(200, marks=pytest.mark.soak)])
    def test_under_questions_from_threads(
        self, home: Path, tmp_path: Path, hashed: HashedEmbedder, monkeypatch: pytest.MonkeyPatch, runs: int
    ) -> None:
        """Runs under questions from three threads: no error, never half a run, memory and files flat.

        Each run gives every article a new marker word; a question must see four articles with one marker. Every
        tenth run or so also rebuilds the store aside.
        """
        monkeypatch.setattr(index_writer, "_DEAD_AT_LEAST", 40)
        corpus = write_all(tmp_path / "corpus", "mot0")
        run(home, corpus, hashed)
        index = open_index(home, hashed)
        errors: list[BaseException] = []
        mixed: list[list[str]] = []
        asked = [0]
        stop = threading.Event()

        def ask() -> None:
            while not stop.wait(0.01):
                try:
                    found = markers(found_texts(index, hashed, "nuage article"))
                except Exception as error:
                    errors.append(error)
                    return
                asked[0] += 1
                if len(found) != 4 or len(set(found)) != 1:
                    mixed.append(found)

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        sizes = []
        for n in range(1, runs + 1):
            run(home, write_all(corpus, f"mot{n}"), hashed)
            if n in (runs // 2, runs):
                gc.collect()
                sizes.append((_resident_mb(), _open_files()))
        stop.set()
        for thread in threads:
            thread.join()
        index.close()

        assert errors == []
        assert mixed == []
        assert asked[0] > runs
        (early_mb, early_files), (late_mb, late_files) = sizes
        assert late_mb - early_mb < 60
        assert late_files - early_files < 40


def _resident_mb() -> float:
    status = Path("/proc/self/status")
    if not status.exists():
        pytest.skip("memory is read from /proc, which this system does not have")
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def made_of(home: Path) -> list[str]:
    """The folders of vectors and words."""
    return sorted(path.name for path in home.glob("index/1/made-*"))
