"""« Quels services d’OVHcloud sont qualifiés ? »: one sentence a service, read from its stage."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.answering.timeline.stages import Stage
from trusted_cloud_chat.entities import EntityBook, without_mentions
from trusted_cloud_chat.text import fold, fold_in_place

MOST = 6
WITHOUT = re.compile(
    r"\b(?:retir|perd(?:u|re|ent)|suspen|revo|refus|pas\b|plus (?:qualifi|de qualif)|sans\b|expir|lost\b|los(?:e|ing)|withdr|without|not\b|no longer|never|jamais|"
    r"candidat|en cours|attend|vis(?:e|ent)\b|bientot|seront|sera\b|will\b|pending|soon)"
)
"""What asks for others than those who hold one."""
_SERVICES = r"(?:services?|offres?|produits?|solutions?|clouds?|offerings?|products?)"
_ASKS_SERVICES = re.compile(
    rf"^\W*(?:et )?(?:quel(?:le)?s?|which|what)(?: (?:sont|are))?(?: (?:les|the))?\s+(?:autres? |other )?{_SERVICES}\b(?! concurr).{{0,40}}"
    r"\b(?:(?:sont|est|are|is)(?:-\w+)? (?:\w+[ -]){0,2}?qualifi|(?:ont|a|have|has|hold) (?:la |le |the )?(?:qualification |visa )?secnumcloud)|"
    rf"\b(?:pour|sur|for) (?:quel(?:le)?s?|which|what) {_SERVICES}\b.*\bqualifi|\bqualifi\w+\b.*\b(?:pour|sur|for) (?:quel(?:le)?s?|which|what) {_SERVICES}\b"
)
"""Without the name: « Quels services sont qualifiés ? »."""
_BESIDE = re.compile(r"\b(?:sur|avec|technologies? d[e']|on|with|upon)\s*(?:l[ae]s?\s|l')?$")
"""« Quelle offre bâtie sur Google Cloud est qualifiée ? » asks who."""


def asks_for_services(question: str, entities: EntityBook) -> bool:
    """Whether it is asked for what one actor is qualified: « Quels services d’OVHcloud sont qualifiés ? »."""
    actors = entities.actors(question)
    folded = re.sub(r"\b(?:d'|de |du |of |by )?\s+", " ", fold(without_mentions(question, actors)))
    if not _ASKS_SERVICES.search(folded) or WITHOUT.search(folded):
        return False
    beside = any(_BESIDE.search(fold_in_place(question[: mention.start])) for mention in actors)
    return len({mention.entity.name for mention in actors}) == 1 and not beside


def qualified_services(ranked: Sequence[Selected], stage_of: Callable[[Selected], Stage | None]) -> list[Selected]:
    """For each service that a sentence of `ranked` tells to be qualified one sentence, the newest; one with its day before others.

    In the order in which they were qualified, those without a day last; the last `MOST`. What was lost later is left out.
    """
    told = [(stage, choice) for choice in ranked if (stage := stage_of(choice)) is not None and stage.service]
    lost: dict[str, int] = {}
    for stage, choice in told:
        if stage.name == "expired":
            service = fold(stage.service or "")
            lost[service] = max(choice.published, lost.get(service, 0))
    found: dict[str, tuple[Stage, Selected]] = {}
    for stage, choice in sorted(told, key=lambda t: (t[0].since is None, -t[1].published, -t[1].score)):
        service = fold(stage.service or "")
        if stage.name == "qualified" and choice.published >= lost.get(service, 0):
            found.setdefault(service, (stage, choice))
    in_time = sorted(found.values(), key=lambda t: t[0].since.middle if t[0].since else date.max)
    return list(dict.fromkeys(choice for _, choice in in_time))[-MOST:]
