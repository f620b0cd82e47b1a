"""Reads presentations (PPTX, each slide a page) and workbooks (XLSX, XLS, ODS)."""

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pptx
import python_calamine as calamine

from trusted_cloud_chat.corpus.formats import CELLS, PAGES, Found, marks, zipped
from trusted_cloud_chat.corpus.titles import of_a_property, of_name, sensible
from trusted_cloud_chat.errors import ArticleError
from trusted_cloud_chat.language.pages import PAGE_END


def read(path: Path) -> Found:
    """Titles, texts, lists and tables of the slides, without the speaker's notes."""
    with zipped.opened(path) as opened:
        about = zipped.office_properties(opened)
    presentation = pptx.Presentation(str(path))
    if len(presentation.slides) > PAGES:
        raise ArticleError(f"{len(presentation.slides)} slides: at most {PAGES} are read, so split it")
    pages = [marks.joined(_slide(slide)) for slide in presentation.slides]
    found = Found("\n\n".join(f"{page}{PAGE_END}" for page in pages))
    first = next(filter(None, (sensible(marks.line(_title(slide))) for slide in presentation.slides)), "")
    title = first or of_a_property(about["title"]) or of_name(path.name)
    found.fields = {"title": title, "language": about["language"][:2]}
    notes = (s.notes_slide.notes_text_frame for s in presentation.slides if s.has_notes_slide)
    if any(frame is not None and frame.text.strip() for frame in notes):
        found.notices.append("the speaker’s notes are not read")
    found.guess("publisher", about["company"], "the company in its properties")
    return found


def _title(slide: Any) -> str:
    shape = slide.shapes.title
    return shape.text_frame.text if shape is not None else ""


def _slide(slide: Any) -> Iterator[str]:
    title = slide.shapes.title
    yield marks.heading(_title(slide), 2)
    for shape in sorted(_shapes(slide.shapes), key=lambda s: (s.top or 0, s.left or 0)):
        if title is not None and shape.shape_id == title.shape_id:
            continue
        if getattr(shape, "has_table", False):
            yield marks.rows([[cell.text for cell in row.cells] for row in shape.table.rows])
        elif shape.has_text_frame:
            listed = len(shape.text_frame.paragraphs) > 1
            for paragraph in shape.text_frame.paragraphs:
                text = paragraph.text.replace("\v", "\n")
                yield marks.item(text) if listed else marks.paragraph(text)


def _shapes(shapes: Iterable[Any]) -> Iterator[Any]:
    """The shapes, including those in groups."""
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from _shapes(shape.shapes)
        else:
            yield shape


def read_workbook(path: Path) -> Found:
    """The visible sheets, each a heading and a table."""
    about = {"title": "", "language": "", "company": ""}
    if path.suffix.lower() == ".xlsx" or zipped.is_archive(path):  # else an old workbook
        with zipped.opened(path) as opened:
            about = zipped.office_properties(opened)
    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
    except calamine.PasswordError:
        raise ArticleError("protected by a password: save it without one") from None
    except (calamine.CalamineError, OSError) as error:
        raise ArticleError(f"damaged, or not of the format that its name says: {error}") from error
    blocks, cells = [], 0
    for name in (s.name for s in book.sheets_metadata if s.visible == calamine.SheetVisibleEnum.Visible):
        sheet = book.get_sheet_by_name(name)
        cells += sheet.height * sheet.width
        if cells > CELLS:
            raise ArticleError(f"more than {CELLS:,} cells, the maximum that is read")
        table = marks.rows([[_shown(value) for value in row] for row in sheet.to_python(skip_empty_area=True)])
        blocks += [marks.heading(name, 2), table] if table else []
    found = Found(marks.joined(blocks))
    found.fields = {"title": of_a_property(about["title"]), "language": about["language"][:2]}
    found.guess("title", of_name(path.name), "the file's name")
    found.guess("publisher", about["company"], "the company in its properties")
    return found


def _shown(value: Any) -> str:
    """The text of a cell: 12 instead of 12.0, dates as 2024-03-12."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return str(value)
