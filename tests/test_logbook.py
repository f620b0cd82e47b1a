"""What each run leaves in `TCC_HOME/logs`."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest

from builders import TODAY, run_of, write, write_article
from fakes import HashedEmbedder
from trusted_cloud_chat.errors import CorpusNotFoundError, TrustedCloudChatError
from trusted_cloud_chat.ingestion import IngestReport, Logbook, remove, report
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.wiring import run_ingest, run_rollback


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_article(tmp_path / "corpus", "bleu", "Bleu ouvre un centre.", title="Bleu à Lille").parent


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def logs(home: Path) -> list[str]:
    return [path.read_text() for path in sorted((home / "logs").glob("*.log"))]


def ingested(home: Path, folder: Path, hashed: HashedEmbedder, **options: Any) -> IngestReport:
    return run_ingest(load_settings(home=home, corpus=folder), embedder=hashed, today=TODAY, **options)


def test_a_file_a_run_says_what_it_did(home: Path, folder: Path, hashed: HashedEmbedder) -> None:
    write(folder / "bad.md", b"\x00\x01")
    ingested(home, folder, hashed)
    write_article(folder, "bleu", "Bleu ouvre deux centres.", title="Bleu à Lille")
    ingested(home, folder, hashed)
    ingested(home, folder, hashed, dry_run=True)
    run_rollback(load_settings(home=home, corpus=folder), embedder=hashed)

    first, second, third = logs(home)
    assert f"ingest {folder}, 20" in first.splitlines()[0]
    assert "generation 1, 1 chunk, 1 embedded" in first
    assert "\nadded: bleu: Bleu à Lille (no publisher, 2025-01-15)\n" in first
    assert "\nfailed: bad.md: " in first
    assert "\nchanged: bleu\n" in second
    assert "rollback" in third.splitlines()[0]


def test_an_error_is_written_down_with_its_message(home: Path, folder: Path, hashed: HashedEmbedder) -> None:
    ingested(home, folder, hashed)
    with pytest.raises(CorpusNotFoundError):
        ingested(home, folder / "gone", hashed)

    def fail() -> IngestReport:
        raise ZeroDivisionError("nobody foresaw it")

    with pytest.raises(ZeroDivisionError):
        Logbook(home).keep("ingest", fail)

    _, known, unknown = logs(home)
    assert f"\nerror: CorpusNotFoundError: no corpus folder at {folder / 'gone'}" in known
    assert "Traceback" not in known
    assert "\nerror: ZeroDivisionError: nobody foresaw it\n" in unknown
    assert "in fail" in unknown


def test_a_home_that_is_not_there_is_not_made_for_the_log_of_an_error(
    home: Path, tmp_path: Path, hashed: HashedEmbedder
) -> None:
    with pytest.raises(CorpusNotFoundError):
        ingested(home, tmp_path / "gone", hashed)

    assert not home.exists()


def test_the_last_hundred_are_kept(home: Path) -> None:
    for number in range(150):
        write(home / "logs" / f"2026-01-01_00-00-00.{number:06}.log", "x")
    write(home / "logs" / "notes.txt", "the user's own")

    Logbook(home).keep("ingest", IngestReport)

    kept = sorted(path.name for path in (home / "logs").iterdir())
    assert len(kept) == report.KEPT + 1
    assert kept[0] == "2026-01-01_00-00-00.000051.log"
    assert kept[-1] == "notes.txt"


def test_while_files_are_watched_a_run_without_news_leaves_none(home: Path) -> None:
    book, failed = Logbook(home, only_news=True), [{"path": "a.md", "reason": "empty"}]
    home.mkdir()

    def busy() -> IngestReport:
        raise TrustedCloudChatError("busy")

    wrote = []
    for news in (IngestReport(), IngestReport(), IngestReport(failed=failed), IngestReport(failed=failed), None, None,
                   IngestReport(), IngestReport(deleted=["a"]), IngestReport(deleted=["b"])):  # fmt: skip
        before = len(logs(home))
        if news is None:
            with pytest.raises(TrustedCloudChatError):
                book.keep("ingest", busy)
        else:
            book.keep("ingest", lambda news=news: news)
        wrote.append(len(logs(home)) - before)

    assert wrote == [1, 0, 1, 0, 1, 0, 1, 1, 1]


def test_a_folder_that_cannot_be_made_stops_no_run(home: Path, folder: Path, hashed: HashedEmbedder) -> None:
    write(home / "logs", "a file where the folder should be")

    assert ingested(home, folder, hashed).added == ["bleu"]


def test_a_full_disk_stops_no_run_and_leaves_no_half_log(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, text: str, **_: Any) -> None:
        path.write_bytes(text[:10].encode())
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)

    assert Logbook(home).keep("ingest", lambda: IngestReport(added=["a"])).added == ["a"]
    assert list((home / "logs").iterdir()) == []


def test_what_nobody_sees_is_written_as_its_escape(home: Path) -> None:
    report = IngestReport(failed=[{"path": "a\nerror: b", "reason": "\x1b[2J"}])
    Logbook(home).keep("ingest", lambda: report)

    assert "\nfailed: a\\nerror: b: \\x1b[2J\n" in logs(home)[0]


def test_what_is_forgotten_stands_in_no_log(home: Path, folder: Path, hashed: HashedEmbedder) -> None:
    write_article(folder, "s3ns", "S3NS est qualifié.")
    ingested(home, folder, hashed)
    remove(run_of(home, folder), ["s3ns"], forget=False)
    assert logs(home)

    remove(run_of(home, folder), ["s3ns"], forget=True)

    assert logs(home) == []
