"""Whom « il » stands for where the question before asked who: the one whom its answer names."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from trusted_cloud_chat.entities import EntityBook, Mention
from trusted_cloud_chat.schema import Turn
from trusted_cloud_chat.text import fold, fold_in_place

_INVERTED = re.compile(r"\b\w+-(?:t-)?$")
"""The verb before « il » in « est-il », « a-t-il »."""
_SPOKEN_OF = (
    "société|entreprise|coentreprise|groupe|opérateur|hébergeur|fournisseur|éditeur|prestataire|offre|plateforme|solution|service|"
    "projet|qualification|certification|loi|texte|mesure|décision|accord|contrat|migration"
)
"""« La société », « l’offre » are whoever was spoken of."""
_DETERMINER = r"(?:[Ll][ea]s? |[Ll][’']|[Uu]ne? |[Dd]es |[Cc]e(?:t|tte|s)? |[Mm]on |[Nn]otre )"
_OPENS = r"^\W*(?:[Ee]t |[Mm]ais |[Aa]lors |[Qq]uand |[Pp]ourquoi |[Cc]omment |[Oo]ù )?"
_NO_NAME = (
    r"(?!(?:Qui|Que|Quoi|Quand|Où|Comment|Combien|Pourquoi|Quel\w*|Lequel|Et|Mais|Alors|Depuis|Est|Pour|En|Sur|Par|À|A|Le|La|Les|Un|Une|"
    r"Des|Ce|Cet|Cette|Ces|Mon|Notre)\b)"
)
_OWN_SUBJECT = re.compile(
    r"(?<=[\w,’'] )[A-ZÀÂÉÈÊÎÔÛÇ][\w-]*|[’'][A-ZÀÂÉÈÊÎÔÛÇ][\w-]*|"
    rf"{_OPENS}{_DETERMINER}(?!(?:{_SPOKEN_OF})\b)\w+ |^\W*{_NO_NAME}[A-ZÀÂÉÈÊÎÔÛÇ][\w-]+ (?:\w+ )?$"
)
_OWN_NAME = re.compile(rf"{_OPENS}(?:[Ll][ea]s? |[Ll][’'])?{_NO_NAME}[A-ZÀÂÉÈÊÎÔÛÇ][\w-]+ (?:[\w-]+ ){{0,2}}$")
"""A name that opens the question; any other noun may belong to whoever was spoken of: « Le calendrier a-t-il glissé ? »."""
_NOUN_SPOKEN_OF = re.compile(rf"{_OPENS}{_DETERMINER}(?:{_SPOKEN_OF})\b")
_ABOUT_THE_NAMED = re.compile(
    r"\W*(?:[Qq]ui est|[Ww]ho is|[Qq]ui (?:détient|possède)|[Ww]ho owns) (?:[A-ZÀÂÉÈÊÎÔÛÇ]|\d)"
)
AskAgain = Callable[[str], str]
"""The words of the quote that answers a question first; empty where nothing answers it."""

_ASKS_WHO = re.compile(r"\W*(?:par |avec |chez |a |de )?(?:qui|quel(?:le)?s? (?:fournisseur|hebergeur|entreprise|societe|"
                       r"prestataire|acteur)s?|who|which (?:provider|company|companies|providers))\b")  # fmt: skip
PERSON = re.compile(
    r"\b(?!(?:Pour|Selon|Le|La|Les|Un|Une|En|Dans|Par|Avec|Chez|Mais|Et|Ce|Cette|Son|Sa|Ses|Des|Du|Au|PDG|DG|CEO|Monsieur|Madame|"
    r"The|In|For|As|By|At|On)\b)[A-ZÀÂÉÈÊÎÔÛÇ][\w-]+ (?:(?:de|d’|du|von|van) ?)?[A-ZÀÂÉÈÊÎÔÛÇ][\w-]+"
)
"""Two words with a capital that no alias has: « Jean Coumaros »."""
_QUOTE = re.compile(r"[«“]\s*(?P<words>[^»”]+?)\s*[»”](?: \([^)]*\))? \[\d")
_WRITTEN = re.compile(r"(?P<words>[^\n]+?)\s*\[\d")
LEADS = re.compile(r"\b(?:dirig|direct\w+ general|presid|pilot|est a la tete|patron|pdg|head|lead|chair|run|ceo)")
"""Asks who is at the head of something; of folded text."""
_HANGS = re.compile(r"(?<![-'\w])(?:il|elle|ils|elles|it|he|she|they)(?![-'\w])|(?<=\w)-(?:t-)?(?:il|elle|ils|elles)\b")
PRONOUN = re.compile(
    r"\b(il|elle|ils|elles|celui|celle|ceux|celles|celui-ci|celle-ci|ceux-ci|cela|ca|ce projet|cette (offre|societe|loi|"
    r"qualification|entreprise|decision|date|plateforme)|cet (acteur|accord)|son|sa|ses|leur|leurs|it|its|he|she|they|their|them|"
    r"this|that)\b(?! (y a|faut|est possible))"
)
"""What may stand for something said before; of folded text."""
_IMPERSONAL = re.compile(
    r"\bil (?:faut|faudra\w*|y a|s'agit|est (?:possible|vrai|interdit|prevu))\b|\b(?:faut|y a-t)-il\b|\b(?:est|s'agit|agit)-il (?:vrai|possible|de\b|d')|"
    r"\bquelle heure est-il\b|\b(?:is it|it is|it's|was it|it was) (?:true|possible|that|to)\b|\b(?:se passe|suffit|convient)-t-il\b|"
    r"\bexiste-t-il (?:des|du|de la|de l'|d'|un)|(?<!lui )(?<!leur )\b(?:reste|manque)-t-il\b"
)


def refers_back(asked: str) -> bool:
    """Whether a pronoun stands for something said before, and neither for its own subject nor for nothing (« il faut »)."""
    folded = fold_in_place(asked)
    nothing = [match.span() for match in _IMPERSONAL.finditer(folded)]
    return any(
        not _has_own_subject(asked, match.start(), _OWN_NAME)
        and not any(start < match.end() and match.start() < end for start, end in nothing)
        for match in PRONOUN.finditer(folded)
    )


def _has_own_subject(asked: str, pronoun: int, subject: re.Pattern[str]) -> bool:
    """Whether « -il » goes with what stands before its verb: « Clever Cloud est-il… », « La Commission va-t-elle… »."""
    inverted = _INVERTED.search(asked[:pronoun])
    return inverted is not None and bool(subject.search(asked[: inverted.start()]))


def hangs_on_answer(asked: str, mentions: Sequence[Mention], previous: str) -> bool:
    """Whether « il » stands for whom the answer before names: « Qui dirige Bleu ? », then « il faisait quoi avant ? ».

    Not where it comes after a name or a noun of its own sentence, nor in « il faut »; nor after « Qui est Bleu ? » or « Qui
    détient Bleu ? », which go on about Bleu.
    """
    folded = fold_in_place(asked)
    pronoun = _HANGS.search(folded)
    if pronoun is None or _IMPERSONAL.search(folded) or not _ASKS_WHO.match(fold_in_place(previous)):
        return False
    if (
        _ABOUT_THE_NAMED.match(previous)
        or _NOUN_SPOKEN_OF.match(asked)
        or _has_own_subject(asked, pronoun.end() - len(pronoun.group().lstrip("-t")), _OWN_SUBJECT)
    ):
        return False
    return not mentions or pronoun.start() < mentions[0].start


def with_antecedent(asked: str, folded: str, name: str) -> str:
    """« Que faisait-il avant ? » → « Que faisait Jean Coumaros avant ? »."""
    pronoun = _HANGS.search(folded)
    assert pronoun is not None
    space = " " if pronoun.group().startswith("-") else ""
    return f"{asked[: pronoun.start()]}{space}{name}{asked[pronoun.end() :]}"


def named_by(said: str, previous: str, before: Sequence[Mention], entities: EntityBook) -> str:
    """Whom a quote names first that the question did not; a person where the question is who leads."""
    mentions = entities.find(said)
    known = {m.entity.name for m in before}
    actors = [(m.start, m.entity.name) for m in mentions if m.entity.kind == "actor" and m.entity.name not in known]
    people = [
        (found.start(), found.group())
        for found in PERSON.finditer(said)
        if not any(m.start < found.end() and found.start() < m.end for m in mentions)
    ]
    wanted = people if people and LEADS.search(fold(previous)) else [*actors, *people]
    return min(wanted, default=(0, ""))[1]


def first_quote(turn: Turn, question: str, ask_again: AskAgain | None) -> str:
    """The words of a turn's answer that stand before its first marker; `question` is that of the turn, made whole."""
    if turn.given is not None:
        return "" if turn.given.refused or not turn.given.citations else turn.given.citations[0].quote
    if turn.answer:
        found = _QUOTE.search(turn.answer) or _WRITTEN.search(turn.answer)
        return found["words"] if found else ""
    return ask_again(question) if ask_again else ""
