"""What a question asks about by name (a turnover, a price, a takeover) and whether quotes speak of it at all.

The reader is at times sure of sentences about the right company and the wrong matter. Where none of the quotes, nor a title
cited, has a word of the matter, they are no answer. Of 1,516 questions about articles that the reader did not learn from, those at
or above a threshold of 0.40 when it was made, it refused 9 of the 271 that nothing answers, and of the 1,245 others one, whose
quotes were beside the point.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from trusted_cloud_chat.answering.matters import (
    ACTS,
    EVENTS,
    LED_BY,
    NAME_OF,
    PRICE,
    SAID_BY,
    SAYS,
    SLIPPED,
    STEPS,
    TOLD_FIRST,
    VALUES,
    WHO,
    Matters,
)
from trusted_cloud_chat.answering.partial import just_before, names_other_laws, names_others
from trusted_cloud_chat.answering.premise import said_to_have_happened
from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.schema import Citation, Query
from trusted_cloud_chat.text import fold
from trusted_cloud_chat.understanding.antecedents import PERSON
from trusted_cloud_chat.understanding.asked import holds_kind

_REACH = 3.0
"""A sentence that speaks of the matter comes before better ones that do not when it scores at most this far below the best."""
_FAR = 4.0
"""That a date slipped is told in few of the words that announce it: « Le calendrier a glissé »."""

_OF_WHAT_HAPPENED = ("why", "how", "date", "who")
"""Kinds of question that are about something which happened, and not about whether it did."""
_OF_REFUSAL = re.compile(
    r"\b(?:pas|jamais|plus|not|never|refus\w*|rejet\w*|reject\w*|ecart\w*|dismiss\w*|demand\w*|ask\w*|sought|seek\w*|veut|voul\w*|peu(?:t|vent)|can|could|"
    r"request\w*|prononc\w*|decid\w*|saisi\w*|ruled?)\b|n't\b"
)
"""« Qui a demandé de suspendre EMC2 ? », « Pourquoi a-t-il refusé ? » take no suspension for granted."""


def untold_matter(query: Query, citations: Sequence[Citation], entities: EntityBook) -> bool:
    """Whether the question names a matter, and no quote with its title speaks of any that it names.

    Where the question names actors, a quote that names others alone does not count, whatever its title names; where
    a figure or a fact is asked for, nor does one of nobody unless its title or what stands before names one of them. Where it
    names laws, one that names others alone under a title that names none of them does not count either.
    """
    further = {"yes_no": STEPS, "date": (*EVENTS, *STEPS)}.get(query.kind, EVENTS)
    if _did_not_happen(query, citations):
        return True
    values, roles = _asked(query, (*PRICE, *VALUES, *TOLD_FIRST, *further))
    acts, _ = _asked(query, ACTS)
    if acts and not _any_told(acts, [citation.quote for citation in citations]):
        return True
    if not values and not roles:
        return False
    said = [f"{citation.article.title}\n{citation.quote}" for citation in citations]
    actors = {mention.entity.name for mention in entities.actors(query.text)}
    about = [
        text
        for text, citation in zip(said, citations, strict=True)
        if not actors or _about(citation, actors, entities, sure=query.kind in ("number", "fact"))
    ]
    if laws := _laws(query, entities):
        about = [text for text in about if not names_other_laws(text, laws, entities)]
    speaker = _speaker(query, entities)
    if speaker:
        about = [
            text
            for text in about
            if _spoken_by(speaker, text, entities) and _of_subject(query, speaker, text, entities)
        ]
        if any(SAID_BY.search(fold(line)) for text in about for line in text.splitlines()):
            return False
    return not (_any_told(values, about) or _any_told(roles, [citation.quote for citation in citations]))


def _did_not_happen(query: Query, citations: Sequence[Citation]) -> bool:
    """Whether the question takes an event for granted that a quote says was refused, and that none says happened."""
    question = fold(query.text)
    if query.kind not in _OF_WHAT_HAPPENED:
        question = said_to_have_happened(question)
    if not question or _OF_REFUSAL.search(question):
        return False
    for matter in EVENTS:
        if matter.otherwise is None or not matter.is_asked(question):
            continue
        refused = [bool(matter.otherwise.search(fold(citation.quote))) for citation in citations]
        said = (fold(f"{citation.article.title}\n{citation.quote}") for citation in citations)
        told = [not no and bool(matter.happened.search(text)) for no, text in zip(refused, said, strict=True)]
        if any(refused) and not any(told):
            return True
    return False


def telling(query: Query, ranked: Sequence[Selected], entities: EntityBook) -> Sequence[Selected]:
    """Of `ranked`, best first, those that speak of the price, event or role asked about, of one of those who are named or of nobody.

    Of a price only those that have a sum, where one is asked for.

    All of `ranked` where none is asked about, or no sentence that comes near the best one does.
    """
    values, roles = _asked(query, (*PRICE, *TOLD_FIRST, *LED_BY, *EVENTS, *(VALUES if query.kind == "yes_no" else ())))
    late = _asked(query, SLIPPED)[0] if query.kind == "yes_no" else []
    matters = [*values, *roles, *late, *_asked(query, ACTS)[0]]
    reach = _FAR if late else _REACH
    if not matters or not ranked:
        return ranked
    actors = {mention.entity.name for mention in entities.actors(query.text)}
    laws = _laws(query, entities)
    speaker = _speaker(query, entities)

    def tells(choice: Selected) -> bool:
        spoken = bool(speaker and SAID_BY.search(fold(choice.text)))
        if choice.score < ranked[0].score - reach or not (spoken or _any_told(matters, [choice.text])):
            return False
        if speaker and not _spoken_by(speaker, choice.text, entities):
            return False
        if query.kind == "number" and holds_kind("number", query.text, choice.text) < 0:
            return False
        around = f"{choice.passage.article.title}\n{choice.text}"
        if laws and query.kind == "yes_no" and not entities.named(around, laws):
            return False  # what is still valid of another law
        return not actors or bool(entities.named(around, actors)) or not entities.actors(choice.text)

    return [choice for choice in ranked if tells(choice)] or ranked


def _laws(query: Query, entities: EntityBook) -> set[str]:
    return {mention.entity.name for mention in entities.find(query.text) if mention.entity.kind == "law"}


def _speaker(query: Query, entities: EntityBook) -> str | None:
    """Who is asked about for what they said, « Que pense l’ANSSI de S3NS ? », a person or a known name; None where that is not asked."""
    question = fold(query.text)
    if not any(matter.is_asked(question) for matter in SAYS):
        return None
    first = next(iter(entities.find(query.text)), None)
    somebody = PERSON.search(query.text, 1, first.start if first else len(query.text))
    if somebody is not None:
        return somebody[0]
    return first.entity.name if first else None


def _spoken_by(speaker: str, text: str, entities: EntityBook) -> bool:
    """Whether the text names who is asked about; a person by the last name alone, too."""
    return bool(entities.named(text, {speaker})) or fold(speaker).split()[-1] in re.findall(r"[\w-]+", fold(text))


def _of_subject(query: Query, speaker: str, text: str, entities: EntityBook) -> bool:
    """Whether the text names one of those whom the question names beside the speaker, should it name any."""
    others = {mention.entity.name for mention in entities.find(query.text)} - {speaker}
    return not others or bool(entities.named(text, others))


def _asked(query: Query, matters: Matters) -> tuple[list[re.Pattern[str]], list[re.Pattern[str]]]:
    """What a text has that speaks of those of `matters`, and of the roles, that the question names."""
    question = fold(query.text)
    values = [matter.told for matter in matters if matter.is_asked(question)]
    somebody = query.kind == "who" or NAME_OF.search(question)
    roles = [matter.told for matter in WHO if somebody and matter.is_asked(question)]
    return values, roles


def _about(citation: Citation, actors: Collection[str], entities: EntityBook, *, sure: bool) -> bool:
    """Whether the quote names one of `actors`, or nobody; where it must be `sure`, under a title or after a sentence that does."""
    if names_others(citation.quote, actors, entities):
        return False
    if not sure or entities.named(citation.quote, actors):
        return True
    before = just_before(citation).rpartition("\n\n")[2]  # another paragraph may be about another
    return bool(entities.named(f"{citation.article.title}\n{before}", actors))


def _any_told(matters: Sequence[re.Pattern[str]], texts: Sequence[str]) -> bool:
    return any(told.search(fold(text)) for told in matters for text in texts)
