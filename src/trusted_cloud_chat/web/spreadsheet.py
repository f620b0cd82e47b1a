"""Tables as CSV for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Sequence

from trusted_cloud_chat.schema import Language

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Signs that open a formula in a spreadsheet."""
_UTF8 = "\ufeff"


def csv_text(columns: Sequence[str], lines: Iterable[Sequence[str]], language: Language) -> str:
    """With the UTF-8 mark and the separators that spreadsheets expect in that language; no cell is a formula."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if language == "fr" else ",")
    writer.writerow(columns)
    writer.writerows([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in line] for line in lines)
    return _UTF8 + text.getvalue()
