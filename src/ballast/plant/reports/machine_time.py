"""What each machine was doing, stretch by stretch: from its state tag, its people and its shifts.

Three sources speak about the same second: the state tag (held until its next
sample or until it went stale), the entries of people (who know the reason),
and the calendar of shifts (what was planned at all). They are laid over each
other here, once, into stretches that do not overlap; every figure of OEE and
every coloured bar of a page reads these stretches and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from ballast.lake.lake import Lake
from ballast.plant.measures.time_model import MachineState
from ballast.plant.reports.entries import Made, Stop, closed, made, stops
from ballast.plant.reports.gaps import DARK, befell, gaps_of
from ballast.plant.reports.mapping import Machine, machines_of, mapping_of, meaning_of
from ballast.plant.reports.parts import Segments
from ballast.plant.reports.segments import (
    HOLD_EVERY,
    LOOK_BACK_MS,
    Wanted,
    read_segments,
    watermark,
)
from ballast.plant.reports.spans import (
    UNKNOWN,
    Plan,
    Runs,
    Spans,
    Told,
    held,
    laid,
    painted,
)
from ballast.plant.reports.window import Window, to_ms
from ballast.plant.site.site import Site
from ballast.plant.site.tag import Tag
from ballast.terms.viewer import Viewer
from ballast.words import Sentence

__all__ = ["Day", "MachineTime", "Stretch", "Told", "known_until", "machine_times", "machines_day"]


_DISAGREE_S = 60.0
ON_THE_WAY_MS = 600_000
"""So long samples may take from a machine to the lake."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One machine in one state.

    Parameters
    ----------
    start_ms, end_ms
        Epoch milliseconds UTC; the end does not belong to it.
    state
        What it did; ``None``: not recorded, which is never taken for production.
    reason
        As recorded; empty where there is none.
    told
        Who says so.
    planned
        Whether the calendar planned the machine to be busy.
    """

    start_ms: int
    end_ms: int
    state: MachineState | None
    reason: str
    told: Told
    planned: bool


@dataclass(frozen=True, slots=True, eq=False)
class MachineTime:
    """The stretches of one machine in a window, in order, without overlap and without a hole.

    Parameters
    ----------
    machine
        Which.
    spans
        The stretches as columns.
    reasons
        What the numbers of reasons mean; the first is the empty text.
    notes
        What a reader must know: entries that overlap, a person and the machine disagreeing.
    """

    machine: Machine
    spans: Spans
    reasons: tuple[str, ...]
    notes: tuple[Sentence, ...] = ()

    @property
    def asset(self) -> str:
        """Which machine."""
        return self.machine.asset

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """From the start of the window to its end, or to now where that is earlier."""
        of = self.spans
        rows = zip(
            of.start.tolist(), of.end.tolist(), of.state.tolist(), of.reason.tolist(),
            of.told.tolist(), of.planned.tolist(), strict=True,
        )  # fmt: skip
        return tuple(
            Stretch(
                start,
                end,
                None if state == UNKNOWN else MachineState(state),
                self.reasons[reason],
                Told(told),
                planned,
            )
            for start, end, state, reason, told, planned in rows
        )


@dataclass(frozen=True, slots=True, eq=False)
class Day:
    """Everything that was read to say what machines did in a window.

    Parameters
    ----------
    start_ms, end_ms
        The window, cut where the future begins.
    horizon_ms
        The newest sample of all, at most the end: behind it nobody says anything.
    site
        The mapping that was gone by.
    times
        Of each machine.
    made
        What was entered as made, by asset, the open entries closed.
    provenance
        Whether any of the samples, or the mapping, is synthetic.
    """

    start_ms: int
    end_ms: int
    horizon_ms: int
    site: Site
    times: tuple[MachineTime, ...]
    made: Mapping[str, Sequence[Made]]
    synthetic: bool


def machine_times(
    lake: Lake,
    viewer: Viewer,
    window: Window,
    *,
    assets: Sequence[str] | None = None,
    site: Site | None = None,
) -> tuple[MachineTime, ...]:
    """Return what machines did in a window.

    Parameters
    ----------
    lake
        The home's lake.
    viewer
        Who asks.
    window
        From when, until when; what lies in the future is left out.
    assets
        Which machines, or what stands above them; ``None``: all.
    site
        The mapping of the home, for shifts and the meaning of states; without it the tables
        ``asset`` and ``tag`` are asked, and all time counts as planned.

    Raises
    ------
    NotPermitted
        If the viewer may not read the machines' data.
    NotFound
        If an asset is asked for that there is not.
    """
    return machines_day(lake, viewer, window, assets=assets, site=site).times


def machines_day(
    lake: Lake,
    viewer: Viewer,
    window: Window,
    *,
    assets: Sequence[str] | None = None,
    site: Site | None = None,
) -> Day:
    """Return what `machine_times` does, with what else was read for it."""
    mapping = mapping_of(lake, viewer, site)
    start = window.start_ms
    newest = watermark(lake, viewer, start)
    end = known_until(window, to_ms(lake.clock()), newest)
    entered = {
        asset: list(rows)
        for asset, rows in groupby(made(lake, viewer, start, end), key=lambda row: row.asset)
    }
    stopped = {
        asset: list(rows)
        for asset, rows in groupby(stops(lake, viewer, start, end), key=lambda row: row.asset)
    }
    machines = machines_of(mapping, assets, {*entered, *stopped})
    events = befell(lake, viewer, start - LOOK_BACK_MS, end, DARK)
    tags = [machine.state for machine in machines if machine.state is not None]
    gaps = {tag.tag: gaps_of(tag, events) for tag in tags}
    # Beyond the newest sample of all nothing is known: the shipper may lag, or the collector.
    horizon = min(newest, end)
    said = read_segments(
        lake,
        viewer,
        [_state_wanted(tag, gaps[tag.tag], start, end) for tag in tags],
        start,
        end,
    )
    shifts = mapping.shift_intervals(start, end)
    plan = Plan.of_shifts(shifts) if mapping.shifts else None
    times = []
    for machine in machines:
        runs = None if machine.state is None else said.of.get(machine.state.tag)
        read = _Read(start, end, horizon, plan, runs, gaps)
        times.append(
            _laid(machine, read, stopped.get(machine.asset, []), entered.get(machine.asset, []))
        )
    whole = {asset: closed(rows, end) for asset, rows in entered.items()}
    synthetic = mapping.provenance == "synthetic" or said.synthetic
    return Day(start, end, horizon, mapping, tuple(times), whole, synthetic)


def known_until(window: Window, now_ms: int, newest_ms: int) -> int:
    """Return where a window is cut: at now, or at the newest sample where that is just behind.

    Parameters
    ----------
    window
        As asked for.
    now_ms
        Epoch ms UTC.
    newest_ms
        The newest sample of any tag.

    Notes
    -----
    Samples are minutes on their way from the collector's log to the lake. That time is not
    unrecorded, it is not here yet; only where nothing came for longer is the silence told.
    """
    end = min(window.end_ms, now_ms)
    if newest_ms < end and now_ms - newest_ms <= ON_THE_WAY_MS:
        end = newest_ms
    return max(end, window.start_ms + 1)


def _state_wanted(tag: Tag, gaps: Sequence[tuple[int, int]], start: int, end: int) -> Wanted:
    edges = np.unique(np.array([start, end, *(edge for gap in gaps for edge in gap)], np.int64))
    every = None if tag.every_s is None else round(tag.every_s * 1000)
    return Wanted(tag.tag, edges, alike=True, every_ms=every)


@dataclass(frozen=True, slots=True, eq=False)
class _Read:
    """What was read for one machine."""

    start: int
    end: int
    horizon: int
    plan: Plan | None
    said: Segments | None
    gaps: Mapping[str, Sequence[tuple[int, int]]]


def _laid(
    machine: Machine, read: _Read, stopped: Sequence[Stop], entered: Sequence[Made]
) -> MachineTime:
    reasons: dict[str, int] = {"": 0}
    notes: list[Sentence] = []
    layers: list[Spans] = []
    resumed: list[int] = []
    if machine.state is not None:
        runs = _runs(machine.state, read.said, reasons, notes)
        every = machine.state.every_s
        spoken = held(
            runs,
            read.gaps[machine.state.tag],
            horizon_ms=read.horizon,
            hold_ms=None if every is None else round(HOLD_EVERY * every * 1000),
        )
        resumed = runs.first_at[runs.state == MachineState.PRODUCING].tolist()
        layers.append(spoken)
    elif entered:
        # People say from when until when an order ran: between its stops the machine produced.
        ran = [
            (row.start_ms, row.end_ms or row.start_ms, int(MachineState.PRODUCING), 0)
            for row in closed(entered, read.end)
        ]
        layers.append(painted(ran, Told.PERSON)[0])
    for by_machine in (True, False):
        told = [stop for stop in stopped if stop.by_machine is by_machine]
        entries = [
            (stop.start_ms, stop.end_ms or stop.start_ms, int(stop.state),
             reasons.setdefault(stop.reason, len(reasons)))
            for stop in closed(told, read.end, resumed)
        ]  # fmt: skip
        spans, overlapping = painted(entries, Told.MACHINE if by_machine else Told.PERSON)
        layers.append(spans)
        if overlapping:
            notes.append(Sentence("stops as entered overlap; where two do, the later one holds"))
    spans = laid(read.start, read.end, layers, read.plan)
    notes += _disagreement(layers, read)
    return MachineTime(machine, spans, tuple(reasons), tuple(notes))


def _disagreement(layers: Sequence[Spans], read: _Read) -> list[Sentence]:
    """Return whether people entered stops in which the machine said it was producing."""
    if len(layers) < 3:
        return []
    tag, people = layers[0], layers[-1]
    producing = np.flatnonzero(tag.state == MachineState.PRODUCING)
    both = 0
    for start, end, state in zip(
        people.start.tolist(), people.end.tolist(), people.state.tolist(), strict=True
    ):
        if state != MachineState.PRODUCING:
            first, final = max(start, read.start), min(end, read.end)
            cut = np.minimum(tag.end[producing], final) - np.maximum(tag.start[producing], first)
            both += int(np.maximum(cut, 0).sum())
    if both / 1000.0 <= _DISAGREE_S:
        return []
    return [
        Sentence(
            "people entered stops of {minutes} min in which the machine said it was producing; "
            "the people are believed",
            {"minutes": round(both / 60_000.0, 1)},
        )
    ]


def _runs(tag: Tag, said: Segments | None, reasons: dict[str, int], notes: list[Sentence]) -> Runs:
    """Return what the values of a state tag mean."""
    if said is None or not len(said):
        empty = np.empty(0, dtype=np.int64)
        return Runs(empty, empty, np.empty(0, np.int32), np.empty(0, np.int32))
    state = np.full(len(said), UNKNOWN, dtype=np.int32)
    reason = np.zeros(len(said), dtype=np.int32)
    strange: list[str] = []
    for value, rows in said.values():
        meaning = meaning_of(tag, None, value)
        if meaning is not None:
            state[rows] = meaning.state
            reason[rows] = reasons.setdefault(meaning.reason, len(reasons))
        else:
            strange.append(value)
    if strange:
        notes.append(
            Sentence(
                "{tag} told {values}, which the mapping gives no meaning: that time counts as "
                "not recorded",
                {"tag": tag.tag, "values": ", ".join(sorted(strange)[:5])},
            )
        )
    return Runs(said.first_at, said.last_at, state, reason)
