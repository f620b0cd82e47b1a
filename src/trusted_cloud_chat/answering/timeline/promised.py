"""Whether promises are asked for, and who makes one: « Quelles échéances Bleu a-t-il manquées ? »."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Literal

from trusted_cloud_chat.answering.timeline.promises import PROMISES, Due
from trusted_cloud_chat.entities import EntityBook, without_mentions
from trusted_cloud_chat.text import fold, fold_in_place

_ASKED = re.compile(
    r"\bpromesses?\b|\bpromi(?:s|se|ses)\b|\bpromet\w*|\bengagements?\b|\bechean\w+|\bcalendriers?\b|\bdelais\b|\bretards?\b|"
    r"\bpromise[sd]?\b|\bdeadlines?\b|\bpledge[sd]?\b|\bcommitments?\b|\bschedule\b|\bdelays?\b"
)
_SLIPPED = re.compile(
    r"\bt(?:ien\w+|enue?s?|enir)\b|\bmanque\w*|\bgliss\w+|\brespecte\w*|\bpassee?s?\b|\brepousse\w*|\brate\w*|\bretards?\b|\bdepassee?s?\b|"
    r"\bke(?:ep|pt)\b|\bslip\w*|\bmiss\w*|\bbr(?:oke\w*|eak)\b|\bmeet\b|\bmet\b|\bdelays?\b|\bpassed\b"
)
_ANOTHER = re.compile(r"\b(?:que |qu'|whom |that |(?:l'une?|une? autre|une?) des |one of )")
_ITS_OWN = re.compile(
    r"\b(?:espere|esperait|prevoit|prevoyait|promet|promettait|annonce|annoncait|assure|assurait|hopes|hoped|promises|promised|expects|expected) "
    r"(?:que |qu'|that )(?=(?:il|elle|ils|elles|son|sa|ses|leurs?|it|its|their|they)\b)"
)
"""« Delos espère que son cloud sera réceptionné »: it is the same that promises."""
_REPORTS = re.compile(r"\b(?:selon|d'apres|dont|according to|whose)\s*(?:l[ae]s? |l')?$")
_KEPT = re.compile(r"\bt(?:ien\w+|enue?s?|enir)\b|\brespecte\w*|\bke(?:ep|pt)\b|\bmeet\b|\bmet\b")
_OPENS = re.compile(r"^\W*(?:quels?|quelles?|qui|comment|which|what|who|how)\b")
_NEGATED = re.compile(r"\b(?:pas|jamais|non|not|never)\b|n't\b")
_DELAY = re.compile(r"\bretards?\b|\bdelay")
_COMING = re.compile(r"\bprochaine?s?\b|\ba venir\b|\bnext\b|\bupcoming\b|\bcoming\b")
FRAME = frozenset(
    "a about and article articles au aujourd aux avec bien ca can ce cette chez comment concernant d dans de depuis dernier derniere dernieres derniers des "
    "do does dossier du en est et etat fais faire faisons faites happening hui i in info infos informations is it jour l la le les "
    "maintenant me moi mon n nous now of on ou peut peux plait pour pouvez projet propos qu que quel quelle quelles quels quoi s "
    "situation si sont sur svp the there to today tout toute toutes tu un une up us v vas vous we what where who whole with y you".split()
)
"""Words that ask for nothing in particular."""
_AT_FIRST = re.compile(
    r"(?=.*\b(?:quand|when|dates?|echeances?|annee|year)\b).*(?:\b(?:dev(?:ait|aient)|(?:etait|etaient|avait|avaient|was|were|had)\b.*\b(?:promi|prev|attendu|annonc|esper|vise|supposed|meant|due|planned|expected)).*"
    r"\b(?:au depart|a l'origine|initialement|au debut(?! d[eu'])|tout d'abord|originally|initially|at first|in the first place)\b|"
    r"\b(?:originally|initially) (?:due|planned|promised|expected|supposed|announced)\b)"
)
"""« Quand S3NS devait-il être qualifié à l’origine ? »: the dates announced since, in their order, tell the first."""
_FRAME = FRAME | frozenset(
    "ai aient ait annonce annoncee annoncees annoncer annonces annoncaient annoncait as by did date dates ete had has have its leur leurs "
    "attendue attendues coming elle elles il ils liste next prochain prochaine prochaines prochains qui upcoming venir been be encore toujours still yet will are reste restent who made make ne not on ont par pas prise prises pris non sa ses set son t te their were was which".split()
)


def asked_promises(question: str, entities: EntityBook) -> Literal["promises", "slipped", "coming"] | None:
    """Whether all that is asked is what one actor promised; by whomever `coming`, what is still to come, and `slipped`, what was
    not kept.

    « Quelles promesses Bleu n’a-t-il pas tenues ? », « Which deadlines were missed? ».
    """
    mentions = entities.find(question)
    if _AT_FIRST.search(fold(question)) and len({m.entity.name for m in mentions if m.entity.kind == "actor"}) == 1:
        return "promises"
    if any(mention.entity.kind != "actor" for mention in mentions) or len({m.entity.name for m in mentions}) > 1:
        return None
    rest = fold(without_mentions(question, mentions))
    if _KEPT.search(rest) and _OPENS.search(rest) and not _NEGATED.search(rest):
        return None  # « quels engagements a-t-il tenus ? »
    beside = _ASKED.sub(" ", _SLIPPED.sub(" ", rest))
    if not _ASKED.search(rest) or not set(re.findall(r"\w+", beside)) <= _FRAME:
        return None
    if _SLIPPED.search(rest):
        return "slipped"
    if _COMING.search(rest):
        return "coming"
    return "promises" if mentions else None


def asks_for_delays(question: str) -> bool:
    """Whether it asks for delays as such, which « six mois de retard » answers without any date announced."""
    return bool(_DELAY.search(fold(question)))


def promised_by(text: str, due: Due, names: Collection[str], entities: EntityBook) -> bool:
    """Whether the actor or authority named last before the word that promises `due` is one of `names`, folded; any actor without them.

    « NumSpot, que le rapporteur doit entendre » and « Outscale, l’un des hébergeurs attendus » promise nothing of either.
    """
    folded = fold_in_place(text)
    words = list(PROMISES.finditer(folded))
    word = next((w for w in reversed(words) if w.start() < due.start), words[0] if words else None)
    named = [m for m in entities.find(text) if m.entity.kind in ("actor", "authority")]
    before = [mention for mention in named if word is not None and mention.end <= word.start()]
    if word is None or not before or before[-1].entity.kind != "actor":
        return False
    last = before[-1]
    if (names and fold(last.entity.name) not in names) or _REPORTS.search(folded[: last.start]):
        return False
    return not _ANOTHER.search(_ITS_OWN.sub(" ", folded[last.end : word.start()]))
