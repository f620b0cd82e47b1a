"""Whom « il » stands for where the question before asked who: the one whom its answer names."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from trusted_cloud_chat.entities import EntityBook, Mention
from trusted_cloud_chat.schema import Turn
from trusted_cloud_chat.text import fold, fold_in_place

AskAgain = Callable[[str], str]
"""The words of the quote that answers a question first; empty where nothing answers it."""

_ASKS_WHO = re.compile(r"\W*(?:par |avec |chez |a |de )?(?:qui|quel(?:le)?s? (?:fournisseur|hebergeur|entreprise|societe|"
                       r"prestataire|acteur)s?|who|which (?:provider|company|companies|providers))\b")  # fmt: skip
_PERSON = re.compile(
    r"\b(?!(?:Pour|Selon|Le|La|Les|Un|Une|En|Dans|Par|Avec|Chez|Mais|Et|Ce|Cette|Son|Sa|Ses|Des|Du|Au|PDG|DG|CEO|Monsieur|Madame|"
    r"The|In|For|As|By|At|On)\b)[A-ZÀÂÉÈÊÎÔÛÇ][\w-]+ (?:(?:de|d’|du|von|van) ?)?[A-ZÀÂÉÈÊÎÔÛÇ][\w-]+"
)
"""Two words with a capital that no alias has: « Jean Coumaros »."""
_QUOTE = re.compile(r"[«“]\s*(?P<words>[^»”]+?)\s*[»”](?: \([^)]*\))? \[\d")
_WRITTEN = re.compile(r"(?P<words>[^\n]+?)\s*\[\d")
LEADS = re.compile(r"\b(?:dirig|direct\w+ general|presid|pilot|est a la tete|patron|pdg|head|lead|chair|run|ceo)")
"""Asks who is at the head of something; of folded text."""
_HANGS = re.compile(r"(?<![-'\w])(?:il|elle|ils|elles|it|he|she|they)(?![-'\w])|(?<=\w)-(?:t-)?(?:il|elle|ils|elles)\b")
_IMPERSONAL = re.compile(
    r"\bil (?:faut|faudra\w*|y a|s'agit|est (?:possible|vrai|interdit|prevu))\b|\b(?:faut|y a-t|est|s'agit|agit)-il (?:vrai|possible|de)?\b|"
    r"\b(?:is it|it is|it's|was it|it was)\b"
)


def hangs_on_answer(folded: str, mentions: Sequence[Mention], previous: str) -> bool:
    """Whether « il » stands for whom the answer before names: « Qui dirige Bleu ? », then « il faisait quoi avant ? ».

    Not where it comes after a name of its own sentence, nor in « il faut ».
    """
    pronoun = _HANGS.search(folded)
    if pronoun is None or _IMPERSONAL.search(folded) or not _ASKS_WHO.match(fold_in_place(previous)):
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
        for found in _PERSON.finditer(said)
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
