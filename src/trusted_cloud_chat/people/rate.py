"""How often one client may do something."""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

_MOST_CLIENTS = 10_000
"""That are remembered; whoever came longest ago is forgotten first."""


class TooOftenError(Exception):
    """`seconds` until the next time."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"too many questions: ask again in {round(seconds) or 1} s")
        self.seconds = round(seconds) or 1


class Rate:
    """So many times in so many seconds. Safe to use from several threads."""

    def __init__(self, most: int, within_s: float = 60, *, clock: Callable[[], float] = time.monotonic) -> None:
        """`most` 0: as often as one likes."""
        self._most = most
        self._within_s = within_s
        self._clock = clock
        self._times: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, client: str) -> float:
        """Seconds until `client` may; 0: now, and it is counted."""
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
        """What was counted last of `client` does not count."""
        with self._lock:
            if times := self._times.get(client):
                times.pop()


def address_of(host: str) -> str:
    """What stands for a client without a name: its address, of IPv6 the network that one house has."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return f"{IPv6Address(int(address) >> 64 << 64)}/64"
    return str(address)
