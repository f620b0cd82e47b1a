"""A file that is as it was is not read again, and whatever could change its article makes it be read."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from builders import foreseen as foreseen_by
from builders import run, run_of, write, write_article
from fakes import HashedEmbedder
from trusted_cloud_chat.enrichment import Enricher
from trusted_cloud_chat.entities import Entity, EntityBook
from trusted_cloud_chat.index.catalog import Catalog
from trusted_cloud_chat.index.store import Derived, StoreFolder
from trusted_cloud_chat.ingestion import candidates, remove, rollback

NAMES = ("un", "deux", "trois")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    for name in NAMES:
        write_article(tmp_path / "corpus", name, f"L’article {name} parle du nuage {name}.", publisher="La Gazette")
    return tmp_path / "corpus"


@pytest.fixture(autouse=True)
def _of_old(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if every file had been written long ago."""
    monkeypatch.setattr(candidates, "_SETTLED_S", -60.0)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read from here on."""
    names: list[str] = []
    read_articles = candidates.read_articles

    def told(path: Path, *given: Any, **named: Any) -> Any:
        names.append(path.name)
        return read_articles(path, *given, **named)

    monkeypatch.setattr(candidates, "read_articles", told)
    return names


def test_one_with_a_sidecar(home: Path, corpus: Path, hashed: HashedEmbedder, read: list[str]) -> None:
    """It is read again where the names are others, by which its sidecar is checked."""
    lines = ({"format": 1}, {"quote": "L’article un parle du nuage un.", "questions": ["nuage un"]})
    write(corpus / "un.enrichment.jsonl", "\n".join(map(json.dumps, lines)))

    def update(*names: str) -> list[str]:
        read.clear()
        run(home, corpus, hashed, enricher=Enricher(EntityBook(map(Entity, names))))
        return sorted(read)

    every = ["deux.md", "trois.md", "un.md"]
    assert [update(), update(), update("Bleu"), update("Bleu")] == [every, [], every, []]


def test_a_run_with_nothing_new_looks_at_each_folder_once(
    home: Path, corpus: Path, hashed: HashedEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also to say what it passes over; it reads no article that it holds, and opens neither vectors nor words."""
    write(corpus / "sous/image.png", "x")
    run(home, corpus, hashed)
    walks, walking = [], os.walk
    monkeypatch.setattr(os, "walk", lambda *given, **named: (walks.append(given), walking(*given, **named))[1])
    for owner, name in ((Catalog, "articles"), (Catalog, "every"), (Derived, "vectors"), (Derived, "words")):
        monkeypatch.setattr(owner, name, lambda *_, **__: pytest.fail("there is nothing to read or write"))

    report = run(home, corpus, hashed)

    assert (report.unchanged, report.skipped) == (3, {".png": 1})
    assert len(walks) == 1


def test_what_is_unchanged_is_not_read(home: Path, corpus: Path, hashed: HashedEmbedder, read: list[str]) -> None:
    """Nor is it by a dry run; one that changed is, by its size and times, and so is one that was touched."""
    run(home, corpus, hashed)
    assert sorted(read) == ["deux.md", "trois.md", "un.md"]
    read.clear()

    write_article(corpus, "un", "L’article un parle d’autre chose.", publisher="La Gazette")
    (corpus / "deux.md").touch()
    foreseen = foreseen_by(home, corpus)
    report = run(home, corpus, hashed)

    assert (report.changed, report.unchanged, report.generation) == (["un"], 2, 2)
    assert (foreseen.changed, foreseen.unchanged) == (["un"], 2)
    assert read == ["deux.md", "un.md"] * 2


def test_a_change_of_this_moment_is_read_again(
    home: Path, corpus: Path, hashed: HashedEmbedder, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next one may have the same time and size."""
    monkeypatch.setattr(candidates, "_SETTLED_S", 2.0)
    for path in corpus.iterdir():  # also where the test is run as of another day
        os.utime(path, (time.time(),) * 2)
    run(home, corpus, hashed)
    write_article(corpus, "un", "L’article un parle du nuage UN.", publisher="La Gazette")
    assert run(home, corpus, hashed).changed == ["un"]
    assert len(read) == 6


@pytest.mark.parametrize("change", ["companion", "setting", "program", "removed", "rollback"])
def test_what_makes_it_be_read(
    home: Path, corpus: Path, hashed: HashedEmbedder, read: list[str], monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """What stands beside the file, a setting, another program, an index that no longer holds what the file gave."""
    run(home, corpus, hashed)
    options: dict[str, Any] = {}
    if change == "companion":
        write(corpus / "un.md.meta.yaml", "publisher: L’Écho\n")
    elif change == "setting":
        options = {"allow_undated": False}
    elif change == "program":
        monkeypatch.setattr(candidates, "program_that_reads", lambda: b"another")
    elif change == "removed":
        remove(run_of(home, corpus), ["un"], forget=False)
    else:
        write_article(corpus, "un", "L’article un parle du nuage un.", publisher="L’Autre")
        run(home, corpus, hashed)
        rollback(run_of(home, corpus), hashed, 60)
    read.clear()

    report = run(home, corpus, hashed, **options)

    assert "un.md" in read
    again = {"companion": ["un"], "rollback": ["un"]}.get(change, [])
    assert (report.changed, report.added) == (again, ["un"] if change == "removed" else [])


def test_notices_are_told_each_time(home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
    """What is worth a look is worth one still; what an article lacks is asked for as it comes."""
    write(corpus / "latin.txt", "date 2024-01 L’été à Besançon, déjà.".replace("’", "'").encode("cp1252"))
    first = run(home, corpus, hashed)
    second = run(home, corpus, hashed)

    assert [notice["path"] for notice in second.notices] == ["latin.txt"]
    assert first.notices[: len(second.notices)] == second.notices
    assert {notice["path"] for notice in first.notices[1:]} == {"articles"}


def test_failures_and_copies_are_read_each_time(
    home: Path, corpus: Path, hashed: HashedEmbedder, read: list[str]
) -> None:
    """A reason is told until it is mended, and a copy may become an article."""
    write(corpus / "futur.txt", "date 2031-01 Rien de cela n’est encore là.")
    write_article(corpus, "un-copie", "L’article un parle du nuage un.", publisher="La Gazette")
    first = run(home, corpus, hashed)
    read.clear()

    second = run(home, corpus, hashed)

    assert (first.failed, first.duplicates) == (second.failed, second.duplicates)
    assert sorted(read) == ["futur.txt", "un.md"]  # « un-copie » is the first by its name


def test_chunks_that_stay_keep_their_vectors(home: Path, corpus: Path, hashed: HashedEmbedder) -> None:
    """A sentence at the end of a long article: what is before it is not embedded again, and the index is what a new one would be."""
    sentences = [
        f"La phrase numéro {n} de cet article parle du nuage {n * n}, et de rien qui soit ailleurs." for n in range(40)
    ]
    write_article(corpus, "long", " ".join(sentences))
    whole = run(home, corpus, hashed).chunks
    hashed.passages.clear()

    write_article(corpus, "long", " ".join([*sentences, "Une phrase est venue à la fin."]))
    report = run(home, corpus, hashed)

    assert 1 <= report.embedded <= 2 < report.chunks - 4 <= whole
    assert 1 <= len(hashed.passages) < 12
    run(home.with_name("other"), corpus, hashed)
    assert stored(home) == stored(home.with_name("other"))


def stored(home: Path) -> list[Any]:
    catalog = StoreFolder(home).catalog(1, read_only=True)
    rows = catalog._db.execute("SELECT * FROM chunks ORDER BY chunk_id")
    catalog.close()
    return rows
