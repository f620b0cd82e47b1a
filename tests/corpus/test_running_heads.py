"""Heads and feet of a PDF's pages are no text, and nothing else is taken for one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from trusted_cloud_chat.corpus.formats.pdf import with_letters_whole, without_contents
from trusted_cloud_chat.corpus.formats.pdf_layout import PdfLine, laid_out, without_running_heads


def page(head: str, *body: str, foot: str = "", apart: float = 40.0) -> list[PdfLine]:
    """Lines 14 points apart; head and foot stand away from them."""
    places = [780.0, *(740.0 - 14 * n for n in range(len(body)))]
    said = [head, *body]
    if foot:
        said, places = [*said, foot], [*places, places[-1] - apart]
    return [PdfLine(text, 72, 400, y, 11, bold=False) for text, y in zip(said, places, strict=True)]


def texts(pages: list[list[PdfLine]]) -> list[list[str]]:
    return [[line.text for line in lines] for lines in pages]


NAMES = ("Brest", "Lyon", "Nice", "Metz")


def test_what_runs_is_left_out_and_told() -> None:
    pages = [page("Rapport 2025", f"À {name}.", f"De {name}.", foot=f"Page {n} sur 4") for n, name in enumerate(NAMES)]

    kept, heads = without_running_heads(pages)

    assert texts(kept) == [[f"À {name}.", f"De {name}."] for name in NAMES]
    assert heads == ["Rapport …", "Page … sur …"]


@pytest.mark.parametrize(
    ("feet", "apart"),
    [
        (["Pour : 6 – Contre : 1", "Pour : 4 – Contre : 3", "Pour : 7 – Contre : 0", "Pour : 5 – Contre : 2"], 40.0),
        (["Montant : 12 300 €", "Montant : 45 800 €", "Montant : 7 150 €", "Montant : 99 000 €"], 40.0),
        (["Adopté à l’unanimité"] * 4, 14.0),
        (["Adopté à l’unanimité."] * 4, 40.0),
    ],
)
def test_what_pages_happen_to_end_with_stays(feet: list[str], apart: float) -> None:
    """Other figures than those that count the pages, and what stands with the text."""
    pages = [
        page("Registre", f"À {name}.", f"De {name}.", foot=foot, apart=apart)
        for name, foot in zip(NAMES, feet, strict=True)
    ]

    assert [lines[-1] for lines in texts(without_running_heads(pages)[0])] == feet


def test_at_another_place_of_each_page_it_is_text() -> None:
    pages = [page("Registre", *["Une phrase."] * n, foot="Rejeté.", apart=40.0) for n in (2, 5, 9, 12)]

    assert all(lines[-1] == "Rejeté." for lines in texts(without_running_heads(pages)[0]))


def test_one_odd_page_and_a_new_count_hide_no_head() -> None:
    """A page lies across, and a chapter counts from one again; a word may run at both edges."""
    pages = [
        page("CONFIDENTIEL", f"À {NAMES[n % 4]}.", f"De {NAMES[n % 3]} {NAMES[n % 4]}.", foot=f"Page {n % 7 + 1}")
        for n in range(10)
    ]
    pages[3] = [replace(line, y=line.y - 240) for line in pages[3]]
    both = [page("CONFIDENTIEL", f"À {name}.", f"De {name}.", foot="CONFIDENTIEL") for name in NAMES]

    assert [len(lines) for n, lines in enumerate(without_running_heads(pages)[0]) if n != 3] == [2] * 9
    assert [len(lines) for lines in without_running_heads(both)[0]] == [2] * 4


def test_what_stands_beside_the_number_of_the_page_runs_too() -> None:
    """Each chapter has its own; what stands beside another number is text."""
    pages = [page(f"{n}. {name}", f"À {name}.", f"De {name}.", "12", apart=40.0) for n, name in enumerate(NAMES)]
    pages = [[*lines, replace(lines[0], text=str(n), left=380.0)] for n, lines in enumerate(pages, start=7)]

    kept, heads = without_running_heads(pages)

    assert [lines[:2] for lines in texts(kept)] == [[f"À {name}.", f"De {name}."] for name in NAMES]
    assert heads == ["…. Brest", "…. Lyon", "…. Nice", "…. Metz"]


def test_a_table_of_contents_is_no_text() -> None:
    """Its lines come in one piece or in three; a price list, whose figures do not grow, stays."""
    contents = page("Sommaire", *(f"{n} Chapitre . . . . . . {3 * n}" for n in range(1, 7)))
    apart = [replace(line, text=said, left=left, right=left + 9, y=line.y - dropped)
             for line in contents[1:]
             for said, left, dropped in (("Chapitre", 72, 0), (". . . . .", 200, 3), (line.text.split()[-1], 390, 0))]  # fmt: skip
    prices = page("Tarifs", *(f"Quai {n} ........ {price}" for n, price in enumerate((12, 9, 14, 6, 11, 3))))

    assert texts(without_contents([contents])) == [["Sommaire"]]
    assert texts(without_contents([apart])) == [[]]
    assert without_contents([prices]) == [prices]


def test_accents_stand_on_their_letters() -> None:
    """TeX's old fonts draw « ´ » and « e »; a text without such letters keeps its signs."""
    drawn = page("R´eglages", "l`a, ˆetre, ¸ca, naˆıf, d´ej`a pr´evu", "Etiquettes ´")
    code = page("Code", "`cat`, 3 ˆ 2")

    assert texts(with_letters_whole([drawn])) == [["Réglages", "là, être, ça, naîf, déjà prévu", "Etiquettes"]]
    assert with_letters_whole([code]) == [code]


def test_headings_whose_numbers_stand_apart_are_no_table() -> None:
    rows = [("2", "Réglages", 17.0), ("2.1", "Accès", 14.0)]
    headings = [
        PdfLine(text, left, left + 20, 700 - 20 * n, size, bold=True)
        for n, (number, said, size) in enumerate(rows)
        for text, left in ((number, 72), (said, 110))
    ]
    body = [PdfLine(f"Le quai {n} ouvre en mai, dit le port.", 72, 400, 640 - 14 * n, 11, bold=False) for n in range(4)]

    assert laid_out([[*headings, *body]])[0].startswith("# 2 Réglages\n\n## 2.1 Accès\n\nLe quai 0")
