"""What holds for every file holds for those of other formats, and for what stands beside a file."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from builders import is_fresh, run, write
from corpus import format_files as made
from fakes import HashedEmbedder
from trusted_cloud_chat.corpus import read_articles
from trusted_cloud_chat.corpus.formats import READERS, TABLES
from trusted_cloud_chat.errors import MOST_REASON, ArticleError

DAY = date(2026, 12, 31)


def reason(path: Path, most_bytes: int = 1_000_000) -> str:
    with pytest.raises(ArticleError) as error:
        read_articles(path, path.parent, allow_undated=True, today=DAY, most_bytes=most_bytes)
    return str(error.value)


@pytest.mark.parametrize("suffix", sorted([*READERS, *TABLES]))
class TestFormats:
    def test_that_is_too_large(self, tmp_path: Path, suffix: str) -> None:
        path = write(tmp_path / f"a{suffix}", b"x" * 1_000_001)

        assert "larger than 1 MB" in reason(path)
        assert "TCC_MAX_FILE_MB to 2" in reason(path)


class TestCompanions:
    def test_a_pipe(self, tmp_path: Path, hashed: HashedEmbedder) -> None:
        """It is named in the reason, told at each run, and stops no other file."""
        corpus = tmp_path / "corpus"
        write(corpus / "a.txt", f"date 2024 {made.FIRST}")
        write(corpus / "b.txt", f"date 2024 {made.SECOND}")
        os.mkfifo(corpus / "a.txt.meta.yaml")

        report = run(tmp_path / "home", corpus, hashed)

        assert report.added == ["b"]
        assert "a.txt.meta.yaml: a named pipe" in next(f["reason"] for f in report.failed if f["path"] == "a.txt")
        assert not is_fresh(tmp_path / "home", corpus)

    def test_a_link_out_of_the_corpus(self, tmp_path: Path) -> None:
        corpus, secret = tmp_path / "corpus", write(tmp_path / "secret.txt", "title: mot de passe")
        write(corpus / "a.txt", made.FIRST)
        (corpus / "a.txt.meta.yaml").symlink_to(secret)

        said = reason(corpus / "a.txt")

        assert said.startswith("a.txt.meta.yaml: a link that leads out")
        assert "mot de passe" not in said

    def test_that_leads_nowhere(self, tmp_path: Path) -> None:
        write(tmp_path / "a.txt", made.FIRST)
        (tmp_path / "a.meta.yaml").symlink_to(tmp_path / "ailleurs")

        assert "a.meta.yaml: a link that leads nowhere" in reason(tmp_path / "a.txt")

    def test_lines_that_end_as_on_windows(self, tmp_path: Path) -> None:
        write(tmp_path / "a.meta.yaml", b"---\r\ntitle: Un titre\r\ndate: 2024\r\n")
        path = write(tmp_path / "a.txt", made.FIRST)

        assert read_articles(path, tmp_path, allow_undated=False, today=DAY)[0].title == "Un titre"


def test_reasons_of_rows_are_short(tmp_path: Path) -> None:
    rows = "".join(f'{{"text": "Texte {n}.", "date": "{"bientôt" * 100}"}}\n' for n in range(5))
    left_out: list[str] = []
    path = write(tmp_path / "a.jsonl", rows + '{"text": "Un texte.", "date": "2024"}\n')

    articles = read_articles(path, tmp_path, allow_undated=False, today=DAY, left_out=left_out)

    assert len(articles) == 1
    assert len(left_out[0]) <= MOST_REASON
    assert left_out[0].startswith("5 of 6 rows are not articles")
    assert left_out[0].endswith("and 2 more")


def test_an_old_workbook_with_an_archive_inside_is_no_archive(tmp_path: Path) -> None:
    """Pictures and themes of Excel for Mac are one; nothing says that it is protected."""
    path = write(tmp_path / "a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000) + b"PK\x05\x06" + bytes(18))

    assert "damaged" in reason(path)
