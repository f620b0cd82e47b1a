"""A definition: the sentence that says « X est… », « X désigne… » or « X, qualification créée par… » comes first."""

from __future__ import annotations

import re
from collections.abc import Sequence

from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.text import fold
from trusted_cloud_chat.understanding import Understanding

_QUOTED = re.compile(r"«\s*([^»]+?)\s*»|“([^”]+)”|\"([^\"]+)\"")
_ASKED = re.compile(
    r"(?:qu'est[- ]ce que?(?: c'est que)?|\bc(?:'est)? (?:quoi|koi)(?: au juste)?|que (?:signifie|veut dire)|qu'appelle[- ]t[- ]on|"
    r"what (?:is|are|does)|definition d[eu'])\s*(?:l'|le |la |les |un |une |the |an? )?(?P<term>[^?,;:]+)"
)
_TAIL = re.compile(
    r"\s+(?:svp|s'il vous plait|mean|stand for|au juste|exactement|exactly|au sens .*|dans .*|d'apres .*|selon .*)$"
)
_DEFINES = (
    r"[^.;:,]{0,40}?\b(?:(?<! en )est (?:une? |le |la |l'|ce )|designe|signifie|correspond a|consiste a|regroupe|definit|"
    r"is (?:an? |the )|means|refers to|stands for)"
)
_KIND = (
    r"(?:qualification|certification|schema|referentiel|loi|reglement|directive|circulaire|label|programme|projet|cadre|offre|"
    r"coentreprise|co-entreprise|societe|entreprise|filiale|plateforme|norme|principe|regle|agence|service|hebergeur|fournisseur|editeur|"
    r"operateur|groupement|entrepot|scheme|law|regulation|joint venture|company|provider|agency|subsidiary|venture)"
)
_APPOSITION = rf"(?:, (?:(?:le |la |l'|les |une? |the |an? )[a-z]|{_KIND}\b)| \((?!\d)[a-z]\w+ [^)]{{4,}}\))"


_SURE = (
    rf"(?:[^.;:,]{{0,20}}?\b(?:est|is) (?:une? |le |la |l'|an? |the )(?:[\w'-]+ ){{0,2}}?{_KIND}\b|[^.;:,]{{0,10}}? (?:designe|signifie|stands for)\b|"
    rf", (?:le |la |l'|les |une? |the |an? )?(?:[\w'-]+ ){{0,2}}?{_KIND}\b)"
)


def sure_definition(understood: Understanding, ranked: Sequence[Selected], entities: EntityBook) -> Selected | None:
    """The best sentence of `ranked` that says what kind of thing a known name is, or what its letters stand for."""
    names = list(dict.fromkeys(fold(m.text) for m in entities.find(understood.query.text) if not m.corrected))
    if len(names) != 1:
        return None
    name = names[0]
    says = re.compile(rf"(?<!\w){re.escape(name)}{_SURE}")
    for choice in ranked:
        folded = fold(choice.text)
        if says.search(folded) or _spells_out(name, folded):
            return choice
    return None


def _spells_out(acronym: str, folded: str) -> bool:
    """Whether « Cloud and AI Development Act (CADA) » stands in the text: the words' initials hold the letters, in order."""
    if not re.fullmatch(r"[a-z]{3,6}", acronym):
        return False
    for match in re.finditer(rf"((?:[\w'-]+ ){{2,8}})\({acronym}\)", folded):
        letters = iter("".join(word[0] for word in re.findall(r"\w+", match[1])))
        if all(letter in letters for letter in acronym[1:-1]):
            return True
    return False


def definition_first(understood: Understanding, near: Sequence[Selected], entities: EntityBook) -> Selected | None:
    """The best sentence of `near` that defines what is asked about; None where none does."""
    terms = [re.escape(term) for term in _terms(understood.query.text, entities)]
    patterns = [re.compile(rf"(?<!\w){term}(?:{_DEFINES}|{_APPOSITION})|\w [^.;:(]{{10,}}\({term}\)") for term in terms]
    return next((choice for choice in near if any(pattern.search(fold(choice.text)) for pattern in patterns)), None)


def _terms(question: str, entities: EntityBook) -> list[str]:
    """What is to be defined, folded: words between quotation marks, else the object of the question, and names."""
    quoted = [next(part for part in match.groups() if part) for match in _QUOTED.finditer(question)]
    if quoted:
        return [fold(term) for term in quoted]
    asked = _ASKED.search(fold(question))
    object_of = [_TAIL.sub("", asked["term"].strip())] if asked else []
    return [term for term in (*object_of, *(fold(m.text) for m in entities.find(question))) if len(term) > 1]
