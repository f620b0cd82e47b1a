"""Limits of fetching: sizes, times, and how often a host is asked."""

from dataclasses import dataclass, field

from trusted_cloud_chat import __version__
from trusted_cloud_chat.corpus import MOST_BYTES
from trusted_cloud_chat.fetching.addresses import AddressGuard

NAME = "trusted-cloud-chat"
"""Our name in robots.txt."""
AGENT = f"{NAME}/{__version__} (a reader's own copy; obeys robots.txt)"
SECONDS = 60.0
"""For one answer, from the look-up of the name to its last byte,"""
SILENCE = 20.0
"""and between two of its bytes."""
REDIRECTS = 5
HOSTS = 8
"""Hosts that are asked at the same time; of each one page at a time."""
LONGEST_WAIT = 60.0
"""Seconds that a server may have us wait within a run, by Retry-After or a crawl delay; longer: not in this run."""
ROBOTS_BYTES = 512 * 1024
LISTINGS_DEEP = 2
"""Sitemaps of sitemaps, one below the other."""
ALL_BYTES = 1_000_000_000
"""That one run keeps of all documents together."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the settings say of fetching."""

    guard: AddressGuard = field(default_factory=AddressGuard)
    most_bytes: int = MOST_BYTES
    delay_s: float = 1.0
    """Between two requests to one host."""
    most_pages: int = 500
    """Of the feeds and sitemaps of one run."""
    seconds: float = SECONDS
    silence: float = SILENCE
