"""« Que prévoit la loi SREN ? », « Quelles sont les exigences de HDS ? »: the sentences in which a law or a scheme rules something."""

from __future__ import annotations

import re
from collections.abc import Sequence

from trusted_cloud_chat.answering.definition import SUBJECT
from trusted_cloud_chat.answering.selection import Selected, without_repeats
from trusted_cloud_chat.entities import EntityBook, with_marks
from trusted_cloud_chat.text import fold, fold_in_place
from trusted_cloud_chat.understanding import Understanding

MOST = 5
_THE = r"(?:l[ae]s? |l'|the )?"
_KIND = r"(?:(?:loi|reglement|directive|referentiel|circulaire|texte|label|certification|qualification|act|law|regulation|scheme) )?"
_NOUN = (
    r"(?:(?:principale?s|principaux|grandes|main|key) )?(?:exigences|obligations|dispositions|regles|mesures|contraintes|contenu|apports?|requirements|rules|"
    r"provisions|contents?)"
)
_RULES = r"(?:prevoit|dit|impose|exige|contient|change|apporte|dispose|instaure|reglemente|encadre|interdit|demande|prescrit|stipule|implique)"
_RULES_EN = r"(?:provides? for|says?|requires?|contains?|changes?|rules?|imposes?|provides?|bans?|regulates?|demands?)"
_NAMED = r"(?:(?:us|american|french|european) )?#(?: (?:americain|francais|europeen)(?:n?e)?)?"
_ASKS = tuple(
    re.compile(
        rf"^\W*(?:(?:et|mais|alors|and|but|so) )?(?:{asked.replace('#', _NAMED)})(?: (?:au juste|exactement|concretement|exactly))?\W*$"
    )
    for asked in (
        # « Que prévoit # ? », « Qu’est-ce que # impose ? », « # prévoit quoi ? », « Ça dit quoi, # ? »
        rf"qu(?:e |')(?:{_RULES})(?: donc)? {_THE}{_KIND}#",
        rf"qu'est[- ]ce qu(?:e |')(?:{_THE}{_KIND}# (?:{_RULES}|a change)|(?:{_RULES}) {_THE}{_KIND}#)",
        rf"qu'est[- ]ce (?:qui change avec|qu'il y a dans|qu'on trouve dans) {_THE}{_KIND}#",
        rf"{_THE}{_KIND}#,? (?:(?:ca|cela|elle|il) )?{_RULES} quoi|(?:ca|elle|il) {_RULES} quoi,? {_THE}{_KIND}#",
        # « Quelles sont les exigences de # ? », « Quelles obligations impose # ? », « Que trouve-t-on dans # ? »
        rf"(?:quel(?:le)?s? (?:sont |est )?)?(?:l[ae]s? |l')?{_NOUN} (?:de |du |d'|de la |de l'|dans |fixe\w* par |prevue?s? par |imposee?s? par |{_RULES} ){_THE}{_KIND}#",
        rf"que trouve-t-on dans {_THE}{_KIND}#",
        # "What does # say?", "What are #’s requirements?"
        rf"what (?:does|did|will|would) {_THE}{_KIND}#(?: {_KIND.strip()})? ?{_RULES_EN}|what(?:'s| is) in {_THE}{_KIND}#",
        rf"(?:what|which) (?:are )?(?:the )?{_NOUN} (?:of|in|set by|does|do) {_THE}{_KIND}#(?: {_RULES_EN})?|what are {_THE}#(?:'s)? {_NOUN}",
    )
)
"""Of the folded question with the name as `#`."""
_VERB = (
    r"(?:prevo(?:it|yait)|impos|oblig|interdi|proscri|encadr|reg(?:it|issait)\b|reglement|autoris|permet|exig|requier|fix|limit|plafonn|soumet|rend(?:ait)?\b|donn|cre|instaur|"
    r"distingu|defin|design|consider|rang|reserv|destin|s'appliqu|prote|contrain|pass|elev|harmonis|garanti|mainten|maintien|plac|restrein|propos|emploi|serv|abroge|oriente|tient pour|"
    r"requir|compel|govern|regulat|ban|allow|protect|set|provid|aim|cap|appl|creat|cover|forc)\w*"
)
_WHOM_IT_CONCERNS = r"(?:concern|vis|port|cover)\w*"
"""Tells what a text is about, and no duty."""
_DUTIES = re.compile(r"\b(?:obligations?|exigences?|requirements?|contraintes?)\b")
_SAYS = rf"(?:{_VERB}|{_WHOM_IT_CONCERNS})"
_RULES_THAT = re.compile(
    rf"{SUBJECT}#(?: \d\.\d)?(?: (?:du|de|of) [\w ]{{1,20}})?(?:,[^,;.]{{1,60}},)? (?:ne |n'|se |y |en )?(?:ira |pourra |doit |devra )?(?P<verb>{_SAYS})\b"
)
_THIS_TEXT = re.compile(
    rf"^(?:[^,;.]{{1,80}}, )?(?:cett?e? (?:loi|circulaire|directive|texte|reglement|referentiel|certification|qualification)|ce (?:texte|reglement|referentiel)|this (?:law|act|text|regulation|scheme))(?: #)? "
    rf"(?:ne |n'|se |en )?(?P<verb>{_SAYS})\b"
)
_NAMED_BEFORE = 200
"""Characters before « cette circulaire » among which it is named."""


def asks_for_provisions(question: str, entities: EntityBook) -> bool:
    """Whether it is asked what one known law or scheme says or requires, and nothing else."""
    mentions = entities.find(question)
    if len({mention.entity.name for mention in mentions}) != 1 or mentions[0].entity.kind not in ("law", "scheme"):
        return False
    asked = fold(with_marks(question, mentions).replace("@", "#"))
    return any(pattern.search(asked) for pattern in _ASKS)


def provisions_of(understood: Understanding, ranked: Sequence[Selected], entities: EntityBook) -> list[Selected]:
    """The best sentences in which the law or scheme asked about rules something, `MOST` at most, oldest article first.

    Where most are in the question's language, those in another are left out.
    """
    query = understood.query
    (name,) = query.entities[:1]
    duties = bool(_DUTIES.search(fold(query.text)))
    told = [choice for choice in ranked if _rules(choice, name, entities, duties=duties)]
    own = [choice for choice in told if choice.passage.article.language == query.language]
    points = without_repeats(own if 2 * len(own) >= len(told) else told, query.language)[:MOST]
    return sorted(points, key=lambda choice: choice.published)


def _rules(choice: Selected, name: str, entities: EntityBook, *, duties: bool) -> bool:
    said = _masked(choice.text, name, entities)
    ruling = _RULES_THAT.search(said)
    if ruling is None and (ruling := _THIS_TEXT.search(said)) is not None:
        article = choice.passage.article
        before = article.text[max(0, choice.span.start - _NAMED_BEFORE) : choice.span.start].rpartition("\n\n")[2]
        ruling = ruling if entities.named(before, [name]) else None
    return ruling is not None and not (duties and re.fullmatch(_WHOM_IT_CONCERNS, ruling["verb"]))


def _masked(text: str, name: str, entities: EntityBook) -> str:
    """The folded text with the one asked about as `#`."""
    marked = with_marks(text, (m for m in entities.written(text) if m.entity.name == name))
    return fold_in_place(marked).replace("@", "#")
