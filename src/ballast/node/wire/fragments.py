"""Messages that are longer than a datagram: cut for UDP, and put together again.

Every datagram has an envelope of its own with the number of the request, its
place in the sequence and the length of the whole (RFC 3652, section 2.3).
Nothing proves who sent a datagram, so what waits to be completed is bounded in
number, in bytes, by address and in time, and two datagrams that contradict
each other end the message that they belong to.

No clock and no socket here: the caller says what time it is.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field, replace

from ballast.errors import MalformedMessage
from ballast.node.wire.codes import EnvelopeFlag
from ballast.node.wire.envelope import ENVELOPE_BYTES, Envelope
from ballast.node.wire.reader import MAX_MESSAGE_BYTES

__all__ = ["DATAGRAM_BYTES", "PAYLOAD_BYTES", "Reassembly", "split_datagrams"]

# "…should not exceed 512 bytes": what passes every network unfragmented.
DATAGRAM_BYTES = 512
PAYLOAD_BYTES = DATAGRAM_BYTES - ENVELOPE_BYTES
# Twice what a sender needs that fills its datagrams.
MAX_DATAGRAMS = 2 * -(-MAX_MESSAGE_BYTES // PAYLOAD_BYTES)
# What a waiting datagram costs besides its payload, roughly; so that empty ones are not free.
_OVERHEAD = 128


def split_datagrams(message: bytes) -> list[bytes]:
    """Return a message as datagrams of at most 512 bytes.

    Parameters
    ----------
    message
        One whole message, envelope included.

    Examples
    --------
    >>> from ballast.node.wire.codes import OpCode
    >>> from ballast.node.wire.header import Header
    >>> from ballast.node.wire.message import Message
    >>> long = Message(Envelope(), Header(OpCode.RESOLVE), bytes(1228))
    >>> [len(one) for one in split_datagrams(long.to_wire())]
    [512, 512, 292]
    """
    if len(message) <= DATAGRAM_BYTES:
        return [message]
    whole = Envelope.parse(message)
    flags = whole.flags | EnvelopeFlag.TRUNCATED
    starts = range(ENVELOPE_BYTES, len(message), PAYLOAD_BYTES)
    return [
        replace(whole, flags=flags, sequence=place).to_wire() + message[at : at + PAYLOAD_BYTES]
        for place, at in enumerate(starts)
    ]


@dataclass(slots=True)
class _Waiting:
    """The datagrams of one message that have come so far."""

    first: Envelope
    since: float
    parts: dict[int, bytes] = field(default_factory=dict)
    received: int = 0

    @property
    def cost(self) -> int:
        return self.received + _OVERHEAD * len(self.parts)


class Reassembly:
    """Puts datagrams together to messages.

    Parameters
    ----------
    max_pending
        How many messages may wait to be completed; the oldest gives way.
    timeout
        How long one may wait, in s.
    max_bytes
        How many bytes all of them may hold; the oldest gives way.
    max_by_address
        How many messages of one address may wait; the new one is refused.

    Examples
    --------
    >>> from ballast.node.wire.codes import OpCode
    >>> from ballast.node.wire.header import Header
    >>> from ballast.node.wire.message import Message
    >>> long = Message(Envelope(request_id=7), Header(OpCode.RESOLVE), bytes(600)).to_wire()
    >>> first, second = split_datagrams(long)
    >>> reassembly = Reassembly()
    >>> reassembly.add("192.0.2.1", second, now=0.0)
    >>> reassembly.add("192.0.2.1", first, now=0.1) == long
    True
    """

    def __init__(
        self,
        max_pending: int = 1024,
        timeout: float = 5.0,
        *,
        max_bytes: int = 16 * MAX_MESSAGE_BYTES,
        max_by_address: int = 16,
    ) -> None:
        self._max_pending = max_pending
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._max_by_address = max_by_address
        # Oldest first: all wait equally long.
        self._waiting: OrderedDict[tuple[Hashable, int], _Waiting] = OrderedDict()
        self._by_address: Counter[Hashable] = Counter()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def held_bytes(self) -> int:
        """How much memory the waiting datagrams take, in bytes, roughly."""
        return self._bytes

    def add(self, address: Hashable, datagram: bytes, now: float) -> bytes | None:
        """Take a datagram; return the whole message if it is now complete.

        Parameters
        ----------
        address
            Where it came from.
        datagram
            As it came, envelope included.
        now
            The time in s, of any clock that does not go back.

        Returns
        -------
        bytes or None
            The message with one envelope, no longer marked as cut; a datagram that is a message
            by itself is returned as it came.

        Raises
        ------
        MalformedMessage
            If the datagram contradicts itself or what came before; the latter message is given up.
        """
        self.expire(now)
        envelope = Envelope.parse(datagram)
        if not envelope.truncated:
            return datagram
        part = datagram[ENVELOPE_BYTES:]
        _refuse_impossible(envelope, len(part))
        key = (address, envelope.request_id)
        waiting = self._waiting.get(key)
        if waiting is None:
            waiting = self._begin(key, envelope, now)
        elif self._told_before(key, waiting, envelope, part):
            return None
        self._bytes -= waiting.cost
        waiting.parts[envelope.sequence] = part
        waiting.received += len(part)
        self._bytes += waiting.cost
        if waiting.received > envelope.length:
            self._forget(key)
            raise MalformedMessage(
                "the datagrams of request {request} hold more than the {length} bytes announced",
                request=envelope.request_id,
                length=envelope.length,
            )
        if waiting.received == envelope.length:
            return self._complete(key, waiting)
        self._make_room()
        return None

    def expire(self, now: float) -> int:
        """Give up what has waited too long; return how many messages that were.

        Parameters
        ----------
        now
            As for ``add``.
        """
        late = 0
        while self._waiting:
            key, waiting = next(iter(self._waiting.items()))
            if now - waiting.since < self._timeout:
                break
            self._forget(key)
            late += 1
        return late

    def _begin(self, key: tuple[Hashable, int], envelope: Envelope, now: float) -> _Waiting:
        if self._by_address[key[0]] >= self._max_by_address:
            raise MalformedMessage(
                "{most} unfinished messages of one address are waiting already; send later",
                most=self._max_by_address,
            )
        self._by_address[key[0]] += 1
        waiting = self._waiting[key] = _Waiting(envelope, now)
        return waiting

    def _told_before(
        self, key: tuple[Hashable, int], waiting: _Waiting, envelope: Envelope, part: bytes
    ) -> bool:
        """Return whether the datagram has come before; refuse what contradicts the others."""
        earlier = waiting.parts.get(envelope.sequence)
        alike = replace(envelope, sequence=waiting.first.sequence) == waiting.first
        if not alike or earlier not in (None, part):
            self._forget(key)
            raise MalformedMessage(
                "datagram {place} of request {request} contradicts one that came before",
                place=envelope.sequence,
                request=envelope.request_id,
            )
        return earlier is not None

    def _complete(self, key: tuple[Hashable, int], waiting: _Waiting) -> bytes:
        self._forget(key)
        places = range(len(waiting.parts))
        if any(place not in waiting.parts for place in places):
            raise MalformedMessage(
                "the datagrams of request {request} have its bytes, but not in one sequence",
                request=key[1],
            )
        whole = replace(
            waiting.first, flags=waiting.first.flags & ~EnvelopeFlag.TRUNCATED, sequence=0
        )
        return whole.to_wire() + b"".join([waiting.parts[place] for place in places])

    def _make_room(self) -> None:
        while len(self._waiting) > self._max_pending or self._bytes > self._max_bytes:
            self._forget(next(iter(self._waiting)))

    def _forget(self, key: tuple[Hashable, int]) -> None:
        self._bytes -= self._waiting.pop(key).cost
        self._by_address[key[0]] -= 1
        if not self._by_address[key[0]]:
            del self._by_address[key[0]]


def _refuse_impossible(envelope: Envelope, size: int) -> None:
    """Refuse a datagram that can be part of no message."""
    if not size or size > envelope.length:
        raise MalformedMessage(
            "datagram {place} holds {size} bytes of a message of {length}",
            place=envelope.sequence,
            size=size,
            length=envelope.length,
        )
    if envelope.sequence >= MAX_DATAGRAMS:
        raise MalformedMessage(
            "datagram {place}: a message is cut into at most {most}",
            place=envelope.sequence,
            most=MAX_DATAGRAMS,
        )
