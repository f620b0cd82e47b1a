"""Joins the lines of a PDF to paragraphs, by their positions, and words broken at a line's end."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from trusted_cloud_chat.corpus.formats import marks
from trusted_cloud_chat.language.sentences import split_sentences

SAME_LINE = 0.5
"""Letter heights by which two pieces of one line may differ."""
COLUMN_LINES = 6
"""Minimum lines of a column."""
HEADING = 160
"""Maximum characters of a heading."""
_INDENT = 0.5
"""Minimum indent or outdent, in letter sizes."""
_NEXT, _FAR = 1.35, 2.0
"""Maximum step to the next line of a paragraph, and to one that must continue the sentence, in usual steps."""
_WIDE, _PROSE = 0.85, 30
"""Minimum share of its column's width, and characters, of a line of running text."""


@dataclass(frozen=True, slots=True)
class PdfLine:
    """A line of text, or its part in a column; `y` grows upwards."""

    text: str
    left: float
    right: float
    y: float
    size: float
    bold: bool


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
