"""Displays a table row as « colonne : valeur », without empty cells and, in a wide table, without codes."""

from collections.abc import Iterator
from itertools import pairwise, zip_longest

from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.blocks import Block, block_at, plain
from trusted_cloud_chat.language.senses import says
from trusted_cloud_chat.schema import Language, Span

_NOTHING = ("", "-", "–", "—", "n/a", "nan")
"""Contents of an empty cell."""
_MOST = 5
"""Maximum number of non-empty cells that are all shown; in a longer row, codes and URLs are omitted."""


def row_of(text: str, start: int, language: Language) -> str:
    """The row at `start` with column names; empty if it is not a row or the table has no header."""
    block = block_at(text, start)
    if block is None or block.kind != "row" or not block.beside:
        return ""
    names = block.beside.split(" | ")
    cells = [plain(text[cell.start : cell.end].strip()) for cell in cells_of(text, block)]
    told = [
        ("" if name in _NOTHING else name, cell)
        for name, cell in zip_longest(names[: len(cells)], cells, fillvalue="")
        if cell.lower() not in _NOTHING
    ]
    if len(told) > _MOST:
        told = [one for one in told if not _is_code(*one, language)] or told
    colon = ":" if language == "en" else "\u00a0:"
    return " ; ".join(f"{name}{colon} {cell}" if name else cell for name, cell in told)


def cells_of(text: str, block: Block) -> Iterator[Span]:
    """The cells of a row; an escaped bar does not end a cell."""
    start = text.rfind("\n", 0, block.start) + 1
    end = text.find("\n", block.end)
    end = len(text) if end < 0 else end
    while start < end and text[start] in "> \t":
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    start += text.startswith("|", start, end)
    end -= text.endswith("|", start, end) and not text.endswith("\\|", start, end)
    bars = [bar.start() for bar in patterns.COLUMN_BAR.finditer(text, start, end)]
    yield from (Span(one + 1, other) for one, other in pairwise([start - 1, *bars, end]))


def _is_code(name: str, cell: str, language: Language) -> bool:
    return says("code_column", name, language) or cell.startswith(("http://", "https://", "www."))
