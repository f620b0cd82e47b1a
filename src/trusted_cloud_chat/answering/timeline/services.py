"""« Quels services d’OVHcloud sont qualifiés ? »: one sentence a service, read from its stage."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.answering.timeline.stages import Stage
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.text import fold, fold_in_place

MOST = 6
WITHOUT = re.compile(
    r"\b(?:retir|perd(?:u|re|ent)|suspen|revo|refus|pas\b|plus (?:qualifi|de qualif)|sans\b|expir|lost\b|los(?:e|ing)|withdr|without|not\b|no longer|never|jamais|"
    r"candidat|en cours|attend|vis(?:e|ent)\b|bientot|seront|sera\b|will\b|pending|soon)"
)
"""What asks for others than those who hold one."""
_SERVICES = r"(?:services?|offres?|produits?|solutions?|clouds?|perimetres?|offerings?|products?)"
_ASKS_SERVICES = re.compile(
    rf"\b(?:quel(?:le)?s?|which|what)\b(?: (?:est|sont|is|are))?(?: (?:le|la|les|the))? ?(?:(?!qui\b|who\b)[\w'-]+ ){{0,3}}{_SERVICES}\b.*\b(?:qualifi|secnumcloud)|"
    rf"\bqualifi\w+\b.*\b(?:pour|sur|for) (?:quel(?:le)?s?|quoi|which|what)\b|\b(?:pour|sur|for) quoi\b.*\bqualifi"
)
_BESIDE = re.compile(r"\b(?:sur|avec|technologies? d[e']|on|with|upon)\s*(?:l[ae]s?\s|l')?$")
"""« Quelle offre bâtie sur Google Cloud est qualifiée ? » asks who."""


def asks_for_services(question: str, entities: EntityBook) -> bool:
    """Whether it is asked for what one actor is qualified: « Quels services d’OVHcloud sont qualifiés ? »."""
    folded = fold(question)
    if not _ASKS_SERVICES.search(folded) or WITHOUT.search(folded):
        return False
    actors = entities.actors(question)
    beside = any(_BESIDE.search(fold_in_place(question[: mention.start])) for mention in actors)
    return len({mention.entity.name for mention in actors}) == 1 and not beside


def qualified_services(ranked: Sequence[Selected], stage_of: Callable[[Selected], Stage | None]) -> list[Selected]:
    """For each service that a sentence of `ranked` tells to be qualified one sentence, the newest; one with its day before others.

    In the order in which they were qualified, those without a day last.
    """
    found: dict[str, tuple[Stage, Selected]] = {}

    def newest_dated_first(choice: Selected) -> tuple[bool, int, float]:
        stage = stage_of(choice)
        dated = stage is not None and stage.since is not None
        return (not dated, -choice.published, -choice.score)

    for choice in sorted(ranked, key=newest_dated_first):
        stage = stage_of(choice)
        if stage is not None and stage.name == "qualified" and stage.service:
            found.setdefault(fold(stage.service), (stage, choice))
    in_time = sorted(found.values(), key=lambda told: told[0].since.middle if told[0].since else date.max)
    return list(dict.fromkeys(choice for _, choice in in_time))[:MOST]
