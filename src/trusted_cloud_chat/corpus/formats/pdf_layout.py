"""Converts the lines of a PDF, with their positions, to Markdown in reading order: columns, tables, headings and paragraphs, no running heads."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile, groupby, pairwise, takewhile
from statistics import median
from typing import NamedTuple

from trusted_cloud_chat.corpus.formats import marks
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.pages import PAGE_END
from trusted_cloud_chat.language.sentences import split_sentences


@dataclass(frozen=True, slots=True)
class PdfLine:
    """A line of text, or its part in a column; `y` grows upwards."""

    text: str
    left: float
    right: float
    y: float
    size: float
    bold: bool


_OFTEN, _EDGE = 0.6, 2
"""Share of the pages that have a running head; lines at the top and bottom of a page that may be one."""
_APART = 1.6
"""Minimum distance between a running head and the text, in line heights."""
_ENDS = (".", "!", "?", ";")
"""These end a sentence, never a running head."""
_STRAY = 3.0
"""Points by which the position of a running head may vary."""
_Pages = Sequence[Sequence[PdfLine]]


def without_running_heads(pages: _Pages) -> tuple[list[list[PdfLine]], list[str]]:
    """The pages without running heads and page numbers, and the distinct heads that were removed."""
    alike: dict[tuple[str, bool], dict[int, PdfLine]] = defaultdict(dict)
    for number, page in enumerate(pages):
        middle = (max(line.y for line in page) + min(line.y for line in page)) / 2 if page else 0.0
        for line in (line for line in _edges(page) if line.text[-1:] not in _ENDS):
            alike[patterns.DIGITS.sub("0", line.text), line.y > middle].setdefault(number, line)
    heads = {(n, line) for lines in alike.values() if _runs(lines, len(pages)) for n, line in lines.items()}
    kept, removed = [], dict[str, None]()
    for number, page in enumerate(pages):
        edge = _edges(page)
        counted = [line.y for line in edge if (number, line) in heads and line.text.isdigit()]
        # « 3. Prise en main » beside the page number: each chapter has its own.
        beside = {line for line in edge if any(abs(line.y - y) < 1 for y in counted)}
        out = {line for line in edge if (number, line) in heads or line in beside or line.text.isdigit()}
        out = {line for line in out if _apart(line, out, page)}
        kept.append([line for line in page if line not in out])
        removed |= {
            patterns.DIGITS.sub("…", line.text): None for line in page if line in out and not line.text.isdigit()
        }
    return kept, list(removed)


def _edges(page: Sequence[PdfLine]) -> list[PdfLine]:
    if len(page) <= _EDGE:
        return [line for line in page if line.text.isdigit()]
    down = sorted(page, key=lambda line: -line.y)
    return [*down[:_EDGE], *down[-_EDGE:]]


def _runs(lines: Mapping[int, PdfLine], pages: int) -> bool:
    """Whether `lines`, one per page number, are a running head: at the same position on most pages, with constant or growing numbers."""
    place = median(line.y for line in lines.values())
    there = {number: line for number, line in lines.items() if abs(line.y - place) <= _STRAY}
    if len(there) < max(3, round(_OFTEN * pages)):
        return False
    numbers = [[int(figure[:15]) for figure in patterns.DIGITS.findall(line.text)] for line in there.values()]
    pages_apart = [later - page for page, later in pairwise(there)]
    for column in zip(*numbers, strict=True):
        # A number may restart with a chapter.
        steps = zip(pages_apart, pairwise(column), strict=True)
        counted = [later - number in (0, apart) for apart, (number, later) in steps]
        if sum(counted) < _OFTEN * len(counted):
            return False
    return True


def _apart(line: PdfLine, out: set[PdfLine], page: Sequence[PdfLine]) -> bool:
    """Whether a line is separated from the text, unlike the last sentence of a page."""
    text = [other.y for other in page if other not in out]
    steps = Counter(round(a.y - b.y) for a, b in pairwise(page) if a.y > b.y)
    step = steps.most_common(1)[0][0] if steps else line.size
    return not text or min(abs(line.y - y) for y in text) > _APART * min(step, 2 * line.size)


_LARGER = 1.12
"""Minimum size of a heading's letters, in sizes of the body's."""
_CELL = 60
"""Maximum characters of a table's cell."""
_COLUMN_WORDS = 3
"""Minimum average words of the lines in columns of text; shorter ones are cells of a table."""


class _Block(NamedTuple):
    kind: str
    text: str


def laid_out(pages: _Pages) -> tuple[str, str, list[str]]:
    """The text, in which a form feed ends each page; the title; and the removed running heads."""
    first = pages[0] if pages else []
    pages, heads = without_running_heads(pages)
    lines = [line for page in pages for line in page]
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    known = {word.strip(".,;:!?()«»\"'’").lower() for line in lines for word in line.text.split()}
    levels = sorted({line.size for line in lines if line.size >= _LARGER * body}, reverse=True)
    blocks = [list(_blocks(page, body, levels, known)) for page in pages]
    return _paged(blocks, known), _title(first, body), heads


def _title(page: Sequence[PdfLine], body: float) -> str:
    """The first lines in the largest letters of the first page."""
    largest = max((line.size for line in page), default=0.0)
    if largest < _LARGER * body:
        return ""
    from_it = dropwhile(lambda line: line.size != largest, page)
    title = marks.line(" ".join(line.text for line in takewhile(lambda line: line.size == largest, from_it)))
    return title if len(title) <= HEADING else ""


def _blocks(page: Sequence[PdfLine], body: float, levels: Sequence[float], known: set[str]) -> Iterator[_Block]:
    """The blocks of a page; `levels` are the sizes of headings, largest first."""
    for lines, table in _grouped(_ordered(page), _LARGER * body):
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
        if table:
            yield _Block("table", marks.rows(table))


_Row = tuple[PdfLine, ...]


def _ordered(page: Sequence[PdfLine]) -> list[_Row]:
    """Rows from top to bottom; of two columns of text the left one first."""
    rows: list[_Row] = []
    for line in page:
        last = rows[-1][-1] if rows else None
        if last and abs(last.y - line.y) <= SAME_LINE * max(line.size, 1.0) and line.left >= last.right:
            rows[-1] = (*rows[-1], line)
        else:
            rows.append((line,))
    ordered: list[_Row] = []
    run: list[_Row] = []
    for row in rows:
        if len(row) == 2 or (run and _beside(row, run)):
            run.append(row)
            continue
        ordered += [*_columns(run), row]
        run = []
    return ordered + _columns(run)


def _beside(row: _Row, run: Sequence[_Row]) -> bool:
    """Whether a line is in one of the columns of `run` and not across both."""
    left, right = max(r[0].right for r in run if len(r) == 2), min(r[1].left for r in run if len(r) == 2)
    return len(row) == 1 and (row[0].right <= right or row[0].left >= left) and left <= right


def _columns(run: Sequence[_Row]) -> list[_Row]:
    """The rows of a table unchanged; of two columns of text the lines of the left one, then of the right one."""
    pairs = [row for row in run if len(row) == 2]
    words = [len(piece.text.split()) for row in pairs for piece in row]
    if len(pairs) < COLUMN_LINES or sum(words) < _COLUMN_WORDS * len(words):
        return list(run)
    middle = min(row[1].left for row in pairs)
    pieces = [piece for row in run for piece in row]
    left = [(piece,) for piece in pieces if piece.left < middle]
    return [*left, *((piece,) for piece in pieces if piece.left >= middle)]


def _grouped(rows: Sequence[_Row], heading: float) -> Iterator[tuple[list[PdfLine], list[list[str]]]]:
    """Lines and the table after them; headings set apart from their numbers (« 2   Réglages ») count as lines."""
    lines: list[PdfLine] = []
    for cells, group in groupby(rows, key=lambda row: len(row) > 1):
        run = list(group)
        numbered = all(row[0].size >= heading and row[0].text.replace(".", "").isdigit() for row in run)
        table = _table(run) if cells and len(run) > 1 and not numbered else []
        if table:
            yield lines, table
            lines = []
        else:
            lines += [replace(row[0], text=" ".join(p.text for p in row), right=row[-1].right) for row in run]
    yield lines, []


def _table(rows: Sequence[_Row]) -> list[list[str]]:
    """The cells of aligned rows; empty if they are not aligned, as in justified lines."""
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


def _paged(pages: Sequence[Sequence[_Block]], known: set[str]) -> str:
    """Blocks as text; a sentence split by a page break continues after the form feed, and a broken word is completed before it."""
    texts: list[str] = []
    for before, blocks in pairwise([[], *pages]):
        text = marks.joined(block.text for block in blocks)
        if not (before and blocks and _continues(before[-1], blocks[0])):
            text = f"\n\n{text}" if texts and text else text
        elif is_cut(texts[-1], text):
            rest = text.split(maxsplit=1)[0]
            texts[-1], text = rejoined(texts[-1], rest, known), text[len(rest) :].removeprefix(" ")
        texts.append(text)
    return "".join(f"{text}{PAGE_END}" for text in texts)


def _continues(before: _Block, after: _Block) -> bool:
    """Whether the next page continues a sentence: it begins in lower case, or the page before ends with a long text without a full stop."""
    likely = after.text[0].islower() or (len(before.text) > HEADING and not marks.begins_item(after.text))
    return likely and before.kind == after.kind == "paragraph" and not ends(before.text, after.text)


SAME_LINE = 0.5
"""Maximum vertical distance between two pieces of one line, in letter heights."""
COLUMN_LINES = 6
HEADING = 160
"""Maximum characters of a heading."""
_INDENT = 0.5
"""Minimum indent or outdent, in letter sizes."""
_NEXT, _FAR = 1.35, 2.0
"""Maximum step to the next line of a paragraph, and to one that must continue the sentence, in usual steps."""
_WIDE, _PROSE = 0.85, 30
"""Minimum share of its column's width, and characters, of a line of running text."""


def paragraphs(lines: Sequence[PdfLine], body: float) -> Iterator[list[PdfLine]]:
    margins = _margins(lines)
    gaps = Counter(round(a.y - b.y) for a, b in pairwise(lines) if a.y > b.y)
    leading = gaps.most_common(1)[0][0] if gaps else 0
    current: list[PdfLine] = []
    for number, line in enumerate(lines):
        if current and _parted(current, line, leading, margins[number - 1], body):
            yield current
            current = []
        current.append(line)
    if current:
        yield current


def _margins(lines: Sequence[PdfLine]) -> list[float]:
    """The right margin of each line: the edge of the page's text, or of its column."""
    margins = [max((line.right for line in lines), default=0.0)] * len(lines)
    top = 0
    for number, (before, line) in enumerate(pairwise(lines), start=1):
        if line.y > before.y + line.size:
            beside = [other.right for other in lines[top:number] if other.y <= line.y + SAME_LINE * line.size]
            if len(beside) >= COLUMN_LINES:
                margins[number - len(beside) : number] = [max(beside)] * len(beside)
            top = number
    return margins


def _parted(current: Sequence[PdfLine], line: PdfLine, leading: float, right: float, body: float) -> bool:
    """Whether a paragraph ends before a line; inside a sentence only a short line ends one."""
    before, item = current[-1], marks.begins_item(line.text)
    restyled = abs(before.size - line.size) > 0.05 * body or before.bold != line.bold
    next_item = item and marks.begins_item(current[0].text) and abs(line.left - current[0].left) <= _INDENT * line.size
    letter = (before.right - before.left) / max(len(before.text), 1)
    fits = before.right + letter * (2 + len(line.text.split(" ")[0])) < right
    aligned, ended = _aligned(current, line), ends(before.text, line.text)
    # Some characters in another font or superscript: the line is full, and the next continues in lower case.
    flows = line.text[0].islower() and aligned and not (fits or ended or item)
    apart = before.y - line.y > (_FAR if flows else _NEXT) * leading + 1
    if apart or next_item or line.text[0] in marks.ROUND_BULLETS or (restyled and not flows):
        return True
    if ended:
        return fits or item or not aligned
    new = (item or line.text[0].isupper()) and before.text[-1] not in ".°"
    alike = before.text.split(" ")[0] == line.text.split(" ")[0]  # « Mme … », « Mme … »: a list of names
    goes_on = aligned and not alike and _is_prose([before] if new else [current[0], before], right)
    return fits and not (goes_on or (line.text[0].islower() and not item))


def _aligned(current: Sequence[PdfLine], line: PdfLine) -> bool:
    """Whether a line is aligned with the last one, or the second after an indent or the number of an item."""
    before, step = current[-1], line.left - current[-1].left
    second = len(current) == 1 and (step < 0 or marks.begins_item(before.text))
    return second or abs(step) <= _INDENT * before.size or line.y > before.y


def _is_prose(lines: Sequence[PdfLine], right: float) -> bool:
    """Whether the lines are full, unlike those of an address or a title."""
    left, longest = min(line.left for line in lines), max(lines, key=lambda line: line.right)
    return len(longest.text) >= _PROSE and longest.right - left >= _WIDE * (right - left)


def ends(text: str, following: str) -> bool:
    """Whether `text` ends a sentence or introduces a list; « M. » and « art. » do not."""
    text = text[-HEADING:]
    return text[-1] in ":;" or split_sentences(f"{text} {'1' if following[0].isdigit() else 'A'}")[-1].start > len(text)


def running(lines: Sequence[PdfLine], known: set[str]) -> str:
    """The lines joined, with broken words rejoined."""
    text = ""
    for line in lines:
        following = marks.line(line.text)
        if is_cut(text, following):
            text = rejoined(text, following, known)
        else:
            text = f"{text} {following}" if text else following
    return text


def is_cut(text: str, following: str) -> bool:
    return text.endswith("-") and text[-2:-1].isalpha() and following[:1].islower()


def rejoined(text: str, following: str, known: set[str]) -> str:
    """« quali- fication » → « qualification », but « peut- être » → « peut-être » if the document contains it elsewhere."""
    first, second = text.rsplit(maxsplit=1)[-1], following.split(maxsplit=1)[0].strip(".,;:!?()«»\"'’")
    kept = (first + second).lower().strip("(«\"'’") in known
    return text + following if kept else text[:-1] + following
