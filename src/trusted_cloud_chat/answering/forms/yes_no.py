"""Whether a quote says yes or no to a question. Where it does not clearly decide, nobody does.

A wrong « oui » is worse than none, so a clause decides only when it is about the same subject, has the question's
predicate and nearly all of its words, and neither hedges nor falls short of what is asked (a milestone, an application).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from trusted_cloud_chat.answering.evidence import Reading
from trusted_cloud_chat.answering.forms.contradicted import contradicts
from trusted_cloud_chat.answering.forms.denials import denies_in_other_words, may_be_denied
from trusted_cloud_chat.answering.forms.polar_question import REMAINS, PolarQuestion
from trusted_cloud_chat.answering.names import missing_names
from trusted_cloud_chat.answering.polarity import DENYING, has_opposite
from trusted_cloud_chat.answering.scope import clouds_in
from trusted_cloud_chat.answering.selection import Selected
from trusted_cloud_chat.answering.timeline.stages import OF_A_THING, QUALIFICATION
from trusted_cloud_chat.answering.timeline.subject import NOT_MOVED
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.text import fold, lexical_tokens

Verdict = Literal["yes", "yes_for_service", "yes_if", "no", "not_as_of"]
"""`yes_for_service`: the quote says it of a service, the question asks it of its vendor. `yes_if`: the quote names conditions.
`not_as_of`: no, when it was written."""

_READ = 12
"""Sentences, best first, that may decide."""
_ENOUGH_FOR_YES = 0.75
_ENOUGH_FOR_NO = 0.6
"""Share of the question's words, by rarity, that the clause must have."""
_CLAUSE = re.compile(
    r"[;:] |, (?:mais\b|tandis qu|alors qu|et (?!de )|but\b|while\b|whereas\b|and\b)|(?<=\w) (?:tandis qu|alors qu|while|whereas)"
)
_NEGATED = re.compile(
    r"\bn(?:e |')(?:(?:y|l'|le|la|les|en|lui|se|s') ?)?(?P<verb>\w+) (?:(?:toujours|officiellement|encore|donc) )?"
    rf"(?:pas|plus|jamais|guere|point)\b{DENYING}"
    r"(?P<after>(?: [\w']+){0,5})|"
    r"\b(?P<aux>is|are|was|were|has|have|had|does|do|did|can|may|must|will|would)(?:n't| not)\b(?P<rest>(?: [\w']+){0,5})|"
    r"\b(?P<cannot>cannot)(?P<then>(?: [\w']+){0,4})"
)
_PROFORM = re.compile(
    r"\bn[e'] ?l'(?:est|ont|etait|a)\b|\bne le (?:sont|font|fait)\b|\b(?:is|are|does|do|has)(?:n't| not)$"
)
_PENDING = re.compile(
    r"\b(?:en cours de|en attente d[e']|attend(?:ent)?|esper(?:e|ent)|vis(?:e|ent)|brigu\w+|pas attendue?|awaiting|"
    r"expects?|hop(?:es|ed|ing)|aims?|seeks?|still working|encore attendre|retard\w*|report\w+)(?P<after>(?: [\w']+){0,6})"
)
_UNDECIDED = re.compile(
    r"\b(?:encore|toujours|still)\b(?: \w+){0,2} (?:(?:en|in|under) )?(?:cours de |phase de )?(?:negociations?|negoci|discussions?|debat\w*|examen|examine|trilogue|"
    r"negotiations?|negotiated|discussed|debated)"
)
"""What is so of a text is not adopted, in other words than those of the question."""
_MOVES = re.compile(r"\b(?:quitt|migr|bascul|rejoin|remplac|leav|left\b|mov(?:e|ing)|switch)")
_STAYS = re.compile(
    r"\b(?:encore|toujours|still)\b.*\b(?:chez|sur|heberge\w*|hosted|with|on|at)\b|\b(?:chez|heberge\w*|hosted)\b.*\b(?:encore|toujours|still)\b"
)
"""« Est-il encore chez Microsoft ? » is a yes where the move away is not made."""
_REMAINS = re.compile(rf"(?<!le )\b(?:{'|'.join(REMAINS.split())})\b(?! a\b)")
_IN_PLACE = re.compile(
    r"(?P<is>\b(?:reste|restent|demeure|est|sont|remains?|is)(?: (?!mis|set)\w+){0,2} )(?:en place|in place|in force)\b"
)
"""« Le DPF reste en place »: it is valid."""
_IN_PART = re.compile(r"\b(?:phase|etape|vague|tranche|partie|stage|wave|part)s?\b")
"""Of a move whose first phase is over no more is told."""
_STILL = "toujours encore still"
"""What « reste en place » says too."""
_DISPUTED = re.compile(
    r"\b(?:(?:se )?contredi\w+|(?:presente|decrit|juge)\w* differemment|ne concord\w+ pas|diverg\w+|disagree|contradict\w*|differ)\b"
)
_ATTESTED = re.compile(rf"{QUALIFICATION.pattern}|\bcertif\w+")
_OF_DAYS = re.compile(r".*\b(?:jalons?|milestones?|dates?|mois|months?|calendriers?)\b.*")
"""When something is to be so is another matter."""
_FALLEN = re.compile(r"\b(?:annul|invalid|abrog|interdi|tomb(?:e|ait|aient)|fell\b|fallen\b|banned\b|repealed\b)\w*")
_NOT_SO = re.compile(r"\b(?:non|not)(?: (?:yet|encore))? \w+")
_HOPED = re.compile(r"\b(?:esperai\w*|visai\w*|attendai\w*|comptai\w*|hoped|expected)\b")
_PAST = re.compile(r"\b(?:etai(?:t|ent)|avai(?:t|ent)|was|were|had)\b")
"""Tells of another time than the day on which it was written, which may be the one asked about: « la CNIL avait-elle demandé… ? »."""
HEDGE = re.compile(
    r"\b(?:peut-etre|probable\w*|sembl\w+|serai\w*|aurai\w*|pourrai\w*|conteste\w*|dement\w*|perhaps|might|could|would|allegedly|"
    r"affirm\w+|soutien(?:t|nent)|soutenai\w*|assur(?:e|ent|ait|aient)|estim(?:e|ent|ait|aient)|jug(?:e|ent|eait|eaient)|preten\w+|"
    r"consider(?:e|ent|ait|aient)|plaid\w+|(?:a|ont|avait) presente .{1,60} comme|se (?:dit|disent|presente\w*)|claim\w*|argu(?:e|es|ed)|maintain(?:s|ed)|"
    r"(?:has|have|had)? ?(?:describ|present)ed .{1,60} as)\b"
)
"""Also what somebody holds to be so: that is not yet so."""
_OBLIGATORY = re.compile(r"\b(?:oblig(?!e (?:a|les?|la)\b)|mandator|compulsor|required)")
_IS_OBLIGATORY = re.compile(r"\b(?:est|sont|is|are)\b.{0,40}\b(?:obligatoires?|obligee?s?|mandatory|compulsory)\b")
"""« HDS impose que… » is what it asks for, and no yes to whether it is obligatory itself."""
_ANNOUNCED = re.compile(r"\b(?:annonc\w*|announc\w*)\b(?! (?:avoir|etre|que|qu'|that|having))")
"""« AWS a annoncé un cloud souverain en Allemagne » is no yes to whether Germany has one; « a annoncé avoir franchi » tells what is done."""
_SHORT_OF = re.compile(
    r"\b(?:jalons?|j[0-3]|etapes?|dossiers?|candidat\w*|processus|audits?|demandes?|vers(?! (?:les |l')?(?:etats-unis|usa|pays|tiers)\b)|milestones?|applications?|towards?|"
    r"moins|less|plutot|detriment|presque|bientot|almost|nearly|soon|rather|instead|face a)\b"
)
"""What falls short of a yes, or tells of another: « moins de 24 % », « plutôt qu’OVHcloud »."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict, and the sentence that proves it."""

    verdict: Verdict
    proof: Selected
    dated: bool
    """Whether the verdict is about a state or an event, which holds for the day of the quote."""


def decide(
    asked: PolarQuestion | None,
    near: Sequence[Selected],
    entities: EntityBook,
    every: Callable[[], Sequence[Selected]] = tuple,
) -> Decision | None:
    """What the newest deciding sentence of `near` says; None where none decides, or the newest disagree.

    Where a move is asked about, `every` sentence found is looked through for one that says that it is not done.
    """
    if asked is None:
        return None
    if _STAYS.search(asked.folded) and (stays := _stays(asked, near, every(), entities)) is not None:
        return Decision("yes", stays, dated=True)
    found = [(choice, judge(asked, choice, entities)) for choice in near[:_READ]]
    if found and found[0][1] is None and contradicts(asked, near[0]):
        found[0] = (near[0], "no")
    if asked.of_qualification:
        # Of a state the newest sentence counts, wherever it stands.
        known = {choice for choice, _ in found}
        told = [c for c in every() if c not in known and _ATTESTED.search(fold(c.text))]
        found += [(choice, judge(asked, choice, entities)) for choice in told if asked.is_first(choice.text, entities)]
    if may_be_denied(asked):
        known = {choice for choice, _ in found}
        found += [(choice, "no") for choice in every() if choice not in known and denies_in_other_words(asked, choice)]
    if asked.of_move:
        found += [(choice, "not_as_of") for choice in every() if _not_moved(asked, choice, entities)]
    decided = [Decision(verdict, choice, asked.dated) for choice, verdict in found if verdict is not None]
    if not decided:
        return None
    newest = max(_day(decision) for decision in decided)
    latest = [decision for decision in decided if _day(decision) == newest]
    if len({decision.verdict.startswith("yes") for decision in latest}) > 1:
        return None
    # What was true is not undone by an absence of news: an older yes under a newer no is a matter for the reader.
    if not latest[0].verdict.startswith("yes") and any(d.verdict.startswith("yes") for d in decided):
        return None
    undecided = [choice for choice, verdict in found if verdict is None]
    if denies_in_other_words(asked, latest[0].proof):  # what fell is retold as what it was: « en vigueur depuis 2016 »
        undecided = [choice for choice in undecided if not _FALLEN.search(fold(choice.text))]
    if not latest[0].verdict.startswith("yes") and any(_may_undo(asked, c, newest, entities) for c in undecided):
        return None
    return latest[0]


def _stays(
    asked: PolarQuestion, near: Sequence[Selected], every: Sequence[Selected], entities: EntityBook
) -> Selected | None:
    """The newest sentence that says that a move is not made, where others tell of one from where it is asked about."""
    moves = [c for c in near[:_READ] if _MOVES.search(fold(c.text)) and asked.names_all(c.text, c.passage.article)]
    still = [c for c in every if _tells_no_move(asked, c, entities)]
    newest = max(still, key=lambda choice: choice.published, default=None)
    return newest if moves and newest and newest.published >= max(move.published for move in moves) else None


def disputed(
    asked: PolarQuestion | None, every: Callable[[], Sequence[Selected]], entities: EntityBook
) -> Selected | None:
    """The best sentence that says that sources disagree on the qualification asked about; None for another question."""
    if asked is None or not asked.of_qualification:
        return None
    return next(
        (
            choice
            for choice in every()
            if _DISPUTED.search(fold(choice.text))
            and QUALIFICATION.search(_OF_DAYS.sub("", fold(choice.text)))
            and asked.is_first(choice.text, entities)
        ),
        None,
    )


def _may_undo(asked: PolarQuestion, choice: Selected, newest: date, entities: EntityBook) -> bool:
    """Whether a sentence that decides nothing was published later than a no and is about the same thing."""
    article = choice.passage.article
    if article.date is None or article.date.middle <= newest:
        return False
    reading = Reading(choice.text, article.language, article.date.last_day, entities)
    said = not missing_names(asked.reading.names, reading.names, article.language)
    if not said or not asked.has_predicate(choice.text, article.language):
        return False
    # « n’était toujours pas adopté », « un schéma non adopté », « se fait encore attendre », told later, undo no « pas ».
    folded = fold(choice.text)
    return not any(pattern.search(folded) for pattern in (_NEGATED, _NOT_SO, _PENDING))


def judge(asked: PolarQuestion, choice: Selected, entities: EntityBook) -> Verdict | None:
    """The verdict of one sentence."""
    if _not_moved(asked, choice, entities):
        return "not_as_of"
    if denies_in_other_words(asked, choice):
        return "no"
    article = choice.passage.article
    valid = "valid" if article.language == "en" else "valable"
    text = _IN_PLACE.sub(rf"\g<is>{valid}", " ".join(choice.text.split()))
    day = article.date.last_day if article.date else asked.reading.day
    whole = Reading(text, article.language, day, entities)
    if missing_names(asked.reading.names, whole.names, article.language) or not asked.figures <= whole.stems:
        return None
    if asked.of_qualification and OF_A_THING.search(fold(text)):
        return None
    told: list[tuple[Verdict, str]] = []
    before = ""
    for clause in _clauses(text):
        inherited = f"{before} {clause}" if _PROFORM.search(fold(clause)) else clause
        verdict = _judge_clause(asked, clause, Reading(inherited, article.language, day, entities))
        if verdict is not None:
            told.append((verdict, fold(clause)))
        before = clause
    verdicts = [verdict for verdict, _ in told]
    if not verdicts:
        return None
    if len(set(verdicts)) > 1:
        # « Qualifié pour l’un, mais l’autre ne l’est pas » answers a question about the vendor in part, one about a cloud by its clause.
        if clouds := clouds_in(asked.folded):
            own = {verdict for verdict, clause in told if clouds <= clouds_in(clause)}
            return own.pop() if len(own) == 1 else None
        return "yes_for_service" if verdicts[0] == "yes_for_service" else None
    return verdicts[0]


def _not_moved(asked: PolarQuestion, choice: Selected, entities: EntityBook) -> bool:
    """Whether the sentence says that the one asked about has not made its move: « La migration n’est toujours pas effective »."""
    return asked.of_move and _tells_no_move(asked, choice, entities)


def _tells_no_move(asked: PolarQuestion, choice: Selected, entities: EntityBook) -> bool:
    return bool(NOT_MOVED.search(fold(choice.text))) and asked.is_first(choice.text, entities)


def _judge_clause(asked: PolarQuestion, clause: str, reading: Reading) -> Verdict | None:
    folded = fold(clause)
    language = reading.language
    clouds, told = clouds_in(asked.folded), clouds_in(folded)
    if clouds and told and not clouds <= told:
        return None  # « son cloud public » tells nothing of the private one
    still = _STILL if _REMAINS.search(folded) else ""
    said = set(re.findall(r"\w+", f"{folded} {still}"))
    if not asked.is_about(clause, reading.entities) or not asked.scope <= said:
        return None
    stems = reading.stems | set(lexical_tokens(still, language, keep_stopwords=True))
    undecided = bool(_UNDECIDED.search(folded)) and asked.of_adoption
    if undecided:
        stems = stems | asked.predicate
    share = asked.share_in(stems, language)
    if share < _ENOUGH_FOR_NO:
        return None
    if asked.dated and (_HOPED.search(folded) or (_PAST.search(folded) and not _PAST.search(asked.folded))):
        return None
    negated = _NEGATED.search(folded)
    if negated or _PROFORM.search(folded):
        near = " ".join(part for part in (negated.groupdict().values() if negated else ()) if part)
        if _PROFORM.search(folded) or asked.has_predicate(near, language):
            return "not_as_of" if asked.dated else "no"
        return None
    if undecided:
        return "not_as_of" if asked.dated else None
    pending = _PENDING.search(folded)
    if pending:
        waits = asked.dated and asked.has_predicate(pending.group("after"), language)
        return "not_as_of" if waits else None
    return _confirms(asked, folded, reading) if share >= _ENOUGH_FOR_YES else None


def _confirms(asked: PolarQuestion, folded: str, reading: Reading) -> Verdict | None:
    polarity = reading.polarity
    if polarity.strong or polarity.weak or polarity.restrictions or polarity.denials or polarity.plans:
        return None
    if _IS_OBLIGATORY.search(asked.folded) and not _OBLIGATORY.search(folded):
        return None
    if _ANNOUNCED.search(folded) and not _ANNOUNCED.search(asked.folded):
        return None
    if has_opposite(asked.folded, folded) or (asked.of_move and _IN_PART.search(folded)):
        return None
    short = set(_SHORT_OF.findall(folded)) - set(_SHORT_OF.findall(asked.folded))
    if short or HEDGE.search(folded) or not asked.is_said_in(reading.text, reading.language, reading.entities):
        return None
    if missing_names(asked.reading.names, reading.names, reading.language):
        return None  # « … appartient à Orange, et Microsoft n’y intervient pas » names Microsoft in another clause
    return "yes_for_service" if asked.is_of_service(folded) else "yes"


def _clauses(text: str) -> list[str]:
    return [clause.strip() for clause in _CLAUSE.split(text) if clause.strip()]


def _day(decision: Decision) -> date:
    published = decision.proof.passage.article.date
    return published.middle if published else date.min
