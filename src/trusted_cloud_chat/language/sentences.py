"""Splits French and English text into sentence spans with exact offsets, by rules.

A sentence ends at a blank line, at the end of a heading or list item, or at a terminator followed by
white space and a possible sentence start, unless the terminator belongs to an abbreviation or an
initial, or lies inside « ».
"""

import re  # for a type annotation
from bisect import bisect_left
from itertools import pairwise

from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.schema import Span

_ABBREVIATIONS = frozenset(
    "m mm mme mmes mlle mlles dr pr prof me mgr st ste sr jr gén gal col cdt lt cf p pp art al alin "
    "chap fig tab vol éd ed n num env approx av apr hab tél tel dir réf ref resp ex "
    "mr mrs ms vs inc corp ltd co dept i.e e.g eg ie c.-à-d".split()
)
_BEFORE_A_NUMBER = frozenset("no nos janv févr fév avr juil sept oct nov déc jan feb mar apr aug dec".split())
"""Abbreviations only before a number: « sept. 2024 », but « ils sont sept. Les autres… »."""
_MAX_QUOTED = 400
"""Maximum length of a « quotation » that is kept whole; a longer one is split into its sentences."""
_LOOKED_BACK = 40
"""Number of characters examined before a full stop for an abbreviation."""


def split_sentences(text: str) -> list[Span]:
    """Spans of the sentences in `text`, in order, disjoint, without outer white space.

    Every character that is not white space lies in exactly one span.
    """
    borders = (patterns.BLOCK_BORDER, patterns.HEADING_LINE)
    cuts = {0, len(text), *(match.end() for border in borders for match in border.finditer(text))}
    blocks = (trim(text, start, end) for start, end in pairwise(sorted(cuts)))
    return [span for block in blocks if block.start < block.end for span in sentences_in(text, block)]


def sentences_in(text: str, block: Span) -> list[Span]:
    """Sentence spans of a single block."""
    quoted = _quoted_spans(text, block)
    spans, start = [], block.start
    for match in patterns.SENTENCE_END.finditer(text, block.start, block.end):
        cut = match.end()
        if cut < block.end and not _is_border(text, start, match, block.end, quoted):
            continue
        span = trim(text, start, cut)
        if span.start < span.end:
            spans.append(span)
        start = cut
    rest = trim(text, start, block.end)
    if rest.start < rest.end:
        spans.append(rest)
    return spans


def _is_border(text: str, start: int, match: re.Match[str], end: int, quoted: list[Span]) -> bool:
    opener = patterns.SENTENCE_OPENER.match(text, match.end(), end)
    if opener is None:
        return False
    first = opener.group()[-1]
    before = bisect_left(quoted, match.end(), key=lambda span: span.start) - 1
    if first.islower() or (before >= 0 and match.end() < quoted[before].end):
        return False
    if match.group().startswith(".") and not match.group().startswith("..."):
        return not _is_abbreviation(text[max(start, match.start() - _LOOKED_BACK) : match.start()], first)
    return True


def _is_abbreviation(before: str, following: str) -> bool:
    """Whether the full stop after `before` belongs to a word: « M. », « art. 19 », « J. »."""
    word = patterns.WORD_GAP.split(before)[-1].lower()
    if patterns.INITIAL_BEFORE_STOP.search(before) and not patterns.NUMBERED_CAPITAL.search(before):
        return True
    if word == "etc":
        return False
    if word in _BEFORE_A_NUMBER:
        return following.isdigit()
    if word in {"n", "p", "pp", "art", "al", "fig", "vol", "chap", "éd", "av", "apr"}:
        return following.isdigit() or following.isupper()
    return word in _ABBREVIATIONS


def _quoted_spans(text: str, block: Span) -> list[Span]:
    """« … » pairs short enough to be kept whole."""
    spans: list[Span] = []
    opened: int | None = None
    for position in range(block.start, block.end):
        character = text[position]
        if character == "«" and opened is None:
            opened = position
        elif character == "»" and opened is not None:
            if position - opened <= _MAX_QUOTED:
                spans.append(Span(opened, position))
            opened = None
    return spans


def trim(text: str, start: int, end: int) -> Span:
    """`text[start:end]` without the white space around it; empty if there is nothing else."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
