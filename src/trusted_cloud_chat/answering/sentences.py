"""The sentences of a passage and those beside them."""

from __future__ import annotations

from collections.abc import Iterator

from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.blocks import block_at
from trusted_cloud_chat.language.calendar_words import classes
from trusted_cloud_chat.language.senses import spans_of
from trusted_cloud_chat.schema import Article, Passage, Span

_MIN_WORDS = 4


def sentences_of(passage: Passage) -> Iterator[Selected]:
    """The sentences of a passage, unranked; scraps and headings are none."""
    for span in passage.chunk.sentences:
        text = passage.article.text[span.start : span.end]
        if len(text.split()) >= _MIN_WORDS and not _is_heading(passage.article.text, span):
            yield Selected(passage, span, 0.0)


def is_row(selected: Selected) -> bool:
    """Whether it is a row of a table."""
    block = block_at(selected.passage.article.text, selected.span.start)
    return block is not None and block.kind == "row"


def _is_heading(text: str, span: Span) -> bool:
    """Most sentences end in a full stop, and no heading does."""
    block = None if text[span.end - 1] in ".…»" else block_at(text, span.start)
    return block is not None and block.kind == "heading"


def opens_with_pronoun(text: str, article: Article) -> bool:
    """« Elle sera… », « Cette offre… »: the sentence before says what is meant."""
    opening = text.lstrip('«“"- \u00a0\u202f')
    skipped = len(text) - len(opening)
    return any(start == skipped for start, _ in spans_of("opens_with_pronoun", text, article.language))


def figures(text: str) -> frozenset[str]:
    """Numbers as they stand, years left out."""
    return frozenset(number for number in patterns.FIGURE.findall(text) if "Y" not in classes(number))


def place_of(one: Selected) -> tuple[str, int]:
    """The article and where in it the sentence begins."""
    return one.passage.article.article_id, one.span.start
