"""What the board knows besides the last values: since when a state holds, and the order at work.

The collector's file holds the last sample of each tag; a machine that reports
its state every second has "since" a second ago in it. How long a state has
lasted stands in the lake, and so does which order a machine works on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from ballast.lake.lake import Lake
from ballast.plant.measures.time_model import MachineState
from ballast.plant.reports.live import MachineNow
from ballast.plant.reports.machine_time import Stretch, machine_times
from ballast.plant.reports.window import Window, from_ms
from ballast.plant.site import Site
from ballast.terms.viewer import Viewer

__all__ = ["Background", "Memory", "Since", "background"]

_LOOK_BACK = timedelta(hours=16)
"""Two shifts: what has lasted longer is said to have lasted at least since then."""


@dataclass(frozen=True, slots=True)
class Since:
    """A state with its reason, and when it began, epoch ms UTC."""

    state: MachineState
    reason: str
    start_ms: int


@dataclass(frozen=True, slots=True)
class Background:
    """What stands in the lake of what the machines do now.

    Parameters
    ----------
    since
        The state that each machine was in last.
    orders
        The order that each machine works on.
    """

    since: Mapping[str, Since] = field(default_factory=dict)
    orders: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Memory:
    """Since when machines are in their states, as far as an open board has seen it or the lake
    knows it longer.

    A state that began after the lake was asked is remembered from its first sample on.
    """

    lake: Background | None = None
    seen: dict[str, Since] = field(default_factory=dict)

    def with_since(self, one: MachineNow) -> MachineNow:
        """Return a machine with the moment at which its state began; none where nobody knows."""
        if one.state is None or self.lake is None:
            return replace(one, since_ms=None)
        held = self.seen.get(one.asset)
        if held is None or (held.state, held.reason) != (one.state, one.reason):
            if one.since_ms is None:
                return one
            held = Since(one.state, one.reason, one.since_ms)
        told = self.lake.since.get(one.asset)
        if told is not None and (told.state, told.reason) == (held.state, held.reason):
            held = min(held, told, key=lambda each: each.start_ms)
        self.seen[one.asset] = held
        return replace(one, since_ms=held.start_ms)


def background(lake: Lake, viewer: Viewer, site: Site, now_ms: int) -> Background:
    """Return what the lake knows of the present; takes tenths of a second.

    Parameters
    ----------
    lake
        A lake of the calling thread's own.
    viewer
        Who asks.
    site
        The mapping of the home.
    now_ms
        Epoch ms UTC.
    """
    end = from_ms(now_ms, site.zone)
    window = Window(end - _LOOK_BACK, end, site.zone)
    since: dict[str, Since] = {}
    for machine in machine_times(lake, viewer, window, site=site):
        if begun := _begun(machine.stretches):
            since[machine.asset] = begun
    return Background(since, _orders(lake, viewer, window))


def _begun(stretches: Sequence[Stretch]) -> Since | None:
    """Return the state of the last stretch with one, and when it began without a break."""
    known = [one for one in stretches if one.state is not None]
    if not known or known[-1].state is None:
        return None
    last, start = known[-1], known[-1].start_ms
    for one in reversed(known[:-1]):
        if (one.state, one.reason, one.end_ms) != (last.state, last.reason, start):
            break
        start = one.start_ms
    return Since(known[-1].state, last.reason, start)


def _orders(lake: Lake, viewer: Viewer, window: Window) -> dict[str, str]:
    rows = lake.read("production", viewer)
    recent = rows.filter(
        (rows.start >= window.start) & (rows.start <= window.end) & rows.order.notnull()
    ).select("asset", "start", "end", "order")
    found: dict[str, str] = {}
    held = lake.engine.collect(recent).to_pylist()
    for row in sorted(held, key=lambda one: one["start"]):
        if row["end"] is None or row["end"] >= window.end:
            found[row["asset"]] = row["order"]
    return found
