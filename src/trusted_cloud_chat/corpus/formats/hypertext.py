"""Converts HTML to blocks of Markdown, with all visible text in order."""

from collections.abc import Iterator
from textwrap import indent
from typing import Any

from trusted_cloud_chat.corpus.formats import marks
from trusted_cloud_chat.language import patterns

_NO_PROSE = frozenset(
    "script style noscript template svg iframe nav img head input select textarea object audio video canvas".split()
)
HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = ("ul", "ol", "menu", "dir")
BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer form header "
    "hgroup hr html legend li main menu ol p pre section summary table tbody td tfoot th thead tr ul dir".split()
).union(HEADINGS)
CODE = ("code", "tt", "kbd", "samp")
_IN_LAYOUT = ("h1", "h2", "h3", "h4", "pre", "table")
"""Elements that a data table never contains: a table with them is used for layout."""
ANCHOR_SIGNS = "¶#§🔗"
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_WIDEST = 100
"""Maximum rows or columns that one cell may span."""
_PROMPTS = ("# ", "$ ")
"""Shell prompts: as text the first would be a heading."""
_BREAK = "\v"
"""Represents a line break until white space is collapsed."""


def as_markdown(tree: Any) -> str:
    """All visible text of `tree`, without emphasis and link targets. Nothing is escaped, since quotes must be verbatim."""
    holders: set[Any] = set()
    for block in tree.iter(*BLOCKS):
        for above in block.iterancestors():
            if above in holders:
                break
            holders.add(above)
    return marks.joined(_Writer(holders).blocks(tree)).strip()


class _Writer:
    def __init__(self, holders: set[Any]) -> None:
        self._holders = holders
        """Elements that contain blocks."""

    def blocks(self, parent: Any) -> Iterator[str]:
        said = [parent.text or ""]
        for child in parent:
            tag = child.tag if isinstance(child.tag, str) else ""
            if tag in BLOCKS or child in self._holders:
                yield from self._paragraph(said)
                yield from self._block(child, tag)
                said = []
            elif tag:
                said.append(self._inline(child))
            said.append(child.tail or "")
        yield from self._paragraph(said)

    def _paragraph(self, said: list[str]) -> Iterator[str]:
        lines = list(filter(None, (_line(line) for line in "".join(said).split(_BREAK))))
        typed = bool(lines) and all(line.startswith(_PROMPTS) for line in lines)
        yield "\n".join(["```", *lines, "```"] if typed else lines)

    def _block(self, element: Any, tag: str) -> Iterator[str]:
        if tag in _NO_PROSE or tag == "hr":
            return
        if tag in HEADINGS:
            yield marks.heading(self._flat(element), HEADINGS[tag])
        elif tag in _LISTS:
            yield from self._list(element, numbered=tag == "ol")
        elif tag == "pre":
            yield _fence(element)
        elif tag == "table":
            yield from self._table(element)
        elif tag == "blockquote":
            text = marks.joined(self.blocks(element))
            yield "\n".join(f"> {line}".rstrip() for line in text.split("\n")) if text else ""
        else:
            yield from self.blocks(element)

    def _inline(self, element: Any) -> str:
        tag = element.tag
        if tag in _NO_PROSE:
            return ""
        if tag == "br":
            return _BREAK
        inner = [element.text or ""]
        for child in element:
            inner += [self._inline(child) if isinstance(child.tag, str) else "", child.tail or ""]
        text = "".join(inner)
        if tag == "a" and text.strip() in (*ANCHOR_SIGNS, ""):
            return ""
        if tag == "sup":
            if element.find("a") is not None:
                return ""  # the number of a note
            digits = text.strip()
            return digits.translate(_SUPERSCRIPT) if digits.isascii() and digits.isdigit() else text
        if tag in CODE and text.strip() and "`" not in text and _BREAK not in text:
            return f"`{_line(text)}`"
        return text

    def _flat(self, element: Any) -> str:
        """The text on one line, inner blocks separated by spaces."""
        if element in self._holders:
            return " ".join(filter(None, (block.lstrip("#").strip() for block in self.blocks(element))))
        return self._inline(element).replace(_BREAK, " ")

    def _list(self, element: Any, *, numbered: bool) -> Iterator[str]:
        number, items = _number(element, "start"), []
        for child in element:
            if not isinstance(child.tag, str):
                continue
            if child.tag != "li":  # browsers accept lists directly in lists
                inner = self._block(child, child.tag) if child.tag in BLOCKS else self._paragraph([self._inline(child)])
                items += ["  " + block.replace("\n", "\n  ") for block in inner if block]
                continue
            sign = f"{number}. " if numbered else "- "
            number += 1
            if text := marks.joined(self.blocks(child), in_item=True):
                items.append(sign + indent(text, " " * len(sign))[len(sign) :])
        yield "\n".join(items)

    def _table(self, table: Any) -> Iterator[str]:
        for caption in table.iterchildren("caption"):
            yield from self.blocks(caption)
        own = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
        rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in own]
        laid_out = next((e for e in table.iter(*_IN_LAYOUT) if e is not table), None) is not None
        if laid_out or len(rows) < 2 or max(map(len, rows), default=0) < 2:
            for cell in (cell for row in rows for cell in row):
                yield from self.blocks(cell)
        else:
            yield marks.rows(_in_columns([[(cell, self._flat(cell)) for cell in row] for row in rows]))


def _in_columns(rows: list[list[tuple[Any, str]]]) -> list[list[str]]:
    """The text of each cell in its own column; the other rows and columns that it spans are empty."""
    taken: dict[int, int] = {}
    lines = []
    for row in rows:
        line: list[str] = []
        for cell, text in row:
            while taken.get(len(line), 0):
                line.append("")
            high, wide = (min(max(_number(cell, span), 1), _WIDEST) for span in ("rowspan", "colspan"))
            taken |= {len(line) + n: high for n in range(wide)}
            line += [text, *[""] * (wide - 1)]
        lines.append(line + [""] * (max((n for n, left in taken.items() if left), default=-1) + 1 - len(line)))
        taken = {n: left - 1 for n, left in taken.items() if left > 1}
    return lines


def _number(element: Any, attribute: str) -> int:
    digits = (element.get(attribute) or "").strip()[:9]
    return int(digits) if digits.isdecimal() else 1


def _line(text: str) -> str:
    return patterns.BREAKABLE_SPACE.sub(" ", text).strip(" ")


def _fence(pre: Any) -> str:
    for broken in pre.iter("br"):
        broken.text = "\n"
    code = "".join(pre.itertext()).replace("\r", "").strip("\n").rstrip()
    sign = "````" if "```" in code else "```"
    return f"{sign}\n{code}\n{sign}" if code.strip() else ""
