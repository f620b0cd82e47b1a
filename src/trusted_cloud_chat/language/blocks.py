"""Splits an article into blocks with exact offsets: headings, paragraphs, list items, table rows, code.

Markdown is parsed as CommonMark with tables (markdown-it-py). In text that is not hard-wrapped, a paragraph
is also split at its line breaks. Block markup, such as `#` or `-`, is in no block.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise, zip_longest
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.fences import fences
from trusted_cloud_chat.language.sentences import sentences_in, trim
from trusted_cloud_chat.schema import Span

Kind = Literal["heading", "paragraph", "item", "row", "code"]

_HEADING_LENGTH = 100
"""Maximum length of a line without a full stop that counts as a heading."""
_SENTENCE_LINE = 40
"""Minimum length of a line that the next one may continue, in text that is not wrapped."""
_LEAD_LENGTH = 160
"""Maximum length of the lead-in « … : » shown with the items of a list."""
_HEADER_LENGTH = 1000
"""Maximum length of a header row shown with each row."""
_WRAPPED_WIDTH, _FEW_LINES = range(50, 131), 6
"""Widths at which text may be hard-wrapped, and the number of lines below which all must have nearly that width."""
_LONGEST, _BORDERS = 600, ("\n\n", "\n", "; ", " : ", ", ", " ")
"""Maximum length of a sentence other than a table row, and the separators at which a longer one is cut, strongest first."""
_KEPT = 512
"""Size of the cache of blocks."""
_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["code", "html_block", "reference"])
_PARSER.core.ruler.disable(["inline", "text_join"])
_INLINE = MarkdownIt("commonmark", {"html": False}).disable(["autolink", "html_inline"])


@dataclass(frozen=True, slots=True)
class Block:
    """`text[start:end]` is its content, without markup at its ends."""

    kind: Kind
    start: int
    end: int
    level: int = 0
    """Level of a Markdown heading, from 1; else 0."""
    under: str = ""
    """The heading above it."""
    beside: str = ""
    """The context of a list item (the lead-in of its list) or table row (the header row)."""

    @property
    def whole(self) -> bool:
        """Whether it is never split into sentences."""
        return self.kind in ("row", "code", "heading")


def article_sentences(text: str) -> list[Span]:
    """The sentences of an article's text, in order and disjoint; a table row, a heading and a code block are one each."""
    found: list[Span] = []
    for block in blocks_of(text):
        span = Span(block.start, block.end)
        spans = [span] if block.whole else _numbered(text, span)
        found += spans if block.kind == "row" else [piece for one in spans for piece in _cut(text, one)]
    return found


def _cut(text: str, span: Span) -> Iterator[Span]:
    """Splits a span longer than `_LONGEST` at the strongest separator available: blank line, line, clause, word."""
    while span.end - span.start > _LONGEST:
        first, last = span.start + _LONGEST // 4, span.start + _LONGEST
        places = ((text.rfind(border, first, last), len(border)) for border in _BORDERS)
        at = next((place + size for place, size in places if place >= 0), last)
        yield trim(text, span.start, at)
        span = trim(text, at, span.end)
    yield span


def _numbered(text: str, span: Span) -> list[Span]:
    """The sentences of a block; the number of a list item stays with the first."""
    number = patterns.LIST_NUMBER.match(text, span.start, span.end)
    if number is None:
        return sentences_in(text, span)
    first, *others = sentences_in(text, Span(number.end(), span.end)) or [span]
    return [Span(span.start, first.end), *others]


def block_at(text: str, offset: int) -> Block | None:
    """The block that contains `text[offset]`; None between blocks."""
    starts, blocks = _starts(text), blocks_of(text)
    at = bisect_right(starts, offset) - 1
    return blocks[at] if at >= 0 and offset < blocks[at].end else None


def blocks_after(text: str, offset: int) -> Iterator[Block]:
    """The blocks that begin at `offset` or later."""
    yield from blocks_of(text)[bisect_left(_starts(text), offset) :]


def paragraph_at(text: str, span: Span) -> str:
    """The paragraph around a sentence, between blank lines."""
    before, after = text.rfind("\n\n", 0, span.start), text.find("\n\n", span.end)
    return text[before + 2 if before >= 0 else 0 : after if after >= 0 else len(text)]


def context_of(text: str, start: int) -> str:
    """The context shown in brackets with the sentence at `start`: header row, lead-in, or a heading that is a question; may be empty."""
    block = block_at(text, start)
    if block is None or block.kind in ("heading", "code"):
        return ""
    if block.kind in ("row", "item"):
        return block.beside or block.under
    return block.under if block.under.endswith("?") else ""


def shown(text: str, start: int, end: int) -> str:
    """`text[start:end]` as displayed: code unchanged, other text without Markdown."""
    block = block_at(text, start)
    if block is not None and block.kind == "code":
        return text[start:end]
    return plain(patterns.LINE_SIGN.sub("\n", text[start:end]))


def plain(text: str) -> str:
    """`text` without the Markdown of emphasis, links, images and code, for display; offsets change.

    A sign inside a word stays: 2*3, TCC_HOME. Emphasis that opens or closes outside `text` is removed too.
    """
    if not patterns.INLINE_MARKDOWN.search(text):
        return text
    children = _INLINE.parseInline("".join(_escaped(text)))[0].children or []
    said = "".join("\n" if c.type in ("softbreak", "hardbreak") else c.content for c in children if not c.hidden)
    return patterns.LOOSE_EMPHASIS.sub("", said)


def _escaped(text: str) -> Iterator[str]:
    """`text` with the signs inside words escaped, except in code spans."""
    at = 0
    for code in (*patterns.CODE_SPAN.finditer(text), None):
        prose = text[at : code.start()] if code else text[at:]
        yield patterns.SIGN_IN_WORD.sub(lambda signs: "".join(f"\\{sign}" for sign in signs[0]), prose)
        at = code.end() if code else len(text)
        yield code[0] if code else ""


@lru_cache(maxsize=_KEPT)
def blocks_of(text: str) -> tuple[Block, ...]:
    """The blocks of `text`, in order, disjoint, none empty."""
    lines = _Lines(text)
    found = [block for block in _read(lines) if block.start < block.end]
    return tuple(_under_headings(text, sorted([*found, *_left_out(lines, found)], key=lambda block: block.start)))


@lru_cache(maxsize=_KEPT)
def _starts(text: str) -> tuple[int, ...]:
    return tuple(block.start for block in blocks_of(text))


class _Lines:
    """The lines of a text with their offsets."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.split("\n")
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.width = _wrapped_at(self.lines)

    @property
    def closed(self) -> str:
        """The text without the lines of unclosed fences, since such a fence would turn the rest into code."""
        loose = set(fences(self.lines)[1]) if "```" in self.text or "~~~" in self.text else set()
        return "\n".join("" if n in loose else line for n, line in enumerate(self.lines)) if loose else self.text

    def span(self, number: int, content: str | None = None) -> Span:
        """The span of line `number`, or of `content` in it, without outer white space."""
        start, line = self.starts[number], self.lines[number]
        at = line.find(content) if content else -1
        begin, end = (start + at, start + at + len(content)) if content and at >= 0 else (start, start + len(line))
        return trim(self.text, begin, end)

    def joined(self, number: int) -> bool:
        """Whether line `number` continues the sentence of the previous line."""
        raw, line = self.lines[number - 1], self.lines[number].lstrip(" \t>").strip()
        before = raw.rstrip()
        if raw.endswith("  ") or not before or not line:
            return False
        if self.width:
            return line[0].islower() or len(before) + 1 + len(line.split()[0]) > self.width
        # Nothing continues a short line: « Horaires », « lundi : 9 h ».
        return line[0].islower() and len(before) >= _SENTENCE_LINE and not before.endswith((".", "!", "?", ";", ":"))


def _wrapped_at(lines: Sequence[str]) -> int:
    """The width at which the text is hard-wrapped; 0 if each line is a paragraph."""
    followed = [len(line.rstrip()) for line, after in pairwise(lines) if line.strip() and after.strip()]
    if len(followed) < 2:
        return 0
    width = sorted(followed)[int(0.95 * (len(followed) - 1))]
    near = sum(width - 16 <= length for length in followed)
    few = len(followed) < _FEW_LINES
    wrapped = width in _WRAPPED_WIDTH and (near == len(followed) if few else near >= 0.7 * len(followed))
    return max(followed) if wrapped else 0


def _read(lines: _Lines) -> Iterator[Block]:
    """The parser's blocks; rows and items already have their `beside`."""
    tokens = _PARSER.parse(lines.closed.replace("\r", " "))
    lead, header = [""], ""
    last: Block | None = None
    items: list[Token] = []
    for token, after in zip_longest(tokens, tokens[1:]):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            lead.append(_lead(lines.text, last))
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lead.pop()
        elif token.type == "list_item_open":
            items.append(token)
        elif token.type == "list_item_close":
            items.pop()
        elif token.type == "tr_open":
            row = _row(lines, token)
            is_header = after is not None and after.type == "th_open"
            header = _cells(lines.lines[(token.map or (0, 0))[0]])[:_HEADER_LENGTH] if is_header else header
            yield replace(row, beside="" if is_header else header, kind="heading" if is_header else "row")
        elif token.type == "fence":
            yield _fence(lines, token)
        elif token.type == "inline" and token.map and not (after and after.type in ("td_close", "th_close")):
            kind: Kind = "heading" if after and after.type == "heading_close" else "item" if items else "paragraph"
            level = int(after.tag[1]) if kind == "heading" and after and token.level == 1 else 0
            for last in _paragraph(lines, token, kind, items):
                yield replace(last, level=level, beside=lead[-1] if kind == "item" else "")


def _left_out(lines: _Lines, found: Sequence[Block]) -> Iterator[Block]:
    """Lines that the parser ignores, such as an empty numbered item."""
    ends = [block.end for block in found]
    for number, line in enumerate(lines.lines):
        span = lines.span(number)
        after = bisect_right(ends, span.start)
        free = after == len(found) or found[after].start >= span.end
        if free and not line.strip().startswith(("```", "~~~")) and any(map(str.isalnum, line)):
            yield Block("paragraph", span.start, span.end)


def _paragraph(lines: _Lines, token: Token, kind: Kind, items: list[Token]) -> Iterator[Block]:
    """One block per line, with continued lines joined; a numbered item keeps its number."""
    first, _ = token.map or (0, 0)
    spans: list[Span] = []
    for number, content in enumerate(token.content.split("\n"), start=first):
        span = lines.span(number, content)
        if number == first and items and items[-1].info and items[-1].map and items[-1].map[0] == first:
            span = Span(lines.text.index(items[-1].info, lines.starts[first]), span.end)
        if spans and lines.joined(number):
            spans[-1] = Span(spans[-1].start, span.end)
        else:
            spans.append(span)
    yield from (Block(kind, span.start, span.end) for span in spans)


def _row(lines: _Lines, token: Token) -> Block:
    span = lines.span((token.map or (0, 0))[0])
    start, end = span.start, span.end
    while start < end and lines.text[start] in "|> \t":
        start += 1
    while end > start and lines.text[end - 1] in "| \t":
        end -= 1
    return Block("row", start, end)


def _cells(row: str) -> str:
    """A header row as « – | Adulte | Enfant », with a dash for an empty cell; empty if all cells are."""
    cells = [plain(cell.strip()) for cell in row.lstrip("> \t").rstrip().removeprefix("|").removesuffix("|").split("|")]
    return " | ".join(cell or "–" for cell in cells) if any(cells) else ""


def _fence(lines: _Lines, token: Token) -> Block:
    """The lines between the fences as one block."""
    first, after = token.map or (0, 0)
    last = after - 1 if lines.lines[after - 1].strip().startswith(token.markup) and after - first > 1 else after
    span = trim(lines.text, lines.starts[first + 1], max(lines.starts[first + 1], lines.starts[last] - 1))
    return Block("code", span.start, span.end)


@lru_cache(maxsize=8)
def _lead(text: str, before: Block | None) -> str:
    """The last sentence of the block before a list, if it ends with a colon and is short; else empty."""
    if before is None or not text[before.start : before.end].rstrip().endswith(":"):
        return ""
    last = sentences_in(text, Span(before.start, before.end))[-1]
    said = plain(text[last.start : last.end])
    return said.rstrip(" \u00a0\u202f:") if len(said) <= _LEAD_LENGTH else ""


def _under_headings(text: str, blocks: Sequence[Block]) -> Iterator[Block]:
    """Each block with the heading above it; a paragraph that reads as a heading (`_opens`) becomes one."""
    heading = ""
    for block, after in zip_longest(blocks, blocks[1:]):
        said = text[block.start : block.end]
        if block.kind == "heading" and "|" not in said and (len(said) > 2 * _HEADING_LENGTH or said.endswith(".")):
            block = replace(block, kind="paragraph")  # a line of dashes made it a heading
        answers = heading.endswith("?") and not said.rstrip("*").endswith("?")
        if block.kind == "paragraph" and after is not None and after.kind != "heading" and not answers:
            block = replace(block, kind="heading") if _opens(text, block, said) else block
        if block.kind == "heading" and "|" not in said:
            yield block
            heading = plain(said).rstrip(" \u00a0\u202f:")
        else:
            yield replace(block, under=heading)


def _opens(text: str, block: Block, said: str) -> bool:
    """Whether a paragraph reads as a heading: short, not a sentence, and either between blank lines or all in bold."""
    bold = said.startswith("**") and said.endswith("**") and said.count("**") == 2
    if said.rstrip("*_ ")[-1:] in (".", "!", "…", ";", ","):
        return False
    if len(said) > _HEADING_LENGTH or not (bold or said[-1] not in '.!…;,»”"):|'):
        return False
    if not bold and said[-1] != "?" and any(character.isdigit() for character in said):
        return False  # « Tarif unique 12 € »
    return bold or _alone(text, block)


def _alone(text: str, block: Block) -> bool:
    """Whether a block follows a blank line, or begins the text, and a blank line follows it."""
    start, after = block.start, block.end  # not by slices: each would copy the text
    while start and text[start - 1] in " \t":
        start -= 1
    while after < len(text) and text[after] in " \t":
        after += 1
    opened = text.endswith("\n\n", 0, start)
    while start and text[start - 1].isspace():
        start -= 1
    return (opened or not start) and text.startswith("\n\n", after)
