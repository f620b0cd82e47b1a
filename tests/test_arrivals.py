"""What is new since a moment: the report of a run, and what the index remembers of arrivals."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from builders import open_index, run, run_of, write_article
from fakes import HashedEmbedder
from trusted_cloud_chat.index.history import News
from trusted_cloud_chat.ingestion import remove


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_article(tmp_path / "corpus", "bleu", "Bleu ouvre un centre.", date="2026-03")
    return write_article(tmp_path / "corpus", "s3ns", "S3NS est qualifié.", date="2025-12-17").parent


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def news(home: Path, since: str | None, most: int = 10) -> News:
    with closing(open_index(home, HashedEmbedder())) as index:
        return index.news(since, most)


def ids(found: News) -> list[str]:
    return [article.article_id for article in found.articles]


def test_the_report_says_what_is_new(home: Path, folder: Path, hashed: HashedEmbedder) -> None:
    run(home, folder, hashed)
    write_article(folder, "outscale", "Outscale est qualifié.", date=None, title="Outscale", publisher="Revue")
    write_article(folder, "bleu", "Bleu ouvre deux centres.")

    report = run(home, folder, hashed, allow_undated=True)

    assert report.new == [{"article_id": "outscale", "title": "Outscale", "publisher": "Revue", "date": None}]
    assert report.to_dict()["added"] == ["outscale"]


def test_what_came_since_a_moment_those_published_last_first(home: Path, folder: Path, hashed: HashedEmbedder) -> None:
    run(home, folder, hashed)
    first = news(home, "")
    assert ids(first) == ["bleu", "s3ns"]
    assert ids(news(home, first.until)) == []

    write_article(folder, "outscale", "Outscale est qualifié.", date="2019")
    write_article(folder, "aws", "AWS ouvre.", date="2026-01")
    write_article(folder, "bleu", "Bleu ouvre deux centres.")
    run(home, folder, hashed)

    second = news(home, first.until)
    assert second.until > first.until
    assert (second.count, ids(second)) == (2, ["aws", "outscale"])
    bounded = news(home, first.until, most=1)
    assert (bounded.count, ids(bounded)) == (2, ["aws"])


def test_somebody_who_was_never_here_is_told_of_nothing(home: Path, folder: Path, hashed: HashedEmbedder) -> None:
    run(home, folder, hashed)

    found = news(home, None)

    assert (found.count, found.articles) == (0, ())
    assert found.until


def test_what_goes_is_not_new_and_what_comes_back_neither(home: Path, folder: Path, hashed: HashedEmbedder) -> None:
    run(home, folder, hashed)
    until = news(home, None).until
    write_article(folder, "aws", "AWS ouvre.")
    run(home, folder, hashed)
    (folder / "bleu.md").rename(folder.parent / "bleu.md")
    (folder / "aws.md").unlink()
    run(home, folder, hashed)
    assert ids(news(home, until)) == []

    (folder.parent / "bleu.md").rename(folder / "bleu.md")
    run(home, folder, hashed)
    assert ids(news(home, until)) == []


def test_an_index_that_is_made_anew_remembers(home: Path, folder: Path, hashed: HashedEmbedder) -> None:
    run(home, folder, hashed)
    before = news(home, "")

    run(home, folder, hashed, rebuild=True)

    assert news(home, "") == before


def test_what_is_forgotten_is_new_when_it_comes_again(home: Path, folder: Path, hashed: HashedEmbedder) -> None:
    run(home, folder, hashed)
    until = news(home, None).until
    remove(run_of(home, folder), ["s3ns"], forget=True)
    assert ids(news(home, "")) == ["bleu"]

    run(home, folder, hashed)

    assert ids(news(home, until)) == ["s3ns"]
