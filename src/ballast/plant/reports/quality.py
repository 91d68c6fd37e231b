"""How good the data of each tag are: what was expected, what came, and what was wrong with it.

OEE of a machine whose tag was silent half the day is a guess. The report
counts what arrived against what the mapping promises, and names each gap with
its cause; a traffic light alone would hide which tag to mend.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from ballast.errors import NotFound
from ballast.lake.lake import Lake
from ballast.plant.reports.accounts import seconds_where
from ballast.plant.reports.gaps import DARK, Befell, befell, gaps_of
from ballast.plant.reports.machine_time import ON_THE_WAY_MS, known_until
from ballast.plant.reports.mapping import mapping_of
from ballast.plant.reports.parts import Segments
from ballast.plant.reports.received import Received, received
from ballast.plant.reports.segments import (
    HOLD_EVERY,
    LOOK_BACK_MS,
    Wanted,
    read_segments,
    watermark,
)
from ballast.plant.reports.spans import UNKNOWN, Plan, Runs, Spans, held, laid
from ballast.plant.reports.window import Window
from ballast.plant.site.site import Site
from ballast.plant.site.tag import Tag
from ballast.plant.spool.events import EventKind
from ballast.plant.spool.live import LastValue, Live
from ballast.terms.label import Label
from ballast.terms.unit import COUNT
from ballast.terms.viewer import Viewer
from ballast.words import Sentence

__all__ = ["GAPS", "Gap", "TagQuality", "data_quality"]

GAPS = 20
"""So many gaps of a tag are told one by one."""
_CLOCK_OFF_S = 60.0
_NEAR_MS = 60_000
_OF_MESSAGES = (EventKind.UNREADABLE, EventKind.DUPLICATE, EventKind.ALIAS_CLASH)


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch in which a tag said nothing although it should have.

    Parameters
    ----------
    since_ms, until_ms
        Epoch ms UTC; ``until_ms`` is ``None`` while it lasts.
    why
        What the collector recorded, or that nothing explains it.
    kind
        The kind of the recorded event; empty where it was only found by counting.
    """

    since_ms: int
    until_ms: int | None
    why: Sentence
    kind: str


@dataclass(frozen=True, slots=True)
class TagQuality:
    """The data of one tag in a window.

    Parameters
    ----------
    tag, asset, name
        Which; ``asset`` is empty for a tag that is not in the mapping.
    expected
        How many samples the mapping promises (planned time / every_s); ``None`` where it does
        not say how often: the tag reports by exception.
    received
        How many came, late ones and history included, duplicates not; also outside the planned
        time.
    coverage
        Share of the planned time in which the value was known, 0 to 1; ``None``: nothing planned.
        A value is known until the next one, or three times as long as it was promised for, or
        until its source went stale. Told to the minute: shorter holes show in ``received``.
    gaps, gap_count
        The longest gaps first, at most ``GAPS``; ``gap_count`` counts all.
    late, ahead, historical, duplicates, conflicts
        Samples older than their source's clock should be; of the future; sent from a buffer; sent
        twice alike (dropped; a whole message of its source that came twice counts once); of one
        moment with two values (both are kept).
    not_numbers
        Samples whose value is NaN or infinite.
    bad
        Samples that their source marks as not good.
    unreadable
        Payloads that could not be read.
    clashes
        Births of its source in which metrics share a name or an alias.
    last_ms
        The newest sample; ``None``: never.
    stale_since_ms
        Since when it is stale; ``None``: it is not.
    unmapped
        Whether the mapping does not know the tag.
    clock_offset_s
        Median of received − source time; seconds. Positive: the source's clock is behind or the
        way is slow. ``None``: nothing to say.
    notes
        What a reader must know.
    """

    tag: str
    asset: str
    name: Label
    expected: int | None
    received: int
    coverage: float | None
    gaps: tuple[Gap, ...]
    gap_count: int
    late: int
    ahead: int
    historical: int
    duplicates: int
    conflicts: int
    not_numbers: int
    bad: int
    unreadable: int
    clashes: int
    last_ms: int | None
    stale_since_ms: int | None
    unmapped: bool
    clock_offset_s: float | None
    notes: tuple[Sentence, ...] = ()


def data_quality(
    lake: Lake,
    viewer: Viewer,
    window: Window,
    now_ms: int,
    *,
    tags: Sequence[str] | None = None,
    site: Site | None = None,
    live: Live | None = None,
) -> tuple[TagQuality, ...]:
    """Return how good the data of tags are in a window, the worst coverage first.

    Parameters
    ----------
    lake
        The home's lake.
    viewer
        Who asks.
    window
        From when, until when; what lies behind ``now_ms`` is not expected yet.
    now_ms
        Epoch ms UTC.
    tags
        Which; ``None``: all of the mapping and all that sent something.
    site
        The mapping of the home; without it the table ``tag`` is asked.
    live
        What the collector says at the moment, for what is stale now.

    Raises
    ------
    NotPermitted, NotFound
        If the viewer may not read it, or there is no such tag.
    """
    mapping = mapping_of(lake, viewer, site)
    start = window.start_ms
    newest = watermark(lake, viewer, start)
    end = known_until(window, now_ms, newest)
    came = received(lake, viewer, start, end, tags)
    asked = _asked(mapping, came, tags)
    # What befell messages is told beyond the newest sample too: it may be why there is no newer.
    told = max(min(window.end_ms, now_ms + 1), end)
    events = befell(lake, viewer, start - LOOK_BACK_MS, told)
    dark = [event for event in events if event.kind in DARK and event.since_ms < end]
    gaps = {tag.tag: gaps_of(tag, dark) for tag in asked}
    wanted = [_wanted(tag, gaps[tag.tag]) for tag in asked]
    said = read_segments(lake, viewer, wanted, start, end, samples_too=False)
    frame = _Frame(start, end, told, now_ms, min(newest, end), _plan(mapping, start, end))
    values = {} if live is None else {value.tag: value for value in live.values}
    found = [
        _quality(
            tag,
            frame,
            came.get(tag.tag, Received()),
            _known(tag, said.of.get(tag.tag), gaps[tag.tag], frame),
            [event for event in events if event.concerns(tag)],
            values.get(tag.tag),
            unmapped=tag.tag not in mapping.tags,
        )
        for tag in asked
    ]
    return tuple(sorted(found, key=lambda one: 1.0 if one.coverage is None else one.coverage))


@dataclass(frozen=True, slots=True, eq=False)
class _Frame:
    """The window, cut at now; how far events are told; how far anything is known; the plan."""

    start: int
    end: int
    told: int
    now: int
    horizon: int
    plan: Plan | None


def _asked(site: Site, came: Mapping[str, Received], tags: Sequence[str] | None) -> list[Tag]:
    """Return the tags that are asked for; one that the mapping does not know has but a name."""
    wanted = [*site.tags, *sorted(set(came) - set(site.tags))] if tags is None else list(tags)
    found = []
    for name in dict.fromkeys(wanted):
        known = site.tags.get(name)
        if known is None and name not in came:
            raise NotFound(
                "there is no tag {tag} with samples in this time; ballast plant tags lists those "
                "there are",
                tag=name,
            )
        found.append(known or Tag(name, "", Label(name, name), "", COUNT))
    return found


def _wanted(tag: Tag, gaps: Sequence[tuple[int, int]]) -> Wanted:
    edges = np.unique(np.array([edge for gap in gaps for edge in gap], dtype=np.int64))
    every = None if tag.every_s is None else round(tag.every_s * 1000)
    return Wanted(tag.tag, edges, alike=False, every_ms=every)


def _plan(site: Site, start: int, end: int) -> Plan | None:
    return Plan.of_shifts(site.shift_intervals(start, end)) if site.shifts else None


def _known(
    tag: Tag, said: Segments | None, gaps: Sequence[tuple[int, int]], frame: _Frame
) -> Spans:
    """Return when the value of a tag was known (state 0) in the window."""
    layers = []
    if said is not None:
        nothing = np.zeros(len(said), dtype=np.int32)
        runs = Runs(said.first_at, said.last_at, nothing, nothing)
        hold = None if tag.every_s is None else round(HOLD_EVERY * tag.every_s * 1000)
        layers.append(held(runs, gaps, horizon_ms=frame.horizon, hold_ms=hold))
    return laid(frame.start, frame.end, layers, None)


def _quality(
    tag: Tag,
    frame: _Frame,
    came: Received,
    known: Spans,
    events: Sequence[Befell],
    value: LastValue | None,
    *,
    unmapped: bool,
) -> TagQuality:
    plan = frame.plan or Plan.of([(frame.start, frame.end)])
    whole = tuple(
        (max(a, frame.start), min(b, frame.end))
        for a, b in zip(plan.start.tolist(), plan.end.tolist(), strict=True)
        if a < frame.end and b > frame.start
    )
    planned = sum(b - a for a, b in whole) / 1000.0
    there = seconds_where(known, known.state != UNKNOWN, whole)
    gaps = _gaps(known, whole, events, frame)
    within = [event for event in events if frame.start <= event.since_ms < frame.told]
    counts = {
        kind: sum(event.count for event in within if event.kind is kind and _of(event, tag))
        for kind in EventKind
    }
    stale = _stale_since(tag, value, gaps, frame)
    return TagQuality(
        tag=tag.tag,
        asset=tag.asset,
        name=tag.name,
        expected=None
        if not tag.every_s
        else int(Decimal(str(planned)) / Decimal(str(tag.every_s))),
        received=came.count,
        coverage=there / planned if planned else None,
        gaps=tuple(gaps[:GAPS]),
        gap_count=len(gaps),
        late=came.late,
        ahead=counts[EventKind.AHEAD],
        historical=came.historical,
        duplicates=counts[EventKind.DUPLICATE],
        conflicts=counts[EventKind.CONFLICT],
        not_numbers=came.not_numbers,
        bad=came.bad,
        unreadable=counts[EventKind.UNREADABLE],
        clashes=counts[EventKind.ALIAS_CLASH],
        last_ms=value.time if value is not None else came.last_ms,
        stale_since_ms=stale,
        unmapped=unmapped,
        clock_offset_s=came.offset_s,
        notes=_notes(tag, came, planned, counts[EventKind.ALIAS_CLASH]),
    )


def _of(event: Befell, tag: Tag) -> bool:
    """Return whether a count is of a tag itself, or of a message that carries it."""
    return event.tag == tag.tag or (event.tag is None and event.kind in _OF_MESSAGES)


def _gaps(
    known: Spans,
    planned: Sequence[tuple[int, int]],
    events: Sequence[Befell],
    frame: _Frame,
) -> list[Gap]:
    """Return the planned stretches in which nothing was known, the longest first."""
    found = []
    unknown = np.flatnonzero(known.state == UNKNOWN)
    for start, end in zip(known.start[unknown].tolist(), known.end[unknown].tolist(), strict=True):
        inside = [(max(start, a), min(end, b)) for a, b in planned if a < end and b > start]
        for since, until in inside:
            event = _behind(events, start, until)
            lasts = until == end == frame.end and frame.now - frame.end <= ON_THE_WAY_MS
            found.append(
                Gap(
                    since,
                    None if lasts else until,
                    Sentence("nothing came, and the collector noted no reason")
                    if event is None
                    else _WHY[event.kind],
                    "" if event is None else event.kind.value,
                )
            )
    return sorted(found, key=lambda gap: gap.since_ms - (gap.until_ms or frame.end))


_WHY = {
    EventKind.GAP: Sentence("messages of its source are missing"),
    EventKind.STALE: Sentence("its source went offline"),
    EventKind.BROKER_LOST: Sentence("the connection to the broker was lost"),
    EventKind.BROKER_BACK: Sentence("the connection to the broker was lost"),
    EventKind.SPOOL_FULL: Sentence("the disk of the collector was full"),
    EventKind.TORN_LOG: Sentence("the log of the collector was damaged"),
    EventKind.STOPPED: Sentence("the collector was stopped"),
    EventKind.STARTED: Sentence("the collector had been killed, or its machine had stopped"),
}


def _behind(events: Sequence[Befell], start: int, end: int) -> Befell | None:
    """Return the event that explains a gap: one that goes on in it, or began just before it."""
    dark = [event for event in events if event.kind in DARK and event.since_ms <= start + _NEAR_MS]
    over = [event for event in dark if start < (event.until_ms or 0) and event.since_ms < end]
    near = [event for event in dark if event.since_ms >= start - _NEAR_MS]
    return over[-1] if over else (near[-1] if near else None)


def _stale_since(
    tag: Tag, value: LastValue | None, gaps: Sequence[Gap], frame: _Frame
) -> int | None:
    """Return since when a tag is stale now: as the collector says, or as nothing comes."""
    if value is not None:
        if value.stale_since is not None:
            return value.stale_since
        if tag.every_s is not None:
            due = value.received_at + round(HOLD_EVERY * tag.every_s * 1000)
            return due if due < frame.now else None
        return None
    lasting = [gap.since_ms for gap in gaps if gap.until_ms is None]
    return min(lasting) if lasting else None


def _notes(tag: Tag, came: Received, planned: float, clashes: int) -> tuple[Sentence, ...]:
    notes = []
    if clashes:
        notes.append(
            Sentence(
                "in {count} births of its source metrics share a name or an alias; their data "
                "cannot be told apart and are left out",
                {"count": clashes},
            )
        )
    if came.offset_s is not None and abs(came.offset_s) > _CLOCK_OFF_S:
        notes.append(
            Sentence(
                "its samples arrive {seconds} s after the time they carry: a clock is off, or "
                "the way is slow",
                {"seconds": round(came.offset_s)},
            )
        )
    if not planned:
        notes.append(Sentence("no time was planned in this window"))
    if tag.every_s is None:
        notes.append(
            Sentence("it tells changes only: a silence is no gap unless its source was lost")
        )
    return tuple(notes)
