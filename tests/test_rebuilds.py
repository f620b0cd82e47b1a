"""What a rebuild keeps, and what it says of the rest, where the index before is not whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders import held, open_index, run, write_article
from fakes import HashedEmbedder
from processes import ingest_elsewhere
from trusted_cloud_chat.index.archive import export_index, read_archive
from trusted_cloud_chat.index.store import StoreFolder
from trusted_cloud_chat.ingestion import fingerprint_of

WHOLE = {"live": 3, "catalog": 3, "vectors": 3, "lexical": 3, "pending": 0}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    for name in ("un", "deux"):
        write_article(tmp_path / "corpus", name, f"L’article {name} parle du nuage.")
    return tmp_path / "corpus"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    return write_article(tmp_path / "ailleurs", "dehors", "Un article du nuage qui vient d’ailleurs.")


@pytest.fixture
def home(tmp_path: Path, corpus: Path, elsewhere: Path, hashed: HashedEmbedder) -> Path:
    """Two articles of the corpus, and one that was given by its path."""
    run(tmp_path / "home", corpus, hashed)
    run(tmp_path / "home", corpus, hashed, elsewhere)
    hashed.passages.clear()
    return tmp_path / "home"


def spoil(home: Path, *names: str) -> None:
    """Change what is stored of these articles behind the catalog's back."""
    catalog = StoreFolder(home).catalog(1, read_only=False)
    for name in names:
        catalog._db.execute("UPDATE versions SET text = replace(text, 'nuage', 'ciel') WHERE article_id = ?", (name,))
    catalog.close()


class TestKilledRebuilds:
    """The rebuild goes on counting generations: its store looks as if it had been committed to."""

    @pytest.mark.parametrize("point", ["staged", "all-staged"])
    def test_what_it_had_begun_is_not_taken_for_whole(
        self, home: Path, corpus: Path, hashed: HashedEmbedder, point: str
    ) -> None:
        """The next run finds the store that answered, and what came from elsewhere is still there."""
        ingest_elsewhere(home, corpus, die=point, rebuild=True)

        report = run(home, corpus, hashed)

        assert (report.unchanged, report.added, report.embedded, hashed.passages) == (2, [], 0, [])
        assert held(home) == WHOLE
        assert open_index(home, hashed).article("dehors") is not None

    @pytest.mark.parametrize("point", ["staged", "live"])
    def test_another_rebuild_keeps_what_was_there(
        self, home: Path, corpus: Path, hashed: HashedEmbedder, point: str
    ) -> None:
        ingest_elsewhere(home, corpus, die=point, rebuild=True)

        report = run(home, corpus, hashed, rebuild=True)

        assert (report.failed, held(home)) == ([], WHOLE)
        assert open_index(home, hashed).coverage().generation > 2


def test_an_import_that_was_killed_is_not_taken_for_one(
    home: Path, corpus: Path, elsewhere: Path, hashed: HashedEmbedder, tmp_path: Path
) -> None:
    write_article(tmp_path / "others", "autre", "Un nuage d’une autre maison.")
    run(tmp_path / "other", tmp_path / "others", hashed)
    export_index(tmp_path / "other", tmp_path / "other.zip")
    (home / "index/2").mkdir()
    read_archive(tmp_path / "other.zip", tmp_path, fingerprint_of(hashed, 60), home / "index/2/catalog.db")

    run(home, corpus, hashed, rebuild=True)

    assert (held(home), open_index(home, hashed).article("autre")) == (WHOLE, None)


class TestDamagedTexts:
    def test_what_no_file_brings_again_is_named(
        self, home: Path, corpus: Path, elsewhere: Path, hashed: HashedEmbedder
    ) -> None:
        """With the command that does; the corpus's own are read anew without a word. Once it is back all is as it was."""
        spoil(home, "dehors", "un")

        report = run(home, corpus, hashed, rebuild=True)

        assert [failure["path"] for failure in report.failed] == [str(elsewhere)]
        assert "'dehors' is damaged" in report.failed[0]["reason"]
        assert "ingest" in report.failed[0]["reason"]
        assert held(home) == {**WHOLE, "live": 2, "catalog": 2, "vectors": 2, "lexical": 2}

        assert run(home, corpus, hashed, elsewhere).added == ["dehors"]
        assert (run(home, corpus, hashed).failed, held(home)) == ([], WHOLE)

    def test_given_again_in_the_same_run(
        self, home: Path, corpus: Path, elsewhere: Path, hashed: HashedEmbedder
    ) -> None:
        """Then nothing is lost; an article of the corpus that this run does not read is named."""
        spoil(home, "dehors", "un")

        report = run(home, corpus, hashed, elsewhere, rebuild=True)

        assert [failure["path"] for failure in report.failed] == ["un.md"]
        assert open_index(home, hashed).article("dehors") is not None

    @pytest.mark.parametrize("killed", [False, True])
    def test_where_not_even_the_names_are_left(
        self, home: Path, corpus: Path, hashed: HashedEmbedder, killed: bool
    ) -> None:
        """It is said that there may have been others, also by the rebuild after one that was killed."""
        (home / "index/1/catalog.db").write_bytes(b"no database " * 1000)
        if killed:
            ingest_elsewhere(home, corpus, die="staged", rebuild=True)

        report = run(home, corpus, hashed, rebuild=True)

        assert sorted(report.added) == ["deux", "un"]
        assert any("add again, by their paths" in notice["message"] for notice in report.notices)
