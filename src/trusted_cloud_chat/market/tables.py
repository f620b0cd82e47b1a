"""Customers, prices, and the chronology of an actor."""

from dataclasses import dataclass

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.market.book import FactBook
from trusted_cloud_chat.market.known import KnownFact, Told, grouped, in_order
from trusted_cloud_chat.market.promises import Promise, promises
from trusted_cloud_chat.schema import FactStatus

_SALES = ("contract", "customer")
_PRICES = ("price", "duration")


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
    """The fact with the sum; further ones may be in `contradictions`."""
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
    """Promises with their outcomes, dated facts, facts of the qualification and purchases of an actor, oldest first."""
    facts = [*book.of(actor), *book.with_party(actor, *_SALES)]
    made = promises(book, facts)
    promised = {id(known) for promise in made for known in promise.told.facts}
    rows = ((known, book.vocabulary.row(known.fact.attribute)) for known in facts if id(known) not in promised)
    told = book.joined(one for one, row in rows if one.fact.date or one.fact.start or row.kind in ("scheme", "step"))
    events = [Event(promise.told.facts[0].when, promise.told, promise) for promise in made]
    events += [Event(each.best.when, each) for each in told]
    return sorted(events, key=lambda event: event.told.best.order if not event.promise else event.told.facts[0].order)
