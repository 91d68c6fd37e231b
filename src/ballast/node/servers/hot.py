"""The shortest way from a plain resolution to its answer.

Nearly all of the traffic of a node is one request: resolve this handle, all of
its public values. Parsed into objects and answered from objects it costs some
forty microseconds; here it is one ``unpack``, one look-up, one ``pack`` and one
``join``, about a microsecond besides the look-up. Whatever is not plain (a filter, a
digest wanted, a session's credential, a record that is revoked or expired or
has nothing public, a prefix that is not homed here, anything malformed,
anything not found) is answered with None and goes the long way,
``front``, which gives the same bytes for a plain one too: a test compares them.

No cache of answers: keys drawn uniformly out of a million would miss it, and
LMDB already keeps what is asked for often in the page cache.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from struct import Struct

from ballast.node.registry.entries import PrefixState
from ballast.node.registry.records import HEAD as RECORD_HEAD
from ballast.node.registry.store import Reader
from ballast.node.servers.channel import ChannelKind
from ballast.node.servers.counters import Series
from ballast.node.servers.tally import Tally
from ballast.node.wire.codes import OpCode, OpFlag, ResponseCode
from ballast.node.wire.envelope import OWN_VERSION, Envelope
from ballast.node.wire.reader import MAX_MESSAGE_BYTES
from ballast.node.wire.versions import answer_version

__all__ = ["PLAIN_HANDLE_BYTES", "HotPath"]

# Longer handles are found by a digest of theirs.
PLAIN_HANDLE_BYTES = 510

# The 48 bytes in front of the handle, taken apart no further than they are looked at: version;
# session and request; sequence, length, operation, response, flags, serial, recursion; expiration;
# length of the body and of the handle.
_REQUEST = Struct(">4s8s24s4s8s").unpack_from
_SHAPE = Struct(">IIIIIHBx").unpack
_ANSWER = Struct(">4s8s4xI16s4sII").pack
_MIDDLE = Struct(">IIIHBx").pack
_LENGTHS = Struct(">II").pack
_HANDLE_AT = 48
# Behind the handle: no indexes, no types, no credential.
_NOTHING_ELSE = bytes(12)
_BEHIND = len(_NOTHING_ELSE)
_NO_CREDENTIAL = bytes(4)
_ENVELOPE, _HEADER = 20, 24
_UNPLAIN = 0xFFFFFFFF & ~int(
    OpFlag.AUTH
    | OpFlag.RECU
    | OpFlag.CACR
    | OpFlag.KPAL
    | OpFlag.PUBL
    | OpFlag.DNRF
    | OpFlag.RECU_AUTH
)
# Flags of the envelope, without the two bits of the suggested version.
_ENVELOPE_FLAGS = 0xFC

# Of a record's head: state and expiry; number of the public values, and their length in bytes.
_RECORD = Struct(">5s8x2sI").unpack_from
_VALID_FOR_EVER = bytes(5)
_EXPIRY = Struct(">BI").unpack
_VALUES_AT = RECORD_HEAD.size
# The number goes into the answer as four bytes.
_NUMBER = bytes(2)
# A secret key is never answered, even where it was stored as public.
_SECRET = b"hs_seckey"
# The length in front of that type, which looks through the values four times as fast.
_SECRET_BYTES = bytes([len(_SECRET)])
# What goes into one message besides handle, header and credential.
_LONGEST_VALUES = MAX_MESSAGE_BYTES - 4096

# Of how many prefixes it is remembered that they are homed here, and of how many shapes of
# requests how they are answered: one for each length of a handle, version and set of flags.
_PREFIXES = 65_536
_PLANS = 4096

# Lengths of body and handle as they must be; size of the handle; of the answer: version, middle.
Plan = tuple[bytes, int, bytes, bytes]


class HotPath:
    """Plain resolutions of one worker.

    Parameters
    ----------
    reader
        The records.
    tally
        Where resolutions are summed by prefix.
    clock
        Epoch seconds; read once a turn.
    site_serial
        Serial number of the site information in force.
    door
        Under which name the answers are counted.
    later
        Calls ``release`` at the end of the loop's turn, so that all connections that are served
        in it share one moment; None where the door calls it.
    """

    __slots__ = ("_answered", "_clock", "_counts", "_get", "_later", "_moment", "_now", "_plans",
                 "_reader", "_serial", "_series", "_tally")  # fmt: skip

    def __init__(
        self,
        reader: Reader,
        tally: Tally,
        clock: Callable[[], float],
        site_serial: int,
        door: ChannelKind = "tcp",
        later: Callable[[Callable[[], None]], object] | None = None,
    ) -> None:
        self._reader = reader
        self._tally = tally
        self._clock = clock
        self._later = later
        self._now = clock()
        self._get: Callable[[bytes], bytes | None] | None = None
        self._moment = -1
        # The prefixes that are homed here, and how many answers each had since the last commit:
        # one look into one table says the one and counts the other.
        self._counts: dict[bytes, int] = {}
        self._answered = 0
        self._plans: dict[bytes, Plan] = {}
        self._series: Series = (
            "ballast_node_requests_total",
            (("door", door), ("operation", "RESOLVE"), ("response", "SUCCESS")),
        )
        self._serial = site_serial

    @property
    def site_serial(self) -> int:
        """Serial number of the site information in force."""
        return self._serial

    @site_serial.setter
    def site_serial(self, serial: int) -> None:
        if serial != self._serial:
            self._serial = serial
            self._plans.clear()

    def settle(self) -> None:
        """Put what was counted into the tally; before that is taken, about once a second."""
        for prefix, count in self._counts.items():
            if count:
                self._tally.count(prefix, count)
                self._answered += count
        self._counts.clear()

    def counts(self) -> Mapping[Series, int]:
        """Return what is new since the last call, for ``Counters.source``."""
        self.settle()
        answered, self._answered = self._answered, 0
        return {self._series: answered}

    def release(self) -> None:
        """End the turn: what is asked next sees the newest records."""
        if self._get is not None:
            self._get = None
            self._reader.release()

    def answer(self, data: bytes, at: int, stop: int) -> bytes | None:
        """Return the answer to a plain resolution, or None: then it goes the long way.

        Parameters
        ----------
        data, at, stop
            What was received, and where in it one message begins and ends; 48 bytes or more.
        """
        version, ids, shape, expiration, lengths = _REQUEST(data, at)
        plan = self._plans.get(version + shape) or self._plan(version, shape)
        if plan is None:
            return None
        expected, size, spoken, middle = plan
        end = at + _HANDLE_AT + size
        if lengths != expected or stop != end + _BEHIND or data[end:stop] != _NOTHING_ELSE:
            return None
        handle = data[at + _HANDLE_AT : end]
        key = handle.lower()
        packed = (self._get or self._begin())(key)
        if packed is None:
            return None
        life, count, width = _RECORD(packed)
        if not 0 < width <= _LONGEST_VALUES:
            return None
        if life != _VALID_FOR_EVER and self._has_ended(life):
            return None
        values = packed[_VALUES_AT : _VALUES_AT + width]
        if _SECRET_BYTES in values and _SECRET in values.lower():
            return None
        prefix = key[: key.find(b"/")]
        try:
            self._counts[prefix] += 1
        except KeyError:
            if not self._is_homed(prefix):
                return None
        body = size + width + 8
        head = _ANSWER(spoken, ids, body + _HEADER + 4, middle, expiration, body, size)
        return b"".join((head, handle, _NUMBER, count, values, _NO_CREDENTIAL))

    def _plan(self, first_bytes: bytes, shape: bytes) -> Plan | None:
        """Return how requests of a shape are answered, or None if they are not plain."""
        major, minor, mixed, suggested = first_bytes
        _, length, op, response, flags, _, recursion = _SHAPE(shape)
        size = length - _HEADER - _BEHIND - 4
        if (
            mixed & _ENVELOPE_FLAGS
            or op != OpCode.RESOLVE
            or response
            or flags & _UNPLAIN
            or not 0 < size <= PLAIN_HANDLE_BYTES
        ):
            return None
        asked = Envelope(major, minor, suggested_major=mixed, suggested_minor=suggested)
        spoken = bytes((*answer_version(asked), *OWN_VERSION))
        middle = _MIDDLE(op, ResponseCode.SUCCESS, flags, self._serial, recursion)
        plan = (_LENGTHS(size + _BEHIND, size), size, spoken, middle)
        if len(self._plans) >= _PLANS:
            self._plans.clear()
        self._plans[first_bytes + shape] = plan
        return plan

    def _has_ended(self, life: bytes) -> bool:
        """Whether a record is revoked or has expired."""
        state, expires_at = _EXPIRY(life)
        return bool(state or (expires_at and expires_at <= self._now))

    def _begin(self) -> Callable[[bytes], bytes | None]:
        """Begin a turn; what is known of prefixes holds until something is committed."""
        # Now and not when the last turn ended: nothing may have been asked for hours.
        self._now = self._clock()
        moment = self._reader.moment()
        if moment != self._moment or len(self._counts) > _PREFIXES:
            self._moment = moment
            self.settle()
        self._get = self._reader.get
        if self._later is not None:
            self._later(self.release)
        return self._get

    def _is_homed(self, prefix: bytes) -> bool:
        """Look a prefix up, and count its first answer; once a commit."""
        entry = self._reader.prefix(prefix)
        if entry is None or entry.state is not PrefixState.HOMED:
            return False
        self._counts[prefix] = 1
        return True
