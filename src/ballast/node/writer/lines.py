"""A stream of bytes cut into blocks of whole lines, never holding more than one block.

Not ``stream.readline``: a call a line costs more than decoding the line. A
block is one ``bytes`` of whole lines, large enough to be decoded and committed
as one; a line longer than the bound is dropped while it is read and leaves an
empty line and its number behind, so that one hostile line neither fills the
memory nor stops the lines after it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["MAX_LINE_BYTES", "LineBlock", "LineCutter"]

MAX_LINE_BYTES = 1_048_576
"""A record never outgrows a native message (262,144 bytes); base64 and JSON add to that."""


class LineBlock(NamedTuple):
    """Some whole lines of a load.

    Parameters
    ----------
    first_line
        Number of its first line in the load, from 1.
    data
        The lines, each with its line feed (but for the last of a load that has none).
    lines
        How many there are.
    too_long
        Offsets, from 0, of lines that were longer than the bound; they stand empty in ``data``.
    digest
        SHA-256 of all bytes of the load up to the end of this block, as they came.
    """

    first_line: int
    data: bytes
    lines: int
    too_long: tuple[int, ...]
    digest: bytes

    @property
    def last_line(self) -> int:
        """Number of its last line."""
        return self.first_line + self.lines - 1


class LineCutter:
    """Cuts what comes in pieces into blocks.

    Parameters
    ----------
    block_bytes, block_lines
        A block ends with the first line that reaches one of the two.
    max_line_bytes
        The longest line that is kept, without its line feed.

    Examples
    --------
    >>> cutter = LineCutter(block_lines=2)
    >>> [b.data for b in cutter.feed(b"a\\nb\\nc")], cutter.flush().data
    ([b'a\\nb\\n'], b'c')
    """

    def __init__(
        self,
        *,
        block_bytes: int = 1_572_864,
        block_lines: int = 4000,
        max_line_bytes: int = MAX_LINE_BYTES,
    ) -> None:
        self._block_bytes, self._block_lines = block_bytes, block_lines
        self._max_line_bytes = max_line_bytes
        self._whole: list[bytes] = []  # whole lines of the block under way
        self._whole_bytes = self._whole_lines = 0
        self._part = bytearray()  # the line under way, as far as it is kept
        self._part_bytes = 0
        self._too_long: list[int] = []
        self._first_line = 1
        self._stop_at = 0
        self._digest = hashlib.sha256()  # of the whole lines
        self._digest_ahead = self._digest  # of the line under way, too

    def feed(self, data: bytes) -> Iterator[LineBlock]:
        """Yield the blocks that are whole now; to be read to its end before more is fed."""
        at, end = 0, len(data)
        while at < end:
            cut = self._end_of_block(data, at)
            if not cut:
                self._begin_line(data[at:])
                break
            self._end_lines(data[at:cut])
            at = cut
            if self._full():
                yield self._cut()

    def _full(self) -> bool:
        return (
            self._whole_lines >= self._block_lines
            or self._whole_bytes >= self._block_bytes
            or self._first_line + self._whole_lines - 1 == self._stop_at
        )

    def stop_at(self, line: int) -> None:
        """End a block behind this line, whatever its size; 0 takes that back."""
        self._stop_at = line

    @property
    def begun(self) -> bool:
        """Whether whole lines wait for ``flush_whole``."""
        return self._whole_lines > 0

    def flush_whole(self) -> LineBlock:
        """Return the whole lines that wait, however few: the sender pauses."""
        return self._cut()

    def flush(self) -> LineBlock:
        """Return what is left when the load ends, a last line without a line feed included."""
        if self._part_bytes:
            self._end_lines(b"")
        return self._cut()

    def _end_of_block(self, data: bytes, at: int) -> int:
        """Return behind which line feed to cut; 0 where there is none."""
        room = max(self._block_bytes - self._whole_bytes - self._part_bytes, 1)
        # The last line feed within the room; otherwise the first one after it.
        cut = data.rfind(b"\n", at, at + room) + 1
        if not cut:
            return data.find(b"\n", at) + 1
        rest = self._block_lines - self._whole_lines
        if (begun := self._first_line + self._whole_lines) <= self._stop_at:
            rest = min(rest, self._stop_at - begun + 1)
        if data.count(b"\n", at, cut) > rest:
            cut = at
            for _ in range(rest):
                cut = data.index(b"\n", cut) + 1
        return cut

    def _begin_line(self, part: bytes) -> None:
        """Keep the beginning of a line; of what is beyond the bound, only the digest."""
        if not self._part_bytes:
            self._digest_ahead = self._digest.copy()
        self._digest_ahead.update(part)
        self._part_bytes += len(part)
        if self._part_bytes <= self._max_line_bytes:
            self._part += part
        else:
            self._part.clear()

    def _end_lines(self, lines: bytes) -> None:
        """Add whole lines, the first of which ends the line under way."""
        if self._part_bytes:
            self._digest = self._digest_ahead
        self._digest.update(lines)
        first = lines.find(b"\n") + 1
        counted = lines.count(b"\n") + (not lines)
        if self._part_bytes + max(first - 1, 0) > self._max_line_bytes:
            self._too_long.append(self._whole_lines)
            lines = b"\n" + lines[first:]
            self._part.clear()
        if len(lines) > self._max_line_bytes:
            lines = self._without_long_lines(lines)
        if self._part:
            lines = bytes(self._part) + lines
            self._part.clear()
        self._part_bytes = 0
        self._whole.append(lines)
        self._whole_bytes += len(lines)
        self._whole_lines += counted

    def _without_long_lines(self, lines: bytes) -> bytes:
        kept = lines.split(b"\n")
        for number, line in enumerate(kept):
            if len(line) > self._max_line_bytes:
                self._too_long.append(self._whole_lines + number)
                kept[number] = b""
        return b"\n".join(kept)

    def _cut(self) -> LineBlock:
        block = LineBlock(
            self._first_line,
            b"".join(self._whole),
            self._whole_lines,
            tuple(self._too_long),
            self._digest.digest(),
        )
        self._first_line += self._whole_lines
        self._whole, self._too_long = [], []
        self._whole_bytes = self._whole_lines = 0
        return block
