"""Providers of new articles that no list of names has: a question that lists or compares them would not see them."""

from __future__ import annotations

import re

from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.schema import Article
from trusted_cloud_chat.text import fold, fold_in_place

_WORD = r"[A-ZÀÂÉÈÊÎÔ0-9][\w&+-]*\w"
_SUBJECT = re.compile(
    r"(?:^|[.!?»:]\s+|\n)(?:(?:[LDld]’|Le |La |The )[a-zà-ÿ]+ (?:[a-zà-ÿ]+ )?)?"
    rf"(?P<name>{_WORD}(?:[ \u00a0]{_WORD}){{0,2}})"
)
"""A name at the head of a sentence or after a colon: « SecNumCloud : HexaCloud… », « L’hébergeur lyonnais HexaCloud… »."""
_GETS = (
    r"(?:obtient|decroche|recoit|a (?:\w+ ){0,2}(?:obtenu|recu|decroche)|vient d.(?:obtenir|etre)|"
    r"obtains|receives|gets|wins|(?:has )?(?:obtained|received|won))\b"
    r"(?:[^.;:!?]{0,60}\b(?:qualification|visa)\b| (?:la |le |the )?secnumcloud)"
)
_IS = r"(?:(?:est|is|was|has been|a ete) (?:\w+ ){0,2})?qualifi(?:ee?|ed)\b"
_PROVIDER = r"(?:l.|le |la |une? |the |a |an )?(?:\w+ )?(?:hebergeur|fournisseur|operateur|prestataire|provider)\b"
_SAYS_PROVIDER = re.compile(rf"(?:, [^.;,:]*,)?\s+(?:{_GETS}|{_IS})|, {_PROVIDER}")
"""What follows the name of one that is qualified, or said to be a provider; of folded text."""
_THING = r"(?:offre|service|solution|suite|plateforme|messagerie|logiciel|produit|platform|offer|product|software)s?"
_LEAST = 2


def unknown_providers(article: Article, entities: EntityBook) -> list[str]:
    """« HexaCloud », of « HexaCloud, hébergeur lyonnais, a obtenu la qualification ». Only where sure: a name of the title, twice in
    the text, said to be qualified or to be a provider, and not to be what another sells.
    """
    found: dict[str, None] = {}
    for part in (article.title, article.text):
        folded = fold_in_place(part)
        for match in _SUBJECT.finditer(part):
            if _SAYS_PROVIDER.match(folded, match.end()):
                found.setdefault(" ".join(match["name"].split()))
    return [name for name in found if _is_new(name, entities) and _is_of(name, article)]


def _is_new(name: str, entities: EntityBook) -> bool:
    return not entities.written(name) and fold(name) not in entities.related


def _is_of(name: str, article: Article) -> bool:
    """Whether the title has the name, the text has it twice, and none calls it an offer."""
    title, text = fold(article.title), fold(article.text)
    alone = rf"(?<!\w){re.escape(fold(name))}(?!\w)"
    thing = rf"\b{_THING} (?:\w+ )?{alone}|{alone}, (?:l.|l[ae] |son |sa |une? |the |its |an? )?{_THING}\b"
    return (
        re.search(alone, title) is not None
        and len(re.findall(alone, text)) >= _LEAST
        and not re.search(thing, f"{title}\n{text}")
    )
