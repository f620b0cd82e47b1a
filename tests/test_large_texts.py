"""Long texts: told in passages, stopped and resumed where they were, and none that waits for them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from builders import run, write_article
from fakes import HashedEmbedder
from trusted_cloud_chat.index import index_writer
from trusted_cloud_chat.ingestion import held, staging
from trusted_cloud_chat.progress import TimeLeft, spoken_time

LAW = "\n\n".join(
    f"## Article R{n}-1\n\nLe délai numéro {n} est de {n} jours pour toute déclaration faite au port."
    for n in range(80)
)


class StoppedError(Exception):
    pass


class Stopping(HashedEmbedder):
    """Stops at the passage of that number; counts those that it embeds."""

    def __init__(self, most: int = 10**9) -> None:
        super().__init__()
        self.most, self.seen = most, 0

    def encode_passage_words(self, texts: Sequence[str]) -> Any:
        self.seen += len(texts)
        if self.seen > self.most:
            raise StoppedError
        return super().encode_passage_words(texts)


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "_LONG", 3000)
    monkeypatch.setattr(staging, "_SLICE", 8)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    write_article(tmp_path / "corpus", "a-loi", LAW)
    write_article(tmp_path / "corpus", "note", "Le port de Brest ouvre un quai.")
    return tmp_path / "corpus"


def live(home: Path) -> list[str]:
    return sorted(version.article_id for version in held(home)[1])


def test_others_do_not_wait_and_a_stopped_one_goes_on(tmp_path: Path, corpus: Path) -> None:
    home, stopping = tmp_path / "home", Stopping(20)
    with pytest.raises(StoppedError):
        run(home, corpus, stopping)
    assert live(home) == ["note"]

    whole, again = Stopping(), Stopping()
    report = run(home, corpus, again)
    alone = run(tmp_path / "other", corpus, whole)

    assert (report.added, report.chunks) == (["a-loi"], alone.chunks)
    assert 0 < again.seen <= whole.seen - 16
    assert len(live(home)) == 2
    assert run(home, corpus, Stopping()).unchanged == 2


def test_a_part_of_a_text_is_not_taken_for_all_of_it(tmp_path: Path, corpus: Path) -> None:
    """Whatever else is staged before a run goes on with it, be it a part of another one."""
    home = tmp_path / "home"
    for short, long in (("b-note", "0-loi"), ("c-note", "")):
        with pytest.raises(StoppedError):
            run(home, corpus, Stopping(20))
        write_article(corpus, short, f"Une note courte, {short}.")
        if long:
            write_article(corpus, long, LAW.replace("port", "quai"))

    report, alone = run(home, corpus, HashedEmbedder()), run(tmp_path / "other", corpus, HashedEmbedder())

    assert (report.added, report.chunks) == (["0-loi", "a-loi", "c-note"], alone.chunks)
    assert live(home) == live(tmp_path / "other")


def test_what_was_only_staged_left_nothing_dead(tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Vectors are filled anew where many have died in Chroma: those of a text that is gone again were never there."""
    monkeypatch.setattr(index_writer, "_DEAD_AT_LEAST", 2)
    home = tmp_path / "home"
    with pytest.raises(StoppedError):
        run(home, corpus, Stopping(20))
    (corpus / "a-loi.md").unlink()
    write_article(corpus, "note", "Le port de Brest ouvre deux quais.")

    run(home, corpus, HashedEmbedder())

    assert [made.name for made in home.glob("index/*/made-*")] == ["made-1"]


def test_nobody_sees_a_rebuild_before_its_long_texts_are_there(tmp_path: Path, corpus: Path) -> None:
    """It is stopped within them: what was there goes on answering."""
    home = tmp_path / "home"
    run(home, corpus, HashedEmbedder())
    with pytest.raises(StoppedError):
        run(home, corpus, Stopping(20), rebuild=True)

    assert live(home) == ["a-loi", "note"]


def test_progress_counts_passages(tmp_path: Path, corpus: Path) -> None:
    told: list[tuple[int, int]] = []
    report = run(
        tmp_path / "home",
        corpus,
        HashedEmbedder(),
        progress=lambda step, *far: told.append(far) if step == "embed" else None,
    )

    assert told[-1] == (report.chunks, report.chunks)
    assert len(told) > 5
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_a_run_of_many_says_beforehand_how_long_it_takes(
    tmp_path: Path, corpus: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "_MANY", 5)
    with caplog.at_level(logging.WARNING):
        run(tmp_path / "home", corpus, HashedEmbedder())

    assert "passages to embed, about" in caplog.text


def test_what_a_stopped_run_has_left_tells_nothing_of_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes fast: after a while only what is embedded now counts."""
    now = [0.0]
    monkeypatch.setattr("trusted_cloud_chat.progress.time.monotonic", lambda: now[0])
    left = TimeLeft()
    for done in range(0, 1300, 64):
        now[0] += 1
        left.of("embed", done, 1700)
    for done in range(1300, 1700, 64):
        now[0] += 30
        seconds = left.of("embed", done, 1700)

    assert seconds is not None
    assert seconds > (1700 - done) * 30 / 64 * 0.7


def test_the_time_that_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter([0.0, 1.0, 10.0, 20.0])
    monkeypatch.setattr("trusted_cloud_chat.progress.time.monotonic", lambda: next(now))
    left = TimeLeft()

    assert [left.of("embed", done, 100) for done in (0, 5, 25, 50)] == [None, None, 30.0, 20.0]
    assert [spoken_time(s).replace("\u00a0", " ") for s in (0.2, 40, 200, 7800)] == [
        "1 s",
        "40 s",
        "3 min",
        "2 h 10 min",
    ]
