"""Small files of each format, made by the libraries that write them."""

from __future__ import annotations

import zipfile
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import odfdo
import pptx
import xlsxwriter
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas
from reportlab.platypus import ListFlowable, ListItem, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

FIRST = (
    "La coentreprise d’Orange et de Capgemini a reçu mardi la qualification SecNumCloud de l’Anssi, après dix-huit mois "
    "de travaux. Elle était attendue depuis l’automne par les hôpitaux."
)
SECOND = "Les premiers clients publics arrivent au mois de mai. Le tarif d’entrée est de douze euros par mois."
TABLE = [["Offre", "Prix par mois"], ["Essentiel", "12 €"], ["Avancé", "29 €"]]
PAGE = f"""<!DOCTYPE html>
<!-- saved from url=(0043)https://www.exemple.fr/actualites/bleu.html -->
<html lang="fr"><head><meta charset="utf-8"><title>Bleu obtient sa qualification - Le Nuage</title>
<meta property="og:site_name" content="Le Nuage">
<meta property="article:published_time" content="2025-03-12T08:00:00+01:00">
<link rel="canonical" href="https://www.exemple.fr/actualites/bleu"></head>
<body><header><nav><ul><li><a href="/">Accueil</a></li><li><a href="/c">Contact</a></li></ul></nav></header>
<main><article><h1>Bleu obtient sa qualification</h1><p>{FIRST}</p><h2>Ce qu’elle couvre</h2>
<p>Elle porte sur les services suivants :</p><ul><li>le calcul et le stockage ;</li><li>les bases de données.</li></ul>
<h2>Les tarifs</h2><table><tr><th>Offre</th><th>Prix par mois</th></tr><tr><td>Essentiel</td><td>12 €</td></tr>
<tr><td>Avancé</td><td>29 €</td></tr></table><p>{SECOND}</p></article></main>
<footer>© 2026 Le Nuage – Mentions légales – Cookies – Plan du site</footer></body></html>"""


def pdf(path: Path, pages: int = 3, **options: Any) -> Path:
    """A PDF with headings, paragraphs, a list, a table, a running head and page numbers; `SECOND` is on the last page."""
    style = getSampleStyleSheet()
    story: list[Any] = [Paragraph("Le cloud de confiance en France", style["Title"])]
    for number in range(1, pages + 1):
        story += [Paragraph(f"Chapitre {number}", style["Heading2"]), Paragraph(FIRST, style["BodyText"])]
        if number == pages:
            items = [ListItem(Paragraph(said, style["BodyText"])) for said in ("le calcul ;", "le stockage.")]
            story += [ListFlowable(items, bulletType="bullet"), Spacer(1, 20), Table(TABLE), Spacer(1, 20)]
            story += [Paragraph(SECOND, style["BodyText"])]
        story += [] if number == pages else [PageBreak()]

    def edges(drawn: Any, document: Any) -> None:
        drawn.setFont("Helvetica", 8)
        drawn.drawString(72, 810, "Rapport du nuage 2025")
        drawn.drawString(500, 20, f"Page {document.page}")

    SimpleDocTemplate(str(path), pagesize=A4, invariant=1, **options).build(
        story, onFirstPage=edges, onLaterPages=edges
    )
    return path


def drawn_pdf(path: Path, *pages: list[tuple[float, float, str]], **options: Any) -> Path:
    """A PDF with text in 10 points at the given positions (x, y, text), one list per page."""
    drawing = canvas.Canvas(str(path), pagesize=A4, invariant=1, **options)
    for page in pages:
        drawing.setFont("Helvetica", 10)
        for x, y, text in page:
            drawing.drawString(x, y, text)
        drawing.showPage()
    drawing.save()
    return path


def scanned_pdf(path: Path) -> Path:
    """A PDF with one picture per page and no text."""
    from PIL import Image

    drawing = canvas.Canvas(str(path), pagesize=A4, invariant=1)
    for _ in range(2):
        drawing.drawImage(ImageReader(Image.new("RGB", (60, 80), "white")), 0, 0, 500, 700)
        drawing.showPage()
    drawing.save()
    return path


def word(path: Path) -> Path:
    document = docx.Document()
    document.core_properties.title = "Note sur Bleu"
    document.add_heading("Ce qu’elle couvre", 1)
    document.add_paragraph(FIRST)
    for said in ("le calcul ;", "le stockage."):
        document.add_paragraph(said, style="List Bullet")
    cells = document.add_table(len(TABLE), 2)
    for row, said in zip(cells.rows, TABLE, strict=True):
        for cell, text in zip(row.cells, said, strict=True):
            cell.text = text
    document.add_paragraph(SECOND)
    document.save(str(path))
    return path


def odt(path: Path) -> Path:
    document = odfdo.Document("text")
    document.body.clear()
    table = odfdo.Table("Tarifs")
    table.set_values(TABLE)
    for element in (
        odfdo.Header(1, "Ce qu’elle couvre"), odfdo.Paragraph(FIRST), odfdo.List(["le calcul ;", "le stockage."]), table,
        odfdo.Paragraph(SECOND),
    ):  # fmt: skip
        document.body.append(element)
    document.meta.title = "Note sur Bleu"
    document.save(str(path))
    return path


def slides(path: Path) -> Path:
    presentation = pptx.Presentation()
    for title, body in (("Bleu en 2025", FIRST), ("Les tarifs", "le calcul ;\nle stockage.")):
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = body
    table = presentation.slides[1].shapes.add_table(len(TABLE), 2, 0, 3_000_000, 5_000_000, 1_000_000).table
    for row, said in enumerate(TABLE):
        for column, text in enumerate(said):
            table.cell(row, column).text = text
    presentation.save(str(path))
    return path


def workbook(path: Path) -> Path:
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"title": "Tarifs de Bleu", "company": "Bleu SAS"})
    sheet, hidden = book.add_worksheet("Tarifs"), book.add_worksheet("Calculs")
    for number, row in enumerate(TABLE):
        sheet.write_row(number, 0, row)
    sheet.write_row(3, 0, ["Total", 41])
    hidden.write(0, 0, "à ne pas montrer")
    hidden.hide()
    book.close()
    return path


def letter(path: Path) -> Path:
    message = EmailMessage()
    message["Subject"] = "Qualification de Bleu"
    message["From"] = "Le Nuage <redaction@exemple.fr>"
    message["Date"] = "Wed, 12 Mar 2025 08:00:00 +0100"
    message.set_content(f"{FIRST}\n\n{SECOND}\n")
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="annexe.pdf")
    path.write_bytes(bytes(message))
    return path


def saved_page(path: Path) -> Path:
    """An MHTML file, as a browser saves a page with its pictures."""
    message = EmailMessage()
    message["Snapshot-Content-Location"] = "https://www.exemple.fr/actualites/bleu?src=x"
    message["Date"] = "Wed, 12 Mar 2026 08:00:00 +0100"
    message.set_content(PAGE, subtype="html", cte="quoted-printable")
    message.make_related()
    message.add_related(b"\x89PNG", maintype="image", subtype="png")
    path.write_bytes(bytes(message))
    return path


def book(path: Path, **more: str) -> Path:
    """An EPUB with two chapters; `more`: further files in it."""
    chapter = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body><h1>{}</h1><p>{}</p></body></html>'
    files = {
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
        '<rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
        "OEBPS/content.opf": '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Le nuage français</dc:title><dc:publisher>Éditions du Ciel'
        "</dc:publisher><dc:date>2024-05-02T00:00:00Z</dc:date><dc:language>fr-FR</dc:language></metadata><manifest>"
        '<item id="n" href="nav.xhtml" properties="nav"/><item id="a" href="un.xhtml"/><item id="b" href="d%20eux.xhtml"/>'
        '</manifest><spine><itemref idref="n"/><itemref idref="a"/><itemref idref="b"/></spine></package>',
        "OEBPS/nav.xhtml": chapter.format("Sommaire", "Un, deux"),
        "OEBPS/un.xhtml": chapter.format("Chapitre premier", FIRST),
        "OEBPS/d eux.xhtml": chapter.format("Chapitre second", SECOND),
        **more,
    }
    return archive(path, files)


def archive(path: Path, files: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in files.items():
            made.writestr(name, text)
    return path


def with_entry(path: Path, name: str, content: bytes) -> Path:
    """Adds or replaces one entry of the archive."""
    with zipfile.ZipFile(path) as before:
        kept = {entry: before.read(entry) for entry in before.namelist() if entry != name}
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after:
        for entry, text in {**kept, name: content}.items():
            after.writestr(entry, text)
    path.write_bytes(made.getvalue())
    return path


def in_rtf(text: str) -> str:
    """`text` as an editor writes it to RTF: cp1252 escapes where possible, else Unicode escapes."""
    return "".join(
        c if c.isascii() else f"\\'{c.encode('cp1252').hex()}" if _is_latin(c) else f"\\u{ord(c)}?" for c in text
    )


def _is_latin(character: str) -> bool:
    try:
        return bool(character.encode("cp1252"))
    except UnicodeEncodeError:
        return False


def rtf(path: Path) -> Path:
    """An RTF file with a list, a table, a link, a picture and a surrogate pair."""
    first, second = in_rtf(FIRST), in_rtf(SECOND)
    items = "".join(f"{{\\listtext\\f1\\'b7\\tab}}{text}\\par\n" for text in ("le calcul ;", "le stockage."))
    rows = in_rtf("".join(f"\\trowd\\cellx2000 {a}\\cell {b}\\cell\\row\n" for a, b in TABLE))
    link = '{\\field{\\*\\fldinst{HYPERLINK "https://exemple.fr/a"}}{\\fldrslt{la page}}}'
    path.write_text(
        "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0\\fnil\\fcharset0 Calibri;}{\\f1\\fnil\\fcharset2 Symbol;}}\n"
        "{\\info{\\title Note}{\\author Personne}}\\viewkind4\\uc1\\pard\\b Note sur Bleu\\b0\\par\n"
        f"Publi\\u233?e le 12 mars 2025. {first}\\par\n{items}{rows}\\pard Voir {link}\\u-10179?\\u-8704?.\\par\n"
        f"{{\\pict\\pngblip 89504e470d0a1a0a}}{second}\\par}}",
        "ascii",
    )
    return path


MAKERS = {
    ".pdf": pdf, ".docx": word, ".odt": odt, ".rtf": rtf, ".pptx": slides, ".xlsx": workbook, ".eml": letter, ".mhtml": saved_page,
    ".epub": book,
}  # fmt: skip
