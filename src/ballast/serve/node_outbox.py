"""What the node has for the lake: its events, and its days once they are over.

The node keeps both in its registry and knows nothing of the lake's tables;
the lake's shipper takes any outbox and knows nothing of nodes. They meet here,
above both. Reading goes past the writer (LMDB lets any process look); only
forgetting is a change, and is asked of whoever writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta

import pyarrow as pa

from ballast.errors import StorageFailed
from ballast.lake.shipper import Outbox
from ballast.lake.streamed import Batch
from ballast.node.registry.entries import DayCount, Event, EventKind
from ballast.node.registry.store import Store
from ballast.node.service.founding import PROVENANCE_META
from ballast.node.service.lifecycle import day_of
from ballast.terms.handle import fold

__all__ = ["NodeDays", "NodeEvents", "node_outboxes"]

_KINDS = {kind: kind.name.lower().replace("_", "-") for kind in EventKind}
_PREFIX_STATES = {
    EventKind.PREFIX_ALLOTTED: "held",
    EventKind.PREFIX_CHANGED: "held",
    EventKind.PREFIX_WITHDRAWN: "withdrawn",
}
_EPOCH = date(1970, 1, 1)
# Workers hand in their counts every second; one that could not for so long is past caring.
_LATE = timedelta(minutes=15)
_DAYS_A_BATCH = 31


class NodeEvents:
    """The events of a node, as an outbox of the lake.

    Parameters
    ----------
    store
        The node's registry, for reading.
    node
        The node's own prefix.
    forget
        Has the events up to a number dropped by whoever writes the registry.
    missing
        Told the first and the last number of events that are neither in the
        lake nor in the outbox: the lake was set back, to an older backup.
    """

    tables: Sequence[str] = ("enterprise_prefix", "handle_event")

    def __init__(
        self,
        store: Store,
        node: str,
        forget: Callable[[int], None],
        missing: Callable[[int, int], None],
    ) -> None:
        self._store, self._node = store, node
        self._forget, self._missing = forget, missing
        self.name = f"handle-event:{store.node_id}"

    def last(self) -> int:
        """Return the number of the newest event ever."""
        with self._store.snapshot() as moment:
            return moment.outbox_last()

    def batches(self, after: int, limit: int) -> Iterator[Batch]:
        """Yield the events behind a number.

        Raises
        ------
        StorageFailed
            If the registry was set back behind what the lake holds.
        """
        after = max(after, 0)
        with self._store.snapshot() as moment:
            newest = moment.outbox_last()
            provenance = (moment.meta(PROVENANCE_META) or b"real").decode()
        if after > newest:
            raise StorageFailed(
                "the node's registry ends at event {newest}, and the lake holds its events up to "
                "{after} already: the registry is older than the lake. Restore the whole home "
                "from one backup",
                newest=newest,
                after=after,
            )
        while True:
            with self._store.snapshot() as moment:
                events = moment.outbox(after, limit)
            if not events:
                return
            if events[0].seq != after + 1:
                self._missing(after + 1, events[0].seq - 1)
            after = events[-1].seq
            yield Batch(
                after,
                {
                    "enterprise_prefix": _prefixes(events, self._node, provenance),
                    "handle_event": _events(events, self._node, provenance),
                },
            )

    def forget(self, up_to: int) -> None:
        """Drop the events up to a number, where any are left."""
        with self._store.snapshot() as moment:
            left = moment.outbox(0, 1)
        if left and left[0].seq <= up_to:
            self._forget(up_to)


class NodeDays:
    """The days of a node, each once it is over; the number of a day is that since 1970.

    They are days of China's calendar, as the node counts them.

    Parameters
    ----------
    store
        The node's registry, for reading.
    node
        The node's own prefix.
    clock
        Tells the time.
    """

    tables: Sequence[str] = ("handle_daily",)

    def __init__(self, store: Store, node: str, clock: Callable[[], datetime]) -> None:
        self._store, self._node, self._clock = store, node, clock
        self.name = f"handle-daily:{store.node_id}"

    def last(self) -> int:
        """Return the number of the last day that is over."""
        over = day_of((self._clock() - _LATE).timestamp()) - timedelta(days=1)
        return (over - _EPOCH).days

    def batches(self, after: int, limit: int) -> Iterator[Batch]:  # noqa: ARG002 - a month is it
        """Yield the days behind a number, a month at a time; days without counts are left out."""
        last = self.last()
        with self._store.snapshot() as moment:
            first = _first_day(moment.daily(_day(max(after, -1) + 1), _day(max(last, 0))))
            provenance = (moment.meta(PROVENANCE_META) or b"real").decode()
        if first is None:
            return
        for begin in range(first, last + 1, _DAYS_A_BATCH):
            end = min(begin + _DAYS_A_BATCH - 1, last)
            with self._store.snapshot() as moment:
                counts = moment.daily(_day(begin), _day(end))
                holders = {
                    name: entry.uscc if (entry := moment.prefix(name)) else ""
                    for name in {fold(count.prefix.encode()) for count in counts}
                }
            if counts:
                rows = _days(counts, holders, self._node, provenance)
                yield Batch(end, {"handle_daily": rows})

    def forget(self, up_to: int) -> None:
        """Do nothing: the node keeps its days, which its own pages show."""


def node_outboxes(
    store: Store,
    node: str,
    *,
    forget: Callable[[int], None],
    missing: Callable[[int, int], None],
    clock: Callable[[], datetime],
) -> tuple[Outbox, ...]:
    """Return all that a node has for the lake.

    Parameters
    ----------
    store, node, forget, missing
        As for ``NodeEvents``.
    clock
        As for ``NodeDays``.
    """
    return (NodeEvents(store, node, forget, missing), NodeDays(store, node, clock))


def _day(number: int) -> date:
    return _EPOCH + timedelta(days=number)


def _first_day(counts: Sequence[DayCount]) -> int | None:
    return (min(count.day for count in counts) - _EPOCH).days if counts else None


def _moments(milliseconds: list[int]) -> pa.Array:
    return pa.array(milliseconds, pa.timestamp("ms", tz="UTC"))


def _events(events: Sequence[Event], node: str, provenance: str) -> pa.Table:
    count = len(events)
    return pa.table(
        {
            "node": [node] * count,
            "seq": pa.array([event.seq for event in events], pa.int64()),
            "at": _moments([event.at for event in events]),
            "kind": [_KINDS[event.kind] for event in events],
            "prefix": [_folded(event.prefix) for event in events],
            "handle": [event.handle for event in events],
            "actor": pa.array([event.actor or None for event in events], pa.string()),
            "uscc": pa.array([event.uscc or None for event in events], pa.string()),
            "provenance": [provenance] * count,
        }
    )


def _prefixes(events: Sequence[Event], node: str, provenance: str) -> pa.Table:
    told = [event for event in events if event.kind in _PREFIX_STATES]
    return pa.table(
        {
            "node": pa.array([node] * len(told), pa.string()),
            "seq": pa.array([event.seq for event in told], pa.int64()),
            "prefix": pa.array([_folded(event.prefix) for event in told], pa.string()),
            "uscc": pa.array([event.uscc for event in told], pa.string()),
            "from": _moments([event.at for event in told]),
            "state": pa.array([_PREFIX_STATES[event.kind] for event in told], pa.string()),
            "provenance": pa.array([provenance] * len(told), pa.string()),
        }
    )


def _days(
    counts: Sequence[DayCount], holders: dict[bytes, str], node: str, provenance: str
) -> pa.Table:
    return pa.table(
        {
            "node": [node] * len(counts),
            "prefix": [_folded(count.prefix) for count in counts],
            "day": pa.array([count.day for count in counts], pa.date32()),
            "registered": [count.registered for count in counts],
            "changed": [count.changed for count in counts],
            "deleted": [count.deleted for count in counts],
            "resolved": [count.resolved for count in counts],
            "uscc": pa.array(
                [holders[fold(count.prefix.encode())] or None for count in counts], pa.string()
            ),
            "provenance": [provenance] * len(counts),
        }
    )


def _folded(prefix: str) -> str:
    # Tables are joined by it, and prefixes are compared folded.
    return fold(prefix.encode()).decode()
