"""Walking over the frames of a log, from a number on, up to the durable mark."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from ballast.plant.spool.frame import HEADER_BYTES, Frame, FrameKind, is_sound, read
from ballast.plant.spool.marks import DurableMark
from ballast.plant.spool.segments import SEGMENT_HEADER_BYTES, Segment, listed

__all__ = ["Cursor", "Damage", "Stream", "walk"]

# Headers of small frames lie close together: read ahead.
_READ_AHEAD = 1 << 17


class Stream(StrEnum):
    """The two numbered streams of the log."""

    SAMPLES = "samples"
    EVENTS = "events"


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes of the log that were written whole and cannot be read any more.

    Parameters
    ----------
    path, offset
        The file, and the byte where it begins.
    stream, first, last
        Which numbers are lost.
    """

    path: Path
    offset: int
    stream: Stream
    first: int
    last: int


@dataclass(slots=True)
class Cursor:
    """Where a walk can be taken up again without looking at the frames before.

    Parameters
    ----------
    sequence, offset
        The segment, and the offset in it of the frame that comes next.
    number
        The number that comes next in the stream.
    """

    sequence: int = -1
    offset: int = 0
    number: int = 0


def walk(
    directory: Path,
    stream: Stream,
    after: int,
    mark: DurableMark,
    on_damage: Callable[[Damage], None],
    cursor: Cursor | None = None,
) -> Iterator[tuple[Frame, bytes]]:
    """Yield the frames of a stream that hold anything numbered behind ``after``.

    Parameters
    ----------
    directory
        Where the log stands.
    stream
        Which of the two.
    after
        The last number that is not wanted any more.
    mark
        How far the log is durable; frames behind it are none of ours.
    on_damage
        Told of what cannot be read; if it returns, that is passed over.
    cursor
        Where the last walk ended; moved on by this one.
    """
    at = cursor if cursor is not None else Cursor()
    segments, unreadable = listed(directory)
    damaged = {int(path.stem): path for path in unreadable if path.stem.isdigit()}
    begin = _begin(segments[0] if segments else None, stream, mark)
    before = min(damaged, default=-1)
    if 0 <= before < (segments[0].sequence if segments else before + 1) and begin > after + 1:
        on_damage(Damage(damaged[before], 0, stream, after + 1, begin - 1))
    for segment, following in zip(segments, [*segments[1:], None], strict=True):
        whole = _begin(following, stream, mark)
        if whole <= after + 1:
            continue
        if segment.base >= mark.position:
            return
        # Behind a damaged segment bytes may stand that were never acknowledged.
        upto = mark.position if following is None else min(mark.position, following.base)
        if at.sequence != segment.sequence or at.number > after + 1:
            at.sequence, at.offset = segment.sequence, SEGMENT_HEADER_BYTES
            at.number = _begin(segment, stream, mark)
        path = segment.path(directory)
        try:
            file = path.open("rb", buffering=_READ_AHEAD)
        except FileNotFoundError:
            continue  # forgotten meanwhile: it was shipped
        with file:
            while (frame := _next(file, segment, at.offset, upto)) is not None:
                payload = None
                if (frame.kind is FrameKind.EVENTS) == (stream is Stream.EVENTS):
                    if frame.next > after + 1:
                        payload = file.read(frame.length)
                        if not is_sound(frame, payload):
                            first = max(frame.first, after + 1)
                            on_damage(Damage(path, at.offset, stream, first, frame.next - 1))
                            payload = None
                    at.number = frame.next
                at.offset = frame.end - segment.base
                if payload is not None:
                    yield frame, payload
        if following is not None and _is_taken_away(segment, following, damaged):
            continue
        if (first := max(at.number, after + 1)) < whole:
            on_damage(Damage(path, at.offset, stream, first, whole - 1))


def _begin(segment: Segment | None, stream: Stream, mark: DurableMark) -> int:
    """Return the number of a stream at which a segment begins, or at which the log ends."""
    end = mark.samples if stream is Stream.SAMPLES else mark.events
    if segment is None:
        return end
    return min(end, segment.samples if stream is Stream.SAMPLES else segment.events)


def _is_taken_away(segment: Segment, following: Segment, damaged: Container[int]) -> bool:
    """Return whether somebody moved the files between two segments away, knowing what is lost."""
    between = range(segment.sequence + 1, following.sequence)
    return bool(between) and not any(number in damaged for number in between)


def _next(file: BinaryIO, segment: Segment, offset: int, upto: int) -> Frame | None:
    if segment.base + offset >= upto:
        return None
    file.seek(offset)
    return read(file.read(HEADER_BYTES), segment.base + offset)
