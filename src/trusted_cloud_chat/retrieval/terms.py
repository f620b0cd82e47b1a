"""The lexical search terms of a question, with their BM25 boosts."""

from collections.abc import Sequence

from trusted_cloud_chat.language.periods import Period
from trusted_cloud_chat.language.stems import lexical_tokens
from trusted_cloud_chat.question.question import Question
from trusted_cloud_chat.retrieval.lexicon import translated
from trusted_cloud_chat.schema import Language

_RELATED_WEIGHT = 0.25
_SAID_OTHERWISE_WEIGHT = 0.5
"""For terms of the other language, of the text for embedder and reader, and of the previous question."""
_LANGUAGES: tuple[Language, ...] = ("fr", "en")


def term_weights(question: Question) -> dict[str, float]:
    """Index term → boost: the question's own words and entities, the previous question's words, stems and translations of the other
    language, related names, years.
    """
    language = question.query.language
    weights: dict[str, float] = {}
    for name in question.related:
        for token in lexical_tokens(name, language):
            weights[token] = _RELATED_WEIGHT
    for year in _years(question.periods):
        weights[year] = _RELATED_WEIGHT
    own = content_tokens(question)
    other = (token for lang in _LANGUAGES for token in lexical_tokens(question.read_as, lang))
    spelt_alike = lexical_tokens(question.searched, "fr" if language == "en" else "en")
    before = lexical_tokens(question.context, language)
    for token in (*other, *spelt_alike, *before, *translated(own, language)):
        weights[token] = _SAID_OTHERWISE_WEIGHT
    for token in [*own, *_entity_tokens(question)]:
        weights[token] = 1.0
    return weights


def _years(periods: Sequence[Period]) -> set[str]:
    """Years to search for (« l'an dernier » → 2025); none for a period that is open or longer than a year."""
    closed = (p for p in periods if p.direction in ("in", "as_of") and (p.last - p.first).days <= 366)
    return {str(year) for p in closed for year in (p.first.year, p.last.year)}


def content_tokens(question: Question) -> list[str]:
    """The content words of the question, once each; all its words if there are none."""
    text, language = question.searched, question.query.language
    tokens = lexical_tokens(text, language)
    return list(dict.fromkeys(tokens or lexical_tokens(text, language, keep_stopwords=True)))


def _entity_tokens(question: Question) -> list[str]:
    return [token for name in question.query.entities for token in lexical_tokens(name, question.query.language)]
