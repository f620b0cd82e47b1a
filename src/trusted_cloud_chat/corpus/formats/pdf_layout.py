"""Lines of a PDF's pages → Markdown in reading order: columns, tables, headings, paragraphs; running heads are left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from trusted_cloud_chat.corpus.formats import marks
from trusted_cloud_chat.language.pages import PAGE_END

_LARGER = 1.12
"""Times the size of the body from which a line is a heading."""
_HEADING, _CELL = 160, 60
"""Characters of a heading, and of a table's cell, at most."""
_SAME_LINE = 0.5
"""Heights of a letter by which two pieces of one line may differ."""
_OFTEN, _EDGE = 0.6, 2
"""Share of the pages that have a running head, and lines at the top and bottom of a page that may be one."""
_COLUMN_LINES, _COLUMN_WORDS = 6, 3
"""Lines that columns have at least, and words of each on average: less is a table."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, or what a column has of it; `y` grows upwards."""

    text: str
    left: float
    right: float
    y: float
    size: float
    bold: bool


@dataclass(frozen=True, slots=True)
class _Block:
    kind: str
    text: str


def laid_out(pages: Sequence[Sequence[Line]]) -> tuple[str, str]:
    """The text, each page ended by a form feed, and the heading in the largest letters of the first page."""
    pages = _without_running_heads(pages)
    body = _body_size(pages)
    known = _vocabulary(pages)
    levels = sorted({line.size for page in pages for line in page if line.size >= _LARGER * body}, reverse=True)
    blocks = [list(_blocks(page, body, levels, known)) for page in pages]
    return _paged(blocks), _title(pages[0] if pages else [], body)


def _title(page: Sequence[Line], body: float) -> str:
    largest = max((line.size for line in page), default=0.0)
    if largest < _LARGER * body:
        return ""
    title = marks.line(" ".join(line.text for line in page if line.size == largest))
    return title if len(title) <= _HEADING else ""


def _body_size(pages: Sequence[Sequence[Line]]) -> float:
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page:
            sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _vocabulary(pages: Sequence[Sequence[Line]]) -> set[str]:
    """The words of the document, but those that a line cuts."""
    return {word.strip(".,;:!?()«»\"'’").lower() for page in pages for line in page for word in line.text.split()}


def _without_running_heads(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without the lines at their edges that most of them have, but for a number, and without page numbers."""
    edges = [_edges(page) for page in pages]
    often = Counter(shape for page in edges for shape in {_shape(line) for line in page})
    least = max(3, round(_OFTEN * len(pages)))
    return [
        [line for line in page if line not in edge or not (often[_shape(line)] >= least or line.text.isdigit())]
        for page, edge in zip(pages, edges, strict=True)
    ]


def _edges(page: Sequence[Line]) -> list[Line]:
    if len(page) <= _EDGE:
        return [line for line in page if line.text.isdigit()]
    down = sorted(page, key=lambda line: -line.y)
    return [*down[:_EDGE], *down[-_EDGE:]]


def _shape(line: Line) -> str:
    return "".join("0" if character.isdigit() else character for character in line.text).replace("00", "0")


def _blocks(page: Sequence[Line], body: float, levels: Sequence[float], known: set[str]) -> Iterator[_Block]:
    """What a page holds, in order; `levels` are the sizes of headings, largest first."""
    for table, lines in _grouped(_ordered(page)):
        if table:
            yield _Block("table", marks.rows(table))
        for paragraph in _paragraphs(lines, body):
            text = _running(paragraph, known)
            first = paragraph[0]
            if first.size >= _LARGER * body and len(text) <= _HEADING:
                yield _Block("heading", marks.heading(text, 1 + min(levels.index(first.size), 2)))
            elif _is_item(text):
                yield _Block("item", marks.item(text[1:]))
            elif all(line.bold for line in paragraph) and len(text) <= _HEADING and text[-1:] not in ".;,:":
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
        if last and abs(last[-1].y - line.y) <= _SAME_LINE * max(line.size, 1.0) and line.left >= last[-1].right:
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
    if len(pairs) < _COLUMN_LINES or sum(words) < _COLUMN_WORDS * len(words):
        return list(run)
    middle = min(row[1].left for row in pairs)
    pieces = [piece for row in run for piece in row]
    left = [(piece,) for piece in pieces if piece.left < middle]
    return [*left, *((piece,) for piece in pieces if piece.left >= middle)]


def _grouped(rows: Sequence[_Row]) -> Iterator[tuple[list[list[str]], list[Line]]]:
    """Rows that follow each other as a table, or as lines where they are none."""
    for cells, group in groupby(rows, key=lambda row: len(row) > 1):
        found = list(group)
        table = _table(found) if cells and len(found) > 1 else []
        yield table, [] if table else [_one_line(row) for row in found]


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


def _paragraphs(lines: Sequence[Line], body: float) -> Iterator[list[Line]]:
    right = max((line.right for line in lines), default=0.0)
    gaps = Counter(round(a.y - b.y) for a, b in pairwise(lines) if a.y > b.y)
    leading = gaps.most_common(1)[0][0] if gaps else 0
    current: list[Line] = []
    for line in lines:
        if current and _parted(current[-1], line, leading, right, body):
            yield current
            current = []
        current.append(line)
    if current:
        yield current


def _parted(before: Line, line: Line, leading: float, right: float, body: float) -> bool:
    """Whether a paragraph ends between two lines."""
    if abs(before.size - line.size) > 0.05 * body or before.bold != line.bold or _is_item(line.text):
        return True
    if before.y - line.y > 1.35 * leading + 1:
        return True
    letter = (before.right - before.left) / max(len(before.text), 1)
    fits = before.right + letter * (1 + len(line.text.split()[0])) < right
    return fits and (before.text[-1] in ".!?:;»" or not line.text[0].islower())


def _is_item(text: str) -> bool:
    return text[:1] in marks.BULLETS and text[1:2] in (" ", "\u00a0") and len(text) > 2


def _running(lines: Sequence[Line], known: set[str]) -> str:
    """The lines as one, words that they cut made whole."""
    text = ""
    for line in lines:
        said = marks.line(line.text)
        if text.endswith("-") and text[-2:-1].isalpha() and said[:1].islower():
            text = _rejoined(text, said, known)
        else:
            text = f"{text} {said}" if text else said
    return text


def _rejoined(text: str, said: str, known: set[str]) -> str:
    """« quali- fication » → « qualification », but « peut- être » → « peut-être » where the document has it elsewhere."""
    first, second = text.split()[-1], said.split()[0].strip(".,;:!?()«»\"'’")
    kept = (first + second).lower().strip("(«\"'’") in known
    return text + said if kept else text[:-1] + said


def _paged(pages: Sequence[Sequence[_Block]]) -> str:
    """Blocks as text; a sentence that goes over to the next page goes on after the form feed."""
    text = ""
    for blocks, after in zip(pages, [*pages[1:], []], strict=True):
        text += marks.joined(block.text for block in blocks) + PAGE_END
        goes_on = (
            blocks and after and blocks[-1].kind == after[0].kind == "paragraph"
            and blocks[-1].text[-1:] not in ".!?:;»" and after[0].text[:1].islower()
        )  # fmt: skip
        text += "" if goes_on or not after else "\n\n"
    return text
