"""Lines of a bulk load, made into records as they are stored; in the worker, not in the writer.

The one writer is what a node has only one of, so everything that can be done
before a record reaches it is done here: decoding, judging, packing. A record
costs some microseconds: ``Value`` objects, ``record_of`` and ``pack_record``
would cost twenty. Type, permissions and time to live repeat from line to line
and are encoded once a block; a test holds the two ways against each other.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Annotated, NamedTuple

import msgspec

from ballast.errors import InvalidTerm, Refused
from ballast.node.registry.records import HEAD, MAX_PREFIX_BYTES, record_key
from ballast.node.service.answers import declined
from ballast.node.service.values import MAX_RECORD_BYTES, kept, kept_permissions, refuse_excess
from ballast.node.wire.codes import ResponseCode
from ballast.node.wire.reader import MAX_VALUES
from ballast.node.wire.value import MAX_TYPE_BYTES, VALUE_HEAD, Value
from ballast.node.writer.line_data import FormattedData, data_of
from ballast.node.writer.lines import MAX_LINE_BYTES, LineBlock
from ballast.terms.handle import MAX_HANDLE_BYTES, Handle

__all__ = ["Packed", "Packer", "Refusal"]


_NO_REFERENCES = bytes(4)
# A digit for each byte: whether it is a capital.
_CAPITALS = bytes(0x31 if 0x41 <= byte <= 0x5A else 0x30 for byte in range(256))
_LENGTHS = tuple(n.to_bytes(4, "big") for n in range(1024))
_PERMISSIONS = {f"{n:04b}": n for n in range(16)}
# The last: objects within objects within objects.
_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_LAST_SECOND = 0xFFFFFFFF
_MOST_REMEMBERED = 1024
_LONGEST_REMEMBERED = 1024
# Most handles are of this kind and need no closer look.
_PLAIN = re.compile(r"[!-.0-~]{1,255}/[!-~]{1,1024}").fullmatch


class _Value(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    index: Annotated[int, msgspec.Meta(ge=1, le=0xFFFFFFFF)]
    type: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_TYPE_BYTES)]
    data: str | FormattedData
    permissions: str = "1110"
    ttl: Annotated[int, msgspec.Meta(ge=0, le=0xFFFFFFFF)] = 86_400


class _Line(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    handle: str
    values: Annotated[list[_Value], msgspec.Meta(min_length=1, max_length=MAX_VALUES)]
    expires: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class Refusal(NamedTuple):
    """A line that was refused, and why, as a sentence that can be said in either language."""

    line: int
    handle: str
    code: int
    message: str


class Packed(NamedTuple):
    """A block of lines as the writer takes it.

    Parameters
    ----------
    items
        Key and packed record of each handle.
    spellings
        The handles as they were given, UTF-8.
    prefixes
        Folded prefixes in turn, each with how many items have it.
    numbers
        Number of the line of each item in the load.
    handles
        The handles once more, as text.
    refused
        The lines that make no record, in order.
    """

    items: list[tuple[bytes, bytes]]
    spellings: list[bytes]
    prefixes: list[tuple[bytes, int]]
    numbers: list[int]
    handles: list[str]
    refused: list[Refusal]


class _Head(NamedTuple):
    wire: bytes  # all of a value up to the length of its data
    public: bool
    judged: Value | None  # where the type says what its data must be
    known: dict[tuple[str, bytes], bytes]  # data that are no plain text, as they were made before


class Packer:
    """Makes records of lines; remembers what comes again, so keep one for a whole load."""

    def __init__(self) -> None:
        self._lines = msgspec.json.Decoder(_Line)
        self._heads: dict[tuple[int, str, int, str], _Head] = {}
        self._heads_at = -1
        self._spellings: dict[bytes, bytes] = {}

    def pack(self, block: LineBlock, now: int) -> Packed:
        """Return the records of a block of lines.

        Parameters
        ----------
        block
            Whole lines of JSON; empty ones are passed over.
        now
            Epoch seconds of the registration.
        """
        if self._heads_at != now or len(self._heads) > _MOST_REMEMBERED:
            self._heads, self._heads_at = {}, now
        refused: list[Refusal] = []
        lines = self._decoded(block, refused)
        packed = Packed([], [], [], [], [], refused)
        self._records(lines, now, packed)
        if refused:
            refused.sort(key=lambda one: one.line)
        return packed

    def _decoded(self, block: LineBlock, refused: list[Refusal]) -> list[tuple[int, _Line]]:
        """Return the lines that are JSON of the right shape, with their numbers."""
        if not block.too_long:
            try:
                found = self._lines.decode_lines(block.data)
            except _UNREADABLE:
                pass
            else:
                if len(found) == block.lines:
                    return list(enumerate(found, block.first_line))
        decoded: list[tuple[int, _Line]] = []
        for number, text in enumerate(block.data.split(b"\n")[: block.lines]):
            line = block.first_line + number
            if number in block.too_long:
                long = Refused("the line is longer than {most} bytes", most=MAX_LINE_BYTES)
                refused.append(_refusal(line, "", long, ResponseCode.PROTOCOL_ERROR))
            elif text.strip():
                try:
                    decoded.append((line, self._lines.decode(text)))
                except _UNREADABLE as error:
                    refused.append(self._undecoded(line, text, error))
        return decoded

    def _undecoded(self, line: int, text: bytes, error: Exception) -> Refusal:
        """Return why a line could not be decoded, with its handle where that can be read."""
        handle = ""
        code = ResponseCode.PROTOCOL_ERROR
        if isinstance(error, msgspec.ValidationError):
            code = ResponseCode.INVALID_VALUE
            try:
                handle = msgspec.json.decode(text, type=_Named).handle
            except _UNREADABLE:
                code = ResponseCode.INVALID_HANDLE
        unread = Refused("the line cannot be read: {reason}", reason=error)
        return _refusal(line, handle, unread, code)

    def _records(self, lines: list[tuple[int, _Line]], now: int, packed: Packed) -> None:
        """Add the records of lines, and the refusals of those that make none."""
        items, spelled_all, prefixes, numbers, handles, refused = packed
        values_of, key_of, head, spellings = self._values, record_key, HEAD.pack, self._spellings
        prefix_now, prefix_count = b"", 0
        for number, line in lines:
            handle = line.handle
            try:
                if _PLAIN(handle) is None:
                    _judge_handle(handle)
                spelled = handle.encode()
                public_count, restricted_count, public, restricted = values_of(line.values)
                expires = 0 if line.expires is None else _expiry(line.expires, now)
            except Refused as error:
                refused.append(_refusal(number, handle, error))
                continue
            folded = spelled.lower()
            key = key_of(folded)
            capitals = spelled.translate(_CAPITALS)
            if (spelling := spellings.get(capitals)) is None or key is not folded:
                spelling = self._spelling(spelled, folded, capitals)
            record = head(
                0, expires, now, now, public_count, len(public), restricted_count, len(spelling)
            )
            items.append((key, record + public + restricted + spelling))
            spelled_all.append(spelled)
            numbers.append(number)
            handles.append(handle)
            prefix = folded[: folded.index(b"/")]
            if prefix != prefix_now:
                if prefix_count:
                    prefixes.append((prefix_now, prefix_count))
                prefix_now, prefix_count = prefix, 0
            prefix_count += 1
        if prefix_count:
            prefixes.append((prefix_now, prefix_count))

    def _spelling(self, spelled: bytes, folded: bytes, capitals: bytes) -> bytes:
        """Return what a record holds of its spelling (``registry.records``, the layout)."""
        if record_key(folded) != folded:
            return spelled
        if len(self._spellings) >= _MOST_REMEMBERED:
            self._spellings.clear()
        bits = int(capitals, 2)
        spelling = bits.to_bytes((len(spelled) + 7) // 8, "big") if bits else b""
        self._spellings[capitals] = spelling
        return spelling

    def _values(self, values: list[_Value]) -> tuple[int, int, bytes, bytes]:
        """Return counts and wire forms of the values that anyone may read, and of the others."""
        heads = self._heads
        public: list[bytes] = []
        restricted: list[bytes] = []
        last = 0
        for value in values:
            if value.index <= last:
                return self._values(_by_index(values))
            last = value.index
            asked = (last, value.type, value.ttl, value.permissions)
            wire, anyone, judged, known = heads.get(asked) or self._head(asked)
            data = value.data
            if isinstance(data, str):
                made = data.encode()
                if judged is not None:
                    kept(replace(judged, data=made), self._heads_at)
            else:
                asked_data = (data.format, bytes(data.value))
                made = known.get(asked_data) or self._made(asked_data, data, judged, known)
            size = len(made)
            parts = public if anyone else restricted
            parts += (
                wire,
                _LENGTHS[size] if size < 1024 else size.to_bytes(4, "big"),
                made,
                _NO_REFERENCES,
            )
        first, second = b"".join(public), b"".join(restricted)
        if len(first) + len(second) > MAX_RECORD_BYTES:
            refuse_excess(len(values), len(first) + len(second))
        return len(public) >> 2, len(restricted) >> 2, first, second

    def _head(self, asked: tuple[int, str, int, str]) -> _Head:
        """Return what stands in front of the data of all values of one kind."""
        index, kind, ttl, permissions = asked
        if (bits := _PERMISSIONS.get(permissions)) is None:
            raise Refused(
                "value {index} has the permissions “{permissions}”; write four digits 0 or 1: "
                "administrators read, administrators write, anyone reads, anyone writes",
                index=index,
                permissions=permissions[:40],
            )
        wire = kind.encode()
        if len(wire) > MAX_TYPE_BYTES:
            raise Refused(
                "the type of value {index} has {size} bytes; at most {most} are allowed",
                index=index,
                size=len(wire),
                most=MAX_TYPE_BYTES,
            )
        value = Value(index, kind, b"", kept_permissions(kind, bits), ttl, False, self._heads_at)
        # Only types of the protocol itself say what their data must be.
        judged = kind[:3].upper() == "HS_"
        if not judged:
            value = kept(value, self._heads_at)
        head = _Head(
            VALUE_HEAD.pack(index, value.timestamp, 0, ttl, value.permissions, len(wire)) + wire,
            value.public_read,
            value if judged else None,
            {},
        )
        self._heads[asked] = head
        return head

    def _made(
        self,
        asked: tuple[str, bytes],
        given: FormattedData,
        judged: Value | None,
        known: dict[tuple[str, bytes], bytes],
    ) -> bytes:
        """Return data that are no plain text; the same administrator comes line after line."""
        data = data_of(given)
        if judged is not None:
            kept(replace(judged, data=data), self._heads_at)
        if len(asked[1]) <= _LONGEST_REMEMBERED:
            if len(known) >= _MOST_REMEMBERED:
                known.clear()
            known[asked] = data
        return data


def _refusal(line: int, handle: str, error: Refused, code: int = 0) -> Refusal:
    if not code:
        code = getattr(error, "response_code", ResponseCode.INVALID_VALUE)
        if isinstance(error, InvalidTerm):
            code = ResponseCode.INVALID_HANDLE
    return Refusal(
        line, handle[:MAX_HANDLE_BYTES], int(code), declined(error, ResponseCode(code)).sentence
    )


class _Named(msgspec.Struct, gc=False):
    handle: str


def _judge_handle(handle: str) -> None:
    parsed = Handle.parse(handle)
    if len(parsed.prefix.encode()) > MAX_PREFIX_BYTES:
        raise InvalidTerm(
            "the prefix of “{text}…” has more than {most} bytes",
            text=handle[:80],
            most=MAX_PREFIX_BYTES,
        )


def _by_index(values: list[_Value]) -> list[_Value]:
    """Return values in the order of their indexes, if no two have the same."""
    ordered = sorted(values, key=lambda value: value.index)
    for one, other in pairwise(ordered):
        if one.index == other.index:
            raise Refused("index {index} is given to two values", index=one.index)
    return ordered


def _expiry(expires: datetime, now: int) -> int:
    seconds = int(expires.timestamp())
    if not now < seconds <= _LAST_SECOND:
        raise Refused(
            "the record would expire in the past, or after 2106; give a later moment or none"
        )
    return seconds
