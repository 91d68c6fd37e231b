"""The files of the log: how each begins, which there are, which can go.

A segment's header says at which place and at which numbers it begins. The
newest segment is never removed, however much of it is shipped: so the log
always knows its next numbers, and none is ever given out twice.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from ballast.errors import HomeVersion
from ballast.plant.spool.marks import ShippedMark

__all__ = [
    "KEPT_SEGMENTS",
    "SEGMENT_HEADER_BYTES",
    "Segment",
    "create",
    "forgettable",
    "listed",
    "make_directory",
    "sync_directory",
    "unfinished",
]

#: So many full segments stay after they are shipped, to know duplicates after a restart.
KEPT_SEGMENTS = 2
_FORMAT = 1
_FIELDS = struct.Struct("<8sIIqqqqq16s")
_CHECK = struct.Struct("<I")
_SIGN = b"BLspool\n"
SEGMENT_HEADER_BYTES = 80
_END, _UNFINISHED = ".log", ".new"


@dataclass(frozen=True, slots=True)
class Segment:
    """How a file of the log begins.

    Parameters
    ----------
    sequence
        Its own number, from 0 on.
    base
        Where in the log its header stands, in bytes over all segments.
    samples, events
        The numbers of the first of each stream behind its beginning.
    made_at
        When, in ms (UTC).
    identity
        The random name of the log, 16 bytes.
    """

    sequence: int
    base: int
    samples: int
    events: int
    made_at: int
    identity: bytes

    def path(self, directory: Path) -> Path:
        """Return its file."""
        return directory / f"{self.sequence:012d}{_END}"

    def pack(self) -> bytes:
        """Return the header."""
        fields = _FIELDS.pack(
            _SIGN, _FORMAT, 0, self.sequence, self.base, self.samples, self.events,
            self.made_at, self.identity,
        )  # fmt: skip
        return (fields + _CHECK.pack(zlib.crc32(fields))).ljust(SEGMENT_HEADER_BYTES, b"\0")


def create(directory: Path, segment: Segment, step: Callable[[str], None]) -> int:
    """Make a segment's file; it is there whole or not at all.

    Returns
    -------
    int
        The opened file.
    """
    path = segment.path(directory)
    new = path.with_suffix(_UNFINISHED)
    handle = os.open(new, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o644)
    try:
        os.pwrite(handle, segment.pack(), 0)
        os.fsync(handle)
        step("segment written")
        new.rename(path)
        step("segment renamed")
        sync_directory(directory)
    except BaseException:
        os.close(handle)
        new.unlink(missing_ok=True)
        # It was renamed, and perhaps not for good: then it must not stay, for it is made again.
        path.unlink(missing_ok=True)
        raise
    return handle


def make_directory(directory: Path) -> None:
    """Make a directory and those above it, and force their names to the disk."""
    if directory.is_dir():
        return
    if not directory.parent.is_dir():
        make_directory(directory.parent)
    directory.mkdir(exist_ok=True)
    sync_directory(directory.parent)


def sync_directory(directory: Path) -> None:
    """Force the names in a directory to the disk."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def unfinished(directory: Path) -> list[Path]:
    """Return what a kill left of segments that were being made."""
    return sorted(directory.glob(f"*{_UNFINISHED}"))


def listed(directory: Path) -> tuple[list[Segment], list[Path]]:
    """Return the segments in their order, and the files whose header cannot be read.

    Raises
    ------
    HomeVersion
        If one was written by a later version.
    """
    segments: list[Segment] = []
    unreadable: list[Path] = []
    for path in sorted(directory.glob(f"*{_END}")):
        try:
            with path.open("rb") as file:
                data = file.read(SEGMENT_HEADER_BYTES)
        except FileNotFoundError:
            continue  # forgotten meanwhile
        found = _unpacked(path, data)
        if found is None or found.path(directory) != path:
            unreadable.append(path)
        else:
            segments.append(found)
    return segments, unreadable


def _unpacked(path: Path, data: bytes) -> Segment | None:
    fields = data[: _FIELDS.size]
    if len(data) < SEGMENT_HEADER_BYTES:
        return None
    if _CHECK.unpack_from(data, _FIELDS.size)[0] != zlib.crc32(fields):
        return None
    sign, version, _, *rest = _FIELDS.unpack(fields)
    if sign != _SIGN:
        return None
    if version != _FORMAT:
        raise HomeVersion(
            "{path}: this log has format {found}, this version reads format {known}; "
            "use the version of Ballast that wrote it",
            path=path,
            found=version,
            known=_FORMAT,
        )
    return Segment(*rest)


def forgettable(segments: Sequence[Segment], shipped: ShippedMark, kept: int) -> list[Segment]:
    """Return which segments nobody needs.

    Parameters
    ----------
    segments
        All, in their order.
    shipped
        How far the lake has them.
    kept
        How many full ones stay in any case.

    Examples
    --------
    >>> three = [Segment(n, 100 * n, 10 * n, 0, 0, b"") for n in range(3)]
    >>> [s.sequence for s in forgettable(three, ShippedMark(19, -1), kept=1)]
    [0]
    """
    gone = []
    for segment, behind in pairwise(segments):
        if behind.samples > shipped.samples + 1 or behind.events > shipped.events + 1:
            break
        gone.append(segment)
    return gone[: max(len(segments) - 1 - kept, 0)]
