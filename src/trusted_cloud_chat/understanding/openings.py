"""How a follow-up begins: « et », « non, je parlais de », « ok merci, », « pourquoi »."""

from __future__ import annotations

import re

from trusted_cloud_chat.text import fold_in_place

_JOINING = r"et|mais|alors|ok|and|but"
_LEAD = re.compile(rf"^\W*(?:(?:{_JOINING}|sinon|d'accord|what about|how about|pour|for)\b[\s,]*)+")
_AND = re.compile(rf"^\W*(?:(?:{_JOINING}|so)\b[\s,]*)*(?:c'etait |c'est )?")
_COURTESY = re.compile(
    r"\W*(?:(?:ok|okay|d'accord|super|parfait|tres bien|great|perfect)\b(?:[\s,.!;]+(?=merci|thank)|\s*[,.!;]+\s*))?"
    r"(?:(?:merci|thanks|thank you)(?: beaucoup| bien| a lot| very much| so much)?\b[\s,.!;:]+(?!(?:de|d'|pour|for|to)\b))?(?=\w)(?!(?:merci|thank)[^?]*$)"
)
AGREEMENT = re.compile(r"^\W*(?:oui|yes|ok|okay|d'accord|vas-y|go on|please do|volontiers|bien sur|sure)\b[\s,]*(?:s'il (?:te|vous) "
                        r"plait|svp|stp|merci|please)?\W*$")  # fmt: skip
ELLIPTIC = re.compile(
    r"^\W*(et|mais|oui|non|pardon|sorry|ok|d'accord|alors|sinon|pourquoi|comment|quand|combien|lesquels|laquelle|lequel|and|but|"
    r"yes|no|why|when|how|what about|since when|depuis quand|par qui|a quel prix|ou ca|which ones?|c'est quand)\b"
)
CONNECTED = re.compile(r"^\W*(?:et|mais|alors|non|oui|pardon|and|but|no|yes|sorry)\b")
CORRECTION = re.compile(
    r"^\W*(?:non|no|nan|pardon|sorry)\b[\s,]*(?:pas \w+[\s,]*|not \w+[\s,]*)?(?:(?:je|j'|i|on)\s*)?(?:parl\w+|pens\w+|"
    r"voulais dire|veux dire|demand\w+|meant|mean|was (?:talking|asking)|am (?:talking|asking))?\s*(?:de |d'|a |about |plutot )?"
)
ASPECT = re.compile(
    r"\W*(?:et |and |mais )?(?:pour l|concernant|quant a|cote|niveau|au niveau|what about the|how about the)"
)
"""« et pour le prix ? »: something else is asked of the same subject."""

_FOR_WHAT_CAUSE = re.compile(
    r"\W*(?:et |mais )?(?:(?:c'(?:est|etait)|ce serait) )?(?:(?:du|lie) a quoi|a cause de quoi|en raison de quoi|pour quelles? raisons?|pour quel motif)(?: (?:ca|cela|alors))?\W*|"
    r"\W*(?:et |mais )?(?:quelle (?:est|etait|en (?:est|etait)) )?la (?:cause|raison)\W*|\W*(?:and )?(?:because of what|for what reason|what (?:caused|explains) (?:it|that|this)|how come)\W*"
)


def without_lead(said: str) -> str:
    """Without « et », « mais », « pour »."""
    lead = _LEAD.match(fold_in_place(said))
    return said[lead.end() :] if lead else said


def without_and(said: str) -> str:
    """Without « et », « mais », « c’était »: what is left may begin with « pour quel montant »."""
    lead = _AND.match(fold_in_place(said))
    return said[lead.end() :] if lead else said


def without_courtesy(asked: str) -> str:
    """« ok merci, et NumSpot ? » → « et NumSpot ? »; as it is where no more follows."""
    thanks = _COURTESY.match(fold_in_place(asked))
    return asked[thanks.end() :] if thanks and thanks.group().strip() else asked


def as_why(asked: str) -> str:
    """« C’était dû à quoi ? », « la cause ? », “what caused it?” → « pourquoi ? », “why?”; anything else as it is."""
    folded = fold_in_place(asked)
    if _FOR_WHAT_CAUSE.fullmatch(folded) is None:
        return asked
    return "why?" if re.search(r"\b(?:what|how)\b", folded) else "pourquoi ?"
