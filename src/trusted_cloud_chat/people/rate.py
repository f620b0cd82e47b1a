"""Per-client rate limits."""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

_MOST_CLIENTS = 10_000
"""Maximum clients that are remembered; the least recent is forgotten first."""


class TooOftenError(Exception):
    """`seconds` until the next attempt."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"too many questions: ask again in {round(seconds) or 1} s")
        self.seconds = round(seconds) or 1


class Rate:
    """At most `most` times within `within_s` seconds. Safe to use from several threads."""

    def __init__(self, most: int, within_s: float = 60, *, clock: Callable[[], float] = time.monotonic) -> None:
        """`most` 0: no limit."""
        self._most, self._within_s, self._clock = most, within_s, clock
        self._times: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, client: str) -> float:
        """Seconds that `client` must wait; 0 allows it and counts it."""
        if not self._most:
            return 0.0
        with self._lock:
            times, now = self._times.setdefault(client, deque()), self._clock()
            self._times.move_to_end(client)
            while times and now - times[0] >= self._within_s:
                times.popleft()
            if len(times) >= self._most:
                return self._within_s - (now - times[0])
            times.append(now)
            while len(self._times) > _MOST_CLIENTS:
                self._times.popitem(last=False)
            return 0.0

    def take_back(self, client: str) -> None:
        with self._lock:
            if times := self._times.get(client):
                times.pop()


def address_of(host: str) -> str:
    """Identifies an anonymous client: its address, or for IPv6 its /64 network."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return f"{IPv6Address(int(address) >> 64 << 64)}/64"
    return str(address)
