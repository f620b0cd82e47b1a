"""The power goes while a run writes: what was not written out is as it was before, file by file.

A run breaks the seal of vectors and words before it writes to them, has all of it on the disk before it seals them anew, and then commits:
seal and catalog are on the disk when they are written (`write_through`, `synchronous=FULL`), of the rest any earlier state may be there. A
home is copied at each point of a run, and put together again from the states of its parts that a cut may leave.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from builders import run, write_article
from fakes import HashedEmbedder
from processes import outcome
from trusted_cloud_chat.index.catalog import Catalog

STATES = (
    "before", "staged", "all-staged", "vectors-written", "words-written", "cleaned", "sealed", "in-transaction", "live", "after",
)  # fmt: skip
"""In the order of a run; from `live` on its commit has returned."""
COMMITTED, SEALED = STATES.index("live"), STATES.index("sealed")
Cut = tuple[int, int, int, int]
"""The states of the catalog with the seal, of Chroma's database, of the files in which it searches, and of the words."""


def cuts() -> Iterator[Cut]:
    """All that a cut may leave before all is written out, the two files of Chroma being as old as each other or not."""
    for now in range(1, SEALED):
        for vectors in range(now + 1):
            for words in range(now + 1):
                yield now, vectors, vectors, words
        for vectors in range(now):
            yield now, now, vectors, now
            yield now, vectors, now, now


FEW: list[Cut] = [(1, 1, 0, 1), (5, 5, 5, 0), (5, 0, 0, 5), (5, 0, 5, 5), (5, 5, 0, 5), (4, 4, 4, 0), (3, 2, 3, 3)]


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Path], Path, list[Any]]:
    """The home in each state, the corpus as it is now, and the answers of both generations."""
    folder = tmp_path_factory.mktemp("cut")
    home, corpus, points = folder / "home", folder / "corpus", folder / "points"
    answers = []
    for marker, step in (("premier", "ingest"), ("second", "ingest, copied")):
        for name in ("un", "deux", "trois", "quatre"):
            write_article(corpus, name, f"L’article {name} du nuage dit {marker}.", title=f"Titre {name}")
        assert outcome(step, home, corpus)["outcome"] == "answer"
        answers.append(outcome("ask", home, corpus))
        if marker == "premier":
            shutil.copytree(home, folder / "before")
    return [folder / "before", *(points / state for state in STATES[1:-1]), home], corpus, answers


def after_cut(states: list[Path], home: Path, cut: Cut) -> Path:
    """The home as the cut leaves it."""
    now, database, graph, words = (states[number] / "index/1/made-1" for number in cut)
    shutil.copytree(now.parents[2], home)
    made = home / "index/1/made-1"
    for part in ("chroma", "words"):
        shutil.rmtree(made / part)
    shutil.copytree(words / "words", made / "words")
    shutil.copytree(graph / "chroma", made / "chroma", ignore=shutil.ignore_patterns("chroma.sqlite3*"))
    for path in (database / "chroma").glob("chroma.sqlite3*"):
        shutil.copy(path, made / "chroma")
    return home


def check(states: tuple[list[Path], Path, list[Any]], home: Path, cut: Cut) -> None:
    """Readers have the whole of the generation that the catalog tells of; the next run brings the new one."""
    folders, corpus, (old, new) = states
    after_cut(folders, home, cut)

    assert outcome("ask", home, corpus) == old
    ran = outcome("ingest", home, corpus)

    assert ran["outcome"] == "answer", ran["found"]
    assert outcome("ask", home, corpus) == new
    assert outcome("doctor", home, corpus)["found"]["ok"]
    shutil.rmtree(home)


@pytest.mark.embedded
@pytest.mark.slow
@pytest.mark.parametrize("cut", FEW, ids=lambda cut: "-".join(map(str, cut)))
def test_some_cuts(states: tuple[list[Path], Path, list[Any]], tmp_path: Path, cut: Cut) -> None:
    check(states, tmp_path / "home", cut)


@pytest.mark.embedded
@pytest.mark.soak
@pytest.mark.parametrize("now", range(1, SEALED), ids=STATES[1:SEALED])
def test_every_cut(states: tuple[list[Path], Path, list[Any]], tmp_path: Path, now: int) -> None:
    for cut in cuts():
        if cut[0] == now:
            check(states, tmp_path / "home", cut)


def test_the_commit_comes_after_all_that_it_makes_live(states: tuple[list[Path], Path, list[Any]]) -> None:
    """Until it returns the old generation answers, whatever the other stores have got; from then on the new one."""
    folders, corpus, (old, new) = states
    for number, folder in enumerate(folders):
        assert outcome("ask", folder, corpus) == (new if number >= COMMITTED else old), STATES[number]


@pytest.mark.embedded
def test_all_is_on_the_disk_before_it_is_sealed_and_sealed_before_it_is_live(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, corpus, seal = tmp_path / "home", tmp_path / "corpus", f".seal.json.{os.getpid()}.new"
    write_article(corpus, "un", "L’article du nuage.")
    run(home, corpus, HashedEmbedder())
    write_article(corpus, "deux", "Un autre article.")
    fsync, note, told = os.fsync, Catalog.note_counts, list[str]()
    synced = lambda number: told.append(Path(f"/proc/self/fd/{number}").readlink().name)  # noqa: E731
    monkeypatch.setattr(os, "fsync", lambda number: (synced(number), fsync(number)))
    monkeypatch.setattr(Catalog, "note_counts", lambda self: (told.append("live"), note(self)))

    run(home, corpus, HashedEmbedder())

    assert (told[:2], told[-3:]) == ([seal, "made-1"], [seal, "made-1", "live"])
    assert {"words", "meta.json", "made-1", "1"} <= set(told[2:-3])
