"""Two small files beside the log: how far it is durable, and how far it is shipped.

Each is written in place, by one process, and read by others. In place and not
by a rename, because on a full disk a rename needs a new block, and then the
shipper could not even make room. A checksum tells a reader that it looked
into the middle of a write; it looks again.

Neither is synced at every write. The durable mark is moved behind the sync of
what it covers, so on the disk it can be too low and never too high; and how
far the lake has the log is known to the lake itself.
"""

from __future__ import annotations

import os
import struct
import time
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["DurableMark", "MarkFile", "ShippedMark", "read_durable", "read_shipped"]

DURABLE, SHIPPED = "durable", "shipped"
_CHECK = struct.Struct("<I")
_DURABLE = struct.Struct("<8sqqqq16s")
_SHIPPED = struct.Struct("<8sqq")
_DURABLE_SIGN, _SHIPPED_SIGN = b"BLdura1\n", b"BLship1\n"
_LOOKS, _PAUSE_SECONDS = 50, 0.001


@dataclass(frozen=True, slots=True)
class DurableMark:
    """How far the log is on the disk.

    Parameters
    ----------
    position
        Behind the last durable byte, over all segments.
    samples, events
        The numbers that come next.
    tags
        How many tag names are on the disk.
    identity
        The random name of the log, 16 bytes.
    """

    position: int
    samples: int
    events: int
    tags: int
    identity: bytes

    def pack(self) -> bytes:
        """Return it as bytes."""
        fields = (self.position, self.samples, self.events, self.tags, self.identity)
        return _signed(_DURABLE.pack(_DURABLE_SIGN, *fields))


@dataclass(frozen=True, slots=True)
class ShippedMark:
    """How far the lake has the two streams: the last numbers, -1 for nothing."""

    samples: int = -1
    events: int = -1

    def pack(self) -> bytes:
        """Return it as bytes."""
        return _signed(_SHIPPED.pack(_SHIPPED_SIGN, self.samples, self.events))


class MarkFile:
    """One of the files, opened to be written again and again.

    Parameters
    ----------
    path
        Where it stands; made if it is not there.
    """

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)

    def write(self, packed: bytes) -> None:
        """Replace what stands there."""
        os.pwrite(self._handle, packed, 0)

    def sync(self) -> None:
        """Force it to the disk."""
        os.fsync(self._handle)

    def close(self) -> None:
        """Give the file free."""
        os.close(self._handle)


def read_durable(directory: Path) -> DurableMark | None:
    """Return how far the log of a directory is durable; None if that is not known."""
    found = _read(directory / DURABLE, _DURABLE, _DURABLE_SIGN)
    return None if found is None else DurableMark(*found)


def read_shipped(directory: Path) -> ShippedMark:
    """Return how far the log of a directory is shipped."""
    found = _read(directory / SHIPPED, _SHIPPED, _SHIPPED_SIGN)
    return ShippedMark() if found is None else ShippedMark(*found)


def _signed(fields: bytes) -> bytes:
    return fields + _CHECK.pack(zlib.crc32(fields))


def _read(path: Path, layout: struct.Struct, sign: bytes) -> tuple[Any, ...] | None:
    for _ in range(_LOOKS):
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return None
        fields, check = data[: layout.size], data[layout.size : layout.size + _CHECK.size]
        if len(check) == _CHECK.size and _CHECK.unpack(check)[0] == zlib.crc32(fields):
            found = layout.unpack(fields)
            return found[1:] if found[0] == sign else None
        if not data.strip(b"\0"):
            return None
        time.sleep(_PAUSE_SECONDS)
    return None
