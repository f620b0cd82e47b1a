"""Queries of answers to the facts."""

from collections.abc import Sequence

from trusted_cloud_chat.market.book import FactBook
from trusted_cloud_chat.market.known import KnownFact, Told
from trusted_cloud_chat.market.offers import Offer, offers

_PAST = ("qualified", "expired")


def newest(book: FactBook, subject: str, attribute: str, like: KnownFact | None = None) -> Told | None:
    """The newest state of an attribute, if possible first-hand; `like` a fact of the same part."""
    facts = book.of(subject, attribute)
    told = book.joined(one for one in facts if like is None or book.service(one) == book.service(like))
    sure = [each for each in told if not each.reported] or told
    return max(sure, key=lambda each: each.best.order, default=None)


def staged(
    book: FactBook, scheme: str = "", *, pending: bool = False, rows: Sequence[Offer] | None = None
) -> list[Offer]:
    """Offers with a qualification (of a `scheme`); `pending`: those that plan it or are under way."""
    found = [offer for offer in (offers(book) if rows is None else rows) if offer.stage and _of(book, offer, scheme)]
    if pending:
        return [offer for offer in found if offer.stage and offer.stage.id not in _PAST]
    return [offer for offer in found if offer.stage and offer.stage.id == "qualified"]


def _of(book: FactBook, offer: Offer, scheme: str) -> bool:
    if not scheme or offer.stage is None:
        return True
    if offer.stage.fact.fact.attribute == "milestone":
        return True
    return book.wording.scheme(offer.stage.fact.fact.value)[0] == book.wording.scheme(scheme)[0]
