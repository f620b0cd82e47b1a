"""The facts of enrichment as a market: newest states, offers, promises, buyers, changes."""

from trusted_cloud_chat.market.book import FactBook
from trusted_cloud_chat.market.books import Books, Within
from trusted_cloud_chat.market.changes import SOON, Change, Changes, changes, expiring
from trusted_cloud_chat.market.known import KnownFact, Told
from trusted_cloud_chat.market.offers import Offer, Stage, offers
from trusted_cloud_chat.market.promises import Promise, promises, superseded
from trusted_cloud_chat.market.queries import newest, staged
from trusted_cloud_chat.market.tables import Event, Sale, buyers, chronology, prices
from trusted_cloud_chat.market.term import Term, term_of
from trusted_cloud_chat.market.vocabulary import Vocabulary, load_vocabulary

__all__ = [
    "SOON",
    "Books",
    "Change",
    "Changes",
    "Event",
    "FactBook",
    "KnownFact",
    "Offer",
    "Promise",
    "Sale",
    "Stage",
    "Term",
    "Told",
    "Vocabulary",
    "Within",
    "buyers",
    "changes",
    "chronology",
    "expiring",
    "load_vocabulary",
    "newest",
    "offers",
    "prices",
    "promises",
    "staged",
    "superseded",
    "term_of",
]
