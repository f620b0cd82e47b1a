"""A definition: the sentence that says « X est… », « X désigne… » or « X, qualification créée par… » comes first."""

from __future__ import annotations

import re
from collections.abc import Sequence

from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.schema import Language
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
_BODY = (
    r"programme|projet|offre|coentreprise|co-entreprise|societe|entreprise|filiale|plateforme|agence|service|hebergeur|fournisseur|editeur|"
    r"operateur|groupement|entrepot|joint venture|company|provider|agency|subsidiary|venture"
)
_KIND = (
    r"(?:qualification|certification|schema|referentiel|loi|reglement|directive|circulaire|label|cadre|norme|principe|regle|scheme|law|"
    rf"regulation|{_BODY})"
)
_ARTICLES = {"fr": r"(?:le |la |l'|les |une? )", "en": r"(?:the |an? )"}
"""« d'Outscale, a pris part » has no English article."""
_WORDS = r"(?:(?!aucune?\b|no\b)[\w'-]+ ){0,2}?"
_IN_A_ROW = r"(?<!\bet )(?<!\bou )(?<!, )(?<!\bcomme )(?<!\bdevant )(?<!\band )"
"""« comme OVHcloud et Outscale, l'un des 22 membres » defines neither."""
_OPENING = 4
"""Characters, an article, before a name that opens its sentence."""


def _apposition(language: Language) -> str:
    return rf"(?:, (?:{_ARTICLES[language]}[a-z]|{_KIND}\b)| \((?!\d)[a-z]\w+ [^)]{{4,}}\))"


def _sure(kind: str, language: Language) -> str:
    """What comes after a name that is defined; `kind` is a pattern of what it may be."""
    article = _ARTICLES[language]
    return (
        rf"(?:[^.;:,]{{0,20}}?\b(?:est|is) {article}{_WORDS}{kind}\b|"
        rf"[^.;:,]{{0,10}}? (?:designe|signifie|stands for)\b|, {article}?{_WORDS}{kind}\b)"
    )


def sure_definition(understood: Understanding, ranked: Sequence[Selected], entities: EntityBook) -> Selected | None:
    """The best sentence of `ranked` that says what kind of thing a known name is, else one that spells out its letters.

    Of the latter one that begins with the name tells more of it than « Google demande que le … (CADA) reste ouvert ».
    An actor is no law: « chez Outscale, la qualification est espérée » defines nothing.
    """
    mentions = entities.written(understood.query.text)
    names = list(dict.fromkeys(fold(m.text) for m in mentions))
    if len(names) != 1:
        return None
    name = names[0]
    kind = f"(?:{_BODY})" if mentions[0].entity.kind == "actor" else _KIND
    spelt: list[tuple[bool, Selected]] = []
    for choice in ranked:
        folded = fold(choice.text)
        says = rf"(?<!\w){re.escape(name)}{_sure(kind, choice.passage.article.language)}"
        if re.search(says, folded):
            return choice
        if (start := _spelt_out(name, folded)) is not None:
            spelt.append((start > _OPENING, choice))
    return min(spelt, key=lambda found: found[0], default=(True, None))[1]


def _spelt_out(acronym: str, folded: str) -> int | None:
    """Where « Cloud and AI Development Act (CADA) » begins in the text: the words' initials hold the letters, in order."""
    if not re.fullmatch(r"[a-z]{3,6}", acronym):
        return None
    for match in re.finditer(rf"((?:[\w'-]+ ){{2,8}})\({acronym}\)", folded):
        letters = iter("".join(word[0] for word in re.findall(r"\w+", match[1])))
        if all(letter in letters for letter in acronym[1:-1]):
            return match.start()
    return None


def definition_first(understood: Understanding, near: Sequence[Selected], entities: EntityBook) -> Selected | None:
    """The best sentence of `near` that defines what is asked about; None where none does."""
    terms = "|".join(re.escape(term) for term in _terms(understood.query.text, entities))
    return next((choice for choice in near if terms and _defines(choice, terms)), None)


def _defines(choice: Selected, terms: str) -> bool:
    apposition = _apposition(choice.passage.article.language)
    pattern = (
        rf"(?<!\w)(?:{terms}){_DEFINES}|(?<!\w){_IN_A_ROW}(?:{terms}){apposition}|\w [^.;:(]{{10,}}\((?:{terms})\)"
    )
    return bool(re.search(pattern, fold(choice.text)))


def _terms(question: str, entities: EntityBook) -> list[str]:
    """What is to be defined, folded: words between quotation marks, else the object of the question, and names."""
    quoted = [next(part for part in match.groups() if part) for match in _QUOTED.finditer(question)]
    if quoted:
        return [fold(term) for term in quoted]
    asked = _ASKED.search(fold(question))
    object_of = [_TAIL.sub("", asked["term"].strip())] if asked else []
    return [term for term in (*object_of, *(fold(m.text) for m in entities.find(question))) if len(term) > 1]
