"""Detects sentences with the same content, in one language or two."""

from collections.abc import Sequence

from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.stems import STOPWORDS_EN, STOPWORDS_FR, content_words
from trusted_cloud_chat.language.words import words
from trusted_cloud_chat.schema import Language

_SAME_WORDS = 0.6
"""Minimum share of common content words, not counting the question's, for two sentences to say the same."""
_SAME_STATED, _LEAST_STATED = 0.7, 3
"""Minimum share and minimum number of names and figures that a sentence has in common with its translation."""


def without_repeats(
    ranked: Sequence[Selected], language: Language, asked: frozenset[str] = frozenset()
) -> list[Selected]:
    """Keeps the first of equivalent sentences, or its translation in `language`. `asked`: content words that do not count."""
    kept: list[Selected] = []
    for candidate in ranked:
        translated = next((n for n, other in enumerate(kept) if translates(candidate, other)), None)
        if translated is not None:
            if candidate.passage.article.language == language:
                kept[translated] = candidate
        elif not any(says_the_same(candidate, other, asked) for other in kept):
            kept.append(candidate)
    return kept


def says_the_same(one: Selected, other: Selected, asked: frozenset[str] = frozenset()) -> bool:
    """Whether two sentences share most content words outside `asked`; never if both have figures and share none."""
    first, second = (frozenset(patterns.FIGURE.findall(choice.text)) for choice in (one, other))
    if first and second and not first & second:
        return False
    whole = [content_words(choice.text, choice.passage.article.language) for choice in (one, other)]
    a, b = (said - asked for said in whole)
    if not a or not b:
        a, b = whole
    return len(a & b) / max(1, min(len(a), len(b))) >= _SAME_WORDS


def translates(one: Selected, other: Selected) -> bool:
    """Whether a French and an English sentence share most of their names and figures, at least three."""
    if one.passage.article.language == other.passage.article.language:
        return False
    first, second = _stated(one.text), _stated(other.text)
    return len(first & second) >= max(_LEAST_STATED, _SAME_STATED * len(first | second))


def _stated(text: str) -> frozenset[str]:
    """Figures and capitalised words, folded."""
    named = (word.folded for word in words(text) if word.has_capital or word.folded[0].isdigit())
    return frozenset(named) - STOPWORDS_FR - STOPWORDS_EN
