"""OEE and its kin by asset, shift, day or order, each number with what it was divided from.

A row carries its elements, its indicators and, for each indicator that does
not exist, the reason; a page that wants numerator and denominator does not
ask again. Percentages alone would be half as long and could not be checked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from ballast.errors import WrongUsage
from ballast.lake.lake import Lake
from ballast.plant.measures.kpi import Element
from ballast.plant.measures.losses import LossTree, loss_tree
from ballast.plant.reports.accounts import Account, Increments, account, increments
from ballast.plant.reports.machine_time import Day, MachineTime, machines_day
from ballast.plant.reports.oee_row import OeeRow, total_of, with_kpis
from ballast.plant.reports.pieces import Pieces, pieces
from ballast.plant.reports.segments import Wanted, read_segments
from ballast.plant.reports.spans import UNKNOWN, Plan
from ballast.plant.reports.window import Window, day, from_ms
from ballast.plant.site.site import Site
from ballast.plant.site.tag import TagRole
from ballast.terms.label import Label
from ballast.terms.viewer import Viewer
from ballast.words import Sentence

__all__ = ["BY", "By", "OeeReport", "OeeRow", "oee_report", "total_of"]

By = Literal["asset", "shift", "day", "order"]
BY: tuple[By, ...] = ("asset", "shift", "day", "order")
_NAN = float("nan")
_TOLD_S = 1.0


@dataclass(frozen=True, slots=True)
class OeeReport:
    """All rows of one question.

    Parameters
    ----------
    window
        What it is about.
    by
        How it is divided.
    rows
        By asset, then by time.
    total
        The rows together (`total_of`); ``None`` without rows.
    provenance
        ``real`` or ``synthetic``; a page says so where it is synthetic.
    notes
        What holds for all rows.
    """

    window: Window
    by: By
    rows: tuple[OeeRow, ...]
    total: OeeRow | None
    provenance: Literal["real", "synthetic"]
    notes: tuple[Sentence, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class _Bucket:
    """What a row is of."""

    key: str
    label: Label
    intervals: tuple[tuple[int, int], ...]


def oee_report(
    lake: Lake,
    viewer: Viewer,
    window: Window,
    *,
    assets: Sequence[str] | None = None,
    by: By = "asset",
    site: Site | None = None,
) -> OeeReport:
    """Return the indicators of machines in a window.

    Parameters
    ----------
    lake
        The home's lake.
    viewer
        Who asks.
    window
        From when, until when; what lies in the future is left out.
    assets
        Which machines, or lines and areas (then all machines under them); ``None``: all.
    by
        One row a machine; or one a machine and shift, local day, or order.
    site
        The mapping of the home; without it the tables ``asset`` and ``tag`` are asked, and
        all time counts as planned.

    Raises
    ------
    NotPermitted, NotFound
        If the viewer may not read it, or there is no such asset.
    WrongUsage
        If ``by`` is none of ``BY``.
    """
    if by not in BY:
        raise WrongUsage(
            "OEE is not divided by {by}; divide it by one of {known}", by=by, known=", ".join(BY)
        )
    found = machines_day(lake, viewer, window, assets=assets, site=site)
    buckets = {one.asset: _buckets(one, found, window, by) for one in found.times}
    counters = _counters(lake, viewer, found, buckets)
    rows = [
        _row(one, bucket, counters.get(one.asset, {}), found)
        for one in found.times
        for bucket in buckets[one.asset]
    ]
    whole = with_kpis(rows)
    notes = []
    if by == "shift" and not found.site.shifts:
        notes.append(Sentence("the mapping has no shifts, so no row can be told by shift"))
    if found.end_ms < window.end_ms:
        until = from_ms(found.end_ms, window.zone).isoformat(sep=" ", timespec="minutes")
        notes.append(
            Sentence(
                "the window reaches beyond the newest data; it ends at {until}", {"until": until}
            )
        )
    provenance: Literal["real", "synthetic"] = "synthetic" if found.synthetic else "real"
    return OeeReport(window, by, whole, total_of(whole), provenance, tuple(notes))


def _buckets(one: MachineTime, found: Day, window: Window, by: By) -> list[_Bucket]:
    start, end = found.start_ms, found.end_ms

    def cut(intervals: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
        inside = Plan.of(
            [(max(a, start), min(b, end)) for a, b in intervals if a < end > start < b]
        )
        return tuple(zip(inside.start.tolist(), inside.end.tolist(), strict=True))

    if by == "asset":
        made = [_Bucket("", Label("", ""), ((start, end),))]
    elif by == "day":
        of_days = [(date, day(date, window.zone)) for date in window.dates]
        made = [
            _Bucket(str(date), Label(str(date), str(date)), cut([(of.start_ms, of.end_ms)]))
            for date, of in of_days
        ]
    elif by == "shift":
        made = [
            _Bucket(
                f"{shift.day} {shift.shift.shift}",
                Label(f"{shift.day} {shift.shift.name.zh}", f"{shift.day} {shift.shift.name}"),
                cut([(shift.start, shift.end)]),
            )
            for shift in found.site.shift_intervals(start, end)
        ]
    else:
        entered = [row for row in found.made.get(one.asset, ()) if row.order and row.end_ms]
        orders = dict.fromkeys(row.order for row in entered)
        made = [
            _Bucket(
                order,
                Label(order, order),
                cut([(row.start_ms, row.end_ms or 0) for row in entered if row.order == order]),
            )
            for order in orders
        ]
    return [bucket for bucket in made if bucket.intervals]


def _counters(
    lake: Lake, viewer: Viewer, found: Day, buckets: Mapping[str, Sequence[_Bucket]]
) -> dict[str, dict[TagRole, Increments]]:
    """Return by how much the counters of each machine rose, by role."""
    wanted = []
    for one in found.times:
        # Behind the horizon no counter tells anything either, and nothing needs to be divided.
        dark = (one.spans.state == UNKNOWN) & (one.spans.start < found.horizon_ms)
        entered = [
            (row.start_ms, row.end_ms or row.start_ms) for row in found.made.get(one.asset, ())
        ]
        edges = np.unique(
            np.concatenate(
                [
                    *(np.array(b.intervals, np.int64).reshape(-1) for b in buckets[one.asset]),
                    np.array(entered, np.int64).reshape(-1),
                    one.spans.start[dark],
                    one.spans.end[dark],
                ]
            )
        )
        wanted += [Wanted(tag.tag, edges, alike=False) for tag in one.machine.counters.values()]
    said = read_segments(lake, viewer, wanted, found.start_ms, found.end_ms)
    rises: dict[str, dict[TagRole, Increments]] = {}
    for one in found.times:
        for role, tag in one.machine.counters.items():
            of = said.of.get(tag.tag)
            if of is not None:
                of = of[np.flatnonzero(np.isfinite(of.first))]
                rises.setdefault(one.asset, {})[role] = increments(
                    of.first_at, of.last_at, of.first, of.last, of.rise, one.spans
                )
    return rises


def _row(
    one: MachineTime, bucket: _Bucket, counters: Mapping[TagRole, Increments], found: Day
) -> OeeRow:
    entered = found.made.get(one.asset, ())
    times = account(one.spans, one.reasons, bucket.intervals)
    counted = pieces(counters, entered, bucket.intervals)
    orders = Plan.of([(row.start_ms, row.end_ms or row.start_ms) for row in entered if row.order])
    executed = sum(
        int(np.maximum(np.minimum(orders.end, end) - np.maximum(orders.start, start), 0).sum())
        for start, end in bucket.intervals
    )
    cycle = one.machine.cycle_s or _NAN
    elements = _elements(times, counted, cycle, executed / 1000.0 if executed else _NAN)
    notes = [*one.notes, *counted.notes]
    if times.unrecorded_s >= _TOLD_S:
        notes.append(
            Sentence(
                "{minutes} min of the planned time are not recorded; they count in no indicator",
                {"minutes": round(times.unrecorded_s / 60.0, 1)},
            )
        )
    return OeeRow(
        asset=one.asset,
        name=one.machine.name,
        key=bucket.key,
        label=bucket.label,
        start_ms=bucket.intervals[0][0],
        end_ms=bucket.intervals[-1][1],
        elements=elements,
        kpis={},
        why={},
        tree=_tree(times, counted, cycle),
        delays_s=times.delays_s,
        setups_s=times.setups_s,
        idle_s=times.idle_s,
        window_s=times.window_s,
        planned_s=times.planned_s,
        unrecorded_s=times.unrecorded_s,
        overtime_s=times.overtime_s,
        counted=counted.source,
        notes=tuple(notes),
    )


def _elements(
    times: Account, counted: Pieces, cycle_s: float, executed_s: float
) -> dict[Element, float]:
    """Return the elements; maintenance is not told apart from other stops, so not known.

    Every piece of which it is known whether it is good was inspected; the capacity is what the
    planned busy time would have made at the planned speed.
    """
    known = counted.good == counted.good
    return {
        Element.AOET: executed_s,
        Element.APT: times.apt_s,
        Element.AUPT: times.apt_s + times.aust_s,
        Element.AUST: times.aust_s,
        Element.ADET: times.adet_s,
        Element.AUBT: times.apt_s + times.aust_s + times.adet_s,
        Element.PBT: times.pbt_s,
        Element.PRU: cycle_s,
        Element.PQ: counted.produced,
        Element.GQ: counted.good,
        Element.SQ: counted.scrap,
        Element.RQ: counted.rework,
        Element.GP: counted.good,
        Element.IP: counted.produced if known else _NAN,
        Element.EPC: times.pbt_s / cycle_s,
        Element.CMT: _NAN,
        Element.PMT: _NAN,
    }


def _tree(times: Account, counted: Pieces, cycle_s: float) -> LossTree | None:
    if not times.pbt_s or np.isnan(cycle_s * counted.produced * counted.good):
        return None
    return loss_tree(
        apt_s=times.apt_s,
        pru_s=cycle_s,
        produced=counted.produced,
        good=counted.good,
        delays_s=times.delays_s,
        setup_s=times.setups_s,
        idle_s=times.idle_s,
        scrapped=counted.scrapped,
        reworked=counted.reworked,
    )
