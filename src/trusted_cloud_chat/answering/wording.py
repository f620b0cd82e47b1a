"""What code says around quotes, in French and English. Nothing here states a fact about the market."""

from __future__ import annotations

from collections.abc import Sequence

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.language import patterns
from trusted_cloud_chat.language.normalise import fold, one_line
from trusted_cloud_chat.schema import Article, Language

NBSP = "\u00a0"
_MOST_SOURCES = 2
UNKNOWN_PUBLISHER = ("non identifie", "unidentified", "inconnu")
"""In the name of a publisher that nobody knows."""


def colon(language: Language) -> str:
    """With the no-break space that French puts before it."""
    return ":" if language == "en" else f"{NBSP}:"


def attribution(article: Article, language: Language) -> str:
    """Who says it and when: « Orange, 15 janvier 2024 », « synthèse d’après LeMagIT, 12 mars 2026 »."""
    return f"{publisher_of(article, language)}, {date_of(article.date, language)}"


def publisher_of(article: Article, language: Language) -> str:
    """Our own syntheses are never shown as the words of a newspaper."""
    if article.source_type == "synthese" and article.sources:
        names = list(dict.fromkeys(source.publisher for source in article.sources))
        names.sort(key=lambda name: any(word in fold(name) for word in UNKNOWN_PUBLISHER))  # those are named last
        shown = _enumerated([typographic(name) for name in names[:_MOST_SOURCES]], language)
        if others := len(names) - min(len(names), _MOST_SOURCES):
            shown += f" and {others} more" if language == "en" else f" et {others} autre{'s' if others > 1 else ''}"
        return f"summary based on {shown}" if language == "en" else f"synthèse d’après {shown}"
    if article.publisher:
        return typographic(article.publisher)
    return "publisher not stated" if language == "en" else "éditeur non précisé"


def typographic(name: str) -> str:
    """A publisher's name or a source's title as it is shown: « L’Usine Digitale »; JSON has it as it is stored."""
    return patterns.STRAIGHT_APOSTROPHE_IN_WORD.sub("’", name)


def _enumerated(names: Sequence[str], language: Language) -> str:
    """Between semicolons where a name has a comma of its own: « GitHub, portfolio de veille ; Oodrive »."""
    if any("," in name for name in names):
        return ("; " if language == "en" else f"{NBSP}; ").join(names)
    return ", ".join(names)


def date_of(published: PartialDate | None, language: Language) -> str:
    if published is None:
        return "undated" if language == "en" else "sans date"
    return published.spoken(language)


def quoted(text: str, quote_language: Language, language: Language) -> str:
    """The quote between the marks of the answer's language; said to be French in an English answer."""
    flat = one_line(text)
    if language == "en":
        return f"“{flat}”" + (" (in French)" if quote_language == "fr" else "")
    return f"«{NBSP}{flat}{NBSP}»" + (" (en anglais)" if quote_language == "en" else "")


def grouped(number: int, language: Language) -> str:
    """« 1 204 », "1,204"."""
    return f"{number:,}" if language == "en" else f"{number:,}".replace(",", NBSP)


def articles_count(count: int, language: Language) -> str:
    """« 0 article », « 1 article », « 1 204 articles », "0 articles", "1,204 articles"."""
    one = count == 1 or (count == 0 and language == "fr")
    return f"{grouped(count, language)} article{'' if one else 's'}"


def span_of(first: PartialDate, last: PartialDate, language: Language) -> str:
    """« de décembre 2014 au 19 septembre 2026 », « d’août 2020 à mars 2021 », « en mars 2026 »."""
    begin, end = first.spoken(language), last.spoken(language)
    if language == "en":
        one = f"{'on' if first.day else 'in'} {begin}"
        return one if first == last else f"from {begin} to {end}"
    if first == last:
        return f"{'le' if first.day else 'en'} {begin}"
    article = "du " if first.day else "d’" if begin[0] in "ao" else "de "
    return f"{article}{begin} {'au' if last.day else 'à'} {end}"


def missing_line(names: Sequence[str], language: Language) -> str:
    """Whom no quote speaks of."""
    listed = ", ".join(names)
    if language == "en":
        return f"Not found in the passages read: anything about {listed}."
    return f"Rien trouvé, dans les passages lus, sur{NBSP}: {listed}."
