"""Which list is asked for, where nothing else is: the newest about a name, what it promised, its services, its customers."""

from __future__ import annotations

import re
from typing import Literal

from trusted_cloud_chat.answering.timeline.customers import asks_for_customers
from trusted_cloud_chat.answering.timeline.promised import FRAME, asked_promises
from trusted_cloud_chat.answering.timeline.services import asks_for_services
from trusted_cloud_chat.entities import EntityBook, without_mentions
from trusted_cloud_chat.text import fold
from trusted_cloud_chat.understanding import Understanding

Overview = Literal["news", "portrait", "definition", "promises", "slipped", "coming", "services", "customers"]

_NEWS = re.compile(
    r"\bou en (?:est|sont)\b|\bde neuf\b|\bdu nouveau\b|\bnouvelles\b|\bactualites?\b|\bactu\b|\bsituation\b|\bpoint sur\b|\bdevien\w*\b|"
    r"\bexiste\w*(?:(?:-t)?-(?:il|elle))?(?: encore| toujours)?\b|"
    r"\bstill exists?\b|\blatest\b|\bnews\b|\bnew\b|\bstatus\b|\bstands?\b|\bhappening\b|\bgoing on\b"
)
_PORTRAIT = re.compile(
    r"\bparle[rz]?\b|\bpresente[rz]?\b|\b(?:sait|savons|savez|sais)\b|\bdi[st]\b|\bdites\b|\bdire\b|\bresume[rz]?\b|\btell\b|\bknow\b"
)


def overview_of(understood: Understanding, entities: EntityBook) -> Overview | None:
    """`news` where the question asks how things stand with one name, `portrait` where it asks for anything about it.

    `promises` where it asks what an actor announced for a day, `slipped` which of those days have passed, `coming`
    which is to come, `services` for what it is qualified, `customers` who they are. `definition` where it
    asks what an actor is: should no sentence say so, a portrait answers too.
    """
    text = understood.query.text
    if promised := asked_promises(text, entities):
        return promised
    if asks_for_services(text, entities):
        return "services"
    if asks_for_customers(text, entities):
        return "customers"
    mentions = entities.find(text)
    if len({mention.entity.name for mention in mentions}) != 1:
        return None
    rest = fold(without_mentions(text, mentions))
    asked = _NEWS.sub(" ", _PORTRAIT.sub(" ", rest))
    if not set(re.findall(r"\w+", asked)) <= FRAME:
        return None
    if understood.query.kind == "definition" and not _NEWS.search(rest):
        return "definition" if mentions[0].entity.kind == "actor" else None
    if _NEWS.search(rest):
        return "news"
    return "portrait" if _PORTRAIT.search(rest) or not re.search(r"\w", rest) else None
