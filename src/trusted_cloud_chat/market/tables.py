"""The facts of an index, arranged once per generation and day; customers, prices, the chronology of an actor, and changes since a day."""

import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.entities import EntityBook
from trusted_cloud_chat.index.snapshots import Index
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.market.book import FactBook
from trusted_cloud_chat.market.known import KnownFact, Told, grouped, in_order
from trusted_cloud_chat.market.offers import Offer, offers
from trusted_cloud_chat.market.promises import Promise, promises, superseded
from trusted_cloud_chat.market.vocabulary import Vocabulary
from trusted_cloud_chat.schema import Article, Fact, FactStatus, Passage, Span, Statement

_SALES = ("contract", "customer")
_BY_OTHERS = (*_SALES, "acquisition", "decision", "partnership")
"""Attributes whose facts are also in the chronology of their other party (`object`)."""
_PRICES = ("price", "duration")
SOON = timedelta(days=183)
"""Period within which expiring qualifications are shown."""
Within = frozenset[tuple[str, str]] | None
"""(article id, version) of the articles that count; None: all."""
_KEPT = 16
"""Books in the cache: several readers use the same days."""


@dataclass(frozen=True, slots=True)
class Sale:
    """A buyer and a supplier, with all sources."""

    buyer: str
    supplier: str
    told: tuple[KnownFact, ...]
    """Oldest first."""
    shown: KnownFact
    """The newest fact that names the purchase, else the newest."""
    service: str | None
    amount: KnownFact | None
    """The newest fact with an amount; others may be in `contradictions`."""
    day: PartialDate | None
    status: FactStatus
    contradictions: tuple[tuple[Told, Told], ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """A line of a chronology: a promise on the day of its announcement, or a fact."""

    day: PartialDate | None
    told: Told
    promise: Promise | None = None


def buyers(book: FactBook) -> list[Sale]:
    """Contracts and customers, a line per buyer and supplier; newest first."""
    pairs = grouped(
        ((book.wording.name(fact.object), book.subject(known)), known)
        for known in book.of(None, *_SALES)
        if (fact := known.fact).object and (fact.status != "planned" or fact.due or fact.end or fact.unit)
    )
    sales = [_sale(book, buyer, supplier, in_order(facts)) for (buyer, supplier), facts in pairs.items()]
    return sorted(sales, key=lambda sale: sale.told[-1].order, reverse=True)


def _sale(book: FactBook, buyer: str, supplier: str, facts: list[KnownFact]) -> Sale:
    amounts = [known for known in facts if book.wording.numbers(known.fact, known.article.language) and known.fact.unit]
    days = (known.fact.date or known.fact.start for known in facts if known.fact.status != "denied")
    what = [(known, known.fact.service or (None if known in amounts else known.fact.value)) for known in facts]
    shown, service = next((one for one in reversed(what) if one[1]), (facts[-1], None))
    return Sale(
        buyer,
        supplier,
        tuple(facts),
        shown,
        service,
        amounts[-1] if amounts else None,
        next(filter(None, days), None),
        facts[-1].fact.status,
        tuple(book.contradictions(facts)),
    )


def prices(book: FactBook) -> list[Told]:
    return sorted(
        book.joined(book.of(None, *_PRICES)), key=lambda told: (fold(book.subject(told.best)), told.best.order)
    )


def chronology(book: FactBook, actor: str) -> list[Event]:
    """Promises with their outcomes, dated facts, facts of the qualification, and what others bought from an actor, agreed with it or decided about it; oldest first."""
    facts = [*book.of(actor), *book.with_party(actor, *_BY_OTHERS)]
    made = promises(book, facts)
    promised = {id(known) for promise in made for known in promise.told.facts}
    rows = ((known, book.vocabulary.row(known.fact.attribute)) for known in facts if id(known) not in promised)
    told = book.joined(one for one, row in rows if one.fact.date or one.fact.start or row.kind in ("scheme", "step"))
    events = [Event(promise.told.facts[0].when, promise.told, promise) for promise in made]
    events += [Event(each.best.when, each) for each in told]
    return sorted(events, key=lambda event: event.told.best.order if not event.promise else event.told.facts[0].order)


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes since a day, in order of time; `facts` by actor."""

    since: date
    facts: dict[str, tuple[Told, ...]]
    """Facts that are stated on or after that day and are about that day or later."""
    stages: tuple[tuple[Offer, Offer | None], ...]
    """Offers whose stage has changed, each as it is and as it was; None for a new one."""
    due: tuple[Promise, ...]
    """Promises that fell due."""
    expiring: tuple[Offer, ...]
    """Offers whose qualification expires within six months, as calculated."""
    articles: tuple[Article, ...]
    last: PartialDate | None
    """The date of the newest article, the end of the corpus."""


def changes(book: FactBook, before: FactBook, since: date, arrived: Collection[str] | None = None) -> Changes:
    """The changes from `before`, the same book as of `since`, to `book`; with `arrived`, the facts of these articles."""

    def is_new(known: KnownFact) -> bool:
        if arrived is not None:
            return known.article.article_id in arrived
        return bool(known.said_on and known.when and min(known.said_on.first_day, known.when.last_day) >= since)

    new = [known for known in book.facts if is_new(known)]
    actors = grouped((book.subject(known), known) for known in new)
    now = offers(book)
    earlier = {(offer.provider, _key(before, offer)): offer for offer in offers(before)}
    moved = []
    for offer in now:
        was = earlier.get((offer.provider, _key(book, offer)))
        if offer.stage and offer.stage.id != (was and was.stage and was.stage.id):
            moved.append((offer, was))
    return Changes(
        since,
        {actor: tuple(book.joined(facts)) for actor, facts in sorted(actors.items(), key=lambda each: fold(each[0]))},
        tuple(moved),
        tuple(promise for promise in promises(book) if since <= promise.due.last < book.day),
        expiring(now, book.day, book.day + SOON),
        tuple(
            one
            for one in book.articles
            if (one.date and one.date.first_day >= since if arrived is None else one.article_id in arrived)
        ),
        max((article.date for article in book.articles if article.date), key=lambda day: day.first_day, default=None),
    )


def expiring(rows: Iterable[Offer], first: date, last: date) -> tuple[Offer, ...]:
    """Offers whose qualification, by calculation, ends between `first` and `last`, the soonest first."""
    ends = [(offer.expires.day, offer) for offer in rows if offer.expires]
    found = [(day.last_day, offer) for day, offer in ends if day.first_day <= last and first <= day.last_day]
    return tuple(offer for _, offer in sorted(found, key=lambda each: each[0]))


def _key(book: FactBook, offer: Offer) -> object:
    return book.wording.service(offer.service, offer.provider)


class Books:
    """Safe to use from several threads. Methods raise the errors of reading an index, such as IndexEmptyError."""

    def __init__(self, index: Index, entities: EntityBook, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._index = index
        self._entities = entities
        self._lock = threading.Lock()
        self._generation, self._articles = -1, dict[tuple[str, str], Article]()
        """The enriched articles of that generation, by id and version."""
        self._book = lru_cache(maxsize=_KEPT)(self._make)
        self.offers = lru_cache(maxsize=_KEPT)(lambda book: tuple(offers(book)))
        self._superseded = lru_cache(maxsize=_KEPT)(superseded)

    def book(self, today: date, as_of: date | None = None, at: date | None = None, within: Within = None) -> FactBook:
        """The facts known by `as_of` that were true by `at`; days as in `FactBook`."""
        self._read()
        return self._book(self._generation, today, as_of, at, within)

    @property
    def empty(self) -> bool:
        return not self._read()

    def statement(self, article: Article, span: Span) -> Statement | None:
        known = self._read().get((article.article_id, article.version))
        return known.enrichment.of(span) if known and known.enrichment else None

    def later(self, book: FactBook, passage: Passage) -> dict[int, Fact]:
        """Start of each superseded sentence of the passage → the later fact that supersedes it."""
        gone, article = self._superseded(book), passage.article
        told = [one for span in passage.chunk.sentences for one in book.said_at(article.article_id, span.start)]
        return {
            one.span.start: gone[one].fact for one in told if one in gone and one.article.version == article.version
        }

    def _read(self) -> Mapping[tuple[str, str], Article]:
        """The articles, read again after a commit, while other threads wait."""
        with self._lock:
            if self._generation != self._index.coverage().generation:
                read, articles = self._index.read(lambda seen: (seen.generation, tuple(seen.catalog.enriched())))
                # In this order, so that no book of older articles is cached under the new generation.
                self._articles = {(one.article_id, one.version): one for one in articles}
                self._generation = read
                self._book.cache_clear()
                self.offers.cache_clear()
                self._superseded.cache_clear()
            return self._articles

    def _make(self, _generation: int, today: date, as_of: date | None, at: date | None, within: Within) -> FactBook:
        seen = (one for version, one in self._articles.items() if within is None or version in within)
        return FactBook(seen, self._entities, self.vocabulary, today, as_of, at)
