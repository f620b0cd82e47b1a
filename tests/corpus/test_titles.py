"""Titles: the first heading, the document's property, the file's name, and never a program's or a template's words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import docx
import pptx
import pytest
import xlsxwriter

from builders import write
from trusted_cloud_chat.corpus import read_article
from trusted_cloud_chat.corpus.formats import web_page
from trusted_cloud_chat.corpus.titles import of_a_property, sensible


def title(path: Path) -> str:
    return read_article(path, path.parent, allow_undated=True, today=date(2026, 11, 30)).title


@pytest.mark.parametrize(
    "said",
    ["Présentation PowerPoint", "PowerPoint Presentation", "Feuil1", "Slide 1", "Sans titre", "<!-- TODO -->", "{{ page.title }}", "Document1", "***", "rapport.docx", "Microsoft Word - x"],
)  # fmt: skip
def test_words_of_programs_are_none(said: str) -> None:
    assert sensible(said) == ""


def test_a_technical_name_is_none_of_a_property() -> None:
    assert of_a_property("EXPORT_2024_V3") == ""
    assert of_a_property("Le quai électrique") == sensible("Le quai électrique") == "Le quai électrique"


def test_of_files(tmp_path: Path) -> None:
    shown = pptx.Presentation()
    shown.core_properties.title = "Présentation PowerPoint"
    slide = shown.slides.add_slide(shown.slide_layouts[6])
    slide.shapes.add_textbox(0, 0, 10**6, 10**6).text_frame.text = "Le quai ouvre en mai, dit le port."
    shown.save(str(tmp_path / "quai-electrique.pptx"))
    written = docx.Document()
    written.core_properties.title = "Modèle de note"
    written.add_heading("Le quai de Brest", 1)
    written.add_paragraph("Il ouvre en mai.")
    written.save(str(tmp_path / "n.docx"))
    book = xlsxwriter.Workbook(str(tmp_path / "tarifs_du_quai.xlsx"))
    book.set_properties({"title": "EXPORT_V3"})
    book.add_worksheet("Feuil1").write_row(0, 0, ["Quai", "Prix"])
    book.close()

    assert title(tmp_path / "quai-electrique.pptx") == "quai electrique"
    assert title(tmp_path / "n.docx") == "Le quai de Brest"
    assert title(tmp_path / "tarifs_du_quai.xlsx") == "tarifs du quai"
    assert title(write(tmp_path / "a.md", "<!-- modèle -->\n# Le quai\n\nIl ouvre.\n")) == "Le quai"
    assert title(write(tmp_path / "README.md", "---\ntitle: '{{ titre }}'\n---\n# Le port\n\nIl ouvre.\n")) == "Le port"


@pytest.mark.parametrize(
    ("head", "headings", "said"),
    [
        ("Le quai – la voile pour tous: Tarifs", "<h2>Tarifs</h2>", "Tarifs"),
        ("tarifs-2 - Manuel du quai", "<h1>Manuel du quai</h1><h1>Les tarifs</h1>", "Les tarifs"),
        ("Les tarifs — Manuel du quai", "<h1>Les tarifs<a href='#t'>¶</a></h1><h2>Adultes</h2>", "Les tarifs"),
        ("Le quai", "<h1>Le quai</h1><h2>Adultes</h2>", "Le quai"),
    ],
)
def test_of_a_page_not_the_name_of_its_site(head: str, headings: str, said: str) -> None:
    text = "<p>Le billet du quai de Brest coûte douze euros en mai, et six en hiver.</p>" * 3
    meta = "<meta name='dc.title' content='Manuel du quai'>" if head.startswith("tarifs-2") else ""
    page = f"<html><head><title>{head}</title>{meta}</head><body>{headings}{text}</body></html>"

    assert web_page.page(page.encode()).fields["title"] == said
