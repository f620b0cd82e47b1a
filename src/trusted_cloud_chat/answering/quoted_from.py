"""Names the origin of quotes by the type of their articles: our syntheses, original texts, or both."""

from collections.abc import Iterable

from trusted_cloud_chat.answering.templates import worded
from trusted_cloud_chat.answering.wording import is_synthesis
from trusted_cloud_chat.schema import Article, Coverage, Language


def corpus_quoted(coverage: Coverage | None, language: Language) -> str:
    """« de nos synthèses », to follow « citations »: the origin of any quote. `coverage` None: not known yet."""
    return worded(f"from_{_what_of(coverage) if coverage else 'unknown'}", language)


def corpus_named(coverage: Coverage, language: Language) -> str:
    """« nos synthèses », to follow « je cite »."""
    return worded(f"the_{_what_of(coverage)}", language)


def quoted_from(articles: Iterable[Article], language: Language) -> str:
    """« de nos synthèses » for the quoted `articles`; empty without any."""
    kinds = {is_synthesis(article) for article in articles}
    return worded(f"from_{_what(True in kinds, False in kinds)}", language) if kinds else ""


def _what_of(coverage: Coverage) -> str:
    return _what(coverage.syntheses > 0, coverage.syntheses < coverage.articles)


def _what(syntheses: bool, originals: bool) -> str:
    if syntheses and originals:
        return "both"
    return "syntheses" if syntheses else "originals" if originals else "unknown"
