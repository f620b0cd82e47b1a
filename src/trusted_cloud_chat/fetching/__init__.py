"""Fetches pages, feeds and sitemaps from the web, within limits and only on request."""

from trusted_cloud_chat.fetching.addresses import AddressGuard, networks_of
from trusted_cloud_chat.fetching.client import Rules
from trusted_cloud_chat.fetching.run import Fetched, Held, fetch
from trusted_cloud_chat.fetching.state import FetchState, forget, load, save
from trusted_cloud_chat.fetching.wanted import is_address, listed, originals, parted

__all__ = [
    "AddressGuard", "FetchState", "Fetched", "Held", "Rules", "fetch", "forget", "is_address", "listed", "load", "networks_of",
    "originals", "parted", "save",
]  # fmt: skip
