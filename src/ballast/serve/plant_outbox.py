"""What the plant has for the lake: its samples with their roll-ups, and its events.

The spool knows nothing of the lake's tables, the lake's shipper nothing of
spools; they meet here, above both, as the node and the lake do. Samples and
events are two outboxes, since each is numbered by itself.

A roll-up part is made of one batch of samples. A batch that is shipped again
after a kill must therefore be the same batch, though more has come since:
wherever a table of the outbox stands, a batch ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from ballast.errors import BallastError, StorageFailed
from ballast.lake.lake import Lake
from ballast.lake.shipper import Outbox, marks
from ballast.lake.streamed import Batch
from ballast.plant.measures.rollup import (
    HOUR_MS,
    MINUTE_MS,
)
from ballast.plant.site import read_site
from ballast.plant.spool.events import CollectEvent
from ballast.plant.spool.reader import Damage, SpoolReader, Stream
from ballast.plant.spool.samples import Flag, Samples
from ballast.serve.plant_rollups import Owner, moments, rollup_rows

__all__ = ["PlantEvents", "PlantSamples", "owner_of", "plant_outboxes"]

_FLAGS = {
    "late": Flag.LATE,
    "ahead": Flag.AHEAD,
    "historical": Flag.HISTORICAL,
    "retained": Flag.RETAINED,
    "stale": Flag.STALE,
    "untimed": Flag.UNTIMED,
    "unmapped": Flag.UNMAPPED,
}

#: Where, below its home, the log and the mapping of a plant stand.
_SPOOL = Path("plant") / "spool"
_SITE = Path("plant") / "site.toml"

#: Told the first and the last number of what is neither in the lake nor in the spool.
Missing = Callable[[int, int], None]


class PlantSamples:
    """The samples of a spool and the roll-ups made of them, as an outbox of the lake.

    Parameters
    ----------
    reader
        The spool, which has been begun.
    owner
        Whose plant it is; asked again for each batch, since a mapping may come later.
    marks
        How far each table of the outbox is, in the lake (``shipper.marks``).
    missing
        Told which samples are lost: the lake was set back to an older backup,
        or a damaged part of the spool was passed over.
    """

    tables: Sequence[str] = ("telemetry_1min", "telemetry_1h", "telemetry")

    def __init__(
        self,
        reader: SpoolReader,
        owner: Callable[[], Owner],
        marks: Callable[[PlantSamples], Sequence[int]],
        missing: Missing,
    ) -> None:
        self._reader, self._owner, self._marks, self._missing = reader, owner, marks, missing
        self.name = f"plant-samples:{reader.identity()}"

    def last(self) -> int:
        """Return the number of the newest sample ever committed; -1 for none."""
        return self._reader.last(Stream.SAMPLES)

    def batches(self, after: int, limit: int) -> Iterator[Batch]:
        """Yield the samples behind a number, and their roll-ups.

        Raises
        ------
        StorageFailed
            If the spool was set back behind what the lake holds.
        """
        _require_not_older(after, self.last())
        stops = sorted(mark for mark in self._marks(self) if mark > after)
        owner = self._owner()
        for last, part in self._reader.samples(after, limit):
            first = last - len(part) + 1
            if first > after + 1:
                self._missing(after + 1, first - 1)
            names = pa.array(self._reader.names(), pa.string())
            ends = [*(stop for stop in stops if first <= stop < last), last]
            begin = first
            for end in ends:
                piece = part.take(slice(begin - first, end - first + 1))
                yield Batch(end, _rows_of_samples(piece, names, end, owner))
                begin = end + 1
            after = last

    def forget(self, up_to: int) -> None:
        """Let the spool drop samples up to a number."""
        self._reader.forget(Stream.SAMPLES, up_to)


class PlantEvents:
    """What befell the data of a spool, as an outbox of the lake.

    Parameters
    ----------
    reader, owner, missing
        As for ``PlantSamples``.
    """

    tables: Sequence[str] = ("telemetry_event",)

    def __init__(self, reader: SpoolReader, owner: Callable[[], Owner], missing: Missing) -> None:
        self._reader, self._owner, self._missing = reader, owner, missing
        self.name = f"plant-events:{reader.identity()}"

    def last(self) -> int:
        """Return the number of the newest event ever committed; -1 for none."""
        return self._reader.last(Stream.EVENTS)

    def batches(self, after: int, limit: int) -> Iterator[Batch]:
        """Yield the events behind a number.

        Raises
        ------
        StorageFailed
            If the spool was set back behind what the lake holds.
        """
        _require_not_older(after, self.last())
        owner = self._owner()
        for last, events in self._reader.events(after, limit):
            first = last - len(events) + 1
            if first > after + 1:
                self._missing(after + 1, first - 1)
            yield Batch(last, {"telemetry_event": _rows_of_events(events, first, owner)})
            after = last

    def forget(self, up_to: int) -> None:
        """Let the spool drop events up to a number."""
        self._reader.forget(Stream.EVENTS, up_to)


def plant_outboxes(
    lake: Lake, *, missing: Missing, damaged: Callable[[Damage], None]
) -> tuple[Outbox, ...]:
    """Return all that the plant of a lake's home has for it; nothing where no log was begun.

    Parameters
    ----------
    lake
        Where it goes.
    missing
        As for ``PlantSamples``.
    damaged
        Told of a part of the log that cannot be read and is passed over.
    """
    home = lake.home.path
    if not (home / _SPOOL).is_dir():
        return ()
    reader = SpoolReader(home / _SPOOL, on_damage=damaged)
    if reader.identity() is None:
        return ()

    def owner() -> Owner:
        return owner_of(home)

    return (
        PlantSamples(reader, owner, lambda outbox: marks(lake, outbox), missing),
        PlantEvents(reader, owner, missing),
    )


def owner_of(home: Path) -> Owner:
    """Return whose plant the mapping of a home tells of; nobody's where there is none.

    A mapping that cannot be read is no reason to keep samples out of the lake:
    the collector refuses to start with it, and says why.
    """
    try:
        site = read_site((home / _SITE).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, BallastError):
        return Owner()
    return Owner(site.uscc, site.provenance)


def _require_not_older(after: int, newest: int) -> None:
    if after > newest:
        raise StorageFailed(
            "the plant's log ends at number {newest}, and the lake holds it up to {after} "
            "already: the log is older than the lake. Restore the whole home from one backup",
            newest=newest,
            after=after,
        )


def _rows_of_samples(
    part: Samples, names: pa.Array, last: int, owner: Owner
) -> dict[str, pa.Table]:
    """Return the rows of a batch by table; ``last`` numbers it."""
    rows = len(part)
    silent = part.null.copy()
    if part.text is not None:
        silent |= np.array([text is not None for text in part.text], bool) & np.isnan(part.value)
    samples = pa.table(
        {
            "tag": pa.DictionaryArray.from_arrays(part.tag, names),
            "time": moments(part.time),
            "ordinal": part.ordinal.astype(np.int64),
            "value": pa.array(part.value, mask=silent),
            "text": pa.nulls(rows, pa.string())
            if part.text is None
            else pa.array(part.text, pa.string()),
            "quality": part.quality.astype(np.int64),
            "received_at": moments(part.received_at),
            **{name: (part.flags & flag) != 0 for name, flag in _FLAGS.items()},
            **owner.columns(rows),
        }
    )
    return {
        "telemetry": samples,
        "telemetry_1min": rollup_rows(part, names, MINUTE_MS, last, owner),
        "telemetry_1h": rollup_rows(part, names, HOUR_MS, last, owner),
    }


def _rows_of_events(events: Sequence[CollectEvent], first: int, owner: Owner) -> pa.Table:
    def told(name: str) -> pa.Array:
        return moments(pa.array([getattr(event, name) for event in events], pa.int64()))

    return pa.table(
        {
            "seq": np.arange(first, first + len(events)),
            **{name: told(name) for name in ("at", "since", "until")},
            "kind": [event.kind.value for event in events],
            "source": [event.source for event in events],
            "tag": pa.array([event.tag for event in events], pa.string()),
            "count": pa.array([event.count for event in events], pa.int64()),
            "detail": pa.array([event.detail or None for event in events], pa.string()),
            **owner.columns(len(events)),
        }
    )
