"""Time in proportion to the text, whatever the text: every expression, and what cuts texts into blocks and sentences.

What repeats without end is what makes an expression that looks back slow. Each attack that was ever found stays here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date

import pytest
from growth import MOST_GROWTH, growth

from trusted_cloud_chat.chunking import chunk_article, embedded_text, sentence_text
from trusted_cloud_chat.corpus.articles import title_of
from trusted_cloud_chat.corpus.dateline import stated_date
from trusted_cloud_chat.corpus.front_matter import split_front_matter
from trusted_cloud_chat.errors import ArticleError
from trusted_cloud_chat.language import model_patterns, patterns
from trusted_cloud_chat.language.blocks import article_sentences, blocks_of, plain
from trusted_cloud_chat.language.detection import detect_language
from trusted_cloud_chat.language.sentences import split_sentences
from trusted_cloud_chat.language.stems import lexical_tokens, word_spans
from trusted_cloud_chat.language.words import words, words_and_signs
from trusted_cloud_chat.schema import Article

pytestmark = pytest.mark.slow

EXPRESSIONS = {
    f"{module.__name__.rpartition('.')[2]}.{name}": value
    for module in (patterns, model_patterns)
    for name, value in vars(module).items()
    if isinstance(value, re.Pattern) and not name.startswith("_")
}
AT_A_PLACE = {"patterns.SENTENCE_OPENER", "patterns.LIST_NUMBER", "patterns.FRONT_MATTER", "patterns.DATE_PREFIX",
              "patterns.DATELINE", "model_patterns.LIST_SIGN", "model_patterns.TABLE_RULE"}  # fmt: skip
"""Those that are only ever tried at one place, by `match` or `fullmatch`."""
SIGNS = [" ", "\n", "\t", "\u00a0", *".!…,:;-–*_[]()\"«»’'/#`~<>|&€%\\?+@", "a", "A", "é", "0", "1"]
PUMPS = [
    *SIGNS, "M. ", "A.", "A-", "a.", "a@", "1 ", "12 ", "123 ", "1,", "1.", "12/", "12 mai ", "mai ", "- ", "1. ", "\n ", "\n\n",
    "[1]", "[1] ", " [1]", "[a](", "[[", "![", "![a](", "« ", " »", "«a» ", "**a", "_a ", "a_", "*a", "~~a", "~~a~~[", "`a", "<a ",
    "<a", "</", ". ", "! ", ".\n", ".»", ".)", "([1]", "[1].", "a: ", ": ", " x", "le ", "le lundi ", "date ", "publié ", "séance ",
    "selon ", "<|", "<|channel|>", "<think>", "</think>", "---\n", "# ", "> ", "| a ", "|-", "-|", "--", "--|", "l'", "www.", "http://",
    "0 1", "+33 ", "euros ", "€1", "1 €", "fig. ", "et ", ", ", "x, ", "x\n", "\\|",
]  # fmt: skip
BEFORE = ["", "date", "a: b: ", "Publié ", "a", ".", ".[1]"]
FEW = [" ", "\n", *".!,:-*_[]()»'<~", "a", "1"]
LENGTH = 1000


@pytest.mark.parametrize("name", sorted(EXPRESSIONS))
def test_every_expression_takes_time_in_proportion(name: str) -> None:
    """Over what repeats a sign or a few, with something before it and something that does not fit after it."""
    expression = EXPRESSIONS[name]
    work: Callable[[str], object] = (
        expression.match if name in AT_A_PLACE else lambda text: list(expression.finditer(text))
    )

    slow = [case for case in _cases() if growth(work, *case) > MOST_GROWTH]

    assert slow == []


def _cases() -> Iterator[tuple[str, int, str, str]]:
    for before in BEFORE:
        for pump in FEW if before else PUMPS:
            yield pump, LENGTH, before, "\x01"


def chunks(text: str) -> None:
    article = Article("a", "v", "Titre", text, None, None, None, "fr", None, (), "a.md")
    for chunk in chunk_article(article, lambda part: 1 + len(part) // 4, 200):
        embedded_text(article, chunk)
        for sentence in chunk.sentences:
            sentence_text(article, sentence)


def front_matter(text: str) -> None:
    for block in (f"---\ntitle: {text}\n---\nx", f"---\n{text}\n---\nx", f"---\n{text}"):
        with suppress(ArticleError):
            split_front_matter(block)


def blocks(text: str) -> None:
    blocks_of.cache_clear()
    blocks_of(text)


WORK: dict[str, Callable[[str], object]] = {
    "blocks": blocks, "sentences": split_sentences, "plain": plain, "title": title_of,
    "date": lambda text: stated_date(text, date(2026, 11, 24)), "front matter": front_matter, "language": detect_language,
    "terms": lexical_tokens, "word spans": word_spans, "words": words, "words and signs": words_and_signs, "chunks": chunks,
    "sentences of an article": article_sentences,
}  # fmt: skip
LINES = [
    "M. ", "mot ", ".", "!", "?", "« ", "«a» ", " ", "\n", "a\n", "a\n\n", "A.", "1. ", "12 ", "Titre court\n\n", "Titre ?\n\n",
    "Texte :\n\n- a\n\n", "- ", "- a\n", "-\n", "> ", ">\n", "> - ", "# a\n", "|", "|\n", "| a ", "|a|b|\n|-|-|\n", "|-", "```\n",
    "~~~a\n", "---\n", "===\n", "    a\n", "a  \n", "[", "[a](", "![", "`a", "*", "*a ", "**a", "_a ", "a_", "<a", "&#", "\\", "a: b: ",
    "[x: ", "{", "l'", "é", "\u200b", "date ", "Publié le ", "a" * 60 + "\n", "mot mot. " * 7 + "\n",
]  # fmt: skip


@pytest.mark.parametrize("name", sorted(WORK))
def test_reading_takes_time_in_proportion(name: str) -> None:
    slow = [pump for pump in LINES if growth(WORK[name], pump, LENGTH) > MOST_GROWTH]

    assert slow == []


def test_a_long_lead_is_read_once_for_all_the_lists_after_it() -> None:
    """« … : », and as many empty lists as it has words."""
    lists = "- \n* \n"

    assert growth(lambda text: blocks(f"{text}:\n\n{lists * (len(text) // 8)}"), "mot ", LENGTH) <= MOST_GROWTH


def test_a_header_is_shown_with_its_rows_up_to_a_length() -> None:
    """A thousand cells beside each of a thousand rows would be a million."""
    rows = blocks_of(f"|{'cellule|' * 1000}\n|{'-|' * 1000}\n" + "|a|b|\n" * 10)

    assert {len(row.beside) for row in rows if row.kind == "row"} == {1000}
