"""What people have entered at a machine, as it stands: read from the lake, and made a row again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import ibis

from ballast.lake.lake import Lake
from ballast.plant.measures.time_model import MachineState
from ballast.plant.site import Asset, Level, Site
from ballast.terms.viewer import Viewer

__all__ = ["Entered", "Name", "Open", "going_on", "machines", "read_entries", "row_of"]

Name = Literal["downtime", "production"]
_TABLES: tuple[Name, ...] = ("downtime", "production")


@dataclass(frozen=True, slots=True)
class Entered:
    """One entry that stands.

    Parameters
    ----------
    load_id
        Its load.
    table
        ``downtime`` or ``production``.
    asset, start, end
        Which machine, from when until when; ``None``: it goes on.
    state, reason
        Of a stop; the reason of scrap too.
    order, product
        Of an order, and of pieces made for one.
    produced, good, scrap, rework
        Pieces.
    """

    load_id: str
    table: Name
    asset: str
    start: datetime
    end: datetime | None
    state: MachineState | None = None
    reason: str = ""
    order: str = ""
    product: str = ""
    batch_handle: str = ""
    produced: float | None = None
    good: float | None = None
    scrap: float | None = None
    rework: float | None = None

    @property
    def of_moment(self) -> bool:
        """Whether it counts pieces at a moment and lasts no time."""
        return self.end == self.start


@dataclass(frozen=True, slots=True)
class Open:
    """What goes on at a machine, as far as people entered it."""

    stop: Entered | None = None
    order: Entered | None = None


def machines(site: Site) -> tuple[Asset, ...]:
    """Return what people enter for: machines, and lines that have none."""
    lines = {one.parent for one in site.assets.values() if one.level is Level.MACHINE}
    return tuple(
        one
        for one in site.assets.values()
        if one.level is Level.MACHINE or (one.level is Level.LINE and one.asset not in lines)
    )


def read_entries(
    lake: Lake, viewer: Viewer, since: datetime, oldest: datetime, asset: str | None = None
) -> tuple[Entered, ...]:
    """Return what was entered and stands, newest first.

    Parameters
    ----------
    lake, viewer
        Whose entries, and who asks.
    since
        What ended from then on, besides what goes on.
    oldest
        What goes on and began before was forgotten, and is left out.
    asset
        Of this machine alone.
    """
    found: list[Entered] = []
    for name in _TABLES:
        rows = lake.read(name, viewer)
        touching = (rows.end.isnull() & (rows.start > _at(oldest))) | (rows.end >= _at(since))
        if asset is not None:
            touching &= rows.asset == asset
        found += [_entered(name, row) for row in rows.filter(touching).to_pyarrow().to_pylist()]
    return tuple(sorted(found, key=lambda one: (one.start, one.table), reverse=True))


def going_on(entries: Iterable[Entered], asset: str) -> Open:
    """Return what goes on at a machine; of several that were left open, the newest."""
    running = [one for one in entries if one.asset == asset and one.end is None]
    stops = [one for one in running if one.table == "downtime"]
    orders = [one for one in running if one.table == "production"]
    return Open(stops[0] if stops else None, orders[0] if orders else None)


def _at(moment: datetime) -> Any:
    return ibis.literal(moment.astimezone(UTC))


def _entered(name: Name, row: Mapping[str, Any]) -> Entered:
    stop = name == "downtime"
    return Entered(
        load_id=row["load_id"],
        table=name,
        asset=row["asset"],
        start=row["start"],
        end=row["end"],
        state=MachineState[row["state"].upper()] if stop else None,
        reason=row["reason"] or "",
        order=row.get("order") or "",
        product=row.get("product") or "",
        batch_handle=row.get("batch_handle") or "",
        produced=row.get("produced"),
        good=row.get("good"),
        scrap=row.get("scrap"),
        rework=row.get("rework"),
    )


def row_of(entry: Entered) -> dict[str, object]:
    """Return an entry as the row of its table, without its end."""
    shared = {"asset": entry.asset, "start": entry.start, "reason": entry.reason or None}
    if entry.table == "downtime":
        assert entry.state is not None  # noqa: S101  a stop has one
        return shared | {"state": entry.state.name.lower()}
    return shared | {
        "order": entry.order or None,
        "product": entry.product or None,
        "batch_handle": entry.batch_handle or None,
        "produced": entry.produced,
        "good": entry.good,
        "scrap": entry.scrap,
        "rework": entry.rework,
    }
