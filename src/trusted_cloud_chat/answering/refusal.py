"""Composes refusals of two or three sentences, and answers with the nearest quotes."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from trusted_cloud_chat.answering.compose import Quotes
from trusted_cloud_chat.answering.decision import Decision
from trusted_cloud_chat.answering.nearest import Related
from trusted_cloud_chat.answering.templates import worded
from trusted_cloud_chat.answering.wording import NBSP, colon, extent_of, of_day, on_page, typographic
from trusted_cloud_chat.dates import PartialDate, spoken_day
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.evidence.gathering import Evidence
from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.language.normalise import one_line
from trusted_cloud_chat.schema import Answer, Coverage, Language, Query

_SUBJECTS = 4
_MARGIN = 1.5
"""Maximum difference in score at which a second quote is shown."""
_PLACES = 3
_LEAST = 0.2
"""Minimum relevance (0 to 1) of a passage that is suggested."""


@dataclass(frozen=True, slots=True)
class Refusing:
    """The input of a refusal."""

    question: str
    evidence: Evidence
    decision: Decision
    quotes: Quotes
    coverage: Coverage
    """The articles searched; with `as_of`, those published by that day."""
    whole: Coverage
    """The articles of any date."""
    subjects: Sequence[str] = ()
    """The main subjects of the articles, if the question is outside the corpus."""
    denying: Selected | None = None
    """The sentence that contradicts the question's premise."""
    later: PartialDate | None = None
    """The date of an answer published after `as_of`."""
    related: Related | None = None
    """The newest fact about the subject and attribute of the question."""


def beside(answer: Answer, decision: Decision) -> Answer:
    """`answer`; below a note on its period if a check objected but did not prevent the answer."""
    if not decision.because:
        return answer
    return replace(answer, answer=f"{worded('of_another_time', answer.language)}\n\n{answer.answer}")


def refuse(case: Refusing) -> Answer:
    """The sentence that contradicts the question's premise, if any; else the reason, the extent of the search and where to look."""
    query = case.evidence.question.query
    if case.denying is not None:
        return _answer(
            case,
            [worded("because_denied", query.language), case.quotes.line(case.quotes.add(case.denying), leads=True)],
        )
    lines = [" ".join([_why(case, query), _covered(case, query)])]
    places = _places(case.evidence) if case.decision.reason == "not_in_corpus" else []
    if places:
        lines.append(
            "\n".join(
                [worded("where_to_look", query.language), *(f"- {_place(one, query.language)}" for one in places)]
            )
        )
    return _answer(case, lines)


def _places(evidence: Evidence) -> list[Selected]:
    """The best sentence of each of the nearest articles."""
    first = {one.passage.article.article_id: one for one in reversed(evidence.ranked) if one.passage.score >= _LEAST}
    return sorted(first.values(), key=lambda one: -one.score)[:_PLACES]


def _place(one: Selected, language: Language) -> str:
    """« Titre (12 mars 2026), p. 3, Livre Ier »: the place of a sentence, without its text."""
    article = one.passage.article
    day = f" ({article.date.spoken(language)})" if article.date else ""
    return f"{one_line(typographic(article.title))}{day}{on_page(article, one.span.start)}"


def nearest(case: Refusing) -> Answer:
    """The newest related fact; else the best sentence in context and a second of similar score; after `check.since` the newer of these two."""
    language, because = case.evidence.question.query.language, case.decision.because
    if "check.since" in because:
        shown = [max(_nearest(case.evidence), key=lambda one: one.published)]
        said = case.quotes.citations[case.quotes.add(shown[0]) - 1].said_on
        about, day = "", said or shown[0].passage.article.dated
    elif case.related is not None:
        about, day = case.related.about(language), case.related.fact.when
        shown = [case.related.selected]
    else:
        other = "none_of_that_time" if because[-1:] == ("check.period",) else "no_certain_answer"
        return _answer(case, [worded(other, language), *_led(case, _nearest(case.evidence))])
    opening = worded("not_since" if "check.since" in because else "not_said", language)
    opening += f" {'on' if language == 'en' else 'sur'} {about}" if about else ""
    if day is not None:
        opening += f", {of_day(day)}" if language == "fr" else f", {day.spoken('en')}"
    return _answer(case, [opening + colon(language), *_led(case, shown)])


def _led(case: Refusing, shown: Sequence[Selected]) -> list[str]:
    """The paragraphs of the quotes: the first in context, the others as further extracts."""
    first, *_ = [case.quotes.add(one) for one in shown]
    said = case.quotes.line(first, leads=True)
    return list(filter(None, (said, case.quotes.further(said))))


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
    foreign = case.decision.because[:1] == ("check.foreign",)
    return worded("because_foreign" if foreign else "because_unsure", query.language)


def _covered(case: Refusing, query: Query) -> str:
    """The extent of the search: « Recherche faite dans 179 articles parus de décembre 2014 à août 2026. »"""
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
    """The most frequent names in several titles: known actors, else capitalised words after the first."""
    titles = list(titles)
    counts = Counter(name for title in titles for name in {mention.entity.name for mention in entities.actors(title)})
    if not counts:
        inside = ({word for word in title.split()[1:] if word[:1].isupper() and word.isalpha()} for title in titles)
        counts = Counter(word for words in inside for word in words)
    return [name for name, count in counts.most_common(_SUBJECTS) if count > 1]
