"""The evaluation's own sentences. Fixed: a change of the product's splitter never moves the gold.

A sentence ends after `.`, `!`, `?` or `…` (with closing quotes or brackets) when white space and a capital letter, a
digit or an opening quote follow, and at a line break; not after a single capital (« J. Dupont ») nor after one of a
few abbreviations.
"""

from __future__ import annotations

from trusted_cloud_chat.language.patterns import SENTENCE_BORDER
from trusted_cloud_chat.schema import Span

_ABBREVIATIONS = frozenset(
    "M MM Mr Ms Mrs Mme Mlle Dr Pr St Ste Sr Jr p pp art n no vol av apr env cf fig chap".split()
)
_BEFORE_A_WORD = "(«\"'’.-"


def split(text: str) -> list[Span]:
    """Spans in order, disjoint, without outer white space; every other character lies in one."""
    spans, start = [], 0
    for match in SENTENCE_BORDER.finditer(text):
        if match.group() == "." and _is_abbreviation(text[start : match.start()]):
            continue
        spans.append(_trimmed(text, start, match.end()))
        start = match.end()
    spans.append(_trimmed(text, start, len(text)))
    return [span for span in spans if span.start < span.end]


def _is_abbreviation(before: str) -> bool:
    """Whether `before` ends in a word whose full stop ends no sentence."""
    apart = "".join(" " if c.isspace() or c in _BEFORE_A_WORD else c for c in before)
    word = apart.rpartition(" ")[2]
    return word in _ABBREVIATIONS or (len(word) == 1 and ("A" <= word <= "Z" or "À" <= word <= "Þ"))


def sentences_of(text: str, span: Span) -> list[Span]:
    """The sentences that hold a part of `span`: one, unless it crosses a border."""
    return [s for s in split(text) if s.start < span.end and span.start < s.end]


def same_sentence(shown: Span, gold: Span) -> bool:
    """Whether the two share at least half of the shorter one."""
    shared = min(shown.end, gold.end) - max(shown.start, gold.start)
    return 2 * shared >= min(shown.end - shown.start, gold.end - gold.start)


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return Span(start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip()))
