"""Reading the log from any process, while the appender writes, cuts and forgets.

Readers share no lock with the appender: a shipper that hangs must not stop
the collector. They read up to the durable mark, which the appender moves
behind each sync; so nothing is shipped that a power cut could still take
back, and whose number would then be given out a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from ballast.errors import StorageFailed
from ballast.plant.spool.columns import events_of, samples_of
from ballast.plant.spool.events import CollectEvent
from ballast.plant.spool.failing import disk_errors
from ballast.plant.spool.frame import FrameKind
from ballast.plant.spool.marks import SHIPPED, MarkFile, ShippedMark, read_durable, read_shipped
from ballast.plant.spool.names import NAMES, parsed
from ballast.plant.spool.samples import Samples
from ballast.plant.spool.segments import KEPT_SEGMENTS, forgettable, listed
from ballast.plant.spool.waiting import Waiting, waiting
from ballast.plant.spool.walking import Cursor, Damage, Stream, walk

__all__ = ["Damage", "SpoolReader", "Stream"]

# Texts can be long: parts are cut short rather than let grow over this.
_HELD_BYTES = 32 << 20


class SpoolReader:
    """The log, opened for reading and for forgetting what is shipped.

    Parameters
    ----------
    directory
        Where it stands; there need be nothing yet.
    on_damage
        Told of bytes that cannot be read, once each, which are then passed
        over. Without it, reading stops there with ``StorageFailed``.
    kept_segments
        So many full segments stay after they are shipped, for ``Spool.recent``.
    """

    def __init__(
        self,
        directory: Path,
        *,
        on_damage: Callable[[Damage], None] | None = None,
        kept_segments: int = KEPT_SEGMENTS,
    ) -> None:
        self._directory = directory
        self._on_damage = on_damage
        self._kept = kept_segments
        self._told: set[Damage] = set()
        self._cursors = {stream: Cursor() for stream in Stream}
        self._names: tuple[str, ...] = ()

    def identity(self) -> str | None:
        """Return the log's own random name, given when it was begun; None if there is none.

        Part of the outbox's name: a log that was deleted and begun anew counts
        from 0 again, and must not be taken for the old one.
        """
        with disk_errors(self._directory):
            mark = read_durable(self._directory)
        return None if mark is None else mark.identity.hex()

    def last(self, stream: Stream) -> int:
        """Return the number of the newest thing of a stream ever committed; -1 for none."""
        with disk_errors(self._directory):
            mark = read_durable(self._directory)
        if mark is None:
            return -1
        return (mark.samples if stream is Stream.SAMPLES else mark.events) - 1

    def samples(self, after: int, limit: int) -> Iterator[tuple[int, Samples]]:
        """Yield the committed samples numbered behind ``after``, with the last number of each part.

        A part is numbered without a gap: its first number is
        ``last - len(part) + 1``. Between two parts numbers are left out where
        damage was passed over, or where the log was forgotten already.

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
        held: list[tuple[FrameKind, bytes]] = []
        first = upto = after + 1
        size = 0
        for kind, begin, end, payload in self._frames(Stream.SAMPLES, after):
            if held and begin != upto:
                yield from self._parts(held, first, upto, after, limit)
                held = []
            if not held:
                first, size = begin, 0
            held.append((kind, payload))
            upto = end
            size += len(payload)
            if upto - max(first, after + 1) >= limit or size > _HELD_BYTES:
                yield from self._parts(held, first, upto, after, limit)
                held = []
        if held:
            yield from self._parts(held, first, upto, after, limit)

    def _parts(
        self, held: list[tuple[FrameKind, bytes]], first: int, upto: int, after: int, limit: int
    ) -> Iterator[tuple[int, Samples]]:
        """Yield frames that stand one behind the other, cut to parts."""
        whole = samples_of(held)
        for begin in range(max(after + 1 - first, 0), upto - first, limit):
            end = min(begin + limit, upto - first)
            yield first + end - 1, whole.take(slice(begin, end))

    def events(self, after: int, limit: int) -> Iterator[tuple[int, list[CollectEvent]]]:
        """Yield the committed events numbered behind ``after``, as ``samples`` does."""
        held: list[CollectEvent] = []
        upto = after + 1
        for _, begin, end, payload in self._frames(Stream.EVENTS, after):
            if held and begin != upto:
                yield upto - 1, held
                held = []
            held = held + events_of(payload)[max(after + 1 - begin, 0) :]
            upto = end
            while len(held) >= limit:
                yield upto - 1 - len(held) + limit, held[:limit]
                held = held[limit:]
        if held:
            yield upto - 1, held

    def _frames(self, stream: Stream, after: int) -> Iterator[tuple[FrameKind, int, int, bytes]]:
        with disk_errors(self._directory):
            mark = read_durable(self._directory)
            if mark is None:
                return
            cursor = self._cursors[stream]
            for frame, payload in walk(self._directory, stream, after, mark, self._damaged, cursor):
                yield frame.kind, frame.first, frame.next, payload

    def _damaged(self, damage: Damage) -> None:
        if self._on_damage is None:
            raise StorageFailed(
                "{path}: {stream} {first} to {last} cannot be read any more: the disk or somebody "
                "changed the file at byte {offset}. See to the disk; to go on without them, move "
                "the file to another directory",
                path=damage.path,
                stream=damage.stream.value,
                first=damage.first,
                last=damage.last,
                offset=damage.offset,
            )
        if damage not in self._told:
            self._told.add(damage)
            self._on_damage(damage)

    def names(self) -> tuple[str, ...]:
        """Return the names of the tags; the place is the number.

        Asked after a part of ``samples``, it has every number of that part.
        """
        with disk_errors(self._directory):
            mark = read_durable(self._directory)
            if mark is not None and mark.tags != len(self._names):
                names, _ = parsed((self._directory / NAMES).read_bytes())
                # Those behind the mark may be cut off and numbered anew.
                self._names = tuple(names[: mark.tags])
        return self._names

    def forget(self, stream: Stream, up_to: int) -> None:
        """Note that the lake has a stream up to a number, and drop segments nobody needs.

        A segment goes when both streams of it are shipped, except the newest
        ones, which ``Spool.recent`` needs after a restart. May be called by
        one process only (the shipper), and as often as one likes.

        Raises
        ------
        StorageFailed
            If the disk does not let it.
        """
        with disk_errors(self._directory):
            shipped, mark = read_shipped(self._directory), read_durable(self._directory)
            if mark is None:
                return
            if stream is Stream.SAMPLES:
                reached = max(shipped.samples, min(up_to, mark.samples - 1))
                shipped = ShippedMark(reached, shipped.events)
            else:
                reached = max(shipped.events, min(up_to, mark.events - 1))
                shipped = ShippedMark(shipped.samples, reached)
            segments, _ = listed(self._directory)
            for segment in forgettable(segments, shipped, self._kept):
                segment.path(self._directory).unlink(missing_ok=True)
            # Behind the removal, which needs no room: on a full disk it makes some.
            noted = MarkFile(self._directory / SHIPPED)
            try:
                noted.write(shipped.pack())
            finally:
                noted.close()

    def waiting(self) -> Waiting:
        """Return what the lake has not got yet."""
        with disk_errors(self._directory):
            mark = read_durable(self._directory)
            if mark is None:
                return Waiting(0, 0, 0)
            segments, _ = listed(self._directory)
            return waiting(segments, mark, read_shipped(self._directory))
