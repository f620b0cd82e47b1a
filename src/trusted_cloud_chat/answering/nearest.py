"""Finds the newest fact about the subject and attribute of a question, to be shown if nothing answers it."""

from collections.abc import Sequence
from dataclasses import dataclass

from trusted_cloud_chat.answering.forms.known import Known
from trusted_cloud_chat.evidence.gathering import Evidence
from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.language.words import words
from trusted_cloud_chat.market.book import FactBook
from trusted_cloud_chat.market.known import KnownFact
from trusted_cloud_chat.market.offers import newest
from trusted_cloud_chat.schema import Language

_LOOKED_AT = 5
"""Number of best sentences whose facts decide subject and attribute."""
_ALIKE = 0.75
"""Minimum cosine at which the question and a stored question ask for the same attribute."""


@dataclass(frozen=True, slots=True)
class Related:
    """The newest fact, its sentence, its subject and its attribute."""

    fact: KnownFact
    selected: Selected
    subject: str
    attribute: tuple[str, str]
    """The label in French and in English."""

    def about(self, language: Language) -> str:
        return f"{self.subject} ({self.attribute[language == 'en'].lower()})"


def related(evidence: Evidence, known: Known | None) -> Related | None:
    """The newest fact; None if the question has no name, or no close sentence has a fact about one of its names."""
    query = evidence.question.query
    names = {fold(name) for name in query.entities}
    if known is None or not names:
        return None
    book = known.book(None)
    for one in evidence.ranked[:_LOOKED_AT]:
        if one.vote is None or one.vote.likeness < _ALIKE:
            continue
        for near in known.told(one):
            row = book.vocabulary.row(near.fact.attribute)
            if row.answers and query.kind not in row.answers:
                continue
            subject = next((name for name in about(book, near) if fold(name) in names), None)
            told = newest(book, subject, near.fact.attribute, near) if subject else None
            if subject is None or told is None:
                continue
            same = (known for known in told.facts if known.article.language == query.language)
            fact = told.best if told.best.article.language == query.language else next(same, told.best)
            fact = max(near, fact, key=lambda one: one.order[1])  # by day of the statement, not of the event
            found = next(iter(known.sentences([fact])), None)
            if found is not None:
                return Related(fact, found, subject, (row.label("fr"), row.label("en")))
    return None


def about(book: FactBook, known: KnownFact) -> list[str]:
    """The names in a fact: its subject, its service and the other party."""
    named = (known.fact.service, known.fact.object)
    return [book.subject(known), *(book.wording.name(name) for name in named if name)]


def subjects(book: FactBook, told: Sequence[KnownFact]) -> list[str]:
    """The names of the facts' subjects, then of their other parties, if capitalised."""
    parties = [*(one.fact.subject for one in told), *(one.fact.object for one in told)]
    named = (book.wording.name(part) for part in parties if part and words(part) and words(part)[0].has_capital)
    return list(dict.fromkeys(named))
