"""What was asked and not yet answered: pending challenges, and sessions of the REST interface.

Any worker may get the answer to a challenge that another has sent: the
reference client opens a new connection for it, and the system hands that to
whom it likes. So the vault is held by the one process that all workers talk
to, the writer. It is plain memory: a challenge lives a minute, and a writer
that was started anew has none, which a client sees as one more challenge.

Everything is bounded, in number, in bytes and by network of origin, because
whoever asks for a challenge need not be anybody. When it is full, a new
challenge is refused; throwing out old ones would let a stranger cancel the
challenges of others. Who only claims an address (UDP) can fill half of it, and a
session that nobody proved ends at its time however often it is looked at: or a
stranger could keep everybody else out for as long as he likes.

``Vault.obey`` takes every order as data, so that the process that hosts the
vault needs one kind of message for all of them.
"""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Callable
from typing import TypeAlias

import msgspec

__all__ = [
    "EndSession",
    "Hold",
    "OpenSession",
    "Pending",
    "ProveSession",
    "RestSession",
    "Take",
    "TakeNonce",
    "Vault",
    "VaultOrder",
    "VaultReply",
    "ViewSession",
]

CHALLENGE_SECONDS = 60.0
SESSION_SECONDS = 600.0
_NONCE_BYTES = 16
_TRIES = 64


class Pending(msgspec.Struct, frozen=True):
    """A challenge that waits for its answer, and the request that waits behind it.

    Parameters
    ----------
    nonce
        16 random bytes that the answer must cover.
    algorithm
        How the request was digested: 1 MD5, 2 SHA-1, 3 SHA-256, as on the wire.
    digest
        The digest of the request; the answer must cover it too.
    request
        The whole native message that was asked, carried out once the answer is proved.
    address
        Whence it was asked.
    version
        Protocol version of the challenge, major and minor.
    claimed
        The address is only claimed (UDP): all such together have half of the room.
    session_id
        Given by the vault; echoed in the answer's envelope. Never 0.
    expires_at
        Given by the vault, epoch seconds.
    """

    nonce: bytes
    algorithm: int
    digest: bytes
    request: bytes
    address: str
    version: tuple[int, int] = (2, 11)
    session_id: int = 0
    expires_at: float = 0.0
    claimed: bool = False


class RestSession(msgspec.Struct, frozen=True):
    """A session of the REST interface.

    Parameters
    ----------
    session_id
        Unguessable text (base64url, 128 bits).
    nonce
        The server's nonce that the next proof must cover; each is good for one attempt.
    address
        Whence it was opened.
    expires_at
        Epoch seconds; moved on by use.
    index, handle, proof
        The administrator that proved to be at the other end, and the key by which
        (``caller.proof_of``); 0 and empty before.
    """

    session_id: str
    nonce: bytes
    address: str
    expires_at: float
    index: int = 0
    handle: str = ""
    proof: bytes = b""


class _Order(msgspec.Struct, frozen=True, tag_field="order", tag=True):
    """An order to the vault; the field ``order`` says which."""


class Hold(_Order, frozen=True):
    """Keep a challenge; answered with it, session id and expiry filled in, or None: no room."""

    pending: Pending


class Take(_Order, frozen=True):
    """Give a challenge back, once; answered with None where there is none for this network."""

    session_id: int
    address: str = ""


class OpenSession(_Order, frozen=True):
    """Open a session of the REST interface; answered with it, or None: no room."""

    address: str


class ViewSession(_Order, frozen=True):
    """Give a session as it stands, its end moved on if it was proved; None: there is none."""

    session_id: str


class TakeNonce(_Order, frozen=True):
    """Give a session as it stands and a new nonce to it: what it held is good for one attempt."""

    session_id: str


class ProveSession(_Order, frozen=True):
    """Note that a session proved to be an administrator's; answered with the session, or None."""

    session_id: str
    index: int
    handle: str
    proof: bytes = b""


class EndSession(_Order, frozen=True):
    """End a session; answered with it as it last was, or None."""

    session_id: str


VaultOrder: TypeAlias = (
    Hold | Take | OpenSession | ViewSession | TakeNonce | ProveSession | EndSession
)
VaultReply: TypeAlias = Pending | RestSession | None


class Vault:
    """Challenges and sessions, bounded.

    Parameters
    ----------
    clock
        Epoch seconds.
    random
        ``random(n)`` gives n unpredictable bytes.
    max_pending, max_sessions
        How many of each are kept.
    max_bytes
        Bytes of all requests that wait behind challenges.
    per_network, network_bytes
        How many of each one network of origin (IPv4 /24, IPv6 /56) may have, and how many bytes.

    Examples
    --------
    >>> vault = Vault(lambda: 0.0, lambda n: b"r" * n)
    >>> held = vault.hold(Pending(b"n" * 16, 3, b"d" * 32, b"request", "192.0.2.1"))
    >>> vault.take(held.session_id).request, vault.take(held.session_id)
    (b'request', None)
    """

    def __init__(
        self,
        clock: Callable[[], float],
        random: Callable[[int], bytes],
        *,
        max_pending: int = 8192,
        max_sessions: int = 8192,
        max_bytes: int = 64 * 1024 * 1024,
        per_network: int = 512,
        network_bytes: int = 8 * 1024 * 1024,
    ) -> None:
        self._clock, self._random = clock, random
        self._max_pending, self._max_sessions = max_pending, max_sessions
        self._max_bytes, self._per_network = max_bytes, per_network
        self._network_bytes = network_bytes
        # Both in the order in which they end, so that what is over stands first.
        self._pending: dict[int, Pending] = {}
        self._sessions: dict[str, RestSession] = {}
        self._by_network: Counter[str] = Counter()  # sessions
        # Challenges and their bytes: of all, of those whose address is claimed, of a network.
        self._numbers: Counter[str] = Counter()
        self._bytes: Counter[str] = Counter()

    def obey(self, order: VaultOrder) -> VaultReply:
        """Carry out an order that came as data, and return what it is answered with."""
        match order:
            case Hold():
                return self.hold(order.pending)
            case Take():
                return self.take(order.session_id, order.address)
            case OpenSession():
                return self.open_session(order.address)
            case ViewSession():
                return self.view_session(order.session_id)
            case TakeNonce():
                return self.take_nonce(order.session_id)
            case ProveSession():
                return self.prove_session(order.session_id, order.index, order.handle, order.proof)
            case EndSession():
                return self.end_session(order.session_id)

    def hold(self, pending: Pending) -> Pending | None:
        """Keep a challenge; return it with its session id and its end, or None: no room."""
        now = self._tidy()
        size = len(pending.request)
        if any(
            self._numbers[account] >= number or self._bytes[account] + size > most
            for account, number, most in self._accounts(pending)
        ):
            return None
        session_id = self._fresh_number()
        if not session_id:
            return None
        held = msgspec.structs.replace(
            pending, session_id=session_id, expires_at=now + CHALLENGE_SECONDS
        )
        self._pending[session_id] = held
        for account, _, _ in self._accounts(held):
            self._numbers[account] += 1
            self._bytes[account] += size
        return held

    def take(self, session_id: int, address: str = "") -> Pending | None:
        """Return a challenge and forget it; None where there is none, or it was another network's.

        Parameters
        ----------
        session_id
            From the envelope of the answer.
        address
            Whence the answer came; empty where that is not known. A challenge of another
            network stays: guessing numbers cancels nobody's.
        """
        self._tidy()
        held = self._pending.get(session_id)
        if held is None or (address and _network(address) != _network(held.address)):
            return None
        self._drop(held)
        return held

    def open_session(self, address: str) -> RestSession | None:
        """Open a session of the REST interface; None: no room."""
        now = self._tidy()
        network = _network(address)
        if (
            len(self._sessions) >= self._max_sessions
            or self._by_network[network] >= self._per_network
        ):
            return None
        session_id = self._random(16).hex()
        opened = RestSession(session_id, self._random(_NONCE_BYTES), address, now + SESSION_SECONDS)
        if session_id in self._sessions:
            return None
        self._sessions[session_id] = opened
        self._by_network[network] += 1
        return opened

    def view_session(self, session_id: str) -> RestSession | None:
        """Return a session; move the end of one that was proved on."""
        now = self._tidy()
        found = self._sessions.get(session_id)
        if found is None or not found.handle:
            return found
        return self._moved(found, now)

    def take_nonce(self, session_id: str) -> RestSession | None:
        """Return a session as it was, and put a new nonce in the place of the one it held."""
        self._tidy()
        found = self._sessions.get(session_id)
        if found is not None:
            # In its place: an attempt is no proof, and moves no end.
            fresh = msgspec.structs.replace(found, nonce=self._random(_NONCE_BYTES))
            self._sessions[session_id] = fresh
        return found

    def prove_session(
        self, session_id: str, index: int, handle: str, proof: bytes = b""
    ) -> RestSession | None:
        """Note whose session it is."""
        now = self._tidy()
        found = self._sessions.get(session_id)
        if found is None:
            return None
        proved = msgspec.structs.replace(found, index=index, handle=handle, proof=proof)
        return self._moved(proved, now)

    def end_session(self, session_id: str) -> RestSession | None:
        """End a session."""
        self._tidy()
        found = self._sessions.get(session_id)
        if found is not None:
            self._close(found)
        return found

    def counts(self) -> tuple[int, int]:
        """Return how many challenges wait and how many sessions are open."""
        self._tidy()
        return len(self._pending), len(self._sessions)

    def _tidy(self) -> float:
        """Forget what is over; what ends first stands first."""
        now = self._clock()
        while self._pending:
            first = next(iter(self._pending.values()))
            if first.expires_at > now:
                break
            self._drop(first)
        while self._sessions:
            oldest = next(iter(self._sessions.values()))
            if oldest.expires_at > now:
                break
            self._close(oldest)
        return now

    def _moved(self, session: RestSession, now: float) -> RestSession:
        later = msgspec.structs.replace(session, expires_at=now + SESSION_SECONDS)
        del self._sessions[session.session_id]
        self._sessions[session.session_id] = later
        return later

    def _drop(self, held: Pending) -> None:
        del self._pending[held.session_id]
        for account, _, _ in self._accounts(held):
            self._numbers[account] -= 1
            self._bytes[account] -= len(held.request)
            if not self._numbers[account]:
                del self._numbers[account], self._bytes[account]

    def _accounts(self, held: Pending) -> list[tuple[str, int, int]]:
        """Return on whose accounts a challenge is, with the most challenges and bytes of each."""
        accounts = [
            ("", self._max_pending, self._max_bytes),
            (f"of {_network(held.address)}", self._per_network, self._network_bytes),
        ]
        if held.claimed:
            accounts.append(("claimed", (self._max_pending + 1) // 2, self._max_bytes // 2))
        return accounts

    def _close(self, session: RestSession) -> None:
        del self._sessions[session.session_id]
        network = _network(session.address)
        self._by_network[network] -= 1
        if not self._by_network[network]:
            del self._by_network[network]

    def _fresh_number(self) -> int:
        """Return a random number that is free and not 0, which means "no session"."""
        for _ in range(_TRIES):
            number = int.from_bytes(self._random(4), "big")
            if number and number not in self._pending:
                return number
        return 0


def _network(address: str) -> str:
    """Return the network of an address: what one party is likely to hold many addresses of."""
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv6Address) and known.ipv4_mapped is not None:
        known = known.ipv4_mapped
    bits = 24 if known.version == 4 else 56
    return str(ipaddress.ip_network(f"{known}/{bits}", strict=False))
