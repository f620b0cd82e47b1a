"""When two texts say the same words: normalisation, token F1, exact match. SQuAD's measures, for French and English."""

from __future__ import annotations

from collections import Counter

from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.language.patterns import DECIMAL_COMMA, THOUSANDS_SPACE, WORD_NUMBER_OR_SIGN

OVERLAP = 0.5
"""Token F1 from which a cited quote counts as the gold quote."""
LONGEST_QUOTE = 60
"""Words; a longer quote counts as a miss, whatever it holds."""

_ARTICLES = frozenset({"l", "le", "la", "les", "un", "une", "du", "des", "au", "aux", "the", "an"})
"""Left out of token F1 and exact match, as FQuAD's own script does for French."""


def tokens(text: str) -> list[str]:
    """Folded words, numbers and the signs %, €, $, in order: « 1 200,5 M€ » gives `1200.5`, `m`, `€`."""
    return WORD_NUMBER_OR_SIGN.findall(DECIMAL_COMMA.sub(".", THOUSANDS_SPACE.sub("", fold(text))))


def content(text: str) -> list[str]:
    """`tokens` without articles; all of them when nothing else is there."""
    found = tokens(text)
    return [token for token in found if token not in _ARTICLES] or found


def token_f1(first: str, second: str) -> float:
    """Harmonic mean of precision and recall over the tokens that both have; symmetric, 0 to 1."""
    a, b = Counter(content(first)), Counter(content(second))
    shared = (a & b).total()
    return 2 * shared / (a.total() + b.total()) if shared else 0.0


def exact_match(first: str, second: str) -> float:
    return float(content(first) == content(second))


def holds(text: str, answer: str) -> bool:
    """Whether `answer` stands in `text` word for word, accents, case and punctuation apart."""
    haystack, needle = tokens(text), tokens(answer)
    if not needle:
        return False
    return any(haystack[i : i + len(needle)] == needle for i in range(len(haystack) - len(needle) + 1))


def count_words(text: str) -> int:
    """Pieces between white space that hold a letter or a digit."""
    return sum(any(c.isalnum() for c in piece) for piece in text.split())
