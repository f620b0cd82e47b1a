"""Changes since a day."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.market.book import FactBook
from trusted_cloud_chat.market.known import KnownFact, Told, grouped
from trusted_cloud_chat.market.offers import Offer, offers
from trusted_cloud_chat.market.promises import Promise, promises
from trusted_cloud_chat.schema import Article

SOON = timedelta(days=183)
"""Period within which expiring qualifications are shown."""


@dataclass(frozen=True, slots=True)
class Change:
    """A changed stage; `before` is None for a new offer."""

    offer: Offer
    before: Offer | None


@dataclass(frozen=True, slots=True)
class Changes:
    """In order of time, `facts` by actor."""

    since: date
    facts: dict[str, tuple[Told, ...]]
    """Facts stated since, about days since, and not before."""
    stages: tuple[Change, ...]
    due: tuple[Promise, ...]
    """Promises that fell due."""
    expiring: tuple[Offer, ...]
    """Calculated, within six months."""
    articles: tuple[Article, ...]
    last: PartialDate | None
    """The date of the newest article, the end of the corpus."""


def changes(book: FactBook, before: FactBook, since: date, arrived: Collection[str] | None = None) -> Changes:
    """What `book` tells and `before`, the same as of `since`, did not; with `arrived`, what these articles tell."""

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
            moved.append(Change(offer, was))
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
    """Offers whose calculated qualification ends in that time, the soonest first."""
    ends = [(offer.expires.day, offer) for offer in rows if offer.expires]
    found = [(day.last_day, offer) for day, offer in ends if day.first_day <= last and first <= day.last_day]
    return tuple(offer for _, offer in sorted(found, key=lambda each: each[0]))


def _key(book: FactBook, offer: Offer) -> object:
    return book.wording.service(offer.service, offer.provider)
