"""The segment that is being written: room set aside, one write, one sync, or cut back.

Room is set aside a few MiB at a time. So a commit finds out before its first
byte that the disk is full, and a sync need not write a new length of the file.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress

from ballast.plant.spool.failing import FULL
from ballast.plant.spool.frame import Buffer
from ballast.plant.spool.segments import Segment

__all__ = ["SET_ASIDE_BYTES", "ActiveSegment"]

#: So much is set aside at a time.
SET_ASIDE_BYTES = 4 << 20
_PIECES_A_WRITE = 512  # the system takes 1024


class ActiveSegment:
    """The newest segment, opened for writing.

    Parameters
    ----------
    segment
        Its header.
    handle
        Its file, opened for reading and writing; owned from now on.
    end
        The offset behind its last commit.
    """

    def __init__(self, segment: Segment, handle: int, end: int) -> None:
        self.segment = segment
        self.end = end
        self._handle = handle
        self._size = os.fstat(handle).st_size
        self._sets_aside = True
        self._must_cut = False

    @property
    def position(self) -> int:
        """Where in the log the next frame begins."""
        return self.segment.base + self.end

    def write(self, pieces: Sequence[Buffer], step: Callable[[str], None]) -> None:
        """Add bytes and force them to the disk, or leave the file as it was.

        Raises
        ------
        OSError
            If that failed. A cut that failed too is made up for before the next write.
        """
        if self._must_cut:
            self.cut()
        length = sum(memoryview(piece).nbytes for piece in pieces)
        self._must_cut = True
        try:
            self._set_aside(self.end + length)
            step("room set aside")
            self._write(pieces)
            step("written")
            os.fdatasync(self._handle)
        except OSError:
            # After a sync that failed, its pages pass for clean: they must be written anew.
            with suppress(OSError):
                self.cut()
            raise
        self._must_cut = False
        self.end += length
        self._size = max(self._size, self.end)

    def _set_aside(self, needed: int) -> None:
        if not self._sets_aside or needed <= self._size:
            return
        for size in (max(needed, self.end + SET_ASIDE_BYTES), needed):
            try:
                os.posix_fallocate(self._handle, self._size, size - self._size)
            except OSError as error:
                if error.errno not in FULL:
                    # This file system cannot; the write itself will tell whether there is room.
                    self._sets_aside = False
                    return
                if size == needed:
                    raise
            else:
                self._size = size
                return

    def _write(self, pieces: Sequence[Buffer]) -> None:
        left = [memoryview(piece).cast("B") for piece in pieces]
        offset = self.end
        while left:
            written = os.pwritev(self._handle, left[:_PIECES_A_WRITE], offset)
            offset += written
            while left and written >= left[0].nbytes:
                written -= left[0].nbytes
                left.pop(0)
            if written:
                left[0] = left[0][written:]

    def go_back_to(self, end: int) -> None:
        """Take what was written behind an offset for not written; the next write cuts it off."""
        if end < self.end:
            self.end, self._must_cut = end, True

    def cut(self) -> None:
        """Cut off whatever stands behind the last commit."""
        os.ftruncate(self._handle, self.end)
        self._size = self.end
        self._must_cut = False

    def sync(self) -> None:
        """Force the file to the disk."""
        os.fdatasync(self._handle)

    def finish(self) -> None:
        """Give back the room that was set aside; nothing more is written here."""
        self.cut()
        self.sync()

    def close(self) -> None:
        """Give the file free."""
        os.close(self._handle)
