"""What a question is searched for as words, and how much each counts in BM25."""

from __future__ import annotations

from collections.abc import Sequence

from trusted_cloud_chat.periods import Period
from trusted_cloud_chat.retrieval.lexicon import translated
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.text import lexical_tokens
from trusted_cloud_chat.understanding import Understanding

_RELATED_WEIGHT = 0.25
_SAID_OTHERWISE_WEIGHT = 0.5
"""In the other language, or in the plain form of a question, which is French: « recourir » for « est-il obligatoire ? »."""
_LANGUAGES: tuple[Language, ...] = ("fr", "en")


def term_weights(understood: Understanding) -> dict[str, float]:
    """Lexical terms of the question with their boosts: its own words, those of its plain form, the other language's stems, aliases."""
    query = understood.query
    weights: dict[str, float] = {}
    for name in understood.related:
        for token in lexical_tokens(name, query.language):
            weights[token] = _RELATED_WEIGHT
    for year in _years(understood.periods):
        weights[year] = _RELATED_WEIGHT
    own = content_tokens(understood)
    plain = (token for language in _LANGUAGES for token in lexical_tokens(understood.read_as, language))
    spelt_alike = lexical_tokens(query.text, "fr" if query.language == "en" else "en")
    for token in (*plain, *spelt_alike, *translated(own, query.language)):
        weights[token] = _SAID_OTHERWISE_WEIGHT
    for token in [*own, *_entity_tokens(understood)]:
        weights[token] = 1.0
    return weights


def _years(periods: Sequence[Period]) -> set[str]:
    """« l'an dernier » is searched for as 2025 too; a long or an open period is not."""
    closed = (p for p in periods if p.direction in ("in", "as_of") and (p.last - p.first).days <= 366)
    return {str(year) for p in closed for year in (p.first.year, p.last.year)}


def content_tokens(understood: Understanding) -> list[str]:
    """The words of the question that carry its meaning, once each; all its words when none do."""
    query = understood.query
    tokens = lexical_tokens(query.text, query.language)
    return list(dict.fromkeys(tokens or lexical_tokens(query.text, query.language, keep_stopwords=True)))


def _entity_tokens(understood: Understanding) -> list[str]:
    return [token for name in understood.query.entities for token in lexical_tokens(name, understood.query.language)]
