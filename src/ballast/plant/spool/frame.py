"""How the log is cut into frames, and how a torn tail is told from a whole one.

A frame is a header of 40 bytes and a payload, both with a checksum. A
checksum of its own for the header, so that damage inside a payload costs that
frame and not all behind it: the length still leads to the next one. The
header holds its own place in the log, so that bytes that an earlier, cut
write left behind never pass for a frame of today. The last frame of a commit
says so; frames behind the last such one are a commit that did not end.

Nothing here opens a file: bytes in, frames out.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum

__all__ = [
    "HEADER_BYTES",
    "Buffer",
    "Frame",
    "FrameKind",
    "ReadAt",
    "Scanned",
    "header",
    "is_sound",
    "read",
    "scan",
]

# Sign, kind, ends a commit, nothing, length, rows, first number, position, payload's checksum.
_FIELDS = struct.Struct("<4sBBHIIqqI")
_CHECK = struct.Struct("<I")
_SIGN = b"BLfr"
HEADER_BYTES = _FIELDS.size + _CHECK.size
# Of the file behind the last frame so much is looked at in one piece.
_LOOKED_AT = 1 << 20

#: Bytes, wherever they lie.
Buffer = bytes | bytearray | memoryview
#: Returns the bytes of a file from an offset on, fewer at its end.
ReadAt = Callable[[int, int], bytes]


class FrameKind(IntEnum):
    """What a frame holds; the numbers stand in files."""

    SAMPLES = 1
    EVENTS = 2
    WORDED_SAMPLES = 3


_KINDS = frozenset(FrameKind)


@dataclass(frozen=True, slots=True)
class Frame:
    """The header of a frame.

    Parameters
    ----------
    kind
        What it holds.
    ends_commit
        It is the last one of its commit.
    length
        Bytes of the payload.
    rows
        How many things it holds.
    first
        The number of the first of them, in the stream of its kind.
    position
        Where in the log the header begins, in bytes over all segments.
    checksum
        CRC-32 of the payload.
    """

    kind: FrameKind
    ends_commit: bool
    length: int
    rows: int
    first: int
    position: int
    checksum: int

    @property
    def end(self) -> int:
        """Where in the log the next frame begins."""
        return self.position + HEADER_BYTES + self.length

    @property
    def next(self) -> int:
        """The number behind its last one."""
        return self.first + self.rows


def header(
    kind: FrameKind, payload: Buffer, *, rows: int, first: int, position: int, ends_commit: bool
) -> bytes:
    """Return the header that goes before a payload.

    Parameters
    ----------
    kind, rows, first, position, ends_commit
        As in ``Frame``.
    payload
        The bytes that follow.

    Examples
    --------
    >>> bytes_ = header(FrameKind.EVENTS, b"abc", rows=1, first=7, position=72, ends_commit=True)
    >>> len(bytes_), read(bytes_, 72).next
    (40, 8)
    """
    view = memoryview(payload)
    fields = _FIELDS.pack(
        _SIGN, kind, ends_commit, 0, view.nbytes, rows, first, position, zlib.crc32(view)
    )
    return fields + _CHECK.pack(zlib.crc32(fields))


def read(data: Buffer, position: int) -> Frame | None:
    """Return the header that stands at a position; None if there is no whole one.

    Parameters
    ----------
    data
        The bytes from there on.
    position
        Where in the log they begin.
    """
    view = memoryview(data)
    if view.nbytes < HEADER_BYTES:
        return None
    fields = view[: _FIELDS.size]
    sign, kind, ends, _, length, rows, first, place, checksum = _FIELDS.unpack(fields)
    (check,) = _CHECK.unpack_from(view, _FIELDS.size)
    if sign != _SIGN or place != position or zlib.crc32(fields) != check or kind not in _KINDS:
        return None
    return Frame(FrameKind(kind), bool(ends), length, rows, first, place, checksum)


def is_sound(frame: Frame, payload: Buffer) -> bool:
    """Return whether a payload is the one that was written behind the header."""
    view = memoryview(payload)
    return view.nbytes == frame.length and zlib.crc32(view) == frame.checksum


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a file of the log was found to hold.

    Parameters
    ----------
    end
        Behind its last whole commit, as an offset in the file.
    torn
        How many bytes behind that were written and are no whole commit.
    samples, events
        The numbers that come next; None where the file has nothing of that stream.
    damaged
        Frames before that whose payload is not what was written.
    """

    end: int
    torn: int
    samples: int | None
    events: int | None
    damaged: tuple[Frame, ...]


def scan(read_at: ReadAt, size: int, start: int, base: int) -> Scanned:
    """Find where the whole commits of a file end.

    Parameters
    ----------
    read_at
        Reads the file: offset and how much.
    size
        Its length in bytes; zeros at the end were only set aside.
    start
        The offset of the first frame.
    base
        Where in the log the file begins.
    """
    damaged: list[Frame] = []
    doubtful: list[Frame] = []
    offset = end = start
    whole = True
    reached: dict[bool, int] = {}
    told: dict[bool, int] = {}
    while (frame := read(read_at(offset, HEADER_BYTES), base + offset)) is not None:
        if frame.end - base > size:
            break
        told[frame.kind is FrameKind.EVENTS] = frame.next
        offset = frame.end - base
        if not is_sound(frame, read_at(offset - frame.length, frame.length)):
            doubtful.append(frame)
            whole = False
        if frame.ends_commit:
            # A disk writes in any order: a commit with one bad frame was perhaps never synced.
            # What stands before a whole commit was, for it was begun after that.
            if whole:
                end = offset
                reached |= told
                damaged += doubtful
                doubtful = []
            whole = True
    torn = _written(read_at, size, end)
    return Scanned(end, torn, reached.get(False), reached.get(True), tuple(damaged))


def _written(read_at: ReadAt, size: int, start: int) -> int:
    """Return how many bytes from an offset on were written; zeros at the end were not."""
    last = 0
    for offset, piece in _pieces(read_at, size, start):
        if kept := piece.rstrip(b"\0"):
            last = offset + len(kept) - start
    return last


def _pieces(read_at: ReadAt, size: int, start: int) -> Iterator[tuple[int, bytes]]:
    for offset in range(start, size, _LOOKED_AT):
        yield offset, read_at(offset, min(_LOOKED_AT, size - offset))
