"""A home that release 1.0.0 made, small and whole: what it holds goes on, and nothing of it is embedded again.

`fixtures/home-1.0.0.tar.gz` has a `home` and its `corpus`: five articles of it, one of which was another text before, and a note that was
given by its path; a reader's word about an answer, a conversation, a user.
"""

from __future__ import annotations

import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from builders import foreseen, found_texts, held, open_index, run, run_of
from fakes import HashedEmbedder
from trusted_cloud_chat import doctor
from trusted_cloud_chat.errors import IndexMismatchError
from trusted_cloud_chat.ingestion import export_index, fingerprint_of, import_index, kept, remove, rollback, stored
from trusted_cloud_chat.ingestion import held as articles
from trusted_cloud_chat.people.accounts import read_people
from trusted_cloud_chat.people.conversations import Archive
from trusted_cloud_chat.people.feedback import FeedbackStore
from trusted_cloud_chat.settings import load_settings

OLD = "48c845c907ca4f67"
"""The version of the article on S3NS that is not live any more."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with tarfile.open(Path(__file__).with_name("fixtures") / "home-1.0.0.tar.gz") as packed:
        packed.extractall(tmp_path, filter="data")
    return tmp_path / "home"


@pytest.fixture
def corpus(home: Path) -> Path:
    return home.parent / "corpus"


@pytest.mark.embedded
def test_it_answers_as_it_is(home: Path, hashed: HashedEmbedder) -> None:
    """Before any run: from the catalog, old versions too."""
    index = open_index(home, hashed)

    assert index.coverage().articles == 6
    assert len(found_texts(index, hashed, "nuage qualification")) == 6
    old, now = index.article("s3ns-qualification", OLD), index.article("s3ns-qualification")
    index.close()
    assert old is not None
    assert now is not None
    assert ("la technologie" in old.text, "l’infrastructure" in now.text) == (True, True)


@pytest.mark.embedded
def test_by_other_rules_all_is_embedded_anew_from_what_is_stored(
    home: Path, corpus: Path, hashed: HashedEmbedder, caplog: pytest.LogCaptureFixture
) -> None:
    """What was given by its path and what old citations point to are kept; it is told before it begins."""
    before, versions = articles(home)[1], kept(home)
    told = foreseen(home, corpus)

    report = run(home, corpus, hashed)

    assert (report.unchanged, report.embedded, report.generation) == (5, 6, 4)
    assert report.notices == told.notices
    assert "all 6 articles are embedded again" in report.notices[0]["message"]
    assert "the index was made by an earlier version" in caplog.text
    assert [v.article_id for v in articles(home)[1]] == [v.article_id for v in before]
    assert kept(home)[1] == versions[1]
    assert held(home) == {"live": 6, "catalog": 6, "vectors": 6, "lexical": 6, "pending": 0}
    with closing(open_index(home, hashed)) as index:
        assert index.article("s3ns-qualification", OLD) is not None
    assert [path.name for path in sorted((home / "index").iterdir()) if path.is_dir()] == ["2"]
    assert run(home, corpus, hashed).notices == []
    settings = load_settings(home=home, corpus=corpus, chunk_tokens=60)
    assert {check.level for check in doctor.index_checks(settings, lambda: hashed)} == {"ok"}


@pytest.mark.embedded
def test_what_writes_without_the_corpus_asks_for_a_run_first(home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
    """And changes nothing; then what was forgotten is forgotten in all that 1.0.0 left."""
    settings = load_settings(home=home, corpus=corpus, chunk_tokens=60)
    with pytest.raises(IndexMismatchError, match="`trusted-cloud-chat ingest` first"):
        remove(run_of(home, corpus), ["note"], forget=True)
    with pytest.raises(IndexMismatchError, match="`trusted-cloud-chat ingest` first"):
        rollback(run_of(home, corpus), hashed, 60)
    assert any("`trusted-cloud-chat ingest` first" in line for line in doctor.mend(settings))
    assert len(articles(home)[1]) == 6
    run(home, corpus, hashed)

    done = remove(run_of(home, corpus), ["note"], forget=True)

    assert done.forgotten == 1
    assert [
        path for path in home.rglob("*") if path.is_file() and b"autre dossier que le corpus" in path.read_bytes()
    ] == []


@pytest.mark.embedded
def test_it_is_exported_and_taken_in(home: Path, tmp_path: Path, hashed: HashedEmbedder) -> None:
    """As it is, before a run has taken it over, with an old version that a stopped run of 1.0.0 had begun to bring back."""
    with closing(sqlite3.connect(home / "index/1/catalog.db")) as db, db:
        db.execute("UPDATE versions SET state = 'again' WHERE version = ?", (OLD,))

    export_index(home, tmp_path / "out.zip")
    import_index(tmp_path / "other", tmp_path / "out.zip", fingerprint_of(hashed, 60), replace=False)

    assert list(articles(tmp_path / "other")[1]) == list(articles(home)[1])
    assert stored(tmp_path / "other", "s3ns-qualification", OLD) is not None


def test_what_people_have_left_is_read(home: Path) -> None:
    """Whatever becomes of the index."""
    assert [(key, said.comment) for key, said in FeedbackStore(home).rows()] == [("a-key", "à revoir")]
    assert [talk.title for talk in Archive(home).talks("alice")] == ["Qui détient S3NS ?"]
    assert read_people(home / "users").known("alice", "a password of alice") is not None
