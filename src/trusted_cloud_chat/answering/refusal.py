"""Answers that say why there is none: what the articles say instead, what was searched, what comes nearest."""

from __future__ import annotations

from trusted_cloud_chat.answering.compose import Quotes
from trusted_cloud_chat.answering.decision import Decision
from trusted_cloud_chat.answering.wording import NBSP, articles_count, attribution, colon, quoted, span_of
from trusted_cloud_chat.dates import spoken_day
from trusted_cloud_chat.evidence.gathering import Evidence
from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.schema import Answer, Coverage, Query, RefusalReason
from trusted_cloud_chat.trace import Trace

_NEAREST = 3
_REASONS: dict[RefusalReason, tuple[str, str]] = {
    "uncertain": ("Pas de réponse certaine.", "No certain answer."),
    "out_of_domain": (
        "Cette question est étrangère au sujet du corpus.",
        "This question is foreign to what the corpus is about.",
    ),
    "not_in_corpus": (
        "Aucun article du corpus ne répond à cette question.",
        "No article of the corpus answers this question.",
    ),
    "false_premise": (
        "Ce que la question tient pour acquis n’est pas ce que disent les articles.",
        "What the question takes for granted is not what the articles say.",
    ),
}


def refuse(
    question: str,
    evidence: Evidence,
    decision: Decision,
    coverage: Coverage,
    trace: Trace,
    denying: Selected | None = None,
    begins: Coverage | None = None,
) -> Answer:
    """`denying`: the sentence that says what is so instead. `begins`: the whole corpus, where nothing had been published yet."""
    query = evidence.question.query
    quotes = Quotes(query.language, trace)
    if denying is not None:
        quotes.add(denying)
    reason = decision.reason or "not_in_corpus"
    lines = [_none_yet(query) if begins and reason != "after_as_of" else _reason(reason, query)]
    lines += [quotes.line(n) for n, _ in enumerate(quotes.found, start=1)]
    lines.append(_searched(query, coverage, begins))
    nearest = _nearest(evidence, denying)
    if nearest and reason != "out_of_domain":
        opening = "Nearest passages" if query.language == "en" else "Passages les plus proches"
        lines += [opening + colon(query.language), *(_near(one, query) for one in nearest)]
    return Answer(
        question=question,
        query=query,
        answer="\n".join(lines),
        sentences=quotes.sentences,
        citations=quotes.citations,
        passages=evidence.passages,
        outcome=decision.outcome,
        refusal_reason=reason,
        missing=(query.text,),
    )


def _nearest(evidence: Evidence, shown: Selected | None) -> list[Selected]:
    """The best sentence of each of the articles that come nearest."""
    first: dict[str, Selected] = {}
    for choice in evidence.ranked:
        if shown is None or choice.span != shown.span:
            first.setdefault(choice.passage.article.article_id, choice)
    return list(first.values())[:_NEAREST]


def _near(one: Selected, query: Query) -> str:
    article, language = one.passage.article, query.language
    told = quoted(one.text, article.language, language)
    return f"- {article.title} ({attribution(article, language)}){colon(language)} {told}"


def _reason(reason: RefusalReason, query: Query) -> str:
    day = spoken_day(query.as_of or query.today, query.language)
    if reason == "after_as_of":
        if query.language == "en":
            return f"Nothing published by {day} answers this; later articles do."
        return f"Rien de ce qui était publié au {day} n’y répond{NBSP}; des articles plus récents, si."
    return _REASONS[reason][query.language == "en"]


def _none_yet(query: Query) -> str:
    """Where the day asked of hides every article, nothing is said of what the others answer."""
    day = spoken_day(query.as_of or query.today, query.language)
    if query.language == "en":
        return f"No article of the corpus had been published by {day}."
    return f"Aucun article du corpus n’était encore paru au {day}."


def _searched(query: Query, coverage: Coverage, begins: Coverage | None) -> str:
    """« Recherche effectuée : « … » dans 179 articles, de décembre 2014 à août 2026 ; noms reconnus : Bleu. »"""
    english, names = query.language == "en", ", ".join(query.entities)
    where = articles_count(coverage.articles, query.language)
    if coverage.first and coverage.last:
        where += f", {span_of(coverage.first, coverage.last, query.language)}"
    elif begins and begins.first:
        span = span_of(begins.first, begins.first, query.language)
        where += f" (the corpus begins {span})" if english else f" (le corpus commence {span})"
    if english:
        return f"Searched: “{query.text}” in {where}" + (f"; names recognised: {names}." if names else ".")
    found = f"{NBSP}; noms reconnus{NBSP}: {names}." if names else "."
    return f"Recherche effectuée{NBSP}: «{NBSP}{query.text}{NBSP}» dans {where}{found}"
