"""A shop in the home of a portal: the mapping's example, eight hours of samples, live values.

The samples are written as the shipper leaves them, the live picture as the collector writes it;
nothing of the plant stands in for anything else.
"""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from tests.plant.reports import plant_lake

from ballast.lake.lake import Lake
from ballast.plant.site import Site, read_site
from ballast.plant.site.example import EXAMPLE
from ballast.plant.spool.live import CollectorStatus, LastValue, Live, write_live

MAPPING = EXAMPLE
USCC = "91371500MA0000000X"
LATHE = "valve-shop/machining/lathe-1"
BATCH = "88.118.8/B-20260601.1"
MINUTE = 60_000
HOUR = 60 * MINUTE
NOW = 1_780_300_800_000  # 2026-06-01 16:00 in the shop; the clock of the portal's tests stands so
OPENED = NOW - 8 * HOUR
BROKE, SET_UP, IDLE, DARK = (100, 130), (130, 140), (200, 230), (300, 330)
"""Minutes of the shift: broken, being set up, without an order, nothing heard."""


def site() -> Site:
    return read_site(MAPPING)


def state_at(minute: int) -> float:
    for value, (first, end) in ((3.0, BROKE), (2.0, SET_UP), (0.0, IDLE)):
        if first <= minute < end:
            return value
    return 1.0


def furnish(lake: Lake, *, live: bool = True) -> None:
    """Put the mapping, the samples and the live picture into a home."""
    folder: Path = lake.home.path / "plant"
    (folder / "spool").mkdir(parents=True)
    (folder / "site.toml").write_text(MAPPING, encoding="utf-8")
    heard = [m for m in range(480) if not DARK[0] <= m < DARK[1]]
    made, good, energy, series = 0, 0.0, 0.0, []
    for minute in range(480):
        if state_at(minute) == 1.0:
            made += 1
            good = float(made)
        energy += 0.2 if state_at(minute) == 1.0 else 0.05
        series.append((good, energy))
    bore = {
        # The last thirty pieces of the day are off: a tool wears.
        m: 12.0 + 0.004 * math.sin(m * 1.7) + (0.015 if m > 440 else 0.0)
        for m in heard[::2]
    }
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(plant_lake, "USCC", USCC)
        plant_lake.tell(
            lake,
            {
                f"{LATHE}/state": [(OPENED + m * MINUTE, state_at(m)) for m in heard],
                f"{LATHE}/good": [(OPENED + m * MINUTE, series[m][0]) for m in heard],
                f"{LATHE}/scrap": [(OPENED + m * MINUTE, float(m // 100)) for m in heard],
                f"{LATHE}/energy": [(OPENED + m * MINUTE, series[m][1]) for m in heard],
                f"{LATHE}/spindle-load": [(OPENED + m * MINUTE, 40.0 + math.sin(m)) for m in heard],
                f"{LATHE}/bore": [(OPENED + m * MINUTE, value) for m, value in bore.items()],
            },
            provenance="synthetic",
        )
        plant_lake.befall(
            lake,
            {
                "at": OPENED + DARK[1] * MINUTE, "kind": "gap", "source": "valve-shop/machining",
                "since": OPENED + DARK[0] * MINUTE, "until": OPENED + DARK[1] * MINUTE,
            },
        )  # fmt: skip
        plant_lake.enter(
            lake, "production",
            {
                "asset": LATHE, "start": OPENED, "end": NOW, "order": "GD-1", "product": "JZF-10",
                "batch_handle": BATCH, "produced": float(made), "good": float(made),
            },
        )  # fmt: skip
    if live:
        tell_live(lake, NOW)


def tell_live(lake: Lake, at: int, state: float = 1.0, *, stale: bool = False) -> None:
    """Write the live picture as it would stand at a moment."""
    values = tuple(
        LastValue(
            f"{LATHE}/{name}", at - 400, at - 300, value, None, 500 if stale else 192,
            at - 90_000 if stale else None,
        )
        for name, value in (("state", state), ("spindle-load", 41.5), ("bore", 12.03))
    )  # fmt: skip
    status = CollectorStatus("mqtt://127.0.0.1:1883", at - HOUR, 4.0, 12.0, 0, 7)
    write_live(lake.home.path / "plant" / "spool", Live(at, status, values))
