"""Whether a question takes an event or a state for granted: « pourquoi … a-t-il racheté », not « combien coûte »."""

from __future__ import annotations

import re

from trusted_cloud_chat.asked import kinds_of
from trusted_cloud_chat.schema import Query
from trusted_cloud_chat.text import fold

_DETAIL = re.compile(
    r"\bcombien\b|\bquels? (?:est|sont|montant|prix|tarif|budget|cout|chiffre|delai|age|salaire|nombre)|\bquelle part\b|"
    r"\btarifs?\b|\bprix\b|\bcout|\bnom\b|how (?:much|many|long)|what (?:is|are|was|were)\b"
)
_GRANTED = ("how", "date")
_EVENT = re.compile(
    r"\b(?:a|ont|avait|avaient|a-t|ete|s'est|se sont)\b.*\b\w+(?:e|ee|es|ees|i|ie|is|it|u|ue|us|ert)\b|"
    r"\b(?:did|was|were|has|have|had)\b|\b\w+(?:-t)?-(?:il|elle|ils|elles|on)\b|\bdepuis\b|\bsince\b"
)


def takes_for_granted(query: Query) -> bool:
    """A reason is asked, or the manner or the day of something that somebody who is named is said to have done.

    That something changed in time is no such premise.
    """
    folded = fold(query.text)
    kinds = kinds_of(folded)
    if "why" in kinds:
        return True
    if "how_changed" in kinds:
        return False
    if not query.entities or _DETAIL.search(folded):
        return False
    return any(kind in kinds for kind in _GRANTED) and bool(_EVENT.search(folded))
