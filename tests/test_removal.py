"""Listing, removing and forgetting articles, and going back to the generation before."""

from __future__ import annotations

import json
import os
import re
import struct
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from builders import collections_of, found_texts, held, is_fresh, open_index, put_vectors, run, write, write_article
from builders import run_of as given
from fakes import HashedEmbedder
from trusted_cloud_chat.errors import IndexBusyError, IndexEmptyError, ServerError, UnusableError, UsageError
from trusted_cloud_chat.index.catalog import Catalog
from trusted_cloud_chat.index.home_files import only_writer
from trusted_cloud_chat.index.index_writer import IndexWriter
from trusted_cloud_chat.index.store import StoreFolder
from trusted_cloud_chat.index.vectors import VectorIndex, scrub
from trusted_cloud_chat.ingestion import IngestReport, remove, rollback
from trusted_cloud_chat.ingestion import held as articles

SECRET = "Ornithorynque"
"""A word that no other text has."""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    for name in ("un", "deux", "trois"):
        write_article(tmp_path / "corpus", name, f"L’article {name} parle du nuage {name}.", title=f"Titre {name}")
    return tmp_path / "corpus"


@pytest.fixture
def note(tmp_path: Path) -> Path:
    """An article from elsewhere."""
    return write_article(tmp_path / "ailleurs", "note", f"Une note sur {SECRET} et le nuage.", title=f"Note {SECRET}")


@pytest.fixture
def home(tmp_path: Path, corpus: Path, note: Path, hashed: HashedEmbedder) -> Path:
    run(tmp_path / "home", corpus, hashed)
    run(tmp_path / "home", corpus, hashed, note)
    return tmp_path / "home"


def undo(home: Path, embedder: HashedEmbedder) -> IngestReport:
    return rollback(given(home, home), embedder, 60)


def texts(home: Path, embedder: HashedEmbedder) -> list[str]:
    with closing(open_index(home, embedder)) as index:
        found = sorted(found_texts(index, embedder, "nuage").values())
    return found


def traces(home: Path, word: str) -> list[str]:
    """The files below `home` that have `word`, or its stem; of a server the collections of `home`."""
    forms = re.compile(re.escape(word[:8]), re.IGNORECASE)
    files = [path for path in home.rglob("*") if path.is_file()]
    return [str(path) for path in files if forms.search(path.read_bytes().decode("latin-1"))] + [
        collection.name for collection in collections_of(home) if forms.search(json.dumps(collection.get()))
    ]


class TestList:
    def test_every_article_is_listed(self, home: Path, note: Path) -> None:
        """By id, with where it came from."""
        generation, found = articles(home)

        assert generation == 2
        assert [(version.article_id, version.in_corpus, version.path) for version in found] == [
            ("deux", True, "deux.md"), ("note", False, str(note)), ("trois", True, "trois.md"), ("un", True, "un.md"),
        ]  # fmt: skip

    def test_nothing_indexed(self, tmp_path: Path, corpus: Path) -> None:
        with pytest.raises(IndexEmptyError):
            articles(tmp_path / "nowhere")
        with pytest.raises(IndexEmptyError):
            remove(given(tmp_path / "nowhere", corpus), ["un"], forget=False)
        assert not (tmp_path / "nowhere").exists()


class TestRemove:
    def test_what_came_by_path_goes_for_good(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """It answers no more, and no run over the corpus brings it back; old citations of it still open."""
        done = remove(given(home, corpus), ["note"], forget=False)

        assert (done.removed, done.comes_back, done.generation) == (["note"], [], 3)
        assert held(home) == {"live": 3, "catalog": 3, "vectors": 3, "lexical": 3, "pending": 0}
        assert run(home, corpus, hashed).unchanged == 3
        with closing(open_index(home, hashed)) as index:
            assert index.article("note") is not None

    def test_an_article_of_the_corpus_comes_back(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """Unless its file goes; until then the index is not as new as the corpus."""
        (corpus / "deux.md").unlink()
        done = remove(given(home, corpus), ["un", "deux"], forget=False)

        assert done.comes_back == [{"article_id": "un", "path": str(corpus / "un.md")}]
        assert not is_fresh(home, corpus)
        assert run(home, corpus, hashed).added == ["un"]

    @pytest.mark.parametrize("forget", [False, True])
    def test_an_unknown_id_removes_none(self, home: Path, corpus: Path, forget: bool) -> None:
        with pytest.raises(UsageError, match="'rien'.*trusted-cloud-chat list"):
            remove(given(home, corpus), ["un", "rien"], forget=forget)
        assert held(home)["live"] == 4

    def test_what_is_removed_already(self, home: Path, corpus: Path) -> None:
        """Its old versions are still there, and the message names how they go."""
        remove(given(home, corpus), ["note"], forget=False)

        with pytest.raises(UsageError, match="--forget"):
            remove(given(home, corpus), ["note"], forget=False)
        assert remove(given(home, corpus), ["note"], forget=True).forgotten == 1
        assert traces(home, SECRET) == []


class TestForget:
    def test_no_byte_of_it_is_left(self, home: Path, corpus: Path, note: Path, hashed: HashedEmbedder) -> None:
        """Neither of its versions, live and old: no file of the home has a word of them, once all that said it is forgotten."""
        write_article(note.parent, "note", f"Autre note sur {SECRET} et le nuage.", title=f"Note {SECRET}")
        run(home, corpus, hashed, note)
        write_article(corpus, "quatre", f"Autre note sur {SECRET} et le nuage. Suite.")
        run(home, corpus, hashed)
        write_article(corpus, "quatre", "Le nuage seul.")
        run(home, corpus, hashed)
        assert traces(home, SECRET)
        remove(given(home, corpus), ["quatre"], forget=True)
        assert traces(home, SECRET)

        done = remove(given(home, corpus), ["note"], forget=True)

        assert (done.removed, done.forgotten) == (["note"], 2)
        assert traces(home, SECRET) == []
        with closing(open_index(home, hashed)) as index:
            assert index.article("note") is None
        assert held(home) == {"live": 3, "catalog": 3, "vectors": 3, "lexical": 3, "pending": 0}
        assert [path.name for path in (home / "index").iterdir() if path.is_dir()] == [str(StoreFolder(home).in_use())]

    def test_the_same_text_as_an_old_version_of_another(
        self, home: Path, corpus: Path, note: Path, hashed: HashedEmbedder
    ) -> None:
        """What another article once said word for word goes too; what it says now stays."""
        remove(given(home, corpus), ["note"], forget=False)
        write_article(corpus, "un", f"Une note sur {SECRET} et le nuage.", title="Titre un")
        run(home, corpus, hashed)
        write_article(corpus, "un", "Le nuage seul.", title="Titre un")
        run(home, corpus, hashed)

        remove(given(home, corpus), ["note"], forget=True)

        assert traces(home, SECRET) == []
        assert "Le nuage seul." in "".join(texts(home, hashed))

    def test_a_rollback_does_not_bring_it_back(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        remove(given(home, corpus), ["note"], forget=True)

        with pytest.raises(
            UnusableError, match=r"nothing can be restored from .* \(1 article forgotten since\): nothing was changed"
        ):
            undo(home, hashed)

        for folder in home.glob(
            "index/*/*/chroma"
        ):  # Chroma writes what this process, which has read the note, has in memory
            scrub(folder)
        assert traces(home, SECRET) == []
        assert held(home)["live"] == 3

    def test_a_rollback_of_what_was_removed_with_it(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """Comes back, and how many do not is said."""
        remove(given(home, corpus), ["note", "deux"], forget=False)
        remove(given(home, corpus), ["note"], forget=True)

        report = undo(home, hashed)

        assert (report.added, report.generation) == (["deux"], 4)
        assert (
            "holds what generation 2 held, except 1 article forgotten since; the next" in report.notices[-1]["message"]
        )
        assert SECRET not in str(report.to_dict())

    def test_a_killed_one_is_ended_by_the_next_run(
        self, home: Path, corpus: Path, hashed: HashedEmbedder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What was begun is not left half done, though nothing names the article any more."""
        with monkeypatch.context() as killed:
            killed.setattr(IndexWriter, "reclaim", lambda _: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                remove(given(home, corpus), ["note"], forget=True)
        assert traces(home, SECRET)

        run(home, corpus, hashed)

        assert traces(home, SECRET) == []

    def test_a_server_that_goes_away(
        self, home: Path, corpus: Path, hashed: HashedEmbedder, chroma_server: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The name of a collection with what was forgotten is not lost before the collection is."""
        monkeypatch.setenv("TCC_CHROMA_URL", chroma_server)
        run(home, corpus, hashed, chroma_url=chroma_server)

        def away(*_: object) -> None:
            raise ServerError("no Chroma server answers")

        with monkeypatch.context() as gone:
            gone.setattr(VectorIndex, "drop", away)
            with pytest.raises(UnusableError, match="check that the server answers"):
                remove(given(home, corpus, chroma_url=chroma_server), ["note"], forget=True)
        assert len(collections_of(home)) == 2

        run(home, corpus, hashed, chroma_url=chroma_server)

        assert traces(home, SECRET) == []
        assert len(collections_of(home)) == 1

    def test_beside_an_open_reader(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """A page that is open goes on answering, without it."""
        index = open_index(home, hashed)
        assert len(found_texts(index, hashed, "nuage")) == 4

        remove(given(home, corpus), ["note"], forget=True)

        assert len(found_texts(index, hashed, "nuage")) == 3
        index.close()


class TestRollback:
    def test_what_the_generation_before_held(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """Changed, added, deleted and relabelled articles are as they were; what is gone is embedded again, no more."""
        before = {version.article_id: version for version in articles(home)[1]}
        write_article(corpus, "un", "Le nuage a changé.", title="Titre un")
        write_article(corpus, "quatre", "Le nuage quatre.")
        (corpus / "deux.md").unlink()
        write_article(
            corpus, "trois", "L’article trois parle du nuage trois.", title="Titre trois", publisher="Gazette"
        )
        run(home, corpus, hashed)
        hashed.passages.clear()

        report = undo(home, hashed)

        assert {version.article_id: version for version in articles(home)[1]} == before
        assert (sorted(report.changed), report.added, report.deleted) == (["trois", "un"], ["deux"], ["quatre"])
        assert (report.unchanged, report.embedded, report.generation) == (1, 2, 4)
        assert not any("trois" in passage for passage in hashed.passages)
        assert held(home) == {"live": 4, "catalog": 4, "vectors": 4, "lexical": 4, "pending": 0}
        assert "generation 4 holds what generation 2 held" in report.notices[-1]["message"]
        assert "trusted-cloud-chat ingest" in report.notices[-1]["message"]

    def test_the_next_run_brings_the_folder_back(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        write_article(corpus, "un", "Le nuage a changé.", title="Titre un")
        run(home, corpus, hashed)
        undo(home, hashed)

        assert not is_fresh(home, corpus)
        assert run(home, corpus, hashed).changed == ["un"]

    def test_twice_undoes_itself(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        write_article(corpus, "un", "Le nuage a changé.", title="Titre un")
        run(home, corpus, hashed)
        after = articles(home)[1]
        undo(home, hashed)
        undo(home, hashed)

        assert articles(home) == (5, after)

    def test_a_rebuild_with_a_change_is_undone(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        before = articles(home)[1]
        write_article(corpus, "un", "Le nuage a changé.", title="Titre un")
        (corpus / "deux.md").unlink()
        run(home, corpus, hashed, rebuild=True)

        assert undo(home, hashed).embedded == 2
        assert articles(home)[1] == before

    def test_a_run_that_changes_nothing_is_none(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """What is undone is the last run that changed something."""
        run(home, corpus, hashed)

        assert undo(home, hashed).deleted == ["note"]

    def test_nothing_to_go_back_to(self, tmp_path: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """The first generation has none before it."""
        run(tmp_path / "first", corpus, hashed)

        with pytest.raises(UnusableError, match="no generation before"):
            undo(tmp_path / "first", hashed)
        assert held(tmp_path / "first")["live"] == 3


class TestOldVersions:
    def test_the_setting_bounds_them(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """The newest stay readable, those before go; other articles keep theirs. Also where the catalog was written anew meanwhile."""
        versions = []
        for n in range(5):
            if n == 3:
                remove(given(home, corpus), ["note"], forget=True)
            write_article(corpus, "un", f"Le nuage de la version {n}.", title="Titre un")
            run(home, corpus, hashed, kept_versions=2)
            versions.append(next(v for v in articles(home)[1] if v.article_id == "un"))

        with closing(open_index(home, hashed)) as index:
            kept = [index.article("un", article.version) is not None for article in versions]
        assert kept == [False, False, True, True, True]

    def test_one_is_enough_for_a_rollback(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        """Also to a text that came back and was old before."""
        for said in ("premier", "second", "premier", "troisième"):
            write_article(corpus, "un", f"Le nuage dit {said}.", title="Titre un")
            run(home, corpus, hashed, kept_versions=1)

        undo(home, hashed)

        assert any("premier" in text for text in texts(home, hashed))

    def test_none_leaves_nothing_to_go_back_to(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        write_article(corpus, "un", "Le nuage a changé.", title="Titre un")
        run(home, corpus, hashed, kept_versions=0)

        with pytest.raises(UnusableError, match="1 article whose previous version is no longer kept"):
            undo(home, hashed)


class TestDurability:
    def test_a_commit_is_on_the_disk_when_it_returns(self, home: Path) -> None:
        """The writer's connection waits for the disk at each commit (2 is FULL)."""
        catalog = Catalog(home / "index/1/catalog.db", read_only=False)
        assert catalog._db.one("PRAGMA synchronous") == (2,)
        catalog.close()

    def test_the_holder_of_the_lock_is_named(self, home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
        with only_writer(home / "index"), pytest.raises(IndexBusyError) as caught:
            run(home, corpus, hashed)
        assert re.search(rf"another ingest run \(process {os.getpid()}, since \d{{4}}-\d\d-\d\d ", str(caught.value))
        assert not (home / "index/.holder").exists()


class TestScrubbing:
    def test_vectors_are_found_as_before(self, tmp_path: Path) -> None:
        """Of a segment that Chroma has written to disk nothing is lost, and more can be added to it."""
        vectors = np.random.default_rng(7).normal(size=(1700, 8)).astype(np.float32)
        ids = [f"c{n}" for n in range(len(vectors))]
        opened = VectorIndex(tmp_path / "chroma", "chunks")
        for start in range(0, 1500, 100):
            put_vectors(opened, ids[start : start + 100], vectors[start : start + 100])
        before = [opened.query(vectors[n], 5) for n in range(20)]
        opened.close()
        (header,) = (tmp_path / "chroma").glob("*/header.bin")
        assert struct.unpack_from("<i4Q", header.read_bytes())[3] >= 1000

        assert scrub(tmp_path / "chroma")

        again = VectorIndex(tmp_path / "chroma", "chunks")
        assert [again.query(vectors[n], 5) for n in range(20)] == before
        put_vectors(again, ids[1500:], vectors[1500:])
        assert again.query(vectors[1600], 1)[0][0] == "c1600"
        again.close()

    def test_files_of_a_form_that_is_not_known_are_left_alone(self, tmp_path: Path) -> None:
        """And it is said that what was forgotten may still be there."""
        for name in ("header.bin", "data_level0.bin", "length.bin"):
            write(tmp_path / "chroma/segment" / name, b"\x02" * 100)

        assert not scrub(tmp_path / "chroma")
        assert (tmp_path / "chroma/segment/data_level0.bin").read_bytes() == b"\x02" * 100
