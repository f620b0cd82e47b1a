"""The web → documents for the readers: pages, feeds, sitemaps, within bounds and only where it is asked for.

`run.py` fetches addresses side by side, `client.py` one of them, through `transport.py` from an address that `addresses.py` has checked;
`state.py` remembers what the next run asks for only if it has changed, `wanted.py` says which addresses there are.
"""

from trusted_cloud_chat.fetching.addresses import Guard, networks_of
from trusted_cloud_chat.fetching.rules import Rules
from trusted_cloud_chat.fetching.run import Fetched, Held, fetch
from trusted_cloud_chat.fetching.state import State, forget, load, save
from trusted_cloud_chat.fetching.wanted import is_address, listed, originals, parted

__all__ = [
    "Fetched", "Guard", "Held", "Rules", "State", "fetch", "forget", "is_address", "listed", "load", "networks_of",
    "originals", "parted", "save",
]  # fmt: skip
