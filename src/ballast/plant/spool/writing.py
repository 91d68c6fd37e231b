"""One commit: new names first, then everything that was put as one write, then the mark.

The order is the whole of it. A sample is never on the disk before the name of
its tag is; the durable mark, up to which readers read, is never ahead of what
was synced; and a failure at any place leaves what stood before.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from ballast.plant.spool.active import ActiveSegment
from ballast.plant.spool.columns import events_payload, samples_payload
from ballast.plant.spool.frame import HEADER_BYTES, Buffer, FrameKind, header
from ballast.plant.spool.marks import DurableMark, ShippedMark, read_shipped
from ballast.plant.spool.names import encoded
from ballast.plant.spool.pending import Taken
from ballast.plant.spool.recovery import Recovered
from ballast.plant.spool.segments import SEGMENT_HEADER_BYTES, Segment, create
from ballast.plant.spool.waiting import Waiting, waiting

__all__ = ["FRAME_ROWS", "LogWriter"]

#: A frame holds so many samples at most: a reader has one in memory at a time.
FRAME_ROWS = 1 << 16


class LogWriter:
    """The files of the log, opened for writing.

    Parameters
    ----------
    directory
        Where they stand.
    found
        What opening them found; its files are owned from now on.
    segment_bytes
        A segment is followed by another from this size on.
    clock
        Tells the time in ms (UTC).
    step
        Called between the steps, for tests.
    """

    def __init__(
        self,
        directory: Path,
        found: Recovered,
        segment_bytes: int,
        clock: Callable[[], int],
        step: Callable[[str], None],
    ) -> None:
        self._directory = directory
        self._segment_bytes = segment_bytes
        self._clock, self._step = clock, step
        self._active, self._segments = found.active, list(found.segments)
        self._mark_file = found.mark_file
        self._names_handle, self._names_end = found.names_handle, found.names_end
        self._names_written = len(found.names)
        self.mark = found.mark

    def write(self, taken: Taken, names: Sequence[str]) -> int:
        """Put on the disk what was taken, or nothing of it.

        Parameters
        ----------
        taken
            What to write.
        names
            The names of all tags; those that are new are written first.

        Returns
        -------
        int
            How many bytes the log has grown.

        Raises
        ------
        OSError
            If the system cannot; the log is as it was.
        """
        # Behind a commit that was interrupted between its sync and its mark: it is written anew.
        base = self._active.segment.base
        self._active.go_back_to(max(self.mark.position - base, SEGMENT_HEADER_BYTES))
        self._write_names(names)
        if self._active.end >= self._segment_bytes:
            self._rotate()
        before = self._active.position
        pieces, samples, events = self._frames(taken)
        self._step("frames made")
        if pieces:
            self._active.write(pieces, self._step)
            self._step("synced")
        self.mark = DurableMark(
            self._active.position, samples, events, self._names_written, self.mark.identity
        )
        # What was synced is safe already. If the mark cannot be moved (a file system that copies
        # on every write may be full), readers see it with the next commit.
        with suppress(OSError):
            self._mark_file.write(self.mark.pack())
        self._step("mark moved")
        return self._active.position - before

    def _write_names(self, names: Sequence[str]) -> None:
        new = names[self._names_written :]
        if not new:
            return
        data = encoded(new, self._names_written)
        try:
            written = 0
            while written < len(data):
                written += os.pwrite(self._names_handle, data[written:], self._names_end + written)
            self._step("names written")
            os.fdatasync(self._names_handle)
        except OSError:
            with suppress(OSError):
                os.ftruncate(self._names_handle, self._names_end)
            raise
        self._step("names synced")
        self._names_end += len(data)
        self._names_written += len(new)

    def _rotate(self) -> None:
        last = self._active.segment
        following = Segment(
            last.sequence + 1, self._active.position, self.mark.samples, self.mark.events,
            self._clock(), last.identity,
        )  # fmt: skip
        self._active.finish()
        self._step("segment finished")
        handle = create(self._directory, following, self._step)
        self._step("segment made")
        self._active.close()
        self._active = ActiveSegment(following, handle, SEGMENT_HEADER_BYTES)
        self._segments.append(following)

    def _frames(self, taken: Taken) -> tuple[list[Buffer], int, int]:
        """Return the bytes of a commit, and the numbers that come behind it."""
        payloads: list[tuple[FrameKind, Buffer, int]] = []
        for samples, texts in taken.groups(FRAME_ROWS):
            payloads.append((*samples_payload(samples, texts), len(samples)))
        if taken.events:
            events = events_payload(taken.events)
            payloads.append((FrameKind.EVENTS, events, len(taken.events)))
        pieces: list[Buffer] = []
        position = self._active.position
        following = {False: self.mark.samples, True: self.mark.events}
        for place, (kind, payload, rows) in enumerate(payloads):
            stream = kind is FrameKind.EVENTS
            ends = place == len(payloads) - 1
            pieces.append(
                header(kind, payload, rows=rows, first=following[stream], position=position,
                       ends_commit=ends)
            )  # fmt: skip
            pieces.append(payload)
            position += HEADER_BYTES + memoryview(payload).nbytes
            following[stream] += rows
        return pieces, following[False], following[True]

    def waiting(self) -> Waiting:
        """Return what the lake has not got yet."""
        shipped = read_shipped(self._directory)
        while len(self._segments) > 1 and _is_shipped(self._segments[1], shipped):
            self._segments.pop(0)
        return waiting(self._segments, self.mark, shipped)

    def close(self) -> None:
        """Give back the room that was set aside, and the files."""
        try:
            self._active.finish()
            self._mark_file.sync()
        finally:
            self._active.close()
            self._mark_file.close()
            os.close(self._names_handle)


def _is_shipped(following: Segment, shipped: ShippedMark) -> bool:
    """Return whether all before a segment is shipped."""
    return following.samples <= shipped.samples + 1 and following.events <= shipped.events + 1
