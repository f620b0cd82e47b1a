"""Where its lines stand tells which of them are one paragraph of a PDF, whatever word or figure they begin with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from corpus import format_files as made
from trusted_cloud_chat.corpus import read_article
from trusted_cloud_chat.corpus.formats.pdf_layout import PdfLine, laid_out
from trusted_cloud_chat.corpus.formats.pdf_layout import paragraphs as paragraphs_of
from trusted_cloud_chat.language.blocks import blocks_of
from trusted_cloud_chat.language.pages import page_of
from trusted_cloud_chat.schema import Article

Places = list[tuple[float, float, str]]
WIDE = "Une ligne entière de ce texte montre jusqu’où vont les autres de la page."


def lines_of(*lines: str, left: float = 72.0) -> Places:
    """Lines below each other."""
    return [(left, 700.0 - 14 * number, said) for number, said in enumerate(lines)]


def read(path: Path, *pages: Places) -> Article:
    return read_article(
        made.drawn_pdf(path / "a.pdf", *pages), path, today=date(2026, 12, 31), allow_undated=True, notices=[]
    )


def paragraphs(article: Article) -> list[str]:
    return [article.text[block.start : block.end] for block in blocks_of(article.text)]


@pytest.mark.parametrize(
    "lines",
    [
        ("Le résultat de la société Zarbo a progressé l’an passé et s’établit à", "12 millions d’euros."),
        ("Les ministres de la Santé et du Numérique l’ont présentée à Bercy, le", "12 mars 2025, aux hôpitaux."),
        ("La société, fondée en 1998, a été reprise il y a quelques mois par M.", "Xu, qui recrute."),
        ("Cette règle est celle de l’article que cite le décret, au sens de l’art.", "12 du code."),
        ("Cette règle est celle du décret que cite l’arrêté, qui porte le n°", "45."),
        ("Le chiffre d’affaires de la société, lit-on dans ce rapport, a atteint", "2. 5 fois ce montant."),
        ("Le ministère de la Santé et les hôpitaux ont choisi cette offre, et", "– dit-il – signé en mai."),
    ],
)
def test_a_sentence_goes_on_whatever_begins_its_next_line(tmp_path: Path, lines: tuple[str, str]) -> None:
    """Though a word more would have had room: people cut lines by hand, and letters differ in width."""
    assert paragraphs(read(tmp_path, lines_of(WIDE, *lines))) == [" ".join([WIDE, *lines])]


def test_short_lines_stay_apart(tmp_path: Path) -> None:
    lines = ["Société Zarbo", "14 rue de la Paix", "75002 Paris", "Elle a ouvert en mars."]

    assert paragraphs(read(tmp_path, lines_of(*lines, WIDE))) == [*lines, WIDE]


def test_the_edge_of_its_column_tells_whether_a_line_is_short(tmp_path: Path) -> None:
    """One column after the other, as most programs write them; the second one goes further to the right."""
    left = ["Ce service a coûté en", "2024 à l’État près de", "304 millions, au lieu de", "290 en", "2023.", "Fin."]
    right = ["Il emploie autant de gens que les hôpitaux.", "Son prix reste le même."]

    told = paragraphs(read(tmp_path, [*lines_of(*left), *lines_of(*right, left=320.0)]))

    assert told[0].startswith("Ce service a coûté en 2024 à l’État près de 304 millions, au lieu de 290 en")


def test_wide_spaces_of_a_justified_line_cut_no_sentence(tmp_path: Path) -> None:
    first, last = "Le conseil des hôpitaux de la région l’a", "de signer ce contrat avec le ministère."
    page = [
        (72.0, 700.0, first), (72.0, 686.0, "décidé"), (150.0, 686.0, "en mars"), (210.0, 686.0, "avant"),
        (72.0, 672.0, last),
    ]  # fmt: skip

    assert paragraphs(read(tmp_path, page)) == [f"{first} décidé en mars avant {last}"]


def test_items_and_indents_begin_paragraphs(tmp_path: Path) -> None:
    """After a line up to the edge too; the further lines of an item stand below its words, whatever they begin with."""
    full = "Une ligne du texte qui va jusqu’au bord de la page, ou presque"
    places = [
        (86, f"{full}."), (72, f"{full}."), (86, f"{full},"), (72, "sans finir."),
        (72, f"1) {full}"), (84, "20. Suite"), (72, f"2) {full}"), (84, "de plus."), (72, f"a) {full}."), (72, "b) Court"),
    ]  # fmt: skip
    page = [(float(x), 700.0 - 14 * number, said) for number, (x, said) in enumerate(places)]

    assert read(tmp_path, page).text.strip("\f").split("\n\n") == [
        f"{full}. {full}.", f"{full}, sans finir.", f"1) {full} 20. Suite", f"2) {full} de plus.", f"a) {full}.", "b) Court",
    ]  # fmt: skip


def test_a_word_that_a_page_cuts_is_whole_before_its_end(tmp_path: Path) -> None:
    """So that a quote with the word is a piece of the text; where the page holds nothing but the rest of it too."""
    said = [
        "La règle va bientôt les con-",
        "traindre à céder, peut-",
        "être à se con-",
        "vaincre.",
        f"Oui, peut-être. {WIDE}",
    ]

    article = read(tmp_path, *(lines_of(line) for line in said))

    assert article.text == (
        f"La règle va bientôt les contraindre\fà céder, peut-être\fà se convaincre.\f\f\n\nOui, peut-être. {WIDE}\f"
    )
    assert page_of(article.text, article.text.index("Oui")) == 5


def test_a_long_sentence_goes_on_over_the_page_before_a_figure(tmp_path: Path) -> None:
    first = lines_of(
        "Le contrat que la société a signé avec le ministère de la Santé et les hôpitaux porte sur un",
        "service de calcul et de stockage des données, dont le prix est passé en deux ans de près de",
    )

    article = read(tmp_path, first, lines_of("304 millions à 280 millions."))

    assert "de près de\f304 millions à 280 millions." in article.text


def test_a_full_line_goes_on_though_its_letters_are_larger_or_further_away(tmp_path: Path) -> None:
    """A sign in other letters makes a line higher; a heading, or a line that had room, does not go on."""
    said = ("Une ligne du texte qui va jusqu’au bord de la page, avec le signe", "de la composition, puis sa fin.")
    first, second = (PdfLine(text, 72, 400, 700.0 - 22 * n, 11 + n, bold=False) for n, text in enumerate(said))
    steps = [PdfLine(WIDE, 72, 400, 600.0 - 14 * n, 11, bold=False) for n in range(5)]

    def parted(*lines: PdfLine) -> bool:
        return len(next(iter(paragraphs_of([*lines, *steps], 11.0)))) == 1

    assert not parted(first, second)
    assert parted(replace(first, right=250.0), second)
    assert parted(first, replace(second, text="De la composition, puis sa fin."))


def test_what_stands_outside_of_a_page_is_not_on_it(tmp_path: Path) -> None:
    page = [*lines_of(WIDE), (72.0, -300.0, "Une autre page."), (900.0, 700.0, "Une page à côté.")]

    assert paragraphs(read(tmp_path, page)) == [WIDE]


def test_the_title_is_the_first_heading_of_the_first_page() -> None:
    body = [PdfLine(f"Une phrase {n}.", 72, 400, 600.0 - 14 * n, 11, bold=False) for n in range(4)]
    page = [PdfLine("Conditions de vente", 72, 400, 780, 20, bold=False), body[0]]
    page += [PdfLine("Article 1", 72, 400, 560, 20, bold=False), *body[1:]]

    assert laid_out([page, page, page])[1] == "Conditions de vente"
