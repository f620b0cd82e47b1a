"""« Quels sont les clients de Bleu ? », « Qui a choisi S3NS ? »: the sentences that name some, by rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.entities import EntityBook, Mention, without_mentions
from trusted_cloud_chat.text import fold, fold_in_place
from trusted_cloud_chat.text.lexical import STOPWORDS_EN, STOPWORDS_FR
from trusted_cloud_chat.understanding import Understanding

MOST = 6
_WHO = (
    r"(?:qui|who|(?:quel(?:le)?s?|which|what) (?:\w+ )?(?:entreprises?|organisations?|groupes?|societes?|clients?|"
    r"companies|organi[sz]ations|customers))"
)
_ASKS = re.compile(
    r"^\W*(?:et )?(?:quels?|quelles?|qui|list(?:e|ez|er)?|citez|which|what|who|name)(?: (?:sont|are))?(?: (?:les|des|the))?\s+(?:\w+ )?(?:clients?|customers?)\b"
    r"(?!.*\b(?:donnees|data|doi(?:t|vent)|quitt\w+|perd\w*|left|lost|\w+-t-)\b)|"
    rf"^\W*(?:et )?{_WHO} (?:(?:a|ont|has|have) )?(?:deja |already )?"
    r"(?:choisi\w*|retenu\w*|signe\w*|utilis\w+|adopte\w*|chose|chosen|selected|signed|uses?|picked)(?: avec| with)?\W*$"
)
"""Without the name: « Qui a choisi ? »."""
_CHOOSES = re.compile(
    r"\b(?:choisi\w*|retien\w+|retenu\w*|selectionn\w+|sign(?:e|ent|ee?s?)\b.{0,30}?\bavec|confi(?:e|ent|ee?s?) .{0,40}?\ba\b|opt(?:e|ent) pour|"
    r"adopt(?:e|ent|ee?s?)|chose|chosen|selected|selects|signed with|picked)\b"
)
_CUSTOMERS = re.compile(
    r"\b(?:parmi|comptent comme) (?:\w+ ){0,2}(?:clients?|customers?)\b|\bcomme (?:une? |premier )?client\b|\bclients?,? (?:dont|comme|tels? que)\b|"
    r"\b(?:clients?|customers?) (?:are|include|sont|such as)(?: ?:)? (?=[a-z0-9]+(?: et| and|,))|\bas (?:a|its \w+) customer\b|\b(?:est|sont|is|are) (?:une? |des |a )?(?:clients?|customers?) (?:de |d'|of )|,\s*clients? (?:de |d')|"
    r"\b(?:ses|leurs|its|their) (?:\w+ ){0,2}(?:clients?|customers?)\b[^.;]{0,60}\b(?:est|sera|is|will be) (?:l'une? d'eux|one of them)"
)
"""« dix clients » names none."""
_THEIRS = re.compile(r"\b(?:ses|leurs|its|their)\b")
_NAMES_SOME = re.compile(r"\b(?:dont|comme|tels? que)$")
"""« S3NS compte Matmut parmi ses clients », « Bleu revendique 25 clients, dont la SNCF »: whose they are stands before."""
_NOT = re.compile(
    r"\b(?:pas|jamais|ecart\w+|renonc\w+|sans|plutot que|not|never|instead|vis(?:e|ent|ee)|cibl\w+|pourr\w+|souhait\w+|concurr\w+|technologies?|"
    r"actionnaires?|could|targets?|plus de \d+|a la place|ni|face a|contre|devant|si|hesit\w+|diriger|avis|rapport|resolution)\b"
)
_MEMBERS = re.compile(
    r"\b(?:consortium|actionn\w+|capital|coentreprise|co-entreprise|filiales?|fondat\w+|membres?|detien\w*|detenue?s?|possed\w+|"
    r"shareholders?|subsidiar\w+|joint venture|founders?|members?|owns?|owned)\b"
)
"""Tells whose somebody is, which makes nobody a customer."""
_SPEAKS_OF_CUSTOMERS = re.compile(r"\b(?:clients?|customers?)\b")
_REACH = 60
"""Characters between what tells a customer and the name of whose it is."""
_OPENINGS = STOPWORDS_FR | STOPWORDS_EN
_NAME = re.compile(r"[A-ZÉÈÀÎ][\w-]+")


def asks_for_customers(question: str, entities: EntityBook) -> bool:
    """Whether it is asked who one actor's customers are, and nobody else is named."""
    mentions = entities.find(question)
    one = len({mention.entity.name for mention in mentions}) == 1 and mentions[0].entity.kind == "actor"
    return one and bool(_ASKS.search(fold(without_mentions(question, mentions))))


def customers_of(understood: Understanding, ranked: Sequence[Selected], entities: EntityBook) -> list[Selected]:
    """Sentences that name a customer of the one asked about, newest article first, `MOST` at most; each customer once.

    Those in the question's language come before others.
    """
    query = understood.query
    name, language = entities.actors(query.text)[0].entity.name, query.language
    told = [(choice, names) for choice in ranked if (names := _customers_in(choice.text, name, entities))]
    told.sort(key=lambda found: (found[0].passage.article.language != language, -found[0].published))
    known: set[str] = set()
    kept = []
    for choice, names in told:
        if not names <= known:
            kept.append(choice)
        known |= names
    return kept[:MOST]


def without_members(ranked: Sequence[Selected]) -> list[Selected]:
    """Those of `ranked` but what tells who somebody’s owners or members are and of no customer."""
    return [
        choice
        for choice in ranked
        if not _MEMBERS.search(folded := fold(choice.text)) or _SPEAKS_OF_CUSTOMERS.search(folded)
    ]


def _customers_in(text: str, name: str, entities: EntityBook) -> frozenset[str]:
    """The folded words of their names: « EDF choisit Bleu », « Matmut et Club Med comptent parmi les clients de S3NS ».

    None where it tells of another's, or denies it.
    """
    folded, mentions = fold_in_place(text), entities.actors(text)
    own = [mention for mention in mentions if mention.entity.name == name]
    for verb in _CHOOSES.finditer(folded):
        after = [m for m in own if 0 <= m.start - verb.end() <= _REACH]
        if (
            after
            and not _NOT.search(folded, max(0, verb.start() - 25), after[0].start)
            and (others := _others(text[: verb.start()], own))
        ):
            return others
    for word in _CUSTOMERS.finditer(folded):
        theirs = _THEIRS.search(word[0]) or _NAMES_SOME.search(word[0])
        gaps = [word.start() - m.end if theirs else m.start - word.end() for m in mentions]
        nearest = min(
            ((gap, m) for gap, m in zip(gaps, mentions, strict=True) if gap >= 0), key=lambda g: g[0], default=None
        )
        if nearest is None or nearest[0] > _REACH or nearest[1].entity.name != name:
            continue
        if not _NOT.search(folded) and (others := _others(text, own)):
            return others
    return frozenset()


def _others(text: str, own: Iterable[Mention]) -> frozenset[str]:
    """The folded words of the names in `text` that are none of `own` nor of those who belong to it."""
    known = {
        word
        for m in own
        for n in (m.text, m.entity.name, *m.entity.names, *m.entity.related)
        for word in fold(n).split()
    }
    return frozenset(map(fold, _NAME.findall(text))) - known - _OPENINGS
