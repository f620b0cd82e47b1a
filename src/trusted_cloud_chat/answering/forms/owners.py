"""Who owns somebody: whether that is asked, which sentences tell it, and the newest share that is told."""

from __future__ import annotations

import re
from collections.abc import Sequence

from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.answering.timeline.shares import SHARE
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.text import fold
from trusted_cloud_chat.understanding import Understanding
from trusted_cloud_chat.understanding.antecedents import LEADS
from trusted_cloud_chat.understanding.asked import kind_of

_OWNS = re.compile(
    r"\b(?:detien|deten|possed|appart|actionn|capital|propriet|filial|coentreprise|rachet|acqui|control|"
    r"(?<!\bpris )(?<!\bprend )(?<!\bprendre )(?<!\bsa )parts?\b|own|sharehold|stake|slice|subsidiar|joint venture|buy|bought)|"
    r"\bse (?:partag|repartiss)\w*\b(?! (?:l[ae]s?|des|un) | l')|"
    r"\bcompos\w+ (?:\w+ )?consortium|\bconsortium (?:[\w']+ ){0,4}(?:compos|form|reuni|alliance|entre|avec)"
)
_CAME_TO_OWN = re.compile(
    r"\bco-entreprise|\bsociete commune|\bdu groupe\b|\b(?:cree|fonde)\w* (?:\w+ ){0,3}par\b|\b(?:created|founded) by\b|"
    r"\brepri[st]\b|\breprend|\bced(?:e|ee|er|ent)\b|\bvendue?\b|\bachet|100 ?%"
)
_OWNER_OF = re.compile(
    r"\b(?:groupe|societe|entreprise|celui|group|company|one)\b(?: \w+)? (?:qui|that|which|who) (?:possed|detien|own)"
)
"""« Le groupe qui possède Lidl » only says who is meant."""
_OF_NOBODY = re.compile(
    r"\bparts? (?:du |des |de |of the |of )?(?:\w+ )?(?:marche|budgets?|gateau|depenses|market|pie|spending)\b|"
    r"\bcontrol\w* (?:que\b|l'application|le respect|les regles|les candidats|le data act|whether|the rules)|\b(?:cles?|keys?)\b"
)
"""« Une part du marché », « qui contrôle que les règles… », « qui détient les clés ? »: nobody is owned."""


def asks_owner(understood: Understanding) -> bool:
    plain = fold(understood.read_as)
    if "who" not in (understood.query.kind, kind_of(plain)) or LEADS.search(plain) or _OF_NOBODY.search(plain):
        return False
    return bool(_OWNS.search(_OWNER_OF.sub("", plain)))


def tells_owner(folded: str) -> bool:
    """Whether a folded text tells of an owner, a share, a founder, a founding consortium or a purchase."""
    return bool(_OWNS.search(folded) or _CAME_TO_OWN.search(folded))


def with_newest_share(
    understood: Understanding, chosen: list[Selected], every: Sequence[Selected], entities: EntityBook
) -> list[Selected]:
    """`chosen` after the newest sentence that gives somebody's share of the one asked about, where that is newer than all of them."""
    newest = newest_share_of(understood, every, entities)
    if newest is None or not chosen or newest.published <= max(choice.published for choice in chosen):
        return chosen
    return [newest, *chosen]


def newest_share_of(understood: Understanding, every: Sequence[Selected], entities: EntityBook) -> Selected | None:
    """The newest sentence of `every` that gives somebody's share of the one asked about."""
    asked = {mention.entity.name for mention in entities.actors(understood.query.text)}
    shares = [c for c in every if asked and asked <= entities.named(c.text, asked) and SHARE.search(fold(c.text))]
    return max(shares, key=lambda choice: choice.published, default=None)
