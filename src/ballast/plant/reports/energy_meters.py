"""The meters of a home, whatever they are: rows of ``energy_meter``, counters, power tags.

A report of energy wants intervals with energy in them. A loaded meter is that
already; a counter's readings are differences between two moments; a power tag
is a mean over a minute. All three become the same columns here, cut to the
window, so that nothing behind this module asks where energy came from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from enum import StrEnum
from itertools import pairwise

import ibis
import numpy as np
import numpy.typing as npt

from ballast.lake.lake import Lake
from ballast.plant.measures.ratios import Floats
from ballast.plant.measures.tariff import QUARTER_MS
from ballast.plant.reports.parts import Segments, ms_of
from ballast.plant.reports.segments import Wanted, read_segments
from ballast.plant.reports.window import Window, from_ms
from ballast.plant.site.site import Site
from ballast.plant.site.tag import Tag, TagRole
from ballast.terms.label import Label
from ballast.terms.unit import KW, KWH, ratio
from ballast.terms.viewer import Viewer

__all__ = ["MeterKind", "Metered", "meters_of", "topmost"]

Moments = npt.NDArray[np.int64]

FINE_DAYS = 62
"""Up to this long a window is read by the quarter of an hour; a longer one by the hour."""
_LONGEST_INTERVAL = timedelta(days=1)
_MINUTE_MS, _HOUR_MS = 60_000, 3_600_000


class MeterKind(StrEnum):
    """Where the energy of a meter is from."""

    METER = "meter"  # the table energy_meter
    COUNTER = "counter"  # a tag that counts kWh
    POWER = "power"  # a tag in kW, integrated


METER_LABELS: dict[MeterKind, Label] = {
    MeterKind.METER: Label("电表", "meter"),
    MeterKind.COUNTER: Label("电能计数", "counter"),
    MeterKind.POWER: Label("功率折算", "from power"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Metered:
    """What one meter counted in a window; arrays of shape (n,).

    Parameters
    ----------
    meter
        Its number, or the tag.
    name
        As people say it.
    asset
        What it meters; ``None`` where nobody said.
    kind
        Where it is from.
    start, end
        Of each interval, epoch ms UTC, cut to the window.
    kwh, lagging, leading
        Active and reactive energy of each interval, kWh and kVArh; nan where not told.
    """

    meter: str
    name: Label
    asset: str | None
    kind: MeterKind
    start: Moments
    end: Moments
    kwh: Floats
    lagging: Floats
    leading: Floats

    @property
    def seconds(self) -> float:
        """How long its intervals are together."""
        known = np.isfinite(self.kwh)
        return float((self.end - self.start)[known].sum()) / 1000.0

    @property
    def finest_ms(self) -> int:
        """How long its intervals are, as a rule; 0 without any."""
        return int(np.median(self.end - self.start)) if len(self.start) else 0

    def cut(self, window: Window) -> Metered:
        """Return what of it lies in a window; an interval over its edge by its share."""
        start = np.maximum(self.start, window.start_ms)
        end = np.minimum(self.end, window.end_ms)
        inside = np.flatnonzero(end > start)
        start, end = start[inside], end[inside]
        length = (self.end - self.start)[inside]
        share = (end - start) / length
        # A whole interval keeps its digits.
        kwh, lagging, leading = (
            np.where(share == 1.0, flow[inside], flow[inside] * share)
            for flow in (self.kwh, self.lagging, self.leading)
        )
        return replace(self, start=start, end=end, kwh=kwh, lagging=lagging, leading=leading)


def topmost(meters: Iterable[Metered], site: Site) -> tuple[Metered, ...]:
    """Return the meters that add up to the whole: none whose energy another has counted already.

    Parameters
    ----------
    meters
        All of them.
    site
        For what stands above what.

    Notes
    -----
    A meter of an asset has counted what meters of the assets below it count. Of several of one
    asset the table's go before a counter, and a counter before a power tag. A meter of which
    nobody said what it meters counts for itself.
    """
    listed = list(meters)
    best = {
        asset: min(kinds, key=list(MeterKind).index)
        for asset in {one.asset for one in listed if one.asset is not None}
        if (kinds := {one.kind for one in listed if one.asset == asset})
    }
    return tuple(
        one
        for one in listed
        if one.asset is None
        or (
            one.kind is best[one.asset]
            and not any(above in best for above in _above(one.asset, site))
        )
    )


def _above(asset: str, site: Site) -> list[str]:
    found: list[str] = []
    at = site.assets.get(asset)
    while at is not None and at.parent is not None and at.parent not in found:
        found.append(at.parent)
        at = site.assets.get(at.parent)
    return found


def meters_of(
    lake: Lake, viewer: Viewer, window: Window, site: Site, assets: Sequence[str] | None
) -> tuple[tuple[Metered, ...], bool]:
    """Return the meters that counted anything in a window, and whether any of it is synthetic.

    Parameters
    ----------
    lake, viewer
        Whose meters, and who asks.
    window
        The stretch.
    site
        The mapping.
    assets
        Only meters of these and of what stands below them; ``None``: all.

    Raises
    ------
    NotPermitted
        If the viewer may not read meters.
    """
    wanted = None if assets is None else {a.asset for name in assets for a in site.under(name)}
    if wanted is not None and assets is not None:
        wanted |= set(assets)
    loaded, synthetic = _loaded(lake, viewer, window)
    counters = [
        tag
        for tag in site.tags.values()
        if tag.role is TagRole.ENERGY and (wanted is None or tag.asset in wanted)
    ]
    counted, invented = _counted(lake, viewer, window, counters)
    synthetic |= invented
    have = {one.asset for one in counted}
    powers = [
        tag
        for tag in site.tags.values()
        if tag.role is TagRole.POWER
        and tag.asset not in have
        and (wanted is None or tag.asset in wanted)
    ]
    powered, invented = _powered(lake, viewer, window, powers)
    found = [one for one in loaded if wanted is None or one.asset in wanted]
    cut = [one.cut(window) for one in (*found, *counted, *powered)]
    return tuple(one for one in cut if len(one.start)), synthetic or invented


def _loaded(lake: Lake, viewer: Viewer, window: Window) -> tuple[list[Metered], bool]:
    rows = lake.read("energy_meter", viewer)
    begin = from_ms(window.start_ms, UTC) - _LONGEST_INTERVAL
    rows = rows.filter(
        (rows.start < ibis.literal(from_ms(window.end_ms, UTC)))
        & (rows.start > ibis.literal(begin))
    ).order_by("meter", "start")
    table = rows.select(
        "meter", "asset", "start", "minutes", "kwh", "kvarh_lagging", "kvarh_leading", "load_id"
    ).to_pyarrow()
    if not table.num_rows:
        return [], False
    meter = np.asarray(table["meter"].to_pylist(), dtype=object)
    asset = table["asset"].to_pylist()
    start = ms_of(table["start"])
    minutes, kwh, lagging, leading = (
        table[name].to_numpy().astype(np.float64)
        for name in ("minutes", "kwh", "kvarh_lagging", "kvarh_leading")
    )
    end = start + np.round(minutes * _MINUTE_MS).astype(np.int64)
    edges = [0, *(np.flatnonzero(meter[1:] != meter[:-1]) + 1).tolist(), len(meter)]
    found = []
    for first, last in pairwise(edges):
        at = slice(first, last)
        named = next((one for one in asset[at] if one is not None), None)
        found.append(
            Metered(
                str(meter[first]), Label(str(meter[first]), str(meter[first])), named,
                MeterKind.METER, start[at], end[at], kwh[at], lagging[at], leading[at],
            )
        )  # fmt: skip
    loads = set(table["load_id"].to_pylist())
    ledger = lake.ledger.rows()
    invented = ledger.filter(ledger["provenance"] == "synthetic")["load_id"].to_list()
    return found, not loads.isdisjoint(invented)


def _counted(
    lake: Lake, viewer: Viewer, window: Window, tags: Sequence[Tag]
) -> tuple[list[Metered], bool]:
    fine = window.seconds <= FINE_DAYS * 86_400
    step = QUARTER_MS if fine else _HOUR_MS
    edges = np.arange(window.start_ms, window.end_ms + 1, step, dtype=np.int64)
    wanted = [Wanted(tag.tag, edges, alike=False) for tag in tags]
    # A little further, for the reading that ends the last stretch; what is beyond is cut off.
    said = read_segments(lake, viewer, wanted, window.start_ms, window.end_ms + _HOUR_MS)
    found = []
    for tag in tags:
        segments = said.of.get(tag.tag)
        if segments is not None:
            since, at, rose = risen(segments)
            kwh = rose * float(ratio(tag.unit, KWH))
            found.append(_of_tag(tag, MeterKind.COUNTER, since, at, kwh))
    return found, said.synthetic


def risen(segments: Segments) -> tuple[Moments, Moments, Floats]:
    """Return between which moments a counter rose by how much, in order; standing still included.

    Notes
    -----
    Within a segment its rise; from one to the next Δ = b − a, or b where b < a (the counter began
    again). Unlike pieces, which are made at a moment, energy flows all the time between two
    readings: each difference is kept with both of its moments.
    """
    known = np.flatnonzero(np.isfinite(segments.first) & np.isfinite(segments.last))
    told = segments[known]
    between = np.where(
        told.first[1:] >= told.last[:-1], told.first[1:] - told.last[:-1], told.first[1:]
    )
    inside = np.where(np.isfinite(told.rise), told.rise, told.last - told.first)
    since = np.concatenate((told.last_at[:-1], told.first_at))
    at = np.concatenate((told.first_at[1:], told.last_at))
    rose = np.concatenate((between, inside))
    kept = np.flatnonzero((at > since) & (rose >= 0))
    order = kept[np.argsort(since[kept], kind="stable")]
    return since[order], at[order], rose[order]


def _powered(
    lake: Lake, viewer: Viewer, window: Window, tags: Sequence[Tag]
) -> tuple[list[Metered], bool]:
    if not tags:
        return [], False
    fine = window.seconds <= FINE_DAYS * 86_400
    rows = lake.read("telemetry_1min" if fine else "telemetry_1h", viewer)
    length = _MINUTE_MS if fine else _HOUR_MS
    rows = rows.filter(
        rows.tag.isin([tag.tag for tag in tags])
        & (rows.time >= ibis.literal(from_ms(window.start_ms - length, UTC)))
        & (rows.time < ibis.literal(from_ms(window.end_ms, UTC)))
        & (rows.finite > 0)
    )
    summed = (
        rows.group_by("tag", "time")
        .agg(
            mean=rows["sum"].sum() / rows.finite.sum(),
            synthetic=(rows.provenance == "synthetic").any(),
        )
        .order_by("tag", "time")
        .to_pyarrow()
    )
    names = np.asarray(summed["tag"].to_pylist(), dtype=object)
    start, mean = ms_of(summed["time"]), summed["mean"].to_numpy()
    found = []
    for tag in tags:
        at = np.flatnonzero(names == tag.tag)
        kwh = mean[at] * float(ratio(tag.unit, KW)) * (length / _HOUR_MS)
        if len(at):
            found.append(_of_tag(tag, MeterKind.POWER, start[at], start[at] + length, kwh))
    return found, any(summed["synthetic"].to_pylist())


def _of_tag(tag: Tag, kind: MeterKind, start: Moments, end: Moments, kwh: Floats) -> Metered:
    nothing = np.full(len(start), np.nan)
    return Metered(tag.tag, tag.name, tag.asset, kind, start, end, kwh, nothing, nothing)
