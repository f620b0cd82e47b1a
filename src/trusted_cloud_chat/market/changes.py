"""Changes since a day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from trusted_cloud_chat.dates import PartialDate
from trusted_cloud_chat.language.normalise import fold
from trusted_cloud_chat.market.book import FactBook
from trusted_cloud_chat.market.known import KnownFact, Told
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
    new = [
        known
        for known in book.facts
        if (_tells_since(known, since) if arrived is None else known.article.article_id in arrived)
    ]
    actors: dict[str, list[KnownFact]] = {}
    for known in new:
        actors.setdefault(book.subject(known), []).append(known)
    now = offers(book)
    earlier = {(offer.provider, _key(before, offer)): offer for offer in offers(before)}
    moved = [
        Change(offer, was)
        for offer in now
        if offer.stage and _differs(offer, was := earlier.get((offer.provider, _key(book, offer))))
    ]
    dated = [article for article in book.articles if article.date]
    return Changes(
        since,
        {actor: tuple(book.joined(facts)) for actor, facts in sorted(actors.items(), key=lambda each: fold(each[0]))},
        tuple(moved),
        tuple(promise for promise in promises(book) if since <= promise.due.last < book.day),
        expiring(book, book.day, book.day + SOON, now),
        tuple(
            one
            for one in book.articles
            if (one.date and one.date.first_day >= since if arrived is None else one.article_id in arrived)
        ),
        max((article.date for article in dated if article.date), key=lambda day: day.first_day, default=None),
    )


def expiring(book: FactBook, first: date, last: date, rows: list[Offer] | None = None) -> tuple[Offer, ...]:
    """Offers whose calculated qualification ends in that time, the soonest first."""
    found = [
        offer
        for offer in (offers(book) if rows is None else rows)
        if offer.expires and offer.expires.day.first_day <= last and first <= offer.expires.day.last_day
    ]
    return tuple(sorted(found, key=lambda offer: offer.expires.day.last_day if offer.expires else last))


def _tells_since(known: KnownFact, since: date) -> bool:
    return bool(known.said_on and known.when and known.said_on.first_day >= since and known.when.last_day >= since)


def _key(book: FactBook, offer: Offer) -> object:
    return book.wording.service(offer.service, offer.provider)


def _differs(offer: Offer, was: Offer | None) -> bool:
    return bool(offer.stage) and (was is None or was.stage is None or was.stage.id != (offer.stage and offer.stage.id))
