"""Only regular files of a bounded size are opened; whatever else lies in a corpus or is given is told, and stops nobody."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from builders import is_fresh, run, write, write_article
from fakes import HashedEmbedder
from trusted_cloud_chat.corpus import safe_files
from trusted_cloud_chat.corpus.safe_files import read_bytes
from trusted_cloud_chat.errors import MOST_REASON, ArticleError
from trusted_cloud_chat.ingestion import IngestReport
from trusted_cloud_chat.settings import load_settings
from trusted_cloud_chat.wiring import run_ingest

TEXT = "Le fournisseur est qualifié depuis janvier. Il ouvre un centre à Lille."


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Two good articles, one in a folder."""
    write_article(tmp_path / "corpus", "un", f"L’article un parle du nuage. {TEXT}", title="Un")
    write_article(tmp_path / "corpus/sous", "deux", f"L’article deux parle du ciel. {TEXT}", title="Deux")
    return tmp_path / "corpus"


@pytest.fixture(autouse=True)
def only_files_are_opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A pipe would hang the test, a device never end it."""
    opened, real = [], os.open

    def watched(path: Path, *rest: int) -> int:
        opened.append(path)
        return real(path, *rest)

    monkeypatch.setattr(safe_files.os, "open", watched)
    yield
    assert [path for path in opened if isinstance(path, Path) and not path.is_file() and not path.is_dir()] == []


def pipe(path: Path) -> None:
    os.mkfifo(path)


def listener(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made, pytest.MonkeyPatch.context() as patch:
        patch.chdir(path.parent)  # an address has room for a hundred characters
        made.bind(path.name)


def loop(path: Path) -> None:
    path.symlink_to(path.name)


def nowhere(path: Path) -> None:
    path.symlink_to("rien.md")


def to_a_pipe(path: Path) -> None:
    os.mkfifo(path.parent / ".tube")
    path.symlink_to(".tube")


ODD = [(pipe, "pipe"), (listener, "socket"), (loop, "back to itself"), (nowhere, "leads nowhere"), (to_a_pipe, "pipe")]


def failed(report: IngestReport) -> dict[str, str]:
    assert all(len(failure["reason"]) <= MOST_REASON for failure in report.failed)
    return {failure["path"]: failure["reason"] for failure in report.failed}


class TestKinds:
    @pytest.mark.parametrize(("make", "said"), ODD)
    @pytest.mark.parametrize("name", ["mauvais.md", "sous/mauvais.txt", "mauvais", "mauvais.pdf"])
    def test_in_the_corpus(
        self, tmp_path: Path, corpus: Path, make: Callable[[Path], None], said: str, name: str
    ) -> None:
        """Told with the reason, whatever its name ends in; the others are committed, and each run tells it again."""
        make(corpus / name)

        report = run(tmp_path / "home", corpus, HashedEmbedder())

        assert sorted(report.added) == ["sous/deux", "un"]
        assert list(failed(report)) == [name]
        assert said in failed(report)[name]
        assert not is_fresh(tmp_path / "home", corpus)

    @pytest.mark.parametrize(("make", "said"), ODD)
    def test_given_as_a_path(self, tmp_path: Path, corpus: Path, make: Callable[[Path], None], said: str) -> None:
        make(tmp_path / "donne.md")
        make(corpus / "donne.md")
        given = [tmp_path / "donne.md", corpus / "donne.md", corpus / "un.md"]

        report = run(tmp_path / "home", corpus, HashedEmbedder(), *given)

        assert report.added == ["un"]
        assert list(failed(report)) == [str(tmp_path / "donne.md"), "donne.md"]
        assert all(said in reason for reason in failed(report).values())

    def test_a_device(self, tmp_path: Path, corpus: Path) -> None:
        report = run(
            tmp_path / "home", corpus, HashedEmbedder(), Path("/dev/zero"), Path("/dev/null"), corpus / "un.md"
        )

        assert report.added == ["un"]
        assert failed(report).keys() == {"/dev/zero", "/dev/null"}
        assert "device" in failed(report)["/dev/zero"]

    def test_a_file_that_becomes_a_pipe(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.undo()
        os.mkfifo(tmp_path / "a.md")
        monkeypatch.setattr(safe_files, "fault_of", lambda path: "")

        with pytest.raises(ArticleError, match="pipe"):
            read_bytes(tmp_path / "a.md")


class TestFolders:
    @pytest.mark.parametrize("closed", ["corpus", "corpus/sous"])
    def test_one_that_does_not_open(
        self, tmp_path: Path, corpus: Path, closed: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What is stored of the articles in it stays, and it is told: they were not deleted."""
        run(tmp_path / "home", corpus, HashedEmbedder())
        real = os.scandir

        def scandir(path: str) -> Iterator[os.DirEntry[str]]:
            if Path(path) == tmp_path / closed:
                raise PermissionError(13, "Permission denied", str(path))
            return real(path)

        monkeypatch.setattr(os, "scandir", scandir)

        report = run(tmp_path / "home", corpus, HashedEmbedder())

        name = Path(closed).relative_to("corpus").as_posix()
        assert (report.deleted, list(failed(report))) == ([], [name])
        assert "folder cannot be read: Permission denied" in failed(report)[name]


class TestSize:
    def test_a_large_file_is_not_read(self, tmp_path: Path, corpus: Path) -> None:
        """One byte more than the setting; the message names it, and the other files are in. A sparse file costs nothing."""
        with (corpus / "gros.txt").open("wb") as file:
            file.truncate(300_000_000)
        settings = load_settings(home=tmp_path / "home", corpus=corpus)

        report = run_ingest(settings, embedder=HashedEmbedder(), today=date(2026, 11, 24))

        assert sorted(report.added) == ["sous/deux", "un"]
        assert "larger than 20 MB" in failed(report)["gros.txt"]
        assert "TCC_MAX_FILE_MB to 300" in failed(report)["gros.txt"]

    def test_the_setting(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write(tmp_path / "corpus/a.txt", "date 2024-01 Le nuage.\n" + " " * 1_500_000)
        monkeypatch.setenv("TCC_MAX_FILE_MB", "1")
        small = load_settings(home=tmp_path / "home", corpus=tmp_path / "corpus")
        monkeypatch.setenv("TCC_MAX_FILE_MB", "2")
        large = load_settings(home=tmp_path / "home", corpus=tmp_path / "corpus")

        assert [len(run_ingest(one, dry_run=True).added) for one in (small, large)] == [0, 1]

    @pytest.mark.parametrize(("size", "taken"), [(0, True), (100, True), (101, False)])
    def test_to_the_byte(self, tmp_path: Path, size: int, taken: bool) -> None:
        path = write(tmp_path / "a", b"x" * size)

        if taken:
            assert read_bytes(path, 100) == b"x" * size
        else:
            with pytest.raises(ArticleError, match="larger than"):
                read_bytes(path, 100)

    def test_a_size_that_is_not_told(self) -> None:
        with pytest.raises(ArticleError, match="larger than"):
            read_bytes(Path("/proc/self/maps"), 100)
