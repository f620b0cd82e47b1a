"""A yes or a no told by the words for what is allowed, enough, required or there at all, whatever else the question says.

« On peut mettre du secret défense chez un hébergeur SecNumCloud ? » – « SecNumCloud ne permet pas d’héberger des informations
classifiées » shares hardly a word with its answer (`yes_no.py` decides by the question's own words). The reader says that it is the
answer; here its words for allowing say which. They decide only where they all point one way, nothing hedges them, and every name
of the question is named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from trusted_cloud_chat.answering.evidence import Reading
from trusted_cloud_chat.answering.forms.polar_question import asks_openly
from trusted_cloud_chat.answering.names import is_place, missing_names
from trusted_cloud_chat.answering.patterns import PatternTable
from trusted_cloud_chat.answering.scope import actors_in, reading_of
from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.schema import Query
from trusted_cloud_chat.text import fold
from trusted_cloud_chat.text.lexical import STOPWORDS_FR

Ruling = Literal["yes", "yes_if", "no"]
"""`yes_if`: the quote names conditions."""

_SURE = 0.8
"""Confidence from which the quote may share no word with the question,"""
_LEAST_SURE, _LEAST_SHARED = 0.6, 0.5
"""and from which it decides at all, with this share of the question's words, by rarity and names apart."""


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
}
_FORBIDS_NOT = _TABLE.pattern(
    (
        r"<not>(?:empech|interdi|exclu)\w+<more>",
        r"\b(?:does|do|is|are) not (?:prevent|forbid|prohibit|ban|exclude)\w*",
    )
)
_FORBIDDEN = re.compile(
    r"\b(?P<is>est-il|est-ce|c'est|is it) (?:\w+ )?(?:interdit|illegal|prohibe|defendu|forbidden|prohibited|banned)\b"
)
_TURNED: dict[str, Ruling] = {"yes": "no", "no": "yes"}
_PRISON = re.compile(r"\b(?:prison|emprison\w+|jail)")
_IS_THERE = re.compile(
    r"\by (?:a|avait|aura)-t-il\b|\bil y (?:a|avait)\b|\bexiste(?:nt)?(?:-t)?-(?:ils?|elles?)\b|\bcomporte-t-\w+|\b(?:is|are|was|were) there\b|\ba-t-(?:il|elle) (?:fait|eu|cause) (?:des?|une?|d')"
)
_EITHER = re.compile(r"\bou (?!pas\b|non\b)|\bor (?!not\b)", re.IGNORECASE)
"""Of two things one may be allowed; of a text in which « où » is told from « ou »."""
_LAST_RELATIVE = re.compile(r"\b(?:qui|that|which) [^,?]*\W*$")
"""« … vendre des services qui ne le sont pas ? »"""
_NONE = re.compile(r"\b(?:aucune?|nulle?|no|none of the|pas (?:de |d')) ?(?P<noun>(?!autre|other)[a-z][\w-]+)")
_NEGATIVE = re.compile(
    r"\b(?:ne|pas|jamais|aucune?s?|ni|not|never|no(?! \d)|nor|neither|without|sans|nulle?|cannot)\b|\bn'|n't\b"
)
_UNDOES = re.compile(
    r"\b(?:interdi|refus|empech|exclu(?!s?iv)|perd|echapp|bloqu|retir|suspen|annul|supprim|oppos|contest|object\b|challeng|dispens|ban(?:s|ned)?\b|forbid|forbad|block|prevent|refuse|lose\b|lost\b|"
    r"withdr|revo[qk]|attend|wait|limit|prolong|repouss)\w*"
)
"""What turns the act round: of « peut-il refuser… ? » a quote that allows something else tells nothing."""
_WHOLE = re.compile(
    r"\b(?:tou(?:s|te|tes|t)|seule?s?|seulement|uniquement|exclusivement|forcement|all|every|only|entirely|any|"
    r"d'abord|first|moitie|tiers|quart|double|half|third|quarter|toujours|always)\b"
)
"""What a yes must say too."""
_ORDER = re.compile(r"\b(?:avant|apres|before|after)\b")
_IN_PART = re.compile(
    r"(?P<than>\bn(?:e |')(?:[\w-]+[', ]+){1,6}qu(?:e\b|'))|\b(?:sauf|hors(?! (?:de |d')?(?:l')?(?:union|ue|europe|eee|france))|hormis|except\w*|unless|tous|toutes|not all|moins|plus d[e']|excede\w*|depasse\w*|exceed)\b"
)
"""What holds in part only, or up to a figure."""
_ALL = re.compile(r"\b(?:tou(?:s|te|tes|t)|l'ensemble|all|every)\b")
_CLAUSE = re.compile(r"[;:] |, (?=(?:mais|qui|et|but|while|which)\b)|,? (?=sans que\b)")
_ALONE = re.compile(r"\b(?:seule?s?|seulement|uniquement|exclusivement|only)\b")
"""In what is not enough by itself it leaves nothing open."""
_CONDITION = re.compile(
    r"\bpourvu qu|\ba (?:la )?condition\b|\bsous (?:reserve|condition)|\bsi\b|\bs'ils?\b|\bprovided\b|\bif\b|\bas long as\b|\btant qu|\ben cas d|\bdes lors qu|\blorsqu|\bwhen\b"
)
_HELD = re.compile(
    r"\b(?:peut-etre|probable\w*(?! (?:publie|paru|date|en|du|de|fin|debut|\d))|sembl\w+|conteste\w*|dement\w*|perhaps|might|allegedly|affirm\w+|soutien(?:t|nent)|soutenai\w*|estim(?:e|ent|ait)|jug(?:e|ent|eait)|preten\w+|"
    r"plaid\w+|craint|craign\w+|reclam(?:e|ent|ait|aient)|(?<!une )(?<!la )(?<!cette )demand(?:e|ent|ait|aient)|voudrai\w*|souhait\w*|propos(?:e|ent|ait|aient)|claim\w*|argu(?:e|es|ed)|fears?|wants?|asks?|calls? for|propos(?:es|ed))\b"
)
"""What somebody holds, fears or wants is not so."""
_OBLIGATORY = re.compile(r"\b(?:obligatoires?|mandatory|compulsory)\b")
_RULES = re.compile(r"\b(?:oblig|mandat|compuls|requir|requi[st]|impos|exig|volontaire|facultati|optio|volunt)\w*")
"""« Le guichet doit aider… à rejoindre le PSN » does not make it obligatory."""


def ruling(query: Query, choice: Selected, entities: EntityBook, confidence: float) -> Ruling | None:
    """What the best quote says to a question for what is allowed, enough, required or there; None where that is not clear.

    `confidence`, 0 to 1: that the quotes answer.
    """
    if confidence < _LEAST_SURE or asks_openly(query) or _EITHER.search(query.text):
        return None
    asked, said = fold(query.text), fold(" ".join(choice.text.split()))
    told = None if _HELD.search(said) else _told(asked, said)
    return told if told and _is_about_it(query, choice, entities, confidence, told) else None


def _told(asked: str, said: str) -> Ruling | None:
    """The ruling of a folded sentence, whatever it is about: that of its clauses that rule, where they agree."""
    if forbidden := _FORBIDDEN.search(asked):  # what is allowed is not forbidden
        turned = _told(_FORBIDDEN.sub(f"{forbidden['is']} permis", asked), said)
        return _TURNED.get(turned) if turned else None
    if _NEGATIVE.search(_LAST_RELATIVE.sub("", asked)):
        return None
    if _IS_THERE.search(asked):
        none = said.startswith("aucun") or any(_names(none["noun"], asked) for none in _NONE.finditer(said))
        return "no" if none else None
    name = next((name for name, family in _FAMILIES.items() if family.asked.search(asked)), None)
    if name is None or (_OBLIGATORY.search(asked) and not _RULES.search(said)):
        return None
    if name == "penalised" and bool(_PRISON.search(asked)) and not _PRISON.search(said):
        return None
    if part := _IN_PART.search(said):  # « n’y est tenu que pour ses systèmes vitaux », asked of all
        required = name == "required" and _FAMILIES[name].yes.search(said)
        return "no" if required and part["than"] and _ALL.search(asked) else None
    if name != "enough" and _ALONE.search(said):
        return None
    told = {ruled for clause in _CLAUSE.split(said) if (ruled := _of_clause(name, asked, clause)) is not None}
    return told.pop() if len(told) == 1 else None


def _of_clause(name: str, asked: str, clause: str) -> Ruling | None:
    family = _FAMILIES[name]
    said = _FORBIDS_NOT.sub(" permet ", clause)
    rest = family.no.sub(" ", said)
    if rest != said:
        return None if family.yes.search(rest) else "no"
    if not family.yes.search(said) or _NEGATIVE.search(said):
        return None
    if name != "penalised" and bool(_UNDOES.search(asked)) != bool(_UNDOES.search(said)):
        return None
    needed = (_WHOLE, _ORDER) if name == "required" else (_WHOLE,)
    if any(not set(words.findall(asked)) <= set(words.findall(said)) for words in needed):
        return None
    return "yes_if" if _CONDITION.search(said) else "yes"


def _names(noun: str, asked: str) -> bool:
    """« Aucun blessé » for « y a-t-il eu des blessés ? »."""
    return re.search(rf"\b{re.escape(noun.rstrip('s'))}s?\b", asked) is not None


def _opening_word(question: str) -> set[str]:
    """« Faut-il… », « Nos données… »: a name for its capital alone, as `missing_names` gives it."""
    opening = re.match(r"\W*([^\W\d]\w*)(-(?:t-)?(?:ils?|elles?|on|je|nous|vous)\b)?", question)
    if opening is None or not (opening[2] or fold(opening[1]) in STOPWORDS_FR):
        return set()
    return {f"word:{fold(opening[1])}"}


def _is_about_it(query: Query, choice: Selected, entities: EntityBook, confidence: float, told: Ruling) -> bool:
    """Whether the quote, with its title and what stands before it in its paragraph, has every name of the question, and is about the
    first of them; below a confidence of `_SURE` it must share words with the question too, and so be in its language.

    What is forbidden to « un actionnaire extra-européen » is to an American one: there places may be missing.
    """
    article = choice.passage.article
    day = article.date.last_day if article.date else query.today
    asked = reading_of(query, entities)
    said = Reading(choice.text, article.language, day, entities)
    before = article.text[: choice.span.start].rpartition("\n\n")[2]
    around = Reading(f"{article.title}.\n{before}{choice.text}", article.language, day, entities)
    missing = set(missing_names(asked.names, around.names, article.language)) - _opening_word(query.text)
    if any(told != "no" or not is_place(name) for name in missing):
        return False
    wanted, named = actors_in(query.text, entities), actors_in(choice.text, entities)
    if wanted and named and named[0] not in wanted:
        return False
    if confidence >= _SURE:
        return True
    return article.language == query.language and asked.share_in(said.stems) >= _LEAST_SHARED
