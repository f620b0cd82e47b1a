"""Sentences with the same content, also in two languages."""

from collections.abc import Sequence

from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.stems import STOPWORDS_EN, STOPWORDS_FR, content_words
from trusted_cloud_chat.language.words import words
from trusted_cloud_chat.schema import Language

_SAME_WORDS = 0.6
"""Share of content words, except those of the question, from which two sentences say the same."""
_SAME_STATED = 0.7
_LEAST_STATED = 3
"""Least common names and figures of a sentence and its translation."""


def without_repeats(
    ranked: Sequence[Selected], language: Language, asked: frozenset[str] = frozenset()
) -> list[Selected]:
    """The first of equal sentences, if possible in `language`. `asked`: the question's words, which do not count."""
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
    """Whether two sentences say the same beside the question's words; never with different figures."""
    first, second = (frozenset(patterns.FIGURE.findall(choice.text)) for choice in (one, other))
    if first and second and not first & second:
        return False
    whole = [content_words(choice.text, choice.passage.article.language) for choice in (one, other)]
    a, b = (said - asked for said in whole)
    if not a or not b:
        a, b = whole
    return len(a & b) / max(1, min(len(a), len(b))) >= _SAME_WORDS


def translates(one: Selected, other: Selected) -> bool:
    """Whether a French and an English sentence have the same names and figures, at least three."""
    if one.passage.article.language == other.passage.article.language:
        return False
    first, second = _stated(one.text), _stated(other.text)
    return len(first & second) >= max(_LEAST_STATED, _SAME_STATED * len(first | second))


def _stated(text: str) -> frozenset[str]:
    """Figures, and words with a capital."""
    named = (word.folded for word in words(text) if word.has_capital or word.folded[0].isdigit())
    return frozenset(named) - STOPWORDS_FR - STOPWORDS_EN
