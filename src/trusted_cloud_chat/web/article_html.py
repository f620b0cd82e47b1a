"""The text of an article as HTML: headings, paragraphs, lists, tables and code, with marked quotes. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby

from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.blocks import Block, blocks_of, plain
from trusted_cloud_chat.language.pages import PAGE_END, page_of
from trusted_cloud_chat.language.rows import cells_of
from trusted_cloud_chat.language.sentences import sentences_in
from trusted_cloud_chat.schema import Chunk, Span
from trusted_cloud_chat.web.escaping import NBSP, escape, marked, typeset

Quotes = Sequence[tuple[int, Span]]
"""Numbered spans of an article's text."""
_MOST_AROUND = 600
"""Characters of a paragraph shown before and after a quote."""
_INDENT = 2
_DEEPEST = 4


def text_html(text: str, quotes: Quotes, blocks: Sequence[Block] | None = None) -> str:
    """`text`, or the given `blocks` of it with `[…]` for gaps."""
    parts, at, depth = [], 0, 0 if blocks is None else -1
    for group in _groups(text, blocks_of(text) if blocks is None else blocks):
        start = group[0].start
        if blocks is None and PAGE_END in text[at:start]:
            parts.append(f'<p class="tcc-page">p.{NBSP}{page_of(text, start)}</p>')
        elif blocks is not None and at and _says(text[at:start]):
            parts.append('<p class="tcc-gap">&#91;…&#93;</p>')
        parts.append(_group(text, group, quotes, depth))
        depth, at = depth or int(group[0].kind == "heading"), group[-1].end
    return "".join(parts)


def _says(text: str) -> bool:
    return any(map(str.isalnum, text))


def passage_html(text: str, chunk: Chunk) -> str:
    """The text of `chunk`; the first and the last block are cut at its ends."""
    blocks = [
        replace(block, start=max(block.start, chunk.start), end=min(block.end, chunk.end))
        for block in blocks_of(text)
        if block.start < chunk.end and chunk.start < block.end
    ]
    return text_html(text, (), blocks)


def around(text: str, quotes: Quotes) -> list[Block]:
    """The blocks of the quotes, each once, with the header of a table row or the line above a list.

    Long paragraphs are cut to the sentences around the quotes.
    """
    blocks = blocks_of(text)
    found: dict[int, Block] = {}
    for _, span in quotes:
        touched = [n for n, block in enumerate(blocks) if block.start < span.end and span.start < block.end]
        for n in touched:
            found[n] = _clipped(text, found.get(n), blocks[n], span)
        head = _head(text, blocks, touched[0]) if touched else None
        if head is not None:
            found.setdefault(head, blocks[head])
    # A quote of punctuation alone is in no block.
    return [found[n] for n in sorted(found)] or [Block("paragraph", span.start, span.end) for _, span in quotes]


def _head(text: str, blocks: Sequence[Block], n: int) -> int | None:
    """The index of the header above a table row, or of the line « … : » above a list; None without one."""
    kind = blocks[n].kind
    if kind not in ("row", "item"):
        return None
    while n and blocks[n].kind == kind:
        n -= 1
    said = text[blocks[n].start : blocks[n].end]
    return n if (kind == "row" and _is_header(text, blocks[n])) or (kind == "item" and said.endswith(":")) else None


def _clipped(text: str, before: Block | None, block: Block, span: Span) -> Block:
    """`block` cut to the sentences around `span`, extended by the part `before` of an earlier quote."""
    if block.whole or block.end - block.start <= 2 * _MOST_AROUND:
        return block
    near = [
        sentence
        for sentence in sentences_in(text, Span(block.start, block.end))
        if sentence.start >= span.start - _MOST_AROUND and sentence.end <= span.end + _MOST_AROUND
    ]
    start = min([max(span.start, block.start), *(sentence.start for sentence in near)])
    end = max([min(span.end, block.end), *(sentence.end for sentence in near)])
    if before is not None:
        start, end = min(start, before.start), max(end, before.end)
    return replace(block, start=start, end=end)


def _groups(text: str, blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """The items of a list together, the rows of a table together; other blocks alone."""
    for kind, run in groupby(blocks, key=partial(_kind, text)):
        if kind not in ("item", "table"):
            yield from ([block] for block in run)
            continue
        group: list[Block] = []
        for block in run:
            if group and kind == "table" and _is_header(text, block):
                yield group
                group = []
            group.append(block)
        yield group


def _kind(text: str, block: Block) -> str:
    return "table" if block.kind == "row" or _is_header(text, block) else block.kind


def _is_header(text: str, block: Block) -> bool:
    return block.kind == "heading" and "|" in text[block.start : block.end]


def _group(text: str, group: Sequence[Block], quotes: Quotes, depth: int) -> str:
    """`depth`: 0 before the first heading of the text, 1 after it, -1 if headings are shown as plain lines."""
    block = group[0]
    if _kind(text, block) == "table":
        return _table(text, group, quotes)
    if block.kind == "item":
        return f"<ul>{''.join(_item(text, item, quotes) for item in group)}</ul>"
    if block.kind == "code":
        return f"<pre><code>{marked(text[block.start : block.end], block.start, quotes, escape)}</code></pre>"
    if block.kind == "heading" and depth < 0:
        return f'<p class="tcc-heading">{_part(text, block, quotes)}</p>'
    if block.kind == "heading":
        # No level is skipped, for the heading lists of screen readers.
        level = 4 if depth and _before(text, block).count("#") > 2 else 3
        return f"<h{level}>{_part(text, block, quotes)}</h{level}>"
    return f"<p>{_part(text, block, quotes)}</p>"


def _item(text: str, block: Block, quotes: Quotes) -> str:
    """A list item with its own number, if any; a further paragraph of an item has no bullet."""
    before = _before(text, block)
    numbered = patterns.LIST_NUMBER.match(text, block.start, block.end) is not None
    depth = min(_DEEPEST, (len(before) - len(before.lstrip())) // _INDENT)
    bare = numbered or not before.strip(" \t>")
    kinds = [*(["tcc-bare"] if bare else []), *([f"tcc-in-{depth}"] if depth else [])]
    named = f' class="{" ".join(kinds)}"' if kinds else ""
    return f"<li{named}>{_part(text, block, quotes)}</li>"


def _table(text: str, group: Sequence[Block], quotes: Quotes) -> str:
    rows = {True: "", False: ""}
    for block in group:
        header, cells = block.kind == "heading", ""
        for cell in cells_of(text, block):
            name = 'th scope="col"' if header and _says(text[cell.start : cell.end]) else "td"
            cells += f"<{name}>{_part(text, cell, quotes)}</{name[:2]}>"
        rows[header] += f"<tr>{cells}</tr>"
    head = f"<thead>{rows[True]}</thead>" if rows[True] else ""
    # A wide table scrolls in its own box, also by keyboard.
    return f'<div class="tcc-table" tabindex="0"><table>{head}<tbody>{rows[False]}</tbody></table></div>'


def _before(text: str, block: Block) -> str:
    """The Markdown before a line: indentation, list marker."""
    return text[text.rfind("\n", 0, block.start) + 1 : block.start]


def _part(text: str, span: Span | Block, quotes: Quotes) -> str:
    return marked(text[span.start : span.end], span.start, quotes, _shown)


def _shown(piece: str) -> str:
    """HTML without Markdown syntax; keeps the spaces at both ends."""
    said = piece.strip()
    if not said:
        return escape(piece)
    before, _, after = piece.partition(said)
    return escape(before) + typeset(plain(patterns.LINE_SIGN.sub("\n", said))) + escape(after)
