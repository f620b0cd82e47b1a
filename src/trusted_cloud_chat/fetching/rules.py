"""Limits of fetching: sizes, times and request rates."""

from dataclasses import dataclass, field

from trusted_cloud_chat import __version__
from trusted_cloud_chat.corpus import MOST_BYTES
from trusted_cloud_chat.fetching.addresses import AddressGuard

NAME = "trusted-cloud-chat"
"""Our name in robots.txt."""
AGENT = f"{NAME}/{__version__} (a reader's own copy; obeys robots.txt)"
REDIRECTS = 5
HOSTS = 8
"""Concurrent hosts, each with one request at a time."""
LONGEST_WAIT = 60.0
"""Maximum Retry-After or crawl delay in seconds; a longer one ends the host's requests."""
ROBOTS_BYTES = 512 * 1024
LISTINGS_DEEP = 2
"""Maximum depth of sitemaps of sitemaps."""
ALL_BYTES = 1_000_000_000
"""Maximum bytes of all documents of one run."""


@dataclass(frozen=True, slots=True)
class Rules:
    guard: AddressGuard = field(default_factory=AddressGuard)
    most_bytes: int = MOST_BYTES
    delay_s: float = 1.0
    """Between two requests to one host."""
    most_pages: int = 500
    """From the feeds and sitemaps of one run."""
    seconds: float = 60.0
    """Maximum time of a response, from the name look-up to the last byte."""
    silence: float = 20.0
    """Maximum time between two bytes."""
