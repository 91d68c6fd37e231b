"""Opening a log after whatever happened to it.

Three things are told apart. A commit that did not end is cut off: nobody was
told that it stands. A frame that was synced and reads otherwise is damage: it
stays in its file, the log goes on in a new one, and it is told how many rows
are gone. A file that does not begin as a segment is moved aside. In each case
the numbers go on above all that were ever given out.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ballast.plant.spool.active import ActiveSegment
from ballast.plant.spool.events import CollectEvent, EventKind
from ballast.plant.spool.frame import Scanned, scan
from ballast.plant.spool.marks import (
    DURABLE,
    SHIPPED,
    DurableMark,
    MarkFile,
    ShippedMark,
    read_durable,
    read_shipped,
)
from ballast.plant.spool.names import NAMES, recovered
from ballast.plant.spool.segments import (
    SEGMENT_HEADER_BYTES,
    Segment,
    create,
    listed,
    sync_directory,
    unfinished,
)
from ballast.words import Sentence, pack

__all__ = ["SOURCE", "Recovered", "recover"]

#: The source of the log's own events.
SOURCE = "spool"


@dataclass(frozen=True, slots=True)
class Recovered:
    """A log that can be written.

    Parameters
    ----------
    active
        Its newest segment.
    segments
        All, in their order.
    mark, mark_file
        How far it is durable, and where that is noted.
    names, names_handle, names_end
        The names of the tags, their file and its length.
    told
        What was found on the way.
    """

    active: ActiveSegment
    segments: list[Segment]
    mark: DurableMark
    mark_file: MarkFile
    names: list[str]
    names_handle: int
    names_end: int
    told: list[CollectEvent]


def recover(directory: Path, clock: Callable[[], int], step: Callable[[str], None]) -> Recovered:
    """Open the log of a directory, or begin one. The caller is the only appender.

    Raises
    ------
    OSError
        If the system cannot.
    StorageFailed
        If the names of tags are damaged.
    HomeVersion
        If a later version wrote it.
    """
    for left in unfinished(directory):
        left.unlink()
    told: list[Sentence] = []
    segments, unreadable = listed(directory)
    for path in unreadable:
        taken = len(list(directory.glob("*.damaged")))
        aside = path.with_suffix(f".{taken}.damaged")
        path.rename(aside)
        told.append(Sentence("{path} is no part of the log any more; it was kept as {aside}",
                             {"path": path.name, "aside": aside.name}))  # fmt: skip
    known = read_durable(directory)
    if segments and known is not None and known.identity != segments[-1].identity:
        known = None  # it is of another log
    handle, names, names_end, torn = recovered(directory / NAMES, known.tags if known else 0)
    try:
        if torn:
            told.append(_cut(NAMES, torn))
        step("names read")
        opening = _Opening(directory, known, clock(), step, told)
        active, segments, mark, lost = opening.resume(segments) if segments else opening.begin()
    except BaseException:
        os.close(handle)
        raise
    mark = DurableMark(mark.position, mark.samples, mark.events, len(names), mark.identity)
    try:
        mark_file = _note(directory, mark)
        sync_directory(directory)
    except BaseException:
        os.close(handle)
        active.close()
        raise
    at = clock()
    events = []
    if told:
        events = [
            CollectEvent(at, EventKind.TORN_LOG, SOURCE, None, at, at, lost, pack(told) or "")
        ]
    return Recovered(active, segments, mark, mark_file, names, handle, names_end, events)


def _cut(name: str, count: int) -> Sentence:
    return Sentence(
        "{count} bytes of a write that did not end were cut off {path}; nothing of it had been "
        "acknowledged",
        {"count": count, "path": name},
    )


_Newest = tuple[ActiveSegment, list[Segment], DurableMark, int]


@dataclass(frozen=True, slots=True)
class _Opening:
    """One opening.

    Each of its ways returns the segment that is written from now on, all
    segments, how far they reach, and how many acknowledged rows are lost.
    """

    directory: Path
    known: DurableMark | None
    now: int
    step: Callable[[str], None]
    told: list[Sentence]

    def begin(self) -> _Newest:
        """Make the first segment; behind all numbers that were given out, if files are gone."""
        known = self.known or DurableMark(0, 0, 0, 0, secrets.token_bytes(16))
        lost = 0
        if self.known is not None:
            lost = max(known.samples - 1 - read_shipped(self.directory).samples, 0)
            self.told.append(
                Sentence("the files of the log are gone, with {count} samples that were not "
                         "shipped; numbers go on where they ended", {"count": lost})
            )  # fmt: skip
        first = Segment(0, known.position, known.samples, known.events, self.now, known.identity)
        return self._made([], first, lost)

    def resume(self, segments: list[Segment]) -> _Newest:
        """Go on in the newest segment, having cut off what is no whole commit."""
        last = segments[-1]
        path = last.path(self.directory)
        handle = os.open(path, os.O_RDWR)
        try:
            size = os.fstat(handle).st_size
            found = scan(
                lambda offset, count: os.pread(handle, count, offset),
                size, SEGMENT_HEADER_BYTES, last.base,
            )  # fmt: skip
            active = ActiveSegment(last, handle, found.end)
            mark = _reached(
                active,
                last.samples if found.samples is None else found.samples,
                last.events if found.events is None else found.events,
            )
            behind = self.known is not None and _is_behind(mark, self.known)
            if not behind:
                if found.torn:
                    self.told.append(_cut(path.name, found.torn))
                active.cut()
            active.sync()
        except BaseException:
            os.close(handle)
            raise
        if not behind and not found.damaged:
            return active, segments, mark, 0
        active.close()
        return self.go_on(segments, mark, found)

    def go_on(self, segments: list[Segment], mark: DurableMark, found: Scanned) -> _Newest:
        """Leave a damaged segment as it is; begin the next above all numbers given out."""
        top = self.known or mark
        lost = max(top.samples - mark.samples, 0) + sum(frame.rows for frame in found.damaged)
        self.told.append(
            Sentence(
                "{count} samples or events that had been acknowledged cannot be read any more in "
                "{path}: the disk or somebody changed it. See to the disk",
                {"count": lost, "path": segments[-1].path(self.directory).name},
            )
        )
        following = Segment(
            segments[-1].sequence + 1, max(mark.position, top.position),
            max(mark.samples, top.samples), max(mark.events, top.events), self.now, mark.identity,
        )  # fmt: skip
        return self._made(segments, following, lost)

    def _made(self, segments: list[Segment], segment: Segment, lost: int) -> _Newest:
        handle = create(self.directory, segment, self.step)
        active = ActiveSegment(segment, handle, SEGMENT_HEADER_BYTES)
        reached = _reached(active, segment.samples, segment.events)
        return active, [*segments, segment], reached, lost


def _reached(active: ActiveSegment, samples: int, events: int) -> DurableMark:
    return DurableMark(active.position, samples, events, 0, active.segment.identity)


def _is_behind(mark: DurableMark, known: DurableMark) -> bool:
    return (
        mark.position < known.position or mark.samples < known.samples or mark.events < known.events
    )


def _note(directory: Path, mark: DurableMark) -> MarkFile:
    shipped = read_shipped(directory)
    if shipped.samples >= mark.samples or shipped.events >= mark.events:
        # It is of another log: the lake tells anew how far it has this one.
        shipped = ShippedMark()
    shipped_file = MarkFile(directory / SHIPPED)
    try:
        shipped_file.write(shipped.pack())
        shipped_file.sync()
    finally:
        shipped_file.close()
    mark_file = MarkFile(directory / DURABLE)
    try:
        mark_file.write(mark.pack())
        mark_file.sync()
    except BaseException:
        mark_file.close()
        raise
    return mark_file
