"""Files that nobody means well with, and broken ones: each is an article or a reason, in bounded time and memory."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from builders import write
from corpus import format_files as made
from trusted_cloud_chat.corpus import read_articles
from trusted_cloud_chat.corpus.formats import TableForm, confined
from trusted_cloud_chat.corpus.formats.confined import answer
from trusted_cloud_chat.errors import ArticleError

DAY = date(2026, 12, 31)


def outcome(path: Path) -> str:
    """The reason, or the texts of the articles."""
    try:
        return "".join(a.text for a in read_articles(path, path.parent, allow_undated=True, today=DAY))
    except ArticleError as error:
        return f"reason: {error}"


def asked(path: Path) -> dict[str, Any]:
    """What the process that reads answers, in this one."""
    return answer({"path": str(path), "table": asdict(TableForm())})


class TestArchives:
    def test_that_name_a_file_of_the_machine(self, tmp_path: Path) -> None:
        secret = write(tmp_path / "secret.txt", "le mot de passe")
        entity = f'<!DOCTYPE html [<!ENTITY x SYSTEM "file://{secret}">]><html><body><p>&x; fin.</p></body></html>'

        for path in (
            made.book(tmp_path / "a.epub", **{"OEBPS/un.xhtml": entity, "OEBPS/../../secret.txt": "x"}),
            write(tmp_path / "b.xhtml", entity),
            made.with_entry(made.word(tmp_path / "c.docx"), "docProps/core.xml", entity.encode()),
        ):
            assert "mot de passe" not in outcome(path)

    def test_a_sheet_that_spans_all_that_a_sheet_can(self, tmp_path: Path) -> None:
        """Two cells, 17 thousand million between them."""
        import xlsxwriter

        book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
        sheet = book.add_worksheet()
        sheet.write(0, 0, "un")
        sheet.write(1_048_575, 16_383, "deux")
        book.close()

        assert outcome(tmp_path / "a.xlsx").startswith("reason: ")


class TestTheProcess:
    def test_what_takes_too_long_is_ended_and_the_next_file_read(self, tmp_path: Path) -> None:
        slow = write(tmp_path / "a.html", "<div>" * 200 + made.PAGE)
        with pytest.raises(ArticleError, match="could not be read within"):
            confined.read(slow, seconds=0.0)

        assert confined.read(write(tmp_path / "b.html", made.PAGE))[0].text

    def test_one_that_was_ended_from_outside_is_started_anew(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.html", made.PAGE)
        confined.read(path)
        child = confined._PROCESS.running
        assert child is not None
        child.kill()
        child.wait()

        assert confined.read(path)[0].text

    def test_a_module_of_the_folder_that_we_stand_in_is_not_run(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        confined.close()
        write(tmp_path / "trafilatura.py", "raise SystemExit")
        monkeypatch.chdir(tmp_path)

        assert confined.read(write(tmp_path / "a.html", made.PAGE))[0].text

    def test_more_memory_than_it_may_have(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def hungry(_path: Path, _table: TableForm) -> list[Any]:
            raise MemoryError

        monkeypatch.setattr("trusted_cloud_chat.corpus.formats.confined.found_in", hungry)

        assert "2 GB of memory" in asked(tmp_path)["reason"]


class TestPages:
    @pytest.mark.parametrize(
        "page",
        [
            "<div>" * 100_000 + "Un texte assez long pour être lu.",
            "<table>" * 3_000 + "<tr><td>x" * 3_000,
            "<p>" + "M. " * 100_000,
            "<p>" + " " * 1_000_000 + "fin",
            "<p>Un texte.</p>" + "<!--" * 100_000,
            "<a href='" + "x" * 1_000_000 + "'>Un lien.</a>",
            made.PAGE.replace("2025-03-12", "9" * 10_000),
            made.PAGE.replace("Le Nuage", "Le\u202e Nuage\x00<b>"),
        ],
        ids=["deep", "tables", "abbreviations", "spaces", "comments", "link", "date", "invisible"],
    )
    def test_of_bad_manners(self, tmp_path: Path, page: str) -> None:
        began = time.perf_counter()
        said = outcome(write(tmp_path / "a.html", page))

        assert said
        assert "\x00" not in said
        assert time.perf_counter() - began < confined.SECONDS + 10


def test_more_work_than_a_file_may_take(tmp_path: Path) -> None:
    """The process ends by itself: it counts its own time, whatever else the machine does."""
    said = "from trusted_cloud_chat.corpus.formats.confined import _bound_time\n_bound_time(0.2)\nwhile True: pass"
    ended = subprocess.run([sys.executable, "-c", said], check=False, timeout=60)

    assert ended.returncode == -signal.SIGPROF
