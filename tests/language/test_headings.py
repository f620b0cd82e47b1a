"""The headings over a place of a text."""

from __future__ import annotations

from pathlib import Path

import pytest

from made import article_of
from trusted_cloud_chat.answering.wording import on_page
from trusted_cloud_chat.chunking import title_over
from trusted_cloud_chat.corpus.formats import web_page
from trusted_cloud_chat.language.headings import heading_path, place_in

LAW = web_page.page((Path(__file__).parents[1] / "corpus/pages/law.html").read_bytes()).text
GUIDE = "# Guide\n\nUn mot.\n\nInstaller\n=========\n\n## Avec pip\n\nLancez-le.\n\nQue faire ensuite ?\n\nRien.\n\n# Fin\n\nMerci.\n"


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("partir de 50 000", "Livre Ier, titre Ier, article R11-1"), ("trente jours", "Livre Ier, titre Ier, article R11-2"),
        ("partir de 250 000", "Livre II, titre Ier, article R21-1"), ("Travaux", "Livre II, titre Ier, article R21-1"),
    ],
)  # fmt: skip
def test_of_a_rule_its_book_title_and_article(said: str, place: str) -> None:
    """Two rules alike, of two books, are told apart by where they stand."""
    at = LAW.index(said)
    article = article_of(LAW, title="Code des pontons")

    assert place_in(LAW, at, article.title) == place
    assert on_page(article, at) == f", {place}"
    assert title_over(article, at).startswith(
        f"Code des pontons – {heading_path(LAW, at)[1]} – Titre Ier : Seuils – Article R"
    )


def test_over_a_heading_stand_those_above_it() -> None:
    at = LAW.index("Article R21-1")

    assert heading_path(LAW, at) == ("Code des pontons", "Livre II : Pontons de défense", "Titre Ier : Seuils")


@pytest.mark.parametrize(
    ("said", "path", "place"),
    [("Un mot", ("Guide",), ""), ("Lancez-le", ("Installer", "Avec pip"), "Installer › Avec pip"), ("Rien", ("Installer", "Avec pip"), "Installer › Avec pip"), ("Merci", ("Fin",), "Fin")],
)  # fmt: skip
def test_of_a_guide_the_nearest_headings(said: str, path: tuple[str, ...], place: str) -> None:
    at = GUIDE.index(said)

    assert heading_path(GUIDE, at) == path
    assert place_in(GUIDE, at, "Guide") == place


def test_without_headings_there_is_no_place() -> None:
    assert place_in("Une phrase. Une autre.", 5) == ""
    assert heading_path("", 0) == ()


def test_what_leaves_no_room_is_left_out() -> None:
    text = "".join(f"{'#' * level} {chr(96 + level) * 100}\n\n" for level in range(1, 6)) + "Une phrase."

    assert title_over(article_of(text, title="T"), text.index("Une")) == f"T – {'a' * 100} – {'e' * 100}"


@pytest.mark.parametrize(
    "heading", ["Article L. 2113-10", "Chapitre premier – Objet", "Annexe 3 : modèles", "Section 2. Délais"]
)
def test_numbers_of_parts(heading: str) -> None:
    place = place_in(f"# {heading}\n\nUn mot.", len(heading) + 6)

    assert heading.startswith(place)
    assert len(place.split()) <= 3
