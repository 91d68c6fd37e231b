"""What one address may ask, get wrong and receive: token buckets in a bounded table.

The sums are per network (IPv4 /32, IPv6 /56), because one household or
factory is handed a whole /56 and could otherwise be 2^72 strangers. A datagram's
sender is unproven: what UDP sends back is held to a multiple of what came in
plus a small allowance, so that nobody can aim our answers at somebody else. An
address that has opened a TCP connection or answered a challenge is proven for
an hour and is held to its request rate alone.

A bucket is refilled lazily by comparing tick numbers; the clock is read once a
tick by whoever calls ``tick``, not once a datagram, which would cost more than
the bookkeeping itself.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Bucket", "BudgetLimits", "Budgets", "network_of"]

_V6_PREFIX = 56
TICK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class BudgetLimits:
    """How much an address may.

    Parameters
    ----------
    requests_per_second, request_burst
        Messages of one network over all of its connections, and again as datagrams.
    failures_per_minute, failure_burst
        Failed authentications of one network.
    amplification
        How many bytes an unproven address gets for each byte that it sent.
    unproven_bytes_per_second, unproven_burst
        Bytes that an unproven address may get above that; how many at once.
    proven_seconds
        How long a TCP connection or an answered challenge proves an address.
    networks
        How many networks are remembered; above it the longest unseen are forgotten.
    """

    requests_per_second: int = 20_000
    request_burst: int = 40_000
    failures_per_minute: int = 30
    failure_burst: int = 20
    amplification: int = 3
    unproven_bytes_per_second: int = 65_536
    unproven_burst: int = 262_144
    proven_seconds: int = 3600
    networks: int = 65_536


class Bucket:
    """What is left to one network; the doors take from it in place."""

    __slots__ = ("claimed", "datagrams", "failures", "proven_until", "requests", "seen", "unproven")

    def __init__(self, limits: BudgetLimits, tick: int) -> None:
        self.requests: float = limits.request_burst
        # The same of datagrams: who sends them under a false address slows no connection of it.
        self.datagrams: float = limits.request_burst
        self.failures: float = limits.failure_burst
        # The same of datagrams, which anybody can send under this address.
        self.claimed: float = limits.failure_burst
        self.unproven: float = limits.unproven_burst
        self.proven_until = 0
        self.seen = tick


def network_of(address: str) -> str:
    """Return the network whose members share a budget.

    Examples
    --------
    >>> network_of("192.0.2.7"), network_of("2001:db8:1:2ff::7")
    ('192.0.2.7', '2001:db8:1:200::')
    >>> network_of("::ffff:192.0.2.7")
    '192.0.2.7'
    """
    if ":" not in address:
        return address
    number = ipaddress.IPv6Address(address.partition("%")[0])
    if number.ipv4_mapped is not None:
        return str(number.ipv4_mapped)
    return str(ipaddress.IPv6Network((number, _V6_PREFIX), strict=False).network_address)


class Budgets:
    """The buckets of every network that was seen lately.

    Parameters
    ----------
    limits
        How much an address may.
    clock
        Seconds that never go back; read once when made and once a tick.
    """

    def __init__(self, limits: BudgetLimits, clock: Callable[[], float]) -> None:
        self.limits = limits
        self._clock = clock
        self._start = clock()
        self._buckets: dict[str, Bucket] = {}
        self._aliases: dict[str, Bucket] = {}
        # The bucket of a network that was seen before, not refilled: the first look of a door.
        self.known = self._buckets.get
        self.now = 0
        self.forgotten = 0

    def tick(self) -> None:
        """Read the clock; every door's loop calls this some ten times a second."""
        self.now = int((self._clock() - self._start) / TICK_SECONDS)

    def bucket(self, address: str) -> Bucket:
        """Return the bucket of an address, refilled up to the present tick."""
        found = self._buckets.get(address) or self._aliases.get(address)
        if found is None:
            found = self._known(address)
        if found.seen != self.now:
            self._refill(found)
        return found

    def _known(self, address: str) -> Bucket:
        network = network_of(address)
        found = self._buckets.get(network)
        if found is None:
            if len(self._buckets) >= self.limits.networks:
                self._forget()
            found = self._buckets[network] = Bucket(self.limits, self.now)
        if network != address:
            # Reading an address costs ten times what counting does; so it is done once.
            if len(self._aliases) >= self.limits.networks:
                self._aliases.clear()
            self._aliases[address] = found
        return found

    def _refill(self, bucket: Bucket) -> None:
        limits, seconds = self.limits, (self.now - bucket.seen) * TICK_SECONDS
        bucket.seen = self.now
        asked = seconds * limits.requests_per_second
        bucket.requests = min(limits.request_burst, bucket.requests + asked)
        bucket.datagrams = min(limits.request_burst, bucket.datagrams + asked)
        forgiven = seconds * limits.failures_per_minute / 60
        bucket.failures = min(limits.failure_burst, bucket.failures + forgiven)
        bucket.claimed = min(limits.failure_burst, bucket.claimed + forgiven)
        bucket.unproven = min(
            limits.unproven_burst, bucket.unproven + seconds * limits.unproven_bytes_per_second
        )

    def _forget(self) -> None:
        """Forget the eighth that was not seen for longest: bounded, and never one at a time.

        Those go last who have failed lately: a flood under false addresses must not give
        whoever guesses at keys a clean slate.
        """
        burst = self.limits.failure_burst

        def rank(network: str) -> tuple[bool, int]:
            bucket = self._buckets[network]
            return bucket.failures < burst, bucket.seen

        oldest = sorted(self._buckets, key=rank)
        gone = oldest[: max(1, len(oldest) // 8)]
        for network in gone:
            del self._buckets[network]
        self.forgotten += len(gone)

    def may_ask(self, address: str, *, claimed: bool = False) -> bool:
        """Take one request from an address; False where it has asked too much.

        Parameters
        ----------
        address
            Who asks.
        claimed
            By a datagram, counted apart.
        """
        bucket = self.bucket(address)
        if claimed:
            if bucket.datagrams < 1:
                return False
            bucket.datagrams -= 1
            return True
        if bucket.requests < 1:
            return False
        bucket.requests -= 1
        return True

    def may_try(self, address: str, *, claimed: bool = False) -> bool:
        """Tell whether an address may authenticate once more.

        Parameters
        ----------
        address
            Who tries.
        claimed
            By a datagram: it is counted apart, or anybody could lock an administrator out of
            every door by failing under his address.
        """
        bucket = self.bucket(address)
        return (bucket.claimed if claimed else bucket.failures) >= 1

    def failed(self, address: str, *, claimed: bool = False) -> None:
        """Note a failed authentication; as for ``may_try``."""
        bucket = self.bucket(address)
        if claimed:
            bucket.claimed = max(0.0, bucket.claimed - 1)
        else:
            bucket.failures = max(0.0, bucket.failures - 1)

    def is_proven(self, address: str) -> bool:
        """Tell whether an address has shown lately that it is its own."""
        return self.bucket(address).proven_until > self.now

    def prove(self, address: str) -> None:
        """Note that an address is its own: it completed a handshake or answered a challenge."""
        bucket = self.bucket(address)
        bucket.proven_until = self.now + int(self.limits.proven_seconds / TICK_SECONDS)

    def may_send(self, address: str, received: int, sending: int) -> bool:
        """Tell whether a datagram's sender may get an answer of this size, and take it if so.

        Parameters
        ----------
        address
            Whence the datagram says it came.
        received, sending
            Bytes of the request and of the answer, fragments and their envelopes included.
        """
        bucket = self.bucket(address)
        over = sending - received * self.limits.amplification
        if over <= 0 or bucket.proven_until > self.now:
            return True
        if bucket.unproven < over:
            return False
        bucket.unproven -= over
        return True
