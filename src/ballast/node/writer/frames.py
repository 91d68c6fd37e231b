"""What passes between a worker and the writer: frames on a stream, cut by length.

Not HTTP and not ``multiprocessing``: the first costs more than the change it
carries, the second unpickles what it is sent. A frame is its length, the
number of the request it belongs to, a kind, and a body in MessagePack. The
length is checked before a byte of the body is kept, so that nobody who reaches
the socket can make the writer hold more than one frame.
"""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import NamedTuple

from ballast.errors import Refused

__all__ = ["MAX_FRAME_BYTES", "Frame", "FrameCutter", "Kind", "frame"]

MAX_FRAME_BYTES = 32 * 1024 * 1024
_HEAD = struct.Struct(">IIB")
_AFTER_LENGTH = _HEAD.size - 4


class Kind(IntEnum):
    """What a frame asks or answers."""

    APPLY = 1  # a change and who wants it
    VAULT = 2  # an order to the vault of challenges and sessions
    BLOCK = 3  # a block of a bulk load
    LEASE = 4  # the right to load under one idempotency key
    RELEASE = 5
    REFUSALS = 6  # what was kept of a load's refused lines
    STATISTICS = 7

    ANSWER = 128  # what became of it
    FAILED = 129  # it could not be tried; why


class Frame(NamedTuple):
    """One frame as it came.

    Parameters
    ----------
    request
        The number that its answer will carry.
    kind
        A ``Kind``, or a number this version does not know.
    body
        MessagePack.
    """

    request: int
    kind: int
    body: bytes


def frame(request: int, kind: int, body: bytes) -> bytes:
    """Return one frame as bytes.

    Examples
    --------
    >>> frame(1, Kind.VAULT, b"x").hex()
    '00000006000000010278'
    """
    return _HEAD.pack(_AFTER_LENGTH + len(body), request, kind) + body


class FrameCutter:
    """Cuts a stream into frames, whatever pieces it comes in.

    Parameters
    ----------
    max_bytes
        The longest frame that is taken.

    Examples
    --------
    >>> cutter = FrameCutter()
    >>> whole = frame(7, Kind.VAULT, b"abc")
    >>> cutter.feed(whole[:5]), cutter.feed(whole[5:])
    ([], [Frame(request=7, kind=2, body=b'abc')])
    """

    __slots__ = ("_held", "_max_bytes")

    def __init__(self, max_bytes: int = MAX_FRAME_BYTES) -> None:
        self._held = bytearray()
        self._max_bytes = max_bytes

    def feed(self, data: bytes) -> list[Frame]:
        """Return the frames that are whole now.

        Raises
        ------
        Refused
            If a length is impossible. Nothing after it can be understood.
        """
        held = self._held
        held += data
        found: list[Frame] = []
        at, end = 0, len(held)
        while end - at >= _HEAD.size:
            length, request, kind = _HEAD.unpack_from(held, at)
            if not _AFTER_LENGTH <= length <= self._max_bytes:
                raise Refused(
                    "a frame of {length} bytes: the writer takes {least} to {most}; "
                    "is another program talking to its socket?",
                    length=length,
                    least=_AFTER_LENGTH,
                    most=self._max_bytes,
                )
            if end - at < 4 + length:
                break
            found.append(Frame(request, kind, bytes(held[at + _HEAD.size : at + 4 + length])))
            at += 4 + length
        if at:
            del held[:at]
        return found
