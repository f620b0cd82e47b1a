"""Splits passages into sentences, and tells which sentences need the previous one."""

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
    """Yields the sentences of a passage, with a score of 0, except headings and sentences of fewer than four words."""
    for span in passage.chunk.sentences:
        text = passage.article.text[span.start : span.end]
        if len(text.split()) >= _MIN_WORDS and not _is_heading(passage.article.text, span):
            yield Selected(passage, span, 0.0)


def is_row(selected: Selected) -> bool:
    """Whether the sentence is a row of a table."""
    block = block_at(selected.passage.article.text, selected.span.start)
    return block is not None and block.kind == "row"


def _is_heading(text: str, span: Span) -> bool:
    """Whether the span is a heading. Text with a final full stop is not, so that most sentences need no look-up."""
    block = None if text[span.end - 1] in ".…»" else block_at(text, span.start)
    return block is not None and block.kind == "heading"


def leans_back(text: str, before: str, article: Article) -> bool:
    """Whether a sentence needs the previous one: it refers back, opens with a pronoun (« Elle sera… ») or a noun of that sentence, or only that sentence has a name."""
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
    """Whether the text has a name: a capitalised word after the first, or a first word with several capitals."""
    opening, *rest = words(text) or [None]
    return any(word.has_capital for word in rest if word) or (
        opening is not None and sum(letter.isupper() for letter in opening.text) > 1
    )


def figures(text: str) -> frozenset[str]:
    """The numbers in `text` as written, except years."""
    return frozenset(number for number in patterns.FIGURE.findall(text) if "Y" not in classes(number))
