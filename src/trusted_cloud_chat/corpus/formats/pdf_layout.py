"""Lines of a PDF's pages → Markdown in reading order: columns, tables, headings, paragraphs; running heads are left out."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import dropwhile, groupby, pairwise, takewhile
from statistics import median

from trusted_cloud_chat.corpus.formats import marks
from trusted_cloud_chat.corpus.formats.pdf_paragraphs import (
    COLUMN_LINES,
    HEADING,
    SAME_LINE,
    PdfLine,
    ends,
    is_cut,
    paragraphs,
    rejoined,
    running,
)
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.pages import PAGE_END

_OFTEN, _EDGE = 0.6, 2
"""Share of the pages that have a running head; lines at the top and bottom of a page that may be one."""
_APART = 1.6
"""Smallest distance between a running head and the text, in line heights;"""
_ENDS = (".", "!", "?", ";")
"""these end a sentence, never a running head;"""
_STRAY = 3.0
"""points by which its position may differ from page to page."""
_Pages = Sequence[Sequence[PdfLine]]


def without_running_heads(pages: _Pages) -> tuple[list[list[PdfLine]], list[str]]:
    """The pages without running heads and page numbers, and the distinct heads that are left out."""
    found: dict[tuple[str, bool], dict[int, PdfLine]] = defaultdict(dict)
    for number, page in enumerate(pages):
        middle = (max(line.y for line in page) + min(line.y for line in page)) / 2 if page else 0.0
        for line in (line for line in _edges(page) if line.text[-1:] not in _ENDS):
            found[patterns.DIGITS.sub("0", line.text), line.y > middle].setdefault(number, line)
    heads = {id(line) for lines in found.values() if _runs(lines, len(pages)) for line in lines.values()}
    kept, left_out = [], Counter[str]()
    for page in pages:
        edge = {id(line) for line in _edges(page)}
        counted = [line.y for line in page if id(line) in edge and id(line) in heads and line.text.isdigit()]
        # « 3. Prise en main » beside the page number: each chapter has its own.
        beside = {id(line) for line in page if id(line) in edge and any(abs(line.y - y) < 1 for y in counted)}
        out = {id(line) for line in page if id(line) in edge and (id(line) in heads | beside or line.text.isdigit())}
        out = {one for one in out if _apart(one, out, page)}
        kept.append([line for line in page if id(line) not in out])
        left_out.update(
            patterns.DIGITS.sub("…", line.text) for line in page if id(line) in out and not line.text.isdigit()
        )
    return kept, list(left_out)


def _edges(page: Sequence[PdfLine]) -> list[PdfLine]:
    if len(page) <= _EDGE:
        return [line for line in page if line.text.isdigit()]
    down = sorted(page, key=lambda line: -line.y)
    return [*down[:_EDGE], *down[-_EDGE:]]


def _runs(lines: Mapping[int, PdfLine], pages: int) -> bool:
    """Whether lines, by page, are a running head: at the same position on most pages, and equal except for numbers that count up."""
    place = median(line.y for line in lines.values())
    there = {number: line for number, line in lines.items() if abs(line.y - place) <= _STRAY}
    if len(there) < max(3, round(_OFTEN * pages)):
        return False
    numbers = [[int(figure[:15]) for figure in patterns.DIGITS.findall(line.text)] for line in there.values()]
    return all(
        _counts([(page, row[n]) for page, row in zip(there, numbers, strict=True)]) for n in range(len(numbers[0]))
    )


def _counts(column: Sequence[tuple[int, int]]) -> bool:
    """Whether a number is constant or grows with the pages, in most steps: it may restart with a chapter."""
    steps = [(later - page, value - number) for (page, number), (later, value) in pairwise(column)]
    return sum(grown in (0, pages) for pages, grown in steps) >= _OFTEN * len(steps)


def _apart(one: int, out: set[int], page: Sequence[PdfLine]) -> bool:
    """Whether a line is separated from the text, unlike a sentence with which every page happens to end."""
    line = next(line for line in page if id(line) == one)
    text = [other.y for other in page if id(other) not in out]
    steps = Counter(round(a.y - b.y) for a, b in pairwise(page) if a.y > b.y)
    step = steps.most_common(1)[0][0] if steps else line.size
    return not text or min(abs(line.y - y) for y in text) > _APART * min(step, 2 * line.size)


_LARGER = 1.12
"""A line that is so many times larger than the body is a heading."""
_CELL = 60
"""Most characters of a table's cell."""
_COLUMN_WORDS = 3
"""Fewest words of a column's lines on average: fewer are a table."""


@dataclass(frozen=True, slots=True)
class _Block:
    kind: str
    text: str


def laid_out(pages: Sequence[Sequence[PdfLine]]) -> tuple[str, str, list[str]]:
    """The text, in which a form feed ends each page; the first heading in the first page's largest letters; and the running heads that
    are left out.
    """
    first = pages[0] if pages else []
    pages, heads = without_running_heads(pages)
    body = _body_size(pages)
    known = _vocabulary(pages)
    levels = sorted({line.size for page in pages for line in page if line.size >= _LARGER * body}, reverse=True)
    blocks = [list(_blocks(page, body, levels, known)) for page in pages]
    return _paged(blocks, known), _title(first, body), heads


def _title(page: Sequence[PdfLine], body: float) -> str:
    largest = max((line.size for line in page), default=0.0)
    if largest < _LARGER * body:
        return ""
    from_it = dropwhile(lambda line: line.size != largest, page)
    title = marks.line(" ".join(line.text for line in takewhile(lambda line: line.size == largest, from_it)))
    return title if len(title) <= HEADING else ""


def _body_size(pages: Sequence[Sequence[PdfLine]]) -> float:
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page:
            sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _vocabulary(pages: Sequence[Sequence[PdfLine]]) -> set[str]:
    """The words of the document, except those broken at a line's end."""
    return {word.strip(".,;:!?()«»\"'’").lower() for page in pages for line in page for word in line.text.split()}


def _blocks(page: Sequence[PdfLine], body: float, levels: Sequence[float], known: set[str]) -> Iterator[_Block]:
    """The blocks of a page, in order; `levels` are the sizes of headings, largest first."""
    for table, lines in _grouped(_ordered(page), _LARGER * body):
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


_Row = tuple[PdfLine, ...]


def _ordered(page: Sequence[PdfLine]) -> list[_Row]:
    """Rows from top to bottom; of two columns of text the left one first."""
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


def _rows(page: Sequence[PdfLine]) -> list[_Row]:
    """The pieces of each line, from left to right."""
    rows: list[list[PdfLine]] = []
    for line in page:
        last = rows[-1] if rows else []
        if last and abs(last[-1].y - line.y) <= SAME_LINE * max(line.size, 1.0) and line.left >= last[-1].right:
            last.append(line)
        else:
            rows.append([line])
    return [tuple(row) for row in rows]


def _beside(row: _Row, run: Sequence[_Row]) -> bool:
    """Whether a line is in one of the columns of `run`, not across both."""
    left, right = max(r[0].right for r in run if len(r) == 2), min(r[1].left for r in run if len(r) == 2)
    return len(row) == 1 and (row[0].right <= right or row[0].left >= left) and left <= right


def _columns(run: Sequence[_Row]) -> list[_Row]:
    """The rows of a table unchanged; for columns of text the lines of the left one, then of the right one."""
    pairs = [row for row in run if len(row) == 2]
    words = [len(piece.text.split()) for row in pairs for piece in row]
    if len(pairs) < COLUMN_LINES or sum(words) < _COLUMN_WORDS * len(words):
        return list(run)
    middle = min(row[1].left for row in pairs)
    pieces = [piece for row in run for piece in row]
    left = [(piece,) for piece in pieces if piece.left < middle]
    return [*left, *((piece,) for piece in pieces if piece.left >= middle)]


def _grouped(rows: Sequence[_Row], heading: float) -> Iterator[tuple[list[list[str]], list[PdfLine]]]:
    """Consecutive rows as a table, or as lines if they are not one, as headings with numbers apart: « 2 Réglages », « 2.1 Accès »."""
    lines: list[PdfLine] = []
    for cells, group in groupby(rows, key=lambda row: len(row) > 1):
        found = list(group)
        numbered = all(row[0].size >= heading and row[0].text.replace(".", "").isdigit() for row in found)
        table = _table(found) if cells and len(found) > 1 and not numbered else []
        if table:
            yield [], lines
            yield table, []
        lines = [] if table else [*lines, *map(_one_line, found)]
    yield [], lines


def _table(rows: Sequence[_Row]) -> list[list[str]]:
    """The cells of rows whose pieces are aligned; empty if they are not, as in justified lines."""
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


def _one_line(row: _Row) -> PdfLine:
    first = row[0]
    return PdfLine(" ".join(p.text for p in row), first.left, row[-1].right, first.y, first.size, first.bold)


def _paged(pages: Sequence[Sequence[_Block]], known: set[str]) -> str:
    """Blocks as text; a sentence that a page break cuts continues after the form feed, and a broken word is completed before it."""
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
    """Whether the next page begins inside a sentence: with a small letter, or after a long text without an end."""
    likely = after.text[0].islower() or (len(before.text) > HEADING and not marks.begins_item(after.text))
    return likely and before.kind == after.kind == "paragraph" and not ends(before.text, after.text)
