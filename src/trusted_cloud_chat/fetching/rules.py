"""Limits of fetching: sizes, times, and how often a host is asked."""

from dataclasses import dataclass, field

from trusted_cloud_chat import __version__
from trusted_cloud_chat.corpus import MOST_BYTES
from trusted_cloud_chat.fetching.addresses import AddressGuard

NAME = "trusted-cloud-chat"
"""Our name in robots.txt."""
AGENT = f"{NAME}/{__version__} (a reader's own copy; obeys robots.txt)"
REDIRECTS = 5
HOSTS = 8
"""Hosts fetched from concurrently, one page at a time each."""
LONGEST_WAIT = 60.0
"""Maximum wait within a run, in seconds, by Retry-After or a crawl delay; a longer one ends the host's requests."""
ROBOTS_BYTES = 512 * 1024
LISTINGS_DEEP = 2
"""Maximum depth of sitemaps of sitemaps."""
ALL_BYTES = 1_000_000_000
"""Maximum bytes of all documents of one run."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings of fetching."""

    guard: AddressGuard = field(default_factory=AddressGuard)
    most_bytes: int = MOST_BYTES
    delay_s: float = 1.0
    """Between two requests to one host."""
    most_pages: int = 500
    """From the feeds and sitemaps of one run."""
    seconds: float = 60.0
    """Maximum time of a response, from the look-up of the name to its last byte,"""
    silence: float = 20.0
    """and between two bytes."""
