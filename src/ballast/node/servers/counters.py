"""What a worker has counted, where every other worker can add it up.

Several workers share one port, so whichever answers ``/metrics`` must speak
for all of them. Each worker keeps its counts in a small file of fixed size that
is mapped into memory: it is taken from the disk once, when the worker starts, so a
full disk cannot stop the counting, and a worker that was killed leaves its
last second behind and goes on from there. Messages between the workers would
need an answer from each of them before one line could be shown.

The body is checked by a CRC: who reads while the owner writes sees that it
did, and reads again.
"""

from __future__ import annotations

import mmap
import os
import struct
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

__all__ = ["Counters", "Series", "totals"]

# A name and its labels: ("node_requests_total", (("door", "udp"), ("operation", "RESOLVE"))).
Series = tuple[str, tuple[tuple[str, str], ...]]

_BYTES = 262_144
_HEAD = struct.Struct("<II")  # length of the body, its CRC-32
_SERIES = 2048
_TRIES = 5

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[tuple[Series, int]]).decode


class Counters:
    """The counts of one worker.

    Parameters
    ----------
    folder
        Where the files of all workers of this node lie; made where missing.
    number
        Which worker this is, from 0.
    """

    def __init__(self, folder: Path, number: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"worker-{number}.counters"
        self._counts: dict[Series, int] = dict(_read(path))
        self._sources: list[Callable[[], Mapping[Series, int]]] = []
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(descriptor, 0, _BYTES)
            self._map = mmap.mmap(descriptor, _BYTES)
        finally:
            os.close(descriptor)
        self.lost = 0

    def add(self, series: Series, count: int = 1) -> None:
        """Count; a name above the bounded number of series is counted as lost."""
        known = self._counts.get(series)
        if known is None:
            if len(self._counts) >= _SERIES:
                self.lost += 1
                return
            known = 0
        self._counts[series] = known + count

    def source(self, take: Callable[[], Mapping[Series, int]]) -> None:
        """Name what keeps counts of its own: asked at each ``publish``, gives what is new."""
        self._sources.append(take)

    def publish(self) -> None:
        """Put the counts where the other workers see them; about once a second."""
        for take in self._sources:
            for series, count in take().items():
                if count:
                    self.add(series, count)
        body = _encode(list(self._counts.items()))
        if len(body) <= _BYTES - _HEAD.size:
            self._map[_HEAD.size : _HEAD.size + len(body)] = body
            _HEAD.pack_into(self._map, 0, len(body), zlib.crc32(body))

    def close(self) -> None:
        """Publish for the last time and let go of the file."""
        self.publish()
        self._map.close()


def _read(path: Path) -> Iterable[tuple[Series, int]]:
    """Return the counts in a file; none where it is missing, half written or not one of ours."""
    for _ in range(_TRIES):
        with suppress(OSError, msgspec.DecodeError):
            data = path.read_bytes()
            if len(data) < _HEAD.size:
                return []
            length, check = _HEAD.unpack_from(data)
            body = data[_HEAD.size : _HEAD.size + length]
            if zlib.crc32(body) == check:
                return _decode(body) if body else []
    return []


def totals(folder: Path) -> dict[Series, int]:
    """Return the sums over every worker's file, as of their last ``publish``.

    Parameters
    ----------
    folder
        Where the files lie.
    """
    sums: dict[Series, int] = {}
    for path in sorted(folder.glob("worker-*.counters")):
        for series, count in _read(path):
            sums[series] = sums.get(series, 0) + count
    return sums
