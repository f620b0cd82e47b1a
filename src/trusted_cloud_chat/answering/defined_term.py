"""What a question asks the meaning of: a known name, words between quotation marks, letters, or what stands after « qu’est-ce que »."""

from __future__ import annotations

import re

from trusted_cloud_chat.entities import EntityBook, Mention
from trusted_cloud_chat.text import fold
from trusted_cloud_chat.understanding import Understanding

_QUOTED = re.compile(r"«\s*([^»]+?)\s*»|“([^”]+)”|\"([^\"]+)\"")
ASKS_MEANING = re.compile(
    r"(?:qu'est[- ]ce que?(?: c'est que)?|\bc'est quoi(?: au juste)?|que (?:signifie|veut dire)|\b(?:ca |cela )?(?:veut dire|signifie) quoi\b|a quoi correspond\w*|\b(?:ke[sz]ako|que[sz]aco)\b|qu'appelle[- ]t[- ]on|"
    r"what (?:is|are|does)|definition d[eu'])\s*(?:l'|le |la |les |un |une |the |an? )?(?P<term>[^?,;:]*)"
)
_TAIL = re.compile(
    r"\s+(?:svp|s'il vous plait|en (?:deux|quelques|trois) mots|en (?:gros|bref|clair)|ce (?:truc|machin|produit)|mean|stand for|au juste|exactement|exactly|au sens .*|(?:dans|in) .*|d'apres .*|selon .*|(?:et|and) .*)$"
)
_NO_TERM = re.compile(r"(?:c'est|ca|cela|au juste|exactement|exactly|en fait|donc|comme .*)?$")
"""« C’est quoi au juste, Delos ? », « Delos, qu’est-ce que c’est ? »."""
_NUMBERED = re.compile(r"[a-z]+\d+")
"""« Le J2 de SecNumCloud »."""
_BEFORE = re.compile(r"\W*(?:l'|le |la |les |un |une )?(?P<term>[\w-]+(?: [\w-]+){0,2}?),? ")
"""« CRYPT3NS, c’est quoi ? »: what stands before it, where nothing stands after."""
_A_WORD = 4
"""Letters from which a word beside a name, but for « loi » or « label », makes something else of it."""
BODY = (
    r"programme|projet|offre|coentreprise|co-entreprise|societe|entreprise|filiale|plateforme|agence|service|hebergeur|fournisseur|editeur|"
    r"operateur|groupement|consortium|association|entrepot|joint venture|company|provider|agency|subsidiary|venture"
)
KIND = (
    r"(?:qualification|certification|schema|referentiel|loi|reglement|directive|circulaire|label|cadre|norme|principe|regle|scheme|law|"
    rf"regulation|{BODY})"
)
"""Folded, what a name may be said to be."""
CODE = re.compile(
    r"(?:[Qq]ue (?:veut dire|signifie)|[Ww]hat does) (?P<letters>[A-Z]{3,6})\b(?= ?(?:mean\b|stand\b|\W*$))|"
    r"\b(?:règle|regle|article|exigence|rule|requirement) (?P<numbered>[A-Z]\d+)\b"
)
"""« Que veut dire SNDS ? », « la règle R9 »: letters and figures that may be no name of ours."""
_ACRONYM = re.compile(r"[A-Z]{3,8}")


def name_to_define(understood: Understanding, entities: EntityBook) -> Mention | None:
    """The first mention of the question's name; None where it has none, or several."""
    question = understood.query.text
    mentions = entities.written(question)
    if len({fold(mention.text) for mention in mentions}) != 1:
        return None
    return mentions[0] if is_to_be_defined(question, fold(mentions[0].text)) else None


def terms_to_define(question: str, entities: EntityBook) -> list[str]:
    """What is to be defined, folded: words between quotation marks, else the object of the question, and names."""
    if quoted := quoted_terms(question):
        return quoted
    asked = _object(question)
    names = [fold(mention.text) for mention in entities.find(question)]
    names = [name for name in names if is_to_be_defined(question, name)]
    return [term for term in (asked, *names) if len(term) > 1]


def quoted_terms(question: str) -> list[str]:
    """What stands between quotation marks, folded."""
    return [fold(next(part for part in match.groups() if part)) for match in _QUOTED.finditer(question)]


def unknown_acronym(question: str, entities: EntityBook) -> str:
    """The acronym, folded, that is all of what is to be defined and no name of ours: « C’est quoi l’EUCC ? »; empty where there is none."""
    term = _object(question)
    written = re.search(rf"(?<!\w){re.escape(term)}(?!\w)", question, re.IGNORECASE) if term.isalpha() else None
    return term if written and _ACRONYM.fullmatch(written[0]) and not entities.find(written[0]) else ""


def is_to_be_defined(question: str, name: str) -> bool:
    """Whether the folded name is what is to be defined, and not what that belongs to: « Delos, qu’est-ce que c’est ? »."""
    if quoted := quoted_terms(question):
        return any(_is_all_of(term, name) for term in quoted)
    folded = fold(question)
    asked = ASKS_MEANING.search(folded)
    if asked is None:
        return True
    term = _object(question)
    around = f"{folded[: asked.start()]} {folded[asked.end() :]}"
    return _is_all_of(term, name) or (bool(_NO_TERM.match(term)) and _is_all_of(around, name))


def _object(question: str) -> str:
    """What the question asks the meaning of, folded: « la composition dans SecNumCloud » is « composition »."""
    asked = ASKS_MEANING.search(fold(question))
    if asked is None:
        return ""
    if term := _TAIL.sub("", f" {asked['term'].strip()}").strip():
        return term
    before = _BEFORE.fullmatch(fold(question)[: asked.start()])
    return before["term"] if before else ""


def _is_all_of(term: str, name: str) -> bool:
    """« la loi SREN » is all of “SREN”, « le Managed Dedicated Cloud d’OVH » not of OVH."""
    rest = re.findall(r"\w+", re.sub(rf"\b{KIND}s?\b", " ", term.replace(name, " ", 1)))
    return name in term and all(len(word) < _A_WORD and not _NUMBERED.fullmatch(word) for word in rest)
