"""Reading the log from any process, while the appender writes, cuts and forgets.

Readers share no lock with the appender: a shipper that hangs must not stop
the collector. They read up to the durable mark, which the appender moves
behind each sync; so nothing is shipped that a power cut could still take
back, and whose number would then be given out a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ballast.plant.spool.events import CollectEvent
from ballast.plant.spool.samples import Samples
from ballast.plant.spool.spool import Waiting

__all__ = ["Damage", "SpoolReader", "Stream"]


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
        Which numbers are lost, where that is known.
    """

    path: Path
    offset: int
    stream: Stream | None
    first: int | None
    last: int | None


class SpoolReader:
    """The log, opened for reading and for forgetting what is shipped.

    Parameters
    ----------
    directory
        Where it stands; there need be nothing yet.
    on_damage
        Told of bytes that cannot be read, which are then passed over. Without
        it, reading stops there with ``StorageFailed``.
    """

    def __init__(
        self, directory: Path, *, on_damage: Callable[[Damage], None] | None = None
    ) -> None:
        raise NotImplementedError

    def identity(self) -> str | None:
        """Return the log's own random name, given when it was begun; None if there is none.

        Part of the outbox's name: a log that was deleted and begun anew counts
        from 0 again, and must not be taken for the old one.
        """
        raise NotImplementedError

    def last(self, stream: Stream) -> int:
        """Return the number of the newest thing of a stream ever committed; -1 for none."""
        raise NotImplementedError

    def samples(self, after: int, limit: int) -> Iterator[tuple[int, Samples]]:
        """Yield the committed samples numbered behind ``after``, with the last number of each part.

        Parameters
        ----------
        after
            -1 for all that is left.
        limit
            At most so many samples a part.

        Raises
        ------
        StorageFailed
            If the log cannot be read.
        """
        raise NotImplementedError

    def events(self, after: int, limit: int) -> Iterator[tuple[int, list[CollectEvent]]]:
        """Yield the committed events numbered behind ``after``, as ``samples`` does."""
        raise NotImplementedError

    def names(self) -> tuple[str, ...]:
        """Return the names of the tags; the place is the number.

        Asked after a part of ``samples``, it has every number of that part.
        """
        raise NotImplementedError

    def forget(self, stream: Stream, up_to: int) -> None:
        """Note that the lake has a stream up to a number, and drop segments nobody needs.

        A segment goes when both streams of it are shipped, except the newest
        ones, which ``Spool.recent`` needs after a restart. May be called by
        one process only (the shipper), and as often as one likes.
        """
        raise NotImplementedError

    def waiting(self) -> Waiting:
        """Return what the lake has not got yet."""
        raise NotImplementedError
