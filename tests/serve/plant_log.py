"""A home with a log of a plant in it: samples that follow from their numbers, and events."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ballast.lake.lake import Lake
from ballast.plant.measures.rollup import MINUTE_MS, merge_parts, roll_up
from ballast.plant.spool.events import CollectEvent, EventKind
from ballast.plant.spool.samples import Flag, Samples
from ballast.plant.spool.spool import Spool
from ballast.terms.viewer import operator

BEGUN = 1_780_000_020_000  # a whole minute
TAGS = ("shop/lathe-1/count", "shop/lathe-1/load", "shop/脉冲/温度")
ME = operator("test")


def samples_of(first: int, count: int) -> Samples:
    """Return samples by their numbers: three tags in turn, one sample of each a second."""
    number = np.arange(first, first + count)
    text = [f"text {n}" if n % 50 == 7 else None for n in number]
    value = np.where(number % 40 == 0, np.nan, (number % 997).astype(float))
    return Samples.of(
        number % len(TAGS),
        BEGUN + number // len(TAGS) * 1000,
        np.where([one is not None for one in text], np.nan, value),
        received_at=BEGUN + number // len(TAGS) * 1000 + 30,
        text=text,
        null=number % 80 == 1,
        quality=np.where(number % 90 == 2, 0, 192),
        flags=np.where(number % 60 == 3, Flag.LATE | Flag.UNMAPPED, 0),
    )


def written(home: Path, *, upto: int, events: int = 5, commits: int = 3) -> Path:
    """Add samples and events to the log of a home up to these numbers, making both where need be.

    Returns
    -------
    Path
        The home.
    """
    Lake.create(home)
    with Spool.open(home / "plant" / "spool") as spool:
        for tag in TAGS:
            spool.number(tag)
        begin = spool.position.sample + 1
        for bounds in np.array_split(np.arange(begin, upto), commits):
            if len(bounds):
                spool.put(samples_of(int(bounds[0]), len(bounds)))
                spool.commit()
        for n in range(spool.position.event + 1, events):
            spool.put_event(event_of(n))
        spool.commit()
    return home


def event_of(n: int) -> CollectEvent:
    return CollectEvent(
        at=BEGUN + n, kind=list(EventKind)[n % len(EventKind)], source=f"node-{n}",
        tag=TAGS[0] if n % 2 else None, since=BEGUN, until=None if n % 3 else BEGUN + 5,
        count=n + 1, detail="" if n % 2 else "说明",
    )  # fmt: skip


def all_once(lake: Lake, upto: int, events: int) -> bool:
    """Return whether the lake holds exactly these samples, roll-ups that agree, and the events."""
    rows = lake.read("telemetry", ME).to_pyarrow().to_pylist()
    want = samples_of(0, upto)
    expected = {
        (TAGS[want.tag[n]], int(want.time[n])): (
            None
            if want.null[n] or (want.text is not None and want.text[n] is not None)
            else float(want.value[n]),
            None if want.text is None else want.text[n],
            int(want.quality[n]),
            bool(want.flags[n] & Flag.LATE),
        )
        for n in range(upto)
    }
    found = {
        (row["tag"], round(row["time"].timestamp() * 1000)): (
            row["value"], row["text"], row["quality"], row["late"],
        )
        for row in rows
    }  # fmt: skip
    told = [event["seq"] for event in lake.read("telemetry_event", ME).to_pyarrow().to_pylist()]
    return (
        len(rows) == upto
        and {k: repr(v) for k, v in found.items()} == {k: repr(v) for k, v in expected.items()}
        and sorted(told) == list(range(events))
        and _minutes(lake) == _minutes_of(want)
    )


def _minutes(lake: Lake) -> dict[tuple[str, int], tuple[int, float]]:
    counts: dict[tuple[str, int], tuple[int, float]] = {}
    for row in lake.read("telemetry_1min", ME).to_pyarrow().to_pylist():
        key = (row["tag"], round(row["time"].timestamp() * 1000))
        count, total = counts.get(key, (0, 0.0))
        counts[key] = (count + row["count"], total + (row["sum"] or 0.0))
    return counts


def _minutes_of(samples: Samples) -> dict[tuple[str, int], tuple[int, float]]:
    value: Any = np.where(samples.null, np.nan, samples.value)
    whole = merge_parts(roll_up(samples.tag, samples.time, value, MINUTE_MS)).rollup
    return {
        (TAGS[tag], window): (count, total)
        for tag, window, count, total in zip(
            whole.tag.tolist(), whole.window.tolist(), whole.count.tolist(), whole.sum.tolist(),
            strict=True,
        )
    }  # fmt: skip
