"""Reads DOCX, ODT and RTF."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import docx
import odfdo
from docx.oxml.ns import qn
from striprtf.striprtf import rtf_to_text

from trusted_cloud_chat.corpus.formats import Found, marks, zipped
from trusted_cloud_chat.corpus.titles import first_heading, of_a_property, sensible
from trusted_cloud_chat.errors import ArticleError

_TEXT, _TAB, _BREAKS = qn("w:t"), qn("w:tab"), (qn("w:br"), qn("w:cr"))
_PARAGRAPH, _TABLE, _ROW, _CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_HOLDERS = (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml"), qn("w:smartTag"))
_MANIFEST = "META-INF/manifest.xml"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def read(path: Path) -> Found:
    """Headings, paragraphs, lists and tables of a DOCX in order, without headers, notes and deleted text."""
    with zipped.opened(path) as opened:
        about = zipped.office_properties(opened)
        entries = sorted({"word/footnotes.xml", "word/endnotes.xml"}.intersection(opened.namelist()))
        # The separator line is a note without text.
        notes = sum(any(t.text for t in note.iter(_TEXT)) for entry in entries for note in zipped.xml(opened, entry))
    document = docx.Document(str(path))
    styles = {style.style_id: _Style(style) for style in document.styles}
    blocks = list(_blocks(document.element.body, styles))
    found = Found(marks.joined(blocks))
    titles = (marks.line(_text(p)) for p in document.element.body.iter(_PARAGRAPH) if _style(p, styles).is_title)
    title = next(filter(None, map(sensible, titles)), "") or of_a_property(about["title"]) or first_heading(blocks)
    found.fields = {"title": title, "language": about["language"][:2]}
    found.guess("publisher", about["company"], "the company in its properties")
    if notes:
        found.notices.append(f"its footnotes are not read: {notes}")
    return found


def read_odt(path: Path) -> Found:
    with zipped.opened(path) as opened:
        if _MANIFEST in opened.namelist() and b":encryption-data" in opened.read(_MANIFEST):
            raise ArticleError("protected by a password: save it without one")
        zipped.xml(opened, "content.xml")  # refuses damaged XML and entities
    document = odfdo.Document(str(path))
    blocks = list(_odt_blocks(document.body))
    found = Found(marks.joined(blocks))
    title = of_a_property(document.meta.title or "") or first_heading(blocks)
    found.fields = {"title": title, "language": (document.meta.language or "")[:2]}
    return found


class _Style:
    """The role of a style in Word, by its name, which is English in all languages of Word."""

    def __init__(self, style: Any = None) -> None:
        name = (style.name or "").lower() if style is not None else ""
        level = name.removeprefix("heading ")
        self.level = int(level) if level.isdigit() and level != name else 0
        self.is_title = name == "title"
        numbered = style is not None and style.element.find(f".//{qn('w:numPr')}") is not None
        self.is_item = name.startswith("list ") or (numbered and not self.level)


_PLAIN = _Style()


def _blocks(parent: Any, styles: dict[str, _Style]) -> Iterator[str]:
    for child in parent.iterchildren():
        if child.tag == _PARAGRAPH:
            style, text = _style(child, styles), _text(child)
            if style.is_title or style.level:
                yield marks.heading(text, style.level + (not style.is_title))
            else:
                listed = style.is_item or child.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None
                yield marks.item(text) if listed else marks.paragraph(text)
        elif child.tag == _TABLE:
            yield marks.rows([[_text(cell) for cell in row.iter(_CELL)] for row in child.iterchildren(_ROW)])
        elif child.tag in _HOLDERS:
            yield from _blocks(child, styles)


def _style(paragraph: Any, styles: dict[str, _Style]) -> _Style:
    named = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return styles.get(named.get(qn("w:val")), _PLAIN) if named is not None else _PLAIN


def _text(element: Any) -> str:
    """The text of a paragraph or a cell, with tracked insertions and without deletions."""
    parts: list[str] = []
    for node in element.iter():
        if node.tag == _TEXT and not any(True for _ in node.iterancestors(_FALLBACK)):
            parts.append(node.text or "")
        elif node.tag == _TAB and node.getparent().tag != qn("w:tabs"):
            parts.append(" ")
        elif node.tag in _BREAKS or (node.tag == _PARAGRAPH and node is not element):
            parts.append("\n")
    return "".join(parts)


def _odt_blocks(parent: Any, *, listed: bool = False) -> Iterator[str]:
    for child in parent.children:
        if child.tag == "text:h":
            yield marks.heading(child.inner_text, int(child.get_attribute("text:outline-level") or 1))
        elif child.tag == "text:p":
            yield marks.item(child.inner_text) if listed else marks.paragraph(child.inner_text)
        elif child.tag == "table:table":
            rows = [row.get_elements(".//table:table-cell") for row in child.rows]
            texts = ([[p.inner_text for p in cell.get_elements(".//text:p")] for cell in row] for row in rows)
            yield marks.rows([list(map(" ".join, row)) for row in texts])
        elif child.tag in ("text:list", "text:list-item", "text:section"):
            yield from _odt_blocks(child, listed=listed or child.tag != "text:section")


def read_rtf(path: Path) -> Found:
    """Paragraphs, lists and tables in order, without headers, notes and pictures. Headings are not recognised."""
    written = path.read_bytes().decode("cp1252", "replace")
    if not written.lstrip().startswith("{\\rtf"):
        raise ArticleError("damaged, or not of the format that its name says: an RTF begins with {\\rtf")
    # Renaming this destination drops the addresses of links, which the library would put into the sentence.
    text: str = rtf_to_text(written.replace("\\fldinst", "\\fldtype"), errors="replace")
    # RTF writes characters beyond 65,535 as surrogates.
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return Found(marks.joined(_rtf_blocks(map(str.strip, whole.split("\n")))))


def _rtf_blocks(lines: Iterable[str]) -> Iterator[str]:
    """The library ends each cell with a bar, and puts a tab after a list sign."""
    for is_table, group in groupby(lines, key=lambda line: line.endswith("|")):
        if is_table:
            yield marks.rows([line[:-1].split("|") for line in group])
            continue
        for line in group:
            sign, tab, text = line.partition("\t")
            yield marks.item(text) if tab and marks.is_sign(sign) else marks.paragraph(line)
