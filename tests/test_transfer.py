"""An index out to one file and in again: the same answers, nothing forgotten inside, nothing hostile taken in."""

from __future__ import annotations

import json
import sqlite3
import stat
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from builders import found_texts, held, open_index, run, run_of, write_article, write_tiny_corpus
from fakes import HashedEmbedder
from trusted_cloud_chat.errors import (
    IndexBusyError,
    IndexDamagedError,
    IndexEmptyError,
    IndexMismatchError,
    IndexTooNewError,
    TrustedCloudChatError,
    UsageError,
)
from trusted_cloud_chat.index import Index, archive
from trusted_cloud_chat.index.catalog import Catalog
from trusted_cloud_chat.index.home_files import only_writer
from trusted_cloud_chat.index.index_writer import IndexWriter
from trusted_cloud_chat.index.records import CHUNK_COLUMNS, VERSION_COLUMNS, summed
from trusted_cloud_chat.index.store import Fingerprint
from trusted_cloud_chat.ingestion import export_index, fingerprint_of, import_index, remove, rollback

SECRET = "Ornithorynque"
SIX = {"live": 6, "catalog": 6, "vectors": 6, "lexical": 6, "pending": 0}
Rewrite = Callable[[dict[str, bytes]], None]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_corpus(tmp_path_factory.mktemp("transfer") / "corpus")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, corpus: Path) -> Path:
    """A home of six articles, to be read only."""
    home = tmp_path_factory.mktemp("transfer-home") / "home"
    run(home, corpus, HashedEmbedder())
    return home


@pytest.fixture(scope="module")
def file(whole: Path) -> Path:
    """What it exports."""
    export_index(whole, whole.parent / "tout.zip")
    return whole.parent / "tout.zip"


@pytest.fixture
def made(hashed: HashedEmbedder) -> Fingerprint:
    return fingerprint_of(hashed, 60)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    return tmp_path / "ailleurs"


def answers(home: Path, embedder: HashedEmbedder) -> tuple[Any, Any]:
    with closing(open_index(home, embedder)) as index:
        vector = embedder.encode_queries(["nuage qualification Bleu"])[0]
        near = index.read(lambda snapshot: snapshot.nearest(vector, 10))
        return near, found_texts(index, embedder, "nuage qualification données")


def rewritten(file: Path, path: Path, change: Rewrite) -> Path:
    """`file` with other contents."""
    with zipfile.ZipFile(file) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    change(parts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return path


def noted(**changes: Any) -> Rewrite:
    def change(parts: dict[str, bytes]) -> None:
        parts["manifest.json"] = json.dumps({**json.loads(parts["manifest.json"]), **changes}).encode()

    return change


def in_its_catalog(*statements: str) -> Rewrite:
    """Run in the catalog that the file carries."""

    def change(parts: dict[str, bytes]) -> None:
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
            db.deserialize(parts["catalog.db"])
            db.create_function("summed", -1, lambda *values: summed(values))
            for statement in statements:
                db.execute(statement)
            if statements[0].startswith("UPDATE"):  # whoever alters it knows how checksums are made
                db.execute(f"UPDATE versions SET sum = summed({VERSION_COLUMNS})")
                db.execute(f"UPDATE chunks SET sum = summed({CHUNK_COLUMNS})")
            parts["catalog.db"] = bytes(db.serialize())

    return change


class TestThereAndBack:
    def test_another_machine_answers_the_same(
        self, whole: Path, file: Path, elsewhere: Path, made: Fingerprint, hashed: HashedEmbedder, corpus: Path
    ) -> None:
        """From the same vectors, none of them made again; a run over the same corpus finds nothing to do."""
        manifest, replaced = import_index(elsewhere, file, made, replace=False)

        assert not replaced
        assert (manifest.articles, manifest.chunks, manifest.generation) == (6, 6, 1)
        assert answers(elsewhere, hashed) == answers(whole, hashed)
        assert held(elsewhere) == SIX
        assert (run(elsewhere, corpus, hashed).unchanged, hashed.passages) == (6, [])
        assert sorted(path.name for path in elsewhere.iterdir()) == ["index"]

    def test_versions_and_the_generation_before_travel(
        self, tmp_path: Path, elsewhere: Path, made: Fingerprint, hashed: HashedEmbedder
    ) -> None:
        """Old citations open there, and `rollback` works."""
        write_article(tmp_path / "corpus", "un", "Le nuage dit premier.")
        run(tmp_path / "home", tmp_path / "corpus", hashed)
        write_article(tmp_path / "corpus", "un", "Le nuage dit second.")
        run(tmp_path / "home", tmp_path / "corpus", hashed)
        export_index(tmp_path / "home", tmp_path / "x.zip")
        import_index(elsewhere, tmp_path / "x.zip", made, replace=False)

        assert rollback(run_of(elsewhere, tmp_path), hashed, 60).changed == ["un"]
        assert "premier" in str(answers(elsewhere, hashed))

    def test_nothing_of_a_run_that_has_not_committed_travels(
        self, tmp_path: Path, corpus: Path, hashed: HashedEmbedder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Neither of a killed one, whose versions are in the catalog, nor of one that writes: it is not waited for."""
        home = tmp_path / "home"
        run(home, corpus, hashed)
        note = write_article(tmp_path / "note", "note", f"Une note sur {SECRET}.")
        with monkeypatch.context() as killed:
            killed.setattr(IndexWriter, "commit", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                run(home, corpus, hashed, note)
        assert held(home)["pending"] == 1

        with only_writer(home / "index"):
            manifest = export_index(home, tmp_path / "x.zip")

        assert (manifest.generation, manifest.articles) == (1, 6)
        with zipfile.ZipFile(tmp_path / "x.zip") as made:
            assert SECRET.lower().encode() not in made.read("catalog.db").lower()

    @pytest.mark.parametrize("forget", [False, True])
    def test_what_was_forgotten_is_not_in_the_file(
        self, tmp_path: Path, corpus: Path, hashed: HashedEmbedder, forget: bool
    ) -> None:
        """No byte of it; what is only removed is kept for old citations, and travels."""
        home = tmp_path / "home"
        run(home, corpus, hashed)
        run(home, corpus, hashed, write_article(tmp_path / "note", "note", f"Une note sur {SECRET}.", title=SECRET))
        remove(run_of(home, corpus), ["note"], forget=forget)
        export_index(home, tmp_path / "x.zip")

        with zipfile.ZipFile(tmp_path / "x.zip") as made:
            found = [name for name in made.namelist() if SECRET[:8].lower().encode() in made.read(name).lower()]
        assert found == ([] if forget else ["catalog.db"])

    def test_what_is_there_is_not_written_over(self, whole: Path, file: Path, tmp_path: Path) -> None:
        before = file.read_bytes()
        with pytest.raises(UsageError, match="already exists"):
            export_index(whole, file)
        with pytest.raises(UsageError, match="is not a folder"):
            export_index(whole, tmp_path / "nulle part" / "x.zip")
        with pytest.raises(IndexEmptyError):
            export_index(tmp_path, tmp_path / "x.zip")
        assert (file.read_bytes(), list(tmp_path.iterdir())) == (before, [])

    @pytest.mark.slow
    def test_onto_a_server(self, file: Path, elsewhere: Path, made: Fingerprint, chroma_server: str) -> None:
        """The vectors go to the server that is named there."""
        import_index(elsewhere, file, made, replace=False, chroma_url=chroma_server)

        index = Index(elsewhere, made, chroma_server)
        index.check()
        assert index.coverage().articles == 6
        index.close()
        assert not (elsewhere / "index/1/made-1/chroma").exists()
        assert import_index(elsewhere, file, made, replace=True, chroma_url=chroma_server)[1]


class TestReplace:
    @pytest.fixture
    def other(self, tmp_path: Path, hashed: HashedEmbedder) -> Path:
        """A home with one article of its own."""
        write_article(tmp_path / "autre", "seul", "Un seul article du nuage.")
        run(tmp_path / "home", tmp_path / "autre", hashed)
        return tmp_path / "home"

    def test_only_where_it_is_asked_for(
        self, other: Path, file: Path, made: Fingerprint, hashed: HashedEmbedder, whole: Path
    ) -> None:
        """An open reader moves along, and nothing of the old index is left."""
        with pytest.raises(UsageError, match="--replace"):
            import_index(other, file, made, replace=False)
        assert held(other)["live"] == 1
        reader = open_index(other, hashed)
        assert reader.coverage().articles == 1

        assert import_index(other, file, made, replace=True)[1]
        assert reader.coverage().articles == 6
        reader.close()
        assert answers(other, hashed) == answers(whole, hashed)
        assert [path.name for path in (other / "index").iterdir() if path.is_dir()] == ["2"]

    @pytest.mark.parametrize("broken", ["index.store.Derived.write", "index.snapshots.Index.check"])
    def test_the_old_one_stays_until_the_new_one_opens(
        self, other: Path, file: Path, made: Fingerprint, monkeypatch: pytest.MonkeyPatch, broken: str
    ) -> None:
        """Whatever goes wrong, the home is as it was."""

        def fail(*_: object, **__: object) -> None:
            raise IndexDamagedError("it does not open")

        monkeypatch.setattr(f"trusted_cloud_chat.{broken}", fail)
        with pytest.raises(IndexDamagedError, match="does not open"):
            import_index(other, file, made, replace=True)
        assert held(other)["live"] == 1
        assert sorted(path.name for path in (other / "index").iterdir() if path.is_dir()) == ["1"]

    def test_not_while_a_run_writes(self, other: Path, file: Path, made: Fingerprint) -> None:
        with only_writer(other / "index"), pytest.raises(IndexBusyError):
            import_index(other, file, made, replace=True)

    def test_another_embedder(self, elsewhere: Path, file: Path) -> None:
        """Its questions would find nothing: the message names both."""
        with pytest.raises(IndexMismatchError, match="hashed-words.*'other'"):
            import_index(elsewhere, file, fingerprint_of(HashedEmbedder("other"), 60), replace=False)
        assert not list((elsewhere / "index").glob("*/"))


HOSTILE: dict[str, tuple[Rewrite, type[TrustedCloudChatError], str]] = {
    "a path out of it": (lambda parts: parts.update({"../../evil": b"x"}), UsageError, "holds other files"),
    "an absolute path": (lambda parts: parts.update({"/etc/cron.d/x": b"x"}), UsageError, "holds other files"),
    "no catalog": (lambda parts: parts.pop("catalog.db") and None, UsageError, "holds other files"),
    "a bomb": (lambda parts: parts.update({"catalog.db": bytes(50_000_000)}), UsageError, "far more than its size"),
    "a note without end": (lambda p: p.update({"manifest.json": b"[" * 70_000}), UsageError, "damaged.*export"),
    "a note that is none": (lambda p: p.update({"manifest.json": b"[[[["}), UsageError, "damaged.*export"),
    "half a catalog": (
        lambda p: p.update({"catalog.db": p["catalog.db"][:8192]}), IndexDamagedError, "damaged or was altered",
    ),
    "a newer format": (noted(format=9, release="7.1.0"), IndexTooNewError, r"7\.1\.0.*pip install --upgrade"),
    "newer tables": (noted(tables=9, release="7.1.0"), IndexTooNewError, r"7\.1\.0"),
    "a view for a table": (
        in_its_catalog("DROP TABLE meta", "CREATE VIEW meta AS SELECT 'schema' AS key, '1' AS value"),
        IndexDamagedError, "tables are not those",
    ),
    "a trigger": (
        in_its_catalog("CREATE TRIGGER t AFTER INSERT ON meta BEGIN DELETE FROM versions; END"),
        IndexDamagedError, "tables are not those",
    ),
    "another text": (
        in_its_catalog("UPDATE versions SET text = replace(text, '2019', '2009')"), IndexDamagedError, "has changed",
    ),
    "chunks beyond their text": (in_its_catalog('UPDATE chunks SET "end" = 99999999'), IndexDamagedError, "has changed"),
    "vectors of another length": (
        in_its_catalog("UPDATE chunks SET vector = x'0000', sentence_vectors = x'0000'"), IndexDamagedError, "has changed",
    ),
    "an article taken away": (
        in_its_catalog("DELETE FROM versions WHERE article_id = 'outscale-2019'"), IndexDamagedError, "5 of its 6",
    ),
    "another index": (noted(generation=77), IndexDamagedError, "another index"),
    "no database": (lambda p: p.update({"catalog.db": b"x" * 5000}), IndexDamagedError, "damaged or was altered"),
}  # fmt: skip


class TestHostile:
    @pytest.mark.parametrize("kind", HOSTILE)
    def test_it_is_refused(self, kind: str, file: Path, tmp_path: Path, elsewhere: Path, made: Fingerprint) -> None:
        """By a message, and nothing of it is left in the home or beside it."""
        change, error, said = HOSTILE[kind]
        hostile = rewritten(file, tmp_path / "x.zip", change)

        with pytest.raises(error, match=said) as caught:
            import_index(elsewhere, hostile, made, replace=True)
        assert "--rebuild" not in str(caught.value)
        assert sorted(path.name for path in tmp_path.rglob("*") if path.name[0] != ".") == [
            "ailleurs",
            "index",
            "x.zip",
        ]

    def test_a_link(self, file: Path, tmp_path: Path, elsewhere: Path, made: Fingerprint) -> None:
        """It is text like any other: nobody follows it."""
        entry = zipfile.ZipInfo("catalog.db")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        with zipfile.ZipFile(file) as source, zipfile.ZipFile(tmp_path / "x.zip", "w") as target:
            target.writestr("manifest.json", source.read("manifest.json"))
            target.writestr(entry, "/etc/passwd")
        with pytest.raises(IndexDamagedError, match="not a database"):
            import_index(elsewhere, tmp_path / "x.zip", made, replace=False)

    @pytest.mark.parametrize("content", [b"", b"PK", b"no zip at all", b"\x00" * 100_000])
    def test_no_zip(self, content: bytes, tmp_path: Path, elsewhere: Path, made: Fingerprint) -> None:
        (tmp_path / "x.zip").write_bytes(content)
        with pytest.raises(UsageError, match="export"):
            import_index(elsewhere, tmp_path / "x.zip", made, replace=False)

    def test_a_folder_and_nothing(self, tmp_path: Path, elsewhere: Path, made: Fingerprint) -> None:
        for path in (tmp_path, tmp_path / "nothing"):
            with pytest.raises(UsageError, match="export"):
                import_index(elsewhere, path, made, replace=False)

    def test_bytes_that_are_turned_over(self, file: Path, tmp_path: Path, made: Fingerprint) -> None:
        """Anywhere in the file: a message, or the same index."""
        content = file.read_bytes()
        for place in range(0, len(content), len(content) // 40):
            turned = bytearray(content)
            turned[place] ^= 0xFF
            path = tmp_path / f"{place}.zip"
            path.write_bytes(turned)
            (tmp_path / str(place)).mkdir()
            try:
                manifest = archive.read_archive(path, tmp_path / str(place), made, tmp_path / str(place) / "taken.db")
            except TrustedCloudChatError:
                continue
            assert (manifest.generation, manifest.articles) == (1, 6)


def test_a_newer_releases_index_is_left_alone(
    tmp_path: Path, corpus: Path, hashed: HashedEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the rules of cutting and by the format of its tables; the message names the release."""
    home = tmp_path / "home"
    with monkeypatch.context() as before:
        before.setattr("trusted_cloud_chat.ingestion.ingesting.CHUNKING", "sentences-2")
        run(home, corpus, hashed)
    with closing(Catalog(home / "index/1/catalog.db", read_only=False)) as catalog:
        catalog.set_meta("release", "9.4.0")
    with pytest.raises(IndexTooNewError, match=r"9\.4\.0.*pip install --upgrade"):
        run(home, corpus, hashed)
    with closing(Catalog(home / "index/1/catalog.db", read_only=False)) as catalog:
        catalog.set_meta("schema", "9")
    with pytest.raises(IndexTooNewError, match=r"9\.4\.0.*format 9"):
        open_index(home, hashed).coverage()
    with pytest.raises(IndexTooNewError, match="pip install --upgrade"):
        run(home, corpus, hashed)
