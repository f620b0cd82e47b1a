"""Compares texts by their words (SQuAD's token F1 and exact match, for French and English) and splits sentences."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.language.patterns import DECIMAL_COMMA, SENTENCE_BORDER, THOUSANDS_SPACE, WORD_NUMBER_OR_SIGN
from trusted_cloud_chat.language.stems import content_words
from trusted_cloud_chat.schema import Span

OVERLAP = 0.5
"""Minimum token F1 of a quote that matches a gold quote."""
LONGEST_QUOTE = 60
"""Maximum length of a quote in words; a longer quote matches nothing."""
_ALIKE = 0.6
"""Minimum Jaccard index of the stems of near-duplicate questions."""

_ARTICLES = frozenset({"l", "le", "la", "les", "un", "une", "du", "des", "au", "aux", "the", "an"})
"""Ignored by token F1 and exact match, as in FQuAD's script."""


def tokens(text: str) -> list[str]:
    """Folded words, numbers and the signs %, €, $, in order: « 1 200,5 M€ » gives `1200.5`, `m`, `€`."""
    return WORD_NUMBER_OR_SIGN.findall(DECIMAL_COMMA.sub(".", THOUSANDS_SPACE.sub("", fold(text))))


def content(text: str) -> list[str]:
    """`tokens` without articles, unless there are only articles."""
    found = tokens(text)
    return [token for token in found if token not in _ARTICLES] or found


def token_f1(first: str, second: str) -> float:
    """Harmonic mean of token precision and recall."""
    a, b = Counter(content(first)), Counter(content(second))
    shared = (a & b).total()
    return 2 * shared / (a.total() + b.total()) if shared else 0.0


def exact_match(first: str, second: str) -> float:
    return float(content(first) == content(second))


def holds(text: str, answer: str) -> bool:
    """Whether `text` contains `answer` word for word, ignoring accents, case and punctuation."""
    needle = " ".join(tokens(answer))
    return bool(needle) and f" {needle} " in f" {' '.join(tokens(text))} "


def stems(text: str) -> frozenset[str]:
    return frozenset(content_words(text, "fr") | content_words(text, "en"))


def alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two questions are near-duplicates, by their stems."""
    return bool(one) and len(one & other) >= _ALIKE * len(one | other)


def nearly_one_of(questions: Iterable[str]) -> Callable[[str], bool]:
    """A predicate: is a question a near-duplicate of one of `questions`?"""
    under = defaultdict(list)
    for known in set(map(stems, questions)):
        for word in known:
            under[word].append(known)

    def near(question: str) -> bool:
        own = stems(question)
        return any(alike(own, known) for word in own for known in under[word])

    return near


def count_words(text: str) -> int:
    """Number of white-space-separated pieces with a letter or digit."""
    return sum(any(c.isalnum() for c in piece) for piece in text.split())


_ABBREVIATIONS = "M MM Mr Ms Mrs Mme Mlle Dr Pr St Ste Sr Jr p pp art n no vol av apr env cf fig chap".split()
_BEFORE_A_WORD = "(«\"'’.-"


def split(text: str) -> list[Span]:
    """Splits sentences at `SENTENCE_BORDER`, but not after an initial (« J. Dupont ») or an abbreviation. It does not use the product's
    splitter, so that a change there does not change the gold sentences.
    """
    spans, start = [], 0
    for match in SENTENCE_BORDER.finditer(text):
        if match.group() == "." and _is_abbreviation(text[start : match.start()]):
            continue
        spans.append(_trimmed(text, start, match.end()))
        start = match.end()
    spans.append(_trimmed(text, start, len(text)))
    return [span for span in spans if span.start < span.end]


def _is_abbreviation(before: str) -> bool:
    """Whether `before` ends with an abbreviation or an initial."""
    apart = "".join(" " if c.isspace() or c in _BEFORE_A_WORD else c for c in before)
    word = apart.rpartition(" ")[2]
    return word in _ABBREVIATIONS or (len(word) == 1 and ("A" <= word <= "Z" or "À" <= word <= "Þ"))


def same_sentence(shown: Span, gold: Span) -> bool:
    """Whether they overlap by at least half of the shorter one."""
    shared = min(shown.end, gold.end) - max(shown.start, gold.start)
    return 2 * shared >= min(shown.end - shown.start, gold.end - gold.start)


def is_gold(shown: Span, gold: Span, text: str) -> bool:
    """Whether both are the same sentence, and `shown` has at most 60 words or as many as `gold`."""
    longest = max(LONGEST_QUOTE, count_words(text[gold.start : gold.end]))
    return count_words(text[shown.start : shown.end]) <= longest and same_sentence(shown, gold)


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return Span(start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip()))
