"""Reads the lines of a PDF with their positions, from which `pdf_layout.py` builds the text."""

import ctypes
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from trusted_cloud_chat.corpus.formats import PAGES, Found, marks
from trusted_cloud_chat.corpus.formats.pdf_layout import SAME_LINE, PdfLine, laid_out
from trusted_cloud_chat.corpus.titles import of_a_property
from trusted_cloud_chat.errors import ArticleError, shortened
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.normalise import composed

_SOFT_HYPHENS = "\x02\ufffe\uffff\xad"
"""PDFium's replacements for a hyphen with the line break after it."""
_FEW = 20
"""Average characters per page below which a PDF counts as having no text layer."""
_APART = 0.9
"""Gap between two columns or cells, in letter sizes."""
_LISTED, _MOSTLY, _ACCENTED = 5, 0.9, 3
"""Minimum lines of a table of contents, share of them with growing numbers; minimum accents before their letters."""
_SCANNED = (
    "no text on its pages, only pictures: a scanned document. Give it a text layer first, for instance with "
    "`ocrmypdf IN.pdf OUT.pdf`"
)


def read(path: Path) -> Found:
    """The text of a PDF in reading order, each page ended by a form feed. Raises ArticleError for a scanned one."""
    try:
        document = pdfium.PdfDocument(path)
        len(document)
    except pdfium.PdfiumError as error:
        if raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            raise ArticleError("protected by a password: save it without one") from None
        raise ArticleError(f"damaged, or not a PDF: {error}") from error
    if len(document) > PAGES:
        raise ArticleError(f"{len(document):,} pages: at most {PAGES:,} are read, so split it")
    pages = [_lines(document, number) for number in range(len(document))]
    pages = with_letters_whole(without_contents(pages))
    length = sum(len(line.text) for page in pages for line in page)
    if length < _FEW * len(pages) and not any(len(page) > 2 for page in pages):
        first = (document[number] for number in range(min(len(document), 5)))
        pictures = any(next(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]), None) is not None for page in first)
        raise ArticleError(_SCANNED if pictures else "no text on its pages: expected an article")
    text, title, heads = laid_out(pages)
    about = document.get_metadata_dict()
    found = Found(text)
    found.fields["title"] = of_a_property(about.get("Title", "")) or title
    if heads:
        shown = ", ".join(f"« {shortened(head, 60)} »" for head in heads[:3]) + (" …" if len(heads) > 3 else "")
        found.notices.append(f"left out, since it is at the edge of most pages: {shown}")
    empty = [str(number) for number, page in enumerate(pages, start=1) if not page]
    if empty:
        found.notices.append(f"no text on page {', '.join(empty[:10])}{' …' if len(empty) > 10 else ''}")
    return found


def _lines(document: Any, number: int) -> list[PdfLine]:
    """The lines of a page, split at column gaps."""
    try:
        page = document[number]
        words = page.get_textpage()
    except pdfium.PdfiumError:
        return []  # reported as a page without text
    try:
        text = words.get_text_range(errors="replace") if words.count_chars() else ""
        left, bottom, right, top = page.get_cropbox()
        lines = (line for part, at in _split(text) for line in _pieces(words, part, at))
        # Programs that crop a sheet into pages keep all of its text on each page.
        return [line for line in lines if bottom <= line.y <= top and line.left <= right and line.right >= left]
    finally:
        words.close()
        page.close()


def without_contents(pages: list[list[PdfLine]]) -> list[list[PdfLine]]:
    """Removes a table of contents: enough lines such as « 3.1 Réglages . . . . 12 » with growing page numbers."""
    dotted = [(page, line) for page in pages for line in page if patterns.LEADER.search(line.text)]
    rows = [[other for other in page if abs(other.y - line.y) < SAME_LINE * line.size] for page, line in dotted]
    ends = [max(row, key=lambda line: line.right).text.replace(".", " ").split()[-1:] for row in rows]
    numbers = [int(end[0]) for end in ends if end and end[0].isdecimal()]
    grown = sum(later >= number for number, later in pairwise(numbers))
    if len(numbers) < max(_LISTED, _MOSTLY * len(rows)) or grown < _MOSTLY * (len(numbers) - 1):
        return pages
    out = {id(line) for row in rows for line in row}
    return [[line for line in page if id(line) not in out] for page in pages]


def with_letters_whole(pages: list[list[PdfLine]]) -> list[list[PdfLine]]:
    """Composes accents with their letters: TeX's old fonts set « d´efini »."""
    if sum(line.text.count("´e") for page in pages for line in page) < _ACCENTED:
        return pages
    return [[replace(line, text=text) for line in page if (text := composed(line.text))] for page in pages]


def _split(text: str) -> Iterator[tuple[str, int]]:
    """The lines and their positions in `text`; PDFium joins lines at a hyphen."""
    at = 0
    for position, character in enumerate(text):
        if character == "\n" or character in _SOFT_HYPHENS:
            yield text[at:position].rstrip("\r") + ("" if character == "\n" else "-"), at
            at = position + 1
    yield text[at:], at


def _pieces(words: Any, text: str, at: int) -> list[PdfLine]:
    """A line, split at wide gaps between words."""
    cuts, apart = [0], _APART * _size(words, at + _letter(text))
    for gap in patterns.GAP_BETWEEN_WORDS.finditer(text):
        start, end = gap.span()
        if marks.is_sign(text[cuts[-1] : start]):
            continue
        before, after = _box(words, at + start - 1), _box(words, at + end)
        if before and after and after[0] - before[2] > apart:
            cuts.append(end)
    return [_line(words, text[a:b], at + a) for a, b in pairwise([*cuts, len(text)]) if text[a:b].strip()]


def _letter(text: str) -> int:
    """The position of a letter near the middle: PDFium inserts spaces, which have no size."""
    middle = len(text) // 2
    return next((place for place in (*range(middle, len(text)), *range(middle)) if not text[place].isspace()), 0)


def _line(words: Any, text: str, at: int) -> PdfLine:
    first, middle, last = at + len(text) - len(text.lstrip()), at + _letter(text), at + len(text.rstrip()) - 1
    begin, end = _box(words, first), _box(words, last)
    left, bottom, _, top = begin or (0.0, 0.0, 0.0, 0.0)
    bold = all(_bold(words, place) for place in (first, middle, last))
    return PdfLine(text.strip(), left, end[2] if end else left, (top + bottom) / 2, _size(words, middle), bold)


def _box(words: Any, index: int, *, loose: bool = False) -> tuple[float, float, float, float] | None:
    """Left, bottom, right and top of the character at a position in the text; if `loose`, of its font's box."""
    with suppress(pdfium.PdfiumError):
        left, bottom, right, top = words.get_charbox(raw.FPDFText_GetCharIndexFromTextIndex(words, index), loose)
        return left, bottom, right, top
    return None


def _size(words: Any, index: int) -> float:
    """The displayed size of a character's font."""
    _, bottom, _, top = _box(words, index, loose=True) or (0.0, 0.0, 0.0, 0.0)
    return round(abs(top - bottom), 1)


def _bold(words: Any, index: int) -> bool:
    if raw.FPDFText_GetFontWeight(words, index) >= 600:
        return True
    name, place = ctypes.create_string_buffer(128), raw.FPDFText_GetCharIndexFromTextIndex(words, index)
    raw.FPDFText_GetFontInfo(words, place, name, len(name), ctypes.c_int())
    return b"bold" in name.value.lower()
