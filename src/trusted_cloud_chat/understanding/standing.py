"""Whether a follow-up stands alone whatever came before: « c’est quoi le J2 ? »."""

from __future__ import annotations

import re

from trusted_cloud_chat.text import fold_in_place

WHAT_IS_AN_ACRONYM = re.compile(
    r"\W*(?:[Ee]t |[Aa]nd )?(?:[Qq]u[’']est-ce qu(?:e |[’'])|[Cc][’']est quoi |[Ww]hat is |[Ww]hat[’']s )(?:l[’']|la |le |un |une |an? )?"
    r"(?!(?:PDG|DG|CEO|CTO|CA|DSI|RSSI|SLA)\b)\w*[A-Z]\w*[A-Z]\w*"
)
"""A word that is asked for by itself, where no list has it: « C’est quoi l’IaaS ? »."""
_ARTICLE = r"(?i:l'|la |le |les |the |un |une |an? )?"
_NAME = r"(?=[\w-]*[A-Z\d])(?=[\w-]*[A-Za-z])[\w-]+\+?"
"""« J2 », « IaaS », « Delos »; a version, « 3.2 », is one of something that is not said."""
_MORE = r"(?: (?:[A-Z\d][\w.-]*|of|the|de|du|des|la))*"
_WHAT_IS = re.compile(
    rf"\W*(?i:et |and |mais |but )?(?i:c'(?:est|etait) quoi|qu'est-ce qu(?:e |')|what is|what's|what are) ?{_ARTICLE}{_NAME}{_MORE}\W*"
)
_WHAT_IS_A = re.compile(
    r"\W*(?:et |and )?(?:c'est quoi une?|qu'est-ce (?:que c'est )?qu'une?|what is an?|what's an?) [\w-]+\W*"
)
_SAID_FIRST = re.compile(
    rf"\W*(?i:et |and )?{_ARTICLE}(?P<name>[\w.-]+\+?){_MORE} ?,? (?i:c'(?:est|etait) (?:quoi|qui)|qu'est-ce que c'est|what is (?:it|that)|what's that)\W*"
)
_OF_SOMEBODY = r"(?:PDG|DG|CEO|CFO|COO|CTO|VP|CA|DSI|RSSI|SLA|SOC|CCTP)"
_THEIRS = (
    r"(?:clients?|customers?|services?|offres?|serveurs?|servers?|salaries?|employes?|employees|postes?|agents?|actionnaires?|"
    r"shareholders?|sites?|personnes|people|datacenters?)"
)
_LINK = r"(?:est|sont|etait|etaient|sera|is|are|was|were|the|le|la|les|un|une)"
_PREPOSITION = r"(?:de|du|des|d|a|au|aux|en|dans|par|pour|sur|sous|chez|avec|sans|et|ou|depuis|vers|of|in|on|at|for|by|with|and|or|from)"
_NO_VERB = r"(?:pas|non|not|plus|encore|alors|\w+(?:er|ir))"
_VERB = rf"(?:n'|ne )?(?!{_PREPOSITION}\b|{_NO_VERB}\b)\w{{2,}}(?: \w+(?:e|i|u|ed))?"
_ASKS_OF_A_NAME = re.compile(
    rf"\W*(?i:et |and |mais |but )?(?i:combien d(?:e |')|how (?:many|much) |what |which )(?!{_LINK}\b)[\w-]+ (?!{_LINK}\b){_VERB} "
    r"(?i:la |le |les |l'|the )(?:[A-Z](?=\w*[a-z])[\w-]+|[A-Z]{3,}\w*).*"
)
_COUNTS = re.compile(
    rf"\W*(?:et |and |mais |but )?(?:combien d(?:e |')|how many )(?!{_THEIRS}\b|{_LINK}\b)[\w-]+ {_VERB} (?:une? |an? )\w.*"
)
"""« Combien de ministères ont un plan de réduction ? »; of folded text. Clients and posts are somebody’s."""


def first_alone(question: str) -> str:
    """Without a question that stands behind it."""
    first = re.match(r".*?\?(?= .*\?$)", question)
    return first.group() if first else question


def asks_what_it_is(asked: str, named: bool) -> bool:
    """« c’est quoi le J2 ? », « qu’est-ce qu’un OIV ? », « Delos, c’est quoi ? ».

    `named`: whether it has a name that is known, which may be written without a capital. « c’est quoi le CA ? » is somebody’s.
    """
    plain = _without_accents(asked)
    if re.search(rf"\b{_OF_SOMEBODY}\b", plain):
        return False
    if _WHAT_IS.fullmatch(plain) or _WHAT_IS_A.fullmatch(plain.lower()):
        return True
    first = _SAID_FIRST.fullmatch(plain)
    return first is not None and (named or re.fullmatch(_NAME, first["name"]) is not None)


def is_sentence(asked: str) -> bool:
    """Whether it has a verb and a name or a noun of its own: « Combien d’amende prévoit le Cybersecurity Act ? »."""
    plain = _without_accents(asked)
    if re.search(rf"\b{_OF_SOMEBODY}\b", plain):
        return False
    return bool(_ASKS_OF_A_NAME.fullmatch(plain) or _COUNTS.fullmatch(plain.lower()))


def _without_accents(asked: str) -> str:
    """Folded, in the case that it is written in."""
    return "".join(f.upper() if a.isupper() else f for a, f in zip(asked, fold_in_place(asked), strict=True))
