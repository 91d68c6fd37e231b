"""What was put and is not yet committed.

One thread may put while another one is in a commit: the commit takes all that
is there, and what comes meanwhile waits for the next one. Where a commit
fails, what it took is given back and stands first again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import pyarrow as pa

from ballast.plant.spool.columns import ROW_BYTES, texts_of
from ballast.plant.spool.events import CollectEvent
from ballast.plant.spool.samples import Samples, concatenate

__all__ = ["EVENT_BYTES", "Pending", "Taken", "size_of"]

#: What an event takes on the disk beside its texts, about.
EVENT_BYTES = 80


@dataclass(frozen=True, slots=True)
class _Part:
    samples: Samples
    texts: Any | None  # an Arrow array of strings
    bytes: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What a commit writes.

    Parameters
    ----------
    parts
        Samples with their texts.
    events
        Events.
    bytes
        About what they take on the disk.
    """

    parts: Sequence[_Part]
    events: Sequence[CollectEvent]
    bytes: int

    def groups(self, rows: int) -> Iterator[tuple[Samples, Any | None]]:
        """Yield the samples in groups, with their texts as one Arrow array; None for no texts.

        Parameters
        ----------
        rows
            A group has so many at most. It is made when it is asked for, so that the whole does
            not lie in memory twice.
        """
        held: list[tuple[Samples, Any | None]] = []
        count = 0
        for part in self.parts:
            for begin in range(0, len(part.samples), rows):
                whole = len(part.samples) <= rows
                piece = part.samples if whole else part.samples.take(slice(begin, begin + rows))
                if count + len(piece) > rows:
                    yield _joined(held)
                    held, count = [], 0
                words = None if part.texts is None else part.texts.slice(begin, len(piece))
                held.append((piece, words))
                count += len(piece)
        if held:
            yield _joined(held)


def _joined(pieces: Sequence[tuple[Samples, Any | None]]) -> tuple[Samples, Any | None]:
    whole = concatenate([samples for samples, _ in pieces])
    if all(texts is None for _, texts in pieces):
        return whole, None
    return whole, pa.concat_arrays(
        [pa.nulls(len(samples), pa.string()) if texts is None else texts
         for samples, texts in pieces]
    )  # fmt: skip


def size_of(event: CollectEvent) -> int:
    """Return about how many bytes an event takes."""
    return EVENT_BYTES + len(event.source) + len(event.detail) + len(event.tag or "")


@dataclass(slots=True)
class Pending:
    """A list of what waits for the next commit."""

    parts: list[_Part] = field(default_factory=list)
    events: list[CollectEvent] = field(default_factory=list)
    bytes: int = 0
    _lock: Lock = field(default_factory=Lock)

    def __len__(self) -> int:
        with self._lock:
            return sum(len(part.samples) for part in self.parts) + len(self.events)

    def part(self, samples: Samples) -> _Part:
        """Return samples ready to be added.

        Raises
        ------
        Refused
            If a text is none. Found out here, because a commit could only fail again and again.
        """
        texts, size = None, ROW_BYTES * len(samples)
        if samples.text is not None:
            found = texts_of(samples.text)
            if found.null_count < len(found):
                texts, size = found, size + found.nbytes
        return _Part(samples, texts, size)

    def add(self, part: _Part) -> None:
        """Take samples."""
        with self._lock:
            self.parts.append(part)
            self.bytes += part.bytes

    def add_event(self, event: CollectEvent) -> None:
        """Take an event."""
        with self._lock:
            self.events.append(event)
            self.bytes += size_of(event)

    def take(self) -> Taken:
        """Give all away; its bytes count until ``done``."""
        with self._lock:
            found = Taken(self.parts, self.events, self.bytes)
            self.parts, self.events = [], []
        return found

    def done(self, taken: Taken) -> None:
        """Note that what was taken is on the disk."""
        with self._lock:
            self.bytes -= taken.bytes

    def give_back(self, taken: Taken) -> None:
        """Take back what could not be written; it stands first again."""
        with self._lock:
            self.parts[:0] = taken.parts
            self.events[:0] = taken.events
