"""What the facts of the articles that a question may see say, with the sentences that say it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from trusted_cloud_chat.answering.wording import is_synthesis
from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.evidence.ranking import Selected
from trusted_cloud_chat.language.periods import Period
from trusted_cloud_chat.market import (
    SOON,
    FactBook,
    KnownFact,
    Offer,
    Promise,
    chronology,
    customers,
    expiring,
    newest,
    promises,
    staged,
)
from trusted_cloud_chat.schema import Article, Fact, Language, Span, Statement

_OVER = ("missed", "moved", "unknown")
_YEAR = timedelta(days=365)
_MOST = 12


@dataclass(frozen=True, slots=True)
class State:
    """How far an offer has come, and the sentence that proves it."""

    provider: str
    service: str | None
    stage: str
    since: PartialDate | None
    expires: PartialDate | None
    proof: Selected


@dataclass(frozen=True, slots=True)
class Known:
    """Safe to use from several threads."""

    book: Callable[[date | None], FactBook]
    """Of a day what was so then; None: the question's own."""
    offers: Callable[[FactBook], Sequence[Offer]]
    sentences: Callable[[Sequence[KnownFact]], Sequence[Selected | None]]
    """What says each fact; None where it is not in the index."""
    statement: Callable[[Article, Span], Statement | None] = lambda _article, _span: None
    """What was written down about a sentence."""

    def held(self, at: date | None = None, scheme: str = "", *, pending: bool = False) -> list[Offer]:
        """Those who hold a qualification, or are on the way to it."""
        book = self.book(at)
        return staged(book, scheme, pending=pending, rows=self.offers(book))

    def states(self, offers: Iterable[Offer]) -> list[State]:
        """The offers that have come to a stage, newest evidence first."""
        found = [(offer, fact) for offer in offers if (fact := _proof(offer))]
        told = zip(found, self.sentences([fact for _, fact in found]), strict=True)
        states = [_state(offer, proof) for (offer, _), proof in told if proof]
        return sorted(states, key=lambda one: -one.proof.published)

    def of(self, provider: str) -> list[State]:
        return self.states(offer for offer in self.offers(self.book(None)) if offer.provider == provider)

    def expiring(self, period: Period | None) -> list[State]:
        """Those whose qualification ends in the period, within six months without one: by computation."""
        book = self.book(None)
        first, last = (period.first, period.last) if period else (book.day, book.day + SOON)
        return self.states(expiring(book, first, last, list(self.offers(book))))

    def newest(self, name: str, attribute: str) -> Selected | None:
        """The sentence of the newest fact of that kind."""
        told = newest(self.book(None), name, attribute)
        return next(iter(self._said([told.best])), None) if told else None

    def missed(self, names: Sequence[str]) -> tuple[list[Selected], list[Promise]]:
        """Of the named, or of all, the promises whose day has passed and that nobody says were kept."""
        book = self.book(None)
        over = [one for one in promises(book) if one.due.last < book.day and one.outcome in _OVER]
        return self._promised([one for one in over if not names or one.subject in names])

    def _promised(self, made: Sequence[Promise]) -> tuple[list[Selected], list[Promise]]:
        return list(self._said([one.fact for one in made])), list(made)

    def customers(self, names: Sequence[str]) -> list[Selected]:
        """Who buys from the named, or from any."""
        book = self.book(None)
        told = [one for name in names or (None,) for one in customers(book, name)]
        return list(self._said([one.best for one in told]))

    def services(self, names: Sequence[str]) -> list[Selected]:
        """What the named offer, a sentence an offer with a name."""
        rows = [one for one in self.offers(self.book(None)) if one.provider in names and one.service]
        told = [one.offered.best if one.offered else one.newest for one in rows]
        return list(self._said([one for one in told if one is not None]))

    def chronology(self, name: str, attributes: Sequence[str] = ()) -> tuple[list[Selected], list[Promise]]:
        """Oldest first: what happened and what was promised, of the attributes where any are asked for, each event once."""
        events = [
            one
            for one in chronology(self.book(None), name)
            if not attributes or one.told.best.fact.attribute in attributes
        ]
        shown = [one.promise.fact if one.promise else one.told.best for one in events]
        return list(self._said(shown)), [one.promise for one in events if one.promise]

    def promised(
        self, name: str, attributes: Sequence[str], language: Language
    ) -> tuple[list[Selected], list[Promise]]:
        """Oldest first: each day that was promised, by most who say so, and what kept or missed it."""
        book, days = self.book(None), dict[tuple[str, date], Promise]()
        for one in sorted(promises(book, book.of(name)), key=lambda one: -len(one.told.facts)):
            if not attributes or one.attribute in attributes:
                days.setdefault((one.attribute, one.due.last), one)
        done = {(by.fact.attribute, by.since): by for one in days.values() if (by := one.by) and by.since}
        shown = (_in_language(one.fact, one.told.facts, language) for one in days.values())
        facts = sorted((*shown, *done.values()), key=lambda one: one.order)
        return list(self._said(facts)), list(days.values())

    def standing(self, name: str, attributes: Sequence[str], language: Language) -> list[Selected]:
        """The newest state by attribute, of those that are asked for or of all, newest first: in that language where somebody says it so,
        without promises that were kept, missed or moved, and without what is older than the newest by more than a year.
        """
        book, told = self.book(None), dict[str, list[KnownFact]]()
        facts = [*book.of(name, *attributes), *book.with_party(name, *attributes)]
        closed = {id(one) for made in promises(book, facts) if made.outcome != "open" for one in made.told.facts}
        for known in facts:
            row = book.vocabulary.row(known.fact.attribute)
            over = known.fact.status == "planned" and id(known) in closed
            if (row.promised or row.offer) and _is_dated(known) and not known.fact.reported and not over:
                told.setdefault(book.vocabulary.promised(known.fact.attribute), []).append(known)
        states = sorted((max(facts, key=_newness) for facts in told.values()), key=_newness, reverse=True)
        recent = [one for one in states if _newness(states[0])[0] - _newness(one)[0] <= _YEAR]
        return list(
            self._said(
                [_in_language(one, told[book.vocabulary.promised(one.fact.attribute)], language) for one in recent]
            )
        )

    def changed(self, period: Period, names: Sequence[str], language: Language) -> list[Selected]:
        """What happened in the time, by the day of the fact, newest first."""
        return list(self._said(self._dated(names, period.first, period.last, language)))

    def last_before(
        self, period: Period, names: Sequence[str], language: Language
    ) -> tuple[list[Selected], PartialDate | None]:
        """What happened before that time, newest first, and the day of the newest article."""
        days = [article.date for article in self.book(None).articles if article.date]
        found = self._said(self._dated(names, date.min, period.first, language)[:_MOST])
        return list(found), max(days, key=lambda day: day.first_day, default=None)

    def _dated(self, names: Sequence[str], first: date, last: date, language: Language) -> list[KnownFact]:
        """Facts at first hand with a day of that time, newest first: of one subject, kind and day one, in that language where somebody says it so."""
        book, told = self.book(None), dict[tuple[str, str, PartialDate], KnownFact]()
        facts = [one.best for one in book.joined(book.facts) if not one.reported]
        for known in sorted(facts, key=lambda one: one.article.language != language):
            day = known.since
            if day and day.day and first <= day.first_day <= last and (not names or book.subject(known) in names):
                told.setdefault((book.subject(known), known.fact.attribute, day), known)
        return sorted(told.values(), key=lambda one: one.order, reverse=True)

    def _said(self, facts: Sequence[KnownFact]) -> Iterator[Selected]:
        return (one for one in self.sentences(facts) if one is not None)


def _is_dated(known: KnownFact) -> bool:
    """Whether the time that it tells of is known, or when it was said: not where our own synthesis tells it without either."""
    own = known.fact.date or known.fact.start or known.said_by != "article"
    return known.when is not None and bool(own or not is_synthesis(known.article))


def _newness(known: KnownFact) -> tuple[date, bool, date, bool]:
    """What a state is newer by: the beginning of its time, that it is so rather than planned, when it was said, that it names a day."""
    days = [day.first_day if day else date.min for day in (known.when, known.said_on)]
    return days[0], known.fact.status != "planned", days[1], known.fact.due is not None


def _in_language(state: KnownFact, told: Sequence[KnownFact], language: Language) -> KnownFact:
    """The fact as somebody says it in that language: of the same status, and of the same value or due day."""
    fact = state.fact

    def same(other: Fact) -> bool:
        said = (other.due, fact.due) if fact.due else ((other.value, other.object), (fact.value, fact.object))
        return other.status == fact.status and said[0] == said[1] and bool(fact.due or fact.value)

    own = [one for one in told if one.article.language == language and same(one.fact)]
    return state if state.article.language == language else max(own, key=_newness, default=state)


def _proof(offer: Offer) -> KnownFact | None:
    """The fact that tells the stage, with its day where one is told."""
    if offer.stage is None:
        return None
    return offer.since.best if offer.since else offer.stage.fact


def _state(offer: Offer, proof: Selected) -> State:
    assert offer.stage is not None
    since = offer.since.best.since if offer.since else None
    expires = offer.expires.day if offer.expires else None
    return State(offer.provider, offer.service, offer.stage.id, since, expires, proof)
