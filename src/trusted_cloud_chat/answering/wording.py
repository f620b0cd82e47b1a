"""What code says around quotes, in French and English. Nothing here states a fact about the market."""

from __future__ import annotations

import re
from collections.abc import Sequence

from trusted_cloud_chat.answering.publications import publication
from trusted_cloud_chat.dates import PartialDate, spoken_day
from trusted_cloud_chat.schema import Article, Coverage, Language, Query, RefusalReason
from trusted_cloud_chat.text import one_line

NBSP = "\u00a0"
_MOST_SOURCES = 2
_STRAIGHT = re.compile(r"(?<=\w)'(?=\w)")
_ASKED_FOR: dict[str, dict[Language, str]] = {
    "date": {"fr": "la date demandée", "en": "the date asked for"},
    "number": {"fr": "le chiffre demandé", "en": "the figure asked for"},
    "who": {"fr": "le nom demandé", "en": "the name asked for"},
    "why": {"fr": "la raison demandée", "en": "the reason asked for"},
    "how": {"fr": "la manière demandée", "en": "the manner asked for"},
    "where": {"fr": "le lieu demandé", "en": "the place asked for"},
    "definition": {"fr": "une définition", "en": "a definition"},
    "list": {"fr": "les éléments de la liste", "en": "the items of the list"},
    "yes_no": {"fr": "de quoi dire oui ou non", "en": "grounds for a yes or a no"},
    "comparison": {"fr": "de quoi comparer", "en": "grounds for comparing"},
    "how_changed": {"fr": "les états successifs", "en": "the successive states"},
}


def attribution(article: Article, language: Language) -> str:
    """Who says it and when: « Orange, 15 janvier 2024 », « synthèse d’après LeMagIT, 12 mars 2026 »."""
    return f"{publisher_of(article, language)}, {date_of(article.date, language)}"


def publisher_of(article: Article, language: Language) -> str:
    """Our own syntheses are never shown as the words of a newspaper."""
    if article.source_type == "synthese" and article.sources:
        names = list(dict.fromkeys(source.publisher for source in article.sources))
        names.sort(key=lambda name: not publication(name))  # one that nobody knows is named last
        first = [typographic(name) for name in names[:_MOST_SOURCES]]
        shown = _enumerated(first, language)
        if len(names) > _MOST_SOURCES:
            others = len(names) - _MOST_SOURCES
            shown += f" and {others} more" if language == "en" else f" et {others} autre{'s' if others > 1 else ''}"
        return f"summary based on {shown}" if language == "en" else f"synthèse d’après {shown}"
    if article.publisher:
        return typographic(article.publisher)
    return "publisher not stated" if language == "en" else "éditeur non précisé"


def typographic(name: str) -> str:
    """A publisher's name or a source's title as it is shown: « L’Usine Digitale »; JSON has it as it is stored."""
    return _STRAIGHT.sub("’", name)


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


def in_marks(name: str, language: Language) -> str:
    return f"“{name}”" if language == "en" else f"«{NBSP}{name}{NBSP}»"


def grouped(number: int, language: Language) -> str:
    """« 1 204 », "1,204"."""
    return f"{number:,}" if language == "en" else f"{number:,}".replace(",", NBSP)


def articles_count(count: int, language: Language) -> str:
    """« 0 article », « 1 article », « 1 204 articles », "0 articles", "1,204 articles"."""
    one = count == 1 or (count == 0 and language == "fr")
    return f"{grouped(count, language)} article{'' if one else 's'}"


def refusal(
    query: Query,
    reason: RefusalReason,
    nearest: Sequence[tuple[Article, str]],
    coverage: Coverage | None,
    correcting: Sequence[str] = (),
    unnamed: Sequence[str] = (),
    begins: PartialDate | None = None,
) -> str:
    """Why there is no answer, what the articles say instead, what was searched, what comes nearest, what is missing, how to
    ask again. `nearest`: articles, each with the sentence that comes nearest, or "". `unnamed`: names of the question that none of
    the nearest passages has. `begins`: where nothing was published by the day asked of, when the corpus begins; no name or period
    would find more.
    """
    language = query.language
    lines = [_none_yet(query) if begins and reason != "after_as_of" else _reason(reason, query)]
    if correcting:
        lines += ["What the articles say:" if language == "en" else f"Ce que disent les articles{NBSP}:", *correcting]
    lines.append(_searched(query, coverage, begins))
    if begins:
        return "\n".join(lines)
    if nearest:
        lines.append("Nearest passages:" if language == "en" else f"Passages les plus proches{NBSP}:")
        lines += [_near(article, sentence, language) for article, sentence in nearest]
    if reason != "out_of_domain":
        lines.append(_missing(query, unnamed))
    lines.append(_advice(reason, language))
    return "\n".join(line for line in lines if line)


def _near(article: Article, sentence: str, language: Language) -> str:
    line = f"- {article.title} ({attribution(article, language)})"
    colon = ":" if language == "en" else f"{NBSP}:"
    return f"{line}{colon} {quoted(sentence, article.language, language)}" if sentence else line


def _reason(reason: RefusalReason, query: Query) -> str:
    if query.language == "en":
        return {
            "out_of_domain": "The corpus is about the trusted-cloud market and does not deal with this question.",
            "not_in_corpus": "No article of the corpus answers this question.",
            "false_premise": "No article found answers this: what the question takes for granted is not confirmed, or what it asks is not said.",
            "after_as_of": f"Nothing published by {_as_of(query)} answers this; later articles do.",
        }[reason]
    return {
        "out_of_domain": "Le corpus porte sur le marché du cloud de confiance et ne traite pas de cette question.",
        "not_in_corpus": "Aucun article du corpus ne répond à cette question.",
        "false_premise": f"Aucun article trouvé ne répond{NBSP}: ce que la question tient pour acquis n’y est pas confirmé, ou ce qu’elle demande n’y est pas dit.",
        "after_as_of": f"Rien de ce qui était publié au {_as_of(query)} n’y répond{NBSP}; des articles plus récents, si.",
    }[reason]


def _none_yet(query: Query) -> str:
    """Where the day asked of hides every article, nothing is said of what the others answer."""
    if query.language == "en":
        return f"No article of the corpus had been published by {_as_of(query)}."
    return f"Aucun article du corpus n’était encore paru au {_as_of(query)}."


def _as_of(query: Query) -> str:
    return spoken_day(query.as_of or query.today, query.language)


def _searched(query: Query, coverage: Coverage | None, begins: PartialDate | None) -> str:
    """« Recherche effectuée : « … » dans 179 articles, de décembre 2014 à août 2026 ; noms reconnus : Bleu. »"""
    names = ", ".join(query.entities)
    if query.language == "en":
        where = f" in {articles_count(coverage.articles, 'en')}" if coverage else ""
        if coverage and coverage.first and coverage.last:
            where += f" dated {span_of(coverage.first, coverage.last, 'en')}"
        elif begins:
            where += f" (the corpus begins {span_of(begins, begins, 'en')})"
        return f"Searched: “{query.text}”{where}" + (f"; names recognised: {names}." if names else ".")
    where = f" dans {articles_count(coverage.articles, 'fr')}" if coverage else ""
    if coverage and coverage.first and coverage.last:
        where += f", {span_of(coverage.first, coverage.last, 'fr')}"
    elif begins:
        where += f" (le corpus commence {span_of(begins, begins, 'fr')})"
    found = f"{NBSP}; noms reconnus{NBSP}: {names}." if names else "."
    return f"Recherche effectuée{NBSP}: «{NBSP}{query.text}{NBSP}»{where}{found}"


def _missing(query: Query, unnamed: Sequence[str]) -> str:
    """« Ce qui manque : un passage qui donne la date demandée ; aucun des plus proches ne nomme « OVHcloud ». »"""
    asked = _ASKED_FOR.get(query.kind, {"fr": "ce qui est demandé", "en": "what is asked for"})[query.language]
    names = ", ".join(in_marks(name, query.language) for name in unnamed)
    if query.language == "en":
        none = f"; none of the nearest names {names}" if unnamed else ""
        return f"What is missing: a passage that gives {asked}{none}."
    none = f"{NBSP}; aucun des plus proches ne nomme {names}" if unnamed else ""
    return f"Ce qui manque{NBSP}: un passage qui donne {asked}{none}."


def _advice(reason: RefusalReason, language: Language) -> str:
    if language == "en":
        if reason == "out_of_domain":
            return "Ask about a provider, a qualification, a law or a programme of this market."
        return "Try naming the provider, the service or the period, or a simpler question."
    if reason == "out_of_domain":
        return "Interrogez-moi sur un fournisseur, une qualification, une loi ou un programme de ce marché."
    return "Essayez de nommer le fournisseur, le service ou la période, ou de poser une question plus simple."


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


def thanks_text(language: Language) -> str:
    """What « merci » gets."""
    return (
        "You are welcome. Ask me anything else."
        if language == "en"
        else "Je vous en prie. Posez-moi une autre question."
    )


def unclear_text(language: Language) -> str:
    """What « Pourquoi ? » gets where nothing was asked before."""
    if language == "en":
        return "What do you mean? Nothing asked before tells me. Please ask in full, for example: “Why is NumSpot not qualified?”"
    return (
        f"De quoi parlez-vous{NBSP}? Rien de ce qui a été demandé avant ne me le dit. Posez la question en entier, par exemple{NBSP}: "
        f"«{NBSP}Pourquoi NumSpot n’est-il pas qualifié{NBSP}?{NBSP}»"
    )


def help_text(language: Language, coverage: Coverage, *, written: bool = False) -> str:
    """What « que sais-tu faire ? » gets. `written`: by a language model, whose sentences are no quotes."""
    first, last = coverage.first, coverage.last
    if language == "en":
        span = f" published {span_of(first, last, 'en')}" if first and last else ""
        how = "Every sentence is checked against dated quotes" if written else "Every sentence is a dated quote"
        return (
            f"I answer questions about the French and European trusted-cloud market from {articles_count(coverage.articles, 'en')}"
            f"{span}. {how} that you can open; where the articles do not say, I say so. Try: “Who owns S3NS?”"
        )
    published = "paru" if coverage.articles == 1 else "parus"
    span = f", {published} {span_of(first, last, 'fr')}" if first and last else ""
    how = "est confrontée à des citations datées" if written else "est une citation datée"
    return (
        f"Je réponds aux questions sur le marché du cloud de confiance à partir de {articles_count(coverage.articles, 'fr')}{span}. "
        f"Chaque phrase {how} que vous pouvez ouvrir"
        f"{NBSP}; quand les articles ne disent rien, je le dis. "
        f"Essayez{NBSP}: «{NBSP}Quand Bleu sera-t-il qualifié SecNumCloud{NBSP}?{NBSP}»"
    )
