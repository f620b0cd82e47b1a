"""Which list is asked for, where nothing else is: the newest about a name, what it promised, its services, its customers, its limits."""

from __future__ import annotations

import re
from typing import Literal

from trusted_cloud_chat.answering.timeline.criticisms import asks_for_criticisms
from trusted_cloud_chat.answering.timeline.customers import asks_for_customers
from trusted_cloud_chat.answering.timeline.promised import FRAME, asked_promises
from trusted_cloud_chat.answering.timeline.provisions import asks_for_provisions
from trusted_cloud_chat.answering.timeline.services import asks_for_services
from trusted_cloud_chat.entities import EntityBook, without_mentions
from trusted_cloud_chat.text import fold
from trusted_cloud_chat.understanding import Understanding

Overview = Literal[
    "news",
    "portrait",
    "definition",
    "promises",
    "slipped",
    "coming",
    "services",
    "customers",
    "criticisms",
    "provisions",
    "events",
]

_NEWS = re.compile(
    r"\bou en (?:est|sont)\b|\bde neuf\b|\bdu nouveau\b|\bnouvelles\b|\bactualites?\b|\bactu\b|\bsituation\b|\bpoint sur\b|\bdevien\w*\b|\bdevenue?s?\b|"
    r"\bexiste\w*(?:(?:-t)?-(?:il|elle))?(?: encore| toujours)?\b|"
    r"\b(?:happened to|bec[ao]mes? of)\b|\bstill exists?\b|\blatest\b|\bnews\b|\bnew\b|\bstatus\b|\bstands?\b|\bhappening\b|\bgoing on\b"
)
_EVENTS = re.compile(
    r"\bs'est(?:-il)? passe\b|\bquoi de neuf\b|\b(?:evenements?|faits? marquants?|temps forts)\b|\bwhat(?: has)? happened\b|\bwhat(?:'s| was| is) new\b|\bmain events?\b"
)
"""With a period: « Que s’est-il passé en avril 2026 ? »."""
_OF_TIME = frozenset(
    "cours courant durant pendant mois annee during month year quels principaux principales main".split()
)
_MARKET = re.compile(r"\b(?:du|de la|dans le|dans la|on the|in the)? ?(?:marche|secteur|market|sector)\b")
_PORTRAIT = re.compile(
    r"\bparle[rz]?\b|\bpresente[rz]?\b|\b(?:sait|savons|savez|sais)\b|\bdi[st]\b|\bdites\b|\bdire\b|\bresume[rz]?\b|\btell\b|\bknow\b"
)


def overview_of(understood: Understanding, entities: EntityBook) -> Overview | None:
    """`news` where the question asks how things stand with one name, `portrait` where it asks for anything about it.

    `promises` where it asks what an actor announced for a day, `slipped` which of those days have passed, `coming`
    which is to come, `services` for what it is qualified, `customers` who they are, `criticisms` what
    it is criticised for, `provisions` what a law or a scheme rules. `definition` where it asks what an actor or an authority is, or is for: should no sentence say so, a portrait answers too.
    `events` where it asks what happened in a period.
    """
    text = understood.query.text
    if promised := asked_promises(text, entities):
        return promised
    if asks_for_services(text, entities):
        return "services"
    if asks_for_customers(text, entities):
        return "customers"
    if asks_for_criticisms(text, entities):
        return "criticisms"
    if asks_for_provisions(text, entities):
        return "provisions"
    if _asks_for_events(understood, entities):
        return "events"
    if understood.query.kind == "definition":
        text = understood.read_as  # « Quelle est la mission de l’UGAP ? »
    mentions = entities.find(text)
    if len({mention.entity.name for mention in mentions}) != 1:
        return None
    rest = fold(without_mentions(text, mentions))
    asked = _NEWS.sub(" ", _PORTRAIT.sub(" ", rest))
    if not set(re.findall(r"\w+", asked)) <= FRAME:
        return None
    if understood.query.kind == "definition" and not _NEWS.search(rest):
        return "definition" if mentions[0].entity.kind in ("actor", "authority") else None
    if _NEWS.search(rest):
        return "news"
    return "portrait" if _PORTRAIT.search(rest) or not re.search(r"\w", rest) else None


def _asks_for_events(understood: Understanding, entities: EntityBook) -> bool:
    """Whether all that is asked is what happened in one period that begins and ends, to everybody or to those who are named."""
    text = understood.query.text
    if len(understood.periods) != 1 or not _EVENTS.search(fold(text)):
        return False
    (period,) = understood.periods
    if not (period.opens and period.closes):
        return False
    undated = f"{text[: period.start]} {text[period.end :]}"
    rest = fold(without_mentions(undated, entities.find(undated)))
    words = re.findall(r"\w+", _MARKET.sub(" ", _EVENTS.sub(" ", rest)))
    return set(words) <= FRAME | _OF_TIME
