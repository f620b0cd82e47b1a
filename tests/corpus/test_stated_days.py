"""Where people write the day of a text: names of fields, forms, names of files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from builders import write
from trusted_cloud_chat.corpus import read_article
from trusted_cloud_chat.corpus.dateline import day_of_name, read_day
from trusted_cloud_chat.schema import Article


def read(path: Path) -> Article:
    return read_article(path, path.parent, allow_undated=True, today=date(2026, 11, 30))


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("publishedDate: 2025-07-31", "2025-07-31"), ("publication_date: 31/07/2025", "2025-07-31"), ("ms.date: 07/31/2025", "2025-07-31"),
        ("lastmod: 2025-07-31T10:00:00Z", "2025-07-31"), ("updated: 2025-07-31 10:00:00 +0100", "2025-07-31"),
        ("Date de publication: 31 juillet 2025", "2025-07-31"), ("pubDate: Thu, 31 Jul 2025 10:00:00 GMT", "2025-07-31"),
        ("updated: 2025-08-02\npublished: 2025-07-31", "2025-07-31"), ("date: 2025/07/31", "2025-07-31"), ("author: 2025-07-31", "None"),
    ],
)  # fmt: skip
def test_in_front_matter(tmp_path: Path, line: str, day: str) -> None:
    text = f"---\n{line}\n---\n# Le tarif\n\nCe tarif s’applique depuis le 28 juin 2025\n\nIl est de 12 €.\n"

    assert str(read(write(tmp_path / "a.md", text)).date) == day


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("2026-03-10-ia.md", "2026-03-10"), ("20260310_ia.pdf", "2026-03-10"), ("note 2026.03.10.txt", "2026-03-10"), ("2026-03-bulletin.md", "2026-03"),
        ("loi-2026.md", "None"), ("ISO-27001-2022.md", "None"), ("n-20261350.md", "None"), ("RGAA-4.1.2.md", "None"),
    ],
)  # fmt: skip
def test_in_the_name_of_a_file(name: str, day: str) -> None:
    assert str(day_of_name(name)) == day


def test_the_text_comes_before_the_name_of_its_file(tmp_path: Path) -> None:
    said = "# Le tarif\n\nPublié le 3 mars 2025\n\nIl est de 12 €.\n"

    assert str(read(write(tmp_path / "2026-03-10-tarif.md", said)).date) == "2025-03-03"
    assert str(read(write(tmp_path / "2026-03-11-tarif.md", "# Le tarif\n\nIl est de 12 €.\n")).date) == "2026-03-11"


def test_the_day_of_a_text_that_is_cited_is_not_its_own(tmp_path: Path) -> None:
    said = "L’essai peut être renouvelé.\n\nSource :\nRéponse ministérielle, publiée au JO du 1er mars 2011 et relative au courriel\n"

    assert read(write(tmp_path / "essai.md", said)).date is None


def test_nor_is_that_of_the_edition_before(tmp_path: Path) -> None:
    """Hard wraps cut « Supersedes Version 1.1 ratified on April 26th, 2004, and Version 1.0 » out of its sentence."""
    said = "Version 1.2 was ratified.\n\nSupersedes Version 1.1 ratified on April 26th, 2004, and Version 1.0\nratified before.\n"

    assert read(write(tmp_path / "contract.txt", f"{said}\nWe promise that the system is free.\n")).date is None


def test_a_day_under_the_title_is_only_likely(tmp_path: Path) -> None:
    article = read(
        write(tmp_path / "a.md", "# Commission\n\nSalle 3, mardi 15 octobre 2019, 18 h 30\n\nElle entend le préfet.\n")
    )

    assert (str(article.date), article.dated) == ("2019-10-15~", None)
    assert article.date is not None
    assert article.date.spoken() == "15\u00a0octobre 2019 (date estimée)"
    assert article.date.iso == "2019-10-15"


@pytest.mark.parametrize("said", ["{{ now }}", "bientôt", "", "2024-13-01"])
def test_what_is_no_day(said: str) -> None:
    assert read_day(said) is None
