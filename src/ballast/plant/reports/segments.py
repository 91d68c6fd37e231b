"""What tags said in a window, as coarsely as the question allows.

Raw samples of a day from a hundred machines are tens of millions of rows; the
question needs few of them. A tag is read by the hour first; only hours that
cannot be taken whole (a state changed in them, a shift begins in them) are
read by the minute, and only such minutes sample by sample. The answer is the
same as from the samples alone, and a test says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC

import numpy as np
import numpy.typing as npt

from ballast.lake.lake import Lake
from ballast.plant.reports.parts import (
    Ask,
    Flags,
    Integers,
    Parts,
    Segments,
    joined,
    ms_of,
    windows_of,
)
from ballast.plant.reports.window import from_ms
from ballast.terms.viewer import Viewer

__all__ = ["HOLD_EVERY", "LOOK_BACK_MS", "Said", "Wanted", "read_segments", "watermark"]

HOUR_MS, MINUTE_MS = 3_600_000, 60_000
_AHEAD_MS = 401 * 24 * HOUR_MS  # no window is longer
LOOK_BACK_MS = 7 * 24 * HOUR_MS
"""So far before a window a value that still holds is looked for."""
HOLD_EVERY = 3
"""A tag that promised a value every so often is believed for so many times as long."""


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """What is asked of a tag.

    Parameters
    ----------
    tag
        Which.
    edges
        Moments in order, epoch ms UTC, at which a segment must not be taken whole.
    alike
        Whether only a segment of one value may be taken whole: a state. Else a counter: what it
        rose by inside a segment is enough.
    every_ms
        How often a value is expected; a segment in which two in a row are missing is not taken
        whole.
    """

    tag: str
    edges: Integers
    alike: bool
    every_ms: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """What was read.

    Parameters
    ----------
    of
        By tag; a tag that said nothing is not there.
    synthetic
        Whether any of it is.
    samples
        How many raw samples had to be read.
    """

    of: Mapping[str, Segments]
    synthetic: bool
    samples: int


def watermark(lake: Lake, viewer: Viewer, start_ms: int) -> int:
    """Return the moment of the newest sample of any tag from a moment on, or that moment.

    Beyond it nothing is known, for the shipper or the collector may lag behind.
    """
    since, end = from_ms(start_ms - HOUR_MS, UTC), from_ms(start_ms + _AHEAD_MS, UTC)
    parts = lake.read("telemetry_1h", viewer, within=(since, end))
    texts = parts["count"].sum() > parts.finite.sum()
    found = parts.aggregate(last=parts.last_at.max(), hour=parts.time.max(), texts=texts)
    newest = found.to_pyarrow()
    known = [start_ms, int(ms_of(newest["last"])[0]), hour := int(ms_of(newest["hour"])[0])]
    if newest["texts"][0].as_py():
        # A part of texts alone does not tell the moment of its last sample, but its minute does.
        stretch = from_ms(hour, UTC), from_ms(hour + HOUR_MS, UTC)
        minutes = lake.read("telemetry_1min", viewer, within=stretch)
        latest = minutes.aggregate(minute=minutes.time.max()).to_pyarrow()
        known.append(int(ms_of(latest["minute"])[0]))
    return max(known)


def read_segments(
    lake: Lake,
    viewer: Viewer,
    wanted: Sequence[Wanted],
    start_ms: int,
    end_ms: int,
    *,
    samples_too: bool = True,
) -> Said:
    """Return what tags said in a window, and the last thing each said before it.

    Parameters
    ----------
    lake, viewer
        Whose samples, and who asks.
    wanted
        Which tags, and how exactly; each tag once.
    start_ms, end_ms
        From when, until when, epoch ms UTC.
    samples_too
        Whether minutes that cannot be taken whole are read sample by sample; else their parts are
        kept as they are: enough for what is asked to the minute.

    Notes
    -----
    A part of a roll-up is taken as one segment where no edge lies in it, all its samples are
    good numbers, it is alike where that is wanted, no two expected samples in a row are missing,
    and no other part of the same window overlaps it in time (a late sample makes such a part).
    Otherwise its window is read more finely. Where the finer rows are gone (retention), the part
    is kept: its two ends are told, what lay between is not.

    Raises
    ------
    NotPermitted
        If the viewer may not read samples.
    """
    asked = {one.tag: one for one in wanted}
    if not asked:
        return Said({}, synthetic=False, samples=0)
    ordered = [asked[name] for name in sorted(asked)]
    ask = Ask(lake, viewer, tuple(sorted(asked)))
    base = start_ms - start_ms % HOUR_MS
    before, doubtful = _before(ask, base)
    hours = ask.parts("telemetry_1h", base, end_ms, HOUR_MS)
    opened = _unclear(hours, ordered, HOUR_MS)
    minutes = ask.parts(
        "telemetry_1min", base, end_ms, MINUTE_MS,
        within=np.unique(hours.window[opened]), within_ms=HOUR_MS,
    )  # fmt: skip
    unclear = _unclear(minutes, ordered, MINUTE_MS)
    if not samples_too:
        unclear, doubtful = unclear & False, doubtful[:0]
    close = np.concatenate([np.unique(minutes.window[unclear]), _minutes(doubtful)])
    samples = ask.samples(end_ms, close, MINUTE_MS)
    fine, finest = minutes.segments, samples
    whole = joined(
        [
            before,
            hours.segments[np.flatnonzero(~opened)],
            hours.gone(opened, windows_of(fine.tag, fine.first_at, HOUR_MS)),
            fine[np.flatnonzero(~unclear)],
            minutes.gone(unclear, windows_of(finest.tag, finest.first_at, MINUTE_MS)),
            finest,
        ]
    )
    edges = np.searchsorted(whole.tag, np.arange(len(ask.names) + 1)).tolist()
    of = {
        name: whole[first:final]
        for name, first, final in zip(ask.names, edges[:-1], edges[1:], strict=True)
        if final > first
    }
    return Said(of, hours.synthetic or minutes.synthetic, len(samples))


def _unclear(parts: Parts, wanted: Sequence[Wanted], length_ms: int) -> Flags:
    """Return which parts lie in windows that must be read more finely."""
    unclear, of = ~parts.clean, parts.segments
    bounds = np.searchsorted(of.tag, np.arange(len(wanted) + 1)).tolist()
    for one, first, final in zip(wanted, bounds[:-1], bounds[1:], strict=True):
        at = slice(first, final)
        begins, ends = of.first_at[at], of.last_at[at]
        # An edge at the first sample divides nothing for a counter, whose rise is told there.
        past = (
            np.searchsorted(one.edges, begins, side="left")
            if one.alike
            else np.searchsorted(one.edges, begins, side="right")
        )
        unclear[at] |= np.searchsorted(one.edges, ends, side="right") > past
        if one.alike:
            unclear[at] |= ~parts.alike[at]
        else:  # of parts that lay across each other no merge tells the rise
            unclear[at] |= np.isnan(of.rise[at])
        if one.every_ms is not None and HOLD_EVERY * one.every_ms < length_ms:
            missing = (ends - begins) / one.every_ms + 1.0 - parts.count[at]
            unclear[at] |= missing > 1.5
    if not len(unclear):
        return unclear
    same = parts.window[1:] == parts.window[:-1]
    unclear[1:] |= same & (of.first_at[1:] <= of.last_at[:-1])
    # One unclear part makes its whole window unclear.
    fresh = np.concatenate(([True], ~same))
    whole = np.logical_or.reduceat(unclear, np.flatnonzero(fresh))
    return np.asarray(whole[np.cumsum(fresh) - 1], dtype=np.bool_)


def _minutes(hours: Integers) -> Integers:
    """Return the minutes of hours, as `windows_of` numbers both."""
    many = HOUR_MS // MINUTE_MS
    tag, hour = np.divmod(hours, 1 << 40)
    every: npt.NDArray[np.int64] = (tag * (1 << 40) + hour * many)[:, None] + np.arange(many)
    return every.reshape(-1)


def _before(ask: Ask, base_ms: int) -> tuple[Segments, Integers]:
    """Return the last thing each tag said before an hour, and hours that must be looked into."""
    found = ask.parts("telemetry_1h", base_ms - LOOK_BACK_MS, base_ms, HOUR_MS, newest=True)
    doubtful = np.unique(found.window[~found.clean])
    clear = found.segments[np.flatnonzero(~np.isin(found.window, doubtful))]
    # The last of each tag; an earlier part of the same hour may end later.
    order = np.lexsort((clear.last_at, clear.tag))
    final = order[np.searchsorted(clear.tag[order], np.unique(clear.tag), side="right") - 1]
    last = clear[final]
    single = Segments(
        last.tag, last.last_at, last.last_at, last.last, last.last,
        np.zeros(len(last)), last.told, last.text,
    )  # fmt: skip
    return single, doubtful
