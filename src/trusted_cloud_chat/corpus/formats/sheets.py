"""Workbooks: XLSX, and XLS and ODS, which the same library reads."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import python_calamine as calamine

from trusted_cloud_chat.corpus.formats import limits, marks, zipped
from trusted_cloud_chat.corpus.formats.found import Found
from trusted_cloud_chat.corpus.titles import of_a_property, of_name
from trusted_cloud_chat.errors import ArticleError

_XLSX = ".xlsx"


def read(path: Path) -> Found:
    """Each visible sheet with its name as heading and its rows as a table, the first with words its header."""
    about = _properties(path)
    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
    except calamine.PasswordError:
        raise ArticleError("protected by a password: save it without one") from None
    except (calamine.CalamineError, OSError) as error:
        raise ArticleError(f"damaged, or not what its name says: {error}") from error
    visible = [s.name for s in book.sheets_metadata if s.visible == calamine.SheetVisibleEnum.Visible]
    blocks, cells = [], 0
    for name in visible:
        sheet = book.get_sheet_by_name(name)
        cells += sheet.height * sheet.width
        if cells > limits.CELLS:
            raise ArticleError(f"more than {limits.CELLS:,} cells: at most so many are read")
        table = marks.rows([[_shown(value) for value in row] for row in sheet.to_python(skip_empty_area=True)])
        blocks += [marks.heading(name, 2), table] if table else []
    found = Found(marks.joined(blocks))
    found.fields = {"title": of_a_property(about.get("title", "")), "language": about.get("language", "")[:2]}
    found.guess("title", of_name(path.name), "the file's name")
    found.guess("publisher", about.get("company"), "the company in its properties")
    return found


def _properties(path: Path) -> dict[str, str]:
    if path.suffix.lower() != _XLSX and not zipped.is_archive(path):
        return {}  # an old workbook
    with zipped.opened(path) as opened:
        return zipped.office_properties(opened)


def _shown(value: Any) -> str:
    """A cell as people read it: 12 and not 12.0, days as 2024-03-12."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return str(value)
