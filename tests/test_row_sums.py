"""What has turned in the catalog's own rows is found as it is read, and by doctor, and made anew from the corpus."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from builders import found_texts, open_index, run, write_tiny_corpus
from fakes import HashedEmbedder
from trusted_cloud_chat import doctor
from trusted_cloud_chat.errors import IndexDamagedError
from trusted_cloud_chat.ingestion import export_index
from trusted_cloud_chat.settings import load_settings

FIRST = "WHERE article_id = (SELECT MIN(article_id) FROM versions WHERE state = 'live')"
DAMAGES = {
    "an article is gone": f"DELETE FROM versions {FIRST}",
    "chunks are gone": f"DELETE FROM chunks {FIRST}",
    "they are another's": f"UPDATE chunks SET article_id = 'x' || article_id {FIRST}",
    "their words are lost": f"UPDATE chunks SET words = '' {FIRST}",
    "a vector has turned": f"UPDATE chunks SET vector = zeroblob(length(vector)) {FIRST}",
    "they begin elsewhere": f"UPDATE chunks SET start = start + 1 {FIRST}",
    "the publisher is another": f"UPDATE versions SET publisher = 'x' {FIRST}",
    "the sources do not parse": f"UPDATE versions SET sources = '{{' {FIRST}",
    "nothing says what it is": "DELETE FROM meta",
    "nothing says how far it is": "DELETE FROM meta WHERE key IN ('generation', 'live_articles')",
}


@pytest.fixture
def home(tmp_path: Path, hashed: HashedEmbedder) -> Path:
    run(tmp_path / "home", write_tiny_corpus(tmp_path / "corpus"), hashed)
    return tmp_path / "home"


def execute(home: Path, statement: str) -> None:
    with closing(sqlite3.connect(home / "index/1/catalog.db")) as db:
        db.execute(statement)
        db.commit()


def texts(home: Path, hashed: HashedEmbedder) -> dict[str, str]:
    with closing(open_index(home, hashed)) as index:
        return found_texts(index, hashed, "nuage")


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_row_is_told_and_made_anew(home: Path, tmp_path: Path, hashed: HashedEmbedder, damage: str) -> None:
    """By a question that meets it, by doctor whatever is asked; `--rebuild`, which both name, mends it."""
    before = texts(home, hashed)
    execute(home, DAMAGES[damage])

    with pytest.raises(IndexDamagedError, match="ingest --rebuild"):
        texts(home, hashed)
    settings = load_settings(home=home, corpus=tmp_path / "corpus", chunk_tokens=60)
    wrong = [check for check in doctor.index_checks(settings, lambda: hashed) if not check.ok]
    assert wrong[0].mend == "trusted-cloud-chat ingest --rebuild"
    run(home, tmp_path / "corpus", hashed, rebuild=True)

    assert texts(home, hashed) == before


def test_what_an_answer_trips_over_is_looked_for(home: Path, hashed: HashedEmbedder) -> None:
    """What nobody foresaw may come of a damaged row that was not read itself."""
    execute(home, DAMAGES["their words are lost"])
    index = open_index(home, hashed)

    assert index.coverage().articles > 0
    with pytest.raises(IndexDamagedError, match="ingest --rebuild"):
        index.read(lambda snapshot: {}[snapshot])
    index.close()


def test_a_damaged_index_is_not_exported(home: Path, tmp_path: Path) -> None:
    """No import would take it: better no file than one that looks like a backup."""
    execute(home, DAMAGES["chunks are gone"])

    with pytest.raises(IndexDamagedError, match="ingest --rebuild"):
        export_index(home, tmp_path / "carried.zip")
    assert not (tmp_path / "carried.zip").exists()


def test_a_catalog_that_is_a_folder(home: Path, tmp_path: Path, hashed: HashedEmbedder) -> None:
    (home / "index/1/catalog.db").unlink()
    (home / "index/1/catalog.db").mkdir()

    with pytest.raises(IndexDamagedError, match=r"it is a folder.*ingest --rebuild"):
        texts(home, hashed)
    run(home, tmp_path / "corpus", hashed, rebuild=True)

    assert texts(home, hashed)
