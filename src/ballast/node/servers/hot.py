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
from ballast.node.wire.reader import MAX_MESSAGE_BYTES, MAX_VALUES
from ballast.node.wire.versions import answer_version

__all__ = ["PLAIN_HANDLE_BYTES", "HotPath"]

# Longer handles are found by a digest of theirs.
PLAIN_HANDLE_BYTES = 510

# The 48 bytes in front of the handle, taken apart only as far as is looked at: version, session
# and request together, sequence left out, length; operation and response together, flags, serial
# left out, recursion, reserved byte left out, expiration, length of the body; of the handle.
_REQUEST = Struct(">4s8s4xI8sI2xBxIII")
_ANSWER = Struct(">4s8s4xI8sIHBxIII")
_HANDLE_AT = 48
# Behind the handle: no indexes, no types, no credential.
_NOTHING_ELSE = bytes(12)
_BEHIND = len(_NOTHING_ELSE)
_NO_CREDENTIAL = bytes(4)
# Of a record's head: state, expires at, number and length of the public values.
_RECORD = Struct(">BI8xHI")
_VALUES_AT = RECORD_HEAD.size
_ENVELOPE = 20
_HEADER = 24
_ASKED = Struct(">II").pack(OpCode.RESOLVE, ResponseCode.REQUEST)
_FOUND = Struct(">II").pack(OpCode.RESOLVE, ResponseCode.SUCCESS)
_COUNTS = tuple(Struct(">I").pack(number) for number in range(MAX_VALUES + 1))
_UNPLAIN = 0xFFFFFFFF & ~int(
    OpFlag.AUTH
    | OpFlag.RECU
    | OpFlag.CACR
    | OpFlag.KPAL
    | OpFlag.PUBL
    | OpFlag.DNRF
    | OpFlag.RECU_AUTH
)
# Of how many prefixes it is remembered that they are homed here.
_PREFIXES = 65_536
# A secret key is never answered, even where it was stored as public.
_SECRET = b"hs_seckey"
# The length in front of that type, which looks through the values four times as fast.
_SECRET_BYTES = bytes([len(_SECRET)])
# What goes into one message besides handle, header and credential.
_LONGEST_VALUES = MAX_MESSAGE_BYTES - 4096
# Flags of the envelope, without the two bits of the suggested version.
_ENVELOPE_FLAGS = 0xFC


class HotPath:
    """Plain resolutions of one worker.

    Parameters
    ----------
    reader
        The records.
    tally
        Where resolutions are summed by prefix.
    clock
        Epoch seconds; read once a ``release``.
    site_serial
        Serial number of the site information in force.
    door
        Under which name the answers are counted.
    """

    __slots__ = ("_answered", "_clock", "_counts", "_get", "_moment", "_now", "_reader",
                 "_series", "_tally", "_versions", "site_serial")  # fmt: skip

    def __init__(
        self,
        reader: Reader,
        tally: Tally,
        clock: Callable[[], float],
        site_serial: int,
        door: ChannelKind = "tcp",
    ) -> None:
        self._reader = reader
        self._tally = tally
        self._clock = clock
        self._now = clock()
        self._get: Callable[[bytes], bytes | None] | None = None
        self._moment = -1
        # The prefixes that are homed here, and how many answers each had since the last commit:
        # one look into one table says the one and counts the other.
        self._counts: dict[bytes, int] = {}
        self._answered = 0
        self._versions: dict[bytes, bytes | None] = {}
        self._series: Series = (
            "ballast_node_requests_total",
            (("door", door), ("operation", "RESOLVE"), ("response", "SUCCESS")),
        )
        self.site_serial = site_serial

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
        """End the turn: what is asked next sees the newest records, and the time."""
        if self._get is not None:
            self._get = None
            self._reader.release()
            self._now = self._clock()

    def answer(self, data: bytes, at: int, stop: int) -> bytes | None:
        """Return the answer to a plain resolution, or None: then it goes the long way.

        Parameters
        ----------
        data, at, stop
            What was received, and where in it one message begins and ends; 48 bytes or more.
        """
        version, ids, length, asked, flags, recursion, expiration, body, size = (
            _REQUEST.unpack_from(data, at)
        )
        spoken = self._versions.get(version)
        if spoken is None:
            spoken = self._version(version)
        if (
            spoken is None
            or asked != _ASKED
            or flags & _UNPLAIN
            or body != size + _BEHIND
            or length != body + _HEADER + 4
            or length != stop - at - _ENVELOPE
            or size > PLAIN_HANDLE_BYTES
        ):
            return None
        start = at + _HANDLE_AT
        end = start + size
        if not data.endswith(_NOTHING_ELSE, end, stop):
            return None
        handle = data[start:end]
        key = handle.lower()
        slash = key.find(b"/")
        if slash < 1:
            return None
        packed = (self._get or self._begin())(key)
        if packed is None:
            return None
        state, expires_at, count, size_of_values = _RECORD.unpack_from(packed)
        if (
            state
            or not 0 < count <= MAX_VALUES
            or (expires_at and expires_at <= self._now)
            or size_of_values > _LONGEST_VALUES
        ):
            return None
        values = packed[_VALUES_AT : _VALUES_AT + size_of_values]
        if _SECRET_BYTES in values and _SECRET in values.lower():
            return None
        prefix = key[:slash]
        try:
            self._counts[prefix] += 1
        except KeyError:
            if not self._is_homed(prefix):
                return None
        body = size + size_of_values + 8
        return b"".join(
            (
                _ANSWER.pack(spoken, ids, body + _HEADER + 4, _FOUND, flags, self.site_serial,
                             recursion, expiration, body, size),
                handle,
                _COUNTS[count],
                values,
                _NO_CREDENTIAL,
            )
        )  # fmt: skip

    def _version(self, first_bytes: bytes) -> bytes | None:
        """Return the first four bytes of an answer, by those of the request."""
        major, minor, mixed, suggested = first_bytes
        if mixed & _ENVELOPE_FLAGS:
            return None
        asked = Envelope(major, minor, suggested_major=mixed, suggested_minor=suggested)
        spoken = bytes((*answer_version(asked), *OWN_VERSION))
        # At most 4 × 2^24 different ones exist, so the table is bounded by hand.
        if len(self._versions) < 256:
            self._versions[first_bytes] = spoken
        return spoken

    def _begin(self) -> Callable[[bytes], bytes | None]:
        """Begin a turn; what is known of prefixes holds until something is committed."""
        moment = self._reader.moment()
        if moment != self._moment or len(self._counts) > _PREFIXES:
            self._moment = moment
            self.settle()
        self._get = self._reader.get
        return self._get

    def _is_homed(self, prefix: bytes) -> bool:
        """Look a prefix up, and count its first answer; once a commit."""
        entry = self._reader.prefix(prefix)
        if entry is None or entry.state is not PrefixState.HOMED:
            return False
        self._counts[prefix] = 1
        return True
