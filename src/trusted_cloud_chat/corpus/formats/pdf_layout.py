"""Lines of a PDF's pages → Markdown in reading order: columns, tables, headings, paragraphs; running heads are left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import dropwhile, groupby, pairwise, takewhile

from trusted_cloud_chat.corpus.formats import marks
from trusted_cloud_chat.corpus.formats.pdf_paragraphs import (
    COLUMN_LINES,
    HEADING,
    SAME_LINE,
    Line,
    ends,
    is_cut,
    paragraphs,
    rejoined,
    running,
)
from trusted_cloud_chat.corpus.formats.running_heads import without_running_heads
from trusted_cloud_chat.language.pages import PAGE_END

_LARGER = 1.12
"""Times the size of the body from which a line is a heading."""
_CELL = 60
"""Characters of a table's cell at most."""
_COLUMN_WORDS = 3
"""Words of each line of a column on average: less is a table."""


@dataclass(frozen=True, slots=True)
class _Block:
    kind: str
    text: str


def laid_out(pages: Sequence[Sequence[Line]]) -> tuple[str, str, list[str]]:
    """The text, each page ended by a form feed, the first heading in the largest letters of the first page, be it on the others too, and
    the running heads left out.
    """
    first = pages[0] if pages else []
    pages, heads = without_running_heads(pages)
    body = _body_size(pages)
    known = _vocabulary(pages)
    levels = sorted({line.size for page in pages for line in page if line.size >= _LARGER * body}, reverse=True)
    blocks = [list(_blocks(page, body, levels, known)) for page in pages]
    return _paged(blocks, known), _title(first, body), heads


def _title(page: Sequence[Line], body: float) -> str:
    largest = max((line.size for line in page), default=0.0)
    if largest < _LARGER * body:
        return ""
    from_it = dropwhile(lambda line: line.size != largest, page)
    title = marks.line(" ".join(line.text for line in takewhile(lambda line: line.size == largest, from_it)))
    return title if len(title) <= HEADING else ""


def _body_size(pages: Sequence[Sequence[Line]]) -> float:
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page:
            sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _vocabulary(pages: Sequence[Sequence[Line]]) -> set[str]:
    """The words of the document, but those that a line cuts."""
    return {word.strip(".,;:!?()«»\"'’").lower() for page in pages for line in page for word in line.text.split()}


def _blocks(page: Sequence[Line], body: float, levels: Sequence[float], known: set[str]) -> Iterator[_Block]:
    """What a page holds, in order; `levels` are the sizes of headings, largest first."""
    for table, lines in _grouped(_ordered(page)):
        if table:
            yield _Block("table", marks.rows(table))
        for paragraph in paragraphs(lines, body):
            text = running(paragraph, known)
            first = paragraph[0]
            if first.size >= _LARGER * body and len(text) <= HEADING:
                yield _Block("heading", marks.heading(text, 1 + min(levels.index(first.size), 2)))
            elif marks.is_item(text):
                yield _Block("item", marks.item(text[1:]))
            elif all(line.bold for line in paragraph) and len(text) <= HEADING and text[-1:] not in ".;,:":
                yield _Block("heading", marks.heading(text, 4))
            else:
                yield _Block("paragraph", text)


_Row = tuple[Line, ...]


def _ordered(page: Sequence[Line]) -> list[_Row]:
    """Rows from top to bottom; of columns of text the left one first, where lines stand across both before and after."""
    rows = _rows(page)
    ordered: list[_Row] = []
    run: list[_Row] = []
    for row in [*rows, ()]:
        if row and (len(row) == 2 or (run and _beside(row, run))):
            run.append(row)
            continue
        ordered += _columns(run)
        run = []
        ordered += [row] if row else []
    return ordered


def _rows(page: Sequence[Line]) -> list[_Row]:
    """Pieces that stand on one line, from left to right."""
    rows: list[list[Line]] = []
    for line in page:
        last = rows[-1] if rows else []
        if last and abs(last[-1].y - line.y) <= SAME_LINE * max(line.size, 1.0) and line.left >= last[-1].right:
            last.append(line)
        else:
            rows.append([line])
    return [tuple(row) for row in rows]


def _beside(row: _Row, run: Sequence[_Row]) -> bool:
    """Whether a line stands in one of the columns of `run`, not across both."""
    left, right = max(r[0].right for r in run if len(r) == 2), min(r[1].left for r in run if len(r) == 2)
    return len(row) == 1 and (row[0].right <= right or row[0].left >= left) and left <= right


def _columns(run: Sequence[_Row]) -> list[_Row]:
    """The rows of a table as they are; columns of text as the left one's lines, then the right one's."""
    pairs = [row for row in run if len(row) == 2]
    words = [len(piece.text.split()) for row in pairs for piece in row]
    if len(pairs) < COLUMN_LINES or sum(words) < _COLUMN_WORDS * len(words):
        return list(run)
    middle = min(row[1].left for row in pairs)
    pieces = [piece for row in run for piece in row]
    left = [(piece,) for piece in pieces if piece.left < middle]
    return [*left, *((piece,) for piece in pieces if piece.left >= middle)]


def _grouped(rows: Sequence[_Row]) -> Iterator[tuple[list[list[str]], list[Line]]]:
    """Rows that follow each other as a table, or as lines where they are none."""
    lines: list[Line] = []
    for cells, group in groupby(rows, key=lambda row: len(row) > 1):
        found = list(group)
        table = _table(found) if cells and len(found) > 1 else []
        if table:
            yield [], lines
            yield table, []
        lines = [] if table else [*lines, *map(_one_line, found)]
    yield [], lines


def _table(rows: Sequence[_Row]) -> list[list[str]]:
    """The cells of rows whose pieces stand below each other; empty where they do not, as the words of justified lines."""
    if any(len(cell.text) > _CELL for row in rows for cell in row):
        return []
    columns: list[tuple[float, float]] = []
    for piece in sorted((piece for row in rows for piece in row), key=lambda piece: piece.left):
        if columns and piece.left <= columns[-1][1]:
            columns[-1] = columns[-1][0], max(columns[-1][1], piece.right)
        else:
            columns.append((piece.left, piece.right))
    if len(columns) < 2:
        return []
    return [[" ".join(p.text for p in row if a <= p.left <= b) for a, b in columns] for row in rows]


def _one_line(row: _Row) -> Line:
    first = row[0]
    return Line(" ".join(p.text for p in row), first.left, row[-1].right, first.y, first.size, first.bold)


def _paged(pages: Sequence[Sequence[_Block]], known: set[str]) -> str:
    """Blocks as text; a sentence that a page cuts goes on after the form feed, and a word is whole before it."""
    texts: list[str] = []
    for before, blocks in pairwise([[], *pages]):
        said = marks.joined(block.text for block in blocks)
        if not (before and blocks and _goes_on(before[-1], blocks[0])):
            said = f"\n\n{said}" if texts and said else said
        elif is_cut(texts[-1], said):
            rest = said.split(maxsplit=1)[0]
            texts[-1], said = rejoined(texts[-1], rest, known), said[len(rest) :].removeprefix(" ")
        texts.append(said)
    return "".join(f"{text}{PAGE_END}" for text in texts)


def _goes_on(before: _Block, after: _Block) -> bool:
    """Whether the next page begins inside a sentence: with a small letter, or after so much text without its end."""
    likely = after.text[0].islower() or (len(before.text) > HEADING and not marks.begins_item(after.text))
    return likely and before.kind == after.kind == "paragraph" and not ends(before.text, after.text)
