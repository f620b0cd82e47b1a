"""Formats blocks of Markdown."""

from collections.abc import Iterable, Sequence

ROUND_BULLETS = "•●▪■◦‣∙"
BULLETS = f"{ROUND_BULLETS}·–—-*"
"""Signs before a list item; the last ones also occur inside sentences."""


def is_sign(text: str) -> bool:
    """Whether `text` is the sign of a list item: « • », « 1. », « b) »."""
    sign = text.strip()
    return sign in BULLETS or (len(sign) <= 4 and sign[-1] in ".)" and sign[:-1].isalnum())


def is_item(text: str) -> bool:
    return text[:1] in BULLETS and text[1:2] in (" ", "\u00a0") and len(text) > 2


def begins_item(text: str) -> bool:
    """Whether it begins with a bullet, « 1. », « 2) » or « a) »; « M. » and « A. » precede names."""
    sign = text.split()[0]
    return is_item(text) or (is_sign(sign) and (sign[-1] == ")" or (sign[:-1].isdigit() and len(sign) <= 3)))


def line(text: str) -> str:
    """On one line, without spaces around it."""
    return " ".join(text.split())


def heading(text: str, level: int = 1) -> str:
    return f"{'#' * min(max(level, 1), 6)} {line(text)}" if text.strip() else ""


def item(text: str) -> str:
    return f"- {line(text)}" if text.strip() else ""


def paragraph(text: str) -> str:
    """The lines of a paragraph, cleaned."""
    return "\n".join(filter(None, map(line, text.split("\n"))))


def rows(table: Sequence[Sequence[str]]) -> str:
    """A table as pipe rows, the first as header, without empty rows and columns; a single column as paragraphs."""
    cells = [[line(cell).replace("|", "\\|") for cell in row] for row in table]
    cells = [row for row in cells if any(row)]
    width = max(map(len, cells), default=0)
    full = [row + [""] * (width - len(row)) for row in cells]
    kept = [column for column in range(width) if any(row[column] for row in full)]
    if not full:
        return ""
    if len(kept) == 1:
        return "\n\n".join(row[kept[0]] for row in full if row[kept[0]])
    caption, full = _captioned(full)
    lines = [f"| {' | '.join(row[column] for column in kept)} |" for row in full]
    return "\n".join([*caption, lines[0], f"|{'---|' * len(kept)}", *lines[1:]])


def _captioned(full: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    """Separates the table's title, a single cell in the first row above full rows."""
    if len(full) < 3 or sum(map(bool, full[0])) > 1 or not all(all(row) for row in full[1:]):
        return [], full
    titled = [next(filter(None, full[0])), ""]
    figures = any(map(str.isdigit, "".join(full[1])))
    return titled, [[""] * len(full[0]), *full[1:]] if figures else full[1:]


def joined(blocks: Iterable[str], *, in_item: bool = False) -> str:
    """Blocks separated by blank lines, except items of a list, and an inner list from its item."""
    text, before = "", ""
    for block in filter(None, blocks):
        close = block.startswith(("- ", "1. ")) if in_item else before.startswith("- ") and block.startswith("- ")
        text += f"{'' if not text else chr(10) if close else chr(10) * 2}{block}"
        before = block.rsplit("\n", 1)[-1]
    return text
