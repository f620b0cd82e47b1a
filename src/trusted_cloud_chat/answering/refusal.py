"""Answers that say why there is none, in two or three sentences; and the nearest quotes, given as no more than that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from trusted_cloud_chat.answering.compose import Quotes
from trusted_cloud_chat.answering.decision import Decision
from trusted_cloud_chat.answering.wording import NBSP, extent_of, of_day
from trusted_cloud_chat.dates import PartialDate, spoken_day
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.evidence.gathering import Evidence
from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.schema import Answer, Coverage, Query

_SUBJECTS = 4
_MARGIN = 1.5
"""How far below the first one's score a second quote's may be."""
NO_CERTAIN_ANSWER = {
    "fr": f"Pas de réponse certaine{NBSP}; ce qui s’en approche le plus{NBSP}:",
    "en": "No certain answer; what comes nearest:",
}
_BECAUSE: Mapping[str, tuple[str, str]] = {
    "check.foreign": ("Cette question semble étrangère au sujet des articles.", "This question seems foreign to what the articles are about."),
    "check.denied": ("Ce que la question tient pour acquis est démenti.", "What the question takes for granted is denied."),
    "check.nobody": ("Aucun article paru au {day} ne dit qui était {what}.", "No article published by {day} says who was {what}."),
    "check.name": ("Aucune phrase retenue ne porte sur {what}.", "No sentence that was kept is about {what}."),
    "check.period": ("Aucune phrase retenue ne porte sur la période demandée.", "No sentence that was kept is about the time asked of."),
    "": ("Je n’ai pas trouvé la réponse dans les articles.", "I did not find the answer in the articles."),
}  # fmt: skip
"""What each check says where it is the first that objects, in French and English."""


@dataclass(frozen=True, slots=True)
class Refusing:
    """What a refusal is worded from."""

    question: str
    evidence: Evidence
    decision: Decision
    quotes: Quotes
    coverage: Coverage
    """What was searched; with the question's `as_of`, what had been published by then."""
    whole: Coverage
    """What there is on any day."""
    subjects: Sequence[str] = ()
    """What the articles are about, where the question is about something else."""
    denying: Selected | None = None
    """The sentence that says what is so in place of what the question takes for granted."""
    later: PartialDate | None = None
    """When something that answers was published, after the day asked of."""
    nobody: str | None = None
    """The stage, and the day of it, that no article names anybody at."""


def refuse(case: Refusing) -> Answer:
    """Why there is no answer and what the articles cover; a sentence that denies the question's premise comes first."""
    query = case.evidence.question.query
    lines = []
    if case.denying is not None:
        lines.append(case.quotes.line(case.quotes.add(case.denying)))
    lines.append(" ".join([_why(case, query), _covered(case, query)]))
    return _answer(case, lines)


def nearest(case: Refusing) -> Answer:
    """The best sentence, marked, with those around it, and the best of another passage where it comes about as near."""
    lines = [NO_CERTAIN_ANSWER[case.evidence.question.query.language]]
    first, *others = (case.quotes.add(one) for one in _nearest(case.evidence))
    lines.append(case.quotes.line(first, leads=True))
    return _answer(case, [*lines, *filter(None, [case.quotes.further("")] if others else ())])


def _nearest(evidence: Evidence) -> list[Selected]:
    first = evidence.ranked[0]
    others = (one for one in evidence.ranked[1:] if one.passage.chunk.chunk_id != first.passage.chunk.chunk_id)
    second = next(others, None)
    return [first, second] if second is not None and second.score >= first.score - _MARGIN else [first]


def _answer(case: Refusing, lines: list[str]) -> Answer:
    query = case.evidence.question.query
    return Answer(
        question=case.question,
        query=query,
        answer="\n\n".join(lines),
        sentences=case.quotes.sentences,
        citations=tuple(case.quotes.citations),
        passages=case.evidence.passages,
        outcome=case.decision.outcome,
        refusal_reason=case.decision.reason or "not_in_corpus",
        missing=(query.text,),
    )


def _why(case: Refusing, query: Query) -> str:
    english = query.language == "en"
    day = spoken_day(query.as_of or query.today, query.language)
    if case.later is not None:
        if english:
            return f"Nothing published by {day} answers this; an article of {case.later.spoken('en')} does."
        return f"Rien de ce qui était publié au {day} n’y répond{NBSP}; un article {of_day(case.later)}, si."
    if not case.coverage.articles:
        return f"No article had been published by {day}." if english else f"Aucun article n’était encore paru au {day}."
    because = next(iter(case.decision.because), "")
    names = [entity.name for entity in case.evidence.question.actors]
    what = case.nobody if because == "check.nobody" else (" or " if english else " ou ").join(names)
    return _BECAUSE.get(because, _BECAUSE[""])[english].format(what=what, day=day)


def _covered(case: Refusing, query: Query) -> str:
    """« Recherche faite dans 179 articles parus de décembre 2014 à août 2026. »"""
    if query.within:
        english = "Searched: only the articles that the filters leave."
        return (
            english if query.language == "en" else "Recherche faite dans les seuls articles que laissent les filtres."
        )
    searched = case.coverage.articles > 0
    coverage = case.coverage if searched else case.whole
    where = extent_of(coverage, query.language)
    subjects = ", ".join(case.subjects)
    if query.language == "en":
        said = f"{'Searched: ' if searched else 'The corpus has '}{where}"
        return f"{said}, about {subjects} among others." if subjects else f"{said}."
    said = f"{'Recherche faite dans' if searched else 'Le corpus compte'} {where}"
    return f"{said}{NBSP}; il y est question de {subjects}, entre autres." if subjects else f"{said}."


def subjects_of(titles: Iterable[str], entities: EntityBook) -> list[str]:
    """The names that most titles have: those of the list of names, else words written with a capital inside them."""
    titles = list(titles)
    counts = Counter(name for title in titles for name in {mention.entity.name for mention in entities.actors(title)})
    if not counts:
        inside = ({word for word in title.split()[1:] if word[:1].isupper() and word.isalpha()} for title in titles)
        counts = Counter(word for words in inside for word in words)
    return [name for name, count in counts.most_common(_SUBJECTS) if count > 1]
