"""Which courts a text names, and whether what is asked of one is told of others."""

from __future__ import annotations

import re
from collections.abc import Sequence

from trusted_cloud_chat.text import fold

_COURTS = tuple(
    re.compile(rf"\b(?:{names})\b")
    for names in (
        "cour de cassation|pourvoi en cassation|court of cassation",
        "cours? d[' ]appel(?! d'offres)|en appel(?! d'offres)|courts? of appeal|appeals? court|on appeal",
        "conseil d'etat|council of state",
        "conseil constitutionnel|constitutional (?:council|court)",
        "cour supreme|supreme court",
        "cour superieure|cour de justice de l'ontario|superior court|ontario court",
        "tribunal de commerce|commercial court",
        "tribunal administratif|administrative court",
        "cjue|cour de justice(?! de l'ontario)|court of justice|tribunal de l'(?:ue|union europeenne)|general court",
    )
)
"""Each with the names that mean the same, in folded text; the Tribunal is part of the Court of Justice of the European Union."""
_BEFORE_ANOTHER = re.compile(r"\b(?:contest|confirm|infirm|suites?\b|devenu|recours|fait appel|appealed|overturn)")
"""What became of a judgment is told of the next court."""
_ANY = re.compile(r"\bhaute juridiction|\bhighest (?:\w+ )?court")


def courts_in(text: str) -> frozenset[int]:
    """Numbers of the courts that are named."""
    folded = fold(text)
    return frozenset(number for number, names in enumerate(_COURTS) if names.search(folded))


def of_another_court(question: str, quotes: Sequence[str]) -> bool:
    """Whether every quote names courts, and none one that the question names: what Douai awarded is not the Cour de cassation's."""
    asked = courts_in(question)
    if not asked or not quotes or _BEFORE_ANOTHER.search(fold(question)):
        return False
    return all((courts := courts_in(quote)) and not courts & asked and not _ANY.search(fold(quote)) for quote in quotes)
