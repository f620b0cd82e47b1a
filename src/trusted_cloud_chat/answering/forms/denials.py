"""A clear no in other words than a « ne … pas »: forbidden, annulled, dismissed, « sans commettre de… ».

Each is looked for about exactly what is asked, under all the names of the question; what is only asked for, feared or denied
itself decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from trusted_cloud_chat.answering.forms.polar_question import PolarQuestion
from trusted_cloud_chat.answering.names import read_names
from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.entities import with_marks
from trusted_cloud_chat.text import content_words, fold, fold_in_place

_FORBIDDEN = re.compile(
    r"\b(?:a|ont|avait|avaient|ete|has|had|was) (?:\w+ )?(?:interdit|bloque|empeche|blocked|banned|forbidden|vetoed|prevented)\w*\b|"
    r"\b(?:banned|blocked|vetoed|forbade|interdit a)\b"
)
_ABOUT_A_BAN = re.compile(r"\b(?:bans?|vetos?|interdiction|blocage|refus|contre|against)\b")
"""“Has Kyndryl gone to court against the ban on its purchase?” asks for more than whether it bought."""
_UNDERTAKEN = tuple(
    (re.compile(asked), re.compile(told))
    for asked, told in (
        (r"\brachet|\bacquis\b|\bacquisition\b|\bbuy\b|\bbought\b|\bpurchas|\bacquire|\btaken? over\b|\bowning\b",
         r"rachet|rachat|acqui|achat|purchas|\bbuy|takeover|take over"),
        (r"\bfusionn|\bmerge", r"\bfusion|\bmerg"),
        (r"\bquitt|\bmigre|\bleave\b|\bleft\b", r"quitt|migr|depart|leav"),
    )
)  # fmt: skip
"""What may be forbidden: how a question names it, and what a ban of it says."""
_REACH = 40
"""Characters from what forbids to what is forbidden, the day between them."""
_VALIDITY = re.compile(
    r"^\W*(?:le |la |les |l')?(?P<name>[\w' -]{2,50}?) (?:est|sont|reste\w*|demeure\w*)\b.* (?:en vigueur|valides?|valables?)\b"
)
_VOIDED = r"(?:annule|invalide|abroge|casse|annulled|invalidated|repealed|overturned|struck down)"
_VOID_BEFORE = re.compile(
    r"\b(?:obten\w+|apres|depuis|suite a|after|since)(?: \w+){0,3} l'(?:annulation|invalidation|abrogation) d(?:u|e la|e l'|e) ?$|"
    rf"\b(?:a|ont|avait|avaient|has|had) (?:\w+ )?{_VOIDED}e?s? (?:le |la |l'|the )?$"
)
_VOID_AFTER = re.compile(
    rf"^(?: (?:a|avait|ont|avaient) ete| est| etait| was| has been| had been|,)(?: \w+)? {_VOIDED}e?s?\b"
)
_IN_COURT = re.compile(
    r"^\W*(?:le |la |les |l')?(?P<name>[\w' .-]{2,50}?) (?:a|ont|avait)-(?:t-)?(?:il|elle|ils|elles) (?:\w+ )?"
    r"(?:obten\w+|eu|gagn\w+) (?:l'annulation|la suspension|gain de cause|(?:son|le) proces|son recours)"
)
_OF_WHOM = 50
"""Characters from an appeal to whoever lodged it, before those it was lodged against."""
_DISMISSED = re.compile(r"\b(?:rejet\w+|ecart\w+|debout\w+)\b[^.;]{0,60}\b(?:recours|demande|requete|pourvoi)\b")
_WITHOUT = re.compile(
    r"\b(?:sans|without) (?:(?:commettre|avoir commis|retenir|constater|relever|avoir|committing|finding|having) )?(?:d'|de |any |a |an |une? )?"
    r"(?P<what>[^,;.:]{3,40})"
)
_OBJECT = re.compile(
    r"\b(?:retenu|constate|releve|reconnu|commis|found|committed) (?:d'|de |une? |an? |any )?(?P<what>[^,;.:?]+?)"
    r"(?= (?:contre|a l'encontre|chez|par|de la part|dans|pour|lors|against|by|in|for)\b|\W*$)"
)
"""« A-t-elle retenu une faute lourde contre OVHcloud ? »: what a court holds or not."""
_OWN = re.compile(
    r"\b(?:a|ont|possed\w+|dispos\w+|detien\w+)(?:-(?:t-)?(?:ils?|elles?))? (?:d'|de |(?:une?|des|ses|son|sa|leurs?) )(?:propres? )?(?P<what>[^,;.:?]{3,60}?)"
    r"(?= (?:propres?|en propre|a (?:lui|elle|eux))\b|\W*$)|"
    r"\b(?:does|do|did) [^?]{2,40} (?:have|own) (?:any |an? |(?:its|their) own )?(?P<things>[^,;.:?]{3,60}?)(?=\W*$)"
)
"""« NumSpot a-t-il ses propres datacenters ? »"""
_OWN_NONE = re.compile(
    r"\bn(?:e |')(?:a|ont|possed\w+|dispos\w+|detien\w+) (?:\w+ )?(?:pas|plus|aucune?)(?: encore| en propre)? (?:d'|de )?(?P<what>[^,;.:]{3,60})|"
    r"\b(?:sans|without)(?: any| an?)? (?P<lacked>[^,;.:]{3,60})|\b(?:do(?:es)? not (?:\w+ )?(?:have|own)|has no|have no)(?: any| an?)? (?P<none>[^,;.:]{3,60})"
)
_GOES_ON = frozenset("en a au dans pour sur chez selon in of for at".split())
"""« Sans clients publics » is not without any."""
_DATA_CENTRE = re.compile(r"\bdata[ -]?cent(?:er|re)s?\b")
_OWNED = re.compile(r"\b(?:appartien(?:t|nent)|detenue?s?|filiale|owned|belongs?|subsidiary)\b")
_OWNS = re.compile(r"\b(?:detien(?:t|nent)|propri\w+|possed(?:e|ent)|actionnaire|owns?|owner)\b")
"""Of which the first in a question is the owner."""
_OF_TWO = re.compile(
    r"^\W*(?:est-ce qu(?:e |')|is it true that |(?:does|do|is|are) )?(?:le |la |l'|the )?@[,\s]*"
    r"(?:(?:-?(?:t-)?(?:il|elle)|est|sont|is|are|appartien(?:t|nent)|a|au|detenue?s?|par|une?|la|le|filiale|de|du|possede|detient|proprietaire|actionnaire|"
    r"majoritaire|own|owns|owned|by|belongs?|to|subsidiary|of|the|an?|part|capital|share|stake|slice|piece|any|encore|toujours|still|partie|partly|en)\b[\s,'-]*|d')+@\W*$"
)
"""Nothing else is asked: « La technologie de Bleu appartient-elle à Microsoft ? » is of something else."""
WHOLLY = r"(?:en totalite|a 100 ?%|entierement|integralement|totalement)"
_OWNED_WHOLLY = re.compile(
    rf"\b(?:appartient|detenue?|possedee?) {WHOLLY} (?:a|par) (?P<by>[^.;:,]+)|"
    r"(?P<of>[^.;:,]+?) (?:own|owns|hold|holds) 100 ?% of "
)
_ITSELF = re.compile(r"[\s,]*(?:est |is |qui est |the |le |la |l')?")
_OF_IT = re.compile(r"(?:\bde |\bdu |\bd'|\bof )$")
"""« La filiale de S3NS est détenue… » tells nothing of S3NS."""
_PAIR = 2
"""The owner and what is owned."""
_HELD_BACK = re.compile(
    r"\b(?:pas|jamais|not|never|pourrai\w*|serai\w*|aurai\w*|risque\w*|menac\w*|demand\w*|reclam\w*|veut|veulent|voul\w*|souhait\w*|propos\w*|"
    r"envisag\w*|might|could|would|may|wants?|seeks?|asked|threat\w*|si|if)\b"
)
"""Around it: nothing is decided."""


def may_be_denied(asked: PolarQuestion) -> bool:
    """Whether the question is of a kind that is denied in these words, so that more than the best sentences are worth looking at."""
    questions = (_VALIDITY, _IN_COURT, _OBJECT, _OWN, _OWNED, _OWNS, *(names for names, _ in _UNDERTAKEN))
    return any(question.search(asked.folded) for question in questions)


def denies_in_other_words(asked: PolarQuestion, choice: Selected) -> bool:
    """Whether the sentence clearly denies what is asked in one of these ways."""
    said = fold_in_place(choice.text)
    if _owned_by_others(asked, choice.text, said):
        return True
    denials = (
        *_forbidden(asked.folded, said),
        *_voided(asked, choice.text, said),
        *_dismissed(asked.folded, said),
        *_without(asked.folded, said),
        *(denial for denial in _own_none(asked.folded, said) if _of_the_asked(asked, choice.text[: denial[0]])),
    )
    return any(not _held_back(said, *denial) for denial in denials) and asked.names_all_around(choice)


def _held_back(said: str, start: int, end: int) -> bool:
    """Whether it is only feared or asked for, in what is found at `said[start:end]` or before it in its clause."""
    clause = said[:start].rpartition(", ")[2]
    return bool(_HELD_BACK.search(clause) or _HELD_BACK.search(said[start:end]))


def _forbidden(asked: str, said: str) -> Iterator[tuple[int, int]]:
    """« … a totalement interdit, à la fin de mai 2026, le rachat de Solvinity » for « … a-t-il racheté Solvinity ? »."""
    told = [told for names, told in _UNDERTAKEN if names.search(asked)]
    if _FORBIDDEN.search(asked) or _ABOUT_A_BAN.search(asked):
        return
    for ban in _FORBIDDEN.finditer(said):
        near = said[ban.end() : ban.end() + _REACH]
        if any(pattern.search(near) for pattern in told):
            yield ban.span()


def _voided(asked: PolarQuestion, text: str, said: str) -> Iterator[tuple[int, int]]:
    """« Après l’annulation du Safe Harbor en 2015 » for « Le Safe Harbor est-il encore en vigueur ? »."""
    question = _VALIDITY.search(asked.folded)
    if question is None or not asked.reading.names.keys:
        return
    entities, name = asked.reading.entities, question["name"]
    same = {m.entity.name for m in entities.find(asked.reading.text) if fold(m.text) == name}
    named = [(m.start, m.end) for m in entities.find(text) if m.entity.name in same]
    named += [found.span() for found in re.finditer(rf"\b{re.escape(name)}\b", said)]
    for start, end in named:
        if before := _VOID_BEFORE.search(said[:start]):
            yield before.start(), end
        if after := _VOID_AFTER.match(said[end:]):
            yield start, end + after.end()


def _dismissed(asked: str, said: str) -> Iterator[tuple[int, int]]:
    """« A rejeté au fond un recours que Clever Cloud avait formé » for « … a-t-il obtenu gain de cause ? »."""
    question = _IN_COURT.search(asked)
    if question is None:
        return
    for found in _DISMISSED.finditer(said):
        lodged = said[found.end() : found.end() + _OF_WHOM].partition(" contre ")[0]
        if re.search(rf"\b{re.escape(question['name'].split()[-1])}\b", lodged):
            yield found.span()


def _without(asked: str, said: str) -> Iterator[tuple[int, int]]:
    """« Mais sans commettre de faute lourde » for « … a-t-elle retenu une faute lourde ? »."""
    wanted = _OBJECT.search(asked)
    if wanted is None:
        return
    for found in _WITHOUT.finditer(said):
        if fold(found["what"]).startswith(fold(wanted["what"])) and content_words(wanted["what"]):
            yield found.span()


def _owned_by_others(asked: PolarQuestion, text: str, said: str) -> bool:
    """« Bleu, détenu à 100 % par Capgemini et Orange » for « Bleu appartient-il à Microsoft ? »."""
    owned = _OWNED.search(asked.folded)
    told = _OWNED_WHOLLY.search(said) if owned or _OWNS.search(asked.folded) else None
    entities, question = asked.reading.entities, asked.reading.text
    mentions = entities.find(question)
    if told is None or len(mentions) != _PAIR or not _OF_TWO.match(fold(with_marks(question, mentions))):
        return False
    names = [mention.entity.name for mention in mentions]
    one, supposed = names if owned else reversed(names)
    of = entities.actors(text[: told.start()] if told["by"] else text[told.end() :])
    start, end = told.span("by" if told["by"] else "of")
    if not of or entities.named(text[start:end], {supposed}) or not read_names(text[start:end], entities).keys:
        return False
    it = of[-1 if told["by"] else 0]
    between = said[it.end : told.start()] if told["by"] else said[told.end() : told.end() + it.start]
    itself = _ITSELF.fullmatch(between) and not (told["by"] and _OF_IT.search(said[: it.start]))
    return it.entity.name == one and bool(itself)


def _own_none(asked: str, said: str) -> Iterator[tuple[int, int]]:
    """« … qui ne possède aucun centre de données » for « … a-t-il ses propres datacenters ? »."""
    wanted = _OWN.search(asked)
    things = _things(wanted["what"] or wanted["things"]) if wanted else []
    if not things:
        return
    for found in _OWN_NONE.finditer(said):
        lacked = _things(found[found.lastgroup or 0])
        more = lacked[len(things) : len(things) + 1]
        if lacked[: len(things)] == things and set(more) <= _GOES_ON and said[: found.start()].strip():
            yield found.start(), found.start()  # its own « pas » holds nothing back


def _of_the_asked(asked: PolarQuestion, before: str) -> bool:
    """Whether the actor named first or last before a denial, its subject, is one that is asked about, or none is named."""
    entities = asked.reading.entities
    named, wanted = entities.actors(before), {m.entity for m in entities.find(asked.reading.text)}
    return not named or bool({named[0].entity, named[-1].entity} & wanted)


def _things(words: str) -> list[str]:
    """In the singular; a data centre under one name."""
    return [word.rstrip("s") for word in _DATA_CENTRE.sub("centre de donnees", words).split()]
