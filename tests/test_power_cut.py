"""The power goes while a run writes: what was not written out is as it was before, file by file.

What the catalog has committed is on the disk (`synchronous=FULL`); of the two other stores any earlier state may be there, until the
run has written them out and noted its end. A home is copied at each point of a run, put together again from the states of its parts that
a cut may leave, and opened as after another start of the machine.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from builders import run, write_article
from damage import Commands
from fakes import HashedEmbedder
from trusted_cloud_chat.index import power, writing
from trusted_cloud_chat.index.exact import ExactVectors
from trusted_cloud_chat.index.store import StoreFolder

STATES = (
    "before", "between-stores", "staged", "all-staged", "lexical-written", "in-transaction", "live", "one-store-cleaned", "after",
)  # fmt: skip
"""In the order of a run; from `live` on its commit has returned."""
COMMITTED = STATES.index("live")
LAST = len(STATES) - 1
Cut = tuple[int, int, int, int]
"""The states of the catalog, of Chroma's database, of the files in which it searches, and of the words."""


def cuts() -> Iterator[Cut]:
    """All that a cut at any point may leave, the two files of Chroma being as old as each other or not; at the end all is on the disk."""
    for now in range(LAST):
        for vectors in range(now + 1):
            for words in range(now + 1):
                yield now, vectors, vectors, words
        for vectors in range(now):
            yield now, now, vectors, now
            yield now, vectors, now, now


FEW: list[Cut] = [
    (1, 1, 0, 1), (COMMITTED - 1, COMMITTED - 1, COMMITTED - 1, 0), (COMMITTED - 1, 0, 0, COMMITTED - 1), (COMMITTED, 0, 0, 0),
    (COMMITTED, COMMITTED, COMMITTED, 0), (COMMITTED, 0, 0, COMMITTED), (COMMITTED, COMMITTED, 0, COMMITTED), (3, 2, 3, 3),
    (LAST - 1, LAST - 1, LAST - 1, 0), (LAST - 1, 0, 0, LAST - 1), (LAST - 1, 0, LAST - 1, LAST - 1),
]  # fmt: skip


@pytest.fixture(scope="module")
def commands() -> Iterator[Commands]:
    with Commands() as process:
        yield process


@pytest.fixture(scope="module")
def restarted() -> Iterator[Commands]:
    with Commands(boot="after the cut") as process:
        yield process


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory, commands: Commands) -> tuple[list[Path], Path, list[Any]]:
    """The home in each state, the corpus as it is now, and the answers of both generations."""
    folder = tmp_path_factory.mktemp("cut")
    home, corpus, points = folder / "home", folder / "corpus", folder / "points"
    answers = []
    for marker, step in (("premier", "ingest"), ("second", "ingest, copied")):
        for name in ("un", "deux", "trois", "quatre"):
            write_article(corpus, name, f"L’article {name} du nuage dit {marker}.", title=f"Titre {name}")
        assert commands.run(step, home, corpus)["outcome"] == "answer"
        answers.append(commands.run("ask", home, corpus))
        if marker == "premier":
            shutil.copytree(home, folder / "before")
    folders = [points / state for state in STATES[1:-1]]
    return [folder / "before", *folders, home], corpus, answers


def after_cut(states: list[Path], home: Path, cut: Cut) -> Path:
    """The home as the cut leaves it."""
    catalog, database, graph, words = (states[number] / "index/1" for number in cut)
    shutil.copytree(catalog.parents[1], home)
    for part in ("chroma", "lexical", "chroma.sums"):
        target = home / "index/1" / part
        shutil.rmtree(target) if target.is_dir() else target.unlink(missing_ok=True)
    shutil.copytree(words / "lexical", home / "index/1/lexical")
    shutil.copytree(graph / "chroma", home / "index/1/chroma", ignore=shutil.ignore_patterns("chroma.sqlite3*"))
    for path in (database / "chroma").glob("chroma.sqlite3*"):
        shutil.copy(path, home / "index/1/chroma")
    if (graph / "chroma.sums").exists():
        shutil.copy(graph / "chroma.sums", home / "index/1")
    return home


def check(commands: Commands, states: tuple[list[Path], Path, list[Any]], home: Path, cut: Cut) -> None:
    """Readers have the whole of the generation that the catalog tells of, or a message; the next run brings the new one."""
    folders, corpus, (old, new) = states
    after_cut(folders, home, cut)

    told = commands.run("ask", home, corpus)
    if told["outcome"] == "message":
        assert "trusted-cloud-chat ingest" in told["found"]
    else:
        assert told == (new if cut[0] >= COMMITTED else old)
    ran = commands.run("ingest", home, corpus)

    assert ran["outcome"] == "answer", ran["found"]
    assert commands.run("ask", home, corpus) == new
    shutil.rmtree(home)


@pytest.mark.embedded
@pytest.mark.parametrize(
    "cut",
    [*FEW[:5], *(pytest.param(cut, marks=pytest.mark.slow) for cut in FEW[5:])],
    ids=lambda cut: "-".join(map(str, cut)),
)
@pytest.mark.slow
def test_some_cuts(restarted: Commands, states: tuple[list[Path], Path, list[Any]], tmp_path: Path, cut: Cut) -> None:
    check(restarted, states, tmp_path / "home", cut)


@pytest.mark.embedded
@pytest.mark.soak
@pytest.mark.parametrize("now", range(LAST), ids=STATES[:LAST])
def test_every_cut(restarted: Commands, states: tuple[list[Path], Path, list[Any]], tmp_path: Path, now: int) -> None:
    for cut in cuts():
        if cut[0] == now:
            check(restarted, states, tmp_path / "home", cut)


def test_the_commit_comes_after_all_that_it_makes_live(
    states: tuple[list[Path], Path, list[Any]], commands: Commands
) -> None:
    """Until it returns the old generation answers, whatever the other stores have got; from then on the new one."""
    folders, corpus, (old, new) = states
    for number, folder in enumerate(folders):
        told = commands.run("ask", folder, corpus)
        assert told == (new if number >= COMMITTED else old), STATES[number]


@pytest.mark.embedded
def test_a_run_ends_when_its_files_are_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until then, a start of the machine later, readers compare the catalog's own vectors, and the next run makes the stores anew."""
    wrote: list[str] = []
    monkeypatch.setattr(writing, "write_out", lambda folder: wrote.append(folder.name))
    monkeypatch.setattr(writing, "note_end", lambda _catalog: wrote.append("end"))
    home, corpus = tmp_path / "home", tmp_path / "corpus"
    write_article(corpus, "un", "L’article du nuage.")
    run(home, corpus, HashedEmbedder())
    assert wrote == ["1", "end"]

    def refuse(_folder: Path) -> None:
        raise OSError

    monkeypatch.setattr(writing, "write_out", refuse)
    write_article(corpus, "deux", "Un autre article.")
    run(home, corpus, HashedEmbedder())
    store = StoreFolder(home).store(1)
    with closing(store.catalog(read_only=True)) as catalog:
        assert not power.power_went(catalog)
        monkeypatch.setattr(power, "boot", lambda: "after the cut")
        assert power.power_went(catalog)
        assert isinstance(store.vectors_to_read(catalog), ExactVectors)
        assert store.vectors_to_read(catalog).ids() == catalog.contents.live_chunk_ids()

    monkeypatch.undo()
    monkeypatch.setattr(power, "boot", lambda: "after the cut")
    report = run(home, corpus, HashedEmbedder())
    assert (report.embedded, StoreFolder(home).current()) == (0, 2)
    assert power.WENT in report.notices[0]["message"]
