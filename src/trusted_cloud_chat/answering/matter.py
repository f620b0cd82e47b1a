"""What a question asks about by name (a turnover, a price, a takeover) and whether quotes speak of it at all.

The reader is at times sure of sentences about the right company and the wrong matter. Where none of the quotes, nor a title
cited, has a word of the matter, they are no answer. Of the questions about articles that the reader did not learn from, those at
or above the threshold that name a matter, it refuses none of the 24 that are answered, and 9 of the 30 that nothing answers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from trusted_cloud_chat.schema import Citation, Query
from trusted_cloud_chat.text import fold

_MONEY = r"\beuros?\b|€|million|milliard|billion|dollar"


def _patterns(*pairs: tuple[str, str]) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    """How a question names a matter, and what a text that speaks of it has; of folded text."""
    return tuple((re.compile(asked), re.compile(told)) for asked, told in pairs)


_VALUES = _patterns(
    (r"chiffre d'affaires|turnover|\brevenues?\b", rf"chiffre d'affaires|turnover|revenue|recettes|{_MONEY}"),
    (
        r"\bsalaries?\b|\bemployes?\b|\beffectifs?\b|collaborateurs|employees|headcount|\bstaff\b",
        r"salari|employ|effectif|collaborat|headcount|\bstaff|personnes|\bagents?\b|ingenieur|recrut|embauch|licenci|people",
    ),
    (
        r"\bprix\b|\btarifs?\b|\bcout|\bprices?\b|\bcosts?\b|(?:moins|plus) chere?s?\b|cheap",
        rf"prix|tarif|cout|price|cost|\bchere?s?\b|cheap|factur|gratuit|surcout|rabais|remise|%|{_MONEY}",
    ),
    (r"amende|sanction|\bfined?\b|penalt", rf"amende|sanction|\bfine|penalt|condamn|%|{_MONEY}"),
)
_EVENTS = _patterns(
    (
        r"\brachet|\bracheter|\bacquis\b|\bbuy\b|\bbought\b|\bacquired?\b",
        r"rachet|acqui|achet|repris|reprend|\bbuy|bought|purchas|absor",
    ),
    (
        r"\bquitt|\babandonn|\brenonc|\bleave\b|\bleft\b|\blache",
        r"quitt|abandon|renonc|lach|leav|\bleft\b|drop|detourn|\bsort|depart|arret|remplac|migr|retir|withdr|\bcess|\bfin\b|renouvel|place de",
    ),
    (r"\bannul|\binvalid|overturn|struck down", r"annul|invalid|overturn|\bcass|rejet|suspen|struck|maint|confirm"),
    (r"\brevendue?s?\b|\bcedee?s?\b|\bsold off\b", r"vend|vente|\bced|cession|sold|sell|repris|rachet|acqui"),
    (r"\bfusionn|\bmerged?\b", r"fusion|merg|rapproch"),
    (r"\blicenci|laid off|\bfired\b", r"licenci|suppr|emploi|fired|laid off|salari|plan social|depart"),
)
"""What is said to have happened. Whether it did, a yes or no may tell in other words."""


def untold_matter(query: Query, citations: Sequence[Citation]) -> bool:
    """Whether the question names a matter, and neither a quote nor a cited title speaks of any that it names."""
    question = fold(query.text)
    matters = _VALUES if query.kind == "yes_no" else (*_VALUES, *_EVENTS)
    asked = [told for names, told in matters if names.search(question)]
    said = fold("\n".join(f"{citation.article.title}\n{citation.quote}" for citation in citations))
    return bool(asked) and not any(told.search(said) for told in asked)
