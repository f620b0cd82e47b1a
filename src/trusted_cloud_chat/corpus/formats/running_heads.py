"""Heads, feet and numbers of a PDF's pages, which are no text: what stands at one place of most pages, apart from all else."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import median

from trusted_cloud_chat.corpus.formats.pdf_paragraphs import Line
from trusted_cloud_chat.language import patterns

_OFTEN, _EDGE = 0.6, 2
"""Share of the pages that have a running head, and lines at the top and bottom of a page that may be one."""
_APART = 1.6
"""Steps from line to line that are between a running head and the text at least;"""
_ENDS = (".", "!", "?", ";")
"""With these a sentence ends, and no running head;"""
_STRAY = 3.0
"""points by which its place may differ from page to page."""
_Pages = Sequence[Sequence[Line]]


def without_running_heads(pages: _Pages) -> tuple[list[list[Line]], list[str]]:
    """The pages without them and without page numbers, and the words of each that was left out, once."""
    found: dict[tuple[str, bool], dict[int, Line]] = defaultdict(dict)
    for number, page in enumerate(pages):
        middle = (max(line.y for line in page) + min(line.y for line in page)) / 2 if page else 0.0
        for line in (line for line in _edges(page) if line.text[-1:] not in _ENDS):
            found[patterns.DIGITS.sub("0", line.text), line.y > middle].setdefault(number, line)
    heads = {id(line) for lines in found.values() if _runs(lines, len(pages)) for line in lines.values()}
    kept, left_out = [], Counter[str]()
    for page in pages:
        edge = {id(line) for line in _edges(page)}
        counted = [line.y for line in page if id(line) in edge and id(line) in heads and line.text.isdigit()]
        # « 3. Prise en main » beside the number of the page: each chapter has its own.
        beside = {id(line) for line in page if id(line) in edge and any(abs(line.y - y) < 1 for y in counted)}
        out = {id(line) for line in page if id(line) in edge and (id(line) in heads | beside or line.text.isdigit())}
        out = {one for one in out if _apart(one, out, page)}
        kept.append([line for line in page if id(line) not in out])
        left_out.update(
            patterns.DIGITS.sub("…", line.text) for line in page if id(line) in out and not line.text.isdigit()
        )
    return kept, list(left_out)


def _edges(page: Sequence[Line]) -> list[Line]:
    if len(page) <= _EDGE:
        return [line for line in page if line.text.isdigit()]
    down = sorted(page, key=lambda line: -line.y)
    return [*down[:_EDGE], *down[-_EDGE:]]


def _runs(lines: Mapping[int, Line], pages: int) -> bool:
    """Whether lines, by their page, are one that runs: at one place of most pages, the same but for numbers that count them."""
    place = median(line.y for line in lines.values())
    there = {number: line for number, line in lines.items() if abs(line.y - place) <= _STRAY}
    if len(there) < max(3, round(_OFTEN * pages)):
        return False
    numbers = [[int(figure[:15]) for figure in patterns.DIGITS.findall(line.text)] for line in there.values()]
    return all(
        _counts([(page, row[n]) for page, row in zip(there, numbers, strict=True)]) for n in range(len(numbers[0]))
    )


def _counts(column: Sequence[tuple[int, int]]) -> bool:
    """Whether a number stays, or grows with the pages, in most steps: it may begin anew with a chapter."""
    steps = [(later - page, value - number) for (page, number), (later, value) in pairwise(column)]
    return sum(grown in (0, pages) for pages, grown in steps) >= _OFTEN * len(steps)


def _apart(one: int, out: set[int], page: Sequence[Line]) -> bool:
    """Whether a line stands away from the text, as a sentence that every page happens to end with does not."""
    line = next(line for line in page if id(line) == one)
    text = [other.y for other in page if id(other) not in out]
    steps = Counter(round(a.y - b.y) for a, b in pairwise(page) if a.y > b.y)
    step = steps.most_common(1)[0][0] if steps else line.size
    return not text or min(abs(line.y - y) for y in text) > _APART * min(step, 2 * line.size)
