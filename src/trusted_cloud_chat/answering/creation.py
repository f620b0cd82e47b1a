"""Since when somebody exists, and who created them: which quotes tell that of the one asked about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from trusted_cloud_chat.answering.forms.owners import tells_owner
from trusted_cloud_chat.answering.forms.subjects import names_somebody_else
from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.entities import EntityBook, Mention
from trusted_cloud_chat.schema import Query
from trusted_cloud_chat.text import fold, fold_in_place

_WHEN_CREATED = re.compile(
    r"\bexist(?:e|ent|ed|s)? (?:depuis|since)\b|\b(?:depuis (?:quand|combien de temps)|since when) (?:\w+ )?exist|\bdate de (?:creation|naissance|fondation) d|"
    r"\b(?:ete|est|sont|was|were|is)(?:-(?:t-)?(?:il|elle)s?)? (?:\w+ ){0,3}(?:cree|fonde|nee?|creee|fondee|created|founded|born)s?\b"
)
_WHO_CREATED = re.compile(
    r"\b(?:(?:qui|who) (?:est|sont|etait|etaient|is|are|was|were)|c'est qui|who's) (?:l[ae]s? |l'|the )?(?:\w+ )?(?:co-?)?(?:fondat|founder)|"
    r"\b(?:fondat\w+|founders?)\b.{0,40}\bc'est qui\b|^\W*(?:et |and )?(?:(?:qui (?:a|ont)|who) (?:\w+ )?(?:fonde|cree|lance|created|founded|launched|set up)\b|(?:qui est|qui etait|par qui)\b.*\b(?:a l'origine|cree|fonde)e?\b)"
)
_FOUNDED = (
    r"(?<!\bpour )\b(?:cree\w*|creer|(?:co-?)?fonde\w*|(?:co-?)?fondat(?:eur|rice)s?|(?:co-?)?founders?|(?<=\best )nee?s?|(?<=\bsont )nee?s?|(?<=\betait )nee?s?|nee?s? en \d|creation|naissance|fondation|"
    r"lance\w*|lancement|constitu\w*|institu\w*|etabli\w*|establish\w*|mise? en place|vu le jour|pris forme|originat\w+|created|(?:co-?)?founded|born|launched|set up)\b"
)
_MADE = re.compile(_FOUNDED)
"""Somebody was created;"""
_BEGUN = re.compile(
    rf"{_FOUNDED}|\b(?:ouv(?:re|ert\w*)|debuts?|remont\w+|exist\w* (?:depuis|since)|origine|became|annonc\w+|projet|devoil\w*|announced)\b"
)
"""or first heard of, which tells since when and not by whom."""
_BY_OTHERS = re.compile(r"\b(?:autoris|approuv|salu|cleared|approv|welcom)\w* (?:la |the )$")
"""« La Commission a autorisé la création de Bleu » names no founder."""
_BORN = re.compile(
    r"\b(?:exist\w* (?:depuis|since)|pris forme|vu le jour|nee?s? en|(?:ete|est|sont|was|were) (?:\w+ )?(?:cree|fonde|created|founded|set up)\w*|"
    r"creation|fondation|originat\w+|son origine)\b"
)
"""Since when somebody exists, in so many words."""
_FOUNDER = re.compile(r"(?:co-?)?(?:fondat|founder)")
_ONE_OF = re.compile(r"\b(?:l'une? des|parmi les|one of the|among the) (?:\w+ )?$")
_ANOTHER_SUBJECT = re.compile(
    r", (?:et|mais|and|but) (?:l[ae]s? |l'|une? |the |a )(?!(?:societe|entreprise|coentreprise|filiale|structure|groupement|agence|company|joint)\b)"
)
_PREPOSITION = r"(?:de (?:l')?|du |d'|of (?:the )?)$"
_OF = re.compile(rf"\b{_PREPOSITION}")
_BIRTH_OF = re.compile(
    rf"\b(?:adoption|version|histoire|origines?|referentiel|idee|projet|lancement|vote) {_PREPOSITION}"
)
_ITS = re.compile(r"\b(?:son|sa|ses|its) (?:\w+ )?$")
_NEAR_A_VERB = 40
"""Characters from the verb to the name of the one created."""
_REACH = 3.0
"""How far below the best a sentence that names a founder may score."""


def leaves_creation_untold(query: Query, quotes: Sequence[str], entities: EntityBook) -> bool:
    """Whether it is asked since when somebody exists, or who created them, and no quote tells that of them.

    Who created somebody is told by who owns them as well.
    """
    if (named := _created(query, "date", _WHEN_CREATED, entities)) is not None:
        return not any(_tells_creation_of(named, quote, entities, _BEGUN) for quote in quotes)
    named = _created(query, "who", _WHO_CREATED, entities)
    return named is not None and not any(_tells_maker_of(named, quote, entities) for quote in quotes)


def tellers_first(
    query: Query, chosen: Sequence[Selected], ranked: Sequence[Selected], entities: EntityBook
) -> list[Selected]:
    """Where it is asked who created somebody, those of `chosen` that name one who did, or the best of `ranked` that does; where
    it is asked when, those of `chosen` that tell it first.
    """
    if (born := _created(query, "date", _WHEN_CREATED, entities)) is not None:
        return sorted(chosen, key=lambda choice: not _tells_creation_of(born, choice.text, entities, _BORN))
    named = _created(query, "who", _WHO_CREATED, entities)
    if named is None:
        return list(chosen)

    def tells(choice: Selected) -> bool:
        return names_somebody_else(query, choice.text, entities) and _tells_maker_of(named, choice.text, entities)

    near = [choice for choice in ranked if choice.score >= ranked[0].score - _REACH and tells(choice)]
    return [choice for choice in chosen if tells(choice)] or near[:1] or list(chosen)


def _created(query: Query, kind: str, asks: re.Pattern[str], entities: EntityBook) -> str | None:
    """The name of the one whose creation a question of that kind `asks` about; None where it asks something else or names nobody."""
    if query.kind != kind or not asks.search(fold(query.text)):
        return None
    return next((mention.entity.name for mention in entities.find(query.text)), None)


def _tells_maker_of(name: str, quote: str, entities: EntityBook) -> bool:
    return _tells_creation_of(name, quote, entities, _MADE) or tells_owner(fold(quote))


def _tells_creation_of(name: str, quote: str, entities: EntityBook, words: re.Pattern[str]) -> bool:
    """Whether the quote says, in one of `words`, that the entity itself was created: not « SecNumCloud, créée par l’ANSSI », of the ANSSI."""
    named = entities.written(quote)
    said = fold_in_place(quote)
    for made in words.finditer(said):
        if _BY_OTHERS.search(said[: made.start()]):
            continue
        if not named:
            return True  # « La société date de 2020, année de sa création »
        before = [m for m in named if m.end <= made.start()][-1:]
        after = [m for m in named if m.start >= made.end() and m.start - made.end() <= _NEAR_A_VERB][:1]
        by = after and quote[made.end() : after[0].start].split()[:1] in (["par"], ["by"])
        if before and _of_another(said, made, before[0], after):
            before = []
        if any(m.entity.name == name for m in ([] if by else after) or before):
            return True
    return False


def _of_another(said: str, made: re.Match[str], before: Mention, after: Sequence[Mention]) -> bool:
    """Whether what was made is something else than the one named `before` the verb; `after` is the name behind it, if any is near.

    « Scaleway, l’un des fondateurs de Gaia-X », « Le choix de l’hébergeur du Health Data Hub remonte à 2019 », « La version de
    l’ANSSI date de mars, et la transposition était annoncée… »
    """
    if _FOUNDER.match(made[0]) and not _ITS.search(said[: made.start()]):
        of_after = after and _OF.search(said[: after[0].start])
        if of_after or _ONE_OF.search(said[: made.start()]):
            return True
    if made[0].startswith("remont") and _OF.search(said[: before.start]) and not _BIRTH_OF.search(said[: before.start]):
        return True
    return bool(_ANOTHER_SUBJECT.search(said, before.end, made.start()))
