"""What quotes are taken from, told from the type of the articles: our syntheses, original texts, or both."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from trusted_cloud_chat.answering.wording import is_synthesis
from trusted_cloud_chat.schema import Article, Coverage, Language

_What = Literal["syntheses", "originals", "both", "unknown"]
_AFTER: dict[Language, dict[_What, str]] = {
    "fr": {
        "syntheses": "de nos synthèses",
        "originals": "de textes d’origine",
        "both": "de nos synthèses et de textes d’origine",
        "unknown": "des articles",
    },
    "en": {
        "syntheses": "from our summaries",
        "originals": "from original texts",
        "both": "from our summaries and from original texts",
        "unknown": "from the articles",
    },
}
_OBJECT: dict[Language, dict[_What, str]] = {
    "fr": {
        "syntheses": "nos synthèses",
        "originals": "les textes d’origine",
        "both": "nos synthèses et les textes d’origine",
        "unknown": "les articles",
    },
    "en": {
        "syntheses": "our summaries",
        "originals": "the original texts",
        "both": "our summaries and the original texts",
        "unknown": "the articles",
    },
}


def corpus_quoted(coverage: Coverage | None, language: Language) -> str:
    """« de nos synthèses », to stand after « citations »: what any answer can be quoted from; None: nobody knows yet."""
    return _AFTER[language][_what_of(coverage) if coverage else "unknown"]


def corpus_named(coverage: Coverage, language: Language) -> str:
    """« nos synthèses », to stand after « je cite »."""
    return _OBJECT[language][_what_of(coverage)]


def quoted_from(articles: Iterable[Article], language: Language) -> str:
    """« de nos synthèses » of `articles`, which are those that an answer quotes; empty without any."""
    kinds = {is_synthesis(article) for article in articles}
    return _AFTER[language][_what(True in kinds, False in kinds)] if kinds else ""


def _what_of(coverage: Coverage) -> _What:
    return _what(coverage.syntheses > 0, coverage.syntheses < coverage.articles)


def _what(syntheses: bool, originals: bool) -> _What:
    if syntheses and originals:
        return "both"
    return "syntheses" if syntheses else "originals" if originals else "unknown"
