"""How many samples of each tag came, and how many of them were odd: counts, from roll-ups.

Counting the samples themselves would read a day of a hundred machines to say a
few numbers. The minutes know most of them; what only samples know (not a
number, from a buffer, the clock of the source) is asked of few samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC

import ibis.expr.types as ir

from ballast.lake.lake import Lake
from ballast.plant.reports.window import from_ms, to_ms
from ballast.terms.viewer import Viewer

__all__ = ["Received", "received"]

_HOUR_MS = 3_600_000
_LONG_MS = 3 * 24 * _HOUR_MS
_OFFSET_MS = _HOUR_MS // 4


@dataclass(frozen=True, slots=True)
class Received:
    """What came of one tag.

    Parameters
    ----------
    count, late, bad, historical, not_numbers
        Samples: all; late; not of good quality; from a buffer; NaN or infinite.
    last_ms
        The newest number; ``None``: none came.
    offset_s
        Median of receipt less source time over the last quarter of an hour with samples.
    """

    count: int = 0
    late: int = 0
    bad: int = 0
    historical: int = 0
    not_numbers: int = 0
    last_ms: int | None = None
    offset_s: float | None = None


def received(
    lake: Lake, viewer: Viewer, start_ms: int, end_ms: int, tags: Sequence[str] | None
) -> dict[str, Received]:
    """Return what came in a window, by tag; a tag of which nothing came is not there.

    Parameters
    ----------
    lake, viewer
        Whose samples, and who asks.
    start_ms, end_ms
        From when, until when, epoch ms UTC; taken to the minute, and to the hour where the
        window is longer than three days.
    tags
        Which; ``None``: all.

    Raises
    ------
    NotPermitted
        If the viewer may not read samples.
    """
    long = end_ms - start_ms > _LONG_MS
    parts = _between(lake, viewer, "telemetry_1h" if long else "telemetry_1min", start_ms, end_ms)
    parts = parts if tags is None else parts.filter(parts.tag.isin(tags))
    counted = parts.group_by("tag").aggregate(
        count=parts["count"].sum(),
        late=parts.late_count.sum(),
        good=parts.good_count.sum(),
        finite=parts.finite.sum(),
        last=parts.last_at.max(),
    )
    rows = counted.to_pyarrow().to_pylist()
    found = {
        row["tag"]: Received(
            count=int(row["count"]),
            late=int(row["late"]),
            bad=int(row["count"] - row["good"]),
            last_ms=None if row["last"] is None else to_ms(row["last"]),
        )
        for row in rows
    }
    odd = [row["tag"] for row in rows if row["finite"] < row["count"]]
    samples = _between(lake, viewer, "telemetry", start_ms, end_ms)
    samples = samples if tags is None else samples.filter(samples.tag.isin(tags))
    if odd:
        # By its text: DuckDB takes the least and the most of a file, which NaN is not among, as
        # proof that none is in it, and then finds none.
        strange = samples.filter(
            samples.tag.isin(odd), samples.value.cast("string").isin(["nan", "inf", "-inf"])
        )
        for tag, count in _counted(strange).items():
            found[tag] = replace(found[tag], not_numbers=count)
    for tag, count in _counted(samples.filter(samples.historical)).items():
        if tag in found:
            found[tag] = replace(found[tag], historical=count)
    for tag, offset in _offsets(lake, viewer, start_ms, end_ms, tags, found).items():
        if tag in found:
            found[tag] = replace(found[tag], offset_s=offset)
    return found


def _between(lake: Lake, viewer: Viewer, table: str, start_ms: int, end_ms: int) -> ir.Table:
    return lake.read(table, viewer, within=(from_ms(start_ms, UTC), from_ms(end_ms, UTC)))


def _counted(rows: ir.Table) -> dict[str, int]:
    found = rows.group_by("tag").aggregate(count=rows.count()).to_pyarrow()
    return dict(zip(found["tag"].to_pylist(), found["count"].to_pylist(), strict=True))


def _offsets(
    lake: Lake,
    viewer: Viewer,
    start_ms: int,
    end_ms: int,
    tags: Sequence[str] | None,
    found: dict[str, Received],
) -> dict[str, float]:
    """Return by tag how long after their own time samples came, of the last quarter of an hour."""
    newest = max((one.last_ms for one in found.values() if one.last_ms is not None), default=None)
    if newest is None:
        return {}
    fresh = _between(lake, viewer, "telemetry", max(newest - _OFFSET_MS, start_ms), end_ms)
    fresh = fresh.filter(~fresh.historical)
    fresh = fresh if tags is None else fresh.filter(fresh.tag.isin(tags))
    off = fresh.received_at.epoch_seconds() - fresh.time.epoch_seconds()
    table = fresh.group_by("tag").aggregate(off=off.median()).to_pyarrow()
    return dict(zip(table["tag"].to_pylist(), map(float, table["off"].to_pylist()), strict=True))
