"""Tables as CSV for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Sequence

from trusted_cloud_chat.schema import Language

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula at the beginning of a cell."""
_UTF8 = "\ufeff"


def csv_text(columns: Sequence[str], lines: Iterable[Sequence[str]], language: Language) -> str:
    """With the mark that tells a spreadsheet that it is UTF-8, parted as one expects it in that language; no cell is a formula."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if language == "fr" else ",")
    writer.writerow(columns)
    writer.writerows([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in line] for line in lines)
    return _UTF8 + text.getvalue()
