"""The sentences of a passage and their neighbours."""

from collections.abc import Iterator

from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.blocks import block_at
from trusted_cloud_chat.language.calendar_words import classes
from trusted_cloud_chat.language.senses import says, spans_of
from trusted_cloud_chat.language.stems import content_words
from trusted_cloud_chat.language.words import words
from trusted_cloud_chat.schema import Article, Passage, Span

_MIN_WORDS = 4


def sentences_of(passage: Passage) -> Iterator[Selected]:
    """The sentences of a passage, unranked; without scraps and headings."""
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


def leans_back(text: str, before: str, article: Article) -> bool:
    """« Elle sera… », « La version de 2021 conseillait au contraire… », no name, unlike the sentence `before`, or a noun of it."""
    if says("refers_back", text, article.language) or (_names(before) and not _names(text)):
        return True
    opening = text.lstrip('«“"- \u00a0\u202f')
    skipped = len(text) - len(opening)
    if any(start == skipped for start, _ in spans_of("opens_with_pronoun", text, article.language)):
        return True
    if not any(start == 0 for start, _ in spans_of("determiner", text, article.language)):
        return False
    noun = next((word for word in words(text)[1:2] if not word.has_capital), None)
    said = content_words(noun.text, article.language) if noun else frozenset()
    return bool(said) and said <= content_words(before, article.language)


def _names(text: str) -> bool:
    """Whether it has a name; the capital that opens a sentence does not count."""
    opening, *rest = words(text) or [None]
    return any(word.has_capital for word in rest if word) or (
        opening is not None and sum(letter.isupper() for letter in opening.text) > 1
    )


def figures(text: str) -> frozenset[str]:
    """Numbers as written, without years."""
    return frozenset(number for number in patterns.FIGURE.findall(text) if "Y" not in classes(number))
