"""Who won a tender, and who grants a qualification: « Qui a remporté l’appel d’offres… ? », « Qui délivre SecNumCloud ? ».

Articles hardly ever say so in these words: « Scaleway a été retenu », « les quatre groupes retenus sont… », « L’ANSSI a accordé à… ».
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from trusted_cloud_chat.answering.evidence import Reading
from trusted_cloud_chat.answering.names import missing_names
from trusted_cloud_chat.answering.scope import reading_of
from trusted_cloud_chat.answering.selection import Selected, without_repeats
from trusted_cloud_chat.entities import EntityBook, with_marks
from trusted_cloud_chat.text import fold, fold_in_place
from trusted_cloud_chat.text.tense import TO_COME
from trusted_cloud_chat.understanding import Understanding

_WINS = re.compile(
    r"^\W*(?:et |and )?(?!.*\b(?:ne|n'\w+|pas|va|vont|not|will)\b)(?:a |par )?(?:qui|quel(?:le)?s? (?:entreprise|fournisseur|prestataire|groupe|societe|acteur|operateur|candidat)s?|who|"
    r"which (?:compan(?:y|ies)|providers?|groups?|vendors?|bidders?))\b.{0,20}\b(?:remport|gagn|decroch|emport|rafl|w[io]n\b|awarded\b|landed\b).{0,40}?"
    r"\b(?:appels? d'offres|marches?|contrats?|tenders?|contracts?|bids?|deals?|procurement)\b"
)
_WON = re.compile(
    r"\b(?:retenue?s?|choisi(?:e|s|es)?(?! d[e'])|selectionnee?s?|designee?s?|remport\w+|attribu(?:e|ee|es|ees)|conclue? avec|awarded|selected|picks?(?! up)|picked|chosen|chose|"
    r"won|winning)\b"
)
_NOT_WON = re.compile(
    rf"{TO_COME}|\b(?:ne|n|pas|not|sans|avant|ecarte|candidat\w*|devai(?:t|ent)|doi(?:t|vent)|pourrai\w*|critere\w*|before|would|to be|unsuccessful|perd(?:u|re)?|contest\w+|saisi\w*|reclam\w+)\b"
)
_ELSEWHERE_NAMED = re.compile(r"\b(?:lui|leur|them|it)\b")
"""« La Commission lui a attribué… » names one of the winners before."""
_OF_A_CONTRACT = re.compile(r"\b(?:contrat|marche|appels? d'offres|lot|groupe|contract|tender|group)s?\b")
"""What a sentence says of which the title alone tells whose contract it is."""
_GRANTS = re.compile(
    r"^\W*(?:et )?(?:qui|quel(?:le)? (?:autorite|organisme|agence)|who|which (?:authority|body|agency)) "
    r"(?:delivre|attribue|accorde|decerne|octroie|donne|grants|issues|awards|delivers|gives) (?:the |an? |la |le |l'|une? )?"
    r"(?:(?:qualification|certification|visa|label) )?@(?: qualification| certification| label)?\W*$"
)
_GRANTED = re.compile(
    r" (?:a |avait )?(?:(?:officiellement|aussi|deja) )?(?:delivre|attribue|accorde|decerne|octroye|granted|grants|issued|awarded)\b"
)
"""Right after the name of an authority: « L’ANSSI a délivré… »."""
_NEAR_IT = 60
"""Characters after it, a day and a receiver, before what is granted."""
_CREATED_BY = re.compile(r"\b(?:creee|cree) par\b|\bcreated by\b")
_MOST = 3


def winners_of(
    understood: Understanding, every: Callable[[], Sequence[Selected]], entities: EntityBook
) -> list[Selected]:
    """The best sentences of `every` that name one not in the question as chosen, under all the names of the question.

    Those may stand in the title, where no sentence has them itself. Empty for any other question.
    """
    query = understood.query
    if query.kind not in ("who", "list", "fact") or not _WINS.search(fold(query.text)):
        return []
    asked = reading_of(query, entities)
    known = {mention.entity.name for mention in entities.find(query.text)}

    def wins(choice: Selected) -> bool:
        said = fold(choice.text)
        named = {mention.entity.name for mention in entities.actors(choice.text)}
        return bool(named - known) and bool(_WON.search(said)) and not _NOT_WON.search(said)

    def names_all(choice: Selected, title: str = "") -> bool:
        article = choice.passage.article
        day = article.date.last_day if article.date else query.today
        said = Reading(f"{title}{choice.text}", article.language, day, entities)
        return not missing_names(asked.names, said.names, article.language)

    told = sorted(filter(wins, every()), key=lambda choice: bool(_ELSEWHERE_NAMED.search(fold(choice.text))))
    own = [choice for choice in told if names_all(choice)]
    titled = (c for c in told if _OF_A_CONTRACT.search(fold(c.text)) and names_all(c, f"{c.passage.article.title}.\n"))
    return without_repeats(own or list(titled), query.language)[:_MOST]


def granted_by(
    understood: Understanding, every: Callable[[], Sequence[Selected]], entities: EntityBook
) -> Selected | None:
    """The best sentence of `every` in which an authority grants what the question asks the granter of; None for any other question."""
    query = understood.query
    asked = [m for m in entities.find(query.text) if m.entity.kind == "scheme"]
    if len(asked) != 1:
        return None
    (scheme,) = asked
    if not _GRANTS.match(fold(with_marks(query.text, asked))):
        return None

    def grants(choice: Selected) -> bool:
        said = fold_in_place(choice.text)
        for mention in entities.written(choice.text):
            granted = _GRANTED.match(said, mention.end) if mention.entity.kind == "authority" else None
            if granted and entities.named(choice.text[granted.end() :][:_NEAR_IT], {scheme.entity.name}):
                return True
        return False

    def made(choice: Selected) -> bool:
        authority = any(mention.entity.kind == "authority" for mention in entities.written(choice.text))
        named = bool(entities.named(choice.text, {scheme.entity.name}))
        return authority and named and bool(_CREATED_BY.search(fold(choice.text)))

    ranked = every()
    own = [choice for choice in ranked if choice.passage.article.language == query.language]
    return next((choice for says in (grants, made) for choice in (*own, *ranked) if says(choice)), None)
