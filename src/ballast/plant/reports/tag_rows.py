"""Samples of several tags of the lake as rows on one clock: what a detector can look at.

Tags speak at their own steps and moments, a detector looks at rows. The rows
here know nothing of what came after them, as a stream would not: each holds
the last value of every tag, and none where a tag has gone silent. Averages
over a step would be smoother and would mix what came before a fault with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

import numpy as np
import numpy.typing as npt
import polars as pl

from ballast.errors import Refused
from ballast.lake.lake import Lake
from ballast.plant.collect.recording import Recording
from ballast.plant.measures.ratios import Floats
from ballast.plant.reports.window import Window, from_ms
from ballast.plant.spool.samples import GOOD
from ballast.terms.viewer import Viewer
from ballast.words import Sentence

__all__ = ["tags_as_recording"]

_MOST_CELLS = 50_000_000
# A tag that has said nothing for so many of its usual steps is not known any more.
_STALE_STEPS = 10


def tags_as_recording(lake: Lake, viewer: Viewer, tags: Sequence[str], window: Window) -> Recording:
    """Return samples of tags as rows on one clock.

    Parameters
    ----------
    lake, viewer
        Whose samples, and who asks.
    tags
        Each once.
    window
        Of which time.

    Returns
    -------
    Recording
        A row for each step of the slowest tag (its median step): the last value
        of every tag at that moment, missing where it is older than ten of its
        own steps. A row knows nothing of what came after it.

    Raises
    ------
    NotPermitted
        If the viewer may not read samples.
    Refused
        If a tag is named twice or has fewer than two samples in the window.
    """
    names = tuple(tags)
    if not names or len(set(names)) < len(names):
        raise Refused("name the tags to be judged, each once")
    samples = [_samples(lake, viewer, name, window) for name in names]
    steps = []
    for name, (moments, _) in zip(names, samples, strict=True):
        if len(moments) < 2:
            raise Refused(
                "{tag}: there are {count} samples from {start} to {end}; "
                "`ballast plant tags` lists the tags there are",
                tag=name,
                count=len(moments),
                start=window.start.isoformat(),
                end=window.end.isoformat(),
            )
        steps.append(max(1, int(np.median(np.diff(moments)))))
    step = max(steps)
    first = max(int(moments[0]) for moments, _ in samples)
    last = max(int(moments[-1]) for moments, _ in samples)
    if max(0, last - first) // step * len(names) > _MOST_CELLS:
        raise Refused(
            "{tags} tags from {start} to {end} are too many rows at once; ask for a shorter time",
            tags=len(names),
            start=from_ms(first, window.zone).isoformat(),
            end=from_ms(last, window.zone).isoformat(),
        )
    times = np.arange(first, last + 1, step, dtype=np.int64)
    columns = [
        _held(times, moments, values, _STALE_STEPS * own)
        for (moments, values), own in zip(samples, steps, strict=True)
    ]
    notes = (
        Sentence("one row every {seconds} s: the last value of each tag", {"seconds": step / 1000}),
    )
    return Recording(_name(names), names, times, np.column_stack(columns), None, notes)


def _name(tags: Sequence[str]) -> str:
    """Return what tags are called together: a tag alone by its own name, others by their asset."""
    parts = [tag.split("/") for tag in tags]
    steps = zip(*parts, strict=False)
    shared = [step[0] for step in takewhile(lambda step: len(set(step)) == 1, steps)]
    return "/".join(shared) or f"{tags[0]} …"


def _held(
    times: npt.NDArray[np.int64],
    moments: npt.NDArray[np.int64],
    values: Floats,
    stale: int,
) -> Floats:
    """Return the last value at each time, nan where it is older than ``stale`` ms."""
    place = np.searchsorted(moments, times, side="right") - 1
    there = place >= 0
    found = np.where(there, values[np.maximum(place, 0)], np.nan)
    age = times - moments[np.maximum(place, 0)]
    return np.where(there & (age <= stale), found, np.nan)


def _samples(
    lake: Lake, viewer: Viewer, tag: str, window: Window
) -> tuple[npt.NDArray[np.int64], Floats]:
    """Return the moments and numbers of one tag in order, of each moment the last.

    What its source does not vouch for is missing.
    """
    rows = lake.read("telemetry", viewer)
    rows = rows.filter(
        (rows.tag == tag) & (rows.time >= window.start) & (rows.time < window.end)
    ).order_by(["time", "ordinal"])
    found = rows.select("time", "value", "quality").to_polars()
    moments = found["time"].dt.epoch("ms").to_numpy().astype(np.int64)
    numbers = found["value"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    numbers = np.where((found["quality"] == GOOD).to_numpy(), numbers, np.nan)
    kept = np.append(np.diff(moments) > 0, True)[: len(moments)]
    return moments[kept], numbers[kept]
