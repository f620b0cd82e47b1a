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
from trusted_cloud_chat.answering.scope import actors_in, reading_of
from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.schema import Query
from trusted_cloud_chat.text import cognates, fold
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


def _family(asked: str, yes: str, no: str) -> _Family:
    return _Family(*map(re.compile, (asked, yes, no)))


_CLITIC = r"(?:(?:l'|le|la|les|lui|leur|y|en|se|s'|nous|vous) ?)?"
_NOT = rf"\bn(?:e |'){_CLITIC}"
_NO_MORE = r"(?: \w+)? (?:pas|plus|jamais|aucunement|nullement|guere)\b"
_MODAL = r"(?:peu(?:t|vent)|pourr(?:a|ont|ait|aient)|sau(?:rait|raient))"
_ENOUGH = _family(
    r"\bsuffi(?:t|sent|ra|ront|rait|sait)\b|\b(?:est-ce|c'est|est-il|est-elle|sera-ce) (?:donc )?(?:assez|suffisant)\b|\benough\b|\bsufficient\b|\bsuffice",
    r"\bsuffi(?:t|sent|ra|ront)\b|\bsuffisan(?:t|te|ts|tes)\b|\b(?:is|are) (?:enough|sufficient)\b|\bsuffices?\b",
    rf"{_NOT}suffi\w+{_NO_MORE}|{_NOT}sau(?:rait|raient) suffire\b|\b(?:pas|plus) (?:suffisan\w+|assez)\b|\binsuffisan\w+|\bnot (?:be )?(?:enough|sufficient)\b|"
    r"\bnot suffice\b|\binsufficient\b",
)
_ALLOWED = _family(
    r"\b(?:peu(?:t|vent|x)|pouv(?:ons|ez)|pourr(?:a|ont|ait|aient|ai|ons|ez))(?:-t)?-(?:ils?|elles?|on|je|nous|vous)\b|"
    r"\b(?:a|ont|ai|avons)(?:-t)?(?:-(?:ils?|elles?|on|je|nous|vous))? (?:\w+ ){0,2}(?:le )?droit\b|"
    r"\b(?:on|je|nous|ils?|elles?|\w+) (?:peu[xt]|peuvent|pouvons)\b|\b(?:permet|autoris|toler|admet|accept)\w*-(?:t-)?(?:ils?|elles?|on)\b|"
    r"\b(?:permet|autorise|tolere|admet)(?:nt|tent)?\b|\b(?:est-il|est-ce|c'est|est-elle) (?:\w+ )?(?:possible|permis|autorise)\w*|"
    r"^\W*(?:can|may|could)\b|[,.:] (?:can|may|could) (?!\d)|\b(?:is|are|am) [\w' -]{1,60}\b(?:allowed|permitted)\b|\b(?:does|do|would) .*\b(?:allow|permit|let)\b|\bright to\b",
    rf"\b(?:a|ont|aura|auront|garde|gardent|conserve|conservent)(?: \w+)? (?:le droit|la faculte|la possibilite) d|\b(?:permet(?:tent|tra|tront)?|autoris(?:e|ent|es|ee|ees|ant))\b|"
    rf"\b(?:admet(?:tent)?|tolere(?:nt)?)\b|\b{_MODAL}\b|\best possible\b|\brest(?:e|ent|ait|aient) (?:\w+ )?(?:autoris|permis|possible)\w*|"
    r"(?<!in )(?<!since )\b(?:may(?! \d)|can)\b|\b(?:allows?|lets|permits?)\b|\b(?:is|are|be|remains?) (?:allowed|permitted|possible)\b",
    rf"{_NOT}(?:permet|autoris|admet|toler)\w*{_NO_MORE}|{_NOT}{_MODAL}\b(?! (?:\w+ ){{0,3}}qu)(?:{_NO_MORE})?|{_NOT}(?:a|ont|aura|auront) (?:pas|plus|aucunement)(?: le)? droit\b|"
    rf"{_NOT}doi(?:t|vent) (?:pas|jamais|avoir aucune?|en aucun)\b|\binterdi(?:t|te|ts|tes|sent|ction)\b|\bproscri(?:t|te|ts|tes|vent)\b|\bprohib\w+|\bexclu(?:t|ent|s|e|es|ait)?\b|"
    r"\bcannot\b|\bcan't\b|\b(?:may|must|can) not\b|\bnot (?:be )?(?:allowed|permitted)\b|\b(?:does|do) not (?:allow|permit|let)\b|\bforbids?\b|\bforbidden\b|\bbann?(?:ed|s)\b|\bimpossible\b",
)
_REQUIRED = _family(
    r"\b(?:obligatoire|mandatory|compulsory|required)s?\b|\b(?:oblig|impos|exig|contrain|requi)\w*-(?:t-)?(?:ils?|elles?|on)\b|\b(?:fau(?:t|dra|drait)|fallait)(?:-il)?\b|"
    r"\b(?:doi(?:t|vent|s)|dev(?:ra|ront|ons|ez))(?:-(?:t-)?(?:ils?|elles?|on|je|nous|vous))?\b|\b(?:est|sont|sommes|suis)(?:-(?:ils?|elles?|on|je|nous))? (?:\w+ )?(?:tenu|oblige|contraint|force)e?s? (?:de|d'|a)\b|"
    r"\bs'impose(?:nt)?\b|\b(?:impose|exige|oblige|contraint)(?:nt)?\b|^\W*must\b|[,.:] must\b|\b(?:have|has|need|needs) to\b|\b(?:does|do) .*\b(?:require|oblige|force)\b|\bobliged\b",
    r"\b(?:doi(?:t|vent)|dev(?:ra|ront|ait|aient))\b|\bobligatoires?\b|\b(?:impos(?:e|ent|ee|ees|es|ait)|exig(?:e|ent|ee|es|ees|eait)|oblig(?:e|ent|es|ee|ees|eait)|contrain(?:t|ts|te|tes|gnent)|requi(?:ert|erent|s|se|ses))\b|"
    r"\b(?:est|sont) tenue?s?\b|\bmust\b|\b(?:mandatory|compulsory|required|obliged)\b|\b(?:requires?|has to|have to)\b|\bil (?:faut|faudra)\b",
    rf"\bvolontaires?\b(?! de)|\bfacultati\w+|\boptionnel\w*|\bvoluntary\b|\boptional\b|{_NOT}(?:est|sont|etai(?:t|ent)|ser(?:a|ont|ait)) (?:donc |toutefois |en rien )?(?:pas|plus) (?:obligatoire|oblige|tenu|impose|exige|requis|necessaire)\w*|"
    rf"{_NOT}(?:oblig|impos|exig|requi|contrain)\w+ (?:pas|plus|jamais|aucun\w*|nullement)\b|\bsans (?:que [\w' -]{{1,30}} (?:doiven?t|soi(?:t|ent) (?:tenu|oblige)\w*)|obligation)\b|\baucune obligation\b|"
    r"\bnot (?:be )?(?:mandatory|compulsory|required|obliged)\b|\b(?:does|do) not (?:require|oblige|have to|need to|impose)\b|\bno obligation\b|\bdispens(?:e|es|ee|ees|ent)\b|\bexempt\w*",
)
_FORBIDS_NOT = re.compile(
    rf"{_NOT}(?:empech|interdi|exclu)\w+{_NO_MORE}|\b(?:does|do|is|are) not (?:prevent|forbid|prohibit|ban|exclude)\w*"
)
_FAMILIES = (_ENOUGH, _ALLOWED, _REQUIRED)
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
    r"\b(?:interdi|refus|empech|exclu(?!s?iv)|perd|echapp|bloqu|retir|suspen|annul|supprim|oppos|contest|dispens|ban(?:s|ned)?\b|forbid|forbad|block|prevent|refuse|lose\b|lost\b|"
    r"withdr|revo[qk]|attend|wait|limit|prolong|repouss)\w*"
)
"""What turns the act round: of « peut-il refuser… ? » a quote that allows something else tells nothing."""
_WHOLE = re.compile(
    r"\b(?:tou(?:s|te|tes|t)|seule?s?|seulement|uniquement|exclusivement|forcement|all|every|only|entirely|any|"
    r"avant|apres|d'abord|before|after|first|moitie|tiers|quart|double|half|third|quarter|toujours|always)\b"
)
"""What a yes must say too."""
_IN_PART = re.compile(
    r"\bn(?:e |')(?:[\w-]+[' ]){1,5}qu(?:e\b|')|\b(?:sauf|hors(?! (?:de |d')?(?:l')?(?:union|ue|europe|eee|france))|hormis|except\w*|unless|tous|toutes|not all|moins|plus d[e']|excede\w*|depasse\w*|exceed)\b"
)
"""What holds in part only, or up to a figure."""
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
    """The ruling of a folded sentence, whatever it is about."""
    if _NEGATIVE.search(_LAST_RELATIVE.sub("", asked)):
        return None
    if _IS_THERE.search(asked):
        none = said.startswith("aucun") or any(_names(none["noun"], asked) for none in _NONE.finditer(said))
        return "no" if none else None
    family = next((family for family in _FAMILIES if family.asked.search(asked)), None)
    if (
        family is None
        or _IN_PART.search(said)
        or (family is not _ENOUGH and _ALONE.search(said))
        or (_OBLIGATORY.search(asked) and not _RULES.search(said))
    ):
        return None
    said = _FORBIDS_NOT.sub(" permet ", said)
    rest = family.no.sub(" ", said)
    if rest != said:
        return None if family.yes.search(rest) else "no"
    if (
        not family.yes.search(said)
        or _NEGATIVE.search(said)
        or bool(_UNDOES.search(asked)) != bool(_UNDOES.search(said))
    ):
        return None
    if not set(_WHOLE.findall(asked)) <= set(_WHOLE.findall(said)):
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
    first of them; below a confidence of `_SURE` it must share words with the question too.

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
    shared = asked.share_in(said.stems | cognates(asked.weights, said.stems))
    return confidence >= _SURE or shared >= _LEAST_SHARED
