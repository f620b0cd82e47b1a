"""`ingest --watch` and `--every`: when a run is made again, what it waits for, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from builders import run, write, write_article
from fakes import HashedEmbedder
from trusted_cloud_chat import cli, wiring
from trusted_cloud_chat.commands import rerunning
from trusted_cloud_chat.commands.rerunning import Pace, interval, keep_running
from trusted_cloud_chat.errors import UsageError
from trusted_cloud_chat.index.home_files import only_writer
from trusted_cloud_chat.index.store import StoreFolder
from trusted_cloud_chat.ingestion import held

FAST = Pace(tick=0.05, settled=0.1, patience=0.6, after_failure=0.05, longest=0.2)
STEADY = Pace(tick=0.05, settled=0.5)
"""A busy machine does not take a pause of the writer for its end."""
_PATIENCE_S = 20


class Watched:
    """`keep_running` over a folder, in a thread; `runs` holds what each run was given."""

    def __init__(self, folder: Path, *, every: float | None = None, fails: int = 0, pace: Pace = FAST) -> None:
        self.runs: list[Collection[Path]] = []
        self.stop = threading.Event()
        self._fails = fails
        self._thread = threading.Thread(
            target=keep_running,
            args=(self._run, partial(rerunning.files_of, [folder], folder)),
            kwargs={"watch": not every, "every": every, "stop": self.stop, "pace": pace},
            daemon=True,
        )

    def __enter__(self) -> Watched:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self._thread.join(_PATIENCE_S)
        assert not self._thread.is_alive()

    def _run(self, unfinished: Collection[Path]) -> bool:
        self.runs.append(unfinished)
        return len(self.runs) > self._fails

    def wait(self, runs: int) -> None:
        until(lambda: len(self.runs) >= runs)


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_article(tmp_path / "corpus", "bleu", "Bleu ouvre un centre.").parent


@pytest.mark.slow
class TestWhen:
    def test_a_change_is_one_more_run_and_no_change_is_none(self, folder: Path) -> None:
        with Watched(folder) as watched:
            watched.wait(1)
            time.sleep(0.3)
            write(folder / ".hidden.md", "date 2026 Rien.")
            write(folder / "film.mp4", b"x")
            list(folder.iterdir())
            (folder / "bleu.md").read_bytes()
            time.sleep(0.5)
            assert len(watched.runs) == 1

            write_article(folder, "deep/er/s3ns", "S3NS est qualifié.")
            watched.wait(2)
            write(folder / "bleu.md.meta.yaml", "publisher: Gazette")
            watched.wait(3)
            (folder / "bleu.md").unlink()
            watched.wait(4)
            time.sleep(0.4)

        assert len(watched.runs) == 4

    def test_a_file_that_is_being_written_is_waited_for(self, folder: Path) -> None:
        with Watched(folder, pace=STEADY) as watched, (folder / "long.txt").open("w") as file:
            for _ in range(9):
                file.write("date 2026 Une phrase. ")
                file.flush()
                time.sleep(0.08)
            begun = bool(watched.runs)
            watched.wait(1)

        assert not begun
        assert watched.runs[0] == set()

    @pytest.mark.slow
    def test_what_never_ends_is_waited_for_no_longer_than_patience_and_told(self, folder: Path) -> None:
        ends = threading.Event()

        def write_on() -> None:
            with (folder / "endless.txt").open("w") as file:
                while not ends.wait(0.03):
                    file.write("mot ")
                    file.flush()

        writer = threading.Thread(target=write_on)
        writer.start()
        with Watched(folder, pace=replace(STEADY, patience=0.8)) as watched:
            watched.wait(1)
            assert watched.runs[0] == {folder / "endless.txt"}
            ends.set()
            until(lambda: watched.runs[-1] == set())
        writer.join()

    def test_an_interval(self, folder: Path) -> None:
        with Watched(folder, every=0.1) as watched:
            watched.wait(3)


@pytest.mark.parametrize(("text", "seconds"), [("1m", 60), ("90s", 90), ("30m", 1800), ("6h", 21600), ("1D", 86400)])
def test_intervals(text: str, seconds: int) -> None:
    assert interval(text) == seconds


@pytest.mark.parametrize("text", ["", "6", "h", "6 hours", "1h30m", "-1h", "1.5h", "٣h", "6y", "9" * 5000 + "h"])
def test_what_is_no_interval(text: str) -> None:
    with pytest.raises(UsageError, match="is not a duration: expected .* 30m, 6h or 1d"):
        interval(text)


@pytest.mark.parametrize("text", ["0m", "59s", "367d"])
def test_an_interval_out_of_bounds(text: str) -> None:
    with pytest.raises(UsageError, match="expected 1m to 366d"):
        interval(text)


def test_a_file_that_is_still_written_fails_and_what_is_stored_of_it_stays(
    folder: Path, tmp_path: Path, hashed: HashedEmbedder
) -> None:
    run(tmp_path / "home", folder, hashed)
    written = write_article(folder, "bleu", "Bleu ouvre un cen")
    write_article(folder, "s3ns", "S3NS est qualifié.")

    report = run(tmp_path / "home", folder, hashed, unfinished={written})

    assert report.added == ["s3ns"]
    assert report.changed == []
    assert [failed["path"] for failed in report.failed] == ["bleu.md"]
    assert "still being written" in report.failed[0]["reason"]
    assert next(version.text for version in held(tmp_path / "home")[1]) == "Bleu ouvre un centre.\n"


Call = Callable[..., tuple[int, list[dict[str, Any]], str]]


@pytest.fixture
def call(
    folder: Path,
    tmp_path: Path,
    hashed: HashedEmbedder,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Call:
    """The command in this process, quick, while `meanwhile` runs in a thread and then sends SIGTERM."""
    monkeypatch.setenv("TCC_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TCC_CORPUS", str(folder))
    monkeypatch.setattr(wiring, "build_embedder", lambda *_: hashed)
    monkeypatch.setattr(rerunning, "keep_running", partial(keep_running, pace=FAST))

    def called(*arguments: str, meanwhile: Callable[[], None]) -> tuple[int, list[dict[str, Any]], str]:
        def act() -> None:
            try:
                meanwhile()
            finally:
                os.kill(os.getpid(), signal.SIGTERM)

        thread = threading.Thread(target=act)
        monkeypatch.setattr(sys, "argv", ["trusted-cloud-chat", "ingest", "--json", *arguments])
        # Should the command end early, the signal finds a handler that is not the system's.
        before = signal.signal(signal.SIGTERM, lambda *_: None)
        thread.start()
        try:
            with pytest.raises(SystemExit) as ended:
                cli.main()
            thread.join(_PATIENCE_S)
        finally:
            signal.signal(signal.SIGTERM, before)
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), [json.loads(line) for line in out.splitlines()], err

    return called


def generation(home: Path) -> int:
    return held(home)[0] if StoreFolder(home).in_use() else 0


@pytest.mark.slow
class TestCommand:
    def test_a_line_a_run_until_it_is_stopped(self, folder: Path, tmp_path: Path, call: Call) -> None:
        home = tmp_path / "home"

        def add() -> None:
            until(lambda: generation(home) == 1)
            write_article(folder, "s3ns", "S3NS est qualifié.", title="S3NS", publisher="Gazette")
            until(lambda: generation(home) == 2)

        status, lines, err = call("--watch", meanwhile=add)

        assert status == 0
        assert [line["added"] for line in lines] == [["bleu"], ["s3ns"]]
        assert lines[1]["new"] == [
            {"article_id": "s3ns", "title": "S3NS", "publisher": "Gazette", "date": "2025-01-15"}
        ]
        assert err.startswith("watching ")
        assert err.endswith("stopped\n")

    @pytest.mark.slow
    def test_another_run_is_waited_for(self, tmp_path: Path, call: Call) -> None:
        home, released = tmp_path / "home", threading.Event()
        taken = threading.Event()

        def hold() -> None:
            with only_writer(home / "index"):
                taken.set()
                released.wait(_PATIENCE_S)

        holder = threading.Thread(target=hold)
        holder.start()
        taken.wait(_PATIENCE_S)

        def release() -> None:
            time.sleep(0.8)
            released.set()
            holder.join()
            until(lambda: generation(home) == 1)

        status, lines, err = call("--every", "1h", meanwhile=release)

        assert status == 0
        assert "another ingest run" in lines[0]["error"]
        assert lines[-1]["added"] == ["bleu"]
        assert "will be retried" in err

    def test_a_run_in_progress_leaves_the_old_generation(
        self, folder: Path, tmp_path: Path, hashed: HashedEmbedder, call: Call
    ) -> None:
        home = tmp_path / "home"
        run(home, folder, hashed, chunk_tokens=200)
        write_article(folder, "s3ns", "S3NS est qualifié.")
        begun, signalled = threading.Event(), threading.Event()
        encode = hashed.encode_passages

        def slow(texts: Any) -> Any:
            begun.set()
            signalled.wait(_PATIENCE_S)
            time.sleep(0.2)  # for the signal, which is sent after this
            return encode(texts)

        hashed.encode_passages = slow  # type: ignore[method-assign]

        def stop() -> None:
            begun.wait(_PATIENCE_S)
            signalled.set()

        status, lines, _ = call("--watch", meanwhile=stop)

        assert (status, lines) == (0, [])
        assert generation(home) == 1
        assert [version.article_id for version in held(home)[1]] == ["bleu"]
        hashed.encode_passages = encode  # type: ignore[method-assign]
        assert run(home, folder, hashed, chunk_tokens=200).added == ["s3ns"]

    @pytest.mark.slow
    def test_what_a_later_run_meets_is_told_and_lived_through(self, folder: Path, tmp_path: Path, call: Call) -> None:
        home, kept = tmp_path / "home", tmp_path / "kept"

        def lose_and_find() -> None:
            until(lambda: generation(home) == 1)
            folder.rename(kept)
            until(lambda: any("no corpus folder" in path.read_text() for path in (home / "logs").glob("*.log")))
            write_article(kept, "s3ns", "S3NS est qualifié.")
            kept.rename(folder)
            until(lambda: generation(home) == 2)

        status, lines, _ = call("--watch", meanwhile=lose_and_find)

        assert status == 0
        assert any("no corpus folder" in line.get("error", "") for line in lines)
        assert lines[-1]["added"] == ["s3ns"]

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (("--watch", "--dry-run"), "cannot be combined"),
            (("--every", "6h", "--if-needed"), "cannot be combined"),
            (("--every", "soon"), "is not a duration"),
            (("--watch", "nowhere"), "no file or folder at"),
        ],
    )
    def test_what_cannot_be(self, arguments: tuple[str, ...], says: str, call: Call) -> None:
        status, lines, err = call(*arguments, meanwhile=lambda: time.sleep(0.5))

        assert status in (2, 3)
        assert lines == []
        assert says in err
