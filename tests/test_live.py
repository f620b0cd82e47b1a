"""What a run by path knows of the articles that are live, before it reads any of their texts."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import run, write_article
from fakes import HashedEmbedder
from trusted_cloud_chat.errors import IndexDamagedError
from trusted_cloud_chat.index.live import beginning_of

WORDS = st.lists(st.text("aé’漢😀", min_size=1, max_size=40), min_size=1, max_size=60)
WHITE = st.text(" \n\t", min_size=1, max_size=200)
SAME = "Tous ces articles commencent de la même façon, et longuement, avant que chacun d’eux dise autre chose :"


@given(WORDS, WHITE, WHITE)
def test_a_beginning_is_the_same_in_characters_and_bytes_whatever_white_space_there_is(words, one, other):
    text = one.join(words)

    beginning = beginning_of(text)

    assert beginning == beginning_of(text.encode()) == beginning_of(other + other.join(words))
    assert beginning
    assert " ".join(words).startswith(beginning)


@pytest.fixture
def corpus(tmp_path: Path, hashed: HashedEmbedder) -> Path:
    for name in ("un", "deux", "trois"):
        write_article(tmp_path / "corpus", name, f"{SAME} {name}.")
    run(tmp_path / "home", tmp_path / "corpus", hashed)
    return tmp_path / "corpus"


def test_texts_that_begin_alike_are_told_apart_and_a_copy_is_known(corpus, tmp_path, hashed):
    other = write_article(tmp_path / "ailleurs", "quatre", f"{SAME} quatre.")
    copy = write_article(tmp_path / "ailleurs", "copie", f"{SAME}\n\n  deux.")

    report = run(tmp_path / "home", corpus, hashed, other, copy)

    assert len(report.added) == 1
    assert [one["duplicate_of"] for one in report.duplicates] == ["deux"]


def test_a_text_that_has_changed_in_the_store_stops_a_run_by_path(corpus, tmp_path, hashed):
    with closing(sqlite3.connect(next((tmp_path / "home").rglob("catalog.db")), isolation_level=None)) as db:
        db.execute("UPDATE versions SET text = text || ' !' WHERE article_id = 'deux'")

    with pytest.raises(IndexDamagedError, match="the text of 'deux' has changed"):
        run(tmp_path / "home", corpus, hashed, write_article(tmp_path / "ailleurs", "quatre", "Un autre texte."))
