"""The words above the quotes, in French and English."""

from __future__ import annotations

import re

from trusted_cloud_chat.answering.forms.yes_no import Decision
from trusted_cloud_chat.answering.timeline.moments import apart, told_of
from trusted_cloud_chat.answering.timeline.timeline import State
from trusted_cloud_chat.answering.timeline.wording import known_at
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.text import fold

NBSP = "\u00a0"
_BACKGROUND_DAYS = 730
_UNDER_WAY = re.compile(r"\b(?:en cours|pas encore|encore a|candidat\w*|in the process|not yet|under way)\b")
"""What is asked about was on its way when only a year is known, and nothing says that it was given up."""
_FR = {
    "list": "Voici ce que citent les articles",
    "news": "Ce que rapportent les articles, du plus récent au plus ancien",
    "portrait": "Ce qu’en disent les articles",
    "events": "Ce que rapportent les articles de cette période, dans l’ordre des dates",
    "promises": "Ce qui a été annoncé, dans l’ordre des échéances",
    "slipped": "Échéances annoncées, passées depuis\u00a0; la suite est donnée là où un article la rapporte",
    "coming": "Échéances annoncées et encore à venir",
    "services": "Services qualifiés, d’après les articles",
    "customers": "Clients nommés par les articles",
    "criticisms": "Critiques et limites relevées dans les articles, de la plus récente à la plus ancienne",
    "provisions": "Ce qu’en rapportent les articles, règle par règle",
    "definition": "Définition",
    "undefined": "Ni définition ni rôle trouvés dans le corpus\u00a0; ce qu’il en dit",
    "task": "Rôle, d’après les articles",
    "spelt_out": "Ce que veut dire le sigle",
    "why": "Raison avancée",
    "whys": "Raisons avancées",
    "how": "Comment, d’après les articles",
    "comparison": "Comparaison, critère par critère",
    "criterion": "Critère",
    "not_found": "non trouvé dans le corpus",
    "qualified": "Oui, pour ce que nomme la citation",
    "lapsed": "Oui d’après la citation, mais depuis plus de trois ans, la durée d’une qualification",
    "disputed": "Les sources ne concordent pas",
    "pending": "Pas encore, d’après la citation",
}
_EN = {
    "list": "What the articles list",
    "news": "What the articles report, newest first",
    "portrait": "What the articles say about it",
    "events": "What the articles report of that time, in the order of the days",
    "promises": "What was announced, in the order of its dates",
    "slipped": "Dates announced that have passed since; what came of them is given where an article reports it",
    "coming": "Dates announced that are still to come",
    "services": "Qualified services, according to the articles",
    "customers": "Customers that the articles name",
    "criticisms": "Criticisms and limits that the articles report, newest first",
    "provisions": "What the articles report of it, rule by rule",
    "definition": "Definition",
    "undefined": "No definition or role found in the corpus; what it says about it",
    "task": "Role, according to the articles",
    "spelt_out": "What the letters stand for",
    "why": "Reason given",
    "whys": "Reasons given",
    "how": "How, according to the articles",
    "comparison": "Comparison, criterion by criterion",
    "criterion": "Criterion",
    "not_found": "not found in the corpus",
    "qualified": "Yes, for what the quote names",
    "lapsed": "Yes according to the quote, but for more than three years, which a qualification lasts",
    "disputed": "Sources disagree",
    "pending": "Not yet, according to the quote",
}


def phrase(name: str, language: Language) -> str:
    return (_EN if language == "en" else _FR)[name]


def lead(name: str, language: Language) -> str:
    """`phrase` with its colon."""
    return with_colon(phrase(name, language), language)


def with_colon(words: str, language: Language) -> str:
    return f"{words}:" if language == "en" else f"{words}{NBSP}:"


def verdict_lead(decision: Decision, *, dated: bool, language: Language) -> str:
    """« Oui, à la date du 19 décembre 2025 : ». A rule has no date, a state has the one that its sentence tells of."""
    published = _day_told(decision.proof.text, decision.proof.passage.article.date)
    day = _day(published, language) if published and (dated or decision.verdict == "not_as_of") else ""
    french = {
        "yes": "Oui",
        "yes_for_service": "Oui, pour le service que nomme la citation",
        "yes_if": "Oui, dans les conditions que donne la citation",
        "no": "Non",
        "not_as_of": "Pas" if day else "Non",
    }
    english = {
        "yes": "Yes",
        "yes_for_service": "Yes, for the service that the quote names",
        "yes_if": "Yes, on the conditions that the quote gives",
        "no": "No",
        "not_as_of": "Not" if day else "No",
    }
    if decision.verdict == "not_as_of" and published and published.month is None:
        if _UNDER_WAY.search(fold(decision.proof.text)):
            return state_lead("pending", published, language)
        if language == "fr":
            return with_colon(f"En {published.spoken(language)}, non", language)
    words = (english if language == "en" else french)[decision.verdict]
    comma = "" if decision.verdict == "not_as_of" else ","
    return with_colon(f"{words}{comma} {day}" if day else words, language)


def state_lead(state: State, said: PartialDate | None, language: Language) -> str:
    """« Pas encore, d’après la citation (état connu au 19 mars 2026) : »."""
    if said is None:
        return lead(state, language)
    return with_colon(f"{phrase(state, language)} ({known_at(said, language)})", language)


def _day_told(text: str, published: PartialDate | None) -> PartialDate | None:
    """The day that the sentence tells of, if that is not long before its article: farther back it is background."""
    told = told_of(text, published)
    return told if told and published and apart(told, published) <= _BACKGROUND_DAYS else published


def _day(published: PartialDate, language: Language) -> str:
    spoken = published.spoken(language)
    if language == "en":
        return f"as of {spoken}"
    if published.month is None:
        return f"en {spoken}"
    if published.day is None:
        return f"à la date d’{spoken}" if spoken[0] in "ao" else f"à la date de {spoken}"
    return f"à la date du {spoken}"
