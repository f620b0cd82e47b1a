"""What the facts of the articles that a question may see say, with the sentences that say it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

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
from trusted_cloud_chat.schema import Article, Span, Statement

_OVER = ("missed", "moved", "unknown")


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

    def standing(self, name: str, attributes: Sequence[str] = ()) -> list[Selected]:
        """The newest state by attribute, of those that are asked for or of all, newest first."""
        book, newest_of = self.book(None), dict[str, KnownFact]()
        for known in book.of(name, *attributes):
            row = book.vocabulary.row(known.fact.attribute)
            if (row.promised or row.offer) and not known.fact.reported and known.when:
                newest_of[known.fact.attribute] = known
        return list(self._said(sorted(newest_of.values(), key=lambda one: one.order, reverse=True)))

    def changed(self, period: Period, names: Sequence[str] = ()) -> list[Selected]:
        """What happened in the time, by the day of the fact, newest first."""
        book = self.book(None)
        told = [
            one
            for one in book.joined(book.facts)
            if (day := one.best.since) and day.day and period.first <= day.first_day and day.last_day <= period.last
            if not names or book.subject(one.best) in names
        ]
        return list(self._said([one.best for one in reversed(told)]))

    def _said(self, facts: Sequence[KnownFact]) -> Iterator[Selected]:
        return (one for one in self.sentences(facts) if one is not None)


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
