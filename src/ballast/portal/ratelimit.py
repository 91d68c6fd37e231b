"""How often one address may try to sign in.

The lock-out of a name stops many tries at one account; this stops one try at
each of many. Only what fails is counted, because a whole office may come
through one address. Kept in memory: a restart forgives, and the lock-out of
names, which is stored, does not.
"""

from __future__ import annotations

import ipaddress
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

__all__ = ["Tries"]

_MOST_ADDRESSES = 10_000


@dataclass
class Tries:
    """The failed tries of each address within a while.

    Parameters
    ----------
    clock
        Tells the time.
    most
        How many may fail.
    within
        In which while.

    Examples
    --------
    >>> from datetime import UTC
    >>> tries = Tries(lambda: datetime(2026, 6, 1, tzinfo=UTC), most=1)
    >>> tries.begin("192.0.2.7"), tries.begin("192.0.2.7"), tries.begin("192.0.2.8")
    (True, False, True)
    """

    clock: Callable[[], datetime]
    most: int = 30
    within: timedelta = timedelta(minutes=15)
    _of: OrderedDict[str, deque[datetime]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, address: str) -> bool:
        """Count a try as failed and return whether it may be made; ``succeeded`` takes it back.

        Counted before it is made, so that many at once are not all let through.
        """
        name, now = _network(address), self.clock()
        with self._lock:
            failed = self._of.setdefault(name, deque())
            self._of.move_to_end(name)
            while failed and failed[0] <= now - self.within:
                failed.popleft()
            if len(failed) >= self.most:
                return False
            failed.append(now)
            while len(self._of) > _MOST_ADDRESSES:
                self._of.popitem(last=False)
            return True

    def succeeded(self, address: str) -> None:
        """Take back the newest try of an address: it was none."""
        with self._lock:
            if failed := self._of.get(_network(address)):
                failed.pop()


def _network(address: str) -> str:
    """Return what one subscriber has: an IPv4 address, or a /64 of IPv6.

    Examples
    --------
    >>> _network("2001:db8::1") == _network("2001:db8::2")
    True
    """
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if known.version == 4:
        return str(known)
    return str(ipaddress.ip_network((known, 64), strict=False))
