"""A tree of HTML → blocks of Markdown, with every word in order."""

from collections.abc import Iterator
from typing import Any

from trusted_cloud_chat.corpus.formats import marks
from trusted_cloud_chat.language import patterns

_NO_PROSE = frozenset(
    "script style noscript template svg iframe nav img head input select textarea object audio video canvas".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = ("ul", "ol", "menu", "dir")
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer form header "
    "hgroup hr html legend li main menu ol p pre section summary table tbody td tfoot th thead tr ul dir".split()
).union(_HEADINGS)
_CODE = ("code", "tt", "kbd", "samp")
_IN_LAYOUT = ("h1", "h2", "h3", "h4", "pre", "table")
"""Elements that a data table never contains: a table with them is used for layout."""
ANCHOR_SIGNS = "¶#§🔗"
_ANCHORS = (*ANCHOR_SIGNS, "")
"""The text of links that are only anchors."""
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_WIDEST = 100
"""Rows or columns that one cell may take."""
_PROMPTS = ("# ", "$ ")
"""Beginnings of lines typed in a terminal: as text the first would be a heading."""
_BREAK = "\v"
"""Stands for a line break until white space is collapsed."""


def as_markdown(tree: Any) -> str:
    """All visible text of `tree`: headings, paragraphs, lists, tables as pipe rows, code between fences; without emphasis.

    Links become their words. Nothing is escaped, since quotes must be what the page says.
    """
    holders: set[Any] = set()
    for block in tree.iter(*_BLOCKS):
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
            if tag in _BLOCKS or child in self._holders:
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
        if tag in _HEADINGS:
            yield marks.heading(self._flat(element), _HEADINGS[tag])
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
        if tag == "a" and text.strip() in _ANCHORS:
            return ""
        if tag == "sup":
            return _raised(element, text)
        if tag in _CODE and text.strip() and "`" not in text and _BREAK not in text:
            return f"`{_line(text)}`"
        return text

    def _flat(self, element: Any) -> str:
        """Its words on one line, inner blocks separated by spaces."""
        if element in self._holders:
            return " ".join(filter(None, (block.lstrip("#").strip() for block in self.blocks(element))))
        return self._inline(element).replace(_BREAK, " ")

    def _list(self, element: Any, *, numbered: bool) -> Iterator[str]:
        number = int(element.get("start") or 1) if (element.get("start") or "1").isdecimal() else 1
        items = []
        for child in element:
            if child.tag != "li":  # lists directly in lists, as browsers accept them
                items += ["  " + block.replace("\n", "\n  ") for block in self._of_list(child) if block]
                continue
            sign = f"{number}. " if numbered else "- "
            number += 1
            inner = marks.joined(self.blocks(child), in_item=True)
            if inner:
                items.append(
                    sign + inner.replace("\n", "\n" + " " * len(sign)).replace("\n" + " " * len(sign) + "\n", "\n\n")
                )
        yield "\n".join(items)

    def _of_list(self, child: Any) -> Iterator[str]:
        if isinstance(child.tag, str):
            yield from self._block(child, child.tag) if child.tag in _BLOCKS else self._paragraph([self._inline(child)])

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
    """The words of cells where their columns are: one that is several rows high, or columns wide, leaves the others of them empty."""
    taken: dict[int, int] = {}
    lines = []
    for row in rows:
        line: list[str] = []
        for cell, said in row:
            while taken.get(len(line), 0):
                line.append("")
            high, wide = _spans(cell, "rowspan"), _spans(cell, "colspan")
            taken |= {len(line) + n: high for n in range(wide)}
            line += [said, *[""] * (wide - 1)]
        lines.append(line + [""] * (max((n for n, left in taken.items() if left), default=-1) + 1 - len(line)))
        taken = {n: left - 1 for n, left in taken.items() if left > 1}
    return lines


def _spans(cell: Any, of: str) -> int:
    said = (cell.get(of) or "1").strip()
    return min(max(int(said), 1), _WIDEST) if said.isdecimal() else 1


def _line(text: str) -> str:
    return patterns.BREAKABLE_SPACE.sub(" ", text).strip(" ")


def _raised(element: Any, text: str) -> str:
    if element.find("a") is not None:
        return ""  # the number of a note
    said = text.strip()
    return said.translate(_SUPERSCRIPT) if said.isascii() and said.isdigit() else text


def _fence(pre: Any) -> str:
    for broken in pre.iter("br"):
        broken.text = "\n"
    code = "".join(pre.itertext()).replace("\r", "").strip("\n").rstrip()
    sign = "````" if "```" in code else "```"
    return f"{sign}\n{code}\n{sign}" if code.strip() else ""
