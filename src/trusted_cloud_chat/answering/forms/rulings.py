"""A yes or a no told by the words for what is allowed, enough, required or there at all, whatever else the question says.

« On peut mettre du secret défense chez un hébergeur SecNumCloud ? » – « SecNumCloud ne permet pas d’héberger des informations
classifiées » shares hardly a word with its answer (`yes_no.py` decides by the question's own words). The reader says that it is the
answer; here its words for allowing say which. A wrong « Oui » is worse than none: they decide only where all of them point one way and
nothing beside them may turn, narrow or date what they say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from trusted_cloud_chat.answering.evidence import Reading
from trusted_cloud_chat.answering.forms.polar_question import asks_openly
from trusted_cloud_chat.answering.forms.yes_no import HEDGE
from trusted_cloud_chat.answering.names import is_place, missing_names
from trusted_cloud_chat.answering.patterns import PatternTable
from trusted_cloud_chat.answering.scope import reading_of
from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.schema import Query
from trusted_cloud_chat.text import fold, lexical_tokens
from trusted_cloud_chat.text.lexical import STOPWORDS_FR
from trusted_cloud_chat.text.tense import TO_COME

Ruling = Literal["yes", "yes_if", "no"]
"""`yes_if`: the quote names conditions."""

_SURE = 0.8
"""Confidence from which a no, or a quote in the other language, may share no word with the question,"""
_HARDLY_SHARED = 0.2
"""and a yes hardly any,"""
_LEAST_SURE, _LEAST_SHARED = 0.6, (0.4, 0.5)
"""and from which it decides at all, with this share of the question's words, by rarity, names and what asks apart; of a yes and a no."""


@dataclass(frozen=True, slots=True)
class _Family:
    """Patterns of folded text: what asks, and what says so or denies it."""

    asked: re.Pattern[str]
    yes: re.Pattern[str]
    no: re.Pattern[str]


_TABLE = PatternTable("rulings")
_FAMILIES = {
    name: _Family(*(_TABLE.pattern(family[key]) for key in ("asked", "yes", "no")))
    for name, family in _TABLE.groups.items()
    if name != "words"
}
_WORDS = {name: _TABLE.pattern(words) for name, words in _TABLE.groups["words"].items()}
_FORBIDDEN = re.compile(
    r"\b(?P<is>est-il|est-ce|c'est|is it) (?:\w+ )?(?:interdit|illegal|prohibe|defendu|forbidden|prohibited|banned)\b"
)
_TURNED: dict[str, Ruling] = {"yes": "no", "no": "yes"}
_IS_THERE = re.compile(
    r"\b(?:y (?:a|avait)-t-il|il y (?:a|avait)|existe(?:nt)?(?:-t)?-(?:ils?|elles?)|(?:is|are|was|were) there|a-t-(?:il|elle) (?:fait|cause)) "
    r"(?:(?:eu|vraiment|deja|really|already|still) )*(?:un|une|des|d'|any|an|a) ?(?P<noun>\w+)(?P<named>.*\b(?:nomme|intitule|appele|named|called|entitled)\w*\b)?"
)
_NONE_OF = r"\bn(?:e |')(?:y )?(?:a|ont|avait|fait|existe|compte|cause)(?: \w+)? aucune? {}s?(?= ?[.,;]|$)|\bthere (?:is|was|are|were) no {}s?(?= ?[.,;]|$)"
_CALLED_SO = re.compile(
    r"^aucune? [^.,;]{3,60}? ne (?:s'intitule|s'appelle|porte)\b|^no [^.,;]{3,60}? is (?:\w+ )?(?:called|named|entitled)\b"
)
_EITHER = re.compile(r"\bou (?!pas\b|non\b)|\bor (?!not\b)", re.IGNORECASE)
"""Of two things one may be allowed; of a text in which « où » is told from « ou »."""
_LAST_RELATIVE = re.compile(r"\b(?:qui|that|which) (?:n(?:e |')|(?:is|are|do|does) not\b)[^,?]*\W*$")
_NOT_SUCH = re.compile(r"\bnon[ -][a-z]+|\bnot [a-z]+ed\b")
"""« … vendre des services qui ne le sont pas ? » – « des prestations non qualifiées »."""
_NUMBER = re.compile(r"\d+(?:[.,\u00a0 ]\d+)*")
_UNITS = {
    unit: re.compile(rf"\b(?:{words})\b")
    for unit, words in {
        "day": "jours?|days?", "week": "semaines?|weeks?", "month": "mois|months?", "hour": "heures?|hours?", "half": "semestres?", "quarter": "trimestres?|quarters?",
        "year": "ans|annees?|(?:(?<=un )|(?<=par )|(?<=l'))an|years?", "euro": "euros?", "dollar": "dollars?", "million": "millions?", "billion": "milliards?|billions?",
        "2": "deux|two", "3": "trois|three", "4": "quatre|four", "5": "cinq|five", "6": "six", "7": "sept|seven", "8": "huit|eight", "9": "neuf|nine", "10": "dix|ten",
    }.items()
}  # fmt: skip
_TO_COME = re.compile(TO_COME)
_WHEN = re.compile(
    r"\b(?:a (?:partir|compter) d\w*|des|d'ici|jusqu'\w+|en|fin|debut|mi|in|from|by|until|since|depuis|avant|apres)\b[^,;.]{0,20}?\b(?P<year>(?:19|20)\d\d)\b"
)
_MADE_IN = re.compile(r"\b(?:adopt|vot|publi|cre|promulgu|sign|lanc)\w+ (?:en|in|le|on) [^,;.]{0,20}?\d{4}\b,?")
"""« Adopté en 2018, le CLOUD Act… »: no day of what it rules."""
_TOLD_BY = re.compile(
    r",? (?:d'apres|selon|according to) [^,;.]+|, (?:rapport|indiqu|ecri|not|relev|expliqu|rappel|averti|precis|soulign|ajout|dispos|relat)\w+ [^,;.]+"
)
_PARTIES = tuple(
    re.compile(rf"\b(?:{words})s?\b")
    for words in (
        "fournisseur|prestataire|hebergeur|editeur|operateur|provider|vendor|supplier|hyperscaler", "client|utilisateur|acheteur|customer|user|buyer",
        "ministere|ministry|ministries", "commune|collectivite|region|departement|municipality|municipalities", "hopital|hopitaux|hospital", "banque|bank",
        "actionnaire|shareholder", "sous-traitant|subcontractor", "mutuelle|assureur|insurer",
    )
)  # fmt: skip
"""Who may or must: « le client doit prévenir le fournisseur » is not what « le fournisseur doit prévenir le client » says."""
_FOREIGN = re.compile(
    r"\bextra-?(?:europe|communautaire|eu\b)\w*|\bnon[- ](?:europe|eu\b|eea\b)\w*|\b(?:hors|exterieur|tiers|outside|third countr)\b"
)
_ELSEWHERE = re.compile(
    r"\b(?:americain|etats-unis|usa?\b|american|chin|asi|russ|britann|canad|suisse|swiss|japon|japan|indi|seattle|washington)\w*"
)
_BUT = re.compile(r"\b(?:mais|but|contrairement a|unlike|a la difference)\b")
_SAME_TURN = {
    beginning: beginnings.split()[0]
    for beginnings in ("oppos objec conte chall", "inter forbi forba prohi ban banne", "perdr perd lose lost retir suspe withd revoq revok annul", "evite avoid conto circu bypas")
    for beginning in beginnings.split()
}  # fmt: skip
_MAY_DO = re.compile(
    r"\b(?:peu(?:t|vent)|can|may) (?:(?:aussi|donc|toutefois|neanmoins|egalement|also|be|etre) )*(?P<verb>[a-z]+)"
)
_CLAUSE = re.compile(r"[;:] |, (?=(?:qui|et|while|which|and)\b)|,? (?=sans que\b)")


def ruling(query: Query, choice: Selected, entities: EntityBook, confidence: float) -> Ruling | None:
    """What the best quote says to a question for what is allowed, enough, required or there; None where that is not clear.

    `confidence`, 0 to 1: that the quotes answer.
    """
    if confidence < _LEAST_SURE or asks_openly(query) or _EITHER.search(query.text):
        return None
    asked = fold(query.text)
    said = _MADE_IN.sub(" ", _TOLD_BY.sub("", fold(" ".join(choice.text.split()))))
    if _may_say_otherwise(asked, said):
        return None
    told = _told(asked, said)
    return told if told and _is_about_it(query, choice, entities, confidence, told) else None


def _may_say_otherwise(asked: str, said: str) -> bool:
    """Whether a folded sentence holds back, tells of another time, another number, another party or of abroad where the question does not."""
    if (HEDGE.search(said) and not HEDGE.search(asked)) or _WORDS["held"].search(said) or _BUT.search(said):
        return True
    if _is_to_come(said) and not _is_to_come(asked):
        return True
    if any(when["year"] not in asked for when in _WHEN.finditer(said)):
        return True
    if not set(_NUMBER.findall(asked)) <= set(_NUMBER.findall(said)) or not _units(asked) <= _units(said):
        return True
    if _FOREIGN.search(said) and not (_FOREIGN.search(asked) or _ELSEWHERE.search(asked)):
        return True
    ours, theirs = _first_party(asked), _first_party(said)
    return ours is not None and theirs is not None and ours != theirs


def _is_to_come(folded: str) -> bool:
    return bool(_TO_COME.search(folded) or _WORDS["planned"].search(folded))


def _units(folded: str) -> set[str]:
    return {unit for unit, words in _UNITS.items() if words.search(folded)}


def _first_party(folded: str) -> int | None:
    found = [(match.start(), n) for n, party in enumerate(_PARTIES) if (match := party.search(folded))]
    return min(found)[1] if found else None


def _told(asked: str, said: str) -> Ruling | None:
    """The ruling of a folded sentence, whatever it is about: that of its clauses that rule, where they agree."""
    if forbidden := _FORBIDDEN.search(asked):  # what is allowed is not forbidden
        turned = _told(_FORBIDDEN.sub(f"{forbidden['is']} permis", asked), said)
        return _TURNED.get(turned) if turned else None
    relative = _LAST_RELATIVE.search(asked)
    if _WORDS["negative"].search(_LAST_RELATIVE.sub("", asked)) or bool(relative) != bool(_NOT_SUCH.search(said)):
        return None
    if there := _IS_THERE.search(asked):
        none = _NONE_OF.replace("{}", re.escape(there["noun"].rstrip("s")))
        return "no" if re.search(none, said) or (there["named"] and _CALLED_SO.search(said)) else None
    name = next((name for name, family in _FAMILIES.items() if family.asked.search(asked)), None)
    if name is None or (_WORDS["obligatory"].search(asked) and not _WORDS["rules"].search(said)):
        return None
    if name == "penalised" and bool(_WORDS["prison"].search(asked)) and not _WORDS["prison"].search(said):
        return None
    part = _WORDS["part"].search(said) if name != "penalised" else None
    if part is not None:  # « n’y est tenu que pour ses systèmes vitaux », asked of all
        scope = name == "required" and part.group().startswith(("ne ", "n'")) and _FAMILIES[name].yes.search(said)
        return "no" if scope and _WORDS["all"].search(asked) else None
    if name != "enough" and _WORDS["alone"].search(said):
        return None
    told = {ruled for clause in _CLAUSE.split(said) if (ruled := _of_clause(name, asked, clause)) is not None}
    return told.pop() if len(told) == 1 else None


def _of_clause(name: str, asked: str, clause: str) -> Ruling | None:
    family = _FAMILIES[name]
    said = _WORDS["permitting"].sub(" autorise ", clause)
    rest = family.no.sub(" ", said)
    if name == "allowed" and _turns(asked) != _turns(rest):
        return None
    if rest != said:
        return None if family.yes.search(rest) or _MAY_DO.search(rest) or _WORDS["negative"].search(rest) else "no"
    allowed = name == "allowed" and any(_names(may["verb"], asked) for may in _MAY_DO.finditer(said))
    if not (family.yes.search(said) or allowed) or _WORDS["negative"].search(_NOT_SUCH.sub("", said)):
        return None
    needed = ("whole", "order") if name == "required" else ("whole",)
    if any(not set(_WORDS[words].findall(asked)) <= set(_WORDS[words].findall(said)) for words in needed):
        return None
    return "yes_if" if _WORDS["condition"].search(said) else "yes"


def _turns(folded: str) -> set[str]:
    """The words that turn an act round, by their beginnings: « peut-il refuser… ? » is not told by what allows something else."""
    return {_SAME_TURN.get(word[:5], word[:5]) for word in _WORDS["turning"].findall(folded)}


def _names(word: str, asked: str) -> bool:
    return bool(set(lexical_tokens(word, keep_stopwords=True)) & set(lexical_tokens(asked, keep_stopwords=True)))


def _opening_word(question: str) -> set[str]:
    """« Faut-il… », « Nos données… »: a name for its capital alone, as `missing_names` gives it."""
    opening = re.match(r"\W*([^\W\d]\w*)(-(?:t-)?(?:ils?|elles?|on|je|nous|vous)\b)?", question)
    if opening is None or not (opening[2] or fold(opening[1]) in STOPWORDS_FR):
        return set()
    return {f"word:{fold(opening[1])}"}


def _is_about_it(query: Query, choice: Selected, entities: EntityBook, confidence: float, told: Ruling) -> bool:
    """Whether the quote, with its title and what stands before it in its paragraph, has every name of the question and tells of nobody
    else first; and, unless the reader is sure, shares words with it.

    What is forbidden to « un actionnaire extra-européen » is to an American one: there places may be missing.
    """
    article = choice.passage.article
    day = article.date.last_day if article.date else query.today
    asked = reading_of(query, entities)
    said = Reading(choice.text, article.language, day, entities)
    around = Reading(choice.with_paragraph(titled=True), article.language, day, entities)
    missing = set(missing_names(asked.names, around.names, article.language)) - _opening_word(query.text)
    abroad = told == "no" and _FOREIGN.search(fold(choice.text))
    if any(not (abroad and is_place(name)) for name in missing):
        return False
    for kinds in (("actor", "authority"), ("scheme", "law")):
        wanted, named = _named(query.text, kinds, entities), _named(choice.text, kinds, entities)
        if wanted and named and named[0] not in wanted:
            return False
    if article.language != query.language:
        return confidence >= _SURE
    cues = (cue for family in _FAMILIES.values() for cue in family.asked.findall(fold(query.text)))
    shared = asked.share_in(said.stems | set(lexical_tokens(" ".join(cues), query.language, keep_stopwords=True)))
    return shared >= _LEAST_SHARED[told == "no"] or (confidence >= _SURE and (told == "no" or shared >= _HARDLY_SHARED))


def _named(text: str, kinds: tuple[str, ...], entities: EntityBook) -> list[str]:
    return [mention.entity.name for mention in entities.find(text) if mention.entity.kind in kinds]
