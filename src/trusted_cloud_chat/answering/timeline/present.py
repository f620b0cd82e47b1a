"""Whether a question asks how things stand now, what says so no longer, and what says it of another time or of a part."""

from __future__ import annotations

import re

from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.answering.timeline.moments import told_of
from trusted_cloud_chat.text import fold
from trusted_cloud_chat.understanding import Understanding

_STATE = re.compile(
    r"\b\w+-(?:t-)?(?:il|elle|ils|elles|on)\b|\bdeja\b|\btoujours\b|\bencore\b|\benfin\b|\best-ce qu|\byet\b|\bstill\b|"
    r"^\W*(?:is|are|has|have|does|do)\b|^(?:le |la |les |l')?[\w ]+ (?:est|sont) (?:\w+ )?qualifi"
)
_PAST = re.compile(r"\ba(?:-t)?-|\bont-|\bete\b|\bfut\b|\bdepuis\b|\bdid\b|\bwas\b|\bsince\b")
_BACK_THEN = re.compile(
    r"\b(?:a l'origine|initialement|a l'epoque|originally|initially|at first|back then)\b|\b(?:a|ont|avait|etait|\w+ai(?:t|ent))\b.*\bau (?:depart|debut)\b|"
    r"\b(?!\w*rai(?:t|ent)-|(?:fait|sait|connait|parait|plait)-)\w+ai(?:t|ent)-(?:ils?|elles?|on)\b"
)
"""« Combien réclamait-il au départ ? », in the imperfect, asks for no newer figure; « Combien fait-il ? » does."""
CANDIDACY = re.compile(
    r"\bcandidat|\ben cours\b|\bbrigu|\bvise\w*\b|\bdepose\w* .{0,20}\b(?:dossier|candidature)\b|\bprocessus de qualif|\bin the process\b|\bpursu|\bseek|\bappl(?:y|ied|ying)\b|\bon (?:its|the) way\b"
)
"""« Scaleway est-il candidat à SecNumCloud ? »: « pas encore qualifié » is no « pas encore »."""
_NOT_YET = re.compile(
    r"\bn'(?:est|a|ont|etait|avait)\b[^.;]{0,20}\bencore\b|\b(?:pas|not|toujours pas) (?:encore|yet)\b|\byet to\b|\btoujours en cours\b|\bstill (?:pending|under way)\b|"
    r"\bn'(?:est|a|avait|ont) (?:\w+ )?(?:pas|jamais) (?:\w+ )?(?:revele|divulgue|communique|precise|publie)|\b(?:not|never)(?: been)? disclosed\b|\bundisclosed\b"
)


_NOT_ALL = re.compile(
    r"\bne (?:l'|le )(?:est|sont|etait|etaient)\b|\bn'(?:est|sont|etait|etaient) pas\b|\b(?:is|are|was|were) not\b"
)


def asks_state(understood: Understanding) -> bool:
    """Whether the question asks how things stand now."""
    query, folded = understood.query, fold(understood.query.text)
    if query.kind == "date":
        return not _PAST.search(folded)
    if query.kind in ("yes_no", "fact", "where", "who"):
        return bool(_STATE.search(folded))
    return query.kind == "how_changed" or (query.kind == "number" and not query.dates and not _BACK_THEN.search(folded))


def leaves_open(text: str) -> bool:
    """Whether it says that something is not yet so, or not told."""
    return bool(_NOT_YET.search(fold(text)))


def denied_in_part(text: str) -> bool:
    """« Qualifié pour l’un, mais ne l’est pas pour l’autre »."""
    return bool(_NOT_ALL.search(fold(text)))


def told_too_late(understood: Understanding, choice: Selected) -> bool:
    """Whether the sentence tells of a day after the time asked about: of December 2025 where that is « à l’été 2025 »."""
    told = told_of(choice.text, choice.passage.article.date)
    closes = [period.closes for period in understood.periods if period.closes]
    return told is not None and any(told.first_day > last for last in closes)
