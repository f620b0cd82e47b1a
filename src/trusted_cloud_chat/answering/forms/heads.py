"""Who heads somebody: which sentences tell it of the one asked about, and of now."""

from __future__ import annotations

import re
from collections.abc import Sequence

from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.entities import EntityBook, Mention
from trusted_cloud_chat.text import fold, fold_in_place
from trusted_cloud_chat.understanding import Understanding
from trusted_cloud_chat.understanding.antecedents import LEADS, PERSON, people_in

_HEAD_OF = re.compile(
    r"\b(?:pdg|president\w*|direct\w+ general\w*|patron\w*|ceo|chief executive) (?:(?:de la|de l'|de|du|des|d'|of the|of) ?)"
)
_LEADS_WHOLE = re.compile(rf"{LEADS.pattern}\w*")
_ASIDE = re.compile(r", [^,]{3,60},(?= (?:est|etait|a ete|is|was)\b)")
"""« Delos, projet qui associe SAP et Microsoft, est dirigé par… »: who is headed is named before it."""
_COMMA = 30
"""Characters that a comma counts for: « Bernd Wagner, ancien de Google Cloud, dirige STACKIT »."""
_HEADS_ONE = re.compile(
    r"\bdirige|\bpreside|\bpatron|\bpdg\b|\bdg\b|\bdirecteur general|\ba la tete\b|\baux commandes\b|\bceo\b|\bheads?\b|\bleads\b|\bchairs?\b|\bruns\b"
)
"""Asks who is at the head of somebody; « qui pilote la migration ? » asks of a thing."""
_HEADED = re.compile(
    r"\b(?:alors dirig|que dirigeait|dirigeait|presidait|ancien(?:ne)? (?:direct|patron|president|pdg|dg)|ex-(?:direct|patron|president|pdg|dg)|"
    r"then (?:headed|led|run)|former (?:head|chief|director|ceo|president|chair))"
)
_REACH = 3.0
"""How far below the best a newer sentence may score."""
_TERM_DAYS = 365
"""How much older than the newest a report on a head may be, if it names somebody else."""


def asks_head(understood: Understanding) -> bool:
    return understood.query.kind == "who" and bool(_HEADS_ONE.search(fold(understood.read_as)))


def of_now(understood: Understanding, ranked: Sequence[Selected]) -> Sequence[Selected]:
    """Where it is asked who heads somebody now, without sentences about those who did."""
    if not (understood.wants_now and asks_head(understood)):
        return ranked
    return [choice for choice in ranked if not _HEADED.search(fold(choice.text))] or ranked


def with_newest_head(
    understood: Understanding, chosen: Sequence[Selected], ranked: Sequence[Selected], entities: EntityBook
) -> list[Selected]:
    """`chosen`, and the newest of `ranked` that names the one asked about with a head, if it comes near the best.

    « … présentait déjà Jean Coumaros comme président de Bleu » is less like an answer than the older « Le directeur de Bleu est… ».
    """
    text = understood.query.text
    asked = {mention.entity.name for mention in _somebody(text, entities)}

    def tells(choice: Selected) -> bool:
        said = choice.text
        named = bool(_HEADS_ONE.search(fold(said))) and bool(entities.named(said, asked))
        return named and bool(people_in(said, entities.written(said))) and not heads_another(said, text, entities)

    near = [choice for choice in ranked if choice.score >= ranked[0].score - _REACH and tells(choice)]
    newest = max(near, key=lambda choice: choice.published, default=None)
    if newest is None or any(choice.published >= newest.published for choice in chosen if choice in near):
        return list(chosen)
    return [*chosen, newest]


def newest_head(chosen: Sequence[Selected]) -> list[Selected]:
    """Without those that were published well before the newest and name nobody whom it names: heads of an earlier time."""
    newest = max(chosen, key=lambda choice: choice.published, default=None)
    if newest is None:
        return []
    now = set(PERSON.findall(newest.text))
    return [c for c in chosen if c.published > newest.published - _TERM_DAYS or now & set(PERSON.findall(c.text))]


def heads_another(said: str, question: str, entities: EntityBook) -> bool:
    """Whether each « dirigé par » of a sentence stands nearest to a name that is not asked about, or is of one that no list of ours has.

    « Philippe Wahl, PDG de La Poste » for NumSpot.
    """
    asked = [mention.entity for mention in _somebody(question, entities)]
    theirs = {fold(entity.name) for entity in asked}
    aside = _ASIDE.search(fold_in_place(said))
    said = f"{said[: aside.start()]}{said[aside.end() :]}" if aside else said
    named, folded = _somebody(said, entities), fold_in_place(said)
    heads = [head.span() for head in _LEADS_WHOLE.finditer(folded)]
    if not named:
        return bool(asked) and any(said[head.end() : head.end() + 1].isupper() for head in _HEAD_OF.finditer(folded))
    if not asked or not heads:
        return False

    def distance(head: tuple[int, int], mention: Mention) -> int:
        between = folded[mention.end : head[0]] or folded[head[1] : mention.start]
        return len(between) + _COMMA * between.count(",")

    def nearest(head: tuple[int, int]) -> str:
        return fold(min(named, key=lambda mention: distance(head, mention)).entity.name)

    return not any(nearest(head) in theirs for head in heads)


def _somebody(text: str, entities: EntityBook) -> list[Mention]:
    """The mentions of those whom somebody may head: no law, no scheme."""
    return [m for m in entities.written(text) if m.entity.kind not in ("law", "scheme")]
