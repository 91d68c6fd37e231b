"""What people, files and controllers entered of the work: stops, and what was made for an order.

Entries are loaded rows, corrected by later loads; reports want them as plain
moments in milliseconds, with the open ones closed by what is known to have
come after. Both is done here, so that no report closes a stop in its own way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from typing import Any, TypeVar

import ibis

from ballast.lake.lake import Lake
from ballast.plant.measures.time_model import MachineState
from ballast.plant.reports.window import from_ms, to_ms
from ballast.terms.viewer import Viewer

__all__ = ["Made", "Stop", "closed", "made", "stops"]

OPEN_FOR = timedelta(days=31)
"""An entry without an end that began longer ago than this was forgotten, not left open."""


Entry = TypeVar("Entry", bound="Stop | Made")


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop as entered.

    Parameters
    ----------
    asset
        Which machine.
    start_ms, end_ms
        Epoch ms UTC; ``None``: it goes on.
    state, reason
        As entered.
    by_machine
        Whether the machine's controller entered it, and no person.
    """

    asset: str
    start_ms: int
    end_ms: int | None
    state: MachineState
    reason: str
    by_machine: bool


@dataclass(frozen=True, slots=True)
class Made:
    """What was made in a stretch, as entered; ``None``: not said.

    Parameters
    ----------
    asset
        Which machine or line.
    start_ms, end_ms
        Epoch ms UTC; ``None``: it goes on.
    order, product, batch_handle, reason
        As entered; empty where nothing was.
    produced, good, scrap, rework
        Pieces.
    """

    asset: str
    start_ms: int
    end_ms: int | None
    order: str
    product: str
    batch_handle: str
    reason: str
    produced: float | None
    good: float | None
    scrap: float | None
    rework: float | None


def stops(lake: Lake, viewer: Viewer, start_ms: int, end_ms: int) -> list[Stop]:
    """Return the stops that touch a window, in order of their start.

    Raises
    ------
    NotPermitted
        If the viewer may not read them.
    """
    return [
        Stop(
            asset=row["asset"],
            start_ms=to_ms(row["start"]),
            end_ms=None if row["end"] is None else to_ms(row["end"]),
            state=MachineState[row["state"].upper()],
            reason=row["reason"] or "",
            by_machine=row["entered_by"] == "machine",
        )
        for row in _touching(lake, viewer, "downtime", start_ms, end_ms)
    ]


def made(lake: Lake, viewer: Viewer, start_ms: int, end_ms: int) -> list[Made]:
    """Return what was entered as made in a window, in order of the start.

    Raises
    ------
    NotPermitted
        If the viewer may not read it.
    """
    return [
        Made(
            asset=row["asset"],
            start_ms=to_ms(row["start"]),
            end_ms=None if row["end"] is None else to_ms(row["end"]),
            order=row["order"] or "",
            product=row["product"] or "",
            batch_handle=row["batch_handle"] or "",
            reason=row["reason"] or "",
            produced=row["produced"],
            good=row["good"],
            scrap=row["scrap"],
            rework=row["rework"],
        )
        for row in _touching(lake, viewer, "production", start_ms, end_ms)
    ]


def _touching(
    lake: Lake, viewer: Viewer, name: str, start_ms: int, end_ms: int
) -> list[dict[str, Any]]:
    rows = lake.read(name, viewer)
    begin, end = from_ms(start_ms, UTC), from_ms(end_ms, UTC)
    open_since = ibis.literal(begin - OPEN_FOR)
    touching = rows.filter(
        (rows.start < ibis.literal(end))
        & (
            (rows.end > ibis.literal(begin))
            | (rows.start >= ibis.literal(begin))  # pieces counted at the very begin
            | (rows.end.isnull() & (rows.start >= open_since))
        )
    )
    found: list[dict[str, Any]] = touching.to_pyarrow().to_pylist()
    return sorted(found, key=lambda row: (row["asset"], row["start"]))


def closed(
    entries: Iterable[Entry], horizon_ms: int, resumed_ms: Sequence[int] = ()
) -> list[Entry]:
    """Return the entries of one machine with the open ones closed.

    Parameters
    ----------
    entries
        Of one machine, in order of their start.
    horizon_ms
        The moment up to which anything is known: an entry that goes on lasts until then.
    resumed_ms
        When the machine was next seen producing; an open stop ends there.

    Notes
    -----
    An open entry ends where the next one of the machine begins: nobody enters the end of a stop
    and the beginning of the next order both, and always.
    Pieces counted at a moment, whose end is their start, end nothing.
    """
    ordered = list(entries)
    lasting = [one for one in ordered if one.end_ms != one.start_ms]
    moments = [*(one.start_ms for one in lasting), *resumed_ms]
    return [
        one
        if one.end_ms is not None
        else replace(one, end_ms=_next(moments, one.start_ms, horizon_ms))
        for one in ordered
    ]


def _next(moments: Sequence[int], start_ms: int, horizon_ms: int) -> int:
    """Return the first of some moments behind a start, or the horizon; never before the start."""
    later = [moment for moment in moments if moment > start_ms]
    return min([*later, max(horizon_ms, start_ms)])
